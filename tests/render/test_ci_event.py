from __future__ import annotations

import json
import re

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitreg.core.ci_event import JobEvent
from gitreg.core.events import Event
from gitreg.core.state import Assignment
from gitreg.render import schemas
from gitreg.render.ci_event import (
    MOST_DOTENV_BYTES,
    describe_unfit,
    format_dotenv,
    format_job_json,
    format_outputs,
    format_summary,
    list_outputs,
    render_job_event,
    shape_job_event,
)
from gitreg.render.job_log import disarm
from gitreg.render.json import format_json
from tests.ci.runner import read_outputs
from tests.support.environment import START
from tests.support.events import A, make_event

DELIMITER = "gitreg-0123456789abcdef"
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)
TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(["\n", "\r", "::error::", "##[error]", "=", "<<", "EOF", "|", "`", " ", "$(x)", "\x1b", "A" * 3000])
    ).map("".join),
)


def make_found(text: str) -> JobEvent:
    event: Event = make_event("churn#prod#3")._replace(version="v1.0.0", message=text, author=text, author_email=text)
    holder = Assignment("churn", "prod", None, A, "churn#prod#3", START, text, text, text)
    return JobEvent(
        tag="churn#prod#3", event=event, type=text, path=text, description=text, slug="churn", current=True, holder=holder
    )


def test_an_address_keeps_its_secrets_for_scripts_and_shows_people_none() -> None:
    found = make_found("https://example.com/x?token=sekret")
    assert list_outputs(found)["path"] == "https://example.com/x?token=sekret"
    (shown,) = (value for name, value in render_job_event(found).pairs if name == "path")
    assert shown == "https://example.com/x?token=***"
    assert "| path | `https://example.com/x?token=***` |" in format_summary(found)


@given(TEXTS)
def test_outputs_are_read_as_they_were_meant(text: str) -> None:
    outputs = list_outputs(make_found(text))
    assert read_outputs(format_outputs(outputs, DELIMITER)) == outputs
    assert outputs["holder"] == A


@given(TEXTS)
def test_variables_are_one_word_each_and_never_too_many(text: str) -> None:
    written, left = format_dotenv(make_found(text))
    assert len(written.encode()) <= MOST_DOTENV_BYTES
    lines = written.removesuffix("\n").split("\n")
    assert len(lines) <= 20
    assert all(re.fullmatch(r"GITREG_EVENT[A-Z_]*=[A-Za-z0-9_./:@#+=!-]*", line) for line in lines)
    assert ("GITREG_EVENT_TYPE=" in lines) == (not text or "type" in left)


@settings(max_examples=25)
@given(TEXTS)
def test_json_is_one_line_that_follows_its_schema_and_fits_into_a_variable(text: str) -> None:
    found = make_found(text[:4096])
    written = format_job_json(found)
    assert "\n" not in written
    assert written.isascii()
    assert len(written) < 131_072
    assert json.loads(written) == json.loads(format_json(shape_job_event(found)))
    jsonschema.validate(json.loads(written), schemas.load("ci-event"))


@given(TEXTS)
def test_nothing_that_is_printed_is_a_command_to_the_host(text: str) -> None:
    found = make_found(text)
    printed = [disarm(value) for _, value in render_job_event(found).pairs]
    for one in (*printed, disarm(text), format_json(shape_job_event(found)), format_job_json(found)):
        assert not COMMAND.search(one)


@given(TEXTS)
def test_the_summary_is_a_table_whatever_stands_in_it(text: str) -> None:
    assert re.fullmatch(r"(?:\|[^\n|]*\|[^\n|]*\|\n)+\n", format_summary(make_found(text)))


def test_without_an_event_all_is_empty() -> None:
    found = JobEvent(tag="nightly")
    outputs = list_outputs(found)
    assert outputs.pop("is-registry-event") == "false"
    assert set(outputs.values()) == {""}
    assert format_summary(found) == ""
    assert "GITREG_EVENT_TAG=\n" in format_dotenv(found)[0]
    assert shape_job_event(found)["tag"] == "nightly"


def test_nobody_needs_to_hear_that_a_file_of_variables_has_no_free_text() -> None:
    assert describe_unfit(make_found("Is this fraud?"), ("description", "type")) == ()


def test_what_is_cut_or_left_out_is_said() -> None:
    found = make_found("a b" * 1000)
    assert len(list_outputs(found)["description"]) == 2000
    assert describe_unfit(found, ("description", "path")) == (
        "only the first 2000 characters of the description are handed on",
        "only the first 2000 characters of the message are handed on",
        "left out of the file of variables, which cannot hold it: path; --json has it",
    )
    assert describe_unfit(make_found("x")) == ()


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("::error::x", "\\x3a:error::x"),
        ("  ::error::x", "  \\x3a:error::x"),
        ("a::b", "a::b"),
        ("x\n\t::debug::x", "x\n\t\\x3a:debug::x"),
        ("a ##[error]b", "a \\x23#[error]b"),
        ("## heading", "## heading"),
        ("###[x]", "#\\x23#[x]"),
    ],
)
def test_a_command_is_shown_as_what_it_is(text: str, inert: str) -> None:
    assert disarm(text) == inert
