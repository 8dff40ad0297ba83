from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pytest

from gitreg.errors import Conflict, ExternalFault, NotFound, Refused, Unanswerable
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

POSIX: Final = pytest.mark.skipif(sys.platform == "win32", reason="the hook is a shell script")


def hook(repository: Repository, name: str, script: str) -> None:
    """Install a hook."""
    place = repository.path / repository.git("rev-parse", "--git-path", "hooks") / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def batches(remote: Repository, log: Path) -> list[list[str]]:
    """Read what arrived, push by push."""
    pushes = log.read_text().split("--\n")[1:] if log.exists() else []
    return [[line.rpartition("refs/tags/")[2] for line in push.splitlines()] for push in pushes]


@pytest.fixture
def log(remote: Repository, tmp_path: Path) -> Path:
    """Where the remote logs what arrives in each push."""
    log = tmp_path / "log"
    hook(remote, "post-receive", f"(echo --; cat) >>'{log}'")
    return log


@pytest.fixture
def ahead(repository: Repository, remote: Repository) -> Repository:
    """A clone with seven registry tags, of which no other order than that of their times makes sense."""
    for artifact, version in (("fraud", "v1.0.0"), ("churn", "v1.0.0"), ("churn", "v2.0.0")):
        repository.commit(message=f"{artifact} {version}")
        repository.tick()
        repository.register(artifact, version)
        repository.tick()
        repository.assign(artifact, "prod", version=version)
    repository.tick()
    repository.deprecate("fraud")
    repository.tag("unrelated")
    return repository


IN_ORDER: Final = [
    "fraud@v1.0.0", "fraud#prod#1", "churn@v1.0.0", "churn#prod#1", "churn@v2.0.0", "churn#prod#2", "fraud@deprecated",
]  # fmt: skip


@POSIX
def test_tags_are_published_in_their_order_at_most_three_a_push(
    ahead: Repository, remote: Repository, log: Path, opened: Open
) -> None:
    written = opened(ahead).push()
    assert [event.tag for event in written.created] == IN_ORDER
    assert (written.pushed, written.remote, written.notes, written.dry_run) == (True, "origin", (), False)
    assert [sorted(batch) for batch in batches(remote, log)] == [sorted(IN_ORDER[:3]), sorted(IN_ORDER[3:6]), IN_ORDER[6:]]
    assert all(remote.refs()[f"refs/tags/{tag}"] == ahead.refs()[f"refs/tags/{tag}"] for tag in IN_ORDER)
    assert "refs/tags/unrelated" not in remote.refs()


def test_a_second_push_has_nothing_to_do(ahead: Repository, remote: Repository, opened: Open) -> None:
    opened(ahead).push()
    before = remote.refs()
    assert opened(ahead).push().created == ()
    assert remote.refs() == before


def test_what_the_remote_has_already_is_not_sent_again(ahead: Repository, remote: Repository, opened: Open) -> None:
    ahead.git("push", "--quiet", "origin", "refs/tags/churn@v1.0.0")
    assert [event.tag for event in opened(ahead).push().created] == [tag for tag in IN_ORDER if tag != "churn@v1.0.0"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("churn", ["churn@v1.0.0", "churn#prod#1", "churn@v2.0.0", "churn#prod#2"]),
        ("churn@v1.0.0", ["churn@v1.0.0", "churn#prod#1"]),
        ("churn@latest", ["churn@v2.0.0", "churn#prod#2"]),
        ("churn#prod", ["churn@v1.0.0", "churn#prod#1", "churn@v2.0.0", "churn#prod#2"]),
    ],
)
def test_a_selector_says_which(ahead: Repository, remote: Repository, opened: Open, selector: str, expected: list[str]) -> None:
    assert [event.tag for event in opened(ahead).push(selector).created] == expected
    assert sorted(ref for ref in remote.refs() if ref.startswith("refs/tags/")) == sorted(f"refs/tags/{tag}" for tag in expected)


@pytest.mark.parametrize("selector", ["nobody", "churn@v9.0.0", "churn#moon", "nobody@latest"])
def test_a_selector_of_nothing_is_not_found(ahead: Repository, remote: Repository, opened: Open, selector: str) -> None:
    before = remote.refs()
    with pytest.raises(NotFound) as caught:
        opened(ahead).push(selector)
    assert caught.value.hint
    assert remote.refs() == before


def test_a_dry_run_says_which_and_sends_nothing(ahead: Repository, remote: Repository, opened: Open) -> None:
    before = remote.refs()
    written = opened(ahead).push(dry_run=True)
    assert [event.tag for event in written.created] == IN_ORDER
    assert (written.pushed, written.dry_run) == (False, True)
    assert remote.refs() == before


def test_tags_that_cannot_be_read_are_left_out_with_a_note(ahead: Repository, remote: Repository, opened: Open) -> None:
    ahead.tag("churn@v3.0.0", lightweight=True)
    written = opened(ahead).push()
    assert [event.tag for event in written.created] == IN_ORDER
    assert written.notes == ("left out: 'churn@v3.0.0' is a lightweight tag, which states no author and no time; it is not read",)
    assert "refs/tags/churn@v3.0.0" not in remote.refs()


@POSIX
def test_somebody_who_is_faster_is_not_overwritten_and_what_came_before_stays(
    ahead: Repository, remote: Repository, opened: Open
) -> None:
    theirs = remote.git("mktag", input=f"object {remote.git('rev-parse', 'main')}\ntype commit\ntag churn#prod#1\n"
                        "tagger Bob <bob@example.com> 1767225600 +0000\n\nFaster\n")  # fmt: skip
    update = f"env -u GIT_DIR git --git-dir='{remote.path}' update-ref 'refs/tags/churn#prod#1' {theirs}"
    hook(ahead, "pre-push", f"if grep -q 'churn#prod#1'; then {update}; fi")
    before = picture(ahead)
    with pytest.raises(Conflict) as caught:
        opened(ahead).push()
    sentence = "'origin' has one of 'churn#prod#1', 'churn@v2.0.0', 'churn#prod#2' by now, made by somebody else"
    assert caught.value.message == f"{sentence}; 3 tags before are published"
    assert caught.value.hint
    assert remote.refs()["refs/tags/churn#prod#1"] == theirs
    there = {ref.removeprefix("refs/tags/") for ref in remote.refs() if ref.startswith("refs/tags/")}
    assert there == {*IN_ORDER[:3], "churn#prod#1"}
    assert picture(ahead) == before


def test_a_tag_that_is_another_one_there_stops_everything(ahead: Repository, remote: Repository, opened: Open) -> None:
    ahead.git("push", "--quiet", "origin", "refs/tags/churn@v1.0.0")
    ahead.git("tag", "-d", "churn@v1.0.0")
    ahead.tag("churn@v1.0.0", message="Mine")
    before = remote.refs()
    with pytest.raises(Unanswerable, match=r"tag 'churn@v1\.0\.0' is another one here than on 'origin'"):
        opened(ahead).push()
    assert remote.refs() == before


@POSIX
def test_a_hook_of_the_remote_may_refuse_and_then_nothing_is_there(ahead: Repository, remote: Repository, opened: Open) -> None:
    hook(remote, "pre-receive", "echo 'no tags today' >&2; exit 1")
    before = remote.refs()
    with pytest.raises(Refused, match="no tags today"):
        opened(ahead).push()
    assert remote.refs() == before


def test_a_remote_that_cannot_be_reached_is_an_error_of_the_outside(ahead: Repository, opened: Open) -> None:
    ahead.git("remote", "set-url", "origin", "file:///nowhere/at/all")
    with pytest.raises(ExternalFault, match="did not answer"):
        opened(ahead).push()


def test_commits_that_the_remote_lacks_travel_with_their_tags(ahead: Repository, remote: Repository, opened: Open) -> None:
    opened(ahead).push("churn@v2.0.0")
    assert remote.git("rev-parse", "churn@v2.0.0^{commit}") == ahead.git("rev-parse", "HEAD")
    assert remote.git("rev-parse", "main") != ahead.git("rev-parse", "HEAD")


def test_a_tag_of_an_artifact_of_a_folder_is_found_by_its_name(repository: Repository, remote: Repository, opened: Open) -> None:
    repository.register("models/nlp:sent", "v1.0.0")
    assert [event.tag for event in opened(repository).push("models/nlp:sent").created] == ["models/nlp=sent@v1.0.0"]
