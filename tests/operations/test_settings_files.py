"""Settings that are not read must not be passed over in silence: they are rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gitreg import Registry
from gitreg.core.views import Overview
from gitreg.errors import SettingsFault
from tests.support.repository import Repository

Open = Callable[[Repository], Registry]


@pytest.fixture
def linked(repository: Repository) -> Repository:
    """A repository whose settings, and one entry file, are symbolic links."""
    repository.commit({"elsewhere.yaml": "stages: [dev]\n", "entries.yaml": "churn: {}\n"})
    (repository.path / ".gitreg.yaml").symlink_to("elsewhere.yaml")
    (repository.path / "artifacts.yaml").symlink_to("entries.yaml")
    repository.register("churn", "v1.0.0")
    return repository


def test_nothing_is_assigned_where_the_settings_are_a_symbolic_link(linked: Repository, opened: Open) -> None:
    with pytest.raises(SettingsFault, match="no plain file"):
        opened(linked).assign("churn@latest", "prod")


def test_the_registry_is_shown_all_the_same(linked: Repository, opened: Open) -> None:
    view = opened(linked).show()
    assert isinstance(view, Overview)
    assert [shown.artifact.name for shown in view.artifacts] == ["churn"]


def test_check_and_doctor_name_the_links(linked: Repository, opened: Open) -> None:
    found = {(problem.code, problem.file) for problem in opened(linked).check().problems}
    assert {("GR112", ".gitreg.yaml"), ("GR107", "artifacts.yaml")} <= found
    assert ("GR112", ".gitreg.yaml") in {(problem.code, problem.file) for problem in opened(linked).doctor(offline=True).problems}


def test_the_registry_is_shown_where_the_settings_are_not_valid(repository: Repository, opened: Open) -> None:
    repository.commit({".gitreg.yaml": "stagse: [dev]\n"})
    repository.register("churn", "v1.0.0")
    view = opened(repository).show()
    assert isinstance(view, Overview)
    assert len(view.artifacts) == 1


def test_a_stage_is_published_together_with_the_registrations_of_its_versions(
    repository: Repository, remote: Repository, opened: Open
) -> None:
    repository.register("churn", "v1.0.0")
    repository.assign("churn", "prod")
    written = opened(repository).push("churn#prod")
    assert [event.tag for event in written.created] == ["churn@v1.0.0", "churn#prod#1"]
    assert len([name for name in remote.refs() if "churn" in name]) == 2
