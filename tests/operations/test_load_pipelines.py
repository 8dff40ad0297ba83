from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg.core.pipelines import Pipeline
from gitreg.core.problems import Problem
from gitreg.files import pipelines as reading
from gitreg.git import finding
from gitreg.git.objects import Objects
from gitreg.operations import load_pipelines as module
from gitreg.operations.load_pipelines import PipelineSearch, load_pipelines
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository

YAML = format_definition({"train": ""})
IMPORT = "deps:\n- {path: 'https://h/x', etag: '1'}\nouts:\n- {path: x, md5: '1', hash: md5}\n"


def lock(content: str) -> str:
    return format_lock({"train": ({"data": content}, {"model": content})})


FILES = st.fixed_dictionaries({}, optional={
    "dvc.yaml": st.sampled_from([YAML, "stages: [", ""]),
    "dvc.lock": st.sampled_from([lock("a"), lock("b"), "- no"]),
    "deep/er/dvc.yaml": st.just(YAML),
    "deep/er/dvc.lock": st.sampled_from([lock("a"), lock("c")]),
    "alone/dvc.lock": st.just(lock("a")),
    "x.dvc": st.sampled_from([IMPORT, "outs:\n- {path: x}\n", "deps: ["]),
    "deep/y.dvc": st.just(IMPORT),
    "other.txt": st.sampled_from("ab"),
})  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(FILES, min_size=1, max_size=5), held=st.sampled_from([0, 3, 200_000]), ahead=st.booleans())
def test_many_at_once_is_the_same_as_one_by_one(
    history: list[dict[str, str]], held: int, *, ahead: bool, repository: Repository, objects: Objects
) -> None:
    commits = []
    for files in history:
        repository.git("rm", "-rq", "--ignore-unmatch", ".")
        commits.append(repository.commit(dict(files)))
    search = PipelineSearch(objects)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "_MOST_HELD", held)
        if ahead:
            search.bring(commits)
        together = [search.load(commit) for commit in [*commits, *commits]]
    assert together == [load_pipelines(objects, commit) for commit in [*commits, *commits]]


def test_pipelines_of_all_folders_and_imports_are_found(repository: Repository, objects: Objects) -> None:
    commit = repository.commit(
        {"dvc.yaml": YAML, "a/b/dvc.yaml": YAML, "a/b/dvc.lock": lock("x"), "x.dvc": IMPORT, "c/dvc.lock": lock("y")}
    )
    found, problems = load_pipelines(objects, commit)
    assert [(one.file, [stage.locked for stage in one.stages]) for one in found] == [
        ("a/b/dvc.yaml", [True]), ("c/dvc.yaml", [True]), ("dvc.yaml", [False]), ("x.dvc", [True]),
    ]  # fmt: skip
    assert problems == []


def test_a_broken_lock_is_a_problem_of_its_commit_and_the_others_are_read(repository: Repository, objects: Objects) -> None:
    first = repository.commit({"dvc.yaml": YAML, "dvc.lock": "stages: [", "good/dvc.lock": lock("a")})
    second = repository.commit({"dvc.lock": lock("a")})
    search = PipelineSearch(objects)
    for _ in range(2):
        found, problems = search.load(first)
        assert ([one.file for one in found], [problem.file for problem in problems]) == (
            ["dvc.yaml", "good/dvc.yaml"],
            ["dvc.lock"],
        )
    assert search.load(second)[1] == []


def test_each_distinct_file_is_parsed_once(repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = [repository.commit({"dvc.yaml": YAML, "dvc.lock": lock("a"), "d.dvc": "outs: []\n", "n": str(n)}) for n in range(5)]
    commits.append(repository.commit({"dvc.lock": lock("b")}))
    parsed = []

    def parse(file: str, *contents: bytes | None) -> tuple[Pipeline, tuple[Problem, ...]]:
        parsed.append(contents)
        return Pipeline(file=file), ()

    monkeypatch.setattr(reading, "parse_pipeline", parse)
    search = PipelineSearch(objects)
    search.bring(commits)
    for commit in commits:
        search.load(commit)
    assert len(parsed) == 2


@pytest.mark.parametrize(("limit", "value", "told", "read"), [
    ("_LARGEST", 60, 1, 5), ("_MOST_BYTES", 100, 4, 2), ("MOST_FILES", 2, 1, 2),
])  # fmt: skip
def test_what_is_too_much_is_told(
    limit: str, value: int, told: int, read: int, repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"f{number}/dvc.yaml": YAML + "#" * number for number in range(5)}
    commit = repository.commit(files | {"g/dvc.yaml": "#" * 100 + YAML})
    monkeypatch.setattr(module, limit, value)
    found, problems = load_pipelines(objects, commit)
    assert (len(problems), len(found)) == (told, read)


def test_what_is_not_here_is_told(repository: Repository, objects: Objects) -> None:
    commit = repository.commit({"a/dvc.yaml": YAML, "b/dvc.yaml": YAML + "#", "c/dvc.yaml": YAML + "##"})
    for name in ("a", "b/dvc.yaml"):
        oid = repository.git("rev-parse", f"{commit}:{name}")
        (repository.path / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    found, problems = load_pipelines(objects, commit)
    assert [one.file for one in found] == ["c/dvc.yaml"]
    assert len(problems) == 2


def test_a_tree_that_claims_a_million_folders_is_not_followed(
    repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", input=YAML)
    tree = repository.git("mktree", input=f"100644 blob {blob}\tdvc.yaml\n")
    for _ in range(40):  # each has the one below twice: two to the power of forty files
        tree = repository.git("mktree", input=f"040000 tree {tree}\ta\n040000 tree {tree}\tb\n")
    commit = repository.git("commit-tree", "-m", "x", tree)
    found, problems = load_pipelines(objects, commit)
    assert len(found) == module.MOST_FILES
    assert len(problems) == 1
    monkeypatch.setattr(finding, "_MOST_FOLDERS", 20)
    search = PipelineSearch(objects)
    search.bring([commit])
    for _ in range(2):
        assert [len(part) for part in search.load(commit)] == [0, 1]
