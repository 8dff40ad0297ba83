"""Every host of git repositories of the tests takes pushes and answers in the protocol that it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.servers.fixtures import Servers
from tests.support.servers.git_server import GitServer, through_proxy
from tests.support.servers.proxy import run_proxy

LARGE = 3 << 20  # bytes; more than git sends in one piece over http


def test_it_takes_a_push_and_gives_it_to_a_clone(
    repository: Repository, servers: Servers, git_server: GitServer, tmp_path: Path
) -> None:
    bare = git_server.host(repository, servers.new_name())
    tip = repository.commit({"large.bin": bytes(range(256)) * (LARGE // 256)}, "A large file")
    repository.register("churn", "v1.0.0")
    repository.git("config", "core.compression", "0")
    repository.git("push", "--quiet", "--atomic", "origin", "main", "refs/tags/churn@v1.0.0")
    assert bare.git("rev-parse", "main", "churn@v1.0.0^{commit}").split() == [tip, tip]
    url = repository.git("remote", "get-url", "origin")
    assert f"{tip}\trefs/heads/main" in repository.git("ls-remote", url).splitlines()
    repository.git("clone", "--quiet", "--depth=1", "--branch=churn@v1.0.0", url, str(tmp_path / "clone"))
    assert (tmp_path / "clone" / "large.bin").stat().st_size == LARGE


def test_it_answers_in_its_protocol(repository: Repository, servers: Servers, git_server: GitServer) -> None:
    git_server.host(repository, servers.new_name())
    trace = repository.path.parent / "trace"
    repository.git("-c", "protocol.version=2", "ls-remote", "origin", env={"GIT_TRACE_PACKET": str(trace)})
    assert ("< version 2" in trace.read_text()) == (git_server.version == 2)


@pytest.mark.parametrize("filters", [True, False], ids=["with filters", "without filters"])
@pytest.mark.parametrize("git_server", ["http", "ssh-v0"], indirect=True)
def test_it_leaves_out_files_only_where_it_may(
    repository: Repository, servers: Servers, git_server: GitServer, tmp_path: Path, *, filters: bool
) -> None:
    git_server.host(repository, servers.new_name(), filters=filters)
    url = repository.git("remote", "get-url", "origin")
    repository.git("clone", "--quiet", "--bare", "--filter=blob:none", url, str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone", bare=True)
    missing = [
        line for line in clone.git("rev-list", "--objects", "--all", "--missing=print").splitlines() if line.startswith("?")
    ]
    assert bool(missing) == filters


@pytest.mark.parametrize("git_server", ["http", "ssh"], indirect=True)
def test_a_hook_of_the_server_refuses_and_says_why(repository: Repository, servers: Servers, git_server: GitServer) -> None:
    bare = git_server.host(repository, servers.new_name())
    hook = bare.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not today' >&2\nexit 1\n")
    hook.chmod(0o755)
    repository.register("churn", "v1.0.0")
    with pytest.raises(AssertionError, match="remote: not today"):
        repository.git("push", "origin", "refs/tags/churn@v1.0.0")


@pytest.mark.parametrize("git_server", ["http", "ssh", "daemon"], indirect=True)
def test_a_proxy_before_it_counts_what_a_client_gets(repository: Repository, servers: Servers, git_server: GitServer) -> None:
    assert git_server.port is not None
    name = servers.new_name()
    git_server.host(repository, name)
    with run_proxy(git_server.port) as proxy:
        through = through_proxy(git_server, proxy.port)
        repository.git("ls-remote", through.url(name))
        assert 200 < proxy.received < 10_000


def test_nobody_is_let_in_over_https_who_does_not_trust_its_certificate(repository: Repository, servers: Servers) -> None:
    name = servers.new_name()
    server = servers.git("https")
    server.host(repository, name)
    with pytest.raises(AssertionError, match="certificate"):
        repository.git("ls-remote", server.url(name), env={"GIT_SSL_CAINFO": "/dev/null"})
