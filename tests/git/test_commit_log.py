from __future__ import annotations

import pytest

from gitreg.errors import ExternalFault, Unanswerable
from gitreg.git.ancestry import Ancestry
from gitreg.git.commit_log import list_between, list_commits, list_containing
from gitreg.git.objects import Objects
from gitreg.git.run import Git
from tests.git.inside import enter
from tests.support.repository import Repository


@pytest.fixture(autouse=True)
def entered(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(repository, monkeypatch)


# ---- the commits that led to one ----


@pytest.mark.parametrize("name", ["a b", "ö", "*", ":(top)x", "-x", '"', "a\tb", "[a]", "\\"])
def test_a_path_is_meant_as_it_is_written(name: str, repository: Repository) -> None:
    repository.commit({"other": "1"})
    for file in (name, "other"):
        (repository.path / file).write_text("2", encoding="utf-8")
    repository.git("add", "--all")
    repository.commit(message=f"Change {name}")
    found = list_commits(Git(repository.path), repository.git("rev-parse", "HEAD"), None, paths=[name])
    assert [(one.subject.split()[0], one.files) for one in found] == [("Change", 1)]


@pytest.mark.parametrize("setting", [
    "log.showSignature=true", "log.follow=true", "log.date=relative", "diff.relative=true", "diff.renames=copies", "color.ui=always",
    "log.decorate=full", "log.mailmap=true", "i18n.logOutputEncoding=latin1", "log.diffMerges=first-parent", "log.abbrevCommit=true",
    "notes.displayRef=refs/notes/*", "core.quotePath=true", "format.pretty=oneline",
])  # fmt: skip
def test_what_a_person_has_configured_changes_nothing(setting: str, repository: Repository) -> None:
    repository.commit({"sub/ö": "1", "x": "1"}, "Ärger /mit\ttabs")
    repository.git("notes", "add", "-m", "a note")
    git, head = Git(repository.path), repository.git("rev-parse", "HEAD")
    before = list_commits(git, head, None)
    repository.git("config", *setting.split("="))
    (repository.path / "sub").mkdir(exist_ok=True)
    assert list_commits(Git(repository.path / "sub"), head, None) == before
    assert next((one.subject, one.files) for one in before) == ("Ärger /mit\ttabs", 2)


@pytest.mark.parametrize("variable", ["GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_NOGLOB_PATHSPECS"])
def test_how_a_person_reads_patterns_changes_nothing(
    variable: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"X": "1", "sub/artifacts.yaml": "{}\n"})
    monkeypatch.setenv(variable, "1")
    git, head = Git(repository.path), repository.git("rev-parse", "HEAD")
    assert list_commits(git, head, None, paths=["x"]) == []
    assert [one.files for one in list_commits(git, head, None, paths=["X"])] == [1]
    assert [one.files for one in list_commits(git, head, None, without=["artifacts.yaml"])] == [1, 1]


def test_tags_that_have_a_commit_are_listed(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.register("a", "v1.0.0")
    repository.commit()
    repository.register("a", "v1.1.0")
    git = Git(repository.path)
    assert list_containing(git, first, ["refs/tags/a@*"]) == {"a@v1.0.0", "a@v1.1.0"}
    assert list_containing(git, repository.git("rev-parse", "HEAD"), ["refs/tags/a@*"]) == {"a@v1.1.0"}


# ---- the commits that only one of two has ----


@pytest.fixture
def forked(repository: Repository) -> Repository:
    """Two branches of two commits each, one of which was merged."""
    repository.git("checkout", "--quiet", "-b", "other")
    repository.tick()
    repository.commit({"other": "1"}, "Other 1")
    repository.tick()
    repository.commit({"[o]ther": "1"}, "Other 2")
    repository.git("checkout", "--quiet", "main")
    repository.tick()
    repository.commit({"main": "1"}, "Main 1\n\nwith a body")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.tick()
    repository.commit({"side": "1"}, "Side")
    repository.git("checkout", "--quiet", "main")
    repository.tick()
    repository.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    return repository


def list_subjects(repository: Repository, *paths: str) -> list[tuple[bool, str]]:
    """List the commits between the branches: whether they are ahead, and their subjects."""
    old, new = repository.git("rev-parse", "other", "main").splitlines()
    return [(found.ahead, found.subject) for found in list_between(Git(repository.path), old, new, paths)]


def test_commits_of_both_sides_are_listed_newest_first_without_merges(forked: Repository) -> None:
    assert list_subjects(forked) == [(True, "Side"), (True, "Main 1"), (False, "Other 2"), (False, "Other 1")]


def test_only_commits_that_change_a_path_are_listed_and_a_path_is_no_pattern(
    forked: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list_subjects(forked, "[o]ther", "side") == [(True, "Side"), (False, "Other 2")]
    assert list_subjects(forked, ":(exclude)side") == []
    for name in ("GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_NOGLOB_PATHSPECS"):
        monkeypatch.setenv(name, "1")
    assert list_subjects(forked, "[o]ther", "SIDE") == [(False, "Other 2")]


def test_nothing_is_between_a_commit_and_itself(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    assert list_between(Git(repository.path), head, head, []) == []


def test_a_commit_that_is_missing_is_an_error(repository: Repository) -> None:
    with pytest.raises((Unanswerable, ExternalFault)):
        list_between(Git(repository.path), repository.git("rev-parse", "HEAD"), "1" * 40, [])


def test_odd_dates_and_names_are_read(repository: Repository) -> None:
    head, tree = repository.git("rev-parse", "HEAD", "HEAD^{tree}").splitlines()
    body = f"tree {tree}\nparent {head}\nauthor A\x01\u202e <a@b> 99999999999999999 +0000\ncommitter A <a@b> 1 +0000\n\n"
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", input=body)
    (found,) = list_between(Git(repository.path), head, commit, [])
    assert (found.subject, found.author_email) == ("", "a@b")
    assert found.at < 10**12


@pytest.mark.parametrize(("at", "read"), [(99_999_999_999, 99_999_999_999), (100_000_000_000, 0)])
def test_a_time_that_no_clock_has_shown_is_none(at: int, read: int, repository: Repository) -> None:
    repository.commit({"x": "1"})
    tree, head = repository.git("rev-parse", "HEAD^{tree}", "HEAD~1").splitlines()
    body = f"tree {tree}\nparent {head}\nauthor A <a@b> {at} +0000\ncommitter A <a@b> 1 +0000\n\n"
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", input=body)
    git = Git(repository.path)
    with Objects(git) as objects:
        (afar,) = Ancestry(objects).read([commit])
    here = [*list_commits(git, commit, head), *list_between(git, head, commit, [])]
    assert [afar.at, *(one.at for one in here)] == [read] * 3
