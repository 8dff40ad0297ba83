"""WebDAV: servers that lie in their lists, cannot rename, or want a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from gitreg.core.contents import no_advance
from gitreg.errors import ExternalFault
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store, StoreSettings
from gitreg.storage.webdav import WebDav
from tests.support.servers.answers import Quiet, run_answers

KEY = "files/md5/ab/cdef"
ENTRY = """<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:getcontentlength>{size}</D:getcontentlength>
<D:resourcetype>{kind}</D:resourcetype><D:getlastmodified>Sat, 21 Nov 2026 15:00:00 GMT</D:getlastmodified>
</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"""
LIST = '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{entries}</D:multistatus>'

Answer = tuple[int, str]
Script = Callable[[str, str, dict[str, str]], Answer]


def entry(href: str, size: str = "3", kind: str = "") -> str:
    return ENTRY.format(href=href, size=size, kind=kind)


@pytest.fixture
def scripted() -> Iterator[Callable[[Script], str]]:
    """Makes servers that answer what a function says to method, path and headers."""

    def start(script: Script) -> str:
        class Answers(Quiet, BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, text = script(self.command, self.path, headers)
                self.send_response(status)
                body = text.encode() if status != 204 else b""
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_PROPFIND = do_PUT = do_MOVE = do_MKCOL = do_DELETE = do_GET = answer  # noqa: N815

        return f"webdav://127.0.0.1:{servers.enter_context(run_answers(Answers))}/store"

    with ExitStack() as servers:
        yield start


def open_webdav(url: str, **options: str) -> Store:
    store = open_store(StoreSettings(name="models", url=url, options=options))
    assert isinstance(store, WebDav)
    return store


def test_names_in_a_list_that_lead_elsewhere_are_not_believed(scripted: Callable[[Script], str]) -> None:
    hrefs = [
        "/store/",
        "/elsewhere/x",
        "/store/../x",
        "/store/%2e%2e/x",
        "/stored",
        "/store/a%0Ab",
        "http://other.example/store/ok",
        "/store/a",
    ]
    text = LIST.format(entries="".join(entry(href, kind="<D:collection/>" if href == "/store/" else "") for href in hrefs))
    store = open_webdav(scripted(lambda _method, _path, _headers: (207, text)))
    assert [stored.key for stored in store.list("")] == ["ok", "a"]


def test_a_list_that_goes_in_circles_ends(scripted: Callable[[Script], str]) -> None:
    text = LIST.format(
        entries=entry("/store/a/", kind="<D:collection/>") + entry("/store/", kind="<D:collection/>") + entry("/store/x")
    )
    store = open_webdav(scripted(lambda _method, _path, _headers: (207, text)))
    assert [stored.key for stored in store.list("")] == ["x"]


@pytest.mark.parametrize("text", ["", "no XML", '<!DOCTYPE a [<!ENTITY b "c">]><D:multistatus xmlns:D="DAV:"/>', "<a>", "\x00"])
def test_a_list_that_is_none_is_a_fault(scripted: Callable[[Script], str], text: str) -> None:
    store = open_webdav(scripted(lambda _method, _path, _headers: (207, text)))
    with pytest.raises(ExternalFault, match="is not what WebDAV says it is"):
        list(store.list(""))
    with pytest.raises(ExternalFault, match="is not what WebDAV says it is"):
        store.size(KEY)


def test_a_server_that_cannot_rename_gets_the_file_under_its_own_name(scripted: Callable[[Script], str], tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def script(method: str, path: str, _headers: dict[str, str]) -> Answer:
        asked.append((method, path.rpartition("/")[2][:8]))
        return (502 if method == "MOVE" else 201, "")

    (tmp_path / "source").write_bytes(b"123")
    open_webdav(scripted(script)).upload(str(tmp_path / "source"), KEY, no_advance)
    assert asked == [("MKCOL", ""), ("PUT", ".gitreg-"), ("MOVE", ".gitreg-"), ("DELETE", ".gitreg-"), ("PUT", "cdef")]


def test_an_upload_that_fails_leaves_nothing(scripted: Callable[[Script], str], tmp_path: Path) -> None:
    asked: list[str] = []

    def script(method: str, _path: str, _headers: dict[str, str]) -> Answer:
        asked.append(method)
        return (507 if method == "PUT" else 201, "")

    (tmp_path / "source").write_bytes(b"123")
    with pytest.raises(ExternalFault, match="507"):
        open_webdav(scripted(script)).upload(str(tmp_path / "source"), KEY, no_advance)
    assert asked == ["MKCOL", "PUT", "DELETE"]


def test_missing_folders_are_made_from_the_top_once(scripted: Callable[[Script], str], tmp_path: Path) -> None:
    there = {"/store/"}
    made: list[str] = []

    def script(method: str, path: str, _headers: dict[str, str]) -> Answer:
        if method != "MKCOL":
            return 201, ""
        if path in there:
            return 405, ""
        if path.rstrip("/").rpartition("/")[0] + "/" not in there:
            return 409, ""
        there.add(path)
        made.append(path)
        return 201, ""

    (tmp_path / "source").write_bytes(b"123")
    store = open_webdav(scripted(script))
    store.upload(str(tmp_path / "source"), KEY, no_advance)
    store.upload(str(tmp_path / "source"), "files/md5/ab/other", no_advance)
    assert made == ["/store/files/", "/store/files/md5/", "/store/files/md5/ab/"]


@pytest.mark.parametrize(
    ("options", "header", "value"),
    [
        ({"token": "a-token"}, "authorization", "Bearer a-token"),
        ({"user": "ann", "password": "secret"}, "authorization", "Basic YW5uOnNlY3JldA=="),
        ({"custom_auth_header": "X-Key", "password": "secret"}, "x-key", "secret"),
        ({}, "authorization", ""),
    ],
)
def test_credentials_are_sent_as_dvc_sends_them(
    scripted: Callable[[Script], str], options: dict[str, str], header: str, value: str
) -> None:
    seen: list[str] = []

    def script(_method: str, _path: str, headers: dict[str, str]) -> Answer:
        seen.append(headers.get(header, ""))
        return 404, ""

    assert open_webdav(scripted(script), **options).size(KEY) is None
    assert seen == [value]
