from __future__ import annotations

import pytest

from gitreg.core.contents import Contents, Item, Ranged, no_advance
from gitreg.core.entries import PointerKind


def item(path: str = "", *, hash: str | None = "md5:00", size: int | None = 3) -> Item:
    return Item(path=path, hash=hash, size=size, key="k")


def contents(*items: Item, total: int | None = None) -> Contents:
    return Contents(kind=PointerKind.DVC, path="model", items=items, is_folder=len(items) != 1, total=total)


def test_contents_are_verified_where_every_file_has_a_hash() -> None:
    assert contents(item("a"), item("b")).verified
    assert not contents(item("a"), item("b", hash=None)).verified


def test_the_size_of_a_folder_is_that_of_its_files() -> None:
    assert contents(item("a"), item("b", size=4)).size == 7
    assert contents().size == 0


def test_where_a_file_has_no_size_the_pointer_says_that_of_the_whole() -> None:
    assert contents(item("a"), item("b", size=None), total=9).size == 9
    assert contents(item(size=None)).size is None


def test_a_place_of_whose_bytes_parts_can_be_read_is_known_by_its_method() -> None:
    class Whole:
        def size(self, key: str) -> int | None:
            return len(key)

    class Parts(Whole):
        def read_range(self, key: str, start: int, length: int) -> bytes:
            return key.encode()[start : start + length]

    assert isinstance(Parts(), Ranged)
    assert not isinstance(Whole(), Ranged)


def test_progress_that_nobody_wants_is_taken_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    no_advance(1)
    assert capfd.readouterr() == ("", "")
