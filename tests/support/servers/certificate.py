"""A certificate for loopback, which whoever trusts its file takes."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers.process import LOOPBACK, find_program


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that is its own authority.

    Attributes:
        file: what a client must trust (``GIT_SSL_CAINFO``, ``SSL_CERT_FILE``, ``AWS_CA_BUNDLE``).
        key: its private key.
    """

    file: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        """What a server needs for TLS."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.file, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    """Make a certificate and its key in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate = Certificate(folder / "certificate.pem", folder / "certificate.key")
    command = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    names = ["-subj", "/CN=tests", "-addext", f"subjectAltName=IP:{LOOPBACK},DNS:localhost"]
    files = ["-keyout", str(certificate.key), "-out", str(certificate.file)]
    subprocess.run([find_program("openssl", "openssl"), *command, *names, *files], check=True, capture_output=True)
    return certificate
