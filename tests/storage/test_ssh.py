"""ssh: only servers that the person knows, only doors that need no question."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from gitreg.core.contents import no_advance
from gitreg.errors import ExternalFault, SettingsFault
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store, StoreSettings
from tests.support.known_hosts import trust_host
from tests.support.servers.fixtures import Servers
from tests.support.servers.storage import StorageServer

KEY = "files/md5/ab/cdef"

pytestmark = pytest.mark.slow


@pytest.fixture
def sftp(servers: Servers) -> StorageServer:
    return servers.storage("sftp")


def open_ssh(server: StorageServer, **options: str) -> Store:
    return open_store(StoreSettings(name="models", url=server.url, options={**server.all_options, **options}))


def port_of(server: StorageServer) -> int:
    assert server.port is not None
    return server.port


def said(error: pytest.ExceptionInfo[ExternalFault], server: StorageServer) -> str:
    return f"{error.value.message}\nhint: {error.value.hint}".replace(str(server.port), "PORT").replace(
        server.url.rpartition("/")[2], "STORE"
    )


def test_a_server_that_the_person_has_never_met_gets_no_password(sftp: StorageServer) -> None:
    with pytest.raises(ExternalFault) as caught:
        open_ssh(sftp).size(KEY)
    assert said(caught, sftp) == snapshot("""\
the host key of 127.0.0.1:PORT is not the one in ~/.ssh/known_hosts, or there is none
hint: connect to it once with ssh, and compare the fingerprint with what its owner says\
""")


def test_a_server_with_another_key_than_it_had_is_somebody_else(sftp: StorageServer, servers: Servers, home: Path) -> None:
    trust_host(home, servers.sshd().process.port)
    with pytest.raises(ExternalFault, match="the host key of"):
        open_ssh(sftp).size(KEY)


def test_a_password_that_is_wrong_is_not_asked_for(sftp: StorageServer, home: Path) -> None:
    trust_host(home, port_of(sftp))
    with pytest.raises(ExternalFault) as caught:
        open_ssh(sftp, password="never-shown").size(KEY)
    assert said(caught, sftp) == snapshot("""\
ssh://127.0.0.1:PORT/STORE/files/md5/ab/cdef: 127.0.0.1:PORT does not let us in
hint: load your key: ssh-add, or name its file or the password: dvc remote modify --local models keyfile ...\
""")


def test_a_key_that_opens_nothing_is_said_to_do_so(servers: Servers, home: Path) -> None:
    server = servers.storage("ssh")
    trust_host(home, port_of(server))
    other = home / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
    with pytest.raises(ExternalFault, match="does not let us in"):
        open_ssh(server, keyfile=str(other)).size(KEY)


def test_a_key_with_a_passphrase_is_not_asked_for(servers: Servers, home: Path) -> None:
    server = servers.storage("ssh")
    trust_host(home, port_of(server))
    other = home / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "opens-it", "-f", str(other)], check=True)
    with pytest.raises(ExternalFault, match="does not let us in"):
        open_ssh(server, keyfile=str(other)).size(KEY)


@pytest.mark.parametrize("option", ["ask_password", "ask_passphrase"])
def test_settings_that_ask_are_refused(sftp: StorageServer, option: str) -> None:
    options = {key: value for key, value in sftp.all_options.items() if key != "password"}
    with pytest.raises(SettingsFault, match="gitreg asks for none"):
        open_store(StoreSettings(name="models", url=sftp.url, options={**options, option: "true"}))


def test_there_are_no_links(sftp: StorageServer, home: Path) -> None:
    trust_host(home, port_of(sftp))
    assert open_ssh(sftp).sign(KEY, 60) is None


def test_an_upload_that_stops_leaves_nothing(sftp: StorageServer, home: Path, tmp_path: Path) -> None:
    trust_host(home, port_of(sftp))
    (tmp_path / "source").write_bytes(b"x" * 3_000_000)
    store = open_ssh(sftp)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.upload(str(tmp_path / "source"), KEY, stop)
    assert [stored.key for stored in store.list("")] == []


def test_nothing_is_printed(sftp: StorageServer, home: Path, tmp_path: Path) -> None:
    trust_host(home, port_of(sftp))
    program = (
        "import os, sys; from gitreg.errors import GitregError\n"
        "from gitreg.storage.opening import open_store; from gitreg.storage.store import StoreSettings\n"
        "for password in sys.argv[2:]:\n"
        "    store = open_store(StoreSettings(name='models', url=sys.argv[1], options={'password': password}))\n"
        "    try: store.upload(os.devnull, 'a/b', lambda _: None); print(store.size('a/b'))\n"
        "    except GitregError as error: print(type(error).__name__)\n"
    )
    completed = subprocess.run(
        [sys.executable, "-c", program, sftp.url, "wrong", sftp.all_options["password"]],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (completed.stdout, completed.stderr) == ("ExternalFault\n0\n", "")


def test_without_dvc_the_sentence_says_what_to_install(sftp: StorageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dvc_objects.fs", None)
    with pytest.raises(ExternalFault, match="needs DVC's part for it") as caught:
        open_ssh(sftp)
    assert caught.value.hint == "install it: pip install 'gitreg-ml[ssh]'"


@pytest.mark.parametrize(("url", "extra"), [("gs://bucket/x", "gitreg-ml[gs]"), ("azure://container/x", "gitreg-ml[azure]")])
def test_a_plugin_that_is_not_installed_is_named(url: str, extra: str) -> None:
    with pytest.raises(ExternalFault, match="needs DVC's part for it") as caught:
        open_store(StoreSettings(name="models", url=url))
    assert extra in caught.value.hint


def test_a_scheme_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SettingsFault, match="storage of the kind gopher is not known"):
        open_store(StoreSettings(name="models", url="gopher://127.0.0.1/x"))


def test_uploads_report_all_bytes_once(sftp: StorageServer, home: Path, tmp_path: Path) -> None:
    trust_host(home, port_of(sftp))
    (tmp_path / "source").write_bytes(b"x" * 3_000_000)
    sent: list[int] = []
    store = open_ssh(sftp)
    store.upload(str(tmp_path / "source"), KEY, sent.append)
    store.download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert sum(sent) == 3_000_000
