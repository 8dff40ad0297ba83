from __future__ import annotations

import pytest

from gitreg.git.config import read_remote_options


def test_the_options_of_each_remote_are_read_by_their_lower_case_names() -> None:
    config = b'[core]\n\tbare = true\n[remote "origin"]\n\turl = a\n\ttagOpt = --no-tags\n[remote "Up Stream"]\n\tURL = b\n'
    assert read_remote_options(config) == {"origin": {"url": "a", "tagopt": "--no-tags"}, "Up Stream": {"url": "b"}}


def test_a_repository_without_remotes_has_none() -> None:
    assert read_remote_options(b"[core]\n\tbare = true\n") == read_remote_options(b"") == {}


def test_what_a_file_includes_is_not_read() -> None:
    assert read_remote_options(b'[include]\n\tpath = /etc/passwd\n[remote "o"]\n\turl = a\n') == {"o": {"url": "a"}}


@pytest.mark.parametrize("config", [b"[remote", b"\xff\xfe\0", b"x", b'[remote "a"]\n\turl', b'[remote "a"\n'])
def test_a_file_that_cannot_be_read_has_no_remotes_and_does_no_harm(config: bytes) -> None:
    assert isinstance(read_remote_options(config), dict)
