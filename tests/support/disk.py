"""A disk that is full, as a fixture. A plugin of pytest."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder that can be full: a small file system, or, where nothing can be mounted, one that takes empty files only.

    Attributes:
        folder: the folder.
        mounted: whether it is a file system of its own.
    """

    folder: Path
    mounted: bool

    @property
    def filler(self) -> Path:
        """The file that takes all space."""
        return self.folder / "filler"

    def fill(self, *, leaving: int = 0) -> Mapping[str, str]:
        """Take all space; return what a process needs in its environment to find it so.

        Args:
            leaving: bytes that stay free; where nothing is mounted, the size that no file exceeds.
        """
        if not self.mounted:
            return {"GITREG_TEST_LARGEST_FILE": str(leaving)}
        subprocess.run(["dd", "if=/dev/zero", f"of={self.filler}", "bs=4k"], capture_output=True, check=False)
        if leaving:
            with self.filler.open("r+b") as filler:
                filler.truncate(max(0, self.filler.stat().st_size - leaving))
        return {}

    def free(self) -> None:
        """Give the space back."""
        self.filler.unlink(missing_ok=True)


@pytest.fixture(params=["small disk", "no space for any byte"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk of 3 MB, and one to which nobody can write more than a size."""
    folder = tmp_path / "small"
    folder.mkdir()
    if request.param != "small disk":
        yield Disk(folder, mounted=False)
        return
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    mounted = not subprocess.run(command, capture_output=True, check=False).returncode
    yield Disk(folder, mounted)
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
