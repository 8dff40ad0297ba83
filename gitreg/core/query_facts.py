"""Answering conditions about facts: metrics, parameters, packages and data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

from gitreg.core.candidates import NO, YES, Answer, Candidate, any_of, find_reason, unknown
from gitreg.core.equality import are_same
from gitreg.core.facts import Facts, Package, find_by_file, tells_environment
from gitreg.core.pipelines import Material, Value, write_value
from gitreg.core.query import NAMED, Condition, Field, Operator
from gitreg.core.query_format import format_field
from gitreg.core.query_packages import Requirement, compare_versions, names, parse_requirement
from gitreg.core.query_values import compare, has_prefix, is_hash, match_text, parse_number
from gitreg.core.words import format_count

_EMPTY: Final = Facts(artifact="", commit="")


def find_packages(requirement: Requirement, candidate: Candidate) -> tuple[Package, ...]:
    """List the packages of a candidate that a query asks for, whatever their versions."""
    return tuple(package for package in _facts(candidate).packages if names(requirement, package))


def find_values(field: Field, name: str, candidate: Candidate) -> tuple[Value, ...]:
    """List the values of a metric or parameter: of several only where files differ. None is a value that a file can have."""
    found: list[Value] = []
    for value in _find_by_file(field, name, candidate).values():
        if not any(are_same(value, other) for other in found):
            found.append(value)
    return tuple(found)


def _find_by_file(field: Field, name: str, candidate: Candidate) -> dict[str, Value]:
    """Find the values of a metric or parameter, by file."""
    facts = _facts(candidate)
    return find_by_file(facts.metrics if field is Field.METRIC else facts.params, name)


def find_data(text: str, candidate: Candidate) -> tuple[Material, ...]:
    """List the data of a candidate that a query asks for."""
    return tuple(material for material in _facts(candidate).data if _match_material(text, material) is YES)


def has_fact(field: Field, name: str, candidate: Candidate) -> Answer:
    """Say whether a candidate has a metric or a parameter (of that name), packages or data."""
    facts = _facts(candidate)
    if name:
        found: Iterable[object] = find_values(field, name, candidate)
    elif field in NAMED:
        found = [values for values in (facts.metrics if field is Field.METRIC else facts.params).values() if values]
    else:
        found = facts.packages if field is Field.PACKAGE else facts.data
    return YES if any(True for _ in found) else _silent(candidate)


def _facts(candidate: Candidate) -> Facts:
    """Say what is known of a candidate."""
    return candidate.facts or _EMPTY


def _reason(candidate: Candidate) -> str:
    """Say why a fact may be there that was not found; empty: it is not."""
    facts = _facts(candidate)
    return find_reason(facts.problems, candidate.artifact, facts.entry)


def _silent(candidate: Candidate, reason: str = "") -> Answer:
    """Answer where no file says anything."""
    found = _reason(candidate) or reason
    return unknown(found) if found else NO


def _answer_value(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about a metric or a parameter; one that is not there is neither less nor greater than anything.

    A name stands for the values in all files: where it is so of some of them and not of others, nobody knows which is meant.
    """
    found = find_values(condition.field, condition.name, candidate)
    if not found:
        return _silent(candidate)
    first, *others = (compare_value(condition, value) for value in found)
    if all(first.truth is other.truth for other in others):
        return first
    files = list(_find_by_file(condition.field, condition.name, candidate))
    one = format_field(condition.field, f"{files[0]}:{condition.name}")
    return unknown(f"{condition.field} {condition.name} is in {len(files)} files; to ask for one of them: {one}")


def compare_value(condition: Condition, value: Value) -> Answer:
    """Compare a metric, a parameter or a value of free metadata with what the query says."""
    wanted = parse_number(condition.value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if condition.operator in {Operator.MATCH, Operator.EQUAL}:
        if is_number and wanted is not None:
            return YES if value == wanted else NO
        text = write_value(value)
        is_exact = condition.operator is Operator.EQUAL
        return YES if (text == condition.value if is_exact else match_text(condition.value, text)) else NO
    if not is_number or (isinstance(value, float) and math.isnan(value)):
        return unknown(f"{condition.field} {condition.name} is {write_value(value)[:40]!r}, which is no number")
    return YES if compare(condition.operator, value, wanted) else NO


def _answer_package(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about a package; where no file says what there was, nobody can know."""
    requirement = parse_requirement(condition.value)
    facts = _facts(candidate)
    if not facts.packages or requirement is None:
        return _silent(candidate, "no file says which packages it was made with")
    found = [package for package in facts.packages if names(requirement, package)]
    if not found:
        return _silent(candidate, _explain_absence(requirement, facts))
    answer = any_of(_compare_package(requirement, package) for package in found)
    return _silent(candidate) if answer.truth is NO.truth else answer


def _explain_absence(requirement: Requirement, facts: Facts) -> str:
    """Say why a package that is not listed may have been there nonetheless; empty: it was not."""
    if not tells_environment(facts.packages):
        return f"{facts.packages[0].file} does not say which packages it was made with, but for those of development or extras"
    named = next((package for package in facts.optional if names(requirement, package)), None)
    return "" if named is None else f"{named.file}: {named.name} is optional, so nobody knows whether it was there"


def _compare_package(requirement: Requirement, package: Package) -> Answer:
    """Compare a package with what the query says."""
    found = compare_versions(requirement, package)
    if found is not None:
        return YES if found else NO
    if package.version is not None:
        return unknown(f"{package.file}: {package.version!r} of {package.name} is no version of PEP 440")
    return unknown(f"{package.file}: {package.name}{package.specifier} names no exact version")


def _answer_data(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about the data; where no pipeline says what there was, nobody can know."""
    facts = _facts(candidate)
    if not facts.data:
        return _silent(candidate, "no pipeline says which data it was made from")
    answer = any_of(_match_material(condition.value, material) for material in facts.data)
    return _silent(candidate) if answer.truth is NO.truth else answer


def _match_material(text: str, material: Material) -> Answer:
    """Hold one material against a path, a hash, or ``PATH@HASH``."""
    path, at, prefix = text.rpartition("@")
    if at and path and is_hash(prefix):
        return _match_hash(prefix, material) if match_text(path, material.path) else _match_folder(path, material)
    if match_text(text, material.path):
        return YES
    by_hash = _match_hash(text, material) if is_hash(text) else NO
    return by_hash if by_hash is not NO else _match_folder(text, material)


def _match_hash(prefix: str, material: Material) -> Answer:
    """Hold the hash of a material against the beginning of one."""
    if material.hash is None:
        return unknown(f"nothing says which hash {material.path} had")
    return YES if has_prefix(material.hash, prefix) else NO


def _match_folder(path: str, material: Material) -> Answer:
    """Say what is known of a file inside a folder that is kept as a whole."""
    if "*" not in path and path.startswith(f"{material.path.rstrip('/')}/"):
        inside = f" with {format_count(material.files, 'file')}" if material.files else ""
        return unknown(f"{material.path} is kept as one folder{inside}")
    return NO


FACTS: Final[dict[Field, Callable[[Condition, Candidate], Answer]]] = {
    Field.METRIC: _answer_value,
    Field.PARAM: _answer_value,
    Field.PACKAGE: _answer_package,
    Field.DATA: _answer_data,
}
"""How conditions about facts are answered."""
