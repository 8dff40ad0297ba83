"""What a push is about to change: the refs that git hands to the hook before it, and what of them must not be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gitreg.core.events import Kind
from gitreg.core.problems import Problem
from gitreg.core.tags import REF_PREFIX, parse_tag
from gitreg.core.words import format_count

MOST_TAGS: Final = 3
"""Tags of one push of which GitHub tells its workflows; with one more it tells of none. GitLab stops at four pipelines."""

_FIELDS: Final = 4
_PLAIN = re.compile(r"[A-Za-z0-9._/:@+-]+")


class PushedRef(NamedTuple):
    """One line that git hands to the hook (githooks(5)).

    Attributes:
        source: what is pushed, as it was given; it may hold spaces.
        object_id: its id; None for a deletion.
        ref: the full name of the ref at the remote.
        before: the id that the remote has there; None where the name is free.
    """

    source: str
    object_id: str | None
    ref: str
    before: str | None

    @property
    def tag(self) -> str:
        """The name of the tag, or an empty text for another ref."""
        return self.ref.removeprefix(REF_PREFIX) if self.ref.startswith(REF_PREFIX) else ""


class Objection(NamedTuple):
    """Why a push must not happen: a sentence, and what helps."""

    message: str
    hint: str


class PushReport(NamedTuple):
    """What was found out of a push: why it must not happen, and what a person should know of it besides."""

    objections: tuple[Objection, ...] = ()
    notes: tuple[str, ...] = ()


def parse_push(text: str) -> tuple[PushedRef, ...]:
    """Read what git hands to the hook: a line for each ref; what is no such line is left out."""
    lines = (line.rsplit(" ", _FIELDS - 1) for line in text.split("\n"))
    return tuple(
        PushedRef(source, _read_id(object_id), ref, _read_id(before))
        for source, object_id, ref, before in (line for line in lines if len(line) == _FIELDS)
    )


def pick_registry_refs(refs: Iterable[PushedRef]) -> tuple[PushedRef, ...]:
    """Keep the refs that are named like registry tags at the remote."""
    return tuple(ref for ref in refs if ref.tag and parse_tag(ref.tag) is not None)


def check_moves(refs: Iterable[PushedRef], remote: str) -> list[Objection]:
    """Find registry tags of the remote that would be deleted, or would become others."""
    return [objection for ref in refs if (objection := _check_move(ref, remote))]


def check_number(refs: Sequence[PushedRef], registry: Sequence[PushedRef]) -> list[Objection]:
    """Find out whether so many tags are pushed at once that the host says nothing of them to its workflows.

    Args:
        refs: all refs of the push; a tag of any kind counts.
        registry: the registry tags among them.
    """
    count = sum(bool(ref.tag) and ref.object_id is not None for ref in refs)
    new = [ref for ref in registry if ref.object_id is not None]
    if count <= MOST_TAGS or not new:
        return []
    tags = f"{format_count(count, 'tag')} in one push, {len(new)} of them of the registry"
    message = f"{tags}, are so many that GitHub starts no workflow for any: it stops at {MOST_TAGS}"
    hint = "push them in order, three at a time: gitreg push; or all at once: git -c gitreg.manyTags=true push ..."
    return [Objection(message, hint)]


def check_problems(problems: Iterable[Problem]) -> list[Objection]:
    """Turn what is wrong with tags of a push into objections."""
    return [
        Objection(f"{problem.message.removesuffix('; it is not read')}, and nobody could read it", _advise(problem))
        for problem in problems
    ]


def check_state(pushed: Iterable[str], problems: Iterable[Problem]) -> list[Objection]:
    """Find tags of a push that contradict the events that are known here.

    Args:
        pushed: names of tags.
        problems: what reducing the events found.
    """
    names = set(pushed)
    return [Objection(found.message, found.hint) for found in problems if found.code in _CONTRADICTIONS and found.tag in names]


_MENDABLE: Final = frozenset({"GR207", "GR208", "GR209"})
_RENAMED: Final = "GR204"
_CONTRADICTIONS: Final = frozenset({"GR301", "GR302"})
_OPPOSITE: Final = {
    Kind.REGISTRATION: "gitreg deregister '{0.artifact}@{0.version}' --push",
    Kind.ASSIGNMENT: "gitreg unassign '{0.artifact}' '{0.stage}' --push",
}


def _advise(problem: Problem) -> str:
    """Say what helps with a tag that is wrong; what helps with one that was fetched is something else."""
    if problem.code in _MENDABLE:
        return problem.hint
    if problem.code == _RENAMED:
        return "push a tag under its own name, and let gitreg make those of other versions: gitreg register --help"
    return f"make it anew, with gitreg: git tag -d '{problem.tag}' removes this one"


def _check_move(ref: PushedRef, remote: str) -> Objection | None:
    """Find out whether one tag of the remote would go or become another one."""
    if ref.before is None or ref.object_id == ref.before:
        return None
    if ref.object_id is None:
        tag = parse_tag(ref.tag)
        opposite = _OPPOSITE.get(tag.kind, "").format(tag) if tag is not None else ""
        hint = f"state the opposite in place of that: {opposite}" if opposite else "state what is so now, with a new tag"
        return Objection(f"{ref.tag!r} would be deleted from {remote!r}, and nobody would know what happened", hint)
    message = f"{remote!r} has {ref.tag!r} already, as another object than {ref.object_id[:7]}, and a registry tag never moves"
    hint = f"take theirs: git fetch --force {_quote(remote)} 'refs/tags/{ref.tag}:refs/tags/{ref.tag}', and decide again"
    return Objection(message, hint)


def _quote(remote: str) -> str:
    """Write a remote, which may be any address, as one word of a shell."""
    return remote if _PLAIN.fullmatch(remote) else "'{}'".format(remote.replace("'", "'\\''"))


def _read_id(text: str) -> str | None:
    """Read the id of an object; zeros are none."""
    return text if text.strip("0") else None
