"""``python -m tests.benchmarks.answers_table`` measures the commands that answer questions, beside DVC where it answers them too.

It takes a minute or two, and needs what the tests install (`bash tests/run.sh`).
"""

from __future__ import annotations

import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.benchmarks.generate import Size, generate_registry
from tests.support.dvc import dvc_environment
from tests.support.environment import isolated_environment

SIZE: Final = Size(100, 10_000, entries=100, facts=True)
RUNS: Final = 5
_GITREG: Final = (sys.executable, "-m", "gitreg")
_MEGABYTE: Final = 1_000_000


class Bench:
    """A registry of 10,000 tags whose versions have metrics, parameters, pipelines and packages."""

    def __init__(self, folder: Path) -> None:
        """Make it."""
        self.folder = folder
        self.repository = generate_registry(folder / "registry", SIZE)
        self.cache = folder / "cache"
        self.env = {
            **isolated_environment(folder / "home"),
            **dvc_environment(folder / "home"),
            "GITREG_CACHE_DIR": str(self.cache),
            "PYTHONPATH": str(Path.cwd()),
            "GITREG_NOW": str(self.repository.now),
        }

    def time(self, *command: str, cold: bool = False, runs: int = RUNS) -> float:
        """Take the median time of a command; the first run does not count unless the cache is to be cold each time."""
        times = []
        for _ in range(runs + 1):
            if cold:
                subprocess.run(["rm", "-rf", str(self.cache)], check=True)
            times.append(self.run(*command))
        return statistics.median(times[1:])

    def run(self, *command: str) -> float:
        """Run gitreg once; it may find nothing."""
        start = time.perf_counter()
        completed = subprocess.run([*_GITREG, *command], cwd=self.repository.path, env=self.env, capture_output=True, check=False)
        seconds = time.perf_counter() - start
        if completed.returncode not in {0, 1}:
            raise AssertionError(f"{' '.join(command)} ended with {completed.returncode}: {completed.stderr.decode()}")
        return seconds


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="gitreg-answers-") as name:
        bench = Bench(Path(name))
        print("| what | gitreg | beside it | bar |")
        print("|---|---|---|---|")
        for rows in (_measure_questions, _measure_search, _measure_inspect):
            for row in rows(bench):
                print(row, flush=True)


def _measure_questions(bench: Bench) -> Iterator[str]:
    """``trace`` and ``compare`` of versions."""
    versions = bench.repository.git("tag", "--list", "model-7@v*", "--sort=v:refname").splitlines()
    commands: list[tuple[Sequence[str], str]] = [(("trace", versions[-1]), "0.4 s"), (("compare", *versions[-2:]), "0.5 s")]
    for command, bar in commands:
        yield f"| `{command[0]}`, 10,000 tags | {bench.time(*command):.2f} s | {_time_dvc(bench, command[0], versions)} | {bar} |"


def _time_dvc(bench: Bench, verb: str, versions: Sequence[str]) -> str:
    """Ask DVC what `compare` answers a part of."""
    if verb != "compare":
        return ""
    start = time.perf_counter()
    env = {**bench.repository.env, **dvc_environment(bench.repository.path.parent / "home")}
    command = [sys.executable, "-m", "dvc", "metrics", "diff", "--json", *versions[-2:]]  # with its start, as a person has it
    subprocess.run(command, cwd=bench.repository.path, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return f"`dvc metrics diff` alone: {time.perf_counter() - start:.2f} s"


def _measure_search(bench: Bench) -> Iterator[str]:
    """What reads the facts of all versions, with and without what is kept of them."""
    for query, bar in (("metric.auc>0.8", "3 s / 0.6 s"), ("metric.auc>0.8 param.lr<1 package:numpy<2", "3 s / 0.6 s")):
        cold, warm = bench.time("search", query, "--history", cold=True, runs=3), bench.time("search", query, "--history")
        yield f"| `search '{query}' --history`, {SIZE.commits:,} versions, cold / warm | {cold:.2f} / {warm:.2f} s | | {bar} |"


def _measure_inspect(bench: Bench) -> Iterator[str]:
    """A file of 400 MB, of which only the header is read."""
    ends = [number * _MEGABYTE for number in range(401)]
    tensors = {
        f"layer-{end}": {"dtype": "F32", "shape": [250_000], "data_offsets": [start, end]} for start, end in pairwise(ends)
    }
    header = json.dumps(tensors).encode()
    path = bench.folder / "model.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for _ in range(400):
            file.write(os.urandom(_MEGABYTE))
    seconds = bench.time("inspect", str(path))
    command = [sys.executable, "-c", _PEAK, *_GITREG, "inspect", str(path)]
    measured = subprocess.run(command, env=bench.env, capture_output=True, text=True, check=True)
    yield f"| `inspect` of 400 MB of safetensors | {seconds:.2f} s, {int(measured.stdout.split()[-1]) / 1000:.0f} MB | | 0.2 s, 60 MB |"


_PEAK: Final = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


if __name__ == "__main__":
    main()
