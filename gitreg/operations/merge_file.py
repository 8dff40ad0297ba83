"""Merging three files that git hands to its merge driver."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gitreg.core.driven import MergedFile
from gitreg.errors import GitregError
from gitreg.files.merge import FileMerge
from gitreg.files.merge_markers import Markers
from gitreg.files.replace import replace_file
from gitreg.git.merge_file import LineMerge, merge_lines, read_conflict_style

_LONGEST_LABEL: Final = 100
_LARGEST_MARKER: Final = 200


def merge_files(base: Path, ours: Path, theirs: Path, *, path: str, size: int, labels: tuple[str, str, str]) -> MergedFile:
    """Merge a file entry by entry into ours; where that cannot be, as git does.

    Where git merges it without a conflict, and the result says what the entries say, git's result is taken: it is what others get
    who have no driver.

    Args:
        base: the file as both sides had it; empty where there was none.
        ours: the file as it is here, and where the result goes.
        theirs: the file as it is there.
        path: its path in the repository.
        size: how many characters a marker of a conflict has.
        labels: what stands behind the markers of ours, base and theirs.

    Returns:
        What happened. `ours` has been written wholly, or not at all.

    Raises:
        ExternalFault: `ours` cannot be written, or git cannot be started.
    """
    size = min(max(size, 1), _LARGEST_MARKER)
    labels = (_shorten(labels[0]), _shorten(labels[1]), _shorten(labels[2]))
    before = ours.read_bytes()
    lines = merge_lines(base, ours, theirs, size=size, labels=labels)
    data, merged = _merge((base.read_bytes(), before, theirs.read_bytes()), lines, path, size, labels)
    if data is not None and data != before:
        replace_file(ours.absolute(), data, expected=before, root=ours.absolute().parent)
    return merged


def _merge(
    sides: tuple[bytes, bytes, bytes], lines: LineMerge, path: str, size: int, labels: tuple[str, str, str]
) -> tuple[bytes | None, MergedFile]:
    """Choose the bytes."""
    try:
        merge = FileMerge(*sides)
        if lines.data is not None and not lines.conflicts and merge.accepts(lines.data):
            return lines.data, MergedFile(path=path)
        style = read_conflict_style() if merge.clashes else "merge"
        markers = Markers(size=size, style=style, ours=labels[0], base=labels[1], theirs=labels[2])
        return merge.write(markers), MergedFile(path=path, clashes=merge.clashes)
    except Exception as error:  # noqa: BLE001  git takes a driver that dies for one that kept ours and dropped theirs
        reason = error.message if isinstance(error, GitregError) else f"this is a bug of gitreg: {type(error).__name__}: {error}"
        return lines.data, MergedFile(path=path, lines=reason, conflicts=lines.conflicts, unmerged=lines.data is None)


def _shorten(label: str) -> str:
    """Keep a label on one short line: it may be the first line of anybody's commit."""
    return "".join(character if character.isprintable() else "?" for character in label[:_LONGEST_LABEL])
