from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from gitreg.render.schemas import load
from tests.support.command import GitregCommand
from tests.support.repository import Repository

READS = {
    ("show",): "show",
    ("show", "--all", "--at", "2026-01-01T00:02:00Z"): "show",
    ("show", "churn"): "show-artifact",
    ("show", "models/nlp:sentiment"): "show-artifact",
    ("show", "churn@v1.0.0"): "show-version",
    ("show", "churn#prod"): "show-version",
    ("show", "churn#bare"): "show-version",
    ("history",): "history",
    ("resolve", "churn#prod", "--path"): "resolve",
    ("resolve", "churn#bare"): "resolve",
    ("stages",): "stages",
    ("check-ref", "churn#prod#1"): "check-ref",
    ("parse-tag", "churn@v1.0.0"): "parse-tag",
    ("check",): "check",
    ("doctor",): "check",
}
WRITES = (
    ("register", "churn", "--same-commit"),
    ("assign", "churn@v1.0.0", "dev"),
    ("unassign", "churn", "prod"),
    ("rollback", "churn", "prod"),
    ("deregister", "churn@v1.0.0"),
    ("deprecate", "churn"),
    ("push",),
    ("init",),
    ("annotate", "churn", "--owner", "me"),
    ("remove", "churn"),
)


def read_json(gitreg: GitregCommand, *args: str) -> Any:
    result = gitreg(*args, "--json")
    assert result.stdout.isascii()
    return json.loads(result.stdout)


@pytest.mark.parametrize("command", READS, ids=" ".join)
def test_what_a_command_prints_follows_its_schema(command: tuple[str, ...], story: Repository, gitreg: GitregCommand) -> None:
    story.git("commit", "--allow-empty", "--quiet", "-m", "No version")
    story.assign("churn", "bare")
    document = read_json(gitreg, *command)
    jsonschema.Draft202012Validator(load(READS[command])).validate(document)


@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_what_a_writer_prints_follows_the_schema_of_writes(
    command: tuple[str, ...], remote: Repository, story: Repository, gitreg: GitregCommand
) -> None:
    validator = jsonschema.Draft202012Validator(load("write"))
    rehearsed = read_json(gitreg, *command, "--dry-run")
    done = read_json(gitreg, *command)
    validator.validate(rehearsed)
    validator.validate(done)
    assert (rehearsed["dry_run"], done["dry_run"]) == (True, False)
    assert [event["tag"] for event in rehearsed["created"]] == [event["tag"] for event in done["created"]]


def test_the_events_that_were_written_are_those_of_history(story: Repository, gitreg: GitregCommand) -> None:
    created = read_json(gitreg, "rollback", "churn", "prod")["created"]
    assert created == [read_json(gitreg, "history", "--limit", "1")["events"][0]]


def test_an_error_stays_text_on_standard_error(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("show", "nothing", "--json")
    assert (result.stdout, result.code) == ("", 3)
    assert result.stderr.startswith("error: ")
