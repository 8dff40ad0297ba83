"""Files that break off, lie, or want to do harm: an answer with notes in any case, in little memory, and nothing is run."""

from __future__ import annotations

import io
import json
import pickle
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.model_files import ModelFile
from gitreg.formats.detect import read_model_file
from tests.formats.samples import names, read, read_sample, sample

MOST_MEMORY = 36 << 20  # a process with nothing but Python takes the rest of 60 MB
SMALL = [name for name in names() if len(sample(name)) <= 4_000]


def measured(data: bytes, name: str) -> tuple[ModelFile, int]:
    """Read a file, and measure what that takes beside the file itself."""
    read(b"", name)
    tracemalloc.start()
    found = read(data, name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, most


class Large:
    """A file of any size that is not there: zeros behind its beginning."""

    def __init__(self, head: bytes, size: int, tail: bytes = b"") -> None:
        self.head, self.size, self.tail = head, size, tail
        self.read_bytes = 0

    def read(self, start: int, length: int) -> bytes:
        stop = min(self.size, start + length)
        self.read_bytes += max(0, stop - start)
        assert stop - start < 64 << 20
        data = self.head[start:stop]
        data += bytes(max(0, min(stop, self.size - len(self.tail)) - start - len(data)))
        return (
            data
            + (self.tail[len(self.tail) - (self.size - start - len(data)) :] if len(data) < stop - start else b"")[: stop - start]
        )


@pytest.mark.parametrize("name", SMALL)
def test_a_file_that_breaks_off_anywhere_is_described_as_far_as_it_goes(name: str) -> None:
    data = sample(name)
    for end in range(len(data)):
        found = read(data[:end], name)
        assert found.size == end


@pytest.mark.parametrize("name", [name for name in names() if name not in SMALL])
def test_a_larger_file_that_breaks_off_is_described_too(name: str) -> None:
    data = sample(name)
    for end in range(0, len(data), max(1, len(data) // 200)):
        assert read(data[:end], name).size == end


@pytest.mark.parametrize("name", ["pipeline-5.pkl", "forest.joblib", "forest.zlib.joblib", "legacy.pt"])
def test_a_pickle_that_breaks_off_is_never_called_safe(name: str) -> None:
    data = sample(name)
    for end in range(64, len(data) - 300, 7):
        assert read(data[:end], name).unsafe


@pytest.mark.parametrize("name", names())
@given(seed=st.integers(0, 1 << 32), count=st.integers(1, 12))
def test_flipped_bytes_raise_nothing(name: str, seed: int, count: int) -> None:
    chance, data = random.Random(seed), bytearray(sample(name))
    for _ in range(count):
        data[chance.randrange(len(data))] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
    assert read(bytes(data), name).size == len(data)


@given(
    head=st.sampled_from([sample(name)[:24] for name in names()]), rest=st.binary(max_size=400), ending=st.sampled_from(names())
)
def test_any_bytes_behind_any_beginning_raise_nothing(head: bytes, rest: bytes, ending: str) -> None:
    assert read(head + rest, ending).size == len(head + rest)


@given(data=st.binary(max_size=300), name=st.sampled_from(names()))
def test_any_bytes_under_any_name_raise_nothing(data: bytes, name: str) -> None:
    assert read(data, name).size == len(data)


class Evil:
    """Runs a program when it is unpickled."""

    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> tuple[object, ...]:  # noqa: D105
        return self.call[0], self.call[1:]


def run(command: str) -> None:
    raise AssertionError(command)


@pytest.mark.parametrize("protocol", range(6))
def test_what_a_pickle_would_run_is_listed_and_not_run(protocol: int) -> None:
    found = read(pickle.dumps({"model": Evil(run, "touch /tmp/x")}, protocol=protocol), "a.pkl")
    assert [name.rpartition(".")[2] for name in found.unsafe] == ["run"]


HIDDEN = {
    "a module from the memo": b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94h\x00h\x01\x93\x8c\x02id\x85R.",
    "a name from an old string": b"(S'posix'\nS'system'\n\x93S'id'\ntR.",
    "a name with an escape": b"S'po\\x73ix'\nS'system'\n\x93S'id'\n\x85R.",
    "two lines": b"cposix\nsystem\n(S'id'\ntR.",
    "an instance": b"(S'id'\niposix\nsystem\n.",
    "an object": b"(cposix\nsystem\nS'id'\no.",
    "an extension": b"\x82\x01)R.",
    "a dotted name": b"\x80\x04\x8c\x05numpy\x8c\x0adtype.exec\x93)R.",
    "a call of what was made": b"\x80\x04\x8c\x07sklearn\x8c\x08Pipeline\x93)R)R.",
    "a number that is taken twice": b"\x80\x04\x8c\x05posixq\x00\x8c\x05numpyq\x000\x94\x8c\x05dtype\x94h\x00h\x01\x93)R.",
    "a name that is no text": b"\x80\x04K\x01K\x02\x93)R.",
    "a function of sklearn": b"\x80\x04\x8c\x10sklearn.datasets\x8c\x0cfetch_openml\x93)R.",
    "a step that nobody knows": b"\x80\x04\xff.",
    "getattr": b"\x80\x04\x8c\x08builtins\x8c\x07getattr\x93)R.",
    "Python 2": b"c__builtin__\neval\n(S'1'\ntR.",
}


@pytest.mark.parametrize("way", HIDDEN)
def test_no_way_to_hide_an_import_makes_a_pickle_safe(way: str) -> None:
    assert read(HIDDEN[way], "a.pkl").unsafe


def test_values_of_an_array_are_looked_at_as_steps_too() -> None:
    """pickle.load would run what joblib.load takes for the values of an array."""
    steps = b"cposix\nsystem\n(S'id'\ntR."
    wrapper = (
        b"\x80\x04\x8c\x13joblib.numpy_pickle\x8c\x11NumpyArrayWrapper\x93)\x81}(\x8c\x05shapeK%c\x85"
        b"\x8c\x05dtype\x8c\x05numpy\x8c\x05dtype\x93\x8c\x02u1\x85Rub"
    ).replace(b"K%c", b"K" + bytes([len(steps)]))
    found = read(wrapper + steps + b".", "a.joblib")
    assert found.format == "joblib"
    assert "posix.system" in found.unsafe


def test_a_very_long_pickle_takes_little_memory_and_is_not_called_safe() -> None:
    text = b"\x8c\x64" + b"x" * 100 + b"\x94"
    for data in (
        b"\x80\x04]" + b"]" * 60_000,
        b"\x80\x04" + b"(" * 100_000,
        b"\x80\x04" + (text + b"0") * 120_000,
        b"\x80\x04" + b"]2" * 90_000,
    ):
        found, most = measured(data, "a.pkl")
        assert most < MOST_MEMORY
        assert found.unsafe


def test_imports_far_behind_are_still_found() -> None:
    """A vocabulary of a million words fills what is kept; the names of modules are read again from the file."""
    words = b"".join(
        (b"(" if number % 1000 == 0 else b"") + b"\x8c\x06%06d\x94K\x01" % number + (b"u" if number % 1000 == 999 else b"")
        for number in range(90_000)
    )
    fresh = b"\x8c\x05posix\x94\x8c\x06system\x94\x93\x940"  # takes the numbers 90,000 to 90,002
    again = b"\x8c\x05posix\x94\x8c\x05popen\x9400j\x93\x5f\x01\x00j\x94\x5f\x01\x00\x93."
    found, most = measured(b"\x80\x04}" + words + fresh + again, "a.pkl")
    assert {"posix.system", "posix.popen"} <= set(found.unsafe)
    assert most < MOST_MEMORY


def bomb(ending: str, content: bytes) -> bytes:
    """Pack a member that unpacks to very much."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ending, content)
    return file.getvalue()


@pytest.mark.parametrize("member", ["schema.json", "a/data.pkl", "weights.npy"])
def test_a_bomb_in_an_archive_takes_little_memory(member: str) -> None:
    for content in (b"[" * (64 << 20), b"\x80\x04" + b"]" * (32 << 20), bytes(64 << 20)):
        found, most = measured(bomb(member, content), "a.zip")
        assert most < MOST_MEMORY
        assert found.notes


@pytest.mark.parametrize("head", [b"\x80\x04" + b"]" * 50_000_000, bytes(100_000_000)])
def test_a_bomb_of_zlib_takes_little_memory(head: bytes) -> None:
    found, most = measured(zlib.compress(head), "a.joblib")
    assert most < MOST_MEMORY
    assert found.unsafe


def test_an_archive_in_an_archive_is_not_opened() -> None:
    found = read(bomb("inner.zip", bomb("data.pkl", pickle.dumps(1))), "a.zip")
    assert found.format == "archive"


LIES: dict[str, Callable[[], object]] = {
    "safetensors": lambda: Large(struct.pack("<Q", 390 << 20) + b"{", 400 << 20),
    "gguf": lambda: Large(b"GGUF\x03\0\0\0" + struct.pack("<QQ", 1 << 62, 1 << 62), 400 << 20),
    "gguf of zeros": lambda: Large(b"GGUF\x03\0\0\0" + struct.pack("<QQ", 50_000, 10_000), 400 << 20),
    "onnx": lambda: Large(b"\x08\x08:" + b"\xff" * 9 + b"\x01", 400 << 20),
    "onnx of zeros": lambda: Large(b"\x08\x08\x12\x00", 400 << 20),
    "npy": lambda: Large(b"\x93NUMPY\x02\x00" + b"\xff" * 4, 400 << 20),
    "cbm": lambda: Large(b"CBM1" + b"\xff" * 4, 400 << 20),
    "h5": lambda: Large(b"\x89HDF\r\n\x1a\n" + bytes([2, 8, 8, 0]) + bytes(24) + struct.pack("<Q", 48), 400 << 20),
    "ubj": lambda: Large(b"{L\0\0\0\0\0\0\0\x07learner[$Z#L" + struct.pack(">q", 1 << 40), 400 << 20),
    "pkl": lambda: Large(b"\x80\x04\x8e" + struct.pack("<Q", 399 << 20), 400 << 20),
    "zip": lambda: Large(b"PK\x03\x04", 400 << 20, b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 65_534, 65_534, 399 << 20, 0, 0)),
    "lightgbm": lambda: Large(b"tree\nversion=v4\n", 400 << 20),
    "json": lambda: Large(b'{"learner":{', 400 << 20),
}  # fmt: skip


@pytest.mark.parametrize("kind", LIES)
def test_a_large_file_that_lies_takes_little_memory_and_time(kind: str) -> None:
    reader = LIES[kind]()
    assert isinstance(reader, Large)
    tracemalloc.start()
    found = read_model_file(reader, f"a.{kind}")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < MOST_MEMORY
    assert found.notes
    assert reader.read_bytes < 64 << 20


@pytest.mark.parametrize(
    ("node", "name"),
    [
        ({"module": "os", "class_name": "function", "config": "system"}, "os.system"),
        ({"module": "keras.utils", "class_name": "get_file", "config": {}}, "keras.utils.get_file"),
        ({"module": "mine", "class_name": "Layer", "config": {}}, "mine.Layer"),
        ({"class_name": "Own", "registered_name": "mine>Own"}, "mine>Own"),
        ({"class_name": "Lambda"}, "code in a layer Lambda"),
    ],
)
def test_what_a_model_of_keras_would_call_is_unsafe(node: dict[str, object], name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"layers": [node]}}))
    assert read(file.getvalue(), "a.keras").unsafe == (name,)


HEADERS = {
    "backslashes": b'{"' + b"\\\\" * 3_000_000,
    "lists": b'{"a":' + b"[" * 6_000_000,
    "many facts": b'{"__metadata__":{' + b",".join(b'"%d":"x"' % number for number in range(200_000)) + b"}}",
    "commas": b"{" + b"," * 6_000_000,
    "many sizes": b'{"a":{"dtype":"F32","shape":[' + b"1," * 30_000 + b'1],"data_offsets":[0,4]}}',
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_hostile_header_of_safetensors_takes_little_memory(kind: str) -> None:
    _, most = measured(struct.pack("<Q", len(HEADERS[kind])) + HEADERS[kind], "a.safetensors")
    assert most < MOST_MEMORY


def test_a_chain_of_calls_takes_little_memory() -> None:
    found, most = measured(b"\x80\x04N" + b"NR\x94" * 300_000, "a.pkl")
    assert most < MOST_MEMORY
    assert found.unsafe


def test_deep_json_is_a_note() -> None:
    for name, member in (("a.skops", "schema.json"), ("a.keras", "config.json")):
        found = read(bomb(member, b"[" * 20_000 + b"]" * 20_000), name)
        assert any("JSON" in note for note in found.notes)


def test_control_characters_stay_text() -> None:
    found = read(sample("churn.onnx").replace(b"gitreg", b"\x1b[31m\n"), "a.onnx")
    assert found.metadata["producer"] == "\x1b[31m\n"


def test_headers_that_announce_more_than_is_there_are_noted() -> None:
    whole = sample("churn.safetensors")
    assert read(whole[:-3], "a.safetensors").notes == ("it ends early: 36 bytes of tensors are announced, and 33 are there",)
    assert read(whole + b"x", "a.safetensors").notes == ("1 bytes at its end belong to no tensor",)
    assert read_sample("churn.safetensors").parameters == read(whole[:-3], "a.safetensors").parameters
