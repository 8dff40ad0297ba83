"""History read commit by commit: of a repository that is read by its address, where git itself has only a part of it.

What is missing is brought as it is needed. Clocks may be off: an answer never stands on dates alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Final, NamedTuple

from gitreg.errors import Unanswerable
from gitreg.git.commit_log import parse_seconds
from gitreg.git.objects import Found, Objects

_MOST: Final = 500_000  # commits that are read
_SLACK: Final = 86_400  # seconds that the clocks of people may differ
_PERSON: Final = re.compile(rb"^author (.*?) ?<([^>\n]*)> ([0-9]{1,19}) [+-][0-9]{4}$", re.MULTILINE)
_WRITTEN: Final = re.compile(rb"^committer [^\n]*> ([0-9]{1,19}) [+-][0-9]{4}$", re.MULTILINE)
_PARENT: Final = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)

_Queue = list[tuple[int, int, str]]  # the time turned round, the number in the order of coming, the commit


class Ancestor(NamedTuple):
    """A commit.

    Attributes:
        at: the time of the author, in seconds since 1970.
        written_at: that of the committer.
        subject: the first line of the message.
    """

    commit: str
    parents: tuple[str, ...]
    at: int
    written_at: int
    author: str
    author_email: str
    subject: str


class Ancestry:
    """Reads commits, each once.

    Args:
        objects: where.
    """

    def __init__(self, objects: Objects) -> None:
        """Know nothing yet."""
        self._objects = objects
        self._known: dict[str, Ancestor] = {}

    def read(self, commits: Iterable[str]) -> list[Ancestor]:
        """Read commits, and bring those that are not here.

        Args:
            commits: full ids.

        Raises:
            Unanswerable: one is missing there too, or there are more than anybody wants to wait for.
        """
        wanted = list(commits)
        new = [commit for commit in dict.fromkeys(wanted) if commit not in self._known]
        if len(self._known) + len(new) > _MOST:
            message = f"the history has more than {_MOST} commits, so it is not read from afar"
            raise Unanswerable(message, hint="git clone it, and ask there")
        for commit in new:
            self._objects.prepare_history(commit)
        for commit, found in zip(new, self._objects.contents(new, types=("commit",)), strict=True):
            self._known[commit] = _parse(commit, found)
        return [self._known[commit] for commit in wanted]

    def list_descending(self, tips: Iterable[str], commit: str) -> set[str]:
        """List a commit and all those that come from it, among the histories of tips; the whole of them is read.

        Args:
            tips: full ids.
            commit: the full id; nothing comes from one that is in none of the histories.
        """
        children: dict[str, list[str]] = {}
        seen: set[str] = set()
        front = set(tips)
        while front:
            seen |= front
            for found in self.read(front):
                for parent in found.parents:
                    children.setdefault(parent, []).append(found.commit)
            front = {parent for child in front for parent in self._known[child].parents} - seen
        descending: set[str] = set()
        waiting = [commit] if commit in seen else []
        while waiting:
            one = waiting.pop()
            if one not in descending:
                descending.add(one)
                waiting += children.get(one, ())
        return descending

    def list_between(self, commit: str, since: str | None) -> list[Ancestor]:
        """List the commits that led to one, less another one and those that led to that, in the order of ``git log``.

        It stops where all that is left is a day older than what was found: an old commit is only taken for new if a clock was
        off by more than that.
        """
        old: set[str] = set()
        queued: dict[str, None] = {}
        queue: _Queue = []
        for tip, is_old in ((since, True), (commit, False)):
            if tip is not None:
                old |= {tip} if is_old else set()
                self._enqueue(queue, queued, [tip])
        found: dict[str, Ancestor] = {}
        while queue and (any(name not in old for _, _, name in queue) or self._may_meet(queue, found, old)):
            _, _, name = heappop(queue)
            one = self.read([name])[0]
            if name in old:
                self._paint(one.parents, old)
            else:
                found[name] = one
            self._enqueue(queue, queued, one.parents)
        return [one for name, one in found.items() if name not in old]

    def _enqueue(self, queue: _Queue, queued: dict[str, None], commits: Iterable[str]) -> None:
        """Let commits wait for their turn, the youngest first and of one second the one that came first, each once."""
        new = [name for name in commits if name not in queued]
        for one in self.read(new):
            queued[one.commit] = None
            heappush(queue, (-one.written_at, len(queued), one.commit))

    def _paint(self, commits: Iterable[str], old: set[str]) -> None:
        """Mark commits as old, and what is known of those that led to them."""
        waiting = [name for name in commits if name not in old]
        while waiting:
            name = waiting.pop()
            old.add(name)
            known = self._known.get(name)
            waiting += [parent for parent in known.parents if parent not in old] if known else []

    def _may_meet(self, queue: _Queue, found: dict[str, Ancestor], old: set[str]) -> bool:
        """Say whether an old commit that waits may still lead to one that was found."""
        new = [one.written_at for name, one in found.items() if name not in old]
        return bool(new) and -queue[0][0] >= min(new) - _SLACK


def _parse(commit: str, found: Found) -> Ancestor:
    """Read a commit object."""
    if found.type != "commit":
        message = f"commit {commit[:7]} cannot be read, so what was before it is not known"
        raise Unanswerable(message, hint="is it a shallow clone that was asked? then ask a whole one")
    head, _, message_bytes = found.content.partition(b"\n\n")
    person, written = _PERSON.search(head), _WRITTEN.search(head)
    author, address, at = person.groups() if person else (b"", b"", b"0")
    subject = message_bytes.lstrip(b"\n").partition(b"\n")[0]
    return Ancestor(
        commit=commit,
        parents=tuple(parent.decode() for parent in _PARENT.findall(head)),
        at=parse_seconds(at.decode()),
        written_at=int(written[1]) if written else 0,
        author=author.decode("utf-8", "replace"),
        author_email=address.decode("utf-8", "replace"),
        subject=subject.decode("utf-8", "replace").strip(),
    )
