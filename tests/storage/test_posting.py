"""Posting: tries, limits, pauses, redirections, proxies, and an address that nobody sees."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate

import pytest

from gitreg.errors import ExternalFault
from gitreg.storage.posting import Patience, make_target, post
from tests.support.environment import START
from tests.support.servers.fixtures import Servers
from tests.support.servers.process import LOOPBACK
from tests.support.servers.proxy import Proxy
from tests.support.servers.receiver import Receiver, Reply, run_receiver

NAME = "GITREG_WEBHOOK_URL"


@dataclass(slots=True)
class Clock:
    """A clock that only waiting moves."""

    now: int = START
    waits: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += int(seconds)

    def patience(self, seconds: float = 10.0) -> Patience:
        return Patience(now=lambda: self.now, wait=self.wait, seconds=seconds)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


def send(receiver: Receiver, clock: Clock, *, seconds: float = 10.0) -> int:
    return post(make_target(NAME, receiver.url), b'{"a": 1}', {"Content-Type": "application/json"}, clock.patience(seconds))


def failure(receiver: Receiver, clock: Clock, *, seconds: float = 10.0) -> str:
    """Post in vain; return what is said, of which no word is secret."""
    with pytest.raises(ExternalFault) as caught:
        send(receiver, clock, seconds=seconds)
    assert caught.value.hint
    told = "".join(traceback.format_exception(caught.value)) + caught.value.message + caught.value.hint
    assert "SECRET" not in told
    assert str(receiver.port) not in told
    return caught.value.message


def test_what_is_taken_is_sent_once(receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(status=204)]
    assert send(receiver, clock) == 1
    (posted,) = receiver.posts
    assert (posted.method, posted.path, posted.body) == ("POST", "/services/T0SECRET?sig=Q0SECRET", b'{"a": 1}')
    assert (posted.headers["content-type"], posted.headers["content-length"]) == ("application/json", "8")
    assert posted.headers["user-agent"].startswith("gitreg/")
    assert "authorization" not in posted.headers
    assert clock.waits == []


def test_after_two_failures_the_third_try_is_taken_and_is_the_same(receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(status=500), Reply(status=502)]
    assert send(receiver, clock) == 3
    assert clock.waits == [1, 2]
    assert len({(posted.path, posted.body, tuple(posted.headers.items())) for posted in receiver.posts}) == 1


def test_after_three_failures_it_gives_up(receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(status=500)] * 5
    assert failure(receiver, clock) == f"{NAME} answered 500, 3 times"
    assert len(receiver.posts) == 3
    assert clock.waits == [1, 2]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_says_how_long_to_wait(receiver: Receiver, clock: Clock, status: int) -> None:
    receiver.replies = [
        Reply(status=status, headers={"Retry-After": "7"}),
        Reply(status=status, headers={"Retry-After": formatdate(START + 7 + 11, usegmt=True)}),
    ]
    assert send(receiver, clock) == 3
    assert clock.waits == [7, 11]


def test_a_date_that_is_past_means_at_once(receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(status=429, headers={"Retry-After": formatdate(START - 100, usegmt=True)})]
    assert send(receiver, clock) == 2
    assert clock.waits == [0]


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "9" * 400, "Fri, 99 Foo 2026 25:00:00 GMT", "\u0661"])
def test_what_is_no_time_to_wait_is_none(receiver: Receiver, clock: Clock, text: str) -> None:
    receiver.replies = [Reply(status=503, headers={"Retry-After": text.encode("ascii", "replace").decode()})]
    assert send(receiver, clock) == 2
    assert clock.waits == [1]


def test_whoever_asks_for_hours_is_not_waited_for(receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(status=429, headers={"Retry-After": "3600"})]
    assert failure(receiver, clock) == f"{NAME} answered 429, and asks to wait 3600 seconds"
    assert (len(receiver.posts), clock.waits) == (1, [])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_a_refusal_is_final(receiver: Receiver, clock: Clock, status: int) -> None:
    receiver.replies = [Reply(status=status)]
    assert failure(receiver, clock) == f"{NAME} answered {status}"
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_body_is_not_sent_on_to_anywhere(receiver: Receiver, clock: Clock, status: int) -> None:
    with run_receiver() as elsewhere:
        receiver.replies = [Reply(status=status, headers={"Location": elsewhere.url})]
        assert failure(receiver, clock) == f"{NAME} answered {status}, and nothing is sent on to where it points"
        assert (len(receiver.posts), elsewhere.posts) == (1, [])


def test_a_connection_that_breaks_is_tried_again(receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(resets=True)]
    assert send(receiver, clock) == 2
    receiver.replies = [Reply(resets=True)] * 3
    assert failure(receiver, clock) == f"{NAME} broke off the connection, 3 times"


@pytest.mark.parametrize("reply", [Reply(hangs=True), Reply(drips=True)], ids=["hangs", "drips"])
def test_a_try_has_a_limit_in_total_however_slowly_an_answer_comes(receiver: Receiver, clock: Clock, reply: Reply) -> None:
    receiver.replies = [reply] * 3
    assert failure(receiver, clock, seconds=0.2) == f"{NAME} did not answer in time, 3 times"
    assert len(receiver.posts) == 3
    receiver.replies = [reply]
    assert send(receiver, clock, seconds=0.2) == 2


def test_nobody_there_is_said_so(clock: Clock) -> None:
    with run_receiver() as gone:
        pass
    assert failure(gone, clock) == f"{NAME} refuses connections, 3 times"


def test_a_host_that_cannot_be_one_is_said_so(clock: Clock) -> None:
    target = make_target(NAME, f"https://{'a' * 70}.invalid/T0SECRET")
    with pytest.raises(ExternalFault) as caught:
        post(target, b"", {}, clock.patience())
    assert caught.value.message == f"{NAME} cannot be reached: the connection failed, 3 times"
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


def test_a_certificate_counts(clock: Clock, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    with run_receiver(servers.certificate) as receiver:
        assert failure(receiver, clock) == f"{NAME} has a certificate that is not trusted"
        assert (receiver.posts, clock.waits) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(servers.certificate.file))
        assert send(receiver, clock) == 1


def test_what_is_for_this_machine_goes_through_no_proxy(
    receiver: Receiver, clock: Clock, proxies: Callable[[int], Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = proxies(receiver.port)
    monkeypatch.setenv("http_proxy", f"http://{LOOPBACK}:{proxy.port}")
    assert send(receiver, clock) == 1
    assert proxy.connections == 0


def test_what_is_for_another_machine_goes_through_the_proxy_of_the_environment(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_receiver() as proxy:
        monkeypatch.setenv("https_proxy", f"http://user:P0SECRET@{LOOPBACK}:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        target = make_target(NAME, "https://host.invalid/T0SECRET")
        with pytest.raises(ExternalFault) as caught:
            post(target, b"", {}, clock.patience())
    assert caught.value.message.startswith(f"{NAME} cannot be reached through the proxy that https_proxy names, ")  # no tunnels
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY"])
def test_a_proxy_that_is_not_there_is_blamed_and_not_the_address(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with run_receiver() as gone:
        port = gone.port
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, f"http://user:P0SECRET@{LOOPBACK}:{port}")
    target = make_target(NAME, "https://host.invalid/T0SECRET")
    with pytest.raises(ExternalFault) as caught:
        post(target, b"", {}, clock.patience())
    reached = f"{NAME} cannot be reached through the proxy that {variable} names"
    assert caught.value.message == f"{reached}, which refuses connections, 3 times"
    assert caught.value.hint == f"look at {variable}, and name hosts that need no proxy in no_proxy"
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is no address of a web server"),
        ("hooks.example.com/T0SECRET", "is no address of a web server"),
        ("ftp://hooks.example.com/T0SECRET", "is no address of a web server"),
        ("file:///etc/T0SECRET", "is no address of a web server"),
        ("https:///T0SECRET", "is no address of a web server"),
        ("https://host:T0SECRET/", "is no address of a web server"),
        ("https://[::1/T0SECRET", "is no address of a web server"),
        ("https://a b/T0SECRET", "is no address of a web server"),
        ("http://hooks.example.com/T0SECRET", "is not encrypted, so whoever is on the way could read it and change what is sent"),
        (
            "http://127.0.0.1.example.com/T0SECRET",
            "is not encrypted, so whoever is on the way could read it and change what is sent",
        ),
        ("https://user:T0SECRET@hooks.example.com/", "holds a user or a password, which is not sent"),
    ],
)
def test_an_address_that_is_not_used_is_not_repeated(url: str, sentence: str) -> None:
    with pytest.raises(ExternalFault) as caught:
        make_target(NAME, url)
    assert caught.value.message == f"{NAME} {sentence}"
    assert "SECRET" not in "".join(traceback.format_exception(caught.value)) + caught.value.hint


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_this_machine_may_be_spoken_to_in_the_open(host: str) -> None:
    assert make_target(NAME, f"http://{host}:8080/x").is_local


def test_no_line_of_a_request_can_be_added() -> None:
    target = make_target(NAME, "https://example.com/a b\r\nX: y?q=1 2#fragment")
    assert target.url == "https://example.com/a%20bX:%20y?q=1%202"
    assert "example" not in repr(target)
