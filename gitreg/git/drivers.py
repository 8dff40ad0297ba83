"""The merge driver and the diff driver of ``artifacts.yaml``, as git's configuration names them.

git runs them through the shell, wherever it merges or shows a difference. They start the gitreg that installed them, or the one
on the PATH; where there is none, git's own merge and the file as it is take their place, so that nobody's change is lost and
nothing is hidden. ``cachetextconv`` is not set: what it keeps it keeps in refs that ``git push --mirror`` publishes, and after an
update of gitreg it would show what the old one said.
"""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Final

MERGE: Final = "merge.gitreg.driver"
RECURSIVE: Final = "merge.gitreg.recursive"
TEXTCONV: Final = "diff.gitreg.textconv"
ATTRIBUTED: Final = "artifacts.yaml"
"""The file whose attributes name the drivers."""

_MARK: Final = ": gitreg hooks install; "  # a command of the shell that does nothing, by which we know our own values
_FIXED: Final = {
    "merge.gitreg.name": "gitreg: entry by entry",
    RECURSIVE: "text",  # merges that cross have a base that git merges; whoever takes an old one undoes what came since
    "diff.gitreg.xfuncname": "^([A-Za-z0-9][A-Za-z0-9_/-]*)[:.]",
}
_EARLIER: Final = {RECURSIVE: "binary"}  # what earlier releases wrote, which loses changes where merges cross
_MERGE: Final = "hooks merge -- %O %A %B %L %P %S %X %Y"  # the last three are names of the sides, which git knows since 2.44
_OWN_MERGE: Final = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
_TEXTCONV: Final = 'hooks textconv -- "$1"'


def list_drivers(command: Sequence[str]) -> dict[str, str]:
    """Write the keys of the drivers and their values.

    Args:
        command: the program that is gitreg, and its first arguments.
    """
    merge = _choose([word.replace("%", "%%") for word in command], _MERGE, _OWN_MERGE)
    show = _choose(command, _TEXTCONV, 'cat "$1"')
    return {**_FIXED, MERGE: f"{_MARK}{merge}", TEXTCONV: f"{_MARK}show() {{ {show}; }}; show"}


def is_own_value(key: str, value: str) -> bool:
    """Say whether a value is one that gitreg wrote, of this release or another one."""
    return value in {_FIXED.get(key), _EARLIER.get(key)} or value.startswith(_MARK)


def is_harmful_value(key: str, value: str | None) -> bool:
    """Say whether a value is one of an earlier release with which a merge can lose what somebody changed."""
    return value is not None and value == _EARLIER.get(key)


def _choose(command: Sequence[str], arguments: str, otherwise: str) -> str:
    """Write a shell command that starts gitreg if it is there, or else something of git's own."""
    program, words = quote(command[0]), " ".join(map(quote, command))
    found = "command -v gitreg >/dev/null 2>&1"
    return f"if [ -x {program} ]; then {words} {arguments}; elif {found}; then gitreg {arguments}; else {otherwise}; fi"
