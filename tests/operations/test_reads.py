"""What the API answers: state, events and files, now and at any moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from gitreg.core.events import Kind
from gitreg.core.views import ArtifactDetail, Overview, Sort, VersionDetail, View
from gitreg.errors import AnswerIsNo, NotFound, SyntaxFault, UsageFault
from tests.operations.picture import Open
from tests.support.environment import START
from tests.support.repository import Repository

FILE: Final = """\
churn:
  type: model
  path: models/churn.pkl
  labels: [tabular, eu]
iris:
  type: dataset
  path: https://example.com/iris.csv
  labels: [eu]
old:
  type: model
plan:
  type: model
"""


@pytest.fixture
def registry(repository: Repository) -> Repository:
    """Four artifacts; ``churn`` has two versions, ``old`` is deprecated, ``plan`` has no event."""
    repository.commit({"artifacts.yaml": FILE, "models/churn.pkl": "1", ".gitreg.yaml": "stages: [dev, prod]\n"}, "First")
    repository.register("churn", "v1.0.0")
    repository.tick()  # 00:01
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()  # 00:02
    repository.register("old", "v1.0.0")
    repository.tick()  # 00:03
    repository.deprecate("old")
    repository.tick()  # 00:04
    repository.commit({"artifacts.yaml": FILE.replace("models/churn.pkl", "models/churn")}, "Second")
    repository.register("churn", "v1.1.0-rc.1")
    repository.tick()  # 00:05
    repository.assign("churn", "prod", version="v1.1.0-rc.1")
    repository.assign("churn", "eu-west", version="v1.1.0-rc.1")
    repository.tick()  # 00:06
    repository.register("iris", "v0.1.0", "HEAD~1")
    return repository


def names(view: View) -> list[str]:
    """List the artifacts of an overview."""
    assert isinstance(view, Overview)
    return [one.artifact.name for one in view.artifacts]


def test_the_overview_lists_what_has_events_or_an_entry_by_name(registry: Repository, opened: Open) -> None:
    view = opened(registry).show()
    assert isinstance(view, Overview)
    assert names(view) == ["churn", "iris", "plan"]
    assert [one.entry.type if one.entry else None for one in view.artifacts] == ["model", "dataset", "model"]
    assert [(one.artifact.latest, one.artifact.stable) for one in view.artifacts] == [
        ("v1.1.0-rc.1", "v1.0.0"), ("v0.1.0", "v0.1.0"), (None, None),
    ]  # fmt: skip
    assert view.problems == ()


def test_the_columns_are_the_stages_of_the_settings_and_then_all_others_that_are_held(registry: Repository, opened: Open) -> None:
    view = opened(registry).show()
    assert isinstance(view, Overview)
    assert view.stages == ("dev", "prod", "eu-west")


def test_the_overview_can_be_narrowed_and_sorted(registry: Repository, opened: Open) -> None:
    api = opened(registry)
    assert names(api.show(everything=True)) == ["churn", "iris", "old", "plan"]
    assert names(api.show(type="model")) == ["churn", "plan"]
    assert names(api.show(labels=["eu"])) == ["churn", "iris"]
    assert names(api.show(labels=["eu", "tabular"])) == ["churn"]
    assert names(api.show(stage="prod")) == ["churn"]
    assert names(api.show(stage="dev")) == []
    assert names(api.show(sort=Sort.UPDATED)) == ["iris", "churn", "plan"]


def test_an_artifact_is_shown_with_its_active_versions_greatest_first(registry: Repository, opened: Open) -> None:
    registry.tick()
    registry.deregister("churn", "v1.0.0")
    api = opened(registry)
    detail = api.show("churn")
    assert isinstance(detail, ArtifactDetail)
    assert [version.version for version in detail.versions] == ["v1.1.0-rc.1"]
    everything = api.show("churn", everything=True)
    assert isinstance(everything, ArtifactDetail)
    assert [(version.version, version.active) for version in everything.versions] == [("v1.1.0-rc.1", True), ("v1.0.0", False)]
    assert detail.entry is not None
    assert detail.entry.path == "models/churn"


def test_a_version_is_shown_with_the_files_of_its_own_commit(registry: Repository, opened: Open) -> None:
    api = opened(registry)
    for selector, path, version in (
        ("churn@v1.0.0", "models/churn.pkl", "v1.0.0"),
        ("churn#prod", "models/churn", "v1.1.0-rc.1"),
    ):
        detail = api.show(selector)
        assert isinstance(detail, VersionDetail)
        assert detail.entry is not None
        assert detail.version is not None
        assert (detail.entry.path, detail.version.version) == (path, version)
        assert (detail.assignment is None) == ("@" in selector)


@pytest.mark.parametrize(
    ("selector", "version", "tag", "path"),
    [
        ("churn@latest", "v1.1.0-rc.1", "churn@v1.1.0-rc.1", "models/churn"),
        ("churn@stable", "v1.0.0", "churn@v1.0.0", "models/churn.pkl"),
        ("churn@v1.0.0", "v1.0.0", "churn@v1.0.0", "models/churn.pkl"),
        ("churn#prod", "v1.1.0-rc.1", "churn#prod#2", "models/churn"),
        ("iris@latest", "v0.1.0", "iris@v0.1.0", "https://example.com/iris.csv"),
    ],
)
def test_a_selector_stands_for_a_version_a_commit_a_tag_and_a_path(
    selector: str, version: str, tag: str, path: str, registry: Repository, opened: Open
) -> None:
    resolution = opened(registry).resolve(selector, path=True)
    assert (resolution.version, resolution.tag, resolution.path) == (version, tag, path)
    assert resolution.commit == registry.git("rev-parse", f"refs/tags/{tag}^{{commit}}")


@pytest.mark.parametrize(
    ("selector", "error"),
    [
        ("churn", UsageFault), ("churn@v9.9.9", NotFound), ("churn#dev", NotFound), ("nobody@latest", NotFound), ("old@v1", SyntaxFault),
        ("--all", SyntaxFault), ("$(id)", SyntaxFault), ("a//b@latest", SyntaxFault), ("churn@", SyntaxFault), ("churn#prod\n", SyntaxFault),
    ],
)  # fmt: skip
def test_a_selector_that_stands_for_nothing_is_an_error(
    selector: str, error: type[Exception], registry: Repository, opened: Open
) -> None:
    with pytest.raises(error):
        opened(registry).resolve(selector)


def test_who_misspells_a_name_is_told_the_nearest_one(registry: Repository, opened: Open) -> None:
    for wrong in ("chrun@latest", "chrun"):
        with pytest.raises(NotFound) as caught:
            opened(registry).show(wrong)
        assert caught.value.hint == "did you mean 'churn'?"


@pytest.mark.parametrize(
    ("at", "holder"),
    [
        ("2026-01-01T00:00:59", None), ("2026-01-01T00:01", "v1.0.0"), ("2026-01-01T01:01+01:00", "v1.0.0"), ("2026-01-01T00:04:59Z", "v1.0.0"),
        ("2026-01-01T00:05", "v1.1.0-rc.1"), ("2026-01-01", "v1.1.0-rc.1"), ("2025-12-31", None), ("9999-12-31", "v1.1.0-rc.1"),
        ("HEAD", "v1.0.0"), ("HEAD~1", None), ("churn@v1.1.0-rc.1", "v1.0.0"),
    ],
)  # fmt: skip
def test_state_at_a_moment_is_that_of_the_events_until_then(
    at: str, holder: str | None, registry: Repository, opened: Open
) -> None:
    api = opened(registry)
    if holder is None:
        with pytest.raises(NotFound):
            api.resolve("churn#prod", at=at)
    else:
        assert api.resolve("churn#prod", at=at).version == holder
    stages = {stage.stage: [one.version for one in stage.holders] for stage in api.stages(at=at)}
    assert stages["prod"] == ([] if holder is None else [holder])


def test_the_files_at_a_moment_are_those_of_the_commit_of_then(registry: Repository, opened: Open) -> None:
    api = opened(registry)
    for at, path in (
        ("2026-01-01T00:03", "models/churn.pkl"),
        ("2026-01-01T00:04", "models/churn"),
        ("HEAD~1", "models/churn.pkl"),
    ):
        view = api.show("churn", at=at)
        assert isinstance(view, ArtifactDetail)
        assert view.entry is not None
        assert view.entry.path == path


@pytest.mark.parametrize("at", ["2026-02-30", "2026-01-01T25:00", "2026-01-01x"])
def test_a_date_that_does_not_exist_is_wrong_use(at: str, registry: Repository, opened: Open) -> None:
    with pytest.raises(UsageFault):
        opened(registry).show(at=at)


@pytest.mark.parametrize("at", ["--output=x", "@{-1}", "HEAD:artifacts.yaml", "nothing", "", "0001-01-01"])
def test_a_moment_that_names_no_commit_is_not_found_and_writes_nothing(at: str, registry: Repository, opened: Open) -> None:
    before = registry.files()
    with pytest.raises(NotFound):
        opened(registry).resolve("churn#prod", at=at)
    assert registry.files() == before


def test_history_is_all_events_newest_first(registry: Repository, opened: Open) -> None:
    events = opened(registry).history()
    assert [event.tag for event in events] == [
        "iris@v0.1.0", "churn#eu-west#3", "churn#prod#2", "churn@v1.1.0-rc.1", "old@deprecated", "old@v1.0.0", "churn#prod#1", "churn@v1.0.0",
    ]  # fmt: skip
    assert [event.version for event in events if event.stage] == ["v1.1.0-rc.1", "v1.1.0-rc.1", "v1.0.0"]


def test_history_can_be_narrowed(registry: Repository, opened: Open) -> None:
    api = opened(registry)

    def tags(*arguments: str, **options: object) -> list[str]:
        return [event.tag for event in api.history(*arguments, **options)]  # type: ignore[arg-type]

    assert tags("churn@v1.0.0") == ["churn#prod#1", "churn@v1.0.0"]
    assert tags("churn#prod") == ["churn#prod#2", "churn#prod#1"]
    assert tags("old", kind=Kind.DEPRECATION) == ["old@deprecated"]
    assert tags(limit=2) == ["iris@v0.1.0", "churn#eu-west#3"]
    assert tags(since="2026-01-01T00:06") == ["iris@v0.1.0"]
    assert tags(at="2026-01-01T00:01") == ["churn#prod#1", "churn@v1.0.0"]
    assert tags("plan") == []


def test_check_ref_says_what_event_a_tag_states(registry: Repository, opened: Open) -> None:
    event = opened(registry).check_ref("refs/tags/churn#prod#2")
    assert (event.kind, event.artifact, event.version, event.stage, event.counter) == (
        Kind.ASSIGNMENT, "churn", "v1.1.0-rc.1", "prod", 2,
    )  # fmt: skip
    assert event.at == START + 300


def test_a_tag_of_somebody_else_is_no_event(registry: Repository, opened: Open) -> None:
    registry.tag("v1.0.0")
    with pytest.raises(AnswerIsNo):
        opened(registry).check_ref("v1.0.0")
    with pytest.raises(NotFound):
        opened(registry).check_ref("churn@v7.0.0")


def test_names_versions_and_stages_are_listed_for_completion(registry: Repository, opened: Open) -> None:
    api = opened(registry)
    assert api.names() == ("churn", "iris", "old", "plan")
    assert api.versions_of("churn") == ("v1.1.0-rc.1", "v1.0.0")
    assert api.stage_names() == ("dev", "prod", "eu-west")


@pytest.mark.parametrize("selector", ["sent", "sent@latest", "sent#prod"])
def test_an_artifact_of_a_folder_is_proposed_to_whoever_leaves_the_folder_out(
    selector: str, repository: Repository, opened: Open
) -> None:
    repository.commit({"models/nlp/artifacts.yaml": "sent: {path: model}\n"})
    repository.register("models/nlp:sent", "v1.0.0")
    registry = opened(repository)
    asks: list[Callable[[str], object]] = [registry.show, registry.history]
    if selector != "sent":
        asks += [registry.resolve, registry.trace]
    for ask in asks:
        with pytest.raises(NotFound) as caught:
            ask(selector)
        assert caught.value.hint == "did you mean 'models/nlp:sent'?"
    if selector != "sent":
        with pytest.raises(NotFound, match="there is no artifact 'sent'") as caught:
            registry.assign(selector, "dev")
        assert caught.value.hint == "did you mean 'models/nlp:sent'?"
