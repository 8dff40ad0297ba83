"""What the API writes, decision by decision, in one clone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from gitreg import Registry
from gitreg.core.versions import Bump
from gitreg.core.views import Written
from gitreg.errors import Conflict, ExternalFault, GitregError, NotFound, Refused, SyntaxFault, Unanswerable, UsageFault
from tests.operations.picture import Open, picture
from tests.support.environment import START
from tests.support.repository import Repository


@pytest.fixture
def registry(repository: Repository) -> Repository:
    """``churn`` with two versions, of which the first is in ``prod``."""
    repository.commit({"artifacts.yaml": "churn:\n  path: README.md\n"}, "First")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.commit(message="Second")
    repository.register("churn", "v1.1.0")
    repository.tick()
    repository.commit(message="Third")
    return repository


def made(written: Written) -> list[str]:
    """List the tags that were made."""
    return [event.tag for event in written.created]


def test_a_registration_is_an_annotated_tag_of_the_commit(registry: Repository, opened: Open) -> None:
    written = opened(registry).register("churn", message="Better on Fridays")
    (event,) = written.created
    assert (event.tag, event.version, event.at, written.pushed) == ("churn@v1.1.1", "v1.1.1", registry.now, False)
    assert registry.git("cat-file", "tag", "churn@v1.1.1") == (
        f"object {registry.git('rev-parse', 'HEAD')}\ntype commit\ntag churn@v1.1.1\n"
        f"tagger Ann Example <ann@example.com> {registry.now} +0000\n\nBetter on Fridays"
    )
    assert opened(registry).check_ref("churn@v1.1.1") == event


WRITES: Final[dict[str, tuple[Callable[[Registry], Written], list[str]]]] = {
    "register NAME": (lambda api: api.register("churn"), ["churn@v1.1.1"]),
    "register NEW": (lambda api: api.register("iris"), ["iris@v0.0.1"]),
    "register --bump major": (lambda api: api.register("churn", bump=Bump.MAJOR), ["churn@v2.0.0"]),
    "register --bump prerelease": (lambda api: api.register("churn", bump=Bump.PRERELEASE), ["churn@v1.1.1-rc.1"]),
    "register --version": (lambda api: api.register("churn", version="v0.5.0"), ["churn@v0.5.0"]),
    "register REV": (lambda api: api.register("iris", "HEAD~2"), ["iris@v0.0.1"]),
    "register --same-commit": (lambda api: api.register("churn", "HEAD~1", same_commit=True), ["churn@v1.1.1"]),
    "register in a folder": (lambda api: api.register("models/nlp:churn"), ["models/nlp=churn@v0.0.1"]),
    "assign NAME@V": (lambda api: api.assign("churn@v1.1.0", "prod"), ["churn#prod#2"]),
    "assign NAME@latest": (lambda api: api.assign("churn@latest", "dev"), ["churn#dev#2"]),
    "assign NAME#STAGE": (lambda api: api.assign("churn#prod", "dev"), ["churn#dev#2"]),
    "assign --rev of a version": (lambda api: api.assign("churn", "dev", rev="HEAD~1"), ["churn#dev#2"]),
    "assign --rev of a bare commit": (lambda api: api.assign("churn", "dev", rev="HEAD"), ["churn#dev#2"]),
    "register and assign": (lambda api: api.register_and_assign("churn", "prod"), ["churn@v1.1.1", "churn#prod#2"]),
    "register a version and assign": (
        lambda api: api.register_and_assign("churn@v3.0.0", "dev"),
        ["churn@v3.0.0", "churn#dev#2"],
    ),
    "unassign": (lambda api: api.unassign("churn", "prod"), ["churn#prod!#2"]),
    "unassign NAME@V": (lambda api: api.unassign("churn@v1.0.0", "prod"), ["churn#prod!#2"]),
    "rollback --to": (lambda api: api.rollback("churn", "prod", to="v1.1.0"), ["churn#prod#2"]),
    "deregister": (lambda api: api.deregister("churn@v1.0.0"), ["churn@v1.0.0!"]),
    "deprecate": (lambda api: api.deprecate("churn"), ["churn@deprecated"]),
}


@pytest.mark.parametrize(("write", "tags"), WRITES.values(), ids=WRITES)
def test_a_write_makes_these_tags_and_touches_nothing_else(
    write: Callable[[Registry], Written], tags: list[str], registry: Repository, opened: Open
) -> None:
    before = picture(registry)
    assert made(write(opened(registry))) == tags
    after = picture(registry)
    refs = registry.refs()
    assert {ref.removeprefix("refs/tags/") for ref in refs if ref not in before["refs"]} == set(tags)  # type: ignore[operator]
    for tag in tags:
        del refs[f"refs/tags/{tag}"]
    assert {**after, "refs": refs} == before


@pytest.mark.parametrize(("write", "tags"), WRITES.values(), ids=WRITES)
def test_a_write_is_an_event_that_can_be_read_back(
    write: Callable[[Registry], Written], tags: list[str], registry: Repository, opened: Open
) -> None:
    api = opened(registry)
    for event in write(api).created:
        assert api.check_ref(event.tag) == event
        if event.stage:
            assert event.message.endswith(f"Gitreg-Version: {event.version}") == (event.version is not None)


REFUSED: Final[dict[str, tuple[Callable[[Registry], object], type[GitregError], int]]] = {
    "a second version on a commit": (lambda api: api.register("churn", "HEAD~1"), Refused, 5),
    "a version that is active": (lambda api: api.register("churn", version="v1.0.0"), Conflict, 4),
    "a version that is none": (lambda api: api.register("churn", version="1.0.0"), SyntaxFault, 2),
    "a version and a bump": (lambda api: api.register("churn", version="v3.0.0", bump=Bump.MAJOR), UsageFault, 2),
    "a revision that is none": (lambda api: api.register("churn", "nothing"), NotFound, 3),
    "an option in place of a revision": (lambda api: api.register("churn", "--output=x"), NotFound, 3),
    "a file in place of a revision": (lambda api: api.register("churn", "HEAD:README.md"), NotFound, 3),
    "a name that is an option": (lambda api: api.register("--all"), SyntaxFault, 2),
    "a name that is a command": (lambda api: api.register("$(id)"), SyntaxFault, 2),
    "a name with an empty part": (lambda api: api.register("a//b"), SyntaxFault, 2),
    "a name that leaves the repository": (lambda api: api.register("../x:y"), SyntaxFault, 2),
    "a name that ends in .lock": (lambda api: api.register("a.lock:b"), SyntaxFault, 2),
    "a name that differs by case": (lambda api: api.register("Churn"), Conflict, 4),
    "a selector in place of a name": (lambda api: api.register("churn@v3.0.0"), SyntaxFault, 2),
    "an assignment of nothing in particular": (lambda api: api.assign("churn", "prod"), UsageFault, 2),
    "an assignment of two things": (lambda api: api.assign("churn@v1.0.0", "prod", rev="HEAD"), UsageFault, 2),
    "an assignment of what holds the stage": (lambda api: api.assign("churn@v1.0.0", "prod"), Conflict, 4),
    "an assignment of no version": (lambda api: api.assign("churn@v9.0.0", "prod"), NotFound, 3),
    "an assignment from an empty stage": (lambda api: api.assign("churn#dev", "prod"), NotFound, 3),
    "a stage with a slash": (lambda api: api.assign("churn@latest", "eu/prod"), SyntaxFault, 2),
    "a stage that differs by case": (lambda api: api.assign("churn@latest", "Prod"), Conflict, 4),
    "an unassignment of who does not hold it": (lambda api: api.unassign("churn@v1.1.0", "prod"), NotFound, 3),
    "an unassignment of an empty stage": (lambda api: api.unassign("churn", "dev"), NotFound, 3),
    "an unassignment by a stage": (lambda api: api.unassign("churn#prod", "prod"), UsageFault, 2),
    "a rollback without anybody before": (lambda api: api.rollback("churn", "prod"), NotFound, 3),
    "a deregistration of no version": (lambda api: api.deregister("churn@v9.0.0"), NotFound, 3),
    "a deregistration without a version": (lambda api: api.deregister("churn"), UsageFault, 2),
    "a deprecation of nobody": (lambda api: api.deprecate("nobody"), NotFound, 3),
    "a trailer of a person": (lambda api: api.register("churn", message="Hi\nGitreg-Version: v9.0.0"), UsageFault, 2),
    "NUL in a message": (lambda api: api.register("churn", message="a\0b"), UsageFault, 2),
    "a push without a remote": (lambda api: api.register("churn", push=True), ExternalFault, 7),
}


@pytest.mark.parametrize(("write", "error", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_written_is_refused_with_its_code_and_leaves_nothing(
    write: Callable[[Registry], object], error: type[GitregError], code: int, registry: Repository, opened: Open
) -> None:
    before = picture(registry)
    with pytest.raises(GitregError) as caught:
        write(opened(registry))
    assert isinstance(caught.value, error), caught.value
    assert caught.value.exit_code == code
    assert caught.value.message
    assert "\n" not in caught.value.message
    assert picture(registry) == before


@pytest.mark.parametrize(("write", "tags"), WRITES.values(), ids=WRITES)
def test_a_dry_run_says_what_would_be_made_and_makes_nothing(
    write: Callable[[Registry], Written], tags: list[str], registry: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = picture(registry)
    api = opened(registry)
    for verb in ("register", "assign", "register_and_assign", "unassign", "rollback", "deregister", "deprecate"):
        plain = getattr(Registry, verb)
        monkeypatch.setattr(Registry, verb, lambda *a, plain=plain, **options: plain(*a, **{**options, "dry_run": True}))
    written = write(api)
    assert (made(written), written.dry_run) == (tags, True)
    assert picture(registry) == before


def test_events_that_follow_in_one_second_are_a_second_apart(repository: Repository, opened: Open) -> None:
    api = opened(repository)
    times = [
        event.at
        for written in (
            api.register_and_assign("churn", "dev"),
            api.assign("churn@latest", "prod"),
            api.unassign("churn", "dev"),
            api.deregister("churn@latest"),
        )
        for event in written.created
    ]
    assert times == [START, START + 1, START + 2, START + 3, START + 4]


def test_a_clock_that_is_behind_writes_after_the_last_event_and_one_far_behind_refuses(
    registry: Repository, opened: Open
) -> None:
    last = registry.now - 60
    registry.now = last - 300
    assert opened(registry).assign("churn@v1.1.0", "prod").created[0].at == last + 1
    registry.now -= 1
    with pytest.raises(Refused) as caught:
        opened(registry).assign("churn@v1.0.0", "prod")
    assert "--accept-clock" in caught.value.hint
    assert opened(registry).assign("churn@v1.0.0", "prod", accept_clock=True).created[0].at == last + 2


def test_a_number_is_never_used_twice_also_if_its_tag_is_quarantined(registry: Repository, opened: Open) -> None:
    registry.tag("churn#prod#7", lightweight=True)
    registry.tag("churn@v5.0.0", lightweight=True)
    api = opened(registry)
    assert made(api.assign("churn@v1.1.0", "prod")) == ["churn#prod#8"]
    assert made(api.register("churn")) == ["churn@v5.0.1"]


def test_a_version_that_was_deregistered_may_be_registered_again(registry: Repository, opened: Open) -> None:
    api = opened(registry)
    api.deregister("churn@v1.0.0")
    assert made(api.register("churn", version="v1.0.0")) == ["churn@v1.0.0#2"]
    assert made(api.deregister("churn@v1.0.0")) == ["churn@v1.0.0!#3"]


def test_a_rollback_assigns_the_holder_before_the_current_one(registry: Repository, opened: Open) -> None:
    api = opened(registry)
    api.assign("churn@v1.1.0", "prod")
    assert made(api.rollback("churn", "prod")) == ["churn#prod#3"]
    assert api.resolve("churn#prod").version == "v1.0.0"


def test_the_settings_decide_which_stages_there_are_and_whether_to_push(
    registry: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.commit({".gitreg.yaml": "stages: [dev, prod]\npush: true\nremote: upstream\n"})
    api = opened(registry)
    with pytest.raises(Refused, match="not among the stages"):
        api.assign("churn@latest", "staging")
    with pytest.raises(ExternalFault):
        api.assign("churn@latest", "dev")
    assert made(api.assign("churn@latest", "dev", push=False)) == ["churn#dev#2"]


@pytest.mark.parametrize("option", ["--depth=1", "--no-tags"])
def test_a_clone_that_lacks_tags_decides_nothing(option: str, registry: Repository, opened: Open, tmp_path: Path) -> None:
    with pytest.raises(Unanswerable):
        opened(registry.clone(tmp_path / "clone", option)).register("churn")


@pytest.mark.parametrize(("there", "artifact"), [("churn", "churn/x"), ("churn@v1.1.1/x", "churn")])
def test_a_tag_in_the_way_is_named(there: str, artifact: str, registry: Repository, opened: Open) -> None:
    registry.tag(there, lightweight=True)
    with pytest.raises(Conflict, match="beside") as caught:
        opened(registry).register(artifact)
    assert repr(there) in caught.value.message


@pytest.mark.parametrize("selector", ["churn@latest", "churn#prod"])
def test_an_artifact_that_has_only_an_entry_is_told_what_it_lacks(selector: str, repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  type: model\n"})
    registry = opened(repository)
    with pytest.raises(NotFound, match="has an entry, but no version yet") as raised:
        registry.assign(selector, "dev")
    assert raised.value.hint == "register one: gitreg register 'churn'"
    with pytest.raises(NotFound, match="there is no version of 'churn'"):
        registry.resolve(selector)
