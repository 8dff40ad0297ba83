"""The plain web server and the proxy make exactly the trouble that they are asked for."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from threading import Thread

import pytest

from tests.support.servers.hold import Hold
from tests.support.servers.proxy import Proxy
from tests.support.servers.web import Trouble, Web

DATA = bytes(range(256)) * 40


@pytest.fixture
def file(web: Web) -> str:
    (web.root / "model.bin").write_bytes(DATA)
    return "/model.bin"


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Ask for a path; return status, as much of the body as arrives, and the headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        try:
            body = answer.read()
        except http.client.IncompleteRead as error:
            body = error.partial
        return answer.status, body, dict(answer.headers)
    finally:
        connection.close()


def test_it_sends_a_file_and_parts_of_it(web: Web, file: str) -> None:
    assert ask(web.port, file)[:2] == (200, DATA)
    status, body, headers = ask(web.port, file, Range="bytes=100-")
    assert (status, body, headers["Content-Range"]) == (206, DATA[100:], f"bytes 100-{len(DATA) - 1}/{len(DATA)}")
    assert ask(web.port, file, Range="bytes=100-199")[:2] == (206, DATA[100:200])
    assert ask(web.port, file, Range=f"bytes={len(DATA)}-")[0] == 416
    assert ask(web.port, file, "HEAD")[2]["Content-Length"] == str(len(DATA))
    assert ask(web.port, "/other")[0] == 404
    assert [request.range for request in web.requests][:2] == [None, "bytes=100-"]


@pytest.mark.parametrize(
    ("trouble", "status", "length", "announced"),
    [
        (Trouble(status=503), 503, 0, 0),
        (Trouble(location="file:///etc/passwd"), 302, 0, 0),
        (Trouble(drop_after=1000), 200, 1000, len(DATA)),
        (Trouble(drop_after=0), 200, 0, len(DATA)),
        (Trouble(truncate_to=1000), 200, 1000, 1000),
        (Trouble(truncate_to=1000, without_length=True), 200, 1000, None),
        (Trouble(without_length=True), 200, len(DATA), None),
        (Trouble(replace_with=b"other"), 200, 5, 5),
    ],
    ids=repr,
)
def test_it_makes_trouble_once(web: Web, file: str, trouble: Trouble, status: int, length: int, announced: int | None) -> None:
    web.trouble(trouble, path="model")
    found, body, headers = ask(web.port, file)
    assert (found, len(body)) == (status, length)
    assert headers.get("Content-Length") == (None if announced is None else str(announced))
    assert ask(web.port, file)[:2] == (200, DATA)


def test_it_forgets_how_to_send_a_part(web: Web, file: str) -> None:
    web.trouble(Trouble(without_ranges=True))
    assert ask(web.port, file, Range="bytes=100-")[:2] == (200, DATA)


def test_it_lets_nobody_in_without_the_login(web: Web, file: str) -> None:
    web.login = ("ann", "secret")
    assert ask(web.port, file)[0] == 401
    assert ask(web.port, file, Authorization="Basic YW5uOnNlY3JldA==")[:2] == (200, DATA)


def test_a_proxy_cuts_as_many_connections_as_it_should(web: Web, file: str, proxies: Callable[[int], Proxy]) -> None:
    proxy = proxies(web.port)
    proxy.cut_after(2000, times=2)
    lengths = [len(ask(proxy.port, file)[1]) for _ in range(3)]
    assert lengths[0] == lengths[1] < 2000
    assert lengths[2] == len(DATA)
    assert (proxy.cuts, proxy.connections) == (2, 3)
    assert len(DATA) + 4000 < proxy.received < len(DATA) + 4500


@pytest.mark.parametrize("place", ["server", "proxy"])
def test_a_client_waits_where_the_test_holds_it(web: Web, file: str, proxies: Callable[[int], Proxy], place: str) -> None:
    proxy = proxies(web.port)
    bodies: list[bytes] = []
    client = Thread(target=lambda: bodies.append(ask(proxy.port, file)[1]))
    hold = Hold() if place == "server" else proxy.hold_after(3000)
    if place == "server":
        web.trouble(Trouble(hold=hold))
    client.start()
    hold.wait_for_client()
    assert bodies == []
    hold.let_go()
    client.join()
    assert bodies == [DATA]


def test_a_proxy_before_a_server_that_is_gone_ends_the_connection(proxies: Callable[[int], Proxy]) -> None:
    proxy = proxies(9)  # nobody listens there
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(proxy.port, "/")
