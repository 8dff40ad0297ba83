"""Archives that programs read in different ways, and files that would take long or much: the worst that they could be is told."""

from __future__ import annotations

import io
import json
import pickle
import struct
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.render.inspections import describe_loading
from tests.formats.samples import read, sample

EVIL = b"cposix\nsystem\n(X\x02\x00\x00\x00idtR."
PLAIN = pickle.dumps({"a": 1}, 2)


def pack(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    "decoy", ["a/data.pkl", "archive/data.PKL", "schema.json", "config.json", "x.npy", "archive/constants.pkl"]
)
@pytest.mark.parametrize("name", ["archive/data.pkl", "archive/DATA.PKL", "data.pkl", "archive/code/data.pkl"])
@pytest.mark.parametrize("is_first", [True, False])
def test_every_pickle_that_pytorch_could_take_is_read(decoy: str, name: str, is_first: bool) -> None:  # noqa: FBT001
    beside = [(decoy, PLAIN if decoy.lower().endswith("pkl") else b"{}"), ("metadata.json", b"{}")]
    members = [(name, EVIL), *beside] if is_first else [*beside, (name, EVIL)]
    assert "posix.system" in read(pack(("archive/version", b"3\n"), *members), "a.pt").unsafe


@given(
    names=st.lists(
        st.sampled_from(
            ["a/data.pkl", "data.pkl", "a/DATA.pkl", "schema.json", "config.json", "metadata.json", "a/version", "b.npy"]
        ),
        min_size=1,
        unique=True,
    ),
    place=st.integers(0, 8),
    ending=st.sampled_from(["pt", "skops", "keras", "npz", "zip", "bin"]),
)
def test_no_archive_with_a_pickle_that_runs_something_is_called_harmless(names: list[str], place: int, ending: str) -> None:
    members = [(name, PLAIN if name.lower().endswith("pkl") else b"{}") for name in names]
    members.insert(place, ("archive/data.pkl", EVIL))
    assert read(pack(*members), f"a.{ending}").unsafe


def test_an_archive_of_pytorch_without_a_pickle_is_not_called_harmless() -> None:
    assert read(pack(("archive/version", b"3\n"), ("archive/data/0", b"")), "a.pt").unsafe
    assert describe_loading(read(pack(("archive/version", b"3\n")), "a.zip")) == ""


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_not_called_harmless() -> None:
    assert read(pack(("a/data.pkl", EVIL), ("a/data.pkl", PLAIN)), "a.pt").unsafe


def test_a_list_of_members_that_is_not_the_one_at_the_end_is_not_believed() -> None:
    good, evil = pack(("a/data.pkl", PLAIN)), pack(("a/data.pkl", EVIL))
    assert describe_loading(read(good[:-22] + evil[:-22] + good[-22:], "a.pt")) in {"", "may run code"}
    short = bytearray(pack(("a/data.pkl", PLAIN), ("b/data.pkl", EVIL)))
    short[-14:-10] = struct.pack("<HH", 1, 1)
    assert describe_loading(read(bytes(short), "a.pt")) in {"", "may run code"}


def test_the_last_pickle_of_an_old_file_of_pytorch_is_read() -> None:
    magic = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
    head = magic + pickle.dumps(1001, 2) + pickle.dumps({}, 2) + PLAIN
    assert read(head + EVIL, "a.pt").unsafe == ("posix.system",)
    assert read(head + pickle.dumps([], 2), "a.pt").unsafe == ()
    assert read(head, "a.pt").unsafe


@pytest.mark.parametrize(
    ("module", "function", "is_safe"),
    [
        ("builtins", "eval", False),
        ("builtins", "getattr", False),
        ("numpy", "load", False),
        ("numpy", "fromfile", False),
        ("scipy.sparse", "load_npz", False),
        ("collections", "abc", False),
        ("numpy", "log1p", True),
        ("scipy.sparse._csr", "csr_matrix", True),
    ],
)
def test_functions_that_skops_does_not_trust_by_itself_are_unsafe(module: str, function: str, is_safe: bool) -> None:  # noqa: FBT001
    node = {
        "__class__": "function",
        "__module__": "builtins",
        "__loader__": "FunctionNode",
        "content": {"module_path": module, "function": function},
    }
    found = read(pack(("schema.json", json.dumps(node).encode())), "a.skops")
    assert found.unsafe == (() if is_safe else (f"{module}.{function}",))


@pytest.mark.parametrize("name", ["array.npy", "arrays.npz", "pipeline.skops", "churn.keras", "churn.h5", "state.pt"])
def test_what_breaks_off_and_could_run_code_is_not_called_harmless(name: str) -> None:
    data = sample(name)
    for end in range(16, len(data) - 1, max(1, len(data) // 40)):
        said = describe_loading(read(data[:end], name))
        assert said != "imports only what is known to be harmless"
        assert name in {"array.npy", "churn.h5"} or said != "runs no code"


def hdf5(objects: int, messages: int) -> bytes:
    """Write a group whose objects all go on in one block of messages."""

    def numbers(*values: int) -> bytes:
        return struct.pack(f"<{len(values)}Q", *values)

    def message(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + bytes(4) + data

    def header(data: bytes) -> bytes:
        return b"\x01" + bytes(7) + struct.pack("<I", len(data)) + bytes(4) + data

    block = message(1, bytes([1, 32]) + bytes(6) + numbers(*[1] * 32)) * messages
    start = b"\x89HDF\r\n\x1a\n" + bytes(5) + bytes([8, 8]) + bytes(9)
    root = len(start) + 48
    heap, tree, leaf = root + 40, root + 72, root + 112
    shared = leaf + 8 + objects * 40
    names = shared + len(block)
    first = names + 8
    data = start + numbers(0, 0, 0, 0, 0, root) + header(message(0x11, numbers(tree, heap)))
    data += b"HEAP" + bytes(20) + numbers(names)
    data += b"TREE" + bytes(2) + struct.pack("<H", 1) + bytes(16) + numbers(0, leaf)
    data += b"SNOD" + bytes(2) + struct.pack("<H", objects)
    data += b"".join(numbers(0, first + number * 40) + bytes(24) for number in range(objects))
    return data + block + b"a" + bytes(7) + header(message(0x10, numbers(shared, len(block)))) * objects


def test_objects_of_hdf5_that_share_very_many_messages_are_read_up_to_a_limit() -> None:
    assert read(hdf5(3, 10), "a.h5").notes == ()
    begin = time.process_time()
    found = read(hdf5(2_000, 3_990), "a.h5")
    assert time.process_time() - begin < 30
    assert describe_loading(found) == "runs no code, as far as it was looked at"


def test_a_header_of_safetensors_with_wide_signs_takes_limited_memory() -> None:
    header = '{"\U0001f600":"'.encode() + b"x" * ((8 << 20) - 32)
    data = struct.pack("<Q", len(header)) + header
    read(b"", "a.safetensors")
    tracemalloc.start()
    read(data, "a.safetensors")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 120 << 20
