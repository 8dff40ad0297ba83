"""Folders: which of their files could run code when they are loaded, beside the one that says what the model is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from gitreg.core.model_files import ModelFile, Reader
from gitreg.core.words import format_count
from gitreg.errors import GitregError
from gitreg.formats.detect import find_hidden_pickle, read_model_file
from gitreg.formats.draft import Damaged

Others: TypeAlias = Mapping[str, Callable[[], Reader | None]]
"""Files of a folder, by their paths below it; an opener gives None where looking would cost too much."""

_ENDINGS: Final = ("pkl", "pickle", "joblib", "pt", "pth", "bin", "ckpt", "keras", "h5", "hdf5", "npy", "npz", "skops", "pb")
_MOST_FILES: Final = 1_000
_MOST_BYTES: Final = 64 << 20
_PACKED: Final = 2 << 20  # what a compressed file counts at least: its steps are more than its bytes
_MOST_FAULTS: Final = 3
_MOST_NOTES: Final = 20
_SHOWN: Final = 3


def look_at_others(found: ModelFile, files: Others) -> ModelFile:
    """Add what the files of a folder could run to what is known of the model in it.

    Args:
        found: what the file that says the most says.
        files: all of them, that file too: it could be read in another way than it says.
    """
    looked = _look(files)
    notes = [
        f"{path}: loading it could run code: {', '.join(names[:_SHOWN])}{' and more' if len(names) > _SHOWN else ''}"
        for path, names in looked.unsafe.items()
        if not set(names) <= set(found.unsafe)
    ]
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"{format_count(len(notes) - _MOST_NOTES, 'more file')} could run code when loaded"]
    if looked.unread:
        was = "was" if looked.unread == 1 else "were"
        notes.append(f"{format_count(looked.unread, 'file')} of this folder {was} not looked at, and could run code when loaded")
    return replace(
        found,
        imports=tuple(sorted({*found.imports, *looked.imports})),
        unsafe=tuple(sorted({*found.unsafe, *(name for names in looked.unsafe.values() for name in names)})),
        unread=found.unread + looked.unread,
        notes=(*found.notes, *notes),
    )


@dataclass(slots=True)
class _Looked:
    """What was found: imports of all files, what is unsafe by file, and how many were not looked at."""

    imports: set[str] = field(default_factory=set)
    unsafe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: int = 0
    bytes: int = 0


@dataclass(slots=True)
class _Metered:
    """A reader that ends where all files together have had enough."""

    reader: Reader
    looked: _Looked

    @property
    def size(self) -> int:
        """Say how many bytes there are."""
        return self.reader.size

    def read(self, start: int, length: int) -> bytes:
        """Read a part.

        Raises:
            Damaged: there was enough.
        """
        if self.looked.bytes > _MOST_BYTES:
            raise Damaged("more bytes than are looked at")
        data = self.reader.read(start, length)
        self.looked.bytes += len(data)
        return data


def _look(files: Others) -> _Looked:
    """Look at files, those with the ending of a dangerous format first, until there was enough."""
    looked, faults = _Looked(), 0
    for number, path in enumerate(_rank(files)):
        if number >= _MOST_FILES or faults >= _MOST_FAULTS or looked.bytes > _MOST_BYTES:
            looked.unread += len(files) - number
            break
        try:
            reader = files[path]()
            if reader is not None:
                _look_at(path, _Metered(reader, looked))
        except GitregError:
            faults, reader = faults + 1, None
        looked.unread += reader is None
    return looked


def _look_at(path: str, reader: _Metered) -> None:
    """Look at one file: as what it says it is, and as the pickle that it could be too."""
    looked = reader.looked
    file = read_model_file(reader, path)
    looked.bytes += _PACKED if file.format == "joblib" else 0
    hidden = find_hidden_pickle(reader) if file.format not in {"joblib", "pickle"} else None
    unsafe = {*file.unsafe, *(hidden.unsafe if hidden else ())}
    looked.imports.update(file.imports, hidden.imports if hidden else ())
    if unsafe:
        looked.unsafe[path] = tuple(sorted(unsafe))


def _rank(files: Iterable[str]) -> list[str]:
    """Sort by how likely it is that a file runs code, as its name goes."""
    return sorted(files, key=lambda path: (path.lower().rpartition(".")[2] not in _ENDINGS, path.count("/"), path))
