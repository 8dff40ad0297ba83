"""Measuring whole processes: their time from start to end, and the most memory that one of them took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import gitreg
from tests.benchmarks.generate import Size, generate_registry
from tests.support.repository import Repository

Arguments: TypeAlias = Callable[[int], Sequence[str]]  # of the run of this number: what is written can be written only once

RUNS: Final = 5

_PACKAGE_PARENT: Final = str(Path(gitreg.__file__).parent.parent)
_KIBIBYTE: Final = 1 if sys.platform == "darwin" else 1024  # what `ru_maxrss` counts in
_ALL_FIELDS: Final = (
    "%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objectname)%00"
    "%(taggername)%00%(taggeremail)%00%(taggerdate:iso-strict)%00%(contents)"
)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, and the size of the registry that it runs in."""

    name: str
    size: Size
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of the times in seconds, and the most memory in megabytes."""

    seconds: float
    megabytes: float


def gitreg_command(name: str, size: Size, arguments: Arguments) -> Command:
    """Make the command ``gitreg`` with arguments."""
    return Command(f"gitreg {name}", size, lambda run: (sys.executable, "-m", "gitreg", *arguments(run)))


def for_each_ref(size: Size) -> Command:
    """Make the yardstick: git itself reads all tags with all fields."""
    return Command("git for-each-ref", size, lambda _: ("git", "for-each-ref", f"--format={_ALL_FIELDS}", "refs/tags"))


class Registries:
    """Registries of any size, each made once, and what was measured in them.

    Args:
        folder: where they are made.
    """

    def __init__(self, folder: Path) -> None:
        """Begin with none."""
        self._folder = folder
        self._made: dict[Size, Repository] = {}
        self._measured: dict[tuple[str, Size], Measured] = {}

    def of(self, size: Size) -> Repository:
        """Make a registry, or take the one of this size that was made before."""
        if size not in self._made:
            self._made[size] = generate_registry(
                self._folder / f"{size.tags}-{size.artifacts}-{size.entries}-{size.pointers}-{size.facts}", size
            )
        return self._made[size]

    def measure(self, command: Command) -> Measured:
        """Say what a command takes; it is run if nobody asked before."""
        if (command.name, command.size) not in self._measured:
            self.measure_together([command])
        return self._measured[command.name, command.size]

    def measure_together(self, commands: Iterable[Command], runs: int = RUNS) -> None:
        """Run commands in turn, so that what else the machine does hits them all alike."""
        chosen = {(command.name, command.size): command for command in commands}
        results: dict[tuple[str, Size], list[Measured]] = {key: [] for key in chosen}
        for run in range(runs + 1):
            for key, command in chosen.items():
                results[key].append(run_once(command, self.of(command.size), run))
        for key, command in chosen.items():
            self.record(command, results[key])

    def record(self, command: Command, results: Sequence[Measured]) -> Measured:
        """Take what runs of a command took; the first one, which warms the caches, does not count."""
        counted = results[1:] or results
        seconds = statistics.median(result.seconds for result in counted)
        measured = Measured(seconds, max(result.megabytes for result in counted))
        self._measured[command.name, command.size] = measured
        return measured


def run_once(command: Command, repository: Repository, run: int) -> Measured:
    """Run a command to its end."""
    environment = {"PYTHONPATH": _PACKAGE_PARENT, **repository.env, "GITREG_NOW": str(repository.now)}
    arguments = command.arguments(run)
    start = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=repository.path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise AssertionError(f"{' '.join(arguments)} ended with {process.returncode}")
    return Measured(seconds, usage.ru_maxrss * _KIBIBYTE / 1_000_000)
