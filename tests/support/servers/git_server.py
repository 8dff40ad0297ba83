"""Hosts of git repositories, as a client meets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class GitServer:
    """A server of bare repositories, to which everybody may push.

    Attributes:
        kind: which server it is, one of `GIT_SERVERS` in `fixtures`.
        root: the folder of its repositories.
        address: what stands before the name of a repository in its URL.
        env: what a client needs in its environment, such as ``GIT_SSH_COMMAND``.
        version: the newest version of git's protocol that it speaks.
        port: where it listens; None for a folder.
        log: what the server says; None for a folder.
    """

    kind: str
    root: Path
    address: str
    env: Mapping[str, str] = field(default_factory=dict)
    version: int = 2
    port: int | None = None
    log: Path | None = None

    def url(self, name: str) -> str:
        """Write the URL of a repository."""
        return f"{self.address}/{name}.git"

    def host(self, repository: Repository, name: str, *, filters: bool = True) -> Repository:
        """Put all branches and tags of a repository on the server, and make that the ``origin`` of it.

        The repository gets what a client needs in its environment.

        Args:
            repository: the repository to copy.
            name: the server's name for it.
            filters: whether the server lets clients leave out what they do not need (``--filter``).

        Returns:
            The bare repository in the folder of the server.
        """
        bare = repository.bare_remote(self.root / f"{name}.git")
        bare.git("config", "uploadpack.allowFilter", str(filters).lower())
        bare.git("config", "http.receivepack", "true")
        repository.git("remote", "set-url", "origin", self.url(name))
        repository.extra.update(self.env)
        return bare


def through_proxy(server: GitServer, port: int) -> GitServer:
    """Make the same server reached through a proxy that listens on a port of loopback."""
    if server.port is None:
        raise AssertionError(f"{server.kind} is no server")
    return GitServer(
        kind=server.kind,
        root=server.root,
        address=server.address.replace(f"127.0.0.1:{server.port}", f"127.0.0.1:{port}"),
        env=server.env,
        version=server.version,
        port=port,
        log=server.log,
    )
