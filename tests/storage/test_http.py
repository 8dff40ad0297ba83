"""Plain web servers: ranges, interruptions, credentials, redirections."""

from __future__ import annotations

import base64
import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from gitreg.core.contents import no_advance
from gitreg.errors import ExternalFault, NotFound, Refused, SettingsFault
from gitreg.storage import http
from gitreg.storage.http import Http
from gitreg.storage.opening import open_store
from gitreg.storage.store import StoreSettings
from tests.support.servers.answers import Quiet, run_answers
from tests.support.servers.fixtures import Servers
from tests.support.servers.proxy import Proxy, run_proxy
from tests.support.servers.web import Trouble, Web, run_web

DATA = bytes(range(256)) * 4096  # 1 MiB
KEY = "files/md5/ab/cdef"
PASSWORD = "correct-horse&battery"


@pytest.fixture
def stored(web: Web) -> Web:
    place = web.root / KEY
    place.parent.mkdir(parents=True)
    place.write_bytes(DATA)
    return web


def open_http(url: str, **options: str) -> Http:
    return http.open_http(StoreSettings(name="models", url=url, options=options))


def test_a_file_is_put_measured_read_and_taken_away(web: Web, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(DATA)
    store = open_http(web.address, method="PUT")
    sent: list[int] = []
    store.upload(str(source), KEY, sent.append)
    got: list[int] = []
    store.download(KEY, str(target), 0, got.append)
    assert target.read_bytes() == DATA
    assert (sum(sent), sum(got), store.size(KEY), store.size("files/md5/no")) == (len(DATA), len(DATA), len(DATA), None)


def test_an_empty_file_is_a_file(web: Web, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    store = open_http(web.address, method="PUT")
    store.upload(str(tmp_path / "empty"), KEY, no_advance)
    store.download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert (store.size(KEY), (tmp_path / "target").read_bytes()) == (0, b"")


def test_one_connection_serves_many_requests(stored: Web, proxies: Callable[[int], Proxy], tmp_path: Path) -> None:
    proxy = proxies(stored.port)
    store = open_http(f"http://127.0.0.1:{proxy.port}")
    for _ in range(5):
        assert store.size(KEY) == len(DATA)
        store.download(KEY, str(tmp_path / "target"), 0, no_advance)
        assert store.size("files/md5/no") is None
    assert proxy.connections == 1


def test_what_is_there_already_is_not_asked_for_again(stored: Web, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(DATA[:1000])
    got: list[int] = []
    open_http(stored.address).download(KEY, str(target), 1000, got.append)
    assert target.read_bytes() == DATA
    assert (stored.requests[-1].range, sum(got)) == ("bytes=1000-", len(DATA) - 1000)


def test_a_server_without_ranges_sends_everything_anew(stored: Web, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"x" * 1000)
    stored.trouble(Trouble(without_ranges=True))
    open_http(stored.address).download(KEY, str(target), 1000, no_advance)
    assert target.read_bytes() == DATA


def test_a_file_that_is_complete_stays_as_it_is(stored: Web, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(DATA)
    open_http(stored.address).download(KEY, str(target), len(DATA), no_advance)
    assert target.read_bytes() == DATA


def test_more_bytes_than_there_are_can_only_be_of_something_else(stored: Web, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"x" * (len(DATA) + 7))
    open_http(stored.address).download(KEY, str(target), len(DATA) + 7, no_advance)
    assert target.read_bytes() == DATA


def test_what_arrived_before_the_connection_broke_is_kept_and_goes_on_from_there(stored: Web, tmp_path: Path) -> None:
    target = tmp_path / "target"
    store = open_http(stored.address)
    stored.trouble(Trouble(drop_after=300_000))
    with pytest.raises(ExternalFault, match="broke off the connection"):
        store.download(KEY, str(target), 0, no_advance)
    assert target.read_bytes() == DATA[:300_000]
    store.download(KEY, str(target), 300_000, no_advance)
    assert target.read_bytes() == DATA


def test_a_length_that_nobody_announces_is_counted(stored: Web, tmp_path: Path) -> None:
    stored.trouble(Trouble(without_length=True))
    open_http(stored.address).download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert (tmp_path / "target").read_bytes() == DATA


def test_a_missing_file_is_not_found(web: Web, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"'models' has no http://127.0.0.1:\d+/files/md5/ab/cdef"):
        open_http(web.address).download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("status", [500, 502, 503, 429, 418])
def test_an_error_of_the_server_is_no_file(stored: Web, status: int, tmp_path: Path) -> None:
    stored.trouble(Trouble(status=status))
    with pytest.raises(ExternalFault, match=str(status)):
        open_http(stored.address).download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert not (tmp_path / "target").exists()


def test_a_disk_that_is_full_is_not_a_fault_of_the_network(stored: Web, tmp_path: Path) -> None:
    def refuse(_count: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        open_http(stored.address).download(KEY, str(tmp_path / "target"), 0, refuse)


def test_a_server_that_is_not_there_is_said_to_be_so(unused_port: int, tmp_path: Path) -> None:
    with pytest.raises(ExternalFault, match="cannot be reached: Connection refused"):
        open_http(f"http://127.0.0.1:{unused_port}").size(KEY)


def test_a_host_that_nobody_knows_is_said_to_be_so() -> None:
    with pytest.raises(ExternalFault, match=r"http://nowhere\.invalid/files/md5/ab/cdef cannot be reached"):
        open_http("http://nowhere.invalid").size(KEY)


def test_a_silent_server_is_not_waited_for_forever(stored: Web, proxies: Callable[[int], Proxy]) -> None:
    proxy = proxies(stored.port)
    proxy.hold_after(10)
    store = open_http(f"http://127.0.0.1:{proxy.port}", read_timeout="0.2")
    with pytest.raises(ExternalFault, match="does not answer in time"):
        store.size(KEY)


def test_a_connection_that_the_server_has_closed_meanwhile_is_made_anew(stored: Web, tmp_path: Path) -> None:
    with run_proxy(stored.port) as proxy:
        store = open_http(f"http://127.0.0.1:{proxy.port}")
        assert store.size(KEY) == len(DATA)
        proxy.cut_after(0)  # the next answer on the connection never comes
        assert store.size(KEY) == len(DATA)
        assert proxy.connections == 2


class TestCredentials:
    def test_user_and_password_open_the_door(self, web: Web, tmp_path: Path) -> None:
        web.login = ("ann", PASSWORD)
        (tmp_path / "source").write_bytes(DATA)
        store = open_http(web.address, auth="basic", user="ann", password=PASSWORD, method="put")
        store.upload(str(tmp_path / "source"), KEY, no_advance)
        assert store.size(KEY) == len(DATA)
        assert store.sign(KEY, 60) is None

    def test_they_may_stand_in_the_address_and_are_never_shown(self, stored: Web) -> None:
        stored.login = ("ann", PASSWORD)
        store = open_http(stored.address.replace("://", "://ann:correct-horse%26battery@"))
        assert store.size(KEY) == len(DATA)
        assert store.address(KEY) == f"{stored.address}/{KEY}"

    def test_a_header_of_its_own_may_hold_the_secret(self, stored: Web) -> None:
        assert open_http(stored.address, auth="custom", custom_auth_header="X-Token", password=PASSWORD).size(KEY) == len(DATA)
        assert stored.requests[-1].headers["x-token"] == PASSWORD

    def test_wrong_ones_are_refused_and_not_repeated(self, stored: Web, tmp_path: Path) -> None:
        stored.login = ("ann", PASSWORD)
        store = open_http(stored.address, auth="basic", user="ann", password="wrong-secret")
        with pytest.raises(ExternalFault, match="does not let us read") as caught:
            store.download(KEY, str(tmp_path / "target"), 0, no_advance)
        assert "wrong-secret" not in f"{caught.value} {caught.value.hint}"

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"auth": "basic", "user": "ann"}, "needs user and password"),
            ({"auth": "custom", "password": "x"}, "needs custom_auth_header and password"),
            ({"auth": "digest", "user": "ann", "password": "x"}, "has auth 'digest'"),
            ({"ask_password": "true"}, "wants to ask for its password"),
            ({"method": "PUT /x HTTP/1.1\r\n"}, "is no method"),
            ({"auth": "custom", "custom_auth_header": "X-T", "password": "a\r\nX-Evil: 1"}, "holds what no header may hold"),
            ({"shiny": "1"}, "has no option 'shiny'"),
            ({"read_timeout": "soon"}, "read_timeout of the storage 'models' is a number, not 'soon'"),
        ],
    )
    def test_settings_that_make_no_sense_are_refused(self, options: dict[str, str], sentence: str) -> None:
        with pytest.raises(SettingsFault, match=sentence):
            open_http("http://127.0.0.1:1", **options)

    def test_they_are_not_sent_to_another_server(self, stored: Web, tmp_path: Path) -> None:
        with run_web(tmp_path / "elsewhere") as other:
            (other.root / "found").write_bytes(b"there")
            stored.trouble(Trouble(location=f"{other.address}/found"))
            store = open_http(stored.address, auth="custom", custom_auth_header="X-Token", password=PASSWORD)
            store.download(KEY, str(tmp_path / "target"), 0, no_advance)
            assert (tmp_path / "target").read_bytes() == b"there"
            assert "x-token" in stored.requests[-1].headers
            assert "x-token" not in other.requests[-1].headers


class TestRedirections:
    def test_a_circle_ends(self, stored: Web) -> None:
        stored.trouble(Trouble(location=f"/{KEY}"), times=9)
        with pytest.raises(ExternalFault, match="redirects in a circle"):
            open_http(stored.address).download(KEY, "/dev/null", 0, no_advance)

    @pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[oops/"])
    def test_they_lead_to_web_servers_only(self, stored: Web, place: str, tmp_path: Path) -> None:
        stored.trouble(Trouble(location=place))
        with pytest.raises(ExternalFault, match="redirects to no web server"):
            open_http(stored.address).download(KEY, str(tmp_path / "target"), 0, no_advance)

    def test_they_never_lead_from_encrypted_to_open(self, stored: Web, servers: Servers, tmp_path: Path) -> None:
        stored.trouble(Trouble(location=f"{stored.address}/{KEY}"))
        with run_proxy(stored.port, servers.certificate.context) as proxy:
            url = f"https://127.0.0.1:{proxy.port}"
            with pytest.raises(ExternalFault, match="which is not encrypted"):
                open_http(url, ssl_verify=str(servers.certificate.file)).download(KEY, str(tmp_path / "target"), 0, no_advance)
            gc.collect()  # closes the connection while the proxy is there

    def test_an_upload_goes_nowhere_else(self, answering: Callable[[int, str], str], tmp_path: Path) -> None:
        (tmp_path / "source").write_bytes(DATA)
        url = answering(307, "http://127.0.0.1:1/elsewhere")
        with pytest.raises(ExternalFault, match="nothing is sent there unasked"):
            open_http(url).upload(str(tmp_path / "source"), KEY, no_advance)


class TestEncryption:
    def test_a_certificate_of_an_own_authority_is_named(self, stored: Web, servers: Servers) -> None:
        with run_proxy(stored.port, servers.certificate.context) as proxy:
            url = f"https://127.0.0.1:{proxy.port}"
            assert open_http(url, ssl_verify=str(servers.certificate.file)).size(KEY) == len(DATA)
            assert open_http(url, ssl_verify="false").size(KEY) == len(DATA)

    def test_one_that_nobody_trusts_is_refused(self, stored: Web, servers: Servers) -> None:
        with run_proxy(stored.port, servers.certificate.context) as proxy:
            url = f"https://127.0.0.1:{proxy.port}"
            with pytest.raises(ExternalFault, match=r"the certificate of 127\.0\.0\.1 is not trusted"):
                open_http(url).size(KEY)
            open_http(url, ssl_verify="false").size(KEY)  # the proxy has done with the other connection

    def test_a_server_that_speaks_no_tls_is_no_traceback(self, stored: Web) -> None:
        with pytest.raises(ExternalFault, match="cannot be reached"):
            open_http(stored.address.replace("http:", "https:")).size(KEY)


class TestOddServers:
    def test_a_size_that_the_head_does_not_tell_is_that_of_a_range(self, answering: Callable[[int, str], str]) -> None:
        assert open_http(answering(206, "")).size(KEY) == 1234

    def test_a_part_that_was_not_asked_for_is_not_taken(self, answering: Callable[[int, str], str], tmp_path: Path) -> None:
        (tmp_path / "target").write_bytes(b"x" * 7)
        with pytest.raises(ExternalFault, match="no useful answer"):
            open_http(answering(206, "")).download(KEY, str(tmp_path / "target"), 7, no_advance)
        assert (tmp_path / "target").read_bytes() == b"x" * 7

    def test_an_upload_that_is_refused_early_says_why(self, answering: Callable[[int, str], str], tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(b"x" * (8 << 20))
        with pytest.raises(ExternalFault, match=r"does not let us write .* \(403"):
            open_http(answering(403, "")).upload(str(tmp_path / "large"), KEY, no_advance)

    def test_a_method_that_the_server_does_not_know_is_named(self, answering: Callable[[int, str], str], tmp_path: Path) -> None:
        (tmp_path / "source").write_bytes(DATA)
        with pytest.raises(ExternalFault, match="knows no POST") as caught:
            open_http(answering(405, "")).upload(str(tmp_path / "source"), KEY, no_advance)
        assert "method PUT" in caught.value.hint

    def test_deleting_what_is_gone_is_done(self, answering: Callable[[int, str], str]) -> None:
        open_http(answering(404, "")).delete(KEY)
        open_http(answering(204, "")).delete(KEY)

    def test_a_list_cannot_be_had(self, web: Web) -> None:
        with pytest.raises(ExternalFault, match="cannot list"):
            list(open_http(web.address).list("files"))


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../b", "a//b", "a\\b", "a\nb", "a\0b", "./a", "a/"])
def test_a_key_never_leads_out(key: str, web: Web, tmp_path: Path) -> None:
    store = open_http(web.address)
    with pytest.raises(Refused, match="is no key"):
        store.size(key)
    with pytest.raises(Refused, match="is no key"):
        store.download(key, str(tmp_path / "target"), 0, no_advance)
    with pytest.raises(Refused, match="is no key"):
        store.delete(key)
    assert web.requests == []


def test_a_key_is_quoted(web: Web) -> None:
    (web.root / "a b#c?d=e%41.bin").write_bytes(b"12")
    assert open_http(web.address).size("a b#c?d=e%41.bin") == 2


def test_the_empty_key_is_the_address_itself_with_its_query(stored: Web) -> None:
    store = open_http(f"{stored.address}/{KEY}?token=secret")
    assert (store.size(""), store.address("")) == (len(DATA), f"{stored.address}/{KEY}")


def test_the_proxy_of_the_environment_is_used(stored: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://me:{PASSWORD}@127.0.0.1:{stored.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    assert open_http("http://models.example:81").size(KEY) == len(DATA)
    expected = f"Basic {base64.b64encode(f'me:{PASSWORD}'.encode()).decode()}"
    assert stored.requests[-1].headers["proxy-authorization"] == expected
    assert stored.requests[-1].headers["host"] == "models.example:81"


def test_the_address_opens_without_dvc(stored: Web) -> None:
    store = open_store(StoreSettings(name="models", url=stored.address))
    assert (type(store), store.sign(KEY, 60)) == (Http, f"{stored.address}/{KEY}")


@pytest.fixture
def unused_port(stored: Web, tmp_path: Path) -> int:
    with run_web(tmp_path / "gone") as gone:
        return gone.port


@pytest.fixture
def answering() -> Iterator[Callable[[int, str], str]]:
    """Makes web servers that answer everything but HEAD with one status, at once; a part is the byte 3 of 1234."""

    def start(status: int, location: str) -> str:
        class Answers(Quiet, BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.answer(405)

            def do_GET(self) -> None:
                self.answer(status)

            do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

            def answer(self, status: int) -> None:
                self.send_response(status)
                body = b"x" if status == 206 else b""
                self.send_header("Content-Length", str(len(body)))
                if status == 206:
                    self.send_header("Content-Range", "bytes 3-3/1234")
                if location:
                    self.send_header("Location", location)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

        return f"http://127.0.0.1:{servers.enter_context(run_answers(Answers))}"

    with ExitStack() as servers:
        yield start
