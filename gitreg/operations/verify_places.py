"""Verifying: from artifacts at commits to what the places that keep their bytes say of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from gitreg.core.contents import Advance, Source, no_advance
from gitreg.core.entries import PointerKind
from gitreg.core.problems import Problem, format_cause
from gitreg.core.verdicts import BAD, Verdict, Verified
from gitreg.core.words import format_count
from gitreg.errors import GitregError, NotFound
from gitreg.files.outs import Out
from gitreg.operations.causes import advise, find_cause
from gitreg.operations.context import Context
from gitreg.operations.load_pointers import Located, Place, load_pointers
from gitreg.operations.load_store import load_store_settings
from gitreg.operations.verify_elsewhere import check_contents, check_git, describe_import
from gitreg.operations.verify_shelf import Finding, Lister, Shelf, Wanted
from gitreg.storage.manifest import Listed
from gitreg.storage.opening import open_store
from gitreg.storage.store import object_key

JOBS: Final = 8
"""Questions at once, where nobody says how many."""

_LISTS_TOGETHER: Final = 64  # lists of folders that are held at the same time
_HASH: Final = re.compile(r"(?:md5|md5-dos2unix):[0-9a-f]{32}(?:\.dir)?|sha256:[0-9a-f]{64}")
_LIST: Final = ".dir"
_ADD: Final = (
    "correct the path for the next version: gitreg annotate NAME --path PATH; or add the file: gitreg add PATH --name NAME"
)
_PUSH: Final = "put them there from where they are: dvc push --all-commits; or add them again: gitreg add PATH --name NAME --push"
_HINTS: Final = {
    Verdict.MISSING: _PUSH,
    Verdict.WRONG_SIZE: _PUSH,
    # what has the right size is taken for right, and not sent again
    Verdict.WRONG_HASH: "delete it there, and put it there again from where it is right: dvc push --all-commits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifying:
    """How to verify.

    Attributes:
        remote: the storage to ask: the name of a DVC remote, an address or a path; None: the one that is configured.
        deep: read and hash every object.
        jobs: questions at once; None: `JOBS`.
        advance: told of each piece that is read.
    """

    remote: str | None = None
    deep: bool = False
    jobs: int | None = None
    advance: Advance = no_advance


class _Row(NamedTuple):
    """What is known so far of a place whose bytes a store should keep; `inside` is its path in the folder that DVC keeps."""

    place: Place
    named: Verified
    want: Wanted
    inside: str


@dataclass(slots=True)
class _Rows:
    """The verdicts so far, and the rows that wait for the answers of a store."""

    done: dict[Place, Verified] = field(default_factory=dict)
    waiting: dict[Shelf, list[_Row]] = field(default_factory=dict)


class Verifier:
    """Verifies places, and remembers what it has asked.

    Args:
        context: where.
        how: how to.
    """

    def __init__(self, context: Context, how: Verifying) -> None:
        """Know nothing yet."""
        self._context = context
        self._how = how
        self._chosen: dict[object, Shelf | GitregError] = {}
        self._shelves: dict[object, Shelf] = {}
        self._elsewhere: dict[object, Verified] = {}

    @property
    def asked(self) -> int:
        """How many distinct objects were asked for."""
        return sum(shelf.asked for shelf in self._shelves.values())

    def verify(self, places: Iterable[Place]) -> dict[Place, Verified]:
        """Find out of each place whether its bytes are where they should be."""
        rows = _Rows()
        for place, located in load_pointers(self._context.repository.objects, places):
            self._begin(place, located, rows)
        for shelf, waiting in rows.waiting.items():
            shelf.ask(row.want for row in waiting)
            rows.done.update((row.place, _finish(shelf, row)) for row in waiting)
            folders = [row for row in waiting if row.want.key.endswith(_LIST) and rows.done[row.place].verdict is Verdict.OK]
            for start in range(0, len(folders), _LISTS_TOGETHER):
                rows.done.update(_finish_folders(shelf, folders[start : start + _LISTS_TOGETHER]))
        return rows.done

    def _begin(self, place: Place, located: Located, rows: _Rows) -> None:
        """Give a verdict on what needs no store, and let the rest wait."""
        named = _name(place, located)
        pointer, out = located.pointer, located.out
        if pointer is None or pointer.kind is PointerKind.MISSING:
            rows.done[place] = named
        elif pointer.kind is PointerKind.GIT:
            rows.done[place] = check_git(self._context, named, pointer)
        elif pointer.kind is PointerKind.LFS:
            detail = "git-lfs keeps the bytes"
            rows.done[place] = replace(named, verdict=Verdict.UNCHECKED, detail=detail, hint="git lfs fsck --objects")
        elif out is not None and out.origin is not None and out.origin.repository is not None:
            rows.done[place] = describe_import(named, out.origin)
        elif out is None or out.cloud or out.listed or (out.hash is None and out.origin is not None):
            rows.done[place] = self._check_contents(named)
        elif out.hash is None or not _HASH.fullmatch(out.hash):
            detail = f"DVC's files name no hash of {out.path!r} that bytes could be found by"
            rows.done[place] = replace(named, verdict=Verdict.MISSING, detail=detail, hint="dvc commit, and register that commit")
        else:
            self._wait(place, located, replace(named, files=pointer.files), rows)

    def _check_contents(self, named: Verified) -> Verified:
        """Ask for the bytes of an address, or of what DVC keeps in another way than by its hash; once for each."""
        key = named.path if named.kind is PointerKind.URL else (named.path, named.commit)
        if key not in self._elsewhere:
            self._elsewhere[key] = check_contents(self._context, named, self._how.remote, self._shelf)
        return replace(self._elsewhere[key], artifact=named.artifact, commit=named.commit)

    def _wait(self, place: Place, located: Located, named: Verified, rows: _Rows) -> None:
        """Let a row wait for the answers of its store, if it has one."""
        out = located.out
        assert out is not None  # noqa: S101  that is why it waits
        assert out.hash is not None  # noqa: S101
        shelf = self._choose_shelf(place.commit, located, out)
        if isinstance(shelf, GitregError):
            verdict = Verdict.MISSING if isinstance(shelf, NotFound) else Verdict.NO_ANSWER
            rows.done[place] = replace(named, verdict=verdict, detail=shelf.message, hint=shelf.hint)
            return
        is_list = out.hash.endswith(_LIST)
        want = Wanted(object_key(out.hash), out.hash, None if is_list else out.size)
        inside = posixpath.relpath(named.path or "", out.path)
        row = _Row(place, replace(named, where=shelf.address), want, "" if inside == "." else inside)
        rows.waiting.setdefault(shelf, []).append(row)

    def _choose_shelf(self, commit: str, located: Located, out: Out) -> Shelf | GitregError:
        """Open the store of an out, once for all commits whose configuration says the same."""
        key = (out.remote, posixpath.dirname(out.path), located.configuration)
        if key not in self._chosen:
            try:
                settings = load_store_settings(self._context, commit, path=out.path, pinned=out.remote, remote=self._how.remote)
                identity = (settings.name, settings.url, tuple(sorted(settings.options.items())))
                if identity not in self._shelves:
                    store = open_store(settings)
                    self._shelves[identity] = self._shelf(store, store.list)
                self._chosen[key] = self._shelves[identity]
            except GitregError as error:
                self._chosen[key] = error
        return self._chosen[key]

    def _shelf(self, source: Source, lister: Lister | None = None) -> Shelf:
        """Put all questions to a place on a shelf."""
        jobs = self._how.jobs or JOBS
        return Shelf(source, lister, deep=self._how.deep, jobs=jobs, advance=self._how.advance)


def _name(place: Place, located: Located) -> Verified:
    """Say what is known of a place from its commit alone."""
    pointer, entry = located.pointer, located.entry
    blank = Verified(
        artifact=place.artifact, version=None, commit=place.commit, verdict=Verdict.NOTHING, annotated=entry is not None
    )
    if pointer is not None:
        named = replace(
            blank, kind=pointer.kind, path=pointer.path, size=pointer.size, files=pointer.files, verdict=Verdict.MISSING
        )
        if not located.causes:
            return replace(named, detail=f"{pointer.path!r} is not there: neither git, git-lfs nor DVC knows it", hint=_ADD)
        return _blame(named, located.causes[0])
    cause = find_cause(located.problems, place.artifact) if entry is None else None
    if cause is not None:
        return _blame(blank, cause)
    return replace(blank, detail="it has no entry" if entry is None else "its entry has no path")


def _blame(named: Verified, cause: Problem) -> Verified:
    """Say that a file which cannot be read is why nothing is known."""
    return replace(named, verdict=Verdict.NO_ANSWER, detail=format_cause(cause), hint=advise(cause, named.commit))


def _finish(shelf: Shelf, row: _Row) -> Verified:
    """Give the verdict on a file, or on the list of a folder."""
    finding = shelf.find(row.want)
    size = shelf.size(row.want.key) if row.named.size is None and not row.want.key.endswith(_LIST) else row.named.size
    return _judge(replace(row.named, size=size), finding)


def _judge(named: Verified, finding: Finding) -> Verified:
    """Put a finding into a row."""
    hint = _HINTS.get(finding.verdict, "")
    return replace(named, verdict=finding.verdict, detail=finding.detail, hint=hint)


def _finish_folders(shelf: Shelf, rows: Sequence[_Row]) -> Iterator[tuple[Place, Verified]]:
    """Give the verdicts on folders: their lists are read, and all files in them are asked for."""
    lists = shelf.read_lists([row.want for row in rows])
    wanted = {(row.want, row.inside): _want_files(row, lists[row.want.key]) for row in rows}
    shelf.ask(want for files in wanted.values() for want in files)
    judged: dict[tuple[Wanted, str], Verified] = {}
    for row in rows:
        key = (row.want, row.inside)
        if key not in judged:
            listed = lists[row.want.key]
            judged[key] = _judge(row.named, listed) if isinstance(listed, Finding) else _judge_files(shelf, row, wanted[key])
        yield row.place, replace(judged[key], artifact=row.place.artifact, commit=row.place.commit)


def _want_files(row: _Row, listed: Sequence[Listed] | Finding) -> tuple[Wanted, ...]:
    """Say which objects the files of a folder are, or those of them that lie at a path inside it."""
    if isinstance(listed, Finding):
        return ()
    algorithm = (row.want.hash or "").partition(":")[0]
    hashes = (
        f"{algorithm}:{file.md5}"
        for file in listed
        if not row.inside or file.path == row.inside or file.path.startswith(f"{row.inside}/")
    )
    return tuple(Wanted(object_key(digest), digest, None) for digest in hashes)


def _judge_files(shelf: Shelf, row: _Row, files: Sequence[Wanted]) -> Verified:
    """Give the verdict on a folder whose files were asked for."""
    named = replace(row.named, files=len(files))
    if row.inside and not files:
        return _judge(named, Finding(Verdict.MISSING, f"the folder that DVC keeps has no {row.inside!r}"))
    findings = [finding for want in files if (finding := shelf.find(want)).verdict is not Verdict.OK]
    if findings:
        worst = next((finding for finding in findings if finding.verdict in BAD), findings[0])
        more = f" ({len(findings)} of {format_count(len(files), 'file')} are not as they should be)" if len(files) > 1 else ""
        return _judge(named, Finding(worst.verdict, f"{worst.detail}{more}"))
    size = sum(shelf.size(want.key) or 0 for want in files)
    if named.size is not None and not row.inside and size != named.size:
        detail = f"its files have {format_count(size, 'byte')} in all and not {named.size}"
        return _judge(named, Finding(Verdict.WRONG_SIZE, detail))
    return _judge(replace(named, size=size), Finding(Verdict.OK))
