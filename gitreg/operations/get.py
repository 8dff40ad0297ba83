"""`get`: the bytes of a version, checked, whole or not at all."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.core.contents import Advance, Fetched, Source, no_advance
from gitreg.core.selectors import Selector
from gitreg.core.views import Resolution
from gitreg.core.words import format_count
from gitreg.errors import Corrupted, ExternalFault, NotFound, UsageFault
from gitreg.operations.context import Context
from gitreg.operations.get_arrival import assemble, put_in_place, restore_old
from gitreg.operations.get_files import Loaded, fetch_files
from gitreg.operations.get_staging import count_bytes, discard_staging, hold_staging, staging_place
from gitreg.operations.get_target import choose_target, is_there, make_parents, refuse_to_overwrite
from gitreg.operations.load_contents import load_contents
from gitreg.operations.resolve import resolve_selector
from gitreg.storage.folder import Folder

JOBS: Final = 8
"""Files that arrive at once, where nobody says how many."""

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def expect_nothing(_total: int | None) -> None:
    """Take no notice of how many bytes are coming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Getting:
    """How to get.

    Attributes:
        to: where to; None: into the current folder, under the name that the artifact's path ends in.
        force: replace what is there.
        remote: the storage to ask: the name of a DVC remote, an address or a path; None: the one that is configured.
        jobs: files that arrive at once; None: `JOBS`.
        dry_run: only say what would be fetched from where.
        expect: told how many bytes are coming, or None where nobody knows.
        advance: told of each piece that has arrived.
    """

    to: str | None = None
    force: bool = False
    remote: str | None = None
    jobs: int | None = None
    dry_run: bool = False
    expect: Callable[[int | None], None] = expect_nothing
    advance: Advance = no_advance


def get(context: Context, selector: Selector, *, at: str | None, wanted: Getting, fetched: bool = False) -> Fetched:
    """Fetch the bytes of a version, or of the commit that holds a stage.

    Raises:
        UsageFault: the selector names an artifact alone.
        NotFound: it stands for nothing, the artifact has no path there, or the storage lacks the bytes.
        Conflict: something else is at the target.
        Refused: a symbolic link is in the way.
        ExternalFault: the storage does not answer, or its bytes are not those that were registered.
    """
    if wanted.jobs is not None and wanted.jobs < 1:
        raise UsageFault(f"{wanted.jobs} files at once are too few", hint="leave --jobs out")
    resolution, path = find_path(context, selector, at=at, fetched=fetched)
    with closing(load_contents(context, resolution.commit, path, remote=wanted.remote)) as loaded:
        return _get(resolution, loaded, wanted)


def find_path(context: Context, selector: Selector, *, at: str | None, fetched: bool) -> tuple[Resolution, str]:
    """Find the commit that a selector stands for, and the path of the artifact there.

    Raises:
        NotFound: it stands for nothing, or the artifact has no path there.
    """
    resolution = resolve_selector(context, selector, at=at, path=True, fetched=fetched)
    if resolution.path is None:
        message = f"{resolution.artifact!r} has no path at commit {resolution.commit[:7]}, so nothing says where its bytes are"
        hint = f"give it one for the next version: gitreg annotate '{resolution.artifact}' --path PATH --commit"
        raise NotFound(message, hint=hint)
    return resolution, resolution.path


def _get(resolution: Resolution, loaded: Loaded, wanted: Getting) -> Fetched:
    """Fetch what is not there already."""
    target = choose_target(wanted.to, loaded.contents, resolution.artifact)
    already = is_there(target, loaded.contents)
    source = None
    if not already:
        refuse_to_overwrite(target, loaded.contents, force=wanted.force)
        source = bring(loaded, target, wanted) if not wanted.dry_run else loaded.sources[-1]
    return _describe(resolution, loaded, target, source, dry_run=wanted.dry_run)


def bring(loaded: Loaded, target: Path, wanted: Getting) -> Source | None:
    """Fetch the bytes and give them their final name; say where they came from, or None where nothing was wanting any more."""
    contents = loaded.contents
    try:
        with make_parents(target), hold_staging(staging_place(target, contents)) as staging, _tidy(staging):
            restore_old(target, staging)
            if is_there(target, contents):  # another process was faster
                return None
            refuse_to_overwrite(target, contents, force=wanted.force)
            _check_space(loaded, staging)
            wanted.expect(contents.size)
            source = fetch_files(loaded, staging, jobs=wanted.jobs or JOBS, advance=wanted.advance)
            put_in_place(assemble(contents, staging), target, staging, force=wanted.force)
            return source
    except OSError as error:
        raise _explain(error) from error


@contextmanager
def _tidy(staging: Path) -> Iterator[None]:
    """Delete the staging folder in the end, unless the next run can go on from what has arrived; then say so."""
    try:
        yield
    except (ExternalFault, KeyboardInterrupt) as error:
        full = _find_full(error)
        if full is not None or isinstance(error, Corrupted) or not count_bytes(staging):
            discard_staging(staging)
        elif isinstance(error, ExternalFault):
            error.hint = f"{error.hint}; run it again to go on where it stopped".removeprefix("; ")
        if full is not None:
            raise full from error
        raise
    except BaseException:
        discard_staging(staging)
        raise
    discard_staging(staging, with_old=True)


def _check_space(loaded: Loaded, staging: Path) -> None:
    """Refuse to begin what cannot end.

    Raises:
        ExternalFault: the disk has less space than is needed.
    """
    size = loaded.contents.size
    if size is None or any(_may_share(source, staging) for source in loaded.sources):
        return
    free = shutil.disk_usage(staging).free + count_bytes(staging)
    if size > free:
        message = f"{format_count(size, 'byte')} do not fit: the disk has {free} left"
        raise _Full(message, hint="free some space, or name a place on another disk: -o PATH")


def _may_share(source: Source, staging: Path) -> bool:
    """Say whether a file system could give a copy the blocks of its original, so that it takes no space."""
    if not isinstance(source, Folder):
        return False
    try:
        return Path(source.address("")).stat().st_dev == staging.stat().st_dev
    except OSError:
        return False


class _Full(ExternalFault):
    """There is no space for the bytes."""


def _find_full(error: BaseException) -> ExternalFault | None:
    """Say that the disk is full, if that is what is behind an error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _Full):
            return cause
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return _explain(cause)
        cause = cause.__cause__ or cause.__context__
    return None


def _explain(error: OSError) -> ExternalFault:
    """Say what the system did not let us do."""
    if error.errno in _FULL:
        return _Full("the bytes do not fit: the disk is full or a quota is reached", hint="free some space, and run it again")
    place = f"{error.filename}: " if error.filename else ""
    return ExternalFault(f"{place}{error.strerror or error}", hint="look at the permissions, or name another place: -o PATH")


def _describe(resolution: Resolution, loaded: Loaded, target: Path, source: Source | None, *, dry_run: bool) -> Fetched:
    """Say what has happened; without a source all was there already."""
    contents = loaded.contents
    key = "" if contents.is_folder else contents.items[0].key
    return Fetched(
        artifact=resolution.artifact,
        version=resolution.version,
        commit=resolution.commit,
        contents=contents,
        target=_shorten(target),
        size=contents.size if contents.size is not None or dry_run else _measure(target),
        source=(source or loaded.sources[-1]).address(key),
        already=source is None,
        deprecated=resolution.deprecated,
        dry_run=dry_run,
        notes=loaded.notes,
    )


def _measure(target: Path) -> int:
    """Add up the bytes of what has arrived."""
    places = target.rglob("*") if target.is_dir() else [target]
    return sum(place.lstat().st_size for place in places if place.is_file())


def _shorten(target: Path) -> str:
    """Write a path as it is seen from the current folder, if it is below it."""
    folder = Path.cwd()
    return str(target.relative_to(folder) if target.is_relative_to(folder) else target)
