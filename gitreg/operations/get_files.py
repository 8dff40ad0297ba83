"""Fetching the files of contents into a staging folder: several at once, each checked, each distinct one once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final

from gitreg.core.contents import Advance, Contents, Item, Source
from gitreg.core.words import format_count
from gitreg.errors import Corrupted, ExternalFault, GitregError, NotFound
from gitreg.git.blobs import hash_blob
from gitreg.operations.get_staging import open_new
from gitreg.storage.hashes import hash_file

_TRIES: Final = 3
_TAKE_IT_AGAIN: Final = "get it again, or from another place: --remote NAME; the version itself cannot change"

Task = Callable[[Advance], None]


class _Stopped(BaseException):
    """Another file has failed, so this one is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Contents, and the places where their bytes are looked for, one after the other.

    Attributes:
        notes: sentences that a person should read.
        most: bytes that no single file can exceed, where its own size is not known.
    """

    contents: Contents
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    most: int | None = None

    def close(self) -> None:
        """End the processes of the places that have one."""
        for source in self.sources:
            close = getattr(source, "close", None)
            if close is not None:
                close()


def fetch_files(loaded: Loaded, staging: Path, *, jobs: int, advance: Advance) -> Source:
    """Fetch all files; see `staged_file` for where they are then.

    Returns:
        The place that the bytes came from: of several the last that had to be asked.

    Raises:
        Corrupted: bytes are not those that were registered; the file is deleted.
        NotFound: no place has the bytes.
        ExternalFault: a place does not answer, or stopped in the middle.
        OSError: the system does not let us.
    """
    distinct = {staged_file(staging, item): item for item in loaded.contents.items}
    used = {0}
    tasks = [partial(_fetch_file, loaded, item, place, used) for place, item in distinct.items()]
    run_side_by_side(tasks, jobs, advance)
    return loaded.sources[max(used)]


def staged_file(staging: Path, item: Item) -> Path:
    """Say where in the staging folder a file arrives: one place for all that have the same bytes."""
    facts = item.hash or f"?{item.key}"
    return staging / sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def find_mismatch(place: Path, item: Item) -> tuple[str, str] | None:
    """Hold a file against what it should be.

    Returns:
        What was expected and what was found, or None where all is well.

    Raises:
        Unanswerable: its hash is of a kind that nobody here knows.
        OSError: it cannot be read.
    """
    size = place.stat().st_size
    if item.size is not None and size != item.size:
        return format_count(item.size, "byte"), format_count(size, "byte")
    if item.hash is None:
        return None
    algorithm, _, expected = item.hash.partition(":")
    found = hash_blob(place, len(expected)) if algorithm == "git" else hash_file(place, algorithm)
    return None if found == expected else (item.hash, f"{algorithm}:{found}")


def run_side_by_side(tasks: Sequence[Task], jobs: int, advance: Advance) -> None:
    """Run tasks in threads; the first that fails stops the others.

    Args:
        tasks: each is given what it must tell its progress to, which is also where it stops.
        jobs: how many at once.
        advance: told of all progress.
    """
    if min(jobs, len(tasks)) <= 1:
        for task in tasks:
            task(advance)
        return
    waiting: SimpleQueue[Task] = SimpleQueue()
    for task in tasks:
        waiting.put(task)
    stop, errors = Event(), list[BaseException]()
    work = partial(_work, waiting, stop, errors, advance)
    threads = [Thread(target=work, daemon=True) for _ in range(min(jobs, len(tasks)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        stop.set()
    if errors:
        raise errors[0]


def _work(waiting: SimpleQueue[Task], stop: Event, errors: list[BaseException], advance: Advance) -> None:
    """Run tasks until there are no more, or one has failed."""

    def advance_or_stop(count: int) -> None:
        if stop.is_set():
            raise _Stopped
        advance(count)

    while not stop.is_set():
        try:
            waiting.get_nowait()(advance_or_stop)
        except (Empty, _Stopped):
            return
        except BaseException as error:  # noqa: BLE001  it is raised again where it is waited for
            errors.append(error)
            stop.set()


def _fetch_file(loaded: Loaded, item: Item, place: Path, used: set[int], advance: Advance) -> None:
    """Fetch one file from the first place that has it; what is there from an earlier run, and right, is kept."""
    with suppress(FileNotFoundError):
        if item.hash is not None and place.lstat().st_size and find_mismatch(place, item) is None:
            advance(place.stat().st_size)
            return
    failure: GitregError | None = None
    for number, source in enumerate(loaded.sources):
        try:
            _fetch_from(source, item, place, loaded.most, advance)
        except Corrupted as error:
            place.unlink()
            failure = error
        except NotFound as error:
            failure = error
        else:
            used.add(number)
            return
    assert failure is not None  # noqa: S101  there is a source
    raise failure


def _fetch_from(source: Source, item: Item, place: Path, most: int | None, advance: Advance) -> None:
    """Fetch one file from one place and check it; where its beginning was there and the whole is wrong, all of it is fetched.

    Raises:
        Corrupted: it is not what it should be.
    """
    start = _prepare(source, item, place)
    limited = _limit(source.address(item.key), place, item.size if item.size is not None else most, advance)
    _download(source, item, place, start, limited)
    mismatch = find_mismatch(place, item)
    if mismatch and start:
        os.truncate(place, 0)
        _download(source, item, place, 0, limited)
        mismatch = find_mismatch(place, item)
    if mismatch:
        raise Corrupted(source.address(item.key), *mismatch, hint=_TAKE_IT_AGAIN)


def _download(source: Source, item: Item, place: Path, start: int, advance: Advance) -> None:
    """Download a file; where the place broke off in the middle, go on from there, a few times."""
    for left in reversed(range(_TRIES)):
        try:
            source.download(item.key, str(place), start, advance)
        except Corrupted:
            raise
        except ExternalFault:
            arrived = place.stat().st_size
            if not left or item.hash is None or arrived <= start:
                raise
            start = arrived
        else:
            return


def _prepare(source: Source, item: Item, place: Path) -> int:
    """Make the file where there is none; say how many of its first bytes can be kept."""
    try:
        found = place.lstat()
    except FileNotFoundError:
        open_new(place)
        return 0
    if found.st_nlink != 1:  # another name of it may be anywhere
        place.unlink()
        open_new(place)
        return 0
    whole = item.size if item.size is not None else source.size(item.key)
    if item.hash is not None and whole is not None and found.st_size < whole:
        return found.st_size
    os.truncate(place, 0)
    return 0


def _limit(address: str, place: Path, most: int | None, advance: Advance) -> Advance:
    """Stop where more arrives than there can be: a server could send for ever."""
    if most is None:
        return advance

    def advance_within(count: int) -> None:
        if place.stat().st_size > most:
            raise Corrupted(address, format_count(most, "byte"), "more", hint=_TAKE_IT_AGAIN)
        advance(count)

    return advance_within
