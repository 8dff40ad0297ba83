from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg.errors import Unanswerable
from gitreg.git import ancestry
from gitreg.git.ancestry import Ancestry
from gitreg.git.objects import Objects
from tests.support.repository import Repository

HISTORIES = st.lists(
    st.tuples(st.lists(st.integers(0, 7), max_size=2, unique=True), st.integers(-300, 300)), min_size=2, max_size=9
)


def make(repository: Repository, history: list[tuple[list[int], int]]) -> list[str]:
    """Make commits with parents among those before, on clocks that are off by some minutes."""
    tree = repository.git("rev-parse", "HEAD^{tree}")
    commits = [repository.git("rev-parse", "HEAD")]
    for number, (parents, skew) in enumerate(history):
        chosen = [commits[parent] for parent in parents if parent < len(commits)] or commits[-1:]
        repository.tick(60)
        at = {"GIT_COMMITTER_DATE": f"{repository.now + skew} +0000"}
        options = [option for parent in dict.fromkeys(chosen) for option in ("-p", parent)]
        commits.append(repository.git("commit-tree", tree, *options, "-m", f"Number {number}", env=at))
    return commits


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES, ends=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_history_is_what_git_says_it_is(
    history: list[tuple[list[int], int]], ends: tuple[int, int], repository: Repository, objects: Objects
) -> None:
    commits = make(repository, history)
    new, old = (commits[end % len(commits)] for end in ends)
    for since, revisions in ((old, [new, f"^{old}"]), (None, [new])):
        found = [one.commit for one in Ancestry(objects).list_between(new, since)]
        assert found == repository.git("rev-list", *revisions).splitlines()
    descending = Ancestry(objects).list_descending([new], old)
    assert descending == set(repository.git("rev-list", "--ancestry-path", f"{old}..{new}").splitlines()) | (
        {old} if old in repository.git("rev-list", new).splitlines() else set()
    )


def test_a_commit_comes_before_its_parent_also_if_its_clock_was_behind(repository: Repository, objects: Objects) -> None:
    commits = make(repository, [([], 0), ([1], -300), ([2], 0)])
    assert [one.commit for one in Ancestry(objects).list_between(commits[-1], commits[0])] == commits[:0:-1]


def test_without_an_end_it_is_everything(repository: Repository, objects: Objects) -> None:
    repository.commit(message="Second: ünï")
    found = Ancestry(objects).list_between(repository.git("rev-parse", "HEAD"), None)
    told = {(one.subject, one.author, one.author_email, one.at) for one in found}
    assert told == {(subject, "Ann Example", "ann@example.com", repository.now) for subject in ("Second: ünï", "Begin")}


def test_what_is_missing_or_too_much_is_no_answer(
    repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unanswerable, match="cannot be read"):
        Ancestry(objects).read(["1" * 40])
    monkeypatch.setattr(ancestry, "_MOST", 0)
    with pytest.raises(Unanswerable, match="more than 0 commits"):
        Ancestry(objects).read([repository.git("rev-parse", "HEAD")])


@pytest.mark.parametrize(
    "body", [b"", b"author x\n\n", b"author  <> 99999999999999999999 +0000\n\nx", b"parent zz\nauthor A <b> 1 +0000\n"]
)
def test_a_commit_that_is_not_as_it_should_be_is_read_as_far_as_it_goes(
    body: bytes, repository: Repository, objects: Objects
) -> None:
    tree = repository.git("rev-parse", "HEAD^{tree}").encode()
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", input=b"tree " + tree + b"\n" + body)
    assert Ancestry(objects).read([commit])[0].parents == ()
