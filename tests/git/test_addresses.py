from __future__ import annotations

from pathlib import Path

import pytest

from gitreg.errors import UsageFault
from gitreg.git.addresses import parse_address


@pytest.mark.parametrize(
    ("text", "shown", "scheme"),
    [
        ("https://example.com/models.git", "https://example.com/models.git", "https"),
        ("HTTPS://Example.COM/Models.git/", "https://example.com/Models.git", "https"),
        ("https://example.com:8443/models", "https://example.com:8443/models", "https"),
        ("https://ann:secret@example.com/models", "https://example.com/models", "https"),
        ("https://gh_token@example.com/models", "https://example.com/models", "https"),
        ("https://example.com/models?private_token=abc", "https://example.com/models?private_token=***", "https"),
        ("ssh://git@example.com/models", "ssh://git@example.com/models", "ssh"),
        ("ssh://git:secret@example.com:2222/~/models", "ssh://git@example.com:2222/~/models", "ssh"),
        ("ssh://example.com/models", "ssh://example.com/models", "ssh"),
        ("git@example.com:team/models.git", "git@example.com:team/models.git", "ssh"),
        ("example.com:models", "example.com:models", "ssh"),
        ("work:models", "work:models", "ssh"),
        ("git@w:models", "git@w:models", "ssh"),
        ("git@[::1]:models", "git@[::1]:models", "ssh"),
        ("git://example.com/models.git", "git://example.com/models.git", "git"),
        ("file:///srv/models.git", "file:///srv/models.git", "file"),
        ("file://localhost/srv/models.git", "file://localhost/srv/models.git", "file"),
        ("http://localhost:8080/models.git", "http://localhost:8080/models.git", "http"),
        ("http://127.3.2.1/models.git", "http://127.3.2.1/models.git", "http"),
        ("http://[::1]:80/models.git", "http://[::1]:80/models.git", "http"),
    ],
)
def test_an_address_is_shown_without_secrets(text: str, shown: str, scheme: str) -> None:
    address = parse_address(text)
    assert address is not None
    assert (address.shown, address.scheme) == (shown, scheme)
    shown_again = parse_address(shown)
    assert shown_again is not None
    assert shown_again.key == address.key


@pytest.mark.parametrize(
    "text",
    [
        ".",
        "..",
        "",
        "/srv/models.git",
        "models",
        "sub/models",
        "./host:models",
        "../host:models",
        "C:\\models",
        "C:/models",
        "a:b"[:1],
        "-x",
        "a b",
    ],
)
def test_all_else_is_a_path(text: str) -> None:
    assert parse_address(text) is None


def test_what_names_a_folder_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_address("work:models") is not None
    (tmp_path / "work:models").mkdir()
    assert parse_address("work:models") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ext::sh -c touch% /tmp/x", "is no address of a repository"),
        ("fd::17", "is no address of a repository"),
        ("testgit::/srv/models", "is no address of a repository"),
        ("ext::https://example.com/models", "is no address of a repository"),
        ("ftp://example.com/models", "cannot be used: gitreg does not talk 'ftp'"),
        ("s3://bucket/models", "cannot be used: gitreg does not talk 's3'"),
        ("git+ssh://example.com/models", "cannot be used: gitreg does not talk 'git+ssh'"),
        ("http://example.com/models", "is not encrypted, so whoever is on the way could change the answers"),
        ("http://127.0.0.1.example.com/models", "is not encrypted, so whoever is on the way could change the answers"),
        ("http://localhost.example.com/models", "is not encrypted, so whoever is on the way could change the answers"),
        ("https://", "names no repository"),
        ("https://example.com", "names no repository"),
        ("https://example.com/", "names no repository"),
        ("file://", "names no repository"),
        ("file://elsewhere/srv/models", "names a file of another machine"),
        ("https://example.com/a b", "has spaces or control characters in it"),
        ("https://example.com/a\nb", "has spaces or control characters in it"),
        ("https://example.com/\x1b[31m", "has spaces or control characters in it"),
        ("ssh://-oProxyCommand=touch/models", "has a part that begins with '-'"),
        ("ssh://-x@example.com/models", "has a part that begins with '-'"),
        ("-x@example.com:models", "has a part that begins with '-'"),
        ("git@-oProxyCommand=x:models", "has a part that begins with '-'"),
        ("git@example.com:-x", "has a part that begins with '-'"),
        ("http://example.com#@localhost/models", "is no address of a repository"),
        ("http://example.com?@localhost/models", "is no address of a repository"),
        ("https://example.com\\@localhost/models", "is no address of a repository"),
        ("https://ann:%0Asecret@example.com/models", "has a line end in the name or the password"),
        ("https://example.com/" + "a" * 5000, "is the beginning of an address that is too long"),
    ],
)
def test_what_we_do_not_talk_to_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageFault) as raised:
        parse_address(text)
    assert said in raised.value.message


@pytest.mark.parametrize(
    "text",
    [
        "ftp://ann:secret@example.com/models?token=hidden",
        "https://ann:a@secret@example.com/models",
        "https://ann:a/secret@example.com/models",
        "https://ann:a#secret@example.com/models",
        "https://ann:secret%00@example.com/models",
        "ann:secret@example.com:models",
        "ann:a@secret@example.com:models",
    ],
)
def test_a_refusal_holds_no_secret(text: str) -> None:
    with pytest.raises(UsageFault) as raised:
        parse_address(text)
    assert "secret" not in raised.value.message
    assert "hidden" not in raised.value.message


def test_a_password_is_no_part_of_what_ssh_is_told() -> None:
    address = parse_address("ssh://git:secret@example.com/models")
    assert address is not None
    assert address.url == "ssh://git@example.com/models"


def test_the_home_folders_of_two_people_are_two_places() -> None:
    ann, bob = (parse_address(f"ssh://{name}@example.com/~/models") for name in ("ann", "bob"))
    assert ann is not None
    assert bob is not None
    assert ann.key != bob.key


def test_one_repository_has_one_place_whoever_asks() -> None:
    texts = ["https://example.com/m.git", "https://ann:one@EXAMPLE.com/m.git", "https://bob@example.com/m.git/"]
    assert len({address.key for text in texts if (address := parse_address(text))}) == 1
    assert len({address.key for text in ["https://a.example/m", "https://b.example/m"] if (address := parse_address(text))}) == 2
