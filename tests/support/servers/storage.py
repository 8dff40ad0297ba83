"""How DVC reaches a store that a server of the tests keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageServer:
    """A place for the bytes of one test, on a server that several tests share.

    Attributes:
        kind: which server it is, one of `STORAGES` in `fixtures`.
        url: what ``dvc remote add`` gets.
        options: what belongs into ``.dvc/config``.
        local_options: credentials, which belong into ``.dvc/config.local``.
        folder: where the bytes are on this disk, to be looked at and damaged; None for a server that keeps them in memory.
        writable: whether bytes can be put there; those of a server that only reads are put into the folder.
        port: where the server listens; None for a folder.
        log: what the server says; None for a folder.
    """

    kind: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    local_options: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    writable: bool = True
    port: int | None = None
    log: Path | None = None

    @property
    def all_options(self) -> dict[str, str]:
        """Everything that DVC must know, apart from the URL."""
        return {**self.options, **self.local_options}

    @property
    def writer(self) -> StorageServer:
        """The same place where bytes can be put: itself, or the folder behind a server that only reads."""
        return self if self.writable else folder_storage(self.seen_folder)

    @property
    def seen_folder(self) -> Path:
        """The folder of a place that has one."""
        if self.folder is None:
            raise AssertionError(f"{self.kind} keeps its bytes in memory")
        return self.folder

    def through(self, port: int) -> StorageServer:
        """Make the same place reached through a proxy that listens on a port of loopback."""
        if self.port is None:
            raise AssertionError(f"{self.kind} is no server")
        old, new = f"127.0.0.1:{self.port}", f"127.0.0.1:{port}"
        return StorageServer(
            kind=self.kind,
            url=self.url.replace(old, new),
            options={name: value.replace(old, new) for name, value in self.options.items()},
            local_options=self.local_options,
            folder=self.folder,
            writable=self.writable,
            port=port,
            log=self.log,
        )

    def files(self) -> dict[str, bytes]:
        """Read all that is there, by the path below the folder."""
        return dict(self._walk())

    def put(self, key: str, data: bytes) -> Path:
        """Put bytes there behind the server's back, over what is there, as a damaged disk does; return the file."""
        place = self.seen_folder / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.write_bytes(data)
        return place

    def _walk(self) -> Iterator[tuple[str, bytes]]:
        """Walk the folder."""
        for place in sorted(self.seen_folder.rglob("*")):
            if place.is_file():
                yield place.relative_to(self.seen_folder).as_posix(), place.read_bytes()


def folder_storage(folder: Path) -> StorageServer:
    """Make a place that is a folder of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    return StorageServer(kind="folder", url=str(folder), folder=folder)
