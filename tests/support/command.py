"""The real command, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gitreg
from tests.support.environment import isolated_environment
from tests.support.repository import Repository

_PACKAGE_PARENT: Final = str(Path(gitreg.__file__).parent.parent)  # the process runs the gitreg that the tests import


@dataclass(frozen=True, slots=True)
class Result:
    """What a person sees of one run."""

    stdout: str
    stderr: str
    code: int


@dataclass(frozen=True, slots=True)
class GitregCommand:
    """The command in one repository, at that repository's time."""

    repository: Repository

    def __call__(
        self, *args: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, input: str | bytes | None = None
    ) -> Result:
        """Run ``gitreg`` with arguments, in the root of the repository if no other folder is given."""
        environment = {**self.repository.env, "GITREG_NOW": str(self.repository.now), **(env or {})}
        return run_gitreg(*args, cwd=cwd or self.repository.path, env=environment, input=input)


def run_gitreg(*args: str, cwd: Path, env: Mapping[str, str] | None = None, input: str | bytes | None = None) -> Result:
    """Run ``gitreg`` with arguments.

    Args:
        args: what stands behind ``gitreg``.
        cwd: the folder that it runs in.
        env: the whole environment; if none is given, an isolated one.
        input: what it reads on its standard input.
    """
    environment = isolated_environment(cwd.parent / "home") if env is None else env
    completed = subprocess.run(
        [sys.executable, "-m", "gitreg", *args],
        cwd=cwd,
        env={"PYTHONPATH": _PACKAGE_PARENT, "COLUMNS": "80", "TERM": "dumb", **environment},
        input=input.encode() if isinstance(input, str) else input or b"",
        capture_output=True,
        check=False,
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)
