"""What a page about a version says, and what of it Hugging Face reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from gitreg.core.compare_values import compare_metrics, merge_goals
from gitreg.core.entries import Entry
from gitreg.core.facts import Facts
from gitreg.core.hugging_face import LICENSES, TASKS, make_front_matter
from gitreg.core.model_cards import ModelCard, Signature, list_signatures, order_stages
from gitreg.core.pipelines import Material, Source, Stage, Value

ENTRY = Entry(name="churn", file="artifacts.yaml", line=1)


def make_card(
    entry: Entry | None = ENTRY, metrics: Mapping[str, Value] | None = None, data: tuple[Material, ...] = ()
) -> ModelCard:
    facts = Facts(artifact="churn", commit="c", entry=entry, metrics={"m.json": metrics} if metrics else {}, data=data)
    return ModelCard(
        artifact="churn", version=None, commit="c", facts=facts, metrics=compare_metrics([facts], merge_goals([entry]))
    )


def front(**fields: Any) -> dict[str, object]:
    return make_front_matter(make_card(replace(ENTRY, **fields)))


def test_of_nothing_nothing_is_said() -> None:
    assert make_front_matter(make_card(None)) == front() == {}


@pytest.mark.parametrize(
    ("license", "said"),
    [
        ("MIT", {"license": "mit"}),
        ("Apache-2.0", {"license": "apache-2.0"}),
        ("GPL-3.0-only", {"license": "gpl-3.0"}),
        ("LGPL-2.1-or-later", {"license": "lgpl-2.1"}),
        ("GPL-2.0+", {"license": "gpl-2.0"}),
        ("ODbL-1.0", {"license": "odbl"}),
        ("GFDL-1.3-only", {"license": "gfdl"}),
        ("other", {"license": "other", "license_name": "other"}),
        ("MIT OR Apache-2.0", {"license": "other", "license_name": "mit-or-apache-2.0"}),
        ("Our own\n---\nlicense: mit", {"license": "other", "license_name": "our-own-license-mit"}),
        (" ", {}),
    ],
)
def test_a_license_is_one_of_the_hub_or_has_a_name(license: str, said: dict[str, str]) -> None:
    assert front(license=license) == said
    assert said.get("license", "mit") in LICENSES


@pytest.mark.parametrize(
    ("task", "labels", "said"),
    [
        ("text-classification", (), "text-classification"),
        ("Classification", ("weekly", "Tabular"), "tabular-classification"),
        ("classification", (), ""),
        ("magic", ("tabular",), ""),
    ],
)
def test_a_task_is_one_of_the_hub_or_none(task: str, labels: tuple[str, ...], said: str) -> None:
    found = front(task=task, labels=labels).get("pipeline_tag", "")
    assert found == said
    assert found in {"", *TASKS}


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("google/bert-base", "google/bert-base"),
        ("https://huggingface.co/google/bert-base", "google/bert-base"),
        ("churn@v1.0.0", None),
        ("models/nlp:sent", None),
        ("https://example.com/a/b", None),
        ("a/b\n---", None),
    ],
)
def test_a_base_model_is_one_of_the_hub_or_none(base: str, said: str | None) -> None:
    assert front(base=base).get("base_model") == said


def test_an_artifact_of_the_registry_is_no_model_of_the_hub() -> None:
    assert make_front_matter(replace(make_card(replace(ENTRY, base="models/sent")), base_is_registered=True)) == {}


def test_tags_are_short_lines_each_once() -> None:
    assert front(labels=("a", "a", "b\n---\nc", "", "x" * 5000), type="model")["tags"] == ["a", "b --- c", "x" * 100, "model"]


def test_the_library_is_an_id() -> None:
    assert front(framework="Scikit Learn!")["library_name"] == "scikit-learn"


def test_results_have_all_that_the_hub_wants() -> None:
    entry = replace(ENTRY, task="classification", labels=("tabular",), goals={"val.auc": "higher"})
    data = (Material(path="data/users.csv"), Material(path="hf://datasets/org/name/a.csv"))
    metrics: dict[str, Value] = {"loss": 1, "note": "good", "ok": True, "val.auc": 0.9, "bad": float("nan")}
    found = make_front_matter(make_card(entry, metrics, data))
    assert found["datasets"] == ["org/name"]
    assert found["metrics"] == ["auc", "loss"]
    assert found["model-index"] == [
        {
            "name": "churn",
            "results": [
                {
                    "task": {"type": "tabular-classification"},
                    "dataset": {"type": "org/name", "name": "data/users.csv, hf://datasets/org/name/a.csv"},
                    "metrics": [{"type": "auc", "value": 0.9, "name": "val.auc"}, {"type": "loss", "value": 1.0, "name": "loss"}],
                }
            ],
        }
    ]


def test_each_result_has_a_name_of_its_own() -> None:
    tables = {"a.json": {"test.acc": 0.9, "loss": 1}, "b.json": {"train.acc": 1.0, "loss": 2}}
    facts = Facts(artifact="churn", commit="c", entry=ENTRY, metrics=tables, data=(Material(path="d.csv"),))
    card = replace(make_card(), facts=facts, metrics=compare_metrics([facts], {"b.json:loss": "lower"}))
    head: Any = make_front_matter(card)
    (model,) = head["model-index"]
    assert [(found["type"], found["name"]) for found in model["results"][0]["metrics"]] == [
        ("loss", "b.json:loss"),
        ("loss", "a.json:loss"),
        ("acc", "test.acc"),
        ("acc", "train.acc"),
    ]


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("größe", "grosse"),
        ("epochs.1", "epochs.1"),
        ("val.F1 Score", "f1-score"),
        ("Ähnlichkeit", "ahnlichkeit"),
        ("1.2", "other"),
    ],
)
def test_what_is_measured_is_told_as_an_id_that_can_be_read(name: str, measure: str) -> None:
    assert make_front_matter(make_card(ENTRY, {name: 1})) == {"metrics": [measure]}


def test_what_is_no_longer_of_use_has_a_tag_that_says_so() -> None:
    entry = replace(ENTRY, labels=("tabular",))
    assert make_front_matter(replace(make_card(entry), deprecated=True)) == {"tags": ["tabular", "deprecated"]}
    assert make_front_matter(replace(make_card(None), deprecated=True)) == {"tags": ["deprecated"]}


def test_without_a_dataset_there_are_no_results() -> None:
    assert make_front_matter(make_card(ENTRY, {"auc": 0.9})) == {"metrics": ["auc"]}


def test_a_name_without_letters_is_other() -> None:
    source = Source("https://huggingface.co/datasets/org/name", None, "a")
    data = (Material(path="北京"), Material(path="x", source=source))
    assert make_front_matter(make_card(ENTRY, {"准确": 1}, data))["datasets"] == ["org/name"]
    assert make_front_matter(make_card(ENTRY, {"准确": 1}, data[:1]))["model-index"] == [
        {
            "name": "churn",
            "results": [
                {
                    "task": {"type": "other"},
                    "dataset": {"type": "other", "name": "北京"},
                    "metrics": [{"type": "other", "value": 1.0, "name": "准确"}],
                }
            ],
        }
    ]


def test_inputs_and_outputs_are_read_as_far_as_they_can_be() -> None:
    entry = replace(
        ENTRY, schema={"inputs": [{"name": "x", "type": "float", "shape": [None, 3]}, "y", {"shape": 3}], "outputs": "z"}
    )
    assert list_signatures(entry, "inputs") == (Signature("x", "float", "(?, 3)"), Signature("", "", ""))
    assert list_signatures(entry, "outputs") == list_signatures(None, "inputs") == ()


def make_stage(name: str, deps: str, outs: str) -> Stage:
    materials = [tuple(Material(path=path) for path in texts.split()) for texts in (deps, outs)]
    return Stage(name=name, file="dvc.yaml", deps=materials[0], outs=materials[1])


@pytest.mark.parametrize(
    ("stages", "order"),
    [
        ((("b", "x", "y"), ("a", "data", "x")), "a b"),
        ((("c", "x/one y", "z"), ("b", "x", "y"), ("a", "data", "x")), "a b c"),
        ((("b", "y", "x"), ("c", "x", "y"), ("a", "d", "e")), "a b c"),
        ((("a", "x", "x"),), "a"),
        ((), ""),
    ],
)
def test_stages_come_behind_those_whose_outs_they_read(stages: tuple[tuple[str, str, str], ...], order: str) -> None:
    assert " ".join(stage.name for stage in order_stages(tuple(make_stage(*stage) for stage in stages))) == order
