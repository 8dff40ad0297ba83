"""Reading objects: one ``git cat-file --batch-command`` for as many as a command needs."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import IO, Final, NamedTuple, Self

from gitreg.core.events import Event
from gitreg.core.problems import Problem
from gitreg.core.tag_objects import TagRecord, check_target, read_event
from gitreg.errors import NotFound
from gitreg.git.run import Completed, Git, explain

_IN_FLIGHT: Final = 128  # requests of about 50 bytes: two batches fit into the smallest pipe, so that nobody waits for ever
_PIECE: Final = 1 << 20
_LARGEST_OBJECT: Final = 64 << 20  # of a larger object only the beginning is kept


class Found(NamedTuple):
    """An object: its full id, its type (empty if it is missing), its size in bytes and its bytes, where they were asked for."""

    object_id: str
    type: str
    size: int
    content: bytes = b""


class Objects:
    """A running ``git cat-file``; started at the first question, ended by `close`."""

    def __init__(self, git: Git) -> None:
        """Remember where to start git."""
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process."""
        self.close()

    def close(self) -> None:
        """End the process; a later question starts another one."""
        process, self._process = self._process, None
        if process is not None:
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
            process.terminate()
            process.wait()

    def contents(self, names: Iterable[str], *, types: tuple[str, ...] = ("tag", "commit", "tree", "blob")) -> Iterator[Found]:
        """Read objects by id or by a name such as ``HEAD:artifacts.yaml``, in the order asked for.

        Args:
            names: texts without line ends; they are never read as options.
            types: the types whose bytes are wanted; of others only type and size are kept.
        """
        return self._ask("contents", names, types)

    def stat(self, names: Iterable[str]) -> Iterator[Found]:
        """Read type and size of objects, in the order asked for."""
        return self._ask("info", names, ())

    def resolve_commit(self, rev: str) -> str:
        """Resolve a revision to the full id of a commit.

        Raises:
            NotFound: it names no commit.
        """
        if not rev or any(sign in rev for sign in "\n\r\0"):
            raise UnknownRevision(rev)
        found = next(iter(self.stat([f"{rev}^{{commit}}"])))
        if found.type != "commit":
            raise UnknownRevision(rev)
        return found.object_id

    def read_events(self, tags: Mapping[str, str]) -> tuple[list[Event], list[Problem]]:
        """Read tags.

        Args:
            tags: object ids by name without ``refs/tags/``; those that are not ours are left out.

        Returns:
            The events that they state, in no order, and the problems that quarantine the others.
        """
        ours = {name: object_id for name, object_id in tags.items() if "@" in name or "#" in name}
        answers = zip(ours, self.contents(ours.values(), types=("tag",)), strict=True)
        read = [read_event(TagRecord(name, tag.object_id, tag.type, tag.content)) for name, tag in answers]
        events = [event for event in read if isinstance(event, Event)]
        problems = [problem for problem in read if isinstance(problem, Problem)]
        types = {target.object_id: target.type for target in self.stat({event.commit for event in events})}
        misled = [problem for event in events if (problem := check_target(event, types[event.commit]))]
        refused = {problem.tag for problem in misled}
        return [event for event in events if event.tag not in refused] if refused else events, problems + misled

    def _ask(self, question: str, names: Iterable[str], types: tuple[str, ...]) -> Iterator[Found]:
        """Ask in batches, one batch ahead of the answers, so that git and we work side by side."""
        waiting: tuple[str, ...] = ()
        for batch in (*_batches(names), ()):
            if batch:
                lines = "".join([f"{question} {name}\n" for name in batch])
                self._write(f"{lines}flush\n".encode("utf-8", "surrogateescape"))
            for name in waiting:
                yield self._answer(name, types)
            waiting = batch

    def _answer(self, name: str, types: tuple[str, ...]) -> Found:
        """Read one answer of git."""
        assert self._process is not None and self._process.stdout is not None  # noqa: PT018, S101  it was asked something
        stream = self._process.stdout
        header = stream.readline()
        parts = header.split()
        if len(parts) != 3 or not parts[2].isdigit():  # noqa: PLR2004  "ID TYPE SIZE", or "NAME missing" and the like
            if not header.endswith(b"\n"):
                raise self._failed()
            return Found(name, "", 0)
        object_id, kind, size = parts[0].decode(), parts[1].decode(), int(parts[2])
        if not types:
            return Found(object_id, kind, size)
        return Found(object_id, kind, size, _read(stream, size, keep=kind in types))

    def _write(self, lines: bytes) -> None:
        """Write requests, and start git for the first ones.

        Raises:
            Unanswerable: git has gone.
        """
        if self._process is None:
            self._process = self._git.start("cat-file", "--batch-command", "--buffer")
        assert self._process.stdin is not None  # noqa: S101  it was asked for
        try:
            self._process.stdin.write(lines)
            self._process.stdin.flush()
        except OSError as error:
            raise self._failed() from error

    def _failed(self) -> Exception:
        """Explain why git stopped in the middle."""
        process, self._process = self._process, None
        assert process is not None  # noqa: S101  it was running
        _, said = process.communicate()
        return explain(Completed(process.returncode or 1, b"", said.decode("utf-8", "replace").strip()), self._git.folder)


class UnknownRevision(NotFound):
    """A revision that names no commit.

    Args:
        rev: what was typed.
    """

    def __init__(self, rev: str) -> None:
        """Build the sentence."""
        super().__init__(f"there is no commit {rev!r}", hint="list revisions: git log --oneline --all")
        self.rev = rev


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Cut names into tuples of the size that may be in flight."""
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == _IN_FLIGHT:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _read(stream: IO[bytes], size: int, *, keep: bool) -> bytes:
    """Read the bytes of an object and the newline behind them, keeping no more than is wanted."""
    content = stream.read(min(size, _LARGEST_OBJECT)) if keep else b""
    left = size - len(content)
    while left:
        left -= len(stream.read(min(left, _PIECE))) or left
    stream.read(1)
    return content
