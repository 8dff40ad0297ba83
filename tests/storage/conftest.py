"""A person of its own for each test: no credentials, no known hosts, no keys; and places for bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.known_hosts import trust_host
from tests.support.servers.fixtures import Servers
from tests.support.servers.storage import StorageServer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and an environment that opens no door."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN", "SSH_AUTH_SOCK", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return home


@pytest.fixture
def server(request: pytest.FixtureRequest, servers: Servers, home: Path) -> StorageServer:
    """A place for bytes of the kind that is asked for, whose host is known; `indirect` gives the kind."""
    if request.param == "moto":
        return servers.moto.storage(servers.new_name(), version_aware=False)
    server = servers.storage(request.param)
    if request.param in {"sftp", "ssh"} and server.port:
        trust_host(home, server.port)
    return server
