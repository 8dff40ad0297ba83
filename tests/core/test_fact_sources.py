from __future__ import annotations

from dataclasses import replace

import pytest

from gitreg.core.fact_sources import (
    choose_packages,
    is_for_development,
    looks_like_data,
    made_by_others,
    makes,
    merge_keys,
    related_stages,
    select_values,
    split_packages,
    starting_materials,
    tells_all,
)
from gitreg.core.facts import Package, tells_environment
from gitreg.core.pipelines import Material, Pipeline, Stage


@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("requirements.txt", False), ("requirements-dev.txt", True), ("dev-requirements.txt", True), ("requirements_test.txt", True),
        ("requirements.docs.txt", True), ("requirements-train.txt", False), ("pylock.dev.toml", True), ("pylock.toml", False),
        ("environment.yml", False), ("conda-lock.yml", False), ("devrequirements.txt", False),
    ],
)  # fmt: skip
def test_files_for_development_are_known_by_the_words_of_their_names(name: str, *, is_so: bool) -> None:
    assert is_for_development(name) is is_so


@pytest.mark.parametrize(
    ("name", "is_all"), [("requirements.txt", True), ("requirements-dev.txt", False), ("MLmodel", False), ("uv.lock", True)]
)
def test_what_is_for_development_and_the_libraries_of_a_model_are_no_whole_environment(name: str, *, is_all: bool) -> None:
    assert tells_all(name) is is_all


def test_groups_for_development_are_known_by_their_names() -> None:
    assert [is_for_development(name, is_group=True) for name in ("dev", "lint-ci", "train")] == [True, True, False]


def stage(name: str, deps: str = "", outs: str = "", params: str = "", file: str = "dvc.yaml") -> Stage:
    return Stage(
        name=name,
        file=file,
        deps=tuple(Material(path=path) for path in deps.split()),
        outs=tuple(Material(path=path) for path in outs.split()),
        params_files=tuple(params.split()),
    )


STAGES = (
    stage("prepare", "prepare.py data/users.csv", "prepared"),
    stage("train-a", "train.py prepared/train.csv params.yaml", "models/a.pkl", "params.yaml"),
    stage("train-b", "train.py prepared", "models/b.pkl"),
    stage("evaluate-a", "models/a.pkl data/holdout.csv", "metrics-a.json"),
    stage("evaluate-b", "models/b.pkl", "metrics-b.json"),
)
PIPELINE = Pipeline(file="dvc.yaml", stages=STAGES)


def names(path: str | None) -> list[str]:
    return [found.name for found in related_stages(path, [PIPELINE])]


def test_the_stages_of_an_artifact_are_those_before_it_and_those_that_measure_it() -> None:
    assert names("models/a.pkl") == ["prepare", "train-a", "evaluate-a"]
    assert names("models/b.pkl") == ["prepare", "train-b", "evaluate-b"]


def test_a_folder_has_the_stages_of_all_that_is_in_it_and_a_file_those_of_its_folder() -> None:
    assert names("models") == ["prepare", "train-a", "train-b", "evaluate-a", "evaluate-b"]
    assert names("prepared/test.csv") == names("prepared")


def test_what_no_stage_makes_has_the_stages_that_read_it_and_nothing_has_all() -> None:
    assert names("other.pkl") == []
    assert names("data/holdout.csv") == ["evaluate-a"]
    assert len(names(None)) == len(STAGES)


def test_what_other_stages_make_is_told_apart() -> None:
    assert made_by_others([PIPELINE], STAGES[:4]) == {"metrics-b.json"}


def test_of_a_file_that_one_stage_takes_whole_all_counts_and_else_what_any_of_them_takes() -> None:
    one = Stage(name="a", file="dvc.yaml", params_files=("p.yaml", "q.yaml"), params_keys={"p.yaml": ("x", "y")})
    other = Stage(name="b", file="dvc.yaml", params_files=("p.yaml", "q.yaml"), params_keys={"p.yaml": ("y",), "q.yaml": ("z",)})
    assert merge_keys([one, other]) == {"p.yaml": ("x", "y"), "q.yaml": ()}


@pytest.mark.parametrize(
    ("path", "made"),
    [("models/a.pkl", True), ("models", True), ("prepared/x", True), ("model", False), ("models/a", False), (None, False)],
)
def test_a_pipeline_makes_its_outs_what_is_in_them_and_folders_around_them(path: str | None, *, made: bool) -> None:
    assert makes(path, [PIPELINE]) is made


def starts(path: str | None, *pipelines: Pipeline) -> list[str]:
    return [material.path for material in starting_materials(path, pipelines)]


def test_an_artifact_starts_from_what_no_stage_makes_and_is_no_parameter() -> None:
    assert starts("models/a.pkl", PIPELINE) == ["prepare.py", "data/users.csv", "train.py"]
    assert starts("metrics-a.json", PIPELINE) == ["prepare.py", "data/users.csv", "train.py", "data/holdout.csv"]


@pytest.mark.parametrize("path", [None, "other.pkl"])
def test_what_no_stage_makes_starts_from_nothing(path: str | None) -> None:
    assert starts(path, PIPELINE) == []


def test_imported_data_is_where_it_starts_and_not_where_it_was_imported_from() -> None:
    imported = stage("users.csv.dvc", "https://example.com/users.csv", "data/users.csv", file="data/users.csv.dvc")
    other = Pipeline(file="data/users.csv.dvc", stages=(imported,))
    assert "data/users.csv" in starts("models/a.pkl", PIPELINE, other)
    assert "https://example.com/users.csv" not in starts("models/a.pkl", PIPELINE, other)


def test_stages_that_feed_each_other_come_to_an_end() -> None:
    circle = Pipeline(file="dvc.yaml", stages=(stage("a", "y", "x"), stage("b", "x", "y")))
    assert [found.name for found in related_stages("x", [circle])] == ["a", "b"]
    assert starts("x", circle) == []


@pytest.mark.parametrize("others", [0, 200])
def test_each_commit_has_its_own_stages_though_their_paths_are_the_same(others: int) -> None:
    beside = tuple(stage(f"other-{number}", "z", f"other/{number}") for number in range(others))
    for command in ("python train.py 1", "python train.py 2"):
        own = replace(stage("train", "data", "model"), commands=(command,))
        assert related_stages("model", [Pipeline(file="dvc.yaml", stages=(*beside, own))]) == (own,)


def test_an_address_is_in_no_folder() -> None:
    far = Pipeline(file="dvc.yaml", stages=(stage("a", "s3://bucket/data", "s3://bucket/model"), stage("b", "s3:", "z")))
    assert [found.name for found in related_stages("s3://bucket/model", [far])] == ["a"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("data/users.csv", True),
        ("Users.PARQUET", True),
        ("corpus.txt", True),
        ("config.json", True),
        ("train.py", False),
        ("params.yaml", False),
        ("requirements.txt", False),
        ("requirements-dev.txt", False),
        ("Makefile", False),
        ("csv", True),
    ],
)
def test_what_git_keeps_is_data_if_its_name_ends_like_data(path: str, *, data: bool) -> None:
    assert looks_like_data(path) is data


def test_keys_choose_values_and_what_stands_below_them() -> None:
    values = {"train.rate": 1, "train.rates": 2, "train.rate.low": 3, "seed": 4}
    assert select_values(values, ()) is values
    assert select_values(values, ("train.rate",)) == {"train.rate": 1, "train.rate.low": 3}
    assert select_values(values, ("train", "seed")) == values


def optional(name: str) -> Package:
    return Package(name=name, version=None, file="pyproject.toml", optional=True)


def package(name: str, file: str, version: str | None = None, specifier: str = "") -> Package:
    return Package(name=name, version=version, specifier=specifier, file=file)


def test_packages_of_different_names_all_count_sorted() -> None:
    found = [package("b", "x.txt", "1"), package("a", "y.txt")]
    assert choose_packages(found) == (found[1], found[0])


def test_a_lock_file_outweighs_requirements_and_these_a_project() -> None:
    lock, pin = package("numpy", "uv.lock", "1.26.4"), package("numpy", "requirements.txt", "1.26.0")
    limit, asked = package("numpy", "requirements-dev.txt", specifier=">=1"), package("numpy", "pyproject.toml", specifier=">=1")
    assert choose_packages([asked, limit, pin, lock]) == (lock,)
    assert choose_packages([asked, limit, pin]) == (pin,)
    assert choose_packages([asked, limit]) == (limit,)


def test_packages_that_are_optional_stand_apart_unless_there_are_no_others() -> None:
    own, extra, same = package("numpy", "pyproject.toml", "1"), optional("torch"), optional("numpy")
    python = package("python", "pyproject.toml")
    assert split_packages([own, extra, same]) == ([own], (extra,))
    assert split_packages([python, extra]) == ([python, extra], ())
    assert split_packages([own]) == ([own], ())
    assert [tells_environment(found) for found in ([], [python], [extra], [python, own])] == [False, False, False, True]


def test_files_of_the_same_weight_that_differ_all_count() -> None:
    one, other = package("numpy", "requirements.txt", "1.26.4"), package("numpy", "environment.yml", "2.0.0")
    assert choose_packages([one, other, package("scipy", "environment.yml")]) == (one, other, package("scipy", "environment.yml"))
