from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.core.announcements import Announcement, Channel, Delivery, Letter, Move, Notified
from gitreg.core.candidates import Candidate
from gitreg.core.findings import Finding, Findings
from gitreg.core.hooks import Act, HookChange, Hooked
from gitreg.core.reconciliation import Action, Change, Place, Reconciliation
from gitreg.core.tags import parse_tag
from gitreg.core.views import Edited, Report, Resolution, StageView, Written
from gitreg.render import json as documents
from gitreg.render import schemas
from gitreg.render.findings import shape_findings
from gitreg.render.hooks import shape_hooked
from gitreg.render.notified import shape_notified
from gitreg.render.reconciliation import shape_reconciliation
from tests.render.values import ARTIFACT, BARE_COMMIT, DETAIL, OVERVIEW, PROBLEMS, VERSION_DETAIL
from tests.support.events import A, make_event

TAG = parse_tag("churn#prod#3")
assert TAG is not None
EVENT = make_event("churn#prod#3")
PLACE = Place("churn", "prod")
SHAPES = {
    "show": documents.shape_view(OVERVIEW),
    "show-artifact": documents.shape_view(DETAIL),
    "show-version": documents.shape_view(VERSION_DETAIL),
    "history": documents.shape_history([EVENT]),
    "resolve": documents.shape_resolution(Resolution(artifact="churn", version=None, stage="prod", commit=A, tag="churn#prod#1")),
    "stages": documents.shape_stages([StageView("prod", ARTIFACT.stages["prod"]), StageView("dev", ())]),
    "check-ref": documents.shape_check_ref(EVENT),
    "parse-tag": documents.shape_tag_name(TAG),
    "check": documents.shape_report(Report(PROBLEMS, ("4 registry tags",))),
    "search": shape_findings(
        Findings(query="x", matches=(Finding(candidate=Candidate(artifact="churn", version=None, commit=A)),))
    ),
    "reconcile": shape_reconciliation(
        Reconciliation(
            changes=(
                Change(place=PLACE, action=Action.DEPLOY, deployed=None, wanted="v1.1.0", commit=A, event=EVENT),
                Change(place=PLACE, action=Action.UNKNOWN, deployed="v9.0.0", wanted=None),
            ),
            compared=2,
            at=0,
        )
    ),
    "notify": shape_notified(
        Notified(
            announcement=Announcement(event=EVENT, moves=(Move("prod", None, "v1.1.0"),)),
            deliveries=(Delivery(letter=Letter(Channel.SLACK, "{}", "application/json")),),
            dry_run=True,
        )
    ),
    "write": documents.shape_written(Written(created=(EVENT,), pushed=True)),
    "hooks": shape_hooked(
        Hooked(changes=(HookChange(Act.KEEP, "a", "b"), HookChange(Act.REMOVE, "c")), installed=True, notes=("x",))
    ),
}


def published(shape: dict[str, Any]) -> Any:
    return json.loads(documents.format_json(shape))


@pytest.mark.parametrize("name", SHAPES)
def test_every_document_follows_its_schema(name: str) -> None:
    schema = schemas.load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(published(SHAPES[name]))


OPTIONAL = {"added", "hooks", "problems"}  # only `add`, `init --hooks` and what registers have them


@pytest.mark.parametrize("name", SHAPES)
def test_a_schema_requires_every_key_that_it_describes(name: str) -> None:
    def check(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict):
                assert sorted(node["properties"].keys() - (OPTIONAL - set(node["required"]))) == node["required"]
                assert node["additionalProperties"] is True
            for value in node.values():
                check(value)

    check(schemas.load(name))


@pytest.mark.parametrize("name", SHAPES)
def test_a_schema_describes_every_key_that_is_there(name: str) -> None:
    schema = schemas.load(name)
    assert sorted(published(SHAPES[name])) == schema["required"]


def test_schemas_agree_on_what_they_share() -> None:
    shared: dict[str, Any] = {}
    for name in SHAPES:
        for key, definition in schemas.load(name).get("$defs", {}).items():
            assert shared.setdefault(key, definition) == definition


def test_a_bare_commit_and_a_change_of_a_file_follow_their_schemas_too() -> None:
    edited = Edited(file="artifacts.yaml", diff="", commit=A)
    jsonschema.validate(published(documents.shape_view(BARE_COMMIT)), schemas.load("show-version"))
    jsonschema.validate(published(documents.shape_edited(edited)), schemas.load("write"))


def test_what_registers_has_the_problems_of_a_version_and_nothing_else_has() -> None:
    registered = published(documents.shape_written(Written(created=(EVENT,), problems=PROBLEMS)))
    jsonschema.validate(registered, schemas.load("write"))
    assert registered["problems"] == published(SHAPES["check"])["problems"]
    assert "problems" not in published(SHAPES["write"])


def test_keys_are_sorted_and_everything_is_ascii() -> None:
    text = documents.format_json({"b": "北京\u202e\x1b", "a": None})
    assert text == snapshot("""\
{
  "a": null,
  "b": "\\u5317\\u4eac\\u202e\\u001b",
  "schema_version": 1
}
""")


def test_what_yaml_can_say_and_json_cannot_is_text() -> None:
    assert published(SHAPES["show-artifact"])["artifact"]["custom"] == {"threshold": 0.7, "3": "inf"}


def test_the_registry_has_these_keys() -> None:
    assert published(SHAPES["show"]) == snapshot(
        {
            "artifacts": [
                {
                    "annotated": True,
                    "deprecated": False,
                    "description": """\
Predicts which customers leave.
Second line.\
""",
                    "labels": ["tabular", "weekly"],
                    "latest": "v1.1.0",
                    "metrics": {},
                    "name": "churn",
                    "stages": {
                        "dev": {
                            "assigned_at": "2026-01-01T01:00:00Z",
                            "author": "Ann Example",
                            "author_email": "ann@example.com",
                            "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                            "tag": "churn#dev#1",
                            "version": None,
                        },
                        "prod": {
                            "assigned_at": "2026-01-01T01:00:00Z",
                            "author": "Ann Example",
                            "author_email": "ann@example.com",
                            "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                            "tag": "churn#prod#1",
                            "version": "v1.1.0",
                        },
                    },
                    "type": "model",
                    "updated_at": "2026-01-01T01:00:00Z",
                    "versions": 1,
                },
                {
                    "annotated": False,
                    "deprecated": True,
                    "description": None,
                    "labels": [],
                    "latest": None,
                    "metrics": {},
                    "name": "models/nlp:sent",
                    "stages": {},
                    "type": None,
                    "updated_at": None,
                    "versions": 0,
                },
            ],
            "problems": 4,
            "schema_version": 1,
        }
    )


def test_a_version_has_these_keys() -> None:
    assert published(SHAPES["show-version"]) == snapshot(
        {
            "problems": 0,
            "schema_version": 1,
            "version": {
                "active": True,
                "artifact": "churn",
                "assignment": {
                    "assigned_at": "2026-01-01T01:00:00Z",
                    "author": "Ann Example",
                    "author_email": "ann@example.com",
                    "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                    "tag": "churn#prod#1",
                    "version": "v1.1.0",
                },
                "author": "Ann Example",
                "author_email": "ann@example.com",
                "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "entry": {
                    "base": None,
                    "custom": {"3": "inf", "threshold": 0.7},
                    "description": """\
Predicts which customers leave.
Second line.\
""",
                    "file": "artifacts.yaml",
                    "framework": None,
                    "goals": {"auc": "higher"},
                    "homepage": None,
                    "labels": ["tabular", "weekly"],
                    "license": "Apache-2.0",
                    "line": 3,
                    "metrics": [{"keys": ["auc"], "path": "metrics.json"}],
                    "owner": "team-growth",
                    "params": [],
                    "path": "models/churn.pkl",
                    "schema": {},
                    "task": None,
                    "type": "model",
                    "virtual": None,
                },
                "message": """\
Registering artifact churn version v1.1.0

With a body\
""",
                "metrics": None,
                "params": None,
                "pointer": {
                    "files": 2,
                    "hash": "md5:0123",
                    "inside": None,
                    "kind": "dvc",
                    "path": "models/churn.pkl",
                    "remote": "s3",
                    "size": 1,
                    "source": None,
                    "stage": None,
                },
                "registered_at": "2026-01-01T00:00:00Z",
                "stages": ["prod"],
                "tag": "churn@v1.1.0",
                "version": "v1.1.0",
            },
        }
    )


def test_a_problem_has_these_keys() -> None:
    assert published(SHAPES["check"])["problems"][0] == snapshot(
        {
            "artifact": None,
            "code": "GR201",
            "column": None,
            "commit": None,
            "file": None,
            "hint": "fetch it again",
            "line": None,
            "message": "tag 'x@v1.0.0' is lightweight",
            "severity": "error",
            "tag": "x@v1.0.0",
        }
    )
