from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from gitreg.errors import FileFault
from gitreg.files.artifacts import read_artifacts
from gitreg.files.edit import remove_entry, set_entry
from gitreg.files.emit import format_flow
from gitreg.files.nodes import to_value
from gitreg.files.yaml import compiled_events, parse_yaml, pure_events
from tests.files.strategies import CHANGES, FIELDS, NAMES, VALUES, file_texts


def values(data: bytes) -> dict[str, Any]:
    document = parse_yaml(data, "artifacts.yaml")
    assert document.problems == ()
    assert document.root is not None
    return {str(key.value): to_value(value) for key, value in document.root.pairs}


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def given_file(text: str) -> bytes:
    assume(not parse_yaml(text.encode(), "artifacts.yaml").problems)
    return text.encode()


@given(st.dictionaries(NAMES, FIELDS, min_size=1, max_size=4))
def test_what_is_written_is_what_is_read_by_gitreg_and_by_the_yaml_of_gto(entries: dict[str, dict[str, Any]]) -> None:
    data = None
    for name, fields in entries.items():
        data = set_entry(data, name, fields)
    assert data is not None
    assert canonical(values(data)) == canonical(entries)
    assert list(values(data)) == sorted(entries)
    found, problems = read_artifacts(data, "artifacts.yaml")
    assert [problem for problem in problems if problem.code != "GR111"] == []
    assert set(found) == set(entries)
    assert canonical(YAML(typ="safe", pure=True).load(data)) == canonical(entries)
    assert canonical(YAML(typ="safe", pure=False).load(data)) == canonical(entries)


@given(file_texts(), st.sampled_from(["a", "b", "c", "churn", "zz", "0"]), CHANGES)
def test_an_edit_gives_exactly_the_entry_and_leaves_all_others(text: str, name: str, changes: dict[str, Any]) -> None:
    data = given_file(text)
    before = values(data)
    after = values(set_entry(data, name, changes))
    expected = {**(before.get(name) or {}), **changes}
    removed = {field for field, value in changes.items() if value is None}
    assert canonical(after.pop(name) or {}) == canonical(
        {field: value for field, value in expected.items() if field not in removed}
    )
    before.pop(name, None)
    assert canonical(after) == canonical(before)
    assert list(after) == list(before)


@given(file_texts(), st.sampled_from(["a", "b", "c", "churn", "zz"]), CHANGES)
def test_a_new_entry_keeps_every_line_that_stands_in_the_file(text: str, name: str, changes: dict[str, Any]) -> None:
    data = given_file(text)
    assume(name not in values(data) and text.endswith("\n"))
    after = set_entry(data, name, changes).decode()
    rest = iter(after.splitlines())
    assert all(line in rest for line in text.splitlines() if line.strip() and line != "{}")


@given(file_texts(), st.sampled_from(["a", "b", "churn", "d", "zeta"]))
def test_an_entry_that_is_removed_is_gone_and_the_others_are_what_they_were(text: str, name: str) -> None:
    data = given_file(text)
    before = values(data)
    assume(name in before)
    after = values(remove_entry(data, name))
    del before[name]
    assert canonical(after) == canonical(before)
    assert list(after) == list(before)


@given(file_texts(), st.sampled_from(["a0", "c", "zz"]), FIELDS)
def test_an_entry_that_is_added_and_removed_leaves_the_other_lines_as_they_were(
    text: str, name: str, fields: dict[str, Any]
) -> None:
    data = given_file(text)
    assume(values(data) and text.endswith("\n"))
    result = remove_entry(set_entry(data, name, fields), name)
    assert [line for line in result.splitlines() if line.strip()] == [line for line in data.splitlines() if line.strip()]


@given(file_texts(), NAMES, FIELDS)
def test_the_same_edit_twice_changes_nothing_the_second_time(text: str, name: str, fields: dict[str, Any]) -> None:
    once = set_entry(given_file(text), name, fields)
    assert set_entry(once, name, fields) == once


@given(file_texts(), FIELDS)
def test_line_ends_stay_of_one_kind(text: str, fields: dict[str, Any]) -> None:
    assume("\r\n" in text)
    result = set_entry(given_file(text), "churn", fields).decode()
    assert result.replace("\r\n", "").count("\n") == 0


@given(st.binary() | file_texts().map(str.encode), NAMES, CHANGES)
def test_a_file_is_edited_or_refused_and_nothing_else(data: bytes, name: str, changes: dict[str, Any]) -> None:
    with suppress(FileFault):
        set_entry(data, name, changes)


@given(VALUES)
def test_a_value_on_one_line_reads_back_with_both_parsers(value: object) -> None:
    data = f"a: {format_flow(value)}\n".encode()
    for events in (compiled_events, pure_events):
        document = parse_yaml(data, "artifacts.yaml", events=events)
        assert document.root is not None
        assert canonical(to_value(document.root)) == canonical({"a": value})
