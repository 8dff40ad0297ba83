"""Steps of pickles that stand where a reader jumps over: behind the size of an array, the end of a frame, a header."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.samples import read

EVIL = b"cposix\nsystem\n(X\x02\x00\x00\x00idtR."


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def state(*parts: bytes, size: int = -1, align: int = -1, flags: int = 0) -> bytes:
    names, fields = parts or (b"N", b"N")
    return b"(" + number(3) + text("|") + b"N" + names + fields + number(size) + number(align) + number(flags) + b"tb"


def dtype(name: str, told: bytes = b"") -> bytes:
    return b"cnumpy\ndtype\n(" + text(name) + b"\x89\x88tR" + told


CLASS = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n"
NEW = CLASS + b")\x81"


def facts(kind: bytes, count: int, more: bytes = b"") -> bytes:
    start = b"}(" + text("subclass") + b"cnumpy\nndarray\n" + text("shape") + number(count) + b"\x85"
    return start + text("order") + text("C") + text("dtype") + kind + text("allow_mmap") + b"\x89" + more + b"u"


def array(kind: bytes, count: int, values: bytes, make: bytes = NEW) -> bytes:
    return b"\x80\x02" + make + facts(kind, count) + b"b" + values


def hide(length: int) -> bytes:
    """Fill an array, so that whoever jumps over too little takes the steps behind it for bytes."""
    return b"N" * (length - 5) + b"B" + struct.pack("<I", len(EVIL)) + EVIL + b"."


F8 = dtype("f8", state())
PART = b"}" + text("a") + dtype("O8", state(flags=63)) + number(0) + b"\x86s"
ARRAYS = {
    "a letter without a size": array(dtype("d", state()), 1, hide(8)),
    "a word": array(dtype("float64", state()), 2, b"N." + hide(14)),
    "a size that its state changes": array(dtype("V1", state(size=9, align=1)), 1, b"N" + hide(8)),
    "a text whose size its state changes": array(dtype("U2", state(size=9, align=1)), 1, b"N" + hide(8)),
    "a state that is told twice": array(dtype("V9", state(size=9, align=1) + state(size=1, align=1)), 1, hide(9)),
    "no state": array(dtype("f8"), 1, hide(8)),
    "objects by flags": array(dtype("V99", state(size=99, align=1, flags=63)), 1, EVIL.ljust(99, b"\0") + b"."),
    "objects that flags deny": array(dtype("O8", state(flags=0)), 1, hide(8)),
    "objects in a structure that flags deny": array(dtype("V8", state(text("a") + b"\x85", PART, size=8, align=1)), 1, hide(8)),
    "a wrapper by a call": array(F8, 1, hide(8), CLASS + b")R"),
    "a wrapper with names": array(F8, 1, hide(8), CLASS + b")}\x92" + b"}\x92"),
    "a wrapper of copyreg": array(F8, 1, hide(8), b"ccopyreg\n__newobj_ex__\n(" + CLASS + b")}tR"),
    "a wrapper of a list": array(F8, 1, hide(8), b"ccopyreg\n__newobj__\n](" + CLASS + b"eR"),
    "a wrapper in a scalar": array(
        F8, 1, hide(8), b"cnumpy.core.multiarray\nscalar\n(" + dtype("O8", state(flags=63)) + NEW + b"tR"
    ),
    "a wrapper of an instance": array(F8, 1, hide(8), b"(ijoblib.numpy_pickle\nNumpyArrayWrapper\n"),
    "a wrapper from the memo": array(F8, 1, bytes(8) + b"0h\x07" + facts(F8, 1) + b"b" + hide(8), NEW + b"q\x07"),
    "a wrapper that is doubled": array(F8, 1, bytes(8) + b"0" + facts(F8, 1) + b"b" + hide(8), NEW + b"2"),
    "a state in two parts": b"\x80\x02" + NEW + b"N" + facts(F8, 1) + b"\x86b" + hide(8),
    "a name that is no plain text": b"\x80\x02" + NEW + facts(F8, 1, b"V\\u0064type\n" + dtype("i1", state())) + b"b" + hide(8),
    "one more fact": b"\x80\x02" + NEW + facts(F8, 1, text("read") + b"N") + b"b" + hide(8),
}


@pytest.mark.parametrize("pack", [bytes, zlib.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("way", ARRAYS)
def test_steps_behind_an_array_of_an_unusual_kind_are_never_called_harmless(way: str, pack: type[bytes]) -> None:
    assert read(pack(ARRAYS[way]), "a.joblib").unsafe


def test_an_array_as_joblib_writes_it_is_jumped_over() -> None:
    found = read(array(F8, 2, bytes(16) + b"."), "a.joblib")
    assert (found.format, found.unsafe, found.notes) == ("joblib", (), ())


@given(
    name=st.from_regex(r"[<>|=]?[a-zA-Z?][0-9]{0,3}", fullmatch=True) | st.text(max_size=9),
    size=st.integers(-2, 99),
    flags=st.integers(-1, 64),
    count=st.integers(0, 3),
)
def test_whatever_a_type_says_of_itself_steps_behind_it_are_found(name: str, size: int, flags: int, count: int) -> None:
    kind = dtype(name.encode("ascii", "ignore").decode(), state(size=size, flags=flags))
    assert read(zlib.compress(array(kind, count, EVIL * 20)), "a.joblib").unsafe


FRAMES = {
    "a name over the end": b"\x80\x04\x95" + struct.pack("<Q", 11) + b"csklearn.x.subprocess\nPopen\n)R.",
    "a text over the end": b"\x80\x04\x95" + struct.pack("<Q", 4) + b"\x8c\x07sklearn0N.",
    "a frame in a frame": b"\x80\x04\x95" + struct.pack("<Q", 12) + b"N0\x95" + struct.pack("<Q", 2) + b"N.",
    "an end before that of the frame": b"\x80\x04\x95" + struct.pack("<Q", 9) + b"N." + EVIL,
}


@pytest.mark.parametrize("way", FRAMES)
def test_a_frame_that_does_not_end_where_a_step_does_is_not_understood(way: str) -> None:
    assert "steps that go over the end of a frame" in read(FRAMES[way], "a.pkl").unsafe


def test_a_class_that_is_told_a_state_is_not_called_harmless() -> None:
    assert read(b"\x80\x02csklearn.pipeline\nPipeline\n}b.", "a.pkl").unsafe


def test_values_that_pickle_alone_would_run_are_found_though_their_names_are_written_with_escapes() -> None:
    steps = b"S'po\\x73ix'\nS'system'\n\x93S'id'\n\x85R."
    assert read(array(dtype("u1", state()), len(steps), steps + b"."), "a.joblib").unsafe


def npy(header: str) -> bytes:
    head = header.encode() + b"  \n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + EVIL


HEADERS = [
    f"{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}"
    for descr in (
        "'|O'", "'O'", '"|O"', "'object'", "'|' 'O'", "'\\x7cO'", "[('a', '|O')]", '[("a", "|O")]', "[('a', [('b', 'O')])]",
        "[('a', ('O', (2,)))]", "'f8,O'", "'f8, O8'", "{'names': ['a'], 'formats': ['O']}", "b'O'", "None", "[]*2", "'object_'",
    )
] + [
    "{'shape': (1,), 'descr': '|O', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'descr': '|O'}",
    "{'descr': '|O'}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} or {}",
    "(" * 5_000,
    "-" * 60_000,
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_a_header_of_numpy_that_is_not_known_to_have_no_objects_is_unsafe(header: str) -> None:
    assert read(npy(header), "a.npy").unsafe


@pytest.mark.parametrize(
    "descr", ["'<f8'", "'|b1'", "'<U3'", "'|S2'", "'|V5'", "'<M8[ns]'", "[('a', '<f8', (2,)), ('b', [('c', '|u1')])]"]
)
def test_a_header_of_plain_values_runs_no_code(descr: str) -> None:
    found = read(npy(f"{{'descr': {descr}, 'fortran_order': False, 'shape': (2L, 1), }}"), "a.npy")
    assert (found.unsafe, found.notes) == ((), ())


@pytest.mark.parametrize("name", ["a.npy", "a", "a.NPY", "folder/a.txt"])
def test_every_member_of_an_archive_that_numpy_would_read_is_looked_at(name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("plain.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"))
        archive.writestr(name, npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"))
    assert read(file.getvalue(), "a.npz").unsafe == ("a pickle in an array of objects",)


def test_a_member_that_is_packed_in_an_unknown_way_is_not_called_harmless() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"))
    assert read(file.getvalue(), "a.npz").unsafe


PLAIN = pickle.dumps({"a": 1})
ORDERED = pickle.dumps(OrderedDict(a=1))


@pytest.mark.parametrize("name", ["a.pkl", "a.joblib", "a.pkl.gz"])
@pytest.mark.parametrize("between", [0, 1, 500])
def test_a_pickle_that_runs_something_is_found_behind_any_number_of_harmless_ones(name: str, between: int) -> None:
    data = PLAIN * (between + 1) + EVIL
    found = read(zlib.compress(data) if name.endswith("gz") else data, name)
    assert found.unsafe == ("posix.system",)
    size = "more bytes" if name.endswith("gz") else f"{len(data) - len(PLAIN)} bytes"
    assert found.notes == (f"{size} follow behind the end of the first pickle: whoever calls pickle.load again loads them, too",)


def test_harmless_pickles_behind_a_harmless_one_stay_harmless_and_are_told() -> None:
    found = read(PLAIN + ORDERED * 3, "a.pkl")
    assert (found.imports, found.unsafe, len(found.notes)) == (("collections.OrderedDict",), (), 1)


def test_a_plain_pickle_has_nothing_behind_it() -> None:
    assert (read(PLAIN, "a.pkl").notes, read(zlib.compress(PLAIN), "a.pkl").notes) == ((), ())


@pytest.mark.parametrize("rest", [b"\n", bytes(100), b"~"])
def test_bytes_behind_a_pickle_that_are_none_are_told_and_harm_nobody(rest: bytes) -> None:
    found = read(PLAIN + rest, "a.pkl")
    count = f"{len(rest)} bytes follow" if len(rest) > 1 else "1 byte follows"
    assert (found.unsafe, found.notes) == ((), (f"{count} behind the end of the pickle, and no other pickle begins there",))


FOLLOWING = {
    "one that breaks off": PLAIN[:-1],
    "a name of the first one": b"h\x00h\x01\x93)R.",
    "an array of joblib": array(dtype("f8", state()), 1, hide(8)),
    "very many": b"N." * 20_000,
    "one that runs something before it breaks off": EVIL[:-1] + b"\xff",
}


@pytest.mark.parametrize("what", FOLLOWING)
def test_what_follows_a_pickle_and_is_not_understood_is_not_called_harmless(what: str) -> None:
    assert read(PLAIN + FOLLOWING[what], "a.pkl").unsafe


@given(
    st.lists(st.sampled_from([PLAIN, ORDERED, pickle.dumps([1.5] * 9, protocol=2)]), min_size=1, max_size=6), st.integers(0, 6)
)
def test_wherever_it_stands_a_pickle_that_runs_something_makes_a_file_of_pickles_unsafe(parts: list[bytes], place: int) -> None:
    assert read(b"".join(parts), "a.pkl").unsafe == ()
    assert read(b"".join([*parts[:place], EVIL, *parts[place:]]), "a.pkl").unsafe == ("posix.system",)
