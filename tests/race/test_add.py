"""`add` is killed anywhere, finds a full disk, or meets another one: the next run finds all whole, and does what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.race.test_kills import check_sound, kill_at
from tests.support.command import GitregCommand, Result
from tests.support.disk import Disk
from tests.support.dvc import hash_of, read_files, write_files
from tests.support.repository import Repository

pytestmark = pytest.mark.race

BYTES: Final = {"data/one": b"1" * 1000, "data/sub/two": b"2" * 2000}
ADD: Final = ("add", "data", "--name", "cars", "--register", "--push")
# Stands before the program: the rename of the wanted number ends the process, before or after it is done.
DRIVER: Final = """
import os, sys
from pathlib import Path
at, when, real, count = int(os.environ["GITREG_TEST_AT"]), os.environ["GITREG_TEST_WHEN"], Path.replace, 0
def replace(self, target):
    global count
    count += 1
    if count == at and when == "before":
        os._exit(137)
    result = real(self, target)
    if count == at:
        os._exit(137)
    return result
Path.replace = replace
from gitreg.cli.main import main
code = main()
print("renames", count)
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


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_process_of_git_is_made_good_by_the_next_run(
    when: str, clone: Repository, remote: Repository, store: Path, tmp_path: Path
) -> None:
    stage = Stage(tmp_path / "copies", clone.path, remote.path, store)
    undisturbed = GitregCommand(clone)(*ADD, env=kill_at(tmp_path / "none", 0, "never"))
    assert undisturbed.code == 0, undisturbed.stderr
    log = (tmp_path / "none/log").read_text().splitlines()
    # A kill at a process that only reads is one at the next that writes, or the last that wrote.
    steps = [
        number for number, line in enumerate(log, 1) if "core.fsync=" in line and ("hash-object" not in line or "-w" in line)
    ]
    assert len(steps) >= 15
    for step in steps:
        stage.reset()
        result = GitregCommand(clone)(*ADD, env=kill_at(tmp_path / f"kill-{step}", step, when))
        assert result.code == -9, (step, result)
        check_objects(store)
        check_objects(clone.path / ".dvc/cache")
        (clone.path / ".git/index.lock").unlink(missing_ok=True)
        again = GitregCommand(clone)(*ADD)
        assert again.code == 0, (step, again.stderr)
        check_whole(clone, remote, store)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_rename_is_made_good_by_the_next_run(
    when: str, clone: Repository, remote: Repository, store: Path, tmp_path: Path
) -> None:
    stage = Stage(tmp_path / "copies", clone.path, remote.path, store)
    renames = int(drive(clone, 0, when).stdout.rsplit("renames ", 1)[1])
    assert renames >= 9
    for number in range(1, renames + 1):
        stage.reset()
        assert drive(clone, number, when).code == 137
        check_objects(store)
        check_objects(clone.path / ".dvc/cache")
        again = GitregCommand(clone)(*ADD)
        assert again.code == 0, (number, again.stderr)
        assert [path.name for path in (clone.path / ".dvc/cache").iterdir()] == ["files"]
        for leftover in [*clone.path.rglob(".gitreg-*.tmp"), *store.rglob(".gitreg-*.tmp")]:
            leftover.unlink()  # one small file, which `doctor` finds
        check_whole(clone, remote, store)


def drive(clone: Repository, at: int, when: str) -> Result:
    """Run the command in a process that ends at a rename."""
    env = {**clone.env, "GITREG_NOW": str(clone.now), "GITREG_TEST_AT": str(at), "GITREG_TEST_WHEN": when}
    completed = subprocess.run(
        [sys.executable, "-c", DRIVER, *ADD],
        cwd=clone.path,
        env={**env, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)


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
