"""What a query asks for that nothing has: a metric of another name, a stage that nobody uses, a type with a typing error.

Without a word of it, ``metric.f1>0.4`` looks like a fact about versions, where it only is one about a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from gitreg.core.candidates import Candidate, Truth
from gitreg.core.facts import merge_values
from gitreg.core.query import NAMED, Condition, Field, Operator, Query, depth_of, list_conditions, split_field
from gitreg.core.query_custom import list_keys
from gitreg.core.query_facts import find_data
from gitreg.core.query_format import format_condition, format_field
from gitreg.core.query_match import matches, texts_of
from gitreg.core.query_packages import parse_requirement
from gitreg.core.query_values import match_text
from gitreg.core.select import guess_artifacts

_TEXTS: Final = frozenset({
    Field.STAGE, Field.TYPE, Field.LABEL, Field.OWNER, Field.TASK, Field.FRAMEWORK, Field.AUTHOR,
})  # fmt: skip
_NOUNS: Final = {
    Field.METRIC: "a metric", Field.PARAM: "a parameter", Field.CUSTOM: "free metadata", Field.OWNER: "an owner",
    Field.AUTHOR: "an author",
}  # fmt: skip
_WORDS: Final = (
    Field.STAGE,
    Field.TYPE,
    Field.TASK,
    Field.FRAMEWORK,
    Field.AUTHOR,
)  # texts that a word alone is not looked for in
_LONGEST: Final = 100
_SHORT: Final = 3  # letters that a longer name begins with: prod
_MOST: Final = 3  # names that may have been meant


class Absent(NamedTuple):
    """Something that nothing has: a sentence, and what may have been meant, or nothing."""

    text: str
    hint: str


def is_about_names(condition: Condition) -> bool:
    """Say whether a condition may ask for something that nothing has at all."""
    field, _ = _asked(condition)
    return field in {*NAMED, *_TEXTS, Field.PACKAGE} and (
        condition.operator in {Operator.MATCH, Operator.EQUAL} or field not in _TEXTS
    )


def find_absent(query: Query, candidates: Sequence[Candidate], artifacts: Iterable[str]) -> tuple[Absent, ...]:
    """Find what a query asks for that none of the candidates has.

    Args:
        query: what was asked.
        candidates: all that were looked at, with what was read of all of them.
        artifacts: the names of all artifacts.
    """
    names = frozenset(artifacts)
    depth = min((candidate.depth for candidate in candidates), default=None)
    conditions = [one for one in list_conditions(query) if depth is not None and depth_of(one) <= depth]
    absent = [_judge(condition, candidates) for condition in conditions if is_about_names(condition)]
    data = [condition for condition in conditions if condition.field is Field.DATA and condition.value in names]
    absent += [_name_artifact(condition.value) for condition in data if not _has_data(condition.value, candidates)]
    absent += [_judge_part(condition, candidates, names) for condition in conditions]
    return tuple(dict.fromkeys(found for found in absent if found is not None))


def guess(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Say which names may have been meant: those that end with it or begin it, or have nearly the same letters."""
    listed = sorted(set(known))
    asked = text.casefold()
    if "*" in text:
        return tuple([name for name in listed if match_text(text, name)][:_MOST])
    inside = [name for name in listed if name.casefold() == asked or name.casefold().endswith(f".{asked}")]
    inside = inside or [name for name in listed if len(name) >= _SHORT and asked.startswith(name.casefold())]
    return tuple((inside or get_close_matches(text[:_LONGEST], listed, n=_MOST))[:_MOST])


def _asked(condition: Condition) -> tuple[Field, str]:
    """Say what a condition is about, also where it asks whether there is any."""
    if condition.field is Field.HAS:
        field, name = split_field(condition.value)
        return (field, name) if field is not None and name else (Field.HAS, "")
    return condition.field, condition.name


def _judge(condition: Condition, candidates: Sequence[Candidate]) -> Absent | None:
    """Say that nothing has what a condition asks for; None where something has it."""
    field, name = _asked(condition)
    text = name if field in NAMED else _text_of(condition)
    probe = condition if field in _TEXTS else Condition(Field.HAS, Operator.MATCH, f"{field}.{name}")
    if field is Field.PACKAGE:
        probe = Condition(Field.PACKAGE, Operator.MATCH, text)
    if any(matches(probe, candidate).truth is Truth.YES for candidate in candidates):
        return None
    is_known = all(matches(probe, candidate).truth is Truth.NO for candidate in candidates)
    words = {word for candidate in candidates for word in _list_words(field, candidate)}
    meant = guess(text, words) or (_find_inside(text, words) if field is Field.AUTHOR else ())
    hint = _ask_meant(_write(field, one) for one in meant)
    return Absent(f"none of them {'has' if is_known else 'is known to have'} {_NOUNS.get(field, f'a {field}')} {text!r}", hint)


def _judge_part(condition: Condition, candidates: Sequence[Candidate], artifacts: frozenset[str]) -> Absent | None:
    """Say that nothing is what a condition names, if a part of it, or another field, was meant; None otherwise."""
    listed = _list_meant(condition, candidates, artifacts) if condition.operator in {Operator.MATCH, Operator.EQUAL} else ()
    truths = {matches(condition, candidate).truth for candidate in candidates} if listed else {Truth.YES}
    if Truth.YES in truths:
        return None
    has = "has" if truths == {Truth.NO} else "is known to have"
    what = {
        Field.TEXT: f"none of them {has} {condition.value!r} in its name, description, labels or owner",
        Field.NAME: f"none of them has the name {condition.value!r}",
        Field.VERSION: f"none of them has the version {condition.value!r}",
    }.get(condition.field, f"no data of them is known as {condition.value!r}")
    return Absent(what, _ask_meant(listed))


def _list_meant(condition: Condition, candidates: Sequence[Candidate], artifacts: frozenset[str]) -> tuple[str, ...]:
    """List the conditions that may have been meant by one about a name, a version, data or a word alone."""
    text = condition.value
    match condition.field:
        case Field.NAME:
            return tuple(_write(Field.NAME, one) for one in guess_artifacts(text, artifacts))
        case Field.VERSION:
            is_begun = any((candidate.version or "").startswith(f"{text}.") for candidate in candidates)
            return (f"version:{text}.*",) if is_begun else ()
        case Field.DATA:
            paths = {material.path for candidate in candidates if candidate.facts for material in candidate.facts.data}
            inside = sorted(path for path in paths if path.casefold().endswith(f"/{text.casefold()}"))
            return tuple(_write(Field.DATA, one) for one in inside[:_MOST])
        case Field.TEXT:
            known = {(field, word) for field in _WORDS for candidate in candidates for word in texts_of(field, candidate)}
            same = sorted((field, word) for field, word in known if word.casefold() == text.casefold())
            return tuple(_write(field, word) for field, word in same[:_MOST])
        case _:
            return ()


def _find_inside(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """List the texts that a text is a part of: of a name, whoever knows only the first."""
    return tuple(sorted(word for word in words if text.casefold() in word.casefold())[:_MOST])


def _write(field: Field, text: str) -> str:
    """Write what may have been meant as a query has it."""
    return format_field(field, text) if field in NAMED else format_condition(Condition(field, Operator.MATCH, text))


def _ask_meant(meant: Iterable[str]) -> str:
    """Ask whether one of these was meant; empty where there is none."""
    listed = " or ".join(meant)
    return f"did you mean {listed}?" if listed else ""


def _text_of(condition: Condition) -> str:
    """Give what is looked for; of a package its name."""
    requirement = parse_requirement(condition.value) if condition.field is Field.PACKAGE else None
    return requirement.name if requirement is not None else condition.value


def _list_words(field: Field, candidate: Candidate) -> Iterator[str]:
    """List what a candidate has of a kind."""
    facts = candidate.facts
    if field is Field.CUSTOM:
        yield from list_keys(candidate.entry) if candidate.entry is not None else ()
    elif field in _TEXTS:
        yield from texts_of(field, candidate)
    elif facts is not None and field is Field.PACKAGE:
        yield from (package.name for package in facts.packages)
    elif facts is not None:
        yield from merge_values(facts.metrics if field is Field.METRIC else facts.params)


def _has_data(text: str, candidates: Iterable[Candidate]) -> bool:
    """Say whether data is called so."""
    return any(True for candidate in candidates for _ in find_data(text, candidate))


def _name_artifact(name: str) -> Absent:
    """Say that what looks like data is an artifact."""
    return Absent(
        f"{name!r} is an artifact, and no path of data", f"what was made from it: gitreg trace '{name}@latest' --reverse"
    )
