from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from gitreg.errors import ExternalFault
from gitreg.git.passing_folder import PREFIX, open_passing_folder

PROGRAM = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever starts the tests in the background ignores these two
signal.signal(signal.SIGINT, signal.default_int_handler)
from gitreg.git.passing_folder import open_passing_folder
with open_passing_folder() as folder:
    (folder / "ab").mkdir()
    (folder / "ab/object").write_text("x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test alone."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def make_old(folder: Path) -> None:
    os.utime(folder, (1, 1))


def end_by(number: signal.Signals) -> tuple[Path, int]:
    """End a process that works in such a folder; say which that was, and how the process ended."""
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert (folder / "ab/object").exists()
        process.send_signal(number)
        return folder, process.wait(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_process_that_is_ended_leaves_nothing(temporary: Path, number: signal.Signals) -> None:
    _, code = end_by(number)
    assert code == -number
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_run_and_nothing_else_does(temporary: Path) -> None:
    left, _ = end_by(signal.SIGKILL)
    young, shared, file, link = (temporary / f"{PREFIX}{name}" for name in ("young", "shared", "file", "link"))
    young.mkdir(mode=0o700)
    shared.mkdir()
    shared.chmod(0o777)
    file.write_text("x")
    target = temporary / "target"
    target.mkdir(mode=0o700)
    link.symlink_to(target)
    other = temporary / "gitreg-other"
    other.mkdir(mode=0o700)
    for place in (left, shared, file, target, other):
        make_old(place)
    with open_passing_folder() as held:
        assert not left.exists()
        make_old(held)
        with open_passing_folder():
            assert held.exists()
    assert set(temporary.iterdir()) == {young, shared, file, link, target, other}


def test_signals_are_as_they_were_and_those_of_others_stay(temporary: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    ignoring = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with open_passing_folder():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) == before
    finally:
        signal.signal(signal.SIGHUP, ignoring)
    found: list[bool] = []

    def work() -> None:
        with open_passing_folder() as folder:
            found.append(folder.is_dir() and signal.getsignal(signal.SIGTERM) == before)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [True]
    assert list(temporary.iterdir()) == []


def test_where_no_folder_can_be_made_that_is_the_reason(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "gone"))
    with pytest.raises(ExternalFault) as caught, open_passing_folder():
        pass
    assert caught.value.message == f"files cannot be copied to {str(temporary / 'gone')!r}: No such file or directory"
