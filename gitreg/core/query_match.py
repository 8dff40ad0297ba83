"""Answering queries: yes, no, or nobody can know.

The logic is Kleene's: ``no and unknown`` is no, ``yes or unknown`` is yes, and ``not unknown`` is unknown. What has not been read
yet is unknown too, and reading more never turns a yes or a no into anything else: so what is cheap is read first, and more only
of those that are still in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from gitreg.core.candidates import NO, UNREAD, YES, Answer, Candidate, all_of, any_of, turn, unknown
from gitreg.core.entries import Entry
from gitreg.core.query import AllOf, Condition, Field, Not, Operator, Query, depth_of, depth_of_field, split_field
from gitreg.core.query_custom import answer_custom, has_custom
from gitreg.core.query_facts import FACTS, has_fact
from gitreg.core.query_values import compare, has_prefix, match_text, parse_flag, parse_size, parse_span, split_license
from gitreg.core.versions import precedence


def matches(query: Query, candidate: Candidate) -> Answer:
    """Say whether a query means a candidate."""
    match query:
        case Condition():
            return _answer(query, candidate)
        case Not():
            return turn(matches(query.part, candidate))
        case AllOf():
            return all_of(matches(part, candidate) for part in query.parts)
        case _:
            return any_of(matches(part, candidate) for part in query.parts)


def texts_of(field: Field, candidate: Candidate) -> tuple[str, ...]:
    """List the texts that a candidate has in a field."""
    if field is Field.PATH:
        return (candidate.path,) if candidate.path else ()
    if field in _OF_REGISTRY:
        return tuple(text for text in _OF_REGISTRY[field](candidate) if text)
    return tuple(text for text in _OF_ENTRY[field](candidate.entry) if text) if candidate.entry else ()


def _answer(condition: Condition, candidate: Candidate) -> Answer:
    """Answer one condition."""
    if condition.field is Field.TEXT and match_text(f"*{condition.value}*", candidate.artifact):
        return YES
    if candidate.depth < depth_of(condition):
        return UNREAD
    if condition.operator is Operator.DIFFERENT:
        return turn(_answer(Condition(condition.field, Operator.EQUAL, condition.value, condition.name), candidate))
    if condition.field is Field.HAS:
        return _has(condition.value, candidate)
    special = _SPECIAL.get(condition.field)
    return special(condition, candidate) if special else _match_texts(condition, candidate)


def _match_texts(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about texts: one of them is enough."""
    texts = texts_of(condition.field, candidate)
    if condition.operator is Operator.EQUAL:
        return _decide(condition.value in texts, condition, candidate)
    pattern = f"*{condition.value}*" if condition.field is Field.DESCRIPTION else condition.value
    return _decide(any(match_text(pattern, text) for text in texts), condition, candidate)


def _decide(found: bool, condition: Condition, candidate: Candidate) -> Answer:  # noqa: FBT001
    """Say yes, or no if nothing that could not be read might say otherwise."""
    if found:
        return YES
    is_silent = condition.field not in _OF_REGISTRY and not texts_of(condition.field, candidate)
    return unknown(candidate.unread) if candidate.unread and is_silent else NO


def _match_word(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a word alone: it may stand anywhere in the texts that describe an artifact; the name was looked at already."""
    fields = (Field.DESCRIPTION, Field.LABEL, Field.OWNER)
    texts = [text for field in fields for text in texts_of(field, candidate)]
    if any(match_text(f"*{condition.value}*", text) for text in texts):
        return YES
    return unknown(candidate.unread) if candidate.unread else NO


def _match_license(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about the licence: one part of the expression is enough, and no licence at all is no answer."""
    if candidate.entry is None or not candidate.entry.license:
        return unknown(candidate.unread or "no licence is named")
    return _match_texts(condition, candidate)


def _match_version(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about the version: SemVer's order, or a text, or ``latest`` and ``stable``."""
    if candidate.version is None:
        return NO
    if condition.operator in {Operator.MATCH, Operator.EQUAL}:
        return _match_texts(condition, candidate)
    return _yes_if(compare(condition.operator, precedence(candidate.version), precedence(condition.value)))


def _match_time(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about a time; that of one stage is enough."""
    times = candidate.assigned_at if condition.field is Field.ASSIGNED else (candidate.registered_at,)
    span = parse_span(condition.value)
    return _yes_if(
        span is not None and any(at is not None and _is_in(at, condition.operator, span.first, span.last) for at in times)
    )


def _match_size(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about the number of bytes."""
    pointer = candidate.pointer
    if pointer is None or pointer.size is None:
        return _unsaid(candidate, "nothing says how many bytes it has")
    wanted = parse_size(condition.value) or 0
    return _yes_if(_is_in(pointer.size, condition.operator, wanted, wanted))


def _match_hash(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about the hash."""
    pointer = candidate.pointer
    if pointer is None or pointer.hash is None:
        return _unsaid(candidate, "nothing says which hash it has")
    return _yes_if(has_prefix(pointer.hash, condition.value))


def _match_flag(condition: Condition, candidate: Candidate) -> Answer:
    """Answer ``active:yes`` and the like."""
    flag = candidate.active if condition.field is Field.ACTIVE else candidate.deprecated
    return _yes_if(flag is parse_flag(condition.value))


def _has(text: str, candidate: Candidate) -> Answer:
    """Say whether a candidate has anything in a field."""
    field, name = split_field(text)
    if field is None:
        return NO
    if field is Field.CUSTOM:
        return has_custom(name, candidate)
    if field in FACTS:
        return has_fact(field, name, candidate)
    has = _HAS.get(field)
    if has(candidate) if has else bool(texts_of(field, candidate)):
        return YES
    return unknown(candidate.unread) if candidate.unread and depth_of_field(field) else NO


def _unsaid(candidate: Candidate, reason: str) -> Answer:
    """Answer where there is no size or hash: no for what has no bytes, and otherwise nobody can know."""
    if candidate.unread or candidate.pointer is not None:
        return unknown(candidate.unread or reason)
    return NO


def _yes_if(found: bool) -> Answer:  # noqa: FBT001
    """Turn what is known into an answer."""
    return YES if found else NO


def _is_in(value: int, operator: Operator, first: int, last: int) -> bool:
    """Compare a number with a span; a span is equal to all that is in it."""
    match operator:
        case Operator.LESS:
            return value < first
        case Operator.LESS_OR_EQUAL:
            return value <= last
        case Operator.GREATER:
            return value > last
        case Operator.GREATER_OR_EQUAL:
            return value >= first
        case _:
            return first <= value <= last


def _schema_names(entry: Entry, side: str) -> Iterable[str]:
    """List the names of what a model takes or gives, as its entry says."""
    listed = entry.schema.get(side)
    if not isinstance(listed, list | tuple):
        return ()
    return [str(item["name"]) for item in listed if isinstance(item, Mapping) and "name" in item]


_OF_REGISTRY: Final[dict[Field, Callable[[Candidate], Iterable[str]]]] = {
    Field.NAME: lambda found: (found.artifact,),
    Field.VERSION: lambda found: (found.version or "", *found.marks),
    Field.STAGE: lambda found: found.stages,
    Field.AUTHOR: lambda found: found.authors,
}

_OF_ENTRY: Final[dict[Field, Callable[[Entry], Iterable[str | None]]]] = {
    Field.TYPE: lambda entry: (entry.type,),
    Field.LABEL: lambda entry: entry.labels,
    Field.OWNER: lambda entry: (entry.owner,),
    Field.TASK: lambda entry: (entry.task,),
    Field.FRAMEWORK: lambda entry: (entry.framework,),
    Field.LICENSE: lambda entry: split_license(entry.license) if entry.license else (),
    Field.DESCRIPTION: lambda entry: (entry.description,),
    Field.BASE: lambda entry: (entry.base,),
    Field.SCHEMA_INPUT: lambda entry: _schema_names(entry, "inputs"),
    Field.SCHEMA_OUTPUT: lambda entry: _schema_names(entry, "outputs"),
}

_HAS: Final[dict[Field, Callable[[Candidate], bool]]] = {
    Field.REGISTERED: lambda found: found.registered_at is not None,
    Field.ASSIGNED: lambda found: bool(found.assigned_at),
    Field.SIZE: lambda found: found.pointer is not None and found.pointer.size is not None,
    Field.HASH: lambda found: found.pointer is not None and found.pointer.hash is not None,
}

_SPECIAL: Final[dict[Field, Callable[[Condition, Candidate], Answer]]] = {
    Field.TEXT: _match_word,
    Field.LICENSE: _match_license,
    Field.VERSION: _match_version,
    Field.REGISTERED: _match_time,
    Field.ASSIGNED: _match_time,
    Field.SIZE: _match_size,
    Field.HASH: _match_hash,
    Field.DEPRECATED: _match_flag,
    Field.ACTIVE: _match_flag,
    Field.CUSTOM: answer_custom,
    **FACTS,
}
