"""Zip archives: the list of members at the end, and single members; nothing is unpacked that is not asked for.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged
from gitreg.formats.packed import Unpacked
from gitreg.formats.readers import Part

MOST_MEMBERS: Final = 50_000
"""Members of an archive that are listed."""

_MOST_TEXT: Final = 8 << 20  # bytes of all names
_TAIL: Final = 22 + (64 << 10)
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_BIG: Final = 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: where its local header is, how it is packed, and its sizes packed and unpacked."""

    name: str
    start: int
    method: int
    packed: int
    size: int
    encrypted: bool


class Archive:
    """A zip archive.

    Args:
        reader: its bytes.

    Attributes:
        doubles: whether members have the same name, small and capital letters alike; programs differ in which of them they read.

    Raises:
        Damaged: it is none, or has more members than are looked at.
    """

    def __init__(self, reader: Reader) -> None:
        """Read the list of members; of two with one name the last counts, as for everybody."""
        self._reader = reader
        members = list(_list_members(reader))
        self.members = {member.name: member for member in members}
        self.doubles = len({name.lower() for name in self.members}) < len(members)

    def find(self, ending: str) -> str | None:
        """Find the shortest name that ends so: frameworks put everything into a folder of any name."""
        found = [name for name in self.members if name == ending or name.endswith(f"/{ending}")]
        return min(found, key=lambda name: (len(name), name), default=None)

    def find_all(self, *names: str) -> list[str]:
        """Find all members that are called so, in any folder, in small or capital letters, in the order of the archive."""
        return [path for path in self.members if path.replace("\\", "/").rpartition("/")[2].lower() in names]

    @property
    def kinds(self) -> list[str]:
        """Say what it could be, by the names of its members; what frameworks write is only one."""
        found = ["torch"] if self.find_all("data.pkl") else []
        found += ["skops"] if "schema.json" in self.members else []
        return found + (["keras"] if {"config.json", "metadata.json"} <= self.members.keys() else [])

    def open(self, name: str) -> Reader:
        """Open a member.

        Raises:
            Damaged: it is not there, is encrypted, or is packed in a way that is not known here.
        """
        member = self.members.get(name)
        if member is None:
            raise Damaged(f"it has no {name!r}")
        if member.encrypted or member.method not in {_STORED, _DEFLATED}:
            raise Damaged(f"{name[:100]!r} is encrypted, or packed in a way that is not known here")
        head = self._reader.read(member.start, _LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise Damaged(f"{name[:100]!r} is not where the list says")
        *_, name_length, extra_length = _LOCAL.unpack(head)
        part = Part(self._reader, member.start + _LOCAL.size + name_length + extra_length, member.packed)
        return part if member.method == _STORED else Unpacked(part, "deflate", member.size)

    def read(self, name: str, most: int) -> bytes:
        """Read a small member whole.

        Raises:
            Damaged: it is not there, or larger than `most`.
        """
        member = self.open(name)
        data = member.read(0, most + 1)
        if len(data) > most:
            raise Damaged(f"{name[:100]!r} has more than {most} bytes, which is more than is looked at")
        return data


def _list_members(reader: Reader) -> Iterator[Member]:
    """List all members."""
    count, size, start = _find_list(reader)
    if count > MOST_MEMBERS:
        raise Damaged(f"it has {count} members, which is more than is looked at")
    cursor, texts = Cursor(reader, start, start + size), 0
    for _ in range(count):
        facts = _ENTRY.unpack(cursor.take(_ENTRY.size))
        if facts[0] != b"PK\x01\x02":
            raise Damaged("its list of members makes no sense")
        flags, method, packed, unpacked = facts[3], facts[4], facts[8], facts[9]
        lengths, place = facts[10:13], facts[16]
        name, extra = cursor.take(lengths[0]), cursor.take(lengths[1])
        cursor.skip(lengths[2])
        texts += len(name)
        if texts > _MOST_TEXT:
            raise Damaged("the names of its members are longer than is looked at")
        unpacked, packed, place = _read_extra(extra, [unpacked, packed, place])
        yield Member(name.decode("utf-8", "replace"), place, method, packed, unpacked, bool(flags & _ENCRYPTED))
    if cursor.left:
        raise Damaged("its list of members is longer than it says")


def _find_list(reader: Reader) -> tuple[int, int, int]:
    """Find the list of members at the end: how many there are, how long it is, where it begins."""
    begin = max(0, reader.size - _TAIL)
    tail = reader.read(begin, _TAIL)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Damaged("it ends early: an archive ends with a list of its members, and this one does not")
    _, _, _, _, count, size, start, _ = _END.unpack_from(tail, place)
    end = begin + place
    locator = tail[max(0, place - _LOCATOR.size) : place]
    if locator.startswith(b"PK\x06\x07"):
        end -= _LOCATOR.size + _END_64.size
        data = reader.read(max(0, end), _END_64.size)
        if len(data) < _END_64.size or not data.startswith(b"PK\x06\x06") or _LOCATOR.unpack(locator)[2] != end:
            raise Damaged("its list of members is nowhere")
        count, size, start = _END_64.unpack(data)[7:10]
    if start + size != end:  # programs differ in which list they believe
        raise Damaged("its list of members is not where it says")
    return count, size, start


def _read_extra(extra: bytes, numbers: list[int]) -> tuple[int, int, int]:
    """Fill in numbers that do not fit into 32 bits, from what stands beside the name."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            field = extra[place + 4 : place + 4 + length]
            for index, number in enumerate(numbers):
                if number == _BIG and len(field) >= 8:  # noqa: PLR2004
                    numbers[index], field = int.from_bytes(field[:8], "little"), field[8:]
        place += 4 + length
    return numbers[0], numbers[1], numbers[2]
