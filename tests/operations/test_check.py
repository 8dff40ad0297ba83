from __future__ import annotations

import pytest

from gitreg.core.problems import CATALOGUE, Problem, severity_of
from gitreg.core.views import Report
from tests.operations.clones import OF_THIS_MACHINE
from tests.operations.picture import Open, picture
from tests.operations.scenarios import OF_FILES_AND_TAGS
from tests.support.repository import Repository


def of(report: Report, code: str) -> list[Problem]:
    """Pick the problems with a code."""
    return [problem for problem in report.problems if problem.code == code]


def test_every_code_of_the_catalogue_is_made_by_a_test() -> None:
    assert {*OF_FILES_AND_TAGS, *OF_THIS_MACHINE} == set(CATALOGUE)


@pytest.mark.parametrize("code", OF_FILES_AND_TAGS)
def test_a_problem_has_its_code_its_place_a_sentence_and_a_hint(repository: Repository, opened: Open, code: str) -> None:
    scenario = OF_FILES_AND_TAGS[code]
    scenario.make(repository)
    before = picture(repository)
    [problem] = of(opened(repository).check(), code)
    assert {name: getattr(problem, name) for name in scenario.place} == scenario.place
    assert scenario.hint in problem.hint
    assert problem.message
    assert not problem.message.endswith(".")
    assert severity_of(problem) is CATALOGUE[code][0]
    assert picture(repository) == before


def test_one_bad_thing_never_hides_the_others(repository: Repository, opened: Open) -> None:
    codes = set(OF_FILES_AND_TAGS) - {"GR112"}  # of settings that are not valid nothing is followed, so GR109 and GR305 go
    for code in codes:
        OF_FILES_AND_TAGS[code].make(repository)
    report = opened(repository).check()
    assert {problem.code for problem in report.problems} == codes
    for code in codes:
        place = OF_FILES_AND_TAGS[code].place
        assert any(all(getattr(problem, name) == value for name, value in place.items()) for problem in of(report, code)), code


def test_errors_come_first_and_then_the_place_counts(repository: Repository, opened: Open) -> None:
    for code in ("GR309", "GR106", "GR207", "GR108", "GR105", "GR101"):
        OF_FILES_AND_TAGS[code].make(repository)
    found = [problem.code for problem in opened(repository).check().problems]
    assert found == ["GR207", "GR101", "GR105", "GR106", "GR108", "GR309"]


def test_an_entry_is_not_missing_where_the_file_that_may_hold_it_is_broken(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: churn.pkl\n", "churn.pkl": "1", "nlp/a.py": ""})
    for name in ("churn", "gone", "nlp:sent"):
        repository.register(name, "v1.0.0")
        repository.tick()
    assert [(found.code, found.artifact) for found in opened(repository).check().problems] == [
        ("GR309", "gone"),
        ("GR309", "nlp:sent"),
    ]
    (repository.path / "artifacts.yaml").write_text("<<<<<<< HEAD\nchurn:\n=======\n>>>>>>> other\n")
    assert [(found.code, found.artifact) for found in opened(repository).check().problems] == [
        ("GR101", None),
        ("GR309", "nlp:sent"),
    ]


def test_where_nothing_is_wrong_there_are_no_problems(repository: Repository, opened: Open) -> None:
    repository.commit({
        ".gitreg.yaml": "stages: [dev, prod]\ntypes: [model]\n",
        "artifacts.yaml": "churn:\n  path: churn.pkl\n  type: model\n\nbig:\n  path: s3://bucket/big\n",
        "churn.pkl.dvc": "outs:\n- md5: 0cc175b9c0f1b6a831c399e269772661\n  size: 1\n  path: churn.pkl\n",
        "nlp/dvc.yaml": "artifacts:\n  sent:\n    path: sent.bin\n",
        "nlp/sent.bin": "1\n",
    })  # fmt: skip
    repository.register("churn", "v1.0.0")
    repository.assign("churn", "prod", version="v1.0.0", at=repository.tick())
    report = opened(repository).check()
    assert report.problems == ()
    assert report.checked == ("2 files with 3 entries", "2 registry tags")


def test_what_was_looked_at_is_said_in_grammatical_words(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  type: model\n"})
    repository.register("churn", "v1.0.0")
    assert opened(repository).check().checked == ("1 file with 1 entry", "1 registry tag")


def test_a_repository_without_anything_has_no_problems(repository: Repository, opened: Open) -> None:
    assert opened(repository).check() == Report((), ("0 files with 0 entries", "0 registry tags"))


def test_one_name_in_two_cases_in_one_file_is_one_problem(repository: Repository, opened: Open) -> None:
    OF_FILES_AND_TAGS["GR111"].make(repository)
    assert [problem.code for problem in opened(repository).check().problems] == ["GR111"]


def test_one_name_in_two_cases_in_two_files_is_one_problem(repository: Repository, opened: Open) -> None:
    repository.commit({"nlp/artifacts.yaml": "sent: {}\n", "NLP/artifacts.yaml": "sent: {}\n"})
    [problem] = opened(repository).check().problems
    assert (problem.code, problem.artifact, problem.file, problem.line) == ("GR111", "nlp:sent", "nlp/artifacts.yaml", 1)


def test_an_entry_and_a_tag_that_differ_by_case_are_a_problem_at_the_entry(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "x: {}\n\nchurn: {}\n"})
    repository.register("Churn", "v1.0.0")
    [problem] = of(opened(repository).check(), "GR306")
    assert (problem.artifact, problem.file, problem.line) == ("churn", "artifacts.yaml", 3)


def test_two_stages_of_one_artifact_that_differ_by_case_are_a_problem_of_that_artifact(
    repository: Repository, opened: Open
) -> None:
    repository.assign("churn", "prod")
    repository.git("pack-refs", "--all")
    repository.assign("churn", "Prod", at=repository.tick())
    [problem] = of(opened(repository).check(), "GR306")
    assert problem.artifact == "churn"
    assert problem.message.startswith("'prod' and 'Prod' differ only by case")


def test_settings_that_are_not_valid_are_a_problem_and_the_rest_is_still_looked_at(repository: Repository, opened: Open) -> None:
    for code in ("GR101", "GR112", "GR207"):
        OF_FILES_AND_TAGS[code].make(repository)
    assert [problem.code for problem in opened(repository).check().problems] == ["GR207", "GR112", "GR101"]


def test_an_event_five_minutes_ahead_is_not_yet_one_of_the_future(repository: Repository, opened: Open) -> None:
    repository.register("churn", "v1.0.0", at=repository.now + 300)
    repository.register("fraud", "v1.0.0", at=repository.now + 301)
    [problem] = of(opened(repository).check(), "GR304")
    assert problem.message == "'fraud@v1.0.0' lies 301 seconds in the future"
