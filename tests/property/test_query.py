"""Laws of queries, and a naive evaluator that takes nothing from the real one."""

from __future__ import annotations

import operator
import re
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from gitreg.core.candidates import Candidate, Truth
from gitreg.core.entries import Pointer, PointerKind
from gitreg.core.facts import Package
from gitreg.core.query import NAMED, ORDERED, AllOf, AnyOf, Condition, Depth, Field, Not, Operator, Query
from gitreg.core.query_check import check_condition
from gitreg.core.query_format import format_query
from gitreg.core.query_match import matches
from gitreg.core.query_packages import Requirement, compare_versions
from gitreg.core.query_parse import parse_query
from gitreg.core.query_values import match_text
from tests.core.query_values import BROKEN, make_candidate, make_entry, make_facts
from tests.property.faults import fault_of

_texts: Final = st.one_of(
    st.sampled_from(
        [
            "churn",
            "ml",
            "pii",
            "prod",
            "a*",
            "*",
            "and",
            "x y",
            "\"'\\",
            "-a",
            "<b>",
            "md5:abcd",
            "a&&b",
            "|",
            "~a",
            "a@v1.0.0",
            "a#b",
            "a@1",
        ]
    ),
    st.text(max_size=6),
)
_names: Final = st.one_of(st.sampled_from(["auc", "val.loss", "m.json:auc", "a b"]), st.text(min_size=1, max_size=4))
_VALUES: Final = {
    Field.SIZE: ["1GB", "0", "1.5 GiB"],
    Field.REGISTERED: ["2025", "2025-01-01", "2025-01-01T10:00+01:00"],
    Field.ASSIGNED: ["2025-01"],
    Field.DEPRECATED: ["yes", "no"],
    Field.ACTIVE: ["yes", "no"],
    Field.HASH: ["abcd", "md5:abcd"],
    Field.PACKAGE: ["tf", "tf<2.12", "tf>=2,<3", "tf==1.*"],
    Field.HAS: ["license", "metric.auc", "data"],
    Field.VERSION: ["v1.0.0", "v2.0.0-rc.1", "v1..v2"],
    Field.METRIC: ["0.5", "1e-3", "2"],
    Field.CUSTOM: ["0.5", "risk", "1..2"],
    Field.PARAM: ["0.5", "adam", "1..2", "a..b", "x,y"],
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Make conditions that make sense."""
    field = draw(st.sampled_from(list(Field)))
    value = draw(st.one_of(st.sampled_from(_VALUES[field]), _texts) if field in _VALUES else _texts)
    operators = (
        [Operator.MATCH] if field is Field.TEXT else list(Operator) if field in ORDERED else [Operator.MATCH, Operator.EQUAL]
    )
    condition = Condition(field, draw(st.sampled_from(operators)), value, draw(_names) if field in NAMED else "")
    assume(check_condition(condition) is None or (field is Field.TEXT))
    return condition


def queries(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Query]:
    """Make queries of conditions."""
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.builds(Not, parts),
            st.lists(parts, min_size=2, max_size=3).map(lambda found: AllOf(tuple(found))),
            st.lists(parts, min_size=2, max_size=3).map(lambda found: AnyOf(tuple(found))),
        ),
        max_leaves=6,
    )


# ---- the text ----


@given(query=queries(conditions()))
def test_reading_a_query_inverts_writing_it(query: Query) -> None:
    assert parse_query(format_query(query)) == query


@given(
    text=st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(["a", "name", "metric.", ":", "=", "<", "!", ">=", "(", ")", '"', "'", "\\", "-", " ", "and", "or", "not ", "1", "\x00", "\u2028",
                "~", "..", "&", "|", ",", ";", "@", "#", "v1.0.0", "version:"])
        ).map("".join),
    )
)  # fmt: skip
def test_a_text_is_a_query_or_has_a_caret(text: str) -> None:
    assert fault_of(parse_query, text) or parse_query(format_query(parse_query(text))) == parse_query(text)


@given(pattern=st.text("aAb*.", max_size=6), text=st.text("aAb.\n", max_size=8))
def test_a_star_is_any_text(pattern: str, text: str) -> None:
    expected = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.IGNORECASE | re.DOTALL)
    assert match_text(pattern, text) is (expected is not None)


# ---- the logic ----

_simple: Final = st.one_of(
    st.builds(Condition, st.just(Field.NAME), st.just(Operator.MATCH), st.sampled_from(["churn", "c*", "x"])),
    st.builds(Condition, st.just(Field.TYPE), st.sampled_from([Operator.MATCH, Operator.EQUAL, Operator.DIFFERENT]), st.sampled_from(["model", "m*"])),
    st.builds(Condition, st.just(Field.LABEL), st.just(Operator.MATCH), st.sampled_from(["pii", "*"])),
    st.builds(Condition, st.just(Field.LICENSE), st.just(Operator.EQUAL), st.sampled_from(["MIT", "GPL-3.0"])),
    st.builds(Condition, st.just(Field.SIZE), st.sampled_from(Operator), st.sampled_from(["0", "1kB"])),
    st.builds(Condition, st.just(Field.METRIC), st.sampled_from(Operator), st.sampled_from(["0.5", "1"]), st.sampled_from(["auc", "loss"])),
)  # fmt: skip


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    """Make versions of which something may be missing or unreadable."""
    entry = None
    if draw(st.booleans()):
        entry = make_entry(
            type=draw(st.sampled_from([None, "model", "mx"])),
            labels=draw(st.sampled_from([(), ("pii",), ("a", "b")])),
            license=draw(st.sampled_from([None, "MIT", "GPL-3.0"])),
        )
    pointer = draw(
        st.sampled_from(
            [None, Pointer(kind=PointerKind.GIT, path="x"), *(Pointer(kind=PointerKind.GIT, path="x", size=n) for n in (0, 1000))]
        )
    )
    metrics = draw(st.dictionaries(st.sampled_from(["auc", "loss"]), st.sampled_from([0.5, 1, 2.0, "high", None, float("nan")])))
    problems = draw(st.sampled_from([(), (BROKEN,)]))
    return make_candidate(
        artifact=draw(st.sampled_from(["churn", "fraud"])),
        entry=entry,
        pointer=pointer,
        unread="broken" if entry is None and problems else "",
        facts=make_facts(entry=entry, metrics={"m.json": metrics}, problems=problems),
    )


_OPERATORS: Final[dict[str, Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, ":": operator.eq, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


def naive_text(condition: Condition, values: list[str]) -> bool:
    """Find a text, with a regular expression where a star may stand."""
    if condition.operator in {Operator.EQUAL, Operator.DIFFERENT}:
        return (condition.value in values) is (condition.operator is Operator.EQUAL)
    return any(re.fullmatch(condition.value.replace("*", ".*"), value, re.IGNORECASE) for value in values)


def naive_condition(condition: Condition, found: Candidate) -> bool | None:
    """Answer one condition; None: nobody can know."""
    assert found.facts is not None
    match condition.field:
        case Field.NAME:
            return naive_text(condition, [found.artifact])
        case Field.TYPE | Field.LABEL | Field.LICENSE:
            entry = found.entry
            values = (
                [] if entry is None else [text for text in (*entry.labels,) if text] if condition.field is Field.LABEL else []
            )
            if entry is not None and condition.field is not Field.LABEL:
                values = [text for text in (entry.type if condition.field is Field.TYPE else entry.license,) if text]
            if not values and (found.unread or condition.field is Field.LICENSE):
                return None
            return naive_text(condition, values)
        case Field.SIZE:
            if found.pointer is None:
                return None if found.unread else condition.operator is Operator.DIFFERENT
            size = found.pointer.size
            return None if size is None else _OPERATORS[condition.operator](size, {"0": 0, "1kB": 1000}[condition.value])
        case _:
            table = found.facts.metrics["m.json"]
            if condition.name not in table:
                in_doubt = found.facts.problems and found.entry is None
                return None if in_doubt else condition.operator is Operator.DIFFERENT
            value = table[condition.name]
            is_number = isinstance(value, int | float) and value == value  # noqa: PLR0124  no NaN
            if not is_number and condition.operator in {Operator.MATCH, Operator.EQUAL, Operator.DIFFERENT}:
                return condition.operator is Operator.DIFFERENT
            return _OPERATORS[condition.operator](value, float(condition.value)) if is_number else None


def naive(query: Query, found: Candidate) -> bool | None:
    """Answer a query by Kleene's tables."""
    if isinstance(query, Condition):
        return naive_condition(query, found)
    if isinstance(query, Not):
        answer = naive(query.part, found)
        return None if answer is None else not answer
    answers = [naive(part, found) for part in query.parts]
    decisive = isinstance(query, AnyOf)
    return decisive if decisive in answers else None if None in answers else not decisive


_NAMES: Final = {True: Truth.YES, False: Truth.NO, None: Truth.UNKNOWN}


@given(query=queries(_simple), found=candidates())
def test_every_answer_is_that_of_a_naive_evaluator(query: Query, found: Candidate) -> None:
    answer = matches(query, found)
    assert answer.truth is _NAMES[naive(query, found)]
    assert bool(answer.reasons) is (answer.truth is Truth.UNKNOWN)


@given(parts=st.lists(queries(_simple), min_size=2, max_size=3), found=candidates())
def test_not_all_is_any_not_and_not_any_is_all_not(parts: list[Query], found: Candidate) -> None:
    turned = tuple(map(Not, parts))
    for one, other in ((Not(AllOf(tuple(parts))), AnyOf(turned)), (Not(AnyOf(tuple(parts))), AllOf(turned))):
        assert matches(one, found).truth is matches(other, found).truth


@given(query=queries(_simple), found=candidates())
def test_not_not_is_nothing(query: Query, found: Candidate) -> None:
    assert matches(Not(Not(query)), found) == matches(query, found)


@given(query=queries(_simple), found=candidates(), depth=st.sampled_from(Depth))
def test_reading_more_never_turns_a_yes_or_a_no(query: Query, found: Candidate, depth: Depth) -> None:
    early = matches(query, found._replace(depth=depth)).truth
    assert early in {Truth.UNKNOWN, matches(query, found).truth}


# ---- packages ----

_POOL: Final = [
    "1.0", "1.9.post1", "2.0.dev1", "2.0a1", "2.0rc1", "2.0", "2.0.post1", "2.0.1", "2.1.dev0", "2.1rc1", "2.1", "2.1.post2", "2.1.1", "2.11", "3.0", "1!1.0",
]  # fmt: skip
_specifiers: Final = st.lists(
    st.builds("{}{}".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "~=", "==="]), st.sampled_from([*_POOL, "2.*", "2.1.*"])), min_size=1, max_size=2
).map(",".join)  # fmt: skip


@given(asked=_specifiers, allowed=_specifiers)
def test_a_range_says_yes_or_no_only_where_every_version_in_it_says_so(asked: str, allowed: str) -> None:
    try:
        wanted, given_ = SpecifierSet(asked), SpecifierSet(allowed)
    except InvalidSpecifier:
        return
    answer = compare_versions(Requirement("x", asked), Package(name="x", version=None, specifier=allowed))
    possible = [version for version in _POOL if given_.contains(version, prereleases=True)]
    assert answer is None or all(wanted.contains(version, prereleases=True) is answer for version in possible)


@given(version=st.sampled_from(_POOL), asked=_specifiers)
def test_an_exact_version_answers_as_pip_would(version: str, asked: str) -> None:
    try:
        wanted = SpecifierSet(asked)
    except InvalidSpecifier:
        return
    assert compare_versions(Requirement("x", asked), Package(name="x", version=version)) is wanted.contains(
        version, prereleases=True
    )
