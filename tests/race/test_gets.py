"""`get` that is killed, interrupted, out of space, or not alone: what arrived is kept, and nothing half has the final name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.disk import Disk
from tests.support.dvc import hash_of, set_up_dvc, track
from tests.support.repository import Repository
from tests.support.servers.hold import Hold
from tests.support.servers.storage import StorageServer, folder_storage
from tests.support.servers.web import Trouble, Web

pytestmark = pytest.mark.race

MODEL: Final = bytes(range(256)) * 8000  # 2,048,000 bytes
FOLDER: Final = {f"d{number % 3}/{number}": bytes([number]) * 100_000 for number in range(20)}

DRIVER: Final = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests in the background ignores it
if "GITREG_TEST_LARGEST_FILE" in os.environ:  # no file of this process becomes larger
    import resource
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["GITREG_TEST_LARGEST_FILE"]),) * 2)
sys.argv = ["gitreg", *sys.argv[1:]]
from gitreg.cli.main import main
sys.exit(main())
"""


def start(repository: Repository, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start ``gitreg get`` in a repository."""
    environment = {**repository.env, "GITREG_NOW": str(repository.now), "PYTHONPATH": os.pathsep.join(sys.path), **(env or {})}
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, "get", *args],
        cwd=repository.path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(repository: Repository, *args: str, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Run ``gitreg get``; return its exit code, what it printed, and what it complained of."""
    process = start(repository, *args, env=env)
    output, complaints = process.communicate(timeout=60)
    return process.returncode, output, complaints


def fill(repository: Repository, storage: StorageServer) -> None:
    """Register a file and a folder."""
    set_up_dvc(repository, storage)
    track(repository, "m", MODEL, store=storage.seen_folder)
    track(repository, "data", FOLDER, store=storage.seen_folder)
    repository.commit({"artifacts.yaml": "churn:\n  path: m\ndata:\n  path: data\n"})
    repository.register("churn", "v1.0.0")
    repository.register("data", "v1.0.0")


def read(folder: Path) -> dict[str, bytes]:
    return {place.relative_to(folder).as_posix(): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


@pytest.fixture
def far(repository: Repository, web: Web) -> Repository:
    """A repository whose bytes are on a web server."""
    fill(repository, web.storage("store"))
    return repository


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("force", [False, True])
def test_a_get_that_is_stopped_in_the_middle_leaves_the_target_as_it_was_and_the_next_one_goes_on(
    far: Repository, web: Web, tmp_path: Path, how: signal.Signals, *, force: bool
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    if force:
        (target / "m").write_bytes(b"old")
    options = ("churn@latest", "-o", str(target / "m"), *(["--force"] if force else []))
    hold = Hold()
    web.trouble(Trouble(drop_after=1_000_000))
    web.trouble(Trouble(hold=hold))
    process = start(far, *options)
    hold.wait_for_client()
    process.send_signal(how)
    _, complaints = process.communicate(timeout=60)
    hold.let_go()
    assert process.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: -15}[how]
    if how is signal.SIGINT:
        assert complaints == "hint: run it again to go on where it stopped\nerror: interrupted\n"
    assert {path: data for path, data in read(target).items() if not path.startswith(".gitreg-get-")} == (
        {"m": b"old"} if force else {}
    )
    code, output, _ = run(far, *options)
    assert (code, read(target)) == (0, {"m": MODEL})
    assert output.startswith("Fetched churn v1.0.0")
    assert web.requests[-1].range == "bytes=1000000-"


def test_two_at_once_for_one_target_fetch_once_and_both_have_it(far: Repository, web: Web, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    hold = Hold()
    web.trouble(Trouble(hold=hold), path=hash_of(MODEL)[2:])
    options = ("churn@latest", "-o", str(target / "m"), "--json")
    first = start(far, *options)
    hold.wait_for_client()
    second = start(far, *options)
    hold.let_go()
    answers: list[Any] = [json.loads(process.communicate(timeout=60)[0]) for process in (first, second)]
    assert [answer["already"] for answer in answers] == [False, True]
    assert [request.path for request in web.requests if request.method == "GET"].count(f"/store/files/md5/{_key(MODEL)}") == 1
    assert read(target) == {"m": MODEL}


def _key(data: bytes) -> str:
    """Write the end of the place of an object."""
    digest = hash_of(data)
    return f"{digest[:2]}/{digest[2:]}"


def test_a_folder_whose_replacement_was_killed_between_two_renames_comes_back(far: Repository, web: Web, tmp_path: Path) -> None:
    """The old folder waits in the staging folder for the moment between the two renames."""
    target = tmp_path / "target"
    (target / "data").mkdir(parents=True)
    (target / "data" / "old").write_bytes(b"old")
    hold = Hold()
    web.trouble(Trouble(hold=hold), path=_key(FOLDER["d0/0"]))
    options = ("data@latest", "-o", str(target / "data"), "--force", "--jobs", "1")
    process = start(far, *options)
    hold.wait_for_client()
    process.kill()
    process.communicate()
    hold.let_go()
    (staging,) = target.glob(".gitreg-get-*")
    (target / "data").rename(staging / "old")  # what the kill would have left behind
    web.trouble(Trouble(status=503), path=_key(FOLDER["d0/0"]))
    assert run(far, *options)[0] == 7
    assert read(target / "data") == {"old": b"old"}
    assert run(far, *options)[0] == 0
    assert read(target) == {f"data/{path}": data for path, data in FOLDER.items()}


@pytest.mark.full_disk
@pytest.mark.parametrize("selector", ["churn@latest", "data@latest"])
@pytest.mark.parametrize("known", [True, False], ids=["size known", "size unknown"])
def test_bytes_that_do_not_fit_are_a_fault_of_the_outside_and_leave_nothing(
    far: Repository, disk: Disk, selector: str, *, known: bool
) -> None:
    if not known:
        for name in ("m.dvc", "data.dvc"):
            text = (far.path / name).read_text()
            far.commit({name: "".join(line for line in text.splitlines(keepends=True) if "size" not in line)})
        far.register("churn", "v1.1.0")
        far.register("data", "v1.1.0")
    env = disk.fill(leaving=50_000)
    before = set(disk.folder.iterdir())
    code, output, complaints = run(far, selector, "-o", str(disk.folder / "m"), env=env)
    assert (code, output) == (7, "")
    assert "fit" in complaints
    assert "hint: free some space" in complaints
    assert set(disk.folder.iterdir()) == before
    disk.free()
    assert run(far, selector, "-o", str(disk.folder / "m"))[0] == 0


@pytest.mark.full_disk
def test_a_full_disk_between_a_folder_and_its_copy_leaves_nothing(repository: Repository, disk: Disk, tmp_path: Path) -> None:
    fill(repository, folder_storage(tmp_path / "store"))
    env = disk.fill(leaving=50_000)
    before = set(disk.folder.iterdir())
    assert run(repository, "data@latest", "-o", str(disk.folder / "m"), env=env)[0] == 7
    assert set(disk.folder.iterdir()) == before
