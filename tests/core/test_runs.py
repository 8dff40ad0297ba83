from __future__ import annotations

import time

import pytest

from gitreg.core.runs import Run, find_runs

ID = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(("text", "run"), [
    (f"runs:/{ID}/model", Run("mlflow", ID)),
    (f"see http://mlflow.example:5000/#/experiments/3/runs/{ID}.", Run("mlflow", ID, url=f"http://mlflow.example:5000/#/experiments/3/runs/{ID}")),
    ("https://wandb.ai/team/churn/runs/1a2b3c.", Run("wandb", "1a2b3c", url="https://wandb.ai/team/churn/runs/1a2b3c")),
])  # fmt: skip
def test_a_run_is_found_by_what_names_it(text: str, run: Run) -> None:
    assert find_runs([text]) == (run,)


@pytest.mark.parametrize("text", [
    "", ID, f"runs:/{ID}0", f"runs:/{ID[:-1]}", "https://wandb.ai/team/churn", "javascript://wandb.ai/a/b/runs/c",
    "https://user:secret@wandb.ai/a/b/runs/c", f"https://h/#/experiments/x/runs/{ID}",
])  # fmt: skip
def test_what_only_looks_like_a_run_is_none(text: str) -> None:
    assert find_runs([text]) == ()


@pytest.mark.parametrize("custom", [
    {"mlflow_run_id": ID}, {"run_id": ID}, {"mlflow": {"run_id": ID}}, {"run": {"id": ID}},
    [{"train": {"MLFLOW.RUN-ID": ID}}], {"links": (f"runs:/{ID}",)}, {"mlflow": {"run": {"id": ID}}}, f"runs:/{ID}",
])  # fmt: skip
def test_free_metadata_names_runs(custom: object) -> None:
    assert find_runs([], custom) == (Run("mlflow", ID),)


def test_other_ids_and_other_values_are_no_runs() -> None:
    assert find_runs([], {"commit": ID, "run_id": 7, "deep": {"x": None, "run_id": "short"}}) == ()


def test_a_run_is_named_once_and_with_its_page() -> None:
    page = f"http://h/#/experiments/1/runs/{ID}"
    assert find_runs([f"runs:/{ID}", page, f"runs:/{ID}"]) == (Run("mlflow", ID, url=page),)


def test_values_that_lie_too_deep_are_left_alone() -> None:
    value: object = f"runs:/{ID}"
    for _ in range(70):
        value = [value]
    assert find_runs([], value) == ()


def test_at_most_fifty_runs_are_named() -> None:
    assert len(find_runs([f"runs:/{number:032x} " for number in range(60)])) == 50


@pytest.mark.parametrize(
    "piece", ["https://", "http://a/", "http://a.a/b/c/runs/", "runs:/", "https://a" + "/b" * 200, "a-" * 40]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    begin = time.perf_counter()
    find_runs([piece * (200_000 // len(piece))])
    assert time.perf_counter() - begin < 5
