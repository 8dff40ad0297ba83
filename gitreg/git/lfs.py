"""git-lfs: what its pointers name, brought by its own program, which knows the server and how to log in there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault, NotFound
from gitreg.git.redact import redact
from gitreg.git.run import Git


def lfs_key(oid: str) -> str:
    """Write where git-lfs keeps an object below ``.git/lfs/objects``."""
    return f"{oid[:2]}/{oid[2:4]}/{oid}"


class Smudge:
    """The server of git-lfs as a place where bytes can be read; keys are those of `lfs_key`.

    Args:
        git: in the repository, whose configuration names the server.
        size: of the object, which its pointer says.
    """

    def __init__(self, git: Git, size: int) -> None:
        """Remember both."""
        self._git = git
        self._size = size

    def address(self, key: str) -> str:
        """Name the object."""
        return f"git-lfs object {key.rpartition('/')[2]}"

    def size(self, key: str) -> int | None:
        """Trust the pointer: only a download tells more."""
        del key
        return self._size

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Let git-lfs write the object, always from its beginning."""
        del start
        oid = key.rpartition("/")[2]
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {self._size}\n"
        environment = self._git.environment({**self._git.writing, "GIT_LFS_SKIP_SMUDGE": "0"})
        with Path(to).open("wb") as file:
            process = subprocess.run(
                ("git", "lfs", "smudge"),
                cwd=self._git.folder,
                env=environment,
                input=pointer.encode(),
                stdout=file,
                stderr=subprocess.PIPE,
                check=False,
            )
            arrived = os.fstat(file.fileno()).st_size
        if process.returncode:
            raise _explain(self.address(key), process.stderr.decode("utf-8", "replace"))
        advance(arrived)


def _explain(address: str, said: str) -> ExternalFault | NotFound:
    """Say why git-lfs brought nothing."""
    if "is not a git command" in said:
        message = f"{address} is not in this clone, and git-lfs is not installed, which would bring it"
        return ExternalFault(message, hint="install git-lfs: https://git-lfs.com")
    reason = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it does not say why")
    if "404" in said or "does not exist" in said:
        return NotFound(
            f"the server of git-lfs has no {address}", hint="push it from where it was made: git lfs push --all origin"
        )
    return ExternalFault(f"git-lfs cannot bring {address}: {redact(reason)}", hint="try: git lfs fetch --all")
