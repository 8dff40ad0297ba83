"""What every store can do, on every real server."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitreg.core.contents import no_advance
from gitreg.errors import ExternalFault, NotFound, Refused
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store, StoreSettings
from tests.support.servers.proxy import Proxy
from tests.support.servers.storage import StorageServer

DATA = bytes(range(256)) * 4096 * 3  # 3 MiB
KEY = "files/md5/ab/cdef"
SECRET = "never-shown-secret"

WRITABLE = ["folder", "s3", "moto", "webdav", "sftp", "ssh"]
REMOTE = [kind for kind in WRITABLE if kind != "folder"]
every_store = pytest.mark.parametrize("server", WRITABLE, indirect=True)
every_remote_store = pytest.mark.parametrize("server", REMOTE, indirect=True)

pytestmark = pytest.mark.slow


def settings_of(server: StorageServer, **options: str) -> StoreSettings:
    return StoreSettings(name="models", url=server.url, options={**server.all_options, **options})


def put(store: Store, folder: Path, key: str = KEY, data: bytes = DATA) -> None:
    source = folder / "source"
    source.write_bytes(data)
    store.upload(str(source), key, no_advance)


@every_store
def test_a_file_is_put_measured_listed_read_and_taken_away(server: StorageServer, tmp_path: Path) -> None:
    store = open_store(settings_of(server))
    (tmp_path / "source").write_bytes(DATA)
    sent: list[int] = []
    store.upload(str(tmp_path / "source"), KEY, sent.append)
    put(store, tmp_path, "files/md5/ab/empty", b"")
    assert (store.size(KEY), store.size("files/md5/ab/empty"), sum(sent)) == (len(DATA), 0, len(DATA))
    assert (store.size("files/md5/ab/cdefg"), store.size("files/md5/ab"), store.size("no/such")) == (None, None, None)
    listed = sorted(store.list("files/md5"), key=lambda stored: stored.key)
    assert [(stored.key, stored.size) for stored in listed] == [(KEY, len(DATA)), ("files/md5/ab/empty", 0)]
    assert all(stored.modified is not None and stored.modified > 1_700_000_000 for stored in listed)
    assert [list(store.list(prefix)) for prefix in ("files/md", "none")] == [[], []]
    assert sorted(stored.key for stored in store.list("")) == [KEY, "files/md5/ab/empty"]
    got: list[int] = []
    store.download(KEY, str(tmp_path / "target"), 0, got.append)
    store.download("files/md5/ab/empty", str(tmp_path / "empty"), 0, got.append)
    assert ((tmp_path / "target").read_bytes() == DATA, (tmp_path / "empty").read_bytes(), sum(got)) == (True, b"", len(DATA))
    store.delete(KEY)
    store.delete(KEY)
    assert store.size(KEY) is None
    assert [stored.key for stored in store.list("files/md5")] == ["files/md5/ab/empty"]


@every_store
def test_what_is_there_already_is_not_read_again(server: StorageServer, tmp_path: Path) -> None:
    store = open_store(settings_of(server))
    put(store, tmp_path)
    target = tmp_path / "target"
    target.write_bytes(b"x" * 1_000_000)
    got: list[int] = []
    store.download(KEY, str(target), 1_000_000, got.append)
    assert (target.read_bytes() == b"x" * 1_000_000 + DATA[1_000_000:]) is True
    assert sum(got) == len(DATA) - 1_000_000
    store.download(KEY, str(target), len(DATA), got.append)
    assert target.stat().st_size == len(DATA)


@every_store
def test_a_file_is_replaced_by_another_one(server: StorageServer, tmp_path: Path) -> None:
    store = open_store(settings_of(server))
    put(store, tmp_path, data=b"one")
    put(store, tmp_path, data=b"other")
    store.download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert (tmp_path / "target").read_bytes() == b"other"
    assert [stored.key for stored in store.list("")] == [KEY]


@every_store
def test_a_missing_file_is_not_found(server: StorageServer, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"'models' has no .*files/md5/ab/cdef"):
        open_store(settings_of(server)).download(KEY, str(tmp_path / "target"), 0, no_advance)


@every_store
@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../b", "a\nb", "a\\b"])
def test_a_key_never_leads_out(server: StorageServer, key: str, tmp_path: Path) -> None:
    store = open_store(settings_of(server))
    (tmp_path / "source").write_bytes(b"x")
    with pytest.raises(Refused, match="is no key"):
        store.upload(str(tmp_path / "source"), key, no_advance)
    with pytest.raises(Refused, match="is no key"):
        store.size(key)
    with pytest.raises(Refused, match="is no key"):
        store.delete(key)
    with pytest.raises(Refused, match="is no key"):
        store.download(key, str(tmp_path / "target"), 0, no_advance)


@every_store
def test_odd_names_are_kept(server: StorageServer, tmp_path: Path) -> None:
    store = open_store(settings_of(server))
    for key in ("a b/c#d.bin", "a b/e%41.bin", "a b/ünï.bin", "a b/[x]*.bin"):
        put(store, tmp_path, key, key.encode())
        store.download(key, str(tmp_path / "target"), 0, no_advance)
        assert ((tmp_path / "target").read_bytes().decode(), store.size(key)) == (key, len(key.encode()))
    assert sorted(stored.key for stored in store.list("a b")) == ["a b/[x]*.bin", "a b/c#d.bin", "a b/e%41.bin", "a b/ünï.bin"]


@every_store
def test_several_threads_share_a_store(server: StorageServer, tmp_path: Path) -> None:
    store = open_store(settings_of(server))
    for number in range(12):
        (tmp_path / f"source-{number}").write_bytes(bytes([number]) * 10_000)

    def there_and_back(number: int) -> bytes:
        store.upload(str(tmp_path / f"source-{number}"), f"files/md5/{number:02}/x", no_advance)
        store.download(f"files/md5/{number:02}/x", str(tmp_path / f"target-{number}"), 0, no_advance)
        return (tmp_path / f"target-{number}").read_bytes()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(there_and_back, range(12))) == [bytes([number]) * 10_000 for number in range(12)]
    assert len(list(store.list("files"))) == 12


@every_remote_store
def test_a_connection_cut_in_the_middle_is_a_fault_and_what_arrived_goes_on(
    server: StorageServer, proxies: Callable[[int], Proxy], tmp_path: Path
) -> None:
    put(open_store(settings_of(server)), tmp_path)
    assert server.port is not None
    proxy = proxies(server.port)
    store = open_store(settings_of(server.through(proxy.port)))
    target = tmp_path / "target"
    proxy.cut_after(1_000_000, times=9)  # botocore and others begin anew by themselves
    with pytest.raises(ExternalFault, match=r"cannot be reached, or broke off|broke off the connection"):
        store.download(KEY, str(target), 0, no_advance)
    there = target.read_bytes()
    assert DATA.startswith(there)
    assert len(there) < 1_000_000
    proxy.cut_after(0, times=0)
    again = open_store(settings_of(server.through(proxy.port)))
    again.download(KEY, str(target), len(there), no_advance)
    assert (target.read_bytes() == DATA) is True
    del store, again
    gc.collect()


@every_remote_store
def test_a_server_that_is_not_there_is_said_to_be_so(server: StorageServer) -> None:
    store = open_store(settings_of(server.through(1)))
    with pytest.raises(ExternalFault, match="cannot be reached"):
        store.size(KEY)


@pytest.mark.parametrize(
    ("server", "option"), [("s3", "secret_access_key"), ("webdav", "password"), ("sftp", "password")], indirect=["server"]
)
def test_wrong_credentials_are_refused_and_not_repeated(server: StorageServer, option: str, tmp_path: Path) -> None:
    store = open_store(settings_of(server, **{option: SECRET}))
    with pytest.raises(ExternalFault, match=r"does not let us (in|read)") as caught:
        store.download(KEY, str(tmp_path / "target"), 0, no_advance)
    assert SECRET not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    assert caught.value.hint
