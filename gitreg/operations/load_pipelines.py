"""Loading the pipelines of commits: every ``dvc.yaml`` with its ``dvc.lock``, and the ``.dvc`` files of imports."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gitreg.core.pipelines import Pipeline, name_lock
from gitreg.core.problems import Problem
from gitreg.git.finding import Finder, FoundFile
from gitreg.git.objects import Objects
from gitreg.git.trees import TooManyFolders

MOST_FILES: Final = 20_000
"""Files of pipelines in a commit that are looked at."""

_LARGEST: Final = 8 << 20  # bytes of a file that is read, as in `gitreg.files.yaml`
_MOST_BYTES: Final = 64 << 20  # bytes of all files of a commit that are read
_ROOM: Final = 64 << 20  # bytes of files whose meaning is remembered for the next commit
_HINT: Final = "run: git fsck; in a partial clone: git fetch --refetch --no-filter"

Loaded: TypeAlias = tuple[tuple[Pipeline, ...], list[Problem]]
_Key: TypeAlias = tuple[str, str, str]


def load_pipelines(objects: Objects, commit: str) -> Loaded:
    """Read the pipelines of one commit.

    Args:
        objects: where.
        commit: the full id.

    Returns:
        The pipelines, sorted by file, and what could not be read.
    """
    return PipelineSearch(objects).load(commit)


@dataclass(slots=True)
class _Memory:
    """What files mean; what was not asked for the longest is forgotten."""

    held: OrderedDict[_Key, tuple[Pipeline, tuple[Problem, ...], int]] = field(default_factory=OrderedDict)
    room: int = _ROOM

    def keep(self, key: _Key, pipeline: Pipeline, problems: tuple[Problem, ...], size: int) -> None:
        """Remember what a file means."""
        self.held[key] = pipeline, problems, size
        self.room -= size
        while self.room < 0 and len(self.held) > 1:
            self.room += self.held.popitem(last=False)[1][2]


class PipelineSearch:
    """Reads the pipelines of many commits: trees and files that they share are read once.

    Args:
        objects: where.
    """

    def __init__(self, objects: Objects) -> None:
        """Know nothing yet."""
        self._objects = objects
        self._finder = Finder(objects, _is_wanted, MOST_FILES)
        self._memory = _Memory()
        self._idle: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._contents: dict[str, bytes] = {}
        self._brought: set[str] = set()

    def bring(self, commits: Iterable[str]) -> None:
        """Read ahead what will be asked for.

        Args:
            commits: full ids, a hundred or so; `load` of each of them should follow before the next call.
        """
        listed = [*commits]
        try:
            self._finder.bring(listed)
        except TooManyFolders:
            return  # `load` says of which
        self._brought = set(listed)
        self._contents.clear()
        self._read({blob: path for commit in listed for path, blob in self._missing(self._find(commit)).items()})

    def load(self, commit: str) -> Loaded:
        """Read the pipelines of a commit, as `load_pipelines`."""
        try:
            files = self._finder.find(commit)
        except TooManyFolders as error:
            return (), [Problem(code="GR101", message=error.message, file=".", commit=commit, hint=error.hint)]
        problems = [*_describe_lacking(self._finder, commit), *_describe_many(files)]
        by_path = self._find(commit)
        if commit not in self._brought:
            self._contents.clear()
        problems += self._read({blob: path for path, blob in self._missing(by_path).items()})
        pipelines = []
        for key in _keys_of(by_path):
            pipeline, found = self._parse(key)
            problems += found
            if pipeline is not None:
                pipelines.append(pipeline)
        return tuple(pipelines), problems

    def may_hold(self, commit: str, text: bytes) -> bool:
        """Say whether the files of a commit may have a text in a value: no, if it is in none and nothing of them is unread.

        To look for it takes a hundredth of the time that it takes to understand a file.

        Args:
            commit: one of those that were brought.
            text: without blanks, so that YAML can only break it with a backslash.
        """
        try:
            files = self._finder.find(commit)
        except TooManyFolders:
            return True
        if self._finder.lacks(commit) or len(files) > MOST_FILES:
            return True
        blobs = {blob: self._contents.get(blob) for blob in self._find(commit).values()}
        return any(content is None or text in content or b"\\" in content for content in blobs.values())

    def _find(self, commit: str) -> dict[str, str]:
        """Find the files of a commit that may say something: ids of blobs by path."""
        return {path: blob for path, blob in self._finder.find(commit)[:MOST_FILES] if blob not in self._idle}

    def _missing(self, by_path: dict[str, str]) -> dict[str, str]:
        """List the files, ids of blobs by path, that must be read to know what those of a commit mean."""
        keys = [key for key in _keys_of(by_path) if key not in self._memory.held]
        paths = [path for file, _, _ in keys for path in (file, _lock_of(file))]
        return {path: blob for path in paths if (blob := by_path.get(path)) and blob not in self._contents}

    def _parse(self, key: _Key) -> tuple[Pipeline | None, tuple[Problem, ...]]:
        """Say what a file means, or recall it."""
        if key in self._memory.held:
            self._memory.held.move_to_end(key)
            return self._memory.held[key][:2]
        file, own, lock = key
        content, locked = self._contents.get(own), self._contents.get(lock)
        if content is None and locked is None:
            return None, ()
        pipeline, problems = _understand(file, content, locked)
        if (content is None) == (not own) and (locked is None) == (not lock):  # else nobody has read all of it
            self._memory.keep(key, pipeline, problems, len(content or b"") + len(locked or b""))
        return pipeline, problems

    def _read(self, paths: dict[str, str]) -> list[Problem]:
        """Read the contents of files, paths by the ids of their blobs; say which cannot be read."""
        self._find_sizes(paths)
        room = _MOST_BYTES
        wanted, problems = [], []
        for blob, path in paths.items():
            size = self._sizes[blob]
            if size < 0 or size > min(_LARGEST, room):
                problems.append(_describe_unread(path, size))
            else:
                room -= size
                wanted.append(blob)
        for blob, found in zip(wanted, self._objects.contents(wanted, types=("blob",), most=_LARGEST), strict=True):
            if paths[blob].endswith(".dvc") and b"deps" not in found.content:
                self._idle.add(blob)
            else:
                self._contents[blob] = found.content
        return problems

    def _find_sizes(self, blobs: Iterable[str]) -> None:
        """Ask how many bytes blobs have that nothing is known of; -1: they are not here."""
        new = [blob for blob in blobs if blob not in self._sizes]
        for blob, found in zip(new, self._objects.stat(new), strict=True):
            self._sizes[blob] = found.size if found.type == "blob" else -1


def _keys_of(by_path: dict[str, str]) -> list[_Key]:
    """List the pipelines of a commit: each with the ids of its files; a lock may stand without its ``dvc.yaml``."""
    files = {path.removesuffix("dvc.lock") + "dvc.yaml" if path.endswith("dvc.lock") else path for path in by_path}
    return [(file, by_path.get(file, ""), by_path.get(_lock_of(file), "")) for file in sorted(files)]


def _lock_of(file: str) -> str:
    """Name the lock that belongs to a ``dvc.yaml``; a ``.dvc`` file has none."""
    return "" if file.endswith(".dvc") else name_lock(file)


def _is_wanted(name: bytes) -> bool:
    """Say whether a file may say something of pipelines."""
    return name in {b"dvc.yaml", b"dvc.lock"} or (name.endswith(b".dvc") and name != b".dvc")


def _understand(file: str, own: bytes | None, locked: bytes | None) -> tuple[Pipeline, tuple[Problem, ...]]:
    """Read a pipeline or an import."""
    from gitreg.files.pipelines import parse_dvc_file, parse_pipeline  # ruamel only where there is YAML

    return parse_dvc_file(file, own or b"") if file.endswith(".dvc") else parse_pipeline(file, own, locked)


def _describe_lacking(finder: Finder, commit: str) -> list[Problem]:
    """Say that folders are not here, so that there may be more."""
    if not finder.lacks(commit):
        return []
    message = "a folder cannot be read, since this clone lacks its object, so pipelines may be missing"
    return [Problem(code="GR101", message=message, file=".", commit=commit, hint=_HINT)]


def _describe_many(files: tuple[FoundFile, ...]) -> list[Problem]:
    """Say that not all files are looked at."""
    if len(files) <= MOST_FILES:
        return []
    message = f"there are more than {MOST_FILES} files of pipelines, so not all of them are read"
    return [Problem(code="GR101", message=message, file=".", hint="keep fewer .dvc files: add folders in place of files")]


def _describe_unread(path: str, size: int) -> Problem:
    """Say that a file is not here, too large, or one too many."""
    if size < 0:
        return Problem(code="GR101", message="the file cannot be read, since this clone lacks its object", file=path, hint=_HINT)
    whole = f"the file has {size} bytes, more than {_LARGEST}"
    rest = f"the files of pipelines before it hold nearly {_MOST_BYTES} bytes, so it is not read"
    return Problem(code="GR101", message=whole if size > _LARGEST else rest, file=path, hint="keep data out of it")
