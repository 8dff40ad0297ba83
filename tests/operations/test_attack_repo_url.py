from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.errors import ExternalFault, Unanswerable
from gitreg.git.mirror_cache import cache_root
from gitreg.git.mirror_folder import MirrorFolder
from tests.git.inside import enter
from tests.git.mirrors import folder_of
from tests.support.repository import Repository
from tests.support.servers.web import Trouble, Web, run_web


@pytest.fixture
def url(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a registry of two artifacts."""
    repository.commit({"artifacts.yaml": "churn:\n  path: model\n", "model": "1"})
    for artifact in ("churn", "fraud"):
        repository.register(artifact, "v1.0.0")
        repository.tick()
    repository.commit({"model": "2"})
    repository.bare_remote(tmp_path / "remote.git")
    enter(repository, monkeypatch)
    return (tmp_path / "remote.git").as_uri()


def look(url: str) -> object:
    with Registry(url) as registry:
        return registry.show("churn"), registry.show()


def configure(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(values)))
    for number, (key, value) in enumerate(values.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)


def move(repository: Repository, tag: str) -> None:
    repository.git("tag", "--force", "--annotate", "-m", "Moved", tag, "HEAD")
    repository.git("push", "--quiet", "--force", "origin", f"refs/tags/{tag}")


@pytest.mark.parametrize("rev", ["fraud@v1.0.0", "tags/fraud@v1.0.0", "refs/tags/fraud@v1.0.0"])
def test_a_tag_that_was_moved_is_no_revision_either(rev: str, repository: Repository, url: str) -> None:
    with Registry(url) as registry:
        registry.show("fraud")
        move(repository, "fraud@v1.0.0")
        for _ in range(2):
            with pytest.raises(Unanswerable, match=r"'fraud@v1\.0\.0' of .* was moved since it was last seen here"):
                registry.register("churn", rev)


def test_a_tag_that_was_seen_as_a_revision_was_seen(repository: Repository, url: str) -> None:
    with Registry(url) as registry:
        registry.history("churn", at="fraud@v1.0.0")
        move(repository, "fraud@v1.0.0")
        with pytest.raises(Unanswerable, match="was moved since it was last seen here"):
            registry.show("fraud")


@pytest.mark.parametrize("selector", [None, "fraud"])
def test_a_tag_that_was_deleted_and_made_anew_was_moved_whoever_looked_in_between(
    selector: str | None, repository: Repository, url: str
) -> None:
    with Registry(url) as registry:
        registry.show("fraud")
        repository.git("push", "--quiet", "origin", ":refs/tags/fraud@v1.0.0")
        assert registry.names() == ("churn",)
        assert registry.versions_of("fraud") == ()
        move(repository, "fraud@v1.0.0")
        with pytest.raises(Unanswerable, match="was moved since it was last seen here"):
            registry.show(selector)


BROKEN: dict[str, Callable[[MirrorFolder], object]] = {
    "a HEAD without sense": lambda folder: (folder.git_dir / "HEAD").write_text("nonsense\n"),
    "no objects": lambda folder: (folder.git_dir / "objects").rename(folder.path / "elsewhere"),
    "no refs": lambda folder: (folder.git_dir / "refs").rename(folder.path / "elsewhere"),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_a_damaged_cache_in_a_repository_leaves_that_one_alone(
    damage: Callable[[MirrorFolder], object], repository: Repository, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITREG_CACHE_DIR", str(repository.path / ".cache"))
    before = look(url), repository.refs()
    damage(folder_of(url))
    assert (look(url), repository.refs()) == before


def test_a_folder_of_the_cache_that_somebody_else_made_is_not_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look(url)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ExternalFault, match="belongs to somebody else, so it is not used"):
        look(url)


def test_a_link_in_the_place_of_a_repository_of_the_cache_is_not_followed(url: str, tmp_path: Path) -> None:
    look(url)
    folder = folder_of(url).path
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ExternalFault, match="so it is not used"):
        look(url)


def test_who_forbids_git_to_find_bare_repositories_reads_addresses_all_the_same(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, **{"safe.bareRepository": "explicit"})
    look(url)
    with Registry(url) as registry:
        assert registry.register("churn").pushed


def test_a_hook_of_a_server_reads_another_repository_by_its_address(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look(url)
    (tmp_path / "quarantine").mkdir()
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_DIR", ".")
    for name in ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "quarantine"))
    assert look(url) == before
    assert list((tmp_path / "quarantine").rglob("*")) == []


def test_a_repository_made_anew_with_ids_of_another_length_is_read_anew(
    url: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "models"
    other = Repository(place, extra=repository.extra)
    for number, (ids, version) in enumerate([("sha256", "v1.0.0"), ("sha1", "v1.1.0"), ("sha256", "v1.2.0")]):
        place.mkdir()
        other.git("init", "--quiet", f"--object-format={ids}")
        other.commit()
        other.register("churn", version)
        with Registry(place.as_uri()) as registry:
            assert registry.resolve("churn@latest").version == version
        place.rename(tmp_path / f"models-{number}")


def test_a_damaged_cache_of_long_ids_heals_itself(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "models", extra=repository.extra)
    other.path.mkdir()
    other.git("init", "--quiet", "--object-format=sha256")
    other.commit({"artifacts.yaml": "churn:\n  type: model\n"})
    other.register("churn", "v1.0.0")
    enter(other, monkeypatch)
    before = look(other.path.as_uri())
    (folder_of(other.path.as_uri()).git_dir / "packed-refs").write_text("nonsense\n")
    assert look(other.path.as_uri()) == before


def test_a_password_goes_to_the_server_of_its_address_and_to_no_command_line_or_file(
    url: str, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TRACE2", str(tmp_path / "programs"))
    monkeypatch.setenv("GIT_TRACE2_REDACT", "0")
    web.login = ("ann", "se+cret'$(exit)%")
    address = f"{web.address}/models.git".replace("://", "://ann:se%2Bcret'$(exit)%25@")
    with Registry(address) as registry, pytest.raises(ExternalFault, match="not found"):
        registry.resolve("churn@v1.0.0")
    assert any(web.admits(request.headers.get("authorization")) for request in web.requests)
    programs = (tmp_path / "programs").read_text()
    assert "remote-http" in programs
    assert "cret" not in programs
    assert not any(b"cret" in path.read_bytes() for path in cache_root().rglob("*") if path.is_file())


def test_a_password_goes_to_no_other_server_that_ours_names(url: str, web: Web, tmp_path: Path) -> None:
    with run_web(tmp_path / "other") as other:
        other.login = ("ann", "secret")
        web.trouble(Trouble(location=f"{other.address}/models.git/info/refs?service=git-upload-pack"), times=9)
        address = f"{web.address}/models.git".replace("://", "://ann:secret@")
        with Registry(address) as registry, pytest.raises(ExternalFault, match="did not answer"):
            registry.show()
        assert other.requests
        assert not any("authorization" in request.headers for request in other.requests)


def test_a_wrong_password_is_a_fault_and_no_question(url: str, web: Web) -> None:
    web.login = ("ann", "secret")
    for user in ("ann:wrong@", "ann@", ""):
        with Registry(f"{web.address}/models.git".replace("://", f"://{user}")) as registry:
            with pytest.raises(ExternalFault, match="did not answer") as raised:
                registry.show()
            assert "wrong" not in str(vars(raised.value))
