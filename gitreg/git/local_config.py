"""git's configuration as git itself reads it, and changes of that of one clone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from gitreg.errors import ExternalFault
from gitreg.git.run import Completed, Git

_TRIES: Final = 20  # git does not wait for another one that writes the same file
_NOT_THERE: Final = 5  # the exit code of `git config --unset`


class Setting(NamedTuple):
    """The value of a key that counts, and the scope of the file that gives it: ``local``, ``worktree``, ``global``..."""

    value: str
    scope: str


def read_config(git: Git) -> dict[str, Setting]:
    """Read all of git's configuration: the last value of each key, keys in lower case but for their middle."""
    # not `Git.read`, which switches hooks off
    listed = git.require(git.write("config", "--list", "-z", "--show-scope")).stdout.decode("utf-8", "surrogateescape")
    return dict(_pairs(listed))


def set_local(git: Git, key: str, value: str) -> None:
    """Set a key in the configuration of a clone, which its linked work trees share.

    Raises:
        ExternalFault: git cannot.
    """
    _retry(git, "config", "--local", key, value)


def unset_local(git: Git, key: str) -> None:
    """Take a key out of the configuration of a clone; that it is not there is no failure.

    Raises:
        ExternalFault: git cannot.
    """
    _retry(git, "config", "--local", "--unset", key)


def _pairs(listed: str) -> Iterator[tuple[str, Setting]]:
    """Read scopes, keys and values; a key without a value is true."""
    parts = listed.split("\0")
    for scope, pair in zip(parts[::2], parts[1::2], strict=False):
        key, equals, value = pair.partition("\n")
        yield key, Setting(value if equals else "true", scope)


def _retry(git: Git, *arguments: str) -> None:
    """Run a command that takes the lock of the file, again while another one holds it."""
    completed = git.write(*arguments)
    for _ in range(_TRIES):
        if completed.code in {0, _NOT_THERE} or "could not lock" not in completed.stderr:
            break
        completed = git.write(*arguments)
    if completed.code not in {0, _NOT_THERE}:
        raise _unwritten(completed)


def _unwritten(completed: Completed) -> ExternalFault:
    """Say that git could not write its configuration."""
    said = completed.stderr.partition("\n")[0].removeprefix("error: ").removeprefix("fatal: ")
    hint = "if no git is running, look at the permissions and for a stale lock: ls -l .git/config*"
    return ExternalFault(f"git's configuration cannot be changed: {said or f'exit code {completed.code}'}", hint=hint)
