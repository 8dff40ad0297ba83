"""Knowing a server of ssh, as a person does who has connected to it before: gitreg speaks to no other."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.servers.process import LOOPBACK, find_program


def trust_host(home: Path, port: int) -> None:
    """Write the host key of a server on loopback into ``~/.ssh/known_hosts``, for whatever port it is reached through.

    Args:
        home: the person's folder.
        port: where the server listens.
    """
    program = find_program("ssh-keyscan", "openssh-client")
    found = subprocess.run([program, "-T", "20", "-p", str(port), LOOPBACK], capture_output=True, text=True, check=True).stdout
    keys = [line.partition(" ")[2] for line in found.splitlines() if line and not line.startswith("#")]
    folder = home / ".ssh"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "known_hosts").open("a", encoding="utf-8") as file:
        file.writelines(f"[{LOOPBACK}]:* {key}\n" for key in keys)
