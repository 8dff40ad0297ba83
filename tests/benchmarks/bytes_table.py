"""``python -m tests.benchmarks.bytes_table`` measures the commands that move bytes beside DVC, on real servers of this machine.

It takes some minutes, 8 GB of disk, and what the tests install (`bash tests/run.sh`).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.benchmarks.generate import Size, generate_registry
from tests.support.dvc import dvc_environment, put_object, set_up_dvc, track
from tests.support.environment import isolated_environment
from tests.support.repository import Repository
from tests.support.servers.git_http import run_git_http
from tests.support.servers.git_server import through_proxy
from tests.support.servers.proxy import Proxy, run_proxy
from tests.support.servers.rclone import run_rclone
from tests.support.servers.storage import StorageServer
from tests.support.servers.web import run_web

SIZE: Final = Size(100, 10_000, entries=100, pointers=True)
MEGABYTE: Final = 1_000_000
RUNS: Final = 5
_GITREG: Final = (sys.executable, "-m", "gitreg")
_DVC: Final = (sys.executable, "-m", "dvc")


@dataclass(slots=True)
class Bench:
    """A registry of 10,000 tags on a server, and one model of a megabyte in three stores.

    Attributes:
        folder: for everything.
        seen: a proxy before the git server, which counts what it sends.
    """

    folder: Path
    origin: Repository
    url: str
    seen: Proxy
    stores: dict[str, StorageServer]
    env: dict[str, str]
    runs: int = 0
    results: dict[str, float] = field(default_factory=dict)

    def fresh(self) -> Path:
        """Make an empty folder."""
        self.runs += 1
        place = self.folder / f"run-{self.runs}"
        place.mkdir()
        return place


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="gitreg-benchmarks-") as name, ExitStack() as stack:
        bench = _set_up(Path(name), stack)
        print("| what | gitreg | beside it | ratio or bytes | bar |")
        print("|---|---|---|---|---|")
        for measure in (_measure_get, _measure_show, _measure_history, _measure_large_get, _measure_add):
            for row in measure(bench):
                print(row, flush=True)


def _set_up(folder: Path, stack: ExitStack) -> Bench:
    """Start the servers, and put the registry and the model there."""
    env = isolated_environment(folder / "home")
    origin = generate_registry(folder / "origin", SIZE)
    s3 = stack.enter_context(run_rclone("s3", folder / "s3", env)).storage("models")
    web = stack.enter_context(run_web(folder / "web")).storage("models")
    server = stack.enter_context(run_git_http(folder / "git-http", folder / "git", env))
    content = os.urandom(MEGABYTE)
    set_up_dvc(origin, s3)
    track(origin, "served/model.bin", content)
    commit = origin.commit({"served/artifacts.yaml": "model:\n  path: model.bin\n  type: model\n"})
    origin.tick()
    origin.git("tag", "-a", "-m", "Registering", "served=model@v1.0.0", commit)
    origin.git("checkout", "--quiet", "main")
    (folder / "git").mkdir(exist_ok=True)
    server.host(origin, "registry").git("pack-refs", "--all")
    import hashlib

    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    stores = {"folder": folder / "store", "S3": s3.seen_folder, "HTTP": web.seen_folder}
    for place in stores.values():
        put_object(place, digest, content)
    seen = stack.enter_context(run_proxy(server.port or 0))
    credentials = {
        "AWS_ACCESS_KEY_ID": s3.local_options["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": s3.local_options["secret_access_key"],
    }
    environment = {**env, **dvc_environment(folder / "home"), **credentials, "PYTHONPATH": str(Path.cwd())}
    servers = {"S3": s3, "HTTP": web}
    return Bench(folder, origin, through_proxy(server, seen.port).url("registry"), seen, servers, environment)


def _measure_get(bench: Bench) -> Iterator[str]:
    """``get`` of one model, from a machine that has never seen the registry."""
    dvc = _time(bench, (*_DVC, "get", bench.url, "served/model.bin", "--rev", "served=model@v1.0.0", "-o", "model"), runs=2)
    selector = "served:model@v1.0.0"
    for name, remote in (
        ("S3", ()),
        ("HTTP", ("--remote", bench.stores["HTTP"].url)),
        ("folder", ("--remote", str(bench.folder / "store"))),
    ):
        bench.seen.forget()
        cold = _time(bench, (*_GITREG, "get", selector, "--repo", bench.url, *remote), cold=True)
        received = bench.seen.received / (RUNS + 1)
        warm = _time(bench, (*_GITREG, "get", selector, "--repo", bench.url, *remote))
        yield f"| `get` 1 MB, {name}, cold cache | {cold:.2f} s | `dvc get` {dvc:.2f} s | 1/{dvc / cold:.1f}; {received / 1000:.1f} kB from git | 1/8, 50 kB; folder and HTTP 1.0 s |"
        yield f"| the same, warm cache | {warm:.2f} s | | 1/{dvc / warm:.1f} | |"


def _measure_show(bench: Bench) -> Iterator[str]:
    """``show NAME --repo URL``, cold and warm."""
    for command in (("show", "model-7"), ("resolve", "model-7#prod"), ("show",)):
        bench.seen.forget()
        cold = _time(bench, (*_GITREG, *command, "--repo", bench.url), cold=True)
        received = bench.seen.received / (RUNS + 1)
        warm = _time(bench, (*_GITREG, *command, "--repo", bench.url))
        bar = "0.6 s / 0.35 s" if command == ("show", "model-7") else ""
        yield f"| `{' '.join(command)} --repo URL`, cold / warm | {cold:.2f} / {warm:.2f} s | | {received / 1000:.0f} kB from git when cold | {bar} |"


def _measure_history(bench: Bench) -> Iterator[str]:
    """What reads all versions: the keep set of ``gc``, and all pointers."""
    store = bench.folder / "empty-store"
    store.mkdir()
    clone = bench.origin.path
    keep = _time(bench, (*_GITREG, "gc", "--remote", str(store)), where=clone)
    yield f"| `gc`, dry run: keep set of {SIZE.tags:,} tags, {SIZE.commits:,} commits | {keep:.2f} s | | | 3 s |"
    program = (
        "import time\n"
        "from pathlib import Path\n"
        "from gitreg.git.repository import Repository\n"
        "from gitreg.operations.load_pointers import Place, load_pointers\n"
        "from gitreg.operations.load_tags import load_tags\n"
        "repository = Repository.open(Path())\n"
        "events = load_tags(repository).events\n"
        "places = [Place(event.artifact, event.commit) for event in events if event.stage is None]\n"
        "start = time.perf_counter()\n"
        "found = [located for _, located in load_pointers(repository.objects, places)]\n"
        "assert sum(located.pointer is not None and located.pointer.size is not None for located in found) >= 3500, len(found)\n"
        "print(time.perf_counter() - start)\n"
    )
    environment = {**bench.env, **bench.origin.env, "PYTHONPATH": str(Path.cwd())}
    times = [
        float(subprocess.run([sys.executable, "-c", program], cwd=clone, env=environment, check=True, capture_output=True).stdout)
        for _ in range(RUNS)
    ]
    yield f"| pointers of {SIZE.commits:,} versions | {statistics.median(times):.2f} s | | | 2 s |"


def _measure_large_get(bench: Bench) -> Iterator[str]:
    """``get`` of 1 GiB: from a folder beside ``cp`` and ``md5sum``, from S3 beside ``dvc pull``; three times in turn."""
    s3, store = bench.stores["S3"], bench.folder / "large-store"
    origin = Repository.create(bench.fresh() / "large")
    set_up_dvc(origin, s3)
    _write_large(origin.path)
    environment = {**bench.env, **origin.env, "PYTHONPATH": str(Path.cwd())}
    _run((*_GITREG, "add", "data", "--name", "data", "--commit"), origin.path, environment)
    _run((*_DVC, "push", "-q"), origin.path, environment)
    shutil.copytree(s3.seen_folder / "files", store / "files", dirs_exist_ok=True)
    (source,) = (place for place in (store / "files").rglob("*") if place.is_file() and place.stat().st_size > MEGABYTE)
    origin.git("tag", "-a", "-m", "Registering", "data@v1.0.0")
    shutil.rmtree(origin.path / ".dvc/cache")
    get = (*_GITREG, "get", "data@v1.0.0", "--repo", str(origin.path))
    copy = ("sh", "-c", f"cp '{source}' data && md5sum data")
    times: dict[str, list[float]] = {}
    for _ in range(3):
        for name, command in (
            ("folder", (*get, "--remote", str(store))),
            ("copy", copy),
            ("S3", get),
            ("pull", (*_DVC, "pull", "-q")),
        ):
            where = origin.clone(bench.fresh() / "clone").path if name == "pull" else bench.fresh()
            os.sync()
            times.setdefault(name, []).append(_run(command, where, environment))
            shutil.rmtree(where)
    ours = {name: statistics.median(taken) for name, taken in times.items()}
    ratio = ours["folder"] / ours["copy"]
    yield f"| `get` of 1 GiB from a folder | {ours['folder']:.2f} s | `cp` and `md5sum` {ours['copy']:.2f} s | {ratio:.2f} | 1.6 |"
    yield f"| the same, from S3 | {ours['S3']:.2f} s | `dvc pull` {ours['pull']:.2f} s | {ours['S3'] / ours['pull']:.2f} | 1 |"


def _write_large(folder: Path) -> None:
    """Write a file of 1 GiB."""
    with (folder / "data").open("wb") as file:
        for _ in range(64):
            file.write(os.urandom(16 << 20))


def _measure_add(bench: Bench) -> Iterator[str]:
    """``add`` beside ``dvc add``, each in a repository of its own, in turn."""

    def many(folder: Path) -> None:
        for number in range(5000):
            place = folder / "data" / f"part-{number % 10}" / f"{number}.bin"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(os.urandom(20_000))

    for name, make, bar in (("1 GiB", _write_large, "0.75"), ("5,000 files of 20 kB", many, "0.6")):
        ours, theirs = _add_in_turn(bench, make)
        yield f"| `add` of {name} | {ours:.2f} s | `dvc add` {theirs:.2f} s | {ours / theirs:.2f} | {bar} |"


def _add_in_turn(bench: Bench, make: Callable[[Path], None]) -> tuple[float, float]:
    """Add the same data with both programs, three times in turn."""
    times: dict[str, list[float]] = {"gitreg": [], "dvc": []}
    for _ in range(3):
        for name, command in (("gitreg", (*_GITREG, "add", "data", "--name", "data")), ("dvc", (*_DVC, "add", "-q", "data"))):
            folder = bench.fresh()
            repository = Repository.create(folder / "work")
            set_up_dvc(repository)
            make(repository.path)
            os.sync()
            times[name].append(_run(command, repository.path, {**bench.env, **repository.env, "PYTHONPATH": str(Path.cwd())}))
            shutil.rmtree(folder)
    return statistics.median(times["gitreg"]), statistics.median(times["dvc"])


def _time(bench: Bench, command: Sequence[str], *, cold: bool = False, where: Path | None = None, runs: int = RUNS) -> float:
    """Take the median time of a command, each time in an empty folder; the first run, which warms the disk, does not count."""
    times = []
    cache = bench.folder / "cache"
    for _ in range(runs + 1):
        if cold:
            shutil.rmtree(cache, ignore_errors=True)
        times.append(_run(command, where or bench.fresh(), {**bench.env, "GITREG_CACHE_DIR": str(cache)}))
    return statistics.median(times[1:])


def _run(command: Sequence[str], where: Path, env: dict[str, str]) -> float:
    """Run a command to its end."""
    start = time.perf_counter()
    completed = subprocess.run(command, cwd=where, env=env, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if completed.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {completed.returncode}: {completed.stderr.decode()}")
    return seconds


if __name__ == "__main__":
    main()
