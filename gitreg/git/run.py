"""The one door to the git program.

Argument lists only; what a person typed never stands where git could read an option. Reads run nothing that a hostile repository
configures: no hook, no fsmonitor, no transport and no lazy fetch. Writes run what the person's own repository configures, as git
itself does.

gitreg needs git 2.36 (April 2022): from then on ``cat-file --batch-command`` reads contents and sizes in one process, and
``core.fsync`` can make refs durable.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import IO, Final

from gitreg.errors import ExternalFault, GitregError, Unanswerable

MINIMUM_GIT: Final = (2, 36)

_COUNT = re.compile(r"[0-9]{1,9}")
_PIPE: Final = 1 << 16  # bytes that a pipe holds on Linux: each read takes all that is there

# What git itself calls the variables that tie it to one repository (`git rev-parse --local-env-vars`), less those that carry
# configuration. A hook or an alias that calls gitreg would otherwise send every command to its own repository.
_LEAKED: Final = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
_IN_SERVER_HOOK: Final = "GIT_QUARANTINE_PATH"  # there the new objects are visible only through the leaked variables

_ALWAYS: Final = {
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_NO_REPLACE_OBJECTS": "1",  # a tag must say what its author wrote
}
# A repository may say that it is a partial clone of an address that runs a program. A git before 2.39.4 does not know of
# GIT_NO_LAZY_FETCH, and `protocol.ext.allow` in the repository wins over `protocol.allow` from us; over the list of allowed
# protocols, which is empty, nothing wins.
_READ_ONLY: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
_READ_OPTIONS: Final = (
    "--no-pager",
    "-c",
    "protocol.allow=never",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
)
# Objects and refs reach the disk before a command says that it is done.
_WRITE_OPTIONS: Final = (
    "--no-pager",
    "-c",
    "core.fsync=all",
    "-c",
    "core.fsyncMethod=fsync",
    "-c",
    "gc.auto=0",
    "-c",
    "advice.pushUpdateRejected=false",
)


@dataclass(frozen=True, slots=True)
class Completed:
    """What a git process left behind."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Standard output without the final newline."""
        return self.stdout.decode("utf-8", "replace").rstrip("\n")


@dataclass(frozen=True, slots=True)
class Git:
    """The git program, started in one folder.

    Attributes:
        folder: where.
        reading: variables for commands that only read.
        writing: variables for commands that write or talk to a remote.
        held: descriptors that those commands inherit, such as of a lock.
        own: whether the repository is one of gitreg's own: git is told its place, and so never looks for another one above it,
            and a hook that calls gitreg has no say in where objects are.
    """

    folder: Path
    reading: Mapping[str, str] = field(default_factory=dict)
    writing: Mapping[str, str] = field(default_factory=dict)
    held: tuple[int, ...] = ()
    own: bool = False

    def read(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Completed:
        """Run a command that only reads; its exit code is the caller's to judge."""
        return self._run((*_READ_OPTIONS, *arguments), stdin, {**self.reading, **_READ_ONLY, **(environment or {})})

    def write(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Completed:
        """Run a command that writes or talks to a remote; its exit code is the caller's to judge."""
        return self._run((*_WRITE_OPTIONS, *arguments), stdin, {**self.writing, **(environment or {})})

    def require(self, completed: Completed) -> Completed:
        """Pass on a success.

        Raises:
            Unanswerable: the repository is no repository, damaged or not ours to read.
            ExternalFault: git failed otherwise.
        """
        if completed.code:
            raise explain(completed, self.folder)
        return completed

    def start(
        self, *arguments: str, stdin: int | IO[bytes] = subprocess.PIPE, stderr: int | IO[bytes] = subprocess.PIPE
    ) -> subprocess.Popen[bytes]:
        """Start a command that only reads, and whose output is read as it comes."""
        environment = self.environment({**self.reading, **_READ_ONLY})
        return _popen(self.folder, (*_READ_OPTIONS, *arguments), stdin, stderr, environment)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Put together the environment of a process.

        Args:
            more: variables that are wanted there.
        """
        environment = git_environment(in_hook=not self.own)
        if self.own:
            environment["GIT_DIR"] = str(self.folder)
        return {**environment, **more}

    def _run(self, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str]) -> Completed:
        process = _popen(self.folder, arguments, subprocess.PIPE, subprocess.PIPE, self.environment(environment), self.held)
        stdout, stderr = process.communicate(stdin)
        return Completed(process.returncode, stdout, stderr.decode("utf-8", "replace").strip())


def git_environment(*, in_hook: bool = True) -> dict[str, str]:
    """Copy this process's environment without what would lead git to another repository.

    Args:
        in_hook: whether a hook of a server sees what it is about.
    """
    environment = dict(os.environ)
    if _IN_SERVER_HOOK not in environment or not in_hook:
        for name in (*_LEAKED, _IN_SERVER_HOOK):
            environment.pop(name, None)
    environment.update(_ALWAYS)
    return environment


def config_environment(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Write the variables that give git configuration, behind what the person's own variables give.

    Unlike ``git -c`` they are not seen by other users of the machine, and unlike a file they leave nothing behind.

    Args:
        pairs: keys and values.
    """
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(given) if _COUNT.fullmatch(given) else 0
    variables: dict[str, str] = {}
    for number, (key, value) in enumerate(pairs, first):
        variables |= {"GIT_CONFIG_COUNT": str(number + 1), f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def explain(completed: Completed, folder: Path) -> GitregError:
    """Turn the failure of a git command into one of our errors."""
    said = completed.stderr
    if "not a git repository" in said:
        return Unanswerable(f"{str(folder.absolute())!r} is not in a git repository", hint="change into one, or give --repo PATH")
    if "dubious ownership" in said or "unsafe repository" in said:
        hint = f"if you trust it: git config --global --add safe.directory {quote(str(folder.absolute()))}"
        return Unanswerable(f"the repository at {str(folder)!r} belongs to somebody else", hint=hint)
    if "usage: git" in said or "unknown option" in said:
        return Unanswerable(
            "this git is too old", hint=f"install git {'.'.join(map(str, MINIMUM_GIT))} or later, then: gitreg doctor"
        )
    if "promisor remote" in said:  # what it lacks is never fetched behind a person's back
        hint = "bring all of them: git fetch --refetch --no-filter; or read them where they are: --repo URL"
        return Unanswerable("this partial clone lacks objects that are needed here", hint=hint)
    if any(sign in said for sign in _FULL):
        return ExternalFault(
            "git could not write: the disk is full or a quota is reached", hint="free some space and run it again"
        )
    if any(sign in said for sign in _READ_ONLY_DISK):
        return ExternalFault(f"git could not write: {_first_line(said)}", hint="check the permissions of the repository")
    if any(sign in said for sign in _DAMAGE):
        return Unanswerable(
            f"the repository is damaged: {_first_line(said)}", hint="run: git fsck, and fetch again from the remote"
        )
    return ExternalFault(f"git failed: {_first_line(said) or f'exit code {completed.code}'}", hint="run: gitreg doctor")


_FULL: Final = ("No space left on device", "Disk quota exceeded", "unable to write file")
_READ_ONLY_DISK: Final = ("Read-only file system", "Permission denied", "insufficient permission")
_DAMAGE: Final = (
    "packed-refs",
    "bad object",
    "missing object",
    "object file",
    "is corrupt",
    "bad config",
    "packfile",
    "unable to read tree",
    "reftable",
    "unable to parse object",
    "unknown repository extension",
    "Expected git repo version",
)


def _first_line(said: str) -> str:
    """Pick the line that says what is wrong."""
    lines = [line for line in said.splitlines() if line.strip()]
    chosen = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0] if lines else "")
    return chosen.removeprefix("fatal: ").removeprefix("error: ").strip()


def _popen(
    folder: Path,
    arguments: Sequence[str],
    stdin: int | IO[bytes],
    stderr: int | IO[bytes],
    environment: Mapping[str, str],
    held: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start git.

    Raises:
        ExternalFault: there is no git, or the folder cannot be entered.
    """
    try:
        return subprocess.Popen(
            ("git", *arguments),
            cwd=folder,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=_PIPE,
            env=environment,
            pass_fds=held,
        )
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise Unanswerable(f"there is no folder {str(folder)!r}", hint="give --repo the path of a repository") from error
        raise ExternalFault("git is not installed", hint=f"install git {'.'.join(map(str, MINIMUM_GIT))} or later") from error
    except OSError as error:
        raise Unanswerable(
            f"{str(folder)!r} cannot be entered: {error.strerror}", hint="give --repo the path of a repository"
        ) from error
