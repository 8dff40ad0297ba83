"""CatBoost: a flatbuffer behind a magic word and its length.

https://github.com/catboost/catboost/tree/master/catboost/libs/model/flatbuffers
"""

from __future__ import annotations

import re
from typing import Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.json_texts import parse_json
from gitreg.formats.readers import Part

_VERSION: Final = re.compile(r"(?:tags/v|CatBoost release )([0-9]{1,5}(?:\.[0-9]{1,5}){1,3})")
_START: Final = 8
_LONGEST_TEXT: Final = 64 << 10
_MOST_FEATURES: Final = 10_000
_TREES: Final = 1
_FACTS: Final = 2
_APPROXIMATIONS, _SIZES, _CATEGORIES, _FLOATS, _TEXTS = 0, 2, 4, 5, 12


def read_catboost(reader: Reader, draft: Draft) -> None:
    """Read features and facts.

    Raises:
        Damaged: it breaks off, or points to where nothing is.
    """
    draft.framework = "catboost"
    size = int.from_bytes(reader.read(4, 4), "little")
    if size > reader.size - _START:
        draft.note(f"it ends early: {size} bytes are announced, and {max(reader.size - _START, 0)} are there")
    buffer = _Buffer(Part(reader, _START, size))
    core = buffer.table(buffer.follow(0))
    for pair in buffer.tables(core.get(_FACTS)):
        _read_fact(buffer.text(pair.get(0)), buffer.text(pair.get(1)), draft)
    if _TREES not in core:
        raise Damaged("it has no trees")
    trees = buffer.table(buffer.follow(core[_TREES]))
    features = [
        *((buffer.number(found.get(2)), _feature(buffer, found, 4, "float32")) for found in buffer.tables(trees.get(_FLOATS))),
        *(
            (buffer.number(found.get(1)), _feature(buffer, found, 2, "category"))
            for found in buffer.tables(trees.get(_CATEGORIES))
        ),
        *((buffer.number(found.get(1)), _feature(buffer, found, 2, "string")) for found in buffer.tables(trees.get(_TEXTS))),
    ]
    draft.inputs = [tensor for _, tensor in sorted(features, key=lambda found: found[0])]
    width = buffer.number(trees.get(_APPROXIMATIONS), 1)
    draft.outputs = [Tensor(name="prediction", type="float64", shape=(None,) if width == 1 else (None, width))]
    if _SIZES in trees:
        draft.tell("trees", buffer.number(buffer.follow(trees[_SIZES])))


def _feature(buffer: _Buffer, table: dict[int, int], name: int, kind: str) -> Tensor:
    """Name a feature, by its place where it has no name."""
    place = buffer.number(table.get(2 if kind == "float32" else 1))
    return Tensor(name=buffer.text(table.get(name)) or str(place), type=kind)


def _read_fact(name: str, value: str, draft: Draft) -> None:
    """Keep a fact; the version stands among others in a text."""
    if name == "catboost_version_info":
        version = _VERSION.search(value)
        draft.framework_version = version[1] if version else None
    elif name == "params":
        found = parse_json(value.encode(), "its parameters")
        loss = found.get("loss_function") if isinstance(found, dict) else None
        draft.tell("loss_function", loss.get("type") if isinstance(loss, dict) else None)
    elif name in {"model_guid", "train_finish_time"}:
        draft.tell(name, value)


class _Buffer:
    """A flatbuffer: tables whose fields are found through offsets.

    https://flatbuffers.dev/internals/

    Args:
        reader: its bytes.
    """

    def __init__(self, reader: Reader) -> None:
        """Read nothing yet."""
        self._reader = reader
        self._left = _MOST_FEATURES

    def number(self, place: int | None, otherwise: int = 0, *, size: int = 4) -> int:
        """Read a number; the default where there is no such field.

        Raises:
            Damaged: nothing is there.
        """
        if place is None:
            return otherwise
        data = self._reader.read(place, size) if place >= 0 else b""
        if len(data) < size:
            raise Damaged(f"it points to byte {place}, where nothing is")
        return int.from_bytes(data, "little", signed=size == 4)  # noqa: PLR2004

    def follow(self, place: int) -> int:
        """Follow an offset."""
        return place + self.number(place)

    def table(self, place: int) -> dict[int, int]:
        """Find the fields of a table: where each is, by its number."""
        rows = place - self.number(place)
        length = self.number(rows, size=2)
        offsets = [self.number(rows + 4 + 2 * index, size=2) for index in range(min((length - 4) // 2, 64))]
        return {index: place + offset for index, offset in enumerate(offsets) if offset}

    def tables(self, place: int | None) -> list[dict[int, int]]:
        """Find the tables of a list; of very many the first."""
        if place is None:
            return []
        start = self.follow(place)
        count = min(max(self.number(start), 0), self._left)
        self._left -= count
        return [self.table(self.follow(start + 4 + 4 * index)) for index in range(count)]

    def text(self, place: int | None) -> str:
        """Read a text; empty where there is none."""
        if place is None:
            return ""
        start = self.follow(place)
        length = min(max(self.number(start), 0), _LONGEST_TEXT)
        return self._reader.read(start + 4, length).decode("utf-8", "replace")
