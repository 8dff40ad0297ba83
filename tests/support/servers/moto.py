"""moto serves S3 from memory, with versions of objects; it takes any credentials."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.servers.process import LOOPBACK, Process, run_server
from tests.support.servers.storage import StorageServer

ACCESS_KEY: Final = "AKIAMOTOTESTS"
SECRET_KEY: Final = "moto-secret-of-the-tests"
_REGION: Final = "us-east-1"
_SIGNED: Final = (  # moto looks at the name of the key and not at the signature
    f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20260101/{_REGION}/s3/aws4_request, SignedHeaders=host, Signature={'0' * 64}"
)
_VERSIONS: Final = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"


@dataclass(frozen=True, slots=True)
class Moto:
    """A server of buckets."""

    process: Process

    def storage(self, name: str, *, version_aware: bool = True) -> StorageServer:
        """Make a bucket that keeps the versions of its objects.

        Args:
            name: of the bucket: at least three small letters, digits and hyphens.
            version_aware: whether DVC is told so (files keep their names, and versions tell them apart).
        """
        self._put(f"/{name}", b"")
        self._put(f"/{name}?versioning", _VERSIONS)
        return StorageServer(
            kind="versioned-s3",
            url=f"s3://{name}/models",
            options={
                "endpointurl": f"http://{LOOPBACK}:{self.process.port}",
                "region": _REGION,
                **({"version_aware": "true"} if version_aware else {}),
            },
            local_options={"access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY},
            port=self.process.port,
            log=self.process.log,
        )

    def _put(self, path: str, body: bytes) -> None:
        """Put something under a path."""
        connection = http.client.HTTPConnection(LOOPBACK, self.process.port, timeout=20)
        try:
            connection.request("PUT", path, body, {"Authorization": _SIGNED})
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise AssertionError(f"PUT {path}: {answer.status} {answer.read().decode()}")
        finally:
            connection.close()


@contextmanager
def run_moto(folder: Path, env: Mapping[str, str]) -> Iterator[Moto]:
    """Serve buckets until the end of the block.

    Args:
        folder: for its log.
        env: its environment.
    """
    folder.mkdir(parents=True)

    def command(port: int) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", str(port)]

    with run_server(command, log=folder / "moto.log", env=env) as process:
        yield Moto(process)
