"""Runs the drivers of merge and diff, and prints what they made of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gitreg.cli import console, faults
from gitreg.core.driven import MergedFile
from gitreg.core.words import format_count
from gitreg.errors import GitregError
from gitreg.render.text import escape

_STOPS_THE_MERGE: Final = 129  # up to 128, and always in older versions, git takes it that the file holds the result
_MOST_CLASHES: Final = 20
_SIDES: Final = ("ours", "base", "theirs")


def drive(command: str, arguments: Sequence[str]) -> int | None:
    """Run a driver as git starts it, once for each file and version of a file: without typer, which costs half of the time.

    Args:
        command: what stands behind ``hooks``.
        arguments: what stands behind ``--``.

    Returns:
        The exit code; None where this is not how git starts a driver.
    """
    match command, *arguments:
        case "textconv", file:
            return convert(file)
        case "merge-into", result, base, ours, theirs, size, path, *labels if size.isascii() and size.isdigit():
            return merge_into(result, (base, ours, theirs), int(size), path, labels)
        case "merge", base, ours, theirs, size, path, *labels if size.isascii() and size.isdigit():
            return merge((base, ours, theirs), int(size), path, labels)
        case _:
            return None


def merge(sides: tuple[str, str, str], size: int, path: str, labels: Sequence[str]) -> int:
    """Merge three files into the second one; return what git takes for an answer.

    Args:
        sides: the files of base, ours and theirs.
        size: how many characters a marker of a conflict has.
        path: the path of the file in the repository.
        labels: the names of base, ours and theirs, as far as git knows some.
    """
    from gitreg.registry.driving import merge_files

    base, ours, theirs = map(Path, sides)
    try:
        return _answer_merge(merge_files(base, ours, theirs, path=path, size=size, labels=_name_sides(labels)))
    except GitregError as error:
        faults.report(error)
    except Exception as error:  # noqa: BLE001  with the code of a bug git would take it that the file holds the result
        faults.report_bug(error)
    return _STOPS_THE_MERGE


def merge_into(result: str, sides: tuple[str, str, str], size: int, path: str, labels: Sequence[str]) -> int:
    """Merge three files into the second one, and then give that the name by which git's driver knows that it is whole.

    Args:
        result: the name; there is no such file yet.
        sides: the files of base, ours and theirs.
        size: how many characters a marker of a conflict has.
        path: the path of the file in the repository.
        labels: the names of base, ours and theirs, as far as git knows some.
    """
    code = merge(sides, size, path, labels)
    if code != _STOPS_THE_MERGE:
        Path(sides[1]).replace(result)
    return code


def convert(file: str) -> int:
    """Print the lines of a file, each of which stays one."""
    from gitreg.registry.driving import describe_file

    console.write("".join(f"{escape(line)}\n" for line in describe_file(Path(file))))
    return 0


def _name_sides(given: Sequence[str]) -> tuple[str, str, str]:
    """Take the names of the sides, ours first; a git before 2.44 knows none, and hands ``%S`` on as it is."""
    base, ours, theirs = [*given, "", "", ""][:3]
    names = [
        other if name.startswith("%") or not name else name for name, other in zip((ours, base, theirs), _SIDES, strict=True)
    ]
    return names[0], names[1], names[2]


def _answer_merge(merged: MergedFile) -> int:
    """Say what is left to decide; return what git takes for an answer."""
    if merged.lines:
        console.note(f"{merged.path}: merged line by line; {merged.lines}")
    if merged.unmerged:
        console.warn(f"{merged.path}: not merged, and as it was here, since it is no text")
    for clash in merged.clashes[:_MOST_CLASHES]:
        console.warn(f"{merged.path}: conflict in {clash}")
    left = len(merged.clashes) - _MOST_CLASHES
    if left > 0:
        console.warn(f"{merged.path}: {format_count(left, 'more conflict')}")
    if merged.clashes or merged.conflicts:
        console.hint("choose between the markers, then: gitreg check")
    return int(not merged.is_clean)
