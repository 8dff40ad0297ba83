"""The merge driver and the diff driver of ``artifacts.yaml``, as git's configuration names them.

git runs them through the shell, wherever it merges or shows a difference. They start the gitreg that installed them, or the one
on the PATH; where there is none, git's own merge and the file as it is take their place, so that nobody's change is lost and
nothing is hidden.

Whatever a merge driver exits with, git takes what stands in its file for the result, and a driver that dies leaves ours there,
without theirs and without markers. So the shell first takes the file away: git stops a merge whose result is missing. Back comes
what our program wrote, if it gave that the name that says it is whole, or else git's own merge.

``cachetextconv`` is not set: what it keeps it keeps in refs that ``git push --mirror`` publishes, and after an
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
_SPACE: Final = "%A.gitreg"  # git makes up a name for %A that needs no quoting
# The last three are names of the sides, which git knows since 2.44.
_MERGE: Final = f"hooks merge-into -- {_SPACE}/merged %O {_SPACE}/work %B %L %P %S %X %Y"
_OWN_MERGE: Final = f"git merge-file -p --marker-size=%L -L ours -L base -L theirs {_SPACE}/ours %O %B >{_SPACE}/merged"
_BY_LINES: Final = f"note: gitreg did not merge {ATTRIBUTED}, so git merges it line by line"
_STOPPED: Final = f"error: the merge of {ATTRIBUTED} could not be written, so git stops and changes nothing"
_KEEP: Final = f"mkdir {_SPACE} && mv %A {_SPACE}/ours && cp {_SPACE}/ours {_SPACE}/work"
_IS_MERGED: Final = f'[ "$code" -le 1 ] && [ -f {_SPACE}/merged ]'  # a Python that cannot start exits with 1 too
_IS_GITS: Final = f'[ "$code" -eq 0 ] || {{ [ "$code" -le 127 ] && [ -s {_SPACE}/merged ]; }}'
_TEXTCONV: Final = 'hooks textconv -- "$1"'


def list_drivers(command: Sequence[str]) -> dict[str, str]:
    """Write the keys of the drivers and their values.

    Args:
        command: the program that is gitreg, and its first arguments.
    """
    merge = _guard(_choose([word.replace("%", "%%") for word in command], _MERGE, "false"))
    show = _choose(command, _TEXTCONV, 'cat "$1"')
    return {**_FIXED, MERGE: f"{_MARK}{merge}", TEXTCONV: f"{_MARK}show() {{ {show}; }}; show"}


def is_own_value(key: str, value: str) -> bool:
    """Say whether a value is one that gitreg wrote, of this release or another one."""
    return value in {_FIXED.get(key), _EARLIER.get(key)} or value.startswith(_MARK)


def is_harmful_value(key: str, value: str | None) -> bool:
    """Say whether a value is one of an earlier release with which a merge can lose what somebody changed."""
    return value is not None and value == _EARLIER.get(key)


def _guard(merge: str) -> str:
    """Write a shell command that leaves the result of a merge in the file where git looks for it: ours, git's, or none."""
    steps = (
        f"trap 'rm -rf {_SPACE}' 0",
        "trap 'exit 129' 1 2 15",
        f"stop() {{ echo '{_STOPPED}' >&2; rm -f %A; exit 129; }}",
        f"{_KEEP} || stop",
        f"{merge}",
        "code=$?",
        f"if ! {{ {_IS_MERGED}; }}; then echo '{_BY_LINES}' >&2; {_OWN_MERGE}; code=$?; {{ {_IS_GITS}; }} || stop; fi",
        f"mv {_SPACE}/merged %A || stop",
        'exit "$code"',
    )
    return "; ".join(steps)


def _choose(command: Sequence[str], arguments: str, otherwise: str) -> str:
    """Write a shell command that starts gitreg if it is there, or else something of git's own."""
    program, words = quote(command[0]), " ".join(map(quote, command))
    found = "command -v gitreg >/dev/null 2>&1"
    return f"if [ -x {program} ]; then {words} {arguments}; elif {found}; then gitreg {arguments}; else {otherwise}; fi"
