"""git-lfs: what its pointers name, brought by its own program, which knows the server and how to log in there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Final

from gitreg.core.contents import Advance
from gitreg.core.redaction import redact
from gitreg.errors import ExternalFault, NotFound, Refused
from gitreg.git.run import Git

_OWN: Final = frozenset({"local", "worktree"})
_PROGRAM: Final = re.compile(
    r"lfs\.customtransfer\..*|lfs\.(?:.*\.)?standalonetransferagent|lfs\.extension\..*|core\.(?:sshcommand|askpass|gitproxy)"
    r"|credential\.(?:.*\.)?helper",
    re.IGNORECASE | re.DOTALL,
)
_NO_REASON: Final = ("Use `git lfs logs", "Errors logged to")


def lfs_key(oid: str) -> str:
    """Write where git-lfs keeps an object below ``.git/lfs/objects``."""
    return f"{oid[:2]}/{oid[2:4]}/{oid}"


def format_lfs_pointer(oid: str, size: int) -> str:
    """Write the file that git keeps in place of the bytes, of which the id is the SHA-256."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"


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
        """Let git-lfs write the object, always from its beginning.

        Raises:
            Refused: the configuration of the repository names a program that git-lfs would run.
        """
        del start
        _refuse_programs(self._git)
        oid = key.rpartition("/")[2]
        pointer = format_lfs_pointer(oid, self._size)
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
            os.truncate(to, 0)  # what it could not replace it has copied: the pointer
            raise _explain(self.address(key), process.stderr.decode("utf-8", "replace"))
        advance(arrived)


def _refuse_programs(git: Git) -> None:
    """Refuse to run what the repository names: a read runs nothing of it, and git-lfs would.

    Raises:
        Refused: its own configuration (not that of the person) names a program.
    """
    listed = git.require(git.read("config", "--list", "--show-scope", "--name-only", "-z")).stdout.decode("utf-8", "replace")
    facts = iter(listed.split("\0"))
    found = next((name for scope, name in zip(facts, facts, strict=False) if scope in _OWN and _PROGRAM.fullmatch(name)), None)
    if found is not None:
        message = f"git-lfs would run the program that {found!r} in this repository's own configuration names"
        hint = "if it is yours, bring the files first, and run it again: git lfs fetch --all; or move it: git config --global"
        raise Refused(message, hint=hint)


def _explain(address: str, said: str) -> ExternalFault | NotFound:
    """Say why git-lfs brought nothing."""
    if "is not a git command" in said:
        message = f"{address} is not in this clone, and git-lfs is not installed, which would bring it"
        return ExternalFault(message, hint="install git-lfs: https://git-lfs.com")
    lines = (line.strip() for line in reversed(said.splitlines()))
    reason = next((line for line in lines if line and not line.startswith(_NO_REASON)), "it does not say why")
    if "404" in said or "does not exist" in said:
        return NotFound(
            f"the server of git-lfs has no {address}", hint="push it from where it was made: git lfs push --all origin"
        )
    return ExternalFault(f"git-lfs cannot bring {address}: {redact(reason)}", hint="try: git lfs fetch --all")
