"""The list of a folder: what is believed of it, and that it is DVC's."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.errors import Unanswerable
from gitreg.storage.manifest import Listed, check_paths, format_manifest, hash_manifest, parse_manifest

MD5 = "0123456789abcdef0123456789abcdef"
PARTS = st.text(st.sampled_from("abcXYZ019_-. é中"), min_size=1, max_size=6).filter(lambda part: part.strip(". ") == part)
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)


def manifest(*paths: str) -> bytes:
    return json.dumps([{"md5": MD5, "relpath": path} for path in paths]).encode()


@given(st.lists(PATHS, max_size=8, unique=True))
def test_what_is_written_is_read_again_or_was_refused_before(paths: list[str]) -> None:
    files = [Listed(path, MD5) for path in paths]
    try:
        check_paths(paths, "data")
    except Unanswerable:
        with pytest.raises(Unanswerable):
            parse_manifest(format_manifest(files), "data")
    else:
        assert sorted(parse_manifest(format_manifest(files), "data")) == sorted(files)


@given(st.permutations(["b", "a/b", "a.b/c", "a b", "é", "Z"]))
def test_the_order_of_files_does_not_matter(paths: list[str]) -> None:
    one = format_manifest(Listed(path, MD5) for path in paths)
    assert one == format_manifest(Listed(path, MD5) for path in sorted(paths))


def test_the_list_is_byte_for_byte_that_of_dvc() -> None:
    hashing = pytest.importorskip("dvc_data.hashfile.hash_info")
    from dvc_data.hashfile.meta import Meta
    from dvc_data.hashfile.tree import Tree

    paths = ["a/b", "a.b/c", "a b/x", "ä/ö", "Z", "z"]
    tree = Tree()  # type: ignore[no-untyped-call]
    for path in paths:
        tree.add(tuple(path.split("/")), Meta(), hashing.HashInfo("md5", MD5))
    tree.digest()
    data = format_manifest(Listed(path, MD5) for path in paths)
    assert data == tree.as_bytes()
    assert hash_manifest(data) == tree.hash_info.value


@pytest.mark.parametrize(
    "path",
    [
        "../../x", "/etc/passwd", "a/../../x", "", ".", "a//b", "a/", "./a", "C:/x", "c:x", "a\\b", "a\0b", "a\nb",
        ".git/hooks/x", ".GIT/config", "a/.git", "git~1/x", ".git. /x", ".git /x", "a\x1b[2Jb", "a\u202eb", "a\ud800b",
        "con", "a/NUL.txt", "com1", "x" * 5000, "a/" * 900 + "b", ".git\ufeff/x",
        ".g\u206ait/x", ".git::$INDEX_ALLOCATION/x", "\uff0e\uff0e/x",
    ],
)  # fmt: skip
def test_a_path_that_may_not_be_written_is_refused(path: str) -> None:
    if path == "\uff0e\uff0e/x":  # full-width dots are letters to every file system
        assert parse_manifest(manifest(path), "data")
        return
    with pytest.raises(Unanswerable, match="not followed"):
        parse_manifest(manifest(path), "data")


@pytest.mark.parametrize(
    "paths",
    [("a", "a"), ("a", "A"), ("a/b", "a"), ("a", "a/b"), ("a/x", "A/y"), ("é", "e\u0301"), ("x/Straße", "x/STRASSE")],
)
def test_two_files_that_one_file_system_takes_for_one_are_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(Unanswerable, match="not followed"):
        parse_manifest(manifest(*paths), "data")


@pytest.mark.parametrize(
    "path",
    ["a.b/c", ".gitignore", ".github/x", "console", "com", "auxiliary.txt", "..a", "a..", "git~x", "a/" * 200 + "b", "12:30"],
)
def test_a_path_that_only_looks_odd_is_read(path: str) -> None:
    assert parse_manifest(manifest(path), "data") == (Listed(path, MD5),)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"null", b"[1]", b'[{"md5": "x", "relpath": "a"}]', b'[{"relpath": "a"}]', b'[{"md5": null, "relpath": "a"}]',
        b'[{"md5": "' + MD5.encode() + b'", "relpath": 1}]', b"\xff", b"[" * 100_000, b'[{"md5": "' + MD5.upper().encode() + b'", "relpath": "a"}]',
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(Unanswerable, match="not followed"):
        parse_manifest(data, "data")


@pytest.mark.slow
def test_a_list_of_very_many_small_things_is_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(Unanswerable, match="at most 5000000 files"):
        parse_manifest(b"[" + b"{}," * 21_000_000 + b"{}]", "data")


@pytest.mark.slow
def test_very_many_entries_are_read_or_refused_without_giving_up() -> None:
    files = [Listed(f"d{number % 1000}/f{number}.bin", MD5) for number in range(200_000)]
    data = format_manifest(files)
    assert len(parse_manifest(data, "data")) == len(files)
    with pytest.raises(Unanswerable, match="twice"):
        parse_manifest(format_manifest([*files, files[0]]), "data")
