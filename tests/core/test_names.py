from __future__ import annotations

import pytest

from gitreg.core.names import (
    check_artifact_name,
    check_case,
    check_stage_name,
    from_tag_name,
    is_artifact,
    is_name,
    is_ref_path,
    join_artifact,
    split_artifact,
    to_tag_name,
)
from gitreg.errors import Conflict, SyntaxFault


@pytest.mark.parametrize("text", ["m", "1", "M", "churn", "a-b_c/d", "a--b", "a//b", "nested/model", "Model-V2/x_y"])
def test_a_name_has_a_letter_or_digit_first_and_last(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "_a", "a_", "/a", "a/", "a.b", "a b", "a=b", "a:b", "mödel", "模型", "a\n", "a１"]
)
def test_a_text_outside_the_grammar_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("text", ["churn", "models/nlp:churn", "v1.2_x-y/z:churn", "-dir:m", "_d:m", "a.:m", "dir:nested/m"])
def test_an_artifact_may_have_a_folder_before_a_colon(text: str) -> None:
    assert is_artifact(text)


@pytest.mark.parametrize("text", ["", ":m", "dir:", "a:b:c", "a=b", "a b:m", "m\n", "dir:m-"])
def test_a_text_outside_the_grammar_is_no_artifact(text: str) -> None:
    assert not is_artifact(text)


@pytest.mark.parametrize("text", [".:m", "..:m", "./dir:m", "/abs:m", "a//b:m", "a//b", "a..b:m", "a/.b:m", "a.lock/b:m"])
def test_a_name_that_git_refuses_is_no_artifact(text: str) -> None:
    assert not is_artifact(text)


def test_a_folder_that_ends_in_lock_right_before_the_colon_is_read_since_git_takes_it() -> None:
    assert is_artifact("a.lock:m")


@pytest.mark.parametrize("text", ["a", "a/b", "a.b", "a.b/c", "a@v1.0.0", "a.lock=b", "a.lock@v1.0.0"])
def test_a_ref_path_is_one_that_git_takes(text: str) -> None:
    assert is_ref_path(text)


@pytest.mark.parametrize("text", ["", "/a", "a/", "a//b", "a/.b", ".a", "a..b", "a.", "a.lock", "a.lock/b", "a.b/"])
def test_a_ref_path_is_none_that_git_refuses(text: str) -> None:
    assert not is_ref_path(text)


def test_a_colon_stands_as_an_equals_sign_in_a_tag() -> None:
    assert to_tag_name("models/nlp:churn") == "models/nlp=churn"
    assert from_tag_name("models/nlp=churn") == "models/nlp:churn"


@pytest.mark.parametrize(("artifact", "parts"), [("churn", ("", "churn")), ("models/nlp:churn", ("models/nlp", "churn"))])
def test_an_artifact_splits_into_folder_and_name_and_joins_again(artifact: str, parts: tuple[str, str]) -> None:
    assert split_artifact(artifact) == parts
    assert join_artifact(*parts) == artifact


@pytest.mark.parametrize("artifact", ["churn", "nested/model", "models/nlp:churn", "v1.2/x:m", "a" * 200])
def test_an_ordinary_artifact_may_be_written(artifact: str) -> None:
    check_artifact_name(artifact)


@pytest.mark.parametrize(
    ("artifact", "position", "expected"),
    [
        ("", 0, "it is empty"),
        ("mödel", 1, "only ASCII letters and digits are allowed"),
        ("mo del", 2, "it does not fit the grammar of names"),
        ("model-", 5, "it does not fit the grammar of names"),
        ("-model", 0, "it does not fit the grammar of names"),
        ("dir:", 3, "it does not fit the grammar of names"),
        ("a:b:c", 3, "it does not fit the grammar of names"),
        ("model\n", 5, "it does not fit the grammar of names"),
        ("a//b", 2, "a part between slashes is empty"),
        ("/abs:m", 0, "a part between slashes is empty"),
        ("dir/:m", 4, "a part between slashes is empty"),
        ("-dir:m", 0, "a part begins with '-'"),
        ("a/-b", 2, "a part begins with '-'"),
        ("dir:a/-b", 6, "a part begins with '-'"),
        (".:m", 0, "a part begins or ends with '.', or holds '..'"),
        ("a/..:m", 2, "a part begins or ends with '.', or holds '..'"),
        ("a/.b:m", 2, "a part begins or ends with '.', or holds '..'"),
        ("a./b:m", 0, "a part begins or ends with '.', or holds '..'"),
        ("a..b:m", 0, "a part begins or ends with '.', or holds '..'"),
        ("x/a.lock:m", 2, "a part ends in '.lock', which git keeps for itself"),
        ("a.LOCK:m", 0, "a part ends in '.lock', which git keeps for itself"),
        ("x/" + "a" * 201, 2, "a part is longer than 200 characters"),
    ],
)
def test_an_artifact_that_must_not_be_written_is_refused_at_its_first_bad_place(
    artifact: str, position: int, expected: str
) -> None:
    with pytest.raises(SyntaxFault) as raised:
        check_artifact_name(artifact)
    assert (raised.value.kind, raised.value.text) == ("artifact name", artifact)
    assert (raised.value.position, raised.value.expected) == (position, expected)


@pytest.mark.parametrize("stage", ["prod", "1", "Prod-eu_2"])
def test_an_ordinary_stage_may_be_written(stage: str) -> None:
    check_stage_name(stage)


@pytest.mark.parametrize(
    ("stage", "position", "expected"),
    [
        ("", 0, "it is empty"),
        ("prod/eu", 4, "a stage has no '/', since git could not keep it beside 'prod'"),
        ("prod.eu", 4, "it does not fit the grammar of names"),
        ("-prod", 0, "it does not fit the grammar of names"),
        ("prød", 2, "only ASCII letters and digits are allowed"),
        ("s" * 201, 0, "a part is longer than 200 characters"),
    ],
)
def test_a_stage_that_must_not_be_written_is_refused_at_its_first_bad_place(stage: str, position: int, expected: str) -> None:
    with pytest.raises(SyntaxFault) as raised:
        check_stage_name(stage)
    assert raised.value.kind == "stage"
    assert (raised.value.position, raised.value.expected) == (position, expected)


def test_a_name_that_differs_only_by_case_is_a_conflict_that_names_the_other() -> None:
    with pytest.raises(Conflict, match="artifact 'Churn' differs from 'churn' only by case") as raised:
        check_case("artifact", "Churn", ["fraud", "churn"])
    assert "use 'churn'" in raised.value.hint


def test_an_existing_name_and_a_different_name_are_no_conflict() -> None:
    check_case("artifact", "churn", ["churn", "fraud"])
    check_case("stage", "prod", [])
