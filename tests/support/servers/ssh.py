"""OpenSSH's server, run by whoever runs the tests: for git, and for files over SFTP with a key."""

from __future__ import annotations

import getpass
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.servers.git_server import GitServer
from tests.support.servers.process import LOOPBACK, Process, find_program, run_server
from tests.support.servers.storage import StorageServer

_SEPARATION: Final = Path(
    "/run/sshd"
)  # where root's sshd locks up the process that speaks with strangers; an init script makes it

_CONFIGURATION: Final = """\
ListenAddress {address}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
MaxStartups 100
MaxSessions 100
PrintMotd no
Subsystem sftp internal-sftp
SetEnv GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL={null} PATH={path}
"""
_ALIAS: Final = "tests"  # so that the server is the same behind the port of a proxy
_CLIENT: Final = (
    "ssh -F {null} -i '{folder}/key' -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes"
    " -o HostKeyAlias={alias} -o StrictHostKeyChecking=yes -o UserKnownHostsFile='{folder}/known_hosts' -o LogLevel=ERROR"
)
# All clients share one connection, since each handshake takes longer than what is said after it. Behind a proxy's port nobody
# listens for them, so each has a connection of its own there.
_SHARED: Final = " -o ControlPath='{door}/%p'"


@dataclass(frozen=True, slots=True)
class Sshd:
    """A server that one key opens.

    Attributes:
        folder: where the keys are.
        door: the folder of the socket of the shared connection.
        version: the newest version of git's protocol that gets through.
    """

    folder: Path
    door: Path
    version: int
    process: Process

    @property
    def key(self) -> Path:
        """The file of the key."""
        return self.folder / "key"

    @property
    def command(self) -> str:
        """The value of ``GIT_SSH_COMMAND`` that opens the door."""
        return (_CLIENT + _SHARED).format(alias=_ALIAS, folder=self.folder, door=self.door, null=os.devnull)

    def storage(self, name: str) -> StorageServer:
        """Make a folder of its own on the server."""
        folder = self.folder / "files" / name
        folder.mkdir(parents=True)
        return StorageServer(
            kind="ssh",
            url=f"ssh://{getpass.getuser()}@{LOOPBACK}:{self.process.port}{folder}",
            local_options={"keyfile": str(self.key)},
            folder=folder,
            port=self.process.port,
            log=self.process.log,
        )

    def git_server(self, root: Path) -> GitServer:
        """Describe the host of the repositories in a folder.

        Args:
            root: the folder.
        """
        return GitServer(
            kind="ssh" if self.version else "ssh-v0",
            root=root,
            address=f"ssh://{getpass.getuser()}@{LOOPBACK}:{self.process.port}{root}",
            env={"GIT_SSH_COMMAND": self.command, "GIT_SSH_VARIANT": "ssh"},
            version=self.version,
            port=self.process.port,
            log=self.process.log,
        )


@contextmanager
def run_sshd(folder: Path, env: Mapping[str, str], *, version: int = 2) -> Iterator[Sshd]:
    """Run the server until the end of the block.

    Args:
        folder: for everything that the server has.
        env: its environment.
        version: of git's protocol; with 0 the server does not take what asks for a newer one (``GIT_PROTOCOL``), as one that was
            just installed.
    """
    program = find_program("sshd", "openssh-server")
    folder.mkdir(parents=True)
    for name in ("key", "host_key"):
        _make_key(folder / name)
    text = _CONFIGURATION.format(address=LOOPBACK, folder=folder, null=os.devnull, path=os.environ.get("PATH", os.defpath))
    configuration = folder / "sshd_config"
    configuration.write_text(text + ("AcceptEnv GIT_PROTOCOL\n" if version else ""), encoding="utf-8")
    if os.geteuid() == 0:
        _SEPARATION.mkdir(mode=0o755, exist_ok=True)

    def command(port: int) -> list[str]:
        return [program, "-D", "-e", "-f", str(configuration), "-p", str(port)]

    # The path of a socket has at most 104 bytes, so it is not where pytest keeps folders; and the connection ends with the server.
    with (
        tempfile.TemporaryDirectory(prefix="ssh-", dir="/tmp", ignore_cleanup_errors=True) as door,
        run_server(command, log=folder / "sshd.log", env=env) as process,
    ):
        host_key = (folder / "host_key.pub").read_text(encoding="utf-8")
        (folder / "known_hosts").write_text(f"{_ALIAS} {host_key}", encoding="utf-8")
        sshd = Sshd(folder, Path(door), version, process)
        with _connection(sshd, env):
            yield sshd


@contextmanager
def _connection(sshd: Sshd, env: Mapping[str, str]) -> Iterator[None]:
    """Keep up the connection that the clients share: its command ends with the pipe to it, so also if the tests are killed."""
    # It passes on of the clients' variables what it would itself.
    options = f"-M -o SendEnv=GIT_PROTOCOL -p {sshd.process.port} {getpass.getuser()}@{LOOPBACK} 'echo connected; exec cat'"
    with subprocess.Popen(
        ["sh", "-c", f"exec {sshd.command} {options}"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        if running.stdout.readline() != "connected\n":
            raise AssertionError(sshd.process.log.read_text(encoding="utf-8", errors="replace"))
        yield
        assert running.stdin is not None
        running.stdin.close()


def _make_key(file: Path) -> None:
    """Make a key without a passphrase."""
    program = find_program("ssh-keygen", "openssh-client")
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(file)], check=True)
