"""The drivers that git calls for single files; no repository is opened, so that they are fast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gitreg.errors import ExternalFault

if TYPE_CHECKING:
    from gitreg.core.driven import MergedFile


def merge_files(
    base: Path, ours: Path, theirs: Path, *, path: str, size: int = 7, labels: tuple[str, str, str] = ("ours", "base", "theirs")
) -> MergedFile:
    """Merge an ``artifacts.yaml`` entry by entry and field by field, and line by line where that cannot be.

    Args:
        base: the file as both sides had it; empty where there was none.
        ours: the file as it is here; the result takes its place, wholly or not at all.
        theirs: the file as it is there.
        path: its path in the repository.
        size: how many characters a marker of a conflict has.
        labels: what stands behind the markers of ours, base and theirs.

    Returns:
        What happened, and what is left for a person to decide.

    Raises:
        ExternalFault: a file cannot be read or written, or git cannot be started.
    """
    from gitreg.operations import merge_file

    try:
        return merge_file.merge_files(base, ours, theirs, path=path, size=size, labels=labels)
    except OSError as error:
        message = f"cannot read {error.filename}: {error.strerror or error}"
        raise ExternalFault(message, hint="abort the merge and try again: git merge --abort") from error


def describe_file(file: Path) -> list[str]:
    """Write an ``artifacts.yaml`` as lines for a diff, one for each field, item and key.

    Args:
        file: the file.

    Returns:
        The lines; those of the file where it cannot be read as YAML.

    Raises:
        ExternalFault: there is no such file, or it is not ours to read.
    """
    from gitreg.files.textconv import describe_entries

    try:
        return describe_entries(file.read_bytes())
    except OSError as error:
        raise ExternalFault(f"cannot read {file}: {error.strerror or error}", hint="name a file") from error
