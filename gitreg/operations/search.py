"""`search`: which versions does a query mean, and of which can nobody know?

Of what the query needs the cheap is read first: tags, then entries, pointers and facts; and each of them only of the versions
that are still in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from gitreg.core.candidates import Candidate, Truth, find_reason
from gitreg.core.findings import (
    Finding,
    Findings,
    QueryColumn,
    Sorting,
    list_columns,
    list_notes,
    list_values,
    parse_sorting,
    sort_findings,
)
from gitreg.core.query import (
    NAMED,
    Condition,
    Depth,
    Field,
    Operator,
    Query,
    depth_of,
    depth_of_field,
    list_conditions,
    split_field,
)
from gitreg.core.query_absent import Absent, find_absent
from gitreg.core.query_format import format_query
from gitreg.core.query_match import matches
from gitreg.core.query_parse import parse_query
from gitreg.core.reduce import reduce_events
from gitreg.core.state import Artifact, Assignment, Version
from gitreg.errors import UsageFault
from gitreg.git.forest import Forest
from gitreg.operations.context import Context
from gitreg.operations.find_entries import EntryFinder, Place
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_tags import load_tags
from gitreg.operations.show import choose_time
from gitreg.operations.wholeness import require_whole

if TYPE_CHECKING:  # what no query asks for need not be imported
    from gitreg.operations.load_facts import Wanted

_Candidates: TypeAlias = list[Candidate]
_ByPlace: TypeAlias = dict[Place, list[Candidate]]

_SHOWN_ANYHOW: Final = frozenset({Field.NAME, Field.VERSION, Field.STAGE})
_MOST_ASKED: Final = 2_000  # versions that are read once more to say why nothing was found
_TOGETHER: Final = 128  # commits whose objects are asked for in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """Where to search, and how much of it is wanted.

    Attributes:
        history: every version ever registered, and not only those that are the latest or the stable one or hold a stage.
        at: a moment; None: now.
        sort: a field, perhaps with ``-`` before it; None: by name and version.
        limit: at most so many of those that are meant, and of those of which nobody can know.
    """

    history: bool = False
    at: str | None = None
    sort: str | None = None
    limit: int | None = None


def search(context: Context, text: str, *, how: Searching, fetched: bool = False) -> Findings:
    """Find the versions that a query means.

    Raises:
        SyntaxFault: it is no query.
        UsageFault: nothing can be sorted by that.
        Unanswerable: this clone may lack tags.
    """
    query = parse_query(text)
    sorting = parse_sorting(how.sort) if how.sort is not None else None
    if how.limit is not None and how.limit < 0:
        raise UsageFault(f"{how.limit} versions are too few", hint="leave --limit out")
    if not fetched:
        require_whole(context.repository.location)
    tags = load_tags(context.repository, at=choose_time(context, how.at))
    state = reduce_events(tags.events)
    columns = list_columns(query)
    if sorting is not None and sorting.column not in columns and sorting.column.field not in _SHOWN_ANYHOW:
        columns = (*columns, sorting.column)
    candidates = [found for artifact in state.artifacts.values() for found in _list_candidates(artifact, history=how.history)]
    left, read = _sift(context, query, candidates, columns)
    meant, doubtful = _judge(query, left, columns, sorting)
    return Findings(
        query=format_query(query),
        columns=columns,
        matches=tuple(meant[: how.limit]),
        unknown=tuple(doubtful[: how.limit]),
        matched=len(meant),
        doubtful=len(doubtful),
        searched=len(candidates),
        problems=(*tags.problems, *state.problems),
        absent=() if meant else _find_absent(context, query, candidates, read, state.artifacts),
        notes=(
            *list_notes((*meant[: how.limit], *doubtful[: how.limit]), columns),
            *_note_unsorted([*meant, *doubtful], sorting, state.artifacts),
        ),
    )


def _list_candidates(artifact: Artifact, *, history: bool) -> Iterator[Candidate]:
    """List what there is to search of an artifact."""
    held: dict[str, list[Assignment]] = {}
    for stack in artifact.stages.values():
        held.setdefault(stack[0].version or stack[0].commit, []).append(stack[0])
    for version in artifact.versions:
        is_current = version.active and (version.version in {artifact.latest, artifact.stable} or version.stages)
        if history or is_current:
            yield _describe(artifact, version, held.get(version.version, []))
    for holders in held.values():
        if holders[0].version is None:
            yield _describe(artifact, None, holders)


def _describe(artifact: Artifact, version: Version | None, holders: Sequence[Assignment]) -> Candidate:
    """Say what the tags say of a version, or of a bare commit that holds stages."""
    marks = {"latest": artifact.latest, "stable": artifact.stable}
    people = [version] if version else holders
    return Candidate(
        artifact=artifact.name,
        version=version.version if version else None,
        commit=version.commit if version else holders[0].commit,
        active=version.active if version else True,
        deprecated=artifact.deprecated,
        marks=tuple(mark for mark, text in marks.items() if version and version.version == text),
        stages=version.stages if version else tuple(sorted(held.stage for held in holders)),
        registered_at=version.registered_at if version else None,
        assigned_at=tuple(sorted(held.assigned_at for held in holders)),
        authors=tuple(dict.fromkeys(text for person in people for text in (person.author, person.author_email))),
    )


def _sift(
    context: Context, query: Query, candidates: _Candidates, columns: Sequence[QueryColumn]
) -> tuple[_Candidates, list[Depth]]:
    """Read more and more of fewer and fewer candidates; those that the query does not mean fall away. Say how deep that went."""
    done: list[Depth] = []
    left = [found for found in candidates if matches(query, found).truth is not Truth.NO]
    asked = {depth_of(condition) for condition in list_conditions(query)} | {depth_of_field(column.field) for column in columns}
    for depth in sorted(asked - {Depth.REGISTRY}):
        if not left:
            break
        done.append(depth)
        by_place = _by_place(left)
        read = _read(context, depth, by_place, query, columns)
        left = [found for found in read if matches(query, found).truth is not Truth.NO]
    return left, done


def _read(
    context: Context, depth: Depth, by_place: _ByPlace, query: Query, columns: Sequence[QueryColumn]
) -> Iterator[Candidate]:
    """Read what stands in one depth."""
    match depth:
        case Depth.ENTRY:
            return _read_entries(context, by_place)
        case Depth.POINTER:
            return _read_pointers(context, by_place)
        case _:
            return _read_facts(context, by_place, _choose_facts(query, columns))


def _find_absent(
    context: Context, query: Query, candidates: _Candidates, depths: Iterable[Depth], artifacts: Iterable[str]
) -> tuple[Absent, ...]:
    """Find what a query asks for that nothing has, so that nothing could be meant; of very many nobody waits for it."""
    if len(candidates) > _MOST_ASKED:
        return ()
    read = candidates
    for depth in depths:
        read = list(_read(context, depth, _by_place(read), query, ()))
    return find_absent(query, read, artifacts)


def _note_unsorted(findings: Sequence[Finding], sorting: Sorting | None, artifacts: Iterable[str]) -> Iterator[str]:
    """Say that nothing that was found has the metric, parameter or key that it should be sorted by."""
    if sorting is None or sorting.column.field not in NAMED or any(finding.values[sorting.column.title] for finding in findings):
        return
    asked = Condition(Field.HAS, Operator.MATCH, f"{sorting.column.field}.{sorting.column.name}")
    for text, hint in find_absent(asked, [finding.candidate for finding in findings], artifacts):
        yield "; ".join(filter(None, (f"{text} to sort by", hint)))


def _read_entries(context: Context, by_place: _ByPlace) -> Iterator[Candidate]:
    """Read the entries of candidates."""
    finder = EntryFinder(Forest(context.repository.objects))
    places = iter(by_place)
    while batch := list(islice(places, _TOGETHER)):
        for place, (entry, problems) in finder.find_all(batch).items():
            path = entry_path(entry) if entry is not None and entry.path is not None else None
            unread = find_reason(problems, place.artifact, entry)
            yield from (found._replace(depth=Depth.ENTRY, entry=entry, path=path, unread=unread) for found in by_place[place])


def _read_pointers(context: Context, by_place: _ByPlace) -> Iterator[Candidate]:
    """Read where the bytes of candidates are."""
    from gitreg.operations.load_pointers import load_pointers

    for place, located in load_pointers(context.repository.objects, by_place):
        unread = find_reason(located.problems, place.artifact, located.entry)
        yield from (found._replace(depth=Depth.POINTER, pointer=located.pointer, unread=unread) for found in by_place[place])


def _read_facts(context: Context, by_place: _ByPlace, wanted: Wanted) -> Iterator[Candidate]:
    """Read those facts of candidates that are wanted."""
    from gitreg.operations.load_facts import load_facts

    for place, facts in load_facts(context, by_place, wanted):
        yield from (found._replace(depth=Depth.FACTS, facts=facts) for found in by_place[place])


def _choose_facts(query: Query, columns: Iterable[QueryColumn]) -> Wanted:
    """Choose the facts that a query and its columns are about."""
    from gitreg.operations.load_facts import Wanted

    fields = {column.field for column in columns} | set(map(_field_asked, list_conditions(query)))
    return Wanted(
        metrics=Field.METRIC in fields, params=Field.PARAM in fields, packages=Field.PACKAGE in fields, data=Field.DATA in fields
    )


def _field_asked(condition: Condition) -> Field | None:
    """Say which field a condition is about, also where it asks whether there is one."""
    return split_field(condition.value)[0] if condition.field is Field.HAS else condition.field


def _by_place(candidates: Iterable[Candidate]) -> _ByPlace:
    """Put candidates in the order of their commits, which share most of their files with their neighbours."""
    by_place: _ByPlace = {}
    for found in sorted(candidates, key=lambda found: found.registered_at or 0):
        by_place.setdefault(Place(found.artifact, found.commit), []).append(found)
    return by_place


def _judge(
    query: Query, candidates: _Candidates, columns: Sequence[QueryColumn], sorting: Sorting | None
) -> tuple[list[Finding], list[Finding]]:
    """Tell those that are meant from those of which nobody can know."""
    meant: list[Finding] = []
    doubtful: list[Finding] = []
    for candidate in candidates:
        answer = matches(query, candidate)
        values = {column.title: list_values(column, candidate) for column in columns}
        finding = Finding(candidate=candidate, values=values, reasons=answer.reasons)
        (meant if answer.truth is Truth.YES else doubtful).append(finding)
    return sort_findings(meant, sorting), sort_findings(doubtful, sorting)
