from __future__ import annotations

import os
import subprocess

from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.names import (
    check_artifact_name,
    check_stage_name,
    from_tag_name,
    is_artifact,
    is_name,
    is_ref_path,
    join_artifact,
    split_artifact,
    to_tag_name,
)
from gitreg.core.selectors import Selector, format_selector, parse_selector
from gitreg.core.tags import TagName, format_tag, parse_tag
from tests.property.faults import fault_of
from tests.property.strategies import artifacts, plain_names, ref_paths, tag_names, versions

selectors = st.one_of(
    st.builds(Selector, artifacts),
    st.builds(Selector, artifacts, version=st.one_of(versions, st.sampled_from(["latest", "stable"]))),
    st.builds(Selector, artifacts, stage=plain_names),
)
texts = st.one_of(st.text(), ref_paths, st.text("aB0_-/.:=@#! \n", max_size=12))


def git_takes(name: str) -> bool:
    """Ask git itself; it takes one name in each process."""
    command = ["git", "check-ref-format", f"refs/tags/{name}"]
    return subprocess.run(command, env={"PATH": os.environ["PATH"]}, check=False).returncode == 0


@given(tag=tag_names)
def test_reading_a_tag_inverts_writing_it(tag: TagName) -> None:
    assert parse_tag(format_tag(tag)) == tag


@given(text=st.one_of(texts, tag_names.map(format_tag)))
def test_writing_a_tag_inverts_reading_it_but_for_leading_zeros(text: str) -> None:
    tag = parse_tag(text)
    if tag is not None and (tag.counter is None or text.endswith(f"#{tag.counter}")):
        head, _, counter = text.rpartition("#")
        written = format_tag(tag)
        assert written == text or (tag.counter is not None and written == f"{head}#{int(counter)}")


@given(text=ref_paths)
def test_a_ref_path_is_what_git_takes_behind_refs_tags(text: str) -> None:
    assert is_ref_path(text) == git_takes(text)


@given(head=ref_paths, tail=st.sampled_from(["m@v1.0.0", "=m@v1.0.0", "=m#prod!#1", "=m#a//b", "=m@v1.0.0-a.lock"]))
def test_git_takes_every_tag_that_is_ours(head: str, tail: str) -> None:
    assert parse_tag(head + tail) is None or git_takes(head + tail)


@given(artifact=artifacts)
def test_an_artifact_survives_its_way_through_a_tag_and_through_its_parts(artifact: str) -> None:
    assert from_tag_name(to_tag_name(artifact)) == artifact
    assert join_artifact(*split_artifact(artifact)) == artifact


@given(artifact=st.one_of(texts, artifacts))
def test_what_may_be_written_may_be_read_and_the_caret_of_a_refusal_stands_in_the_text(artifact: str) -> None:
    assert fault_of(check_artifact_name, artifact) or is_artifact(artifact)


@given(stage=st.one_of(texts, plain_names))
def test_a_stage_that_may_be_written_is_a_name_without_slash(stage: str) -> None:
    assert fault_of(check_stage_name, stage) or (is_name(stage) and "/" not in stage)


@given(selector=selectors)
def test_reading_a_selector_inverts_writing_it(selector: Selector) -> None:
    assert parse_selector(format_selector(selector)) == selector


@given(text=st.one_of(texts, selectors.map(format_selector)))
def test_a_text_is_a_selector_or_has_a_caret(text: str) -> None:
    assert fault_of(parse_selector, text) or format_selector(parse_selector(text)) == text
