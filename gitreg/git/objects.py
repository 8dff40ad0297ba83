"""Reading objects: one ``git cat-file --batch-command`` for as many as a command needs."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from threading import Thread
from types import TracebackType
from typing import IO, Final, NamedTuple, Self

from gitreg.core.events import Event
from gitreg.core.problems import Problem
from gitreg.core.tag_objects import TagRecord, check_target, read_event
from gitreg.errors import ExternalFault, NotFound, Unanswerable
from gitreg.git.run import Completed, Git, explain
from gitreg.git.streams import Drain, skip, write
from gitreg.git.streams import close as close_stream
from gitreg.git.supplier import Supplier

_SMALLEST_PIPE: Final = 4096  # bytes that nobody needs to read before all are written
_LARGEST_OBJECT: Final = 64 << 20  # a larger object is no object that anybody here reads
_LARGEST_TAG: Final = 4 << 20  # a message that a person wrote is far smaller
_OF_A_BROKEN_PIPE: Final = -int(getattr(signal, "SIGPIPE", 13))
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Found(NamedTuple):
    """An object: its full id, its type (empty if it is missing), its size in bytes and its bytes, where they were asked for."""

    object_id: str
    type: str
    size: int
    content: bytes = b""


class Objects:
    """A running ``git cat-file``; started at the first question, ended by `close`.

    Args:
        git: where the objects are.
        supplier: brings those that are missing, all of a batch at once; None: what is missing is missing.
    """

    def __init__(self, git: Git, supplier: Supplier | None = None) -> None:
        """Remember where to start git."""
        self._git = git
        self._supplier = supplier
        self._in_vain = {"0" * 40, "0" * 64}
        self._commits: tuple[str, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None
        self._said = Drain(None)
        self._pipe_broke = False

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
            process.terminate()
            # Where `git` on the PATH is a script that starts the real one, only this ends the real one too. What it says comes
            # first, so that no thread of ours that still asks holds the stream of the questions.
            for stream in (process.stdout, process.stdin):
                close_stream(stream)
            process.wait()
            self._said.text()
            close_stream(process.stderr)

    def contents(
        self, names: Iterable[str], *, types: tuple[str, ...] = ("tag", "commit", "tree", "blob"), most: int = _LARGEST_OBJECT
    ) -> Iterator[Found]:
        """Read objects by id or by a name such as ``HEAD:artifacts.yaml``, in the order asked for.

        Args:
            names: texts without line ends; they are never read as options.
            types: the types whose bytes are wanted; of others only type and size are kept.
            most: the size in bytes up to which they are wanted.
        """
        if self._supplier is None:
            return self._ask("contents", names, types, most)
        names = tuple(names)
        if types == ("commit",):
            self._commits = names
        return self._ask_prepared("contents", names, types, most)

    def stat(self, names: Iterable[str]) -> Iterator[Found]:
        """Read type and size of objects, in the order asked for."""
        return self._ask("info", names) if self._supplier is None else self._ask_prepared("info", tuple(names))

    def prepare(self, names: Iterable[str], *, trees: bool = False) -> None:
        """Bring the objects among these that are not here yet, in one go, where somebody brings objects at all.

        Args:
            names: full ids; what is none is left alone.
            trees: whether they are all trees.
        """
        if self._supplier is None:
            return
        wanted = {name for name in names if _ID.fullmatch(name)} - self._in_vain
        missing = [found.object_id for found in self._ask("info", wanted) if not found.type]
        if missing:
            lacking = self._supplier.supply(missing, trees=trees, commits=self._commits)
            still = {found.object_id for found in self._ask("info", missing) if not found.type}
            if still - lacking and self._supplier.renew():
                self.close()
                self._supplier.supply(missing, trees=trees, commits=self._commits)
                still = {found.object_id for found in self._ask("info", missing) if not found.type}
            self._in_vain |= still

    def prepare_history(self, commit: str) -> None:
        """Bring a commit with some of those before it, if it is not here and somebody brings objects at all."""
        if self._supplier is None or next(self._ask("info", [commit])).type:
            return
        self._supplier.deepen(commit)
        if not next(self._ask("info", [commit])).type:
            message = f"the remote lacks commit {commit[:7]} of its own history, so what was before is not known"
            raise Unanswerable(message, hint="is it a shallow clone? then ask a whole one, or leave out the time")

    def forget(self) -> None:
        """Ask again for what could not be had before."""
        self._in_vain = {"0" * 40, "0" * 64}

    def root_tree(self, commit: str) -> str:
        """Name the tree of a commit, so that it can be read.

        Args:
            commit: a full id, or a name such as ``HEAD``.
        """
        if self._supplier is None:
            return f"{commit}^{{tree}}"
        if not _ID.fullmatch(commit):
            try:
                commit = self.resolve_commit(commit)
            except NotFound:
                return "0" * 40  # nobody is asked for that one
        content = next(iter(self.contents([commit], types=("commit",)))).content
        return content[len("tree ") : content.find(b"\n")].decode("ascii", "replace") or "0" * 40

    def resolve_commit(self, rev: str) -> str:
        """Resolve a revision to the full id of a commit.

        Raises:
            NotFound: it names no commit.
        """
        if not rev or any(sign in "\n\r\0" or "\ud800" <= sign <= "\udc7f" for sign in rev):
            raise UnknownRevision(rev)
        try:
            found = (
                next(self._ask("info", [f"{rev}^{{commit}}"])) if self._supplier is None else self._peel(self._supplier.find(rev))
            )
        except ExternalFault as error:  # `cat-file` gives up at a revision such as "@{u}" without an upstream
            raise UnknownRevision(rev) from error
        if found.type != "commit":
            raise UnknownRevision(rev)
        return found.object_id

    def _peel(self, object_id: str) -> Found:
        """Look behind a tag, and whatever tags are behind it."""
        while (found := next(iter(self.contents([object_id], types=("tag",))))).type == "tag":
            object_id = found.content[len("object ") : found.content.find(b"\n")].decode("ascii", "replace")
        return found

    def read_events(self, tags: Mapping[str, str]) -> tuple[list[Event], list[Problem]]:
        """Read tags.

        Args:
            tags: object ids by name without ``refs/tags/``; those that are not ours are left out.

        Returns:
            The events that they state, in no order, and the problems that quarantine the others.
        """
        ours = {name: object_id for name, object_id in tags.items() if "@" in name or "#" in name}
        answers = zip(ours, self.contents(ours.values(), types=("tag",), most=_LARGEST_TAG), strict=True)
        read = [read_event(TagRecord(name, tag_id, kind, content, size)) for name, (tag_id, kind, size, content) in answers]
        events = [event for event in read if isinstance(event, Event)]
        problems = [problem for problem in read if isinstance(problem, Problem)]
        types = {target.object_id: target.type for target in self.stat({event.commit for event in events})}
        misled = [problem for event in events if (problem := check_target(event, types[event.commit]))]
        refused = {problem.tag for problem in misled}
        return [event for event in events if event.tag not in refused] if refused else events, problems + misled

    def _ask(
        self, question: str, names: Iterable[str], types: tuple[str, ...] = (), most: int = 0, *, tries: int = 3
    ) -> Iterator[Found]:
        """Ask for all names at once, and read the answers as they come, so that git and we work side by side."""
        asked = tuple(names)
        if not asked:
            return
        answers = self._send("".join([f"{question} {name}\n" for name in asked]))
        for number, name in enumerate(asked):
            header = answers.readline()
            try:
                object_id, kind, length = header.decode("utf-8", "replace").split()
                size = int(length)
            except ValueError:  # "NAME missing" and the like, in place of "ID TYPE SIZE"
                if not header.endswith(b"\n"):
                    failure = self._failed()
                    if self._pipe_broke and tries:
                        yield from self._ask(question, asked[number:], types, most, tries=tries - 1)
                        return
                    raise failure from None
                yield Found(name, "", 0)
                continue
            if kind in types and size <= most:
                yield Found(object_id, kind, size, answers.read(size + 1)[:size])  # a newline stands behind the bytes
            else:
                skip(answers, size + 1 if types else 0)
                yield Found(object_id, kind, size)

    def _ask_prepared(self, question: str, names: tuple[str, ...], types: tuple[str, ...] = (), most: int = 0) -> Iterator[Found]:
        """Bring what is missing and ask; where the answers break off, begin again once with nothing of what was here."""
        answered = 0
        try:
            for found in self._ask_whole(question, names, types, most):
                yield found
                answered += 1
        except Unanswerable:
            if self._supplier is None or not self._supplier.renew():
                raise
            self.close()
            self.forget()
            yield from self._ask_whole(question, names[answered:], types, most)

    def _ask_whole(self, question: str, names: tuple[str, ...], types: tuple[str, ...], most: int) -> Iterator[Found]:
        """Bring what is missing and ask; what was brought and is missing all the same was removed in between."""
        self.prepare(names, trees=types == ("tree",))
        for found in self._ask(question, names, types, most):
            if not found.type and found.object_id not in self._in_vain and _ID.fullmatch(found.object_id):
                raise Unanswerable("somebody cleared the cache while it was read", hint="run it again")
            yield found

    def _send(self, lines: str) -> IO[bytes]:
        """Write requests, in a thread if they may not fit into a pipe; return the stream of the answers."""
        if self._process is None:
            self._process = self._git.start("cat-file", "--batch-command", "--buffer")
            self._said = Drain(self._process.stderr)
        assert self._process.stdin is not None  # noqa: S101  both were asked for
        assert self._process.stdout is not None  # noqa: S101
        requests = f"{lines}flush\n".encode("utf-8", "surrogateescape")
        if len(requests) <= _SMALLEST_PIPE:
            write(self._process.stdin, requests)
        else:
            Thread(target=write, args=(self._process.stdin, requests), daemon=True).start()
        return self._process.stdout

    def _failed(self) -> Exception:
        """Explain why git stopped in the middle."""
        process = self._process
        assert process is not None  # noqa: S101  it was running
        self.close()
        # an older git dies of this where its own `git fetch` of a missing object is refused before it has read which one
        self._pipe_broke = process.returncode == _OF_A_BROKEN_PIPE
        return explain(Completed(process.returncode or 1, b"", self._said.text()), self._git.folder)


class UnknownRevision(NotFound):
    """A revision that names no commit.

    Args:
        rev: what was typed.
        hint: where to look for one.
    """

    def __init__(self, rev: str, *, hint: str = "list revisions: git log --oneline --all") -> None:
        """Build the sentence."""
        super().__init__(f"there is no commit {rev!r}", hint=hint)
        self.rev = rev
