"""Storage that lies, stammers or was configured by somebody hostile: every answer ends in a sentence, and none shows a secret."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from gitreg.core.contents import no_advance
from gitreg.errors import ExternalFault, GitregError, NotFound, SettingsFault
from gitreg.operations.load_url_contents import place_address
from gitreg.storage.addresses import format_address
from gitreg.storage.cloud_client import read_options
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store, StoreSettings

NONE = "404 Not Found\r\nContent-Length: 0"


@pytest.fixture
def scripted() -> Iterator[Callable[[str | bytes], str]]:
    """Makes web servers that give one and the same answer to every request; the answer begins with its status."""
    listeners: list[socket.socket] = []

    def serve(listener: socket.socket, answer: bytes) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(answer)

    def start(answer: str | bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        data = answer.encode("latin-1") + b"\r\n\r\n" if isinstance(answer, str) else answer
        Thread(target=serve, args=(listener, b"HTTP/1.1 " + data), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def opened(url: str, **options: str) -> Store:
    return open_store(StoreSettings(name="models", url=url, options=options))


@pytest.mark.parametrize(
    "answer",
    [
        f"200 OK\r\nContent-Length: {'9' * 5000}",
        f"206 Part\r\nContent-Range: bytes 0-0/{'9' * 5000}\r\nContent-Length: 0",
        f"416 Beyond\r\nContent-Range: bytes */{'9' * 5000}\r\nContent-Length: 0",
    ],
)
def test_a_number_with_too_many_digits_is_no_size(scripted: Callable[[str], str], answer: str, tmp_path: Path) -> None:
    store = opened(scripted(answer))
    with suppress(ExternalFault):
        assert store.size("key") in {None, 0}
    with suppress(ExternalFault):
        store.download("key", str(tmp_path / "target"), 0, no_advance)


@pytest.mark.parametrize("host", ["a" * 70, "a..b"])
def test_a_host_that_cannot_be_one_is_said_to_be_so(scripted: Callable[[str], str], host: str) -> None:
    for url in (f"http://{host}", scripted(f"302 Found\r\nLocation: http://{host}/\r\nContent-Length: 0")):
        with pytest.raises(ExternalFault, match="cannot be reached"):
            opened(url).size("key")


def test_an_address_may_hold_letters_of_any_language(scripted: Callable[[str], str]) -> None:
    assert opened(f"{scripted(NONE)}/gr\N{LATIN SMALL LETTER O WITH DIAERESIS}ssen und mehr").size("key") is None


def test_a_redirection_may_hold_bytes_that_should_have_been_quoted(scripted: Callable[[str], str]) -> None:
    elsewhere = scripted(NONE)
    assert opened(scripted(f"302 Found\r\nLocation: {elsewhere}/caf\xc3\xa9 1\r\nContent-Length: 0")).size("key") is None


def test_a_secret_that_no_header_can_hold_is_refused() -> None:
    with pytest.raises(SettingsFault, match="holds what no header may hold"):
        opened("http://127.0.0.1:1", auth="custom", custom_auth_header="X-Token", password="\u65e5\u672c")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_list_with_a_document_type_is_refused_in_every_encoding(scripted: Callable[[bytes], str], encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode(encoding)
    url = scripted(b"207 Multi-Status\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
    with pytest.raises(ExternalFault, match="is not what WebDAV says it is"):
        list(opened(url.replace("http", "webdav")).list(""))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ann:secret@host:1/x", "https://host:1/x"),
        ("https://ann:se@cret@host/x", "https://host/x"),
        ("https://ann:se/cret@host/x", "https://host/x"),
        ("https://ann:se cret@host/x", "https://host/x"),
        ("https://host/x@v1", "https://host/x@v1"),
        ("https://host:80/x@v1", "https://host:80/x@v1"),
        ("https://[::1]:80/x@v1", "https://[::1]:80/x@v1"),
        ("https://host/x?secret", "https://host/x"),
        ("https://host/x?sig=secret", "https://host/x"),
        ("s3://host/x?versionId=abc", "s3://host/x?versionId=abc"),
        ("https://host/x?versionId=abc&sig=secret", "https://host/x?versionId=abc"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert format_address(url) == shown


@pytest.mark.parametrize("place", ["ann:se@cret@127.0.0.1:1", "ann:se/cret@127.0.0.1:1", "ann:secret@127.0.0.1:1"])
def test_a_store_that_is_named_by_its_address_has_a_name_without_secrets(place: str) -> None:
    settings, _ = place_address(None, "", f"http://{place}/x")  # type: ignore[arg-type]
    with pytest.raises(GitregError) as caught:
        open_store(settings).size("key")
    assert "cret" not in f"{settings.name} {caught.value} {caught.value.hint}"


@pytest.mark.parametrize("name", ["evil.example/x?", "evil.example#", "a@b", "a:b"])
def test_an_account_of_azure_is_a_name_and_no_address(name: str) -> None:
    with pytest.raises(SettingsFault, match="the account_name of the storage 'models' is no name"):
        read_options(StoreSettings(name="models", url="azure://box/x", options={"account_name": name}), "azure")
    read_options(StoreSettings(name="models", url="azure://box/x", options={"account_name": "acme-secondary"}), "azure")


@pytest.mark.parametrize(
    ("url", "user"), [("ssh://-oProxyCommand=x/y", ""), ("ssh://a$(x)/y", ""), ("ssh://a;b@host/y", ""), ("ssh://host/y", "-l")]
)
def test_a_host_or_user_of_ssh_is_no_option_and_no_command(url: str, user: str) -> None:
    options = {"user": user} if user else {}
    with pytest.raises(SettingsFault, match="of the storage 'models' is no name"):
        read_options(StoreSettings(name="models", url=url, options=options), "ssh")
    read_options(StoreSettings(name="models", url="ssh://ann@[::1]:22/y"), "ssh")


def test_what_is_missing_is_named_without_the_query_of_the_address(scripted: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        opened(f"{scripted(NONE)}/x?secret").download("key", str(tmp_path / "target"), 0, no_advance)
    assert "secret" not in f"{caught.value}"


@pytest.mark.parametrize(
    "url", ["/tmp/a\0b", "s3://\x1b[31mred", "s3://[oops/x", "ssh://[oops/x", "webdav://[oops/x", "azure://[oops/x"]
)
def test_a_url_that_is_none_is_said_to_be_so(url: str) -> None:
    with pytest.raises(SettingsFault, match="the url of the storage 'models' is no"):
        opened(url)


@pytest.mark.parametrize(("option", "text"), [("read_timeout", "1e300"), ("jobs", "9" * 400), ("connect_timeout", "9" * 5000)])
def test_a_number_that_no_clock_knows_is_refused(option: str, text: str) -> None:
    with pytest.raises(SettingsFault, match=f"{option} of the storage 'models' is a number"):
        opened("http://127.0.0.1:1", **{option: text})
