from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from gitreg.errors import NotFound, Unanswerable
from tests.operations.picture import Open
from tests.support.repository import Repository

Ask: TypeAlias = Callable[..., object]
"""A question to a registry, and whether to fetch first."""

READS: Final[dict[str, Ask]] = {
    "show": lambda registry, *, fetch: registry.show(fetch=fetch),
    "show NAME": lambda registry, *, fetch: registry.show("churn", fetch=fetch),
    "show NAME@V": lambda registry, *, fetch: registry.show("churn@v2.0.0", fetch=fetch),
    "show NAME#S": lambda registry, *, fetch: registry.show("churn#prod", fetch=fetch),
    "resolve NAME@latest": lambda registry, *, fetch: registry.resolve("churn@latest", fetch=fetch),
    "history": lambda registry, *, fetch: registry.history(fetch=fetch),
    "history NAME": lambda registry, *, fetch: registry.history("churn", fetch=fetch),
    "stages": lambda registry, *, fetch: registry.stages(fetch=fetch),
}
DENIALS: Final[dict[str, Ask]] = {
    "show NAME": lambda registry, *, fetch: registry.show("nobody", fetch=fetch),
    "show NAME@V": lambda registry, *, fetch: registry.show("churn@v9.0.0", fetch=fetch),
    "show NAME#S": lambda registry, *, fetch: registry.show("churn#moon", fetch=fetch),
    "resolve NAME@V": lambda registry, *, fetch: registry.resolve("churn@v9.0.0", fetch=fetch),
    "resolve NOBODY@V": lambda registry, *, fetch: registry.resolve("nobody@latest", fetch=fetch),
    "history NAME": lambda registry, *, fetch: registry.history("nobody", fetch=fetch),
    "history NAME@V": lambda registry, *, fetch: registry.history("churn@v9.0.0", fetch=fetch),
    "history NAME#S": lambda registry, *, fetch: registry.history("churn#moon", fetch=fetch),
}
GAPS: Final = {
    "--depth=1": "this clone is shallow, so registry tags may be missing",
    "--no-tags": "this clone was made without the tags of 'origin'",
}


@pytest.fixture
def whole(repository: Repository, tmp_path: Path) -> Repository:
    """A remote with a version on a branch that is merged nowhere."""
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit({"side.py": "1\n"})
    repository.register("churn", "v2.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v2.0.0")
    repository.git("checkout", "--quiet", "main")
    repository.tick()
    repository.commit({"main.py": "1\n"})
    return repository.bare_remote(tmp_path / "remote.git")


@pytest.mark.parametrize("option", GAPS)
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_clone_that_lacks_tags_does_not_answer(whole: Repository, opened: Open, tmp_path: Path, option: str, read: Ask) -> None:
    clone = whole.clone(tmp_path / "clone", option)
    with pytest.raises(Unanswerable) as caught:
        read(opened(clone), fetch=False)
    assert caught.value.message == GAPS[option]
    assert caught.value.hint.endswith("or ask the remote each time: --fetch")


@pytest.mark.parametrize("option", [*GAPS, "--single-branch"])
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_asked_to_fetch_it_answers_as_a_whole_clone_does(
    whole: Repository, opened: Open, tmp_path: Path, option: str, read: Ask
) -> None:
    clone, other = whole.clone(tmp_path / "clone", option), whole.clone(tmp_path / "whole")
    assert read(opened(clone), fetch=True) == read(opened(other), fetch=False)


@pytest.mark.parametrize("option", [*GAPS, "--single-branch"])
@pytest.mark.parametrize("deny", DENIALS.values(), ids=DENIALS)
def test_a_clone_that_may_lack_tags_does_not_say_that_there_is_none_unless_it_fetched(
    whole: Repository, opened: Open, tmp_path: Path, option: str, deny: Ask
) -> None:
    clone = whole.clone(tmp_path / "clone", option)
    with pytest.raises(Unanswerable):
        deny(opened(clone), fetch=False)
    with pytest.raises(NotFound):
        deny(opened(clone), fetch=True)


@pytest.mark.parametrize("deny", DENIALS.values(), ids=DENIALS)
def test_a_whole_clone_says_that_there_is_none(whole: Repository, opened: Open, tmp_path: Path, deny: Ask) -> None:
    with pytest.raises(NotFound):
        deny(opened(whole.clone(tmp_path / "clone")), fetch=False)


@pytest.mark.parametrize("options", [("--bare",), ("--mirror",), ("--depth=1000", "--no-single-branch"), ("--filter=blob:none",)])
def test_so_do_other_clones_that_have_all_tags(whole: Repository, opened: Open, tmp_path: Path, options: tuple[str, ...]) -> None:
    clone = whole.clone(tmp_path / "clone", *options)
    if "--depth=1000" in options:  # deeper than the history: git leaves no mark of being shallow
        assert clone.git("rev-parse", "--is-shallow-repository") == "false"
    assert opened(clone).resolve("churn#prod").version == "v2.0.0"
    with pytest.raises(NotFound):
        opened(clone).resolve("churn@v9.0.0")


def test_what_a_clone_of_a_single_branch_has_it_answers(whole: Repository, opened: Open, tmp_path: Path) -> None:
    clone = whole.clone(tmp_path / "clone", "--single-branch")
    assert opened(clone).resolve("churn@v1.0.0").version == "v1.0.0"


def test_a_denial_of_a_single_branch_says_both_sentences(whole: Repository, opened: Open, tmp_path: Path) -> None:
    clone = whole.clone(tmp_path / "clone", "--single-branch", "--branch=main")
    with pytest.raises(Unanswerable) as caught:
        opened(clone).resolve("churn#moon")
    assert caught.value.message == (
        "nothing of 'churn' is in 'moon' in this clone, but this clone follows a single branch, "
        "so registry tags of other branches may be missing"
    )


def test_another_remote_without_tags_hides_nothing(whole: Repository, opened: Open, tmp_path: Path) -> None:
    clone = whole.clone(tmp_path / "clone")
    clone.git("remote", "add", "--no-tags", "colleague", whole.path.as_uri())
    assert opened(clone).resolve("churn#prod").version == "v2.0.0"


def test_another_remote_with_all_branches_does_not_hide_a_single_one(whole: Repository, opened: Open, tmp_path: Path) -> None:
    clone = whole.clone(tmp_path / "clone", "--single-branch", "--branch=main")
    clone.git("remote", "add", "upstream", whole.path.as_uri())
    with pytest.raises(Unanswerable, match="follows a single branch") as caught:
        opened(clone).resolve("churn#moon")
    assert caught.value.hint.startswith("git remote set-branches origin '*'")
    clone.git("remote", "set-branches", "origin", "*")
    clone.git("remote", "set-branches", "upstream", "main")
    with pytest.raises(NotFound):
        opened(clone).resolve("churn#moon")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("tagOpt", "--no-tags", "without the tags of 'origin'"),
        ("fetch", "+refs/heads/main:refs/remotes/origin/main", "a single branch"),
    ],
)
def test_what_a_configuration_includes_counts(
    whole: Repository, opened: Open, tmp_path: Path, option: str, value: str, said: str
) -> None:
    clone = whole.clone(tmp_path / "clone")
    clone.git("config", "--unset-all", "remote.origin.fetch")
    clone.git("config", "include.path", "more")
    clone.git("config", "--file", str(clone.path / ".git/more"), f"remote.origin.{option}", value)
    with pytest.raises(Unanswerable, match=said):
        opened(clone).resolve("churn#moon")
    clone.git("config", "--file", str(clone.path / ".git/more"), "--unset", f"remote.origin.{option}")
    with pytest.raises(NotFound):
        opened(clone).resolve("churn#moon")


def test_a_clone_whose_only_remote_has_another_name_is_seen_through_too(whole: Repository, opened: Open, tmp_path: Path) -> None:
    clone = whole.clone(tmp_path / "clone", "--no-tags", "--origin=upstream")
    with pytest.raises(Unanswerable, match="without the tags of 'upstream'"):
        opened(clone).resolve("churn#prod")


def test_a_repository_without_a_remote_is_whole(repository: Repository, opened: Open) -> None:
    with pytest.raises(NotFound):
        opened(repository).resolve("churn@latest")


@pytest.mark.parametrize("option", GAPS)
def test_a_clone_that_lacks_tags_writes_nothing_by_itself_but_lets_the_remote_decide(
    whole: Repository, opened: Open, tmp_path: Path, option: str
) -> None:
    clone = whole.clone(tmp_path / "clone", option)
    clone.tick()
    with pytest.raises(Unanswerable):
        opened(clone).register("churn")
    [event] = opened(clone).register("churn", push=True).created
    assert event.version == "v2.0.1"
    assert whole.refs()["refs/tags/churn@v2.0.1"] == event.tag_id
