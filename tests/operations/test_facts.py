from __future__ import annotations

from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.core.views import VersionDetail
from gitreg.errors import NotFound, SyntaxFault, Unanswerable, UsageFault
from gitreg.registry import Registry as OpenRegistry
from tests.git.inside import enter, open_registry
from tests.support.repository import Repository

DVC = (
    "stages:\n  train:\n    cmd: x\n    deps: [data.csv]\n    outs: [model.pkl]\n    metrics: [{metrics.json: {cache: false}}]\n"
)


@pytest.fixture
def trained(repository: Repository) -> Repository:
    """Two versions, of which the first is deregistered, in a repository that can be asked from afar."""
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(
        {"artifacts.yaml": "churn:\n  path: model.pkl\n", "dvc.yaml": DVC, "data.csv": "1", "requirements.txt": "a==1\n"}
    )
    for number in (1, 2):
        repository.commit({"metrics.json": f'{{"auc": 0.{number}}}'})
        repository.register("churn", f"v{number}.0.0")
        repository.tick()
    repository.deregister("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v2.0.0")
    return repository


def test_the_facts_of_a_version_are_all_that_its_files_say(trained: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_registry(trained, monkeypatch) as registry:
        facts = registry.facts("churn@v1.0.0")
        assert facts.metrics == {"metrics.json": {"auc": 0.1}}
        assert [package.name for package in facts.packages] == ["a"]
        assert [material.path for material in facts.data] == ["data.csv"]
        assert facts.pointer is not None
        assert registry.facts("churn#prod") == registry.facts("churn@latest")


def test_packages_for_development_count_only_where_there_are_no_others(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"artifacts.yaml": "m: {path: a/model}\n", "a/model": "1", "a/requirements-dev.txt": "ruff==1\n"}
    for version, more in (("v1.0.0", {}), ("v2.0.0", {"requirements.txt": "numpy==1\n", "requirements_test.txt": "pytest==1\n"})):
        repository.commit({**files, **more})
        repository.register("m", version)
        repository.tick()
    with open_registry(repository, monkeypatch) as registry:
        found = [[package.name for package in registry.facts(f"m@{version}").packages] for version in ("v1.0.0", "v2.0.0")]
    assert found == [["ruff"], ["numpy"]]


def test_the_facts_of_all_versions_come_by_version(trained: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_registry(trained, monkeypatch) as registry:
        assert list(registry.facts_of("churn")) == ["v2.0.0"]
        assert list(registry.facts_of("churn", everything=True)) == ["v2.0.0", "v1.0.0"]


def test_what_is_not_there_has_no_facts(trained: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_registry(trained, monkeypatch) as registry:
        with pytest.raises(NotFound):
            registry.facts("churn@v9.0.0")
        with pytest.raises(NotFound):
            registry.facts_of("nobody")
        with pytest.raises(SyntaxFault):
            registry.facts_of("churn@v1.0.0")
        with pytest.raises(UsageFault):
            registry.show(None, metrics=True)


def test_a_repository_that_is_read_by_its_address_answers_the_same(
    trained: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(trained, monkeypatch)
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "cache"))
    with Registry(trained.path) as here, OpenRegistry(trained.path.as_uri()) as afar:
        expected = here.facts_of("churn", everything=True)
        assert afar.facts_of("churn", everything=True) == expected
        assert afar.facts("churn@latest") == expected["v2.0.0"]


def test_a_clone_that_lacks_files_of_a_version_shows_what_else_there_is(
    trained: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = trained.clone(tmp_path / "clone", "--filter=blob:none")  # with the files of HEAD, which has no old metrics
    with open_registry(clone, monkeypatch) as registry:
        shown = registry.show("churn@v1.0.0")
        assert isinstance(shown, VersionDetail)
        assert shown.entry is not None
        assert shown.facts is not None
        assert [problem.message for problem in shown.facts.problems] == ["this partial clone lacks objects that are needed here"]
        with pytest.raises(Unanswerable):
            registry.facts_of("churn", everything=True)
    clone.git("fetch", "--quiet", "--refetch", "--no-filter")
    with open_registry(clone, monkeypatch) as registry:
        assert [facts.problems for facts in registry.facts_of("churn", everything=True).values()] == [(), ()]
