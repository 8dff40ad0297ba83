"""What is needed to make a version again."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.drift import Drift
from gitreg.core.facts import Package
from gitreg.core.pipelines import Material, Stage
from gitreg.core.reproduction import advise_check, advise_environment, advise_run, choose_restored, list_inputs, name_loose, quote


def make_stage(name: str, deps: str, outs: str, *, file: str = "dvc.yaml", locked: bool = True) -> Stage:
    materials = [tuple(Material(path=path) for path in texts.split()) for texts in (deps, outs)]
    return Stage(name=name, file=file, deps=materials[0], outs=materials[1], params_files=("params.yaml",), locked=locked)


PREPARE = make_stage("prepare", "data/users.csv prepare.py", "prepared")
TRAIN = make_stage("train", "prepared/a.csv data train.py params.yaml", "model metrics.json")
MEASURE = make_stage("measure", "model", "scores.json")


def test_inputs_are_what_no_stage_makes_and_the_outer_ones_come_first() -> None:
    assert list_inputs((PREPARE, TRAIN, MEASURE)) == ("data", "prepare.py", "train.py", "data/users.csv")


def test_the_last_stages_are_run_and_the_others_follow_by_themselves() -> None:
    assert advise_run((PREPARE, TRAIN)) == ("dvc repro train",)
    assert advise_run((PREPARE, TRAIN, MEASURE)) == ("dvc repro measure",)
    assert advise_run((PREPARE, make_stage("b c", "x", "y", file="a b/dvc.yaml"))) == ("dvc repro prepare 'a b/dvc.yaml:b c'",)
    assert advise_run((make_stage("-n", "", "x"),)) == ("dvc repro -- -n",)
    assert advise_run((make_stage("a", "y", "x"), make_stage("b", "x", "y"))) == ("dvc repro a b",)
    assert advise_run(()) == ()


def test_what_is_there_already_is_made_again_all_the_same() -> None:
    assert advise_run((PREPARE, TRAIN), force=True) == ("dvc repro --force train",)
    assert advise_run((make_stage("-n", "", "x"),), force=True) == ("dvc repro --force -- -n",)


def test_the_check_wants_all_to_be_made_and_the_locks_to_say_what_they_said() -> None:
    stages = (PREPARE, make_stage("b", "x", "y", file="a b/dvc.yaml"), make_stage("c", "", "", file="c/dvc.yaml", locked=False))
    status = "dvc status --quiet prepare 'a b/dvc.yaml:b' c/dvc.yaml:c"
    diff = "git diff --exit-code -- dvc.lock 'a b/dvc.lock' metrics.json"
    assert advise_check(stages, {"metrics.json": None}) == (f"{status} && {diff} && echo same",)
    assert advise_check(stages[2:], {}) == ()


def test_the_name_of_a_file_is_no_pattern_that_leaves_others_out_of_the_check() -> None:
    [check] = advise_check((TRAIN,), {":!dvc.lock": None})
    assert "&& git --literal-pathspecs diff --exit-code -- dvc.lock ':!dvc.lock' &&" in check


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        (["requirements.txt", "uv.lock"], ["uv sync --frozen"]),
        (["sub dir/poetry.lock"], ["(cd 'sub dir' && poetry sync)"]),
        (["a/pdm.lock"], ["(cd a && pdm sync)"]),
        (["Pipfile.lock"], ["pipenv sync"]),
        (["conda-lock.yml", "environment.yml"], ["conda-lock install conda-lock.yml"]),
        (["environment.yaml"], ["conda env create --file environment.yaml"]),
        (
            ["requirements.txt", "dev-requirements.txt"],
            ["python -m pip install -r requirements.txt", "python -m pip install -r dev-requirements.txt"],
        ),
        (["pylock.toml"], ["python -m pip install -r pylock.toml"]),
        (["$(id)-requirements.txt"], ["python -m pip install -r '$(id)-requirements.txt'"]),
        (["--conda=evil/conda-lock.yml"], ["conda-lock install ./--conda=evil/conda-lock.yml"]),
        (["-P/uv.lock"], ["(cd ./-P && uv sync --frozen)"]),
        (["MLmodel"], []),
        ([], []),
    ],
)
def test_the_environment_is_set_up_by_the_tool_that_locked_it(files: list[str], commands: list[str]) -> None:
    packages = [Package(name="numpy", version="1", file=file) for file in files]
    assert list(advise_environment(packages)) == commands


def test_packages_without_an_exact_version_are_named() -> None:
    packages = [Package(name="a", version="1"), Package(name="b", version=None, specifier=">=2"), Package(name="c", version=None)]
    assert list(name_loose(packages)) == ["b>=2", "c"]


@given(st.text().filter(lambda text: "\0" not in text))
def test_a_quoted_text_is_one_word_of_a_shell(text: str) -> None:
    assert shlex.split(quote(text)) == [text]


def test_only_what_all_stages_were_run_with_can_be_put_back() -> None:
    def run(name: str, *, locked: bool = True, **params: int) -> Stage:
        return Stage(name=name, file="dvc.yaml", params={"params.yaml": params}, locked=locked)

    def drift(stage: str, name: str, lock: str = "dvc.lock") -> Drift:
        return Drift(lock=lock, stage=stage, file="params.yaml", name=name, run=1, written=2)

    stages = [run("a", rate=1, depth=1, seed=1), run("b", rate=1, depth=2), run("c", locked=False, seed=5)]
    found = [drift("a", "rate"), drift("b", "rate"), drift("a", "depth"), drift("a", "seed")]
    others = [drift("other", "size"), drift("a", "size", lock="elsewhere/dvc.lock")]
    assert [(one.stage, one.name) for one in choose_restored([*found, *others], stages)] == [("a", "rate"), ("a", "seed")]
