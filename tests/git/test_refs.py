from __future__ import annotations

import pytest

from gitreg import Registry
from gitreg.errors import Unanswerable
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.git.run import Git
from tests.git.inside import enter
from tests.git.reads import READS, Read
from tests.support.repository import Repository


@pytest.fixture
def git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Git:
    enter(repository, monkeypatch)
    return Git(repository.path)


def test_tags_are_listed_by_name_with_the_ids_of_their_objects(git: Git, repository: Repository) -> None:
    tagged = repository.tag("churn@v1.0.0")
    plain = repository.tag("models/nlp=churn#a/b#2", lightweight=True)
    assert list_tags(git) == ({"churn@v1.0.0": tagged, "models/nlp=churn#a/b#2": plain}, [])


@pytest.mark.parametrize(
    ("artifact", "own", "foreign"),
    [
        (
            "churn",
            ["churn@v1.0.0", "churn@v1.0.0!#2", "churn#prod#3", "churn#prod!#4", "churn@deprecated", "churn#eu/prod#5"],
            ["churn", "churn2@v1.0.0", "churn/x@v1.0.0", "a/churn@v1.0.0", "a=churn@v1.0.0", "Churn@v2.0.0"],
        ),
        ("a/b:churn", ["a/b=churn@v1.0.0", "a/b=churn#prod#1"], ["a/b/churn@v1.0.0", "churn@v1.0.0", "b=churn@v1.0.0"]),
        ("a/churn", ["a/churn@v1.0.0", "a/churn#prod#1"], ["a=churn@v1.0.0", "churn@v1.0.0"]),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_the_patterns_of_an_artifact_match_its_tags_and_no_others(
    artifact: str, own: list[str], foreign: list[str], git: Git, repository: Repository, *, packed: bool
) -> None:
    for name in (*own, *foreign):
        if name != "churn":
            repository.tag(name, lightweight=True)
    if packed:
        repository.git("pack-refs", "--all")
    assert sorted(list_tags(git, artifact_patterns(artifact))[0]) == sorted(own)


@pytest.mark.parametrize("content", ["", "\n", "1234\n", "no id at all"])
def test_a_broken_ref_is_a_problem_and_hides_no_other(content: str, git: Git, repository: Repository) -> None:
    repository.register("churn", "v1.0.0")
    (repository.path / ".git/refs/tags/churn@v2.0.0").write_text(content)
    tags, problems = list_tags(git)
    assert list(tags) == ["churn@v1.0.0"]
    assert [(problem.code, problem.tag) for problem in problems] == [("GR209", "churn@v2.0.0")]


def test_a_ref_to_a_missing_object_is_listed(git: Git, repository: Repository) -> None:
    (repository.path / ".git/refs/tags/churn@v2.0.0").write_text("1" * 40 + "\n")
    assert list_tags(git) == ({"churn@v2.0.0": "1" * 40}, [])


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_packed_refs_that_git_refuses_is_damage_and_never_a_shorter_list(
    read: Read, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.register("model-0", "v1.1.0")
    repository.assign("model-0", "prod")
    repository.git("pack-refs", "--all")
    packed = repository.path / ".git/packed-refs"
    whole = packed.read_bytes()
    enter(repository, monkeypatch)
    for damaged in (whole[:-10], whole[: whole.index(b"refs/tags/") + 4], b"\0" * 100, b"no packed-refs at all\n", b""):
        packed.write_bytes(damaged)
        with pytest.raises(Unanswerable) as caught, Registry(repository.path) as registry:
            read(registry)
        assert caught.value.exit_code == 6
        assert "damaged" in caught.value.message
        assert "fetch" in caught.value.hint


def test_a_lock_that_somebody_left_hinders_no_read(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.register("model-0", "v1.1.0")
    repository.assign("model-0", "prod")
    repository.git("pack-refs", "--all")
    for name in ("packed-refs.lock", "index.lock", "HEAD.lock", "config.lock", "refs/tags/model-0@v1.1.0.lock"):
        (repository.path / ".git" / name).touch()
    enter(repository, monkeypatch)
    for name, read in READS.items():
        if "--path" not in name:
            with Registry(repository.path) as registry:
                assert read(registry) is not None


def test_a_name_with_odd_bytes_is_no_tag_of_ours_and_no_harm(git: Git, repository: Repository) -> None:
    repository.register("churn", "v1.0.0")
    repository.tag("ümlaut@v1.0.0", lightweight=True)
    repository.tag("x' y\"".replace(" ", "-"), lightweight=True)
    assert "churn@v1.0.0" in list_tags(git)[0]
    with Registry(repository.path) as registry:
        assert registry.names() == ("churn",)
