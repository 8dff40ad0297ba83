"""`inspect` of large files in storages: only headers come over the network."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from gitreg import Registry
from tests.formats.samples import sample
from tests.support.dvc import set_up_dvc, track
from tests.support.repository import Repository
from tests.support.servers.fixtures import Servers
from tests.support.servers.proxy import Proxy

pytestmark = pytest.mark.slow

LARGE = 50 << 20
MOST = 1 << 20


def large_safetensors() -> bytes:
    header = b'{"w":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}' % (LARGE // 4, LARGE)
    return struct.pack("<Q", len(header)) + header + bytes(LARGE)


@pytest.mark.parametrize("kind", ["s3", "web", "webdav"])
@pytest.mark.parametrize("name", ["churn.safetensors", "churn.pt"])
def test_of_a_large_file_less_than_a_megabyte_is_fetched(
    repository: Repository, servers: Servers, proxies: Callable[[int], Proxy], kind: str, name: str
) -> None:
    server = servers.storage(kind)
    assert server.port is not None
    content = large_safetensors() if name.endswith("safetensors") else large_archive()
    track(repository, name, content, store=server.seen_folder)
    proxy = proxies(server.port)
    set_up_dvc(repository, server.through(proxy.port))
    repository.commit({"artifacts.yaml": f"churn:\n  path: {name}\n"})
    with Registry(repository.path) as registry:
        found = registry.inspect("churn")
    assert found.file.notes == ()
    assert found.file.parameters == (LARGE // 4 if name.endswith("safetensors") else 11)
    assert found.read is not None
    assert found.read < MOST
    assert proxy.received < MOST, proxy.received


def large_archive() -> bytes:
    """The sample of torch with fifty megabytes between its members and their list."""
    small = bytearray(sample("state.pt"))
    end = small.rindex(b"PK\x05\x06")
    [start] = struct.unpack_from("<L", small, end + 16)
    for signature, offset, form in ((b"PK\x05\x06", 16, "<L"), (b"PK\x06\x06", 48, "<Q"), (b"PK\x06\x07", 8, "<Q")):
        place = small.rindex(signature) + offset  # where the list, or the record that names it, begins
        struct.pack_into(form, small, place, struct.unpack_from(form, small, place)[0] + LARGE)
    return bytes(small[:start]) + bytes(LARGE) + bytes(small[start:])
