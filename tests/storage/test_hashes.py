"""Hashes are those of DVC, also those of DVC 2."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.errors import Unanswerable
from gitreg.storage.hashes import PIECE, Hasher, hash_file

TEXTS = st.lists(st.sampled_from([b"line\r\n", b"line\n", b"\r", b"\0", b"\xff\xfe\xfd", b"word "]), max_size=200).map(b"".join)


@given(data=TEXTS)
def test_a_hash_of_dvc_2_is_the_one_that_dvc_reckons(data: bytes) -> None:
    from io import BytesIO

    hashing = pytest.importorskip("dvc_data.hashfile.hash")
    ours = Hasher("md5-dos2unix")
    ours.update(data)
    assert ours.hexdigest() == hashing.fobj_md5(BytesIO(data), name="md5-dos2unix")


def test_a_long_text_is_hashed_in_the_pieces_of_dvc_2(tmp_path: Path) -> None:
    hashing = pytest.importorskip("dvc_data.hashfile.hash")
    file = tmp_path / "text"
    file.write_bytes(b"x" * (PIECE - 1) + b"\r\n" + b"\0" * 10 + b"a\r\n" * PIECE)
    assert hash_file(file, "md5-dos2unix") == hashing.file_md5(str(file), name="md5-dos2unix")


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_other_hashes_are_those_of_everybody(tmp_path: Path, algorithm: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"a\r\nb" * 1000)
    assert hash_file(file, algorithm) == hashlib.new(algorithm, b"a\r\nb" * 1000).hexdigest()


@pytest.mark.parametrize("algorithm", ["", "etag", "checksum", "shake_128", "MD5 "])
def test_what_is_no_hash_cannot_be_checked(algorithm: str) -> None:
    with pytest.raises(Unanswerable, match="cannot be checked"):
        Hasher(algorithm)
