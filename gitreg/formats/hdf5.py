"""HDF5: groups, the attributes of objects, and the shapes of datasets; no values of datasets.

Only what libraries of models write: superblocks 0 to 3, object headers 1 and 2, groups as B-trees or as links in the header.
https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged
from gitreg.formats.hdf5_attributes import Attribute, parse_attribute, parse_shape, parse_type

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_SHAPE, _LINK_LIST, _TYPE, _LINK, _ATTRIBUTE, _MORE, _SYMBOLS, _MANY_ATTRIBUTES = 0x01, 0x02, 0x03, 0x06, 0x0C, 0x10, 0x11, 0x15
_MOST_MESSAGES: Final = 4_000
_MOST_IN_ALL: Final = 300_000  # objects can share what is expensive to read
_MOST_OBJECTS: Final = 100_000
_LARGEST_TEXT: Final = 8 << 20
_LONGEST_NAME: Final = 4_096
_NOWHERE: Final = frozenset({(1 << 64) - 1, (1 << 32) - 1})
_SIZES: Final = frozenset({4, 8})


@dataclass(slots=True)
class Node:
    """A group or dataset: its attributes, what it holds by name, and for a dataset its shape and type."""

    attributes: list[Attribute] = field(default_factory=list)
    children: list[tuple[str, int]] = field(default_factory=list)
    shape: tuple[int, ...] | None = None
    type: str | None = None
    is_whole: bool = True


class Hdf5:
    """A file of HDF5.

    Args:
        reader: its bytes.

    Raises:
        Damaged: it is none, or of a kind that is not known here.
    """

    def __init__(self, reader: Reader) -> None:
        """Read the superblock."""
        self._reader = reader
        self._objects = 0
        self._messages_read = 0
        head = Cursor(reader)
        if head.take(8) != SIGNATURE:
            raise Damaged("it is no file of HDF5")
        version = head.number(1)
        if version > 3:  # noqa: PLR2004
            raise Damaged(f"its superblock has the version {version}, which is not known")
        head.skip(4 if version < 2 else 0)  # noqa: PLR2004
        self._address, self._length = head.number(1), head.number(1)
        if not {self._address, self._length} <= _SIZES:
            raise Damaged("its superblock makes no sense")
        head.skip({0: 9, 1: 13}.get(version, 1))
        self._base = head.number(self._address)
        head.skip(self._address * (4 if version < 2 else 2))  # noqa: PLR2004
        self.root = head.number(self._address)

    def read(self, address: int) -> Node:
        """Read what is at an address.

        Raises:
            Damaged: it is no object, or there were too many.
        """
        self._objects += 1
        if self._objects > _MOST_OBJECTS:
            raise Damaged(f"it has more than {_MOST_OBJECTS} objects")
        node = Node()
        for kind, data in self._messages(address):
            self._take_message(node, kind, data)
        return node

    def text(self, attribute: Attribute) -> str | None:
        """Give the text of an attribute; None for one that is no text.

        Raises:
            Damaged: it is not where the attribute says.
        """
        if attribute.text is not None:
            return attribute.text
        data = attribute.elsewhere
        if data is None or len(data) < 8 + self._address:
            return None
        place = int.from_bytes(data[4 : 4 + self._address], "little")
        wanted = int.from_bytes(data[4 + self._address : 8 + self._address], "little")
        return self._find_text(place, wanted)

    def _find_text(self, place: int, wanted: int) -> str:
        """Find a text in a global heap."""
        cursor = self._at(place)
        if cursor.take(4) != b"GCOL":
            raise Damaged(f"no heap is at byte {place}")
        cursor.skip(4)
        end = cursor.position - 8 + cursor.number(self._length)
        for _ in range(_MOST_MESSAGES):
            if cursor.position >= end:
                break
            number = cursor.number(2)
            cursor.skip(6)
            size = cursor.number(self._length)
            if number == wanted and size <= _LARGEST_TEXT:
                return cursor.take(size).decode("utf-8", "replace").rstrip("\0")
            cursor.skip(-(-size // 8) * 8)
        raise Damaged(f"the heap at byte {place} has no number {wanted}")

    def _at(self, place: int, length: int | None = None) -> Cursor:
        """Go to an address."""
        start = self._base + place
        return Cursor(self._reader, start, None if length is None else start + length)

    def _messages(self, address: int) -> Iterator[tuple[int, bytes]]:
        """Go through the messages of an object header."""
        cursor = self._at(address)
        sign = cursor.take(4)
        is_new = sign == b"OHDR"
        if not is_new and sign[0] != 1:
            raise Damaged(f"no object is at byte {address}")
        if is_new:
            cursor.skip(1)
            flags = cursor.number(1)
            cursor.skip((16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0))
            size = cursor.number(1 << (flags & 3))
        else:
            flags = 0
            cursor.skip(4)
            size = cursor.number(4)
            cursor.skip(4)
        blocks = [(cursor.position - self._base, size)]
        count = 0
        for place, length in blocks:
            for kind, data in self._block(place, length, flags if is_new else None):
                count += 1
                self._messages_read += 1
                if self._messages_read > _MOST_IN_ALL:
                    raise Damaged(f"it has more than {_MOST_IN_ALL} messages, of which no more are read")
                if count > _MOST_MESSAGES:
                    raise Damaged(f"the object at byte {address} has more than {_MOST_MESSAGES} messages")
                if kind == _MORE and len(data) >= self._address + self._length:
                    start = int.from_bytes(data[: self._address], "little")
                    rest = int.from_bytes(data[self._address : self._address + self._length], "little")
                    blocks.append((start + 4, rest - 8) if is_new else (start, rest))
                else:
                    yield kind, data

    def _block(self, place: int, length: int, flags: int | None) -> Iterator[tuple[int, bytes]]:
        """Go through the messages of one block."""
        cursor = self._at(place, max(length, 0))
        head = 8 if flags is None else 6 if flags & 4 else 4
        while cursor.left >= head:
            kind = cursor.number(2 if flags is None else 1)
            size = cursor.number(2)
            cursor.skip(head - (4 if flags is None else 3))
            yield kind, cursor.take(size)

    def _take_message(self, node: Node, kind: int, data: bytes) -> None:
        """Take in what a message says of an object."""
        if kind == _SHAPE:
            node.shape = parse_shape(data, self._length)
        elif kind == _TYPE:
            node.type = parse_type(data)
        elif kind == _ATTRIBUTE:
            node.attributes.append(parse_attribute(data))
        elif kind == _SYMBOLS and len(data) >= 2 * self._address:
            tree, heap = data[: self._address], data[self._address : 2 * self._address]
            node.children += self._list_tree(int.from_bytes(tree, "little"), int.from_bytes(heap, "little"))
        elif kind == _LINK:
            node.children += self._read_link(data)
        elif kind in {_LINK_LIST, _MANY_ATTRIBUTES}:
            node.is_whole &= data[-2 * self._address :][: self._address] == b"\xff" * self._address

    def _read_link(self, data: bytes) -> Iterator[tuple[str, int]]:
        """Read a link of a group; only those to objects of this file."""
        flags = data[1] if len(data) > 1 else 0
        place = 2
        kind = data[place] if flags & 8 and len(data) > place else 0
        place += (1 if flags & 8 else 0) + (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
        width = 1 << (flags & 3)
        length = int.from_bytes(data[place : place + width], "little")
        name = data[place + width : place + width + length]
        address = data[place + width + length :][: self._address]
        if kind == 0 and len(address) == self._address:
            yield name.decode("utf-8", "replace"), int.from_bytes(address, "little")

    def _list_tree(self, tree: int, heap: int) -> Iterator[tuple[str, int]]:
        """List the members of a group that is kept in a B-tree, with names in a heap."""
        cursor = self._at(heap)
        if cursor.take(4) != b"HEAP":
            raise Damaged(f"no heap is at byte {heap}")
        cursor.skip(4 + 2 * self._length)
        names = cursor.number(self._address)
        waiting, seen = [tree], set[int]()
        while waiting:
            place = waiting.pop()
            if place in seen or place in _NOWHERE or len(seen) > _MOST_OBJECTS:
                continue
            seen.add(place)
            cursor = self._at(place)
            sign = cursor.take(4)
            if sign == b"SNOD":
                yield from self._list_symbols(cursor, names)
            elif sign == b"TREE":
                waiting += self._list_branches(cursor)
            else:
                raise Damaged(f"no part of a group is at byte {place}")

    def _list_branches(self, cursor: Cursor) -> list[int]:
        """List the branches of a node of a B-tree."""
        cursor.skip(2)
        count = cursor.number(2)
        cursor.skip(2 * self._address)
        found = []
        for _ in range(count):
            cursor.skip(self._length)
            found.append(cursor.number(self._address))
        return found

    def _list_symbols(self, cursor: Cursor, names: int) -> Iterator[tuple[str, int]]:
        """List the members in a leaf."""
        cursor.skip(2)
        for _ in range(cursor.number(2)):
            name, address = cursor.number(self._address), cursor.number(self._address)
            cursor.skip(24)
            data = self._reader.read(self._base + names + name, _LONGEST_NAME)
            yield data.partition(b"\0")[0].decode("utf-8", "replace"), address
