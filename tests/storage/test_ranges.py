"""Parts of files, from every real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitreg.core.contents import Ranged, no_advance
from gitreg.errors import ExternalFault, NotFound, Refused
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store, StoreSettings
from tests.support.servers.proxy import Proxy
from tests.support.servers.storage import StorageServer
from tests.support.servers.web import Trouble, Web

DATA = bytes(range(256)) * 4096 * 3  # 3 MiB
KEY = "files/md5/ab/cdef"

every_store = pytest.mark.parametrize("server", ["folder", "s3", "moto", "webdav", "sftp", "ssh", "web"], indirect=True)

pytestmark = pytest.mark.slow


def open_ranged(server: StorageServer) -> Store:
    """Open a store; any part of what it has can be read."""
    store = open_store(StoreSettings(name="models", url=server.url, options=server.all_options))
    assert isinstance(store, Ranged)
    return store


def read(store: Store, start: int, length: int, key: str = KEY) -> bytes:
    assert isinstance(store, Ranged)
    return store.read_range(key, start, length)


@every_store
def test_any_part_of_a_file_can_be_read(server: StorageServer, tmp_path: Path) -> None:
    store = open_ranged(server)
    (tmp_path / "source").write_bytes(DATA)
    store.upload(str(tmp_path / "source"), KEY, no_advance)
    for start, length in ((0, 10), (1, 0), (1_000_003, 65_536), (len(DATA) - 5, 5), (len(DATA) - 5, 100), (0, len(DATA))):
        assert read(store, start, length) == DATA[start : start + length]
    assert read(store, len(DATA), 10) == b""
    assert read(store, len(DATA) + 10, 10) == b""


@every_store
def test_a_part_of_nothing_is_not_found(server: StorageServer) -> None:
    with pytest.raises(NotFound, match="'models' has no"):
        read(open_ranged(server), 0, 10)


@every_store
@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a\nb"])
def test_a_key_never_leads_out(server: StorageServer, key: str) -> None:
    with pytest.raises(Refused, match="is no key"):
        read(open_ranged(server), 0, 10, key)


@every_store
def test_only_the_part_comes_over_the_network(server: StorageServer, proxies: Callable[[int], Proxy], tmp_path: Path) -> None:
    if server.port is None:
        return
    (tmp_path / "source").write_bytes(DATA * 4)
    open_ranged(server).upload(str(tmp_path / "source"), KEY, no_advance)
    proxy = proxies(server.port)
    assert read(open_ranged(server.through(proxy.port)), 9_000_001, 1_000) == DATA[9_000_001 % len(DATA) :][:1_000]
    assert proxy.received < 200_000


def test_of_a_server_that_gives_no_parts_only_the_beginning_is_read(web: Web) -> None:
    server = web.storage("models")
    (server.seen_folder / "a.bin").write_bytes(DATA * 5)
    store = open_ranged(server)
    web.trouble(Trouble(without_ranges=True), times=3)
    assert read(store, 0, 10, "a.bin") == DATA[:10]
    assert read(store, 1_000_003, 65_536, "a.bin") == DATA[1_000_003 : 1_000_003 + 65_536]
    with pytest.raises(ExternalFault, match="gives no parts"):
        read(store, 12 << 20, 10, "a.bin")
