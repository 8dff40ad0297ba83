"""Which changes of a schema break callers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gitreg.core.model_files import ModelFile, Tensor
from gitreg.core.schema_changes import SchemaChange, compare_schemas, make_schema

AGE = {"name": "age", "type": "float32", "shape": ["N", 1]}
SCORE = {"name": "score", "type": "float32", "shape": ["N", 2]}


def changes(before: object, after: object, side: str = "inputs") -> list[tuple[str, str, bool]]:
    """Compare one side, and give kind, text and whether it breaks callers."""
    found = compare_schemas({side: before}, {side: after})
    return [(change.kind, change.text, change.breaking) for change in found]


def test_equal_schemas_have_no_changes() -> None:
    assert compare_schemas({"inputs": [AGE], "outputs": [SCORE]}, {"inputs": [AGE], "outputs": [SCORE]}) == ()


def test_a_change_names_its_place() -> None:
    (change,) = compare_schemas({"outputs": [SCORE]}, {"outputs": []})
    assert change == SchemaChange(kind="removed", where="outputs.score", text="output 'score' is gone", breaking=True)


def test_a_side_that_one_schema_does_not_mention_is_not_compared() -> None:
    assert compare_schemas({"inputs": [AGE]}, {"outputs": [SCORE]}) == ()
    assert compare_schemas({"inputs": "age"}, {"inputs": [AGE]}) == ()


def test_an_input_that_must_be_given_now_breaks_callers() -> None:
    assert changes([AGE], [AGE, SCORE]) == [("added", "input 'score' is new and must be given", True)]


@pytest.mark.parametrize("spare", [{"optional": True}, {"required": False}, {"default": 0}])
def test_an_input_that_can_be_left_out_breaks_nobody(spare: Mapping[str, object]) -> None:
    assert changes([AGE], [AGE, {**SCORE, **spare}]) == [("added", "input 'score' is new", False)]
    assert changes([{**AGE, **spare}], [AGE]) == [("added", "input 'age' must be given, and could be left out", True)]
    assert changes([{**AGE, **spare}], [AGE], "outputs") == []


def test_a_new_output_breaks_nobody() -> None:
    assert changes([SCORE], [SCORE, AGE], "outputs") == [("added", "output 'age' is new", False)]


def test_what_is_removed_breaks_callers() -> None:
    assert changes([AGE, SCORE], [AGE]) == [("removed", "input 'score' is gone", True)]
    assert changes([AGE, SCORE], [AGE], "outputs") == [("removed", "output 'score' is gone", True)]


def test_a_new_name_for_the_same_thing_is_a_rename_and_breaks_callers() -> None:
    assert changes([AGE], [{**AGE, "name": "years"}]) == [("renamed", "input 'age' is 'years' now", True)]


def test_another_thing_under_another_name_is_no_rename() -> None:
    kinds = [kind for kind, _, _ in changes([AGE], [{"name": "years", "type": "int64"}])]
    assert kinds == ["removed", "added"]


def test_another_type_breaks_callers() -> None:
    assert changes([AGE], [{**AGE, "type": "int64"}]) == [("type", "input 'age' is int64, and was float32", True)]


@pytest.mark.parametrize(("one", "other"), [("double", "float64"), ("Float", "float32"), ("long", "int64"), ("str", "string")])
def test_two_names_of_one_type_are_no_change(one: str, other: str) -> None:
    assert changes([{"name": "age", "type": one}], [{"name": "age", "type": other}]) == []


@pytest.mark.parametrize(
    ("before", "after", "side", "breaking"),
    [
        ([None, 3], [1, 3], "inputs", True),
        ([1, 3], [None, 3], "inputs", False),
        ([1, 3], [-1, 3], "inputs", False),
        ([1, 3], [1, 4], "inputs", True),
        (["N", 3], ["M", 3], "inputs", False),
        (["N", 3], ["N", 3, 1], "inputs", True),
        ([None, 3], [1, 3], "outputs", False),
        ([1, 3], [None, 3], "outputs", False),
        ([1, 3], [1, 4], "outputs", True),
        ([1, 3], [1], "outputs", True),
    ],
)
def test_a_shape_breaks_callers_where_it_takes_less_or_gives_something_else(
    before: object, after: object, side: str, *, breaking: bool
) -> None:
    found = changes([{"name": "x", "shape": before}], [{"name": "x", "shape": after}], side)
    assert [(kind, flag) for kind, _, flag in found] == [("shape", breaking)]


def test_shapes_are_written_for_people() -> None:
    found = changes([{"name": "x", "shape": ["N", 3]}], [{"name": "x", "shape": [None, True]}])
    assert found == [("shape", "input 'x' has the shape [?, ?], and had [N, 3]", False)]


def test_nothing_is_concluded_from_what_a_schema_does_not_say() -> None:
    assert changes([AGE], [{"name": "age"}]) == []
    assert changes([{"name": "age"}], [AGE]) == []
    assert changes([{"name": "age", "type": "any"}], [AGE]) == []
    assert changes([{"name": "age", "type": 3, "shape": "N"}], [AGE]) == []


def test_inputs_without_names_are_known_by_their_places() -> None:
    assert changes([{"type": "int64"}], [{"type": "int32"}]) == [("type", "input number 1 is int32, and was int64", True)]
    assert changes(["age", "age"], ["age"]) == []


def test_a_model_file_gives_the_schema_of_an_entry() -> None:
    file = ModelFile(
        format="onnx", size=1, inputs=(Tensor(name="x", type="float32", shape=("N", 3, None)),), outputs=(Tensor(name="y"),)
    )
    assert make_schema(file) == {
        "inputs": [{"name": "x", "type": "float32", "shape": ["N", 3, None]}],
        "outputs": [{"name": "y", "type": "any"}],
    }
    assert make_schema(ModelFile(format="pickle", size=1)) == {}
