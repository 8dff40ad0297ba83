from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.files.paths import check_path, is_template, resolve_path


@pytest.mark.parametrize(
    "path",
    [
        *[
            "x",
            "models/churn.pkl",
            "./x",
            "x/",
            "./x/",
            ".",
            "a/../b",
            ".github/x",
            ".gitignore",
            "git",
            "a.git",
            ".gitattributes",
            "…",
            "a b",
        ],
        *[
            "data/ä.csv",
            "v1.",
            "console",
            "git~10",
            "x~1",
            "s3://bucket/key",
            "gs://b/k",
            "azure://c/k",
            "https://example.com/x?v=1",
        ],
        *["http://h/x", "ssh://user@host/x", "S3://bucket/x", "remote://mine/x", "x" * 4096],
    ],
)
def test_these_paths_are_safe(path: str) -> None:
    assert check_path(path) == ""


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        *[
            ("", "is empty"),
            ("x" * 4097, "is longer"),
            ("é" * 2049, "is longer"),
            ("a\0b", "control"),
            ("a\nb", "control"),
            ("a\x7f", "control"),
        ],
        *[
            ("/etc/passwd", "is absolute"),
            ("//server/share", "is absolute"),
            ("\\\\server\\share", "backslash"),
            ("a\\b", "backslash"),
        ],
        *[
            ("C:/x", "drive letter"),
            ("c:x", "drive letter"),
            ("a//b", "empty part"),
            ("x//", "empty part"),
            ("a/ /b", "leaves nothing"),
        ],
        *[
            ("..", "leaves the folder"),
            ("../x", "leaves the folder"),
            ("a/../../a/b", "leaves the folder"),
            ("...", "leaves nothing"),
        ],
        *[
            (".git", "own files"),
            (".GIT/config", "own files"),
            ("a/.Git/x", "own files"),
            ("git~1/x", "own files"),
            ("GIT~1", "own files"),
        ],
        *[
            (".git./x", "own files"),
            (".git /x", "own files"),
            (".git . .", "own files"),
            (".git::$INDEX_ALLOCATION/x", "own files"),
        ],
        *[
            (".g\u200cit/x", "own files"),
            ("\ufeff.git", "own files"),
            (".gi\u202et", "own files"),
            ("a/CON", "device"),
            ("nul.txt", "device"),
        ],
        *[
            ("file:///etc/passwd", "scheme"),
            ("ext::sh -c x", ""),
            ("javascript://x", "scheme"),
            ("s3://", "no host"),
            ("s3:///k", "no host"),
        ],
        *[
            ("ssh://-oProxyCommand=x/y", "begins with '-'"),
            ("ssh://user@-x/y", "begins with '-'"),
            ("https://me:secret@host/x", "password"),
        ],
        ("\ud800", "control"),
    ],
)
def test_these_paths_are_not_safe_and_the_reason_is_named(path: str, reason: str) -> None:
    if reason:
        assert reason in check_path(path)


@given(st.text() | st.lists(st.sampled_from(["..", ".", "a", "", "b c"])).map("/".join))
def test_a_safe_path_stays_inside_its_folder(path: str) -> None:
    if check_path(path) == "" and "://" not in path:
        resolved = resolve_path("models/nlp", path)
        assert resolved == "models/nlp" or resolved.startswith("models/nlp/")
        assert not posixpath.isabs(resolve_path("", path))


def test_two_spellings_of_one_place_are_equal_when_they_are_used() -> None:
    assert {resolve_path("", path) for path in ("x/y", "./x/y", "x/y/", "./x/./y/")} == {"x/y"}
    assert resolve_path("", "s3://b//k/") == "s3://b//k/"


def test_a_path_is_resolved_against_the_folder_of_its_file() -> None:
    assert resolve_path("models/nlp", "./sent.bin") == "models/nlp/sent.bin"
    assert resolve_path("", "x/") == "x"
    assert resolve_path("", ".") == "."
    assert resolve_path("models", "https://example.com/x") == "https://example.com/x"


def test_what_dvc_fills_in_is_a_template() -> None:
    assert is_template("models/${name}.pkl")
    assert not is_template("models/$name{}.pkl")
