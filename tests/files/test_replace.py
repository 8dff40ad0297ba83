from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitreg.errors import Conflict, ExternalFault, Refused
from gitreg.files.replace import TEMPORARY_PREFIX, replace_file

links = pytest.mark.skipif(sys.platform == "win32", reason="making symbolic links needs a privilege on Windows")


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(TEMPORARY_PREFIX)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "artifacts.yaml"
    file.write_bytes(b"old")
    return file


def test_the_new_bytes_take_the_place_of_the_old_ones(file: Path) -> None:
    replace_file(file, b"new\r\n", expected=b"old", root=file.parent)
    assert file.read_bytes() == b"new\r\n"
    assert leftovers(file.parent) == []


def test_a_file_that_was_not_there_is_made(tmp_path: Path) -> None:
    replace_file(tmp_path / "new.yaml", b"new", expected=None, root=tmp_path)
    assert (tmp_path / "new.yaml").read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_of_the_file_stays(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_file(file, b"new", expected=b"old", root=file.parent)
    assert file.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(("there", "expected"), [(b"newer", b"old"), (None, b"old"), (b"", None), (b"old", None)])
def test_a_file_that_changed_since_it_was_read_is_not_overwritten(
    file: Path, there: bytes | None, expected: bytes | None
) -> None:
    file.unlink() if there is None else file.write_bytes(there)
    with pytest.raises(Conflict):
        replace_file(file, b"new", expected=expected, root=file.parent)
    assert (file.read_bytes() if file.exists() else None) == there
    assert leftovers(file.parent) == []


@links
def test_nothing_is_written_through_a_symbolic_link(file: Path) -> None:
    root = file.parent / "root"
    (root / "real").mkdir(parents=True)
    (root / "artifacts.yaml").symlink_to(file)
    (root / "models").symlink_to(root / "real")
    (root / "dangling.yaml").symlink_to(root / "nowhere")
    for path, expected in [("artifacts.yaml", b"old"), ("models/artifacts.yaml", None), ("dangling.yaml", None)]:
        with pytest.raises(Refused, match="symbolic link"):
            replace_file(root / path, b"new", expected=expected, root=root)
    assert file.read_bytes() == b"old"
    assert list((root / "real").iterdir()) == []


@links
def test_a_link_above_the_root_is_the_persons_own_affair(file: Path) -> None:
    link = file.parent / "link"
    (file.parent / "root").mkdir()
    link.symlink_to(file.parent / "root")
    replace_file(link / "artifacts.yaml", b"new", expected=None, root=link)
    assert (file.parent / "root" / "artifacts.yaml").read_bytes() == b"new"


def test_nothing_is_written_outside_of_the_root(file: Path) -> None:
    root = file.parent / "root"
    root.mkdir()
    for path in (file, root / ".." / "artifacts.yaml"):
        with pytest.raises(Refused, match="is not below"):
            replace_file(path, b"new", expected=b"old", root=root)
    assert file.read_bytes() == b"old"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "artifacts.yaml").mkdir()
    with pytest.raises(Refused, match="no ordinary file"):
        replace_file(tmp_path / "artifacts.yaml", b"new", expected=None, root=tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExternalFault) as caught:
        replace_file(tmp_path / "models" / "artifacts.yaml", b"new", expected=None, root=tmp_path)
    assert caught.value.hint == "make the folder first"


@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
def test_when_the_system_refuses_the_old_file_is_whole_and_nothing_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(ExternalFault) as caught:
        replace_file(file, b"new", expected=b"old", root=file.parent)
    monkeypatch.undo()
    assert os.strerror(number) in caught.value.message
    assert caught.value.hint
    assert file.read_bytes() == b"old"
    assert leftovers(file.parent) == []


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB that is full but for a few bytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False, text=True
        )
        if sys.platform == "linux" and os.geteuid() == 0
        else None
    )
    if mount is None or mount.returncode:
        pytest.skip(f"NO FULL DISK TESTED: mounting needs root on Linux ({mount.stderr.strip() if mount else 'not root'})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.full_disk
def test_a_full_disk_leaves_the_old_file_whole(full_disk: Path) -> None:
    file = full_disk / "artifacts.yaml"
    file.write_bytes(b"old")
    (full_disk / "filler").write_bytes(b"x" * 50_000)
    with pytest.raises(ExternalFault) as caught:
        replace_file(file, b"new" * 30_000, expected=b"old", root=full_disk)
    assert caught.value.hint == "free space on the disk, and try again"
    assert file.read_bytes() == b"old"
    assert leftovers(full_disk) == []
    (full_disk / "filler").unlink()
    replace_file(file, b"new", expected=b"old", root=full_disk)
    assert file.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not a thing of Windows")
def test_a_kill_leaves_the_old_file_whole_and_a_file_that_doctor_finds(file: Path) -> None:
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom gitreg.files.replace import replace_file\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "path = Path(sys.argv[1])\nreplace_file(path, b'new', expected=b'old', root=path.parent)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    completed = subprocess.run([sys.executable, "-c", program, str(file)], env=environment, check=False)
    assert completed.returncode == -9
    assert file.read_bytes() == b"old"
    assert len(leftovers(file.parent)) == 1
