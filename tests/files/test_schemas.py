from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from gitreg.files.artifacts import read_artifacts
from gitreg.files.edit import HEADER, SCHEMA_URL, set_entry
from gitreg.files.fields import FIELDS
from gitreg.files.nodes import to_value
from gitreg.files.settings import VARIABLES, check_settings
from gitreg.files.yaml import parse_yaml
from tests.files.strategies import FIELDS as FIELD_VALUES

ROOT = Path(__file__).parents[2]


def load(name: str) -> Any:
    return json.loads((ROOT / "gitreg" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def schema(name: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(load(name))
    return Draft202012Validator(load(name))


def values(data: bytes) -> Any:
    document = parse_yaml(data, "artifacts.yaml")
    assert document.problems == ()
    assert document.root is not None
    return to_value(document.root)


def test_the_schema_describes_every_field_and_no_other() -> None:
    fields = load("artifacts")["$defs"]["entry"]["properties"]
    assert tuple(fields) == FIELDS
    assert all(field["description"] for field in fields.values())
    assert load("artifacts")["$id"] == SCHEMA_URL


def test_the_schema_of_the_settings_describes_every_key_and_no_other() -> None:
    keys = load("settings")["properties"]
    assert set(keys) == set(VARIABLES.values())
    assert all(key["description"] for key in keys.values())


def test_the_example_shows_every_field_reads_without_problems_and_fits_the_schema() -> None:
    data = (ROOT / "artifacts.yaml.example").read_bytes()
    assert data.decode().startswith(HEADER)
    entries, problems = read_artifacts(data, "artifacts.yaml")
    assert problems == []
    assert {"churn", "churn-data"} <= set(entries)
    assert set(values(data)["churn"]) == set(FIELDS)
    schema("artifacts").validate(values(data))


@given(FIELD_VALUES)
def test_what_gitreg_writes_fits_the_schema(fields: dict[str, Any]) -> None:
    assert list(schema("artifacts").iter_errors(values(set_entry(None, "churn", fields)))) == []


@pytest.mark.parametrize(
    "text",
    [
        *[
            "a: 3",
            "a: {path: 3}",
            "a: {labels: x}",
            "a: {labels: [1]}",
            "a: {virtual: 'yes'}",
            "a: {goals: {auc: up}}",
            "'a b': {}",
        ],
        *[
            "a: {metrics: [3]}",
            "a: {metrics: [{keys: [x]}]}",
            "a: {schema: {in: []}}",
            "a: {schema: {inputs: [{name: x}]}}",
            "a: {description: }",
        ],
    ],
)
def test_the_schema_refuses_what_the_reader_reports(text: str) -> None:
    assert read_artifacts(text.encode(), "artifacts.yaml")[1]
    assert list(schema("artifacts").iter_errors(values(text.encode())))


@pytest.mark.parametrize("text", ["", "stages: [dev]\ntypes: [model]\nremote: origin\npush: false", "push: ~"])
def test_settings_that_are_read_fit_their_schema(text: str) -> None:
    assert check_settings(text.encode(), None, {}) == []
    schema("settings").validate(values(text.encode()))


@pytest.mark.parametrize("text", ["stage: [a]", "stages: [a/b]", "stages: [a, a]", "types: x", "remote: -x", "push: 'true'"])
def test_the_schema_refuses_settings_that_the_reader_refuses(text: str) -> None:
    assert check_settings(text.encode(), None, {})
    assert list(schema("settings").iter_errors(values(text.encode())))
