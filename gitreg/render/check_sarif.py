"""Problems in SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as GitHub's code scanning takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from gitreg.core.problems import CATALOGUE, Problem, Severity, severity_of
from gitreg.render.check_places import choose_file, name_problems
from gitreg.render.json_values import Shape
from gitreg.render.text import escape
from gitreg.version import HOME, __version__

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}
_SUBJECTS: Final = {"1": "files", "2": "tags", "3": "state", "4": "facts", "5": "clone"}
_CODES: Final = tuple(CATALOGUE)


def shape_sarif(problems: Sequence[Problem]) -> Shape:
    """Shape problems as the log of one run; its rules are the whole catalogue, so that an index always means the same."""
    names = name_problems(problems)
    driver = {
        "name": "gitreg",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_shape_rule(code) for code in _CODES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_shape_result(problem, name) for problem, name in zip(problems, names, strict=True)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _shape_rule(code: str) -> Shape:
    """Shape a kind of problem."""
    severity, title = CATALOGUE[code]
    sentence = f"{title[0].upper()}{title[1:]}."
    return {
        "id": code,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": sentence},
        "help": {"text": f"{sentence} The message of each result says where, and what helps."},
        "helpUri": HOME,
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": ["registry", _SUBJECTS[code[2]]]},
    }


def _shape_result(problem: Problem, name: str) -> Shape:
    """Shape one problem.

    GitHub takes two results of one rule that stand on one line for one, unless their fingerprints tell them apart.
    """
    hint = f" (hint: {problem.hint})" if problem.hint else ""
    return {
        "ruleId": problem.code,
        "ruleIndex": _CODES.index(problem.code),
        "level": _LEVELS[severity_of(problem)],
        "message": {"text": _without_links(escape(f"{problem.message}{hint}"))},
        "locations": [_shape_location(problem)],
        "partialFingerprints": {"primaryLocationLineHash": f"{name}:1"},
    }


def _shape_location(problem: Problem) -> Shape:
    """Shape a place; without a file GitHub takes no result, so what is said of a tag has both."""
    region = {"startLine": problem.line or 1, **({"startColumn": problem.column} if problem.line and problem.column else {})}
    uri = quote(choose_file(problem).encode("utf-8", "surrogateescape"))
    location: Shape = {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": region}}
    if problem.tag is not None:
        name = {"name": escape(problem.tag), "fullyQualifiedName": escape(f"refs/tags/{problem.tag}"), "kind": "tag"}
        location["logicalLocations"] = [name]
    return location


def _without_links(text: str) -> str:
    """Keep a text from holding a link, which in a message of SARIF is written as in Markdown."""
    return text.replace("](", "] (")
