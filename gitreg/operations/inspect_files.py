"""Reading model files: a single one, or that of a folder which says the most."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from gitreg.core.inspected import Inspection
from gitreg.core.model_files import ModelFile, Reader
from gitreg.core.pipelines import Value
from gitreg.core.words import format_count
from gitreg.formats.detect import read_model_file
from gitreg.formats.readers import Buffered
from gitreg.operations.ranged import LocalFile

_MOST_FILES: Final = 100_000


def inspect_local(path: Path) -> Inspection:
    """Say what a file or folder of this machine says of the model in it.

    Raises:
        NotFound: there is none.
        ExternalFault: it cannot be read.
    """
    if path.is_dir():
        left_out: list[str] = []
        files = {name: partial(open_local, path / name) for name in _list_files(path, left_out)}
        file, member = read_folder(files, size=sum((path / name).stat().st_size for name in files))
        return Inspection(file=_count_left_out(file, left_out), address=str(path), member=member)
    return Inspection(file=read_single(open_local(path), path.name), address=str(path))


def open_local(path: Path) -> Reader:
    """Open a file of this machine.

    Raises:
        NotFound: there is none.
        ExternalFault: it is no plain file.
    """
    return Buffered(LocalFile(path))


def read_single(reader: Reader, name: str) -> ModelFile:
    """Read a single file."""
    return read_model_file(reader, name, _parse_yaml)


def read_folder(
    files: Mapping[str, Callable[[], Reader]],
    *,
    size: int | None,
    others: Mapping[str, Callable[[], Reader | None]] | None = None,
) -> tuple[ModelFile, str | None]:
    """Read the file of a folder that says the most.

    Args:
        files: openers of its files, by their paths below it.
        size: bytes of all of them, where that is known.
        others: openers to see whether a file could run code; they give None where that costs too much. None: as `files`.
    """
    from gitreg.formats.folders import read_model_folder

    found, member = read_model_folder(files, _parse_yaml, others)
    return (found if size is None else replace(found, size=size)), member


def _parse_yaml(data: bytes) -> Mapping[str, Value]:
    """Read YAML; what is none has no values."""
    from gitreg.files.values_file import read_values

    return read_values("MLmodel.yaml", data)[0]


def _count_left_out(file: ModelFile, left_out: list[str]) -> ModelFile:
    """Say how much of a folder was not listed."""
    if not left_out:
        return file
    count = format_count(len(left_out), "link, hidden folder or special file", "links, hidden folders or special files")
    note = f"{count} of this folder {'was' if len(left_out) == 1 else 'were'} not looked at, such as {left_out[0]!r}"
    return replace(file, unread=file.unread + len(left_out), notes=(*file.notes, note))


def _list_files(folder: Path, left_out: list[str]) -> Iterator[str]:
    """List the plain files of a folder; symbolic links are left out, since they could lead anywhere."""
    count = 0
    for place, folders, names in os.walk(folder):
        skipped = [name for name in folders if name.startswith(".") or Path(place, name).is_symlink()]
        left_out += [Path(place, name).relative_to(folder).as_posix() for name in sorted(skipped)]
        folders[:] = sorted(set(folders).difference(skipped))
        for name in sorted(names):
            path = Path(place, name)
            count += 1
            if count > _MOST_FILES:
                left_out.append(f"what follows {path.relative_to(folder).as_posix()}")
                return
            if not path.is_symlink() and path.is_file():
                yield path.relative_to(folder).as_posix()
            else:
                left_out.append(path.relative_to(folder).as_posix())
