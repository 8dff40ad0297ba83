"""Shelves: one store with all that is asked of it; each object is asked for once, however many versions consist of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from gitreg.core.contents import Advance, Contents, Item, Source, no_advance
from gitreg.core.entries import PointerKind
from gitreg.core.verdicts import Verdict
from gitreg.core.words import format_count
from gitreg.errors import Corrupted, ExternalFault, GitregError, NotFound, Unanswerable
from gitreg.operations.get_files import Loaded, fetch_files, run_side_by_side, staged_file
from gitreg.storage.folder import Folder
from gitreg.storage.hashes import hash_file
from gitreg.storage.manifest import LARGEST, Listed, parse_manifest
from gitreg.storage.store import Stored

Lister: TypeAlias = Callable[[str], Iterator[Stored]]

_MANY: Final = 500  # questions from which on a list of everything is the faster answer
_LIST: Final = ".dir"


class Wanted(NamedTuple):
    """An object that should be there: its key, its hash as ``algorithm:hex`` and its size in bytes, as far as they are known."""

    key: str
    hash: str | None
    size: int | None


class Finding(NamedTuple):
    """A verdict, and what is wrong."""

    verdict: Verdict
    detail: str = ""


class Shelf:
    """A store, and what is known of its objects.

    Args:
        store: the store, or another place of bytes.
        lister: lists what it has below a key, where it can.
        deep: whether to read and hash every object.
        jobs: how many questions at once.
        advance: told of each piece that is hashed.
    """

    def __init__(self, store: Source, lister: Lister | None = None, *, deep: bool, jobs: int, advance: Advance) -> None:
        """Know nothing yet."""
        self._store = store
        self._lister = None if isinstance(store, Folder) else lister
        self._deep = deep
        self._jobs = 1 if isinstance(store, Folder) and not deep else jobs
        self._advance = advance
        self._sizes: dict[str, int | None] = {}
        self._hashes: dict[str, str] = {}
        self._fault: GitregError | None = None

    @property
    def address(self) -> str:
        """Where the store is, without secrets."""
        return self._store.address("")

    @property
    def asked(self) -> int:
        """How many distinct objects were asked for."""
        return len(self._sizes)

    def size(self, key: str) -> int | None:
        """Say how many bytes an object has that was asked for; None where it is not there."""
        return self._sizes.get(key)

    def ask(self, wanted: Iterable[Wanted]) -> None:
        """Ask for the sizes of objects, and hash those that are there if that is wanted; what fails is told by `find`."""
        distinct = {want.key: want for want in wanted}
        try:
            self._ask_sizes([key for key in distinct if key not in self._sizes])
            if self._deep:
                self._hash(
                    [want for want in distinct.values() if want.key not in self._hashes and self._sizes.get(want.key) is not None]
                )
        except (ExternalFault, OSError) as error:
            self._fault = error if isinstance(error, GitregError) else ExternalFault(f"{error.strerror or error}")

    def find(self, want: Wanted) -> Finding:
        """Hold an object that was asked for against what it should be."""
        if want.key not in self._sizes:
            return Finding(Verdict.NO_ANSWER, self._fault.message if self._fault else "it was not asked for")
        size = self._sizes[want.key]
        if size is None:
            return Finding(Verdict.MISSING, f"{self._store.address(want.key)} is not there")
        if want.size is not None and size != want.size:
            detail = f"{self._store.address(want.key)} has {format_count(size, 'byte')} and not {want.size}"
            return Finding(Verdict.WRONG_SIZE, detail)
        return self._find_hash(want) if self._deep and want.hash else Finding(Verdict.OK)

    def read_lists(self, wanted: Sequence[Wanted]) -> dict[str, tuple[Listed, ...] | Finding]:
        """Fetch lists of folders, hold each against its hash and read it.

        Returns:
            By key the files, or what is wrong.
        """
        found: dict[str, tuple[Listed, ...] | Finding] = {}
        with tempfile.TemporaryDirectory(prefix="gitreg-") as folder:
            tasks = [partial(self._read_list, want, Path(folder), found) for want in {want.key: want for want in wanted}.values()]
            run_side_by_side(tasks, self._jobs, no_advance)
        return found

    def _ask_sizes(self, keys: list[str]) -> None:
        """Ask for the sizes of objects that nothing is known of."""
        if self._fault is None and not (len(keys) >= _MANY and self._lister is not None and self._list(keys, self._lister)):
            run_side_by_side([partial(self._ask_size, key) for key in keys], self._jobs, no_advance)

    def _list(self, keys: list[str], lister: Lister) -> bool:
        """List everything that is there in one go; say whether the store can."""
        wanted = set(keys)
        prefix = "files" if all(key.startswith("files/") for key in keys) else ""
        try:
            found = {stored.key: stored.size for stored in lister(prefix) if stored.key in wanted}
        except ExternalFault:  # such as plain HTTP, which has no lists
            return False
        self._sizes.update({key: found.get(key) for key in keys})
        return True

    def _ask_size(self, key: str, advance: Advance) -> None:
        """Ask for the size of one object."""
        advance(0)
        self._sizes[key] = self._store.size(key)

    def _hash(self, wanted: list[Wanted]) -> None:
        """Read objects and hash them: one copy for each question at a time is on the disk."""
        with tempfile.TemporaryDirectory(prefix="gitreg-") as folder:
            tasks = [
                partial(self._hash_one, want, Path(folder, str(number)))
                for number, want in enumerate(wanted)
                if want.hash is not None
            ]
            run_side_by_side(tasks, self._jobs, self._advance)

    def _hash_one(self, want: Wanted, place: Path, advance: Advance) -> None:
        """Read one object and hash it; a folder is read where it is."""
        algorithm = (want.hash or "").partition(":")[0]
        if isinstance(self._store, Folder):
            self._hashes[want.key] = hash_file(Path(self._store.address(want.key)), algorithm)
            advance(self._sizes.get(want.key) or 0)
            return
        try:
            self._store.download(want.key, str(place), 0, advance)
            self._hashes[want.key] = hash_file(place, algorithm)
        except NotFound:
            self._sizes[want.key] = None
        finally:
            place.unlink(missing_ok=True)

    def _find_hash(self, want: Wanted) -> Finding:
        """Hold the hash of an object against what it should be."""
        if want.key not in self._hashes:
            return Finding(Verdict.NO_ANSWER, self._fault.message if self._fault else "it was not read")
        expected = (want.hash or "").partition(":")[2].removesuffix(_LIST)
        if self._hashes[want.key] == expected:
            return Finding(Verdict.OK)
        return Finding(Verdict.WRONG_HASH, f"{self._store.address(want.key)} holds other bytes than were registered")

    def _read_list(self, want: Wanted, folder: Path, found: dict[str, tuple[Listed, ...] | Finding], advance: Advance) -> None:
        """Fetch and read one list."""
        advance(0)
        item = Item(path="", hash=(want.hash or "").removesuffix(_LIST), size=None, key=want.key)
        contents = Contents(kind=PointerKind.DVC, path="", items=(item,), is_folder=False)
        place = staged_file(folder, item)
        try:
            fetch_files(Loaded(contents, (self._store,), most=LARGEST), folder, jobs=1, advance=no_advance)
            found[want.key] = parse_manifest(place.read_bytes(), want.key)
        except NotFound:
            found[want.key] = Finding(Verdict.MISSING, f"the list {self._store.address(want.key)} is not there")
        except Corrupted:
            found[want.key] = Finding(
                Verdict.WRONG_HASH, f"the list {self._store.address(want.key)} is not the one that was registered"
            )
        except Unanswerable as error:
            found[want.key] = Finding(Verdict.WRONG_LIST, error.message)
        except ExternalFault as error:
            found[want.key] = Finding(Verdict.NO_ANSWER, error.message)
        finally:
            place.unlink(missing_ok=True)
