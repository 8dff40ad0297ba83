from __future__ import annotations

import pytest

from gitreg.core.origins import Forge, Origin, parse_origin, quote_part

GITHUB = Origin("https://github.com/acme/models", "https://github.com/acme/models", Forge.GITHUB)
GITLAB = Origin("https://gitlab.example.com/a/b/c", "https://gitlab.example.com/a/b/c", Forge.GITLAB)


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/models",
        "https://github.com/acme/models.git",
        "https://github.com/acme/models/",
        "https://GitHub.com/acme/models.git",
        "https://ann:ghp_secret@github.com/acme/models.git",
        "https://x-access-token:a@b@github.com/acme/models",
        "https://github.com/acme/models?token=secret#x",
        "git@github.com:acme/models.git",
        "github.com:acme/models.git",
        "ssh://git@github.com/acme/models.git",
        "ssh://git@github.com:22/acme/models.git",
        "ssh://git@ssh.github.com:443/acme/models.git",
        "https://github.com:443/acme/models",
    ],
)
def test_every_way_to_write_an_address_names_the_same_registry_without_secrets(address: str) -> None:
    assert parse_origin(address) == GITHUB


def test_gitlab_may_be_ones_own() -> None:
    assert parse_origin("https://gitlab.example.com/a/b/c.git") == GITLAB
    assert parse_origin("git@gitlab.example.com:a/b/c.git") == GITLAB


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://u:p@git.example.com/models.git", "https://git.example.com/models.git"),
        ("git@git.example.com:models.git", "ssh://git.example.com/models.git"),
        ("ssh://git@gitlab.example.com:2222/a/b.git", "ssh://gitlab.example.com:2222/a/b.git"),
        ("http://github.com/acme/models", "http://github.com/acme/models"),
        ("git://git.example.com/models.git", "git://git.example.com/models.git"),
        ("ssh://[::1]:2222/b.git", "ssh://[::1]:2222/b.git"),
        ("https://git.example.com/a b/%20/é|<x>", "https://git.example.com/a%20b/%20/%C3%A9%7C%3Cx%3E"),
        ("https://notgithub.com/a/b", "https://notgithub.com/a/b"),
    ],
)
def test_another_address_is_a_name_without_a_page(address: str, source: str) -> None:
    assert parse_origin(address) == Origin(source)
    assert Origin(source).tag_page("churn@v1.0.0") is None


@pytest.mark.parametrize(
    "address",
    [
        "/srv/models.git",
        "../models.git",
        "file:///srv/models.git",
        "C:\\models",
        "C:/models",
        "",
        "https://",
        "https://github.com",
        "https://github.com/",
        "https://exa mple.com/x",
        'https://exa"mple.com/x',
        "ext::sh -c id",
        "git@github.com:",
        "https://example.com/" + "x" * 3000,
    ],
)
def test_a_path_and_what_is_no_address_name_nothing(address: str) -> None:
    assert parse_origin(address) is None


def test_the_page_of_a_tag_is_where_the_forge_has_it() -> None:
    assert GITHUB.tag_page("models/nlp=sent#prod!#3") == (
        "https://github.com/acme/models/releases/tag/models%2Fnlp%3Dsent%23prod%21%233"
    )
    assert GITLAB.tag_page("churn@v1.0.0+b") == "https://gitlab.example.com/a/b/c/-/tags/churn%40v1.0.0%2Bb"


def test_a_part_of_a_path_holds_nothing_that_means_something() -> None:
    assert quote_part("a/b?c#d\n\ud800é") == "a%2Fb%3Fc%23d%0A%3F%C3%A9"
