"""A registry whose bytes are on a shelf: a clone of somebody who has no cache, and a store that tests can meddle with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from gitreg import Registry
from gitreg.core.contents import Fetched
from tests.support.dvc import Folder, hash_of, object_key, put_object, set_up_dvc, track
from tests.support.repository import Repository
from tests.support.servers.storage import StorageServer

Open: TypeAlias = Callable[[Repository], Registry]

MODEL = bytes(range(256)) * 400  # 102,400 bytes
FOLDER = {"a.csv": b"1,2\n", "sub/b.csv": b"1,2\n", "sub/deep/c.bin": b"\0" * 5000, "empty": b""}


@dataclass(slots=True)
class Shelf:
    """A repository with a store.

    Attributes:
        open: opens a registry in the environment of its repository.
        target: an empty folder for what is fetched.
    """

    repository: Repository
    storage: StorageServer
    open: Open
    target: Path
    entries: dict[str, str] = field(default_factory=dict)

    def set_up(self) -> None:
        """Configure DVC, and make the folder of the target the current one's neighbour."""
        set_up_dvc(self.repository, self.storage)
        self.target.mkdir()

    def add(self, name: str, path: str, content: bytes | Folder, *, remote: str = "", kept: bool = True) -> None:
        """Add an artifact that DVC keeps, and register its first version."""
        store = self.storage.seen_folder if kept else None
        track(self.repository, path, content, store=store, remote=remote)
        self.register(name, path)

    def register(self, name: str, path: str) -> None:
        """Write the entry of an artifact, and register a version of it."""
        self.entries[name] = path
        text = "".join(f"{artifact}:\n  path: {place}\n" for artifact, place in self.entries.items())
        self.repository.commit({"artifacts.yaml": text}, f"Describe {name}")
        self.repository.register(name, "v1.0.0")
        self.repository.tick()

    def get(self, selector: str, to: str | Path | None = None, **options: object) -> Fetched:
        """Get, into the target folder if no other path is given."""
        place = self.target if to is None else self.target / to
        text = f"{place}/" if to is None else f"{place}{'/' if str(to).endswith('/') else ''}"
        return self.open(self.repository).get(selector, text, **options)  # type: ignore[arg-type]

    def spoil(self, data: bytes, with_data: bytes | None) -> Path:
        """Put other bytes into the place of some; None takes them away; return the file."""
        if with_data is None:
            place = self.storage.seen_folder / object_key(hash_of(data))
            place.unlink()
            return place
        return put_object(self.storage.seen_folder, hash_of(data), with_data)

    def arrived(self) -> dict[str, bytes | str]:
        """Read everything below the target, with links as their targets and empty folders as such."""
        found: dict[str, bytes | str] = {}
        for place in sorted(self.target.rglob("*")):
            name = place.relative_to(self.target).as_posix()
            if place.is_symlink():
                found[name] = f"-> {place.readlink()}"
            elif place.is_file():
                found[name] = place.read_bytes()
            elif not any(place.iterdir()):
                found[f"{name}/"] = ""
        return found
