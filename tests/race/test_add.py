"""`add` is killed anywhere, finds a full disk, or meets another one: the next run finds all whole, and does what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from tests.race.test_kills import check_sound, kill_at
from tests.support.command import GitregCommand, Result
from tests.support.disk import Disk
from tests.support.dvc import hash_of, read_files, write_files
from tests.support.forks import Forks
from tests.support.repository import Repository

pytestmark = pytest.mark.race

BYTES: Final = {"data/one": b"1" * 1000, "data/sub/two": b"2" * 2000}
ADD: Final = ("add", "data", "--name", "cars", "--register", "--push")
# What differs between two runs that did the same: temporary names, and in the index times, inodes and devices.
_MADE_UP: Final = re.compile(r"(?<=\.gitreg-)\w+|(?<=tmp_obj_)\w+|(?<=tmp_pack_)\w+|(?m:^ +.time:.*\n| +dev:.*\n| +uid:.*\n)")
# Stands before the program: the rename of the wanted number ends the process, before or after it is done.
DRIVER: Final = """
import itertools, os, sys
from pathlib import Path
# Threads rename at once: a count of the interpreter's own gives each rename a number that no other one has.
at, when, real, numbers = int(os.environ["GITREG_TEST_AT"]), os.environ["GITREG_TEST_WHEN"], Path.replace, itertools.count(1)
def replace(self, target):
    number = next(numbers)
    if number == at and when == "before":
        os._exit(137)
    result = real(self, target)
    if number == at:
        os._exit(137)
    return result
Path.replace = replace
from gitreg.cli.main import main
code = main()
print("renames", next(numbers) - 1)
sys.exit(code)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def clone(repository: Repository, remote: Repository, store: Path, tmp_path: Path) -> Repository:
    """A clone with a storage and bytes that nobody keeps yet."""
    clone = remote.clone(tmp_path / "clone")
    assert GitregCommand(clone)("init", "--storage", str(store)).code == 0
    clone.git("add", "--all")
    clone.commit(message="Set up")
    clone.git("push", "--quiet")
    write_files(clone.path, BYTES)
    clone.tick()
    return clone


class Stage:
    """The clone, the remote and the store, which can be put back as they were."""

    def __init__(self, folder: Path, *places: Path) -> None:
        self._copies = {place: folder / str(number) for number, place in enumerate(places)}
        for place, copy in self._copies.items():
            shutil.copytree(place, copy, symlinks=True)

    def reset(self) -> None:
        for place, copy in self._copies.items():
            shutil.rmtree(place)
            shutil.copytree(copy, place, symlinks=True)


def check_whole(clone: Repository, remote: Repository, store: Path) -> None:
    """Everything is there once, and nothing else is."""
    assert sorted(name for name in remote.refs() if "tags" in name) == ["refs/tags/cars@v0.0.1"]
    assert remote.git("rev-parse", "main", "cars@v0.0.1^{}").split() == clone.git("rev-parse", "HEAD", "HEAD").split()
    assert clone.git("status", "--porcelain") == ""
    assert clone.git("rev-list", "--count", "HEAD") == "3"
    assert read_files(store) == read_files(clone.path / ".dvc/cache")
    check_objects(store)
    check_sound(clone, remote)
    leftovers = [path for path in [*clone.path.rglob(".gitreg-*"), *store.rglob(".gitreg-*")] if ".git" not in path.parts]
    assert leftovers == []


def check_objects(store: Path) -> None:
    """No object is under a name that is not its hash, whatever happened."""
    for name, data in read_files(store).items():
        if name.startswith("files/") and ".gitreg-" not in name:
            assert hash_of(data) == name.removesuffix(".dir").removeprefix("files/md5/").replace("/", "")


class Recovery:
    """The next run, after a kill; where a kill left what an earlier one did, it would do the same again and is spared."""

    def __init__(self, forks: Forks, clone: Repository, remote: Repository, store: Path) -> None:
        self.forks, self.clone, self.remote, self.store = forks, clone, remote, store
        self.seen: set[str] = set()

    def check(self, where: object) -> None:
        """Let the next run make good what is there now."""
        check_objects(self.store)
        check_objects(self.clone.path / ".dvc/cache")
        (self.clone.path / ".git/index.lock").unlink(missing_ok=True)
        state = self.read_state()
        if state in self.seen:
            return
        self.seen.add(state)
        again = drive(self.forks, self.clone)
        assert again.code == 0, (where, again.stderr)
        assert [path.name for path in (self.clone.path / ".dvc/cache").iterdir()] == ["files"]
        for leftover in [*self.clone.path.rglob(".gitreg-*.tmp"), *self.store.rglob(".gitreg-*.tmp")]:
            leftover.unlink()  # one small file, which `doctor` finds
        check_whole(self.clone, self.remote, self.store)

    def read_state(self) -> str:
        """Read all files: git's index without times and places on the disk, and temporary names without what is made up."""
        entries = [self.clone.git("ls-files", "--stage", "--debug")] if (self.clone.path / ".git/index").exists() else []
        for root in (self.clone.path, self.remote.path, self.store):
            entries += [
                f"{path.relative_to(root)} {path.lstat().st_mode} {hash_of(path.read_bytes()) if path.is_file() else ''}"
                for path in root.rglob("*")
                if path != self.clone.path / ".git/index"
            ]
        return "\n".join(sorted(_MADE_UP.sub("", entry) for entry in entries))


@pytest.fixture
def recovery(forks: Forks, clone: Repository, remote: Repository, store: Path) -> Recovery:
    return Recovery(forks, clone, remote, store)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_kill_at_any_process_of_git_is_made_good_by_the_next_run(recovery: Recovery, tmp_path: Path) -> None:
    clone = recovery.clone
    stage = Stage(tmp_path / "copies", clone.path, recovery.remote.path, recovery.store)
    undisturbed = drive(recovery.forks, clone, env=kill_at(tmp_path / "none", 0, "never"))
    assert undisturbed.code == 0, undisturbed.stderr
    log = (tmp_path / "none/log").read_text().splitlines()
    # A kill at a process that only reads is one at the next that writes, or the last that wrote.
    steps = [
        number for number, line in enumerate(log, 1) if "core.fsync=" in line and ("hash-object" not in line or "-w" in line)
    ]
    assert len(steps) >= 15
    for step, when in product(steps, ("before", "after")):
        stage.reset()
        result = drive(recovery.forks, clone, env=kill_at(tmp_path / f"kill-{step}-{when}", step, when))
        assert result.code == -9, (step, when, result)
        recovery.check((step, when))
    assert len(recovery.seen) >= 10


@pytest.mark.slow
def test_a_kill_at_any_rename_is_made_good_by_the_next_run(recovery: Recovery, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "copies", recovery.clone.path, recovery.remote.path, recovery.store)
    renames = int(drive(recovery.forks, recovery.clone).stdout.rsplit("renames ", 1)[1])
    assert renames >= 9
    for number, when in product(range(1, renames + 1), ("before", "after")):
        stage.reset()
        env = {"GITREG_TEST_AT": str(number), "GITREG_TEST_WHEN": when}
        assert drive(recovery.forks, recovery.clone, env=env).code == 137
        recovery.check((number, when))
    assert len(recovery.seen) >= renames


def drive(forks: Forks, clone: Repository, env: Mapping[str, str] | None = None) -> Result:
    """Run the command in a process that may end at a rename."""
    never = {"GITREG_TEST_AT": "0", "GITREG_TEST_WHEN": ""}
    return forks.run(DRIVER, *ADD, cwd=clone.path, env={**clone.env, "GITREG_NOW": str(clone.now), **never, **(env or {})})


def test_two_that_add_at_once_in_one_clone_both_succeed(clone: Repository, remote: Repository, store: Path) -> None:
    names = [f"m{number}" for number in range(4)]
    write_files(clone.path, {name: name.encode() * 100 for name in names})
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "gitreg", "add", name, "--name", name, "--commit"],
            cwd=clone.path,
            env={**clone.env, "GITREG_NOW": str(clone.now), "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for name in names
    ]
    ended = [(process.communicate(), process.returncode) for process in started]
    assert [code for _, code in ended] == [0] * 4, ended
    assert clone.git("status", "--porcelain") == "?? data/"
    assert clone.git("show", "HEAD:artifacts.yaml").count("path: m") == 4
    assert sorted(clone.git("show", "HEAD:.gitignore").splitlines()) == [f"/{name}" for name in names]
    assert clone.git("rev-list", "--count", "HEAD") == "6"
    check_sound(clone, remote)
    del store


@pytest.mark.full_disk
def test_a_full_disk_is_a_fault_of_the_outside_and_leaves_no_half_object(remote: Repository, disk: Disk) -> None:
    clone = remote.clone(disk.folder / "clone")
    clone.extra["HOME"] = str(remote.path.parent / "home")
    (clone.path / "model").write_bytes(b"m" * 500_000)
    before = clone.files()
    command = GitregCommand(clone)
    result = run_limited(clone, disk, "add", "model", "--name", "churn")
    assert result.code == 7, result
    assert result.stderr.startswith("error: DVC's cache cannot be written: ")
    disk.free()
    assert {name: data for name, data in clone.files().items() if name != "filler"} == before
    assert command("add", "model", "--name", "churn").code == 0


def run_limited(clone: Repository, disk: Disk, *args: str) -> Result:
    """Run the command where there is no space."""
    limit = dict(disk.fill()).get("GITREG_TEST_LARGEST_FILE")
    before = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit},) * 2)\n" if limit is not None else ""
    completed = subprocess.run(
        [sys.executable, "-c", f"{before}import sys\nfrom gitreg.cli.main import main\nsys.exit(main())", *args],
        cwd=clone.path,
        env={**clone.env, "GITREG_NOW": str(clone.now), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)
