from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gitreg import Registry
from gitreg.errors import ExternalFault, GitregError, Unanswerable, UsageFault
from gitreg.git.mirror_cache import cache_root, read_cache
from gitreg.git.mirror_folder import MirrorFolder
from gitreg.git.objects import Objects
from gitreg.registry.caching import clear_cache
from tests.git.inside import enter
from tests.git.mirrors import folder_of
from tests.support.disk import Disk
from tests.support.powers import powers_of_anybody
from tests.support.repository import Repository
from tests.support.servers.fixtures import Servers
from tests.support.servers.web import Web


@pytest.fixture
def url(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a registry with two versions."""
    for version in ("v1.0.0", "v1.1.0"):
        repository.commit({"artifacts.yaml": "churn:\n  path: sub/model\n", "sub/model": version})
        repository.register("churn", version)
        repository.tick()
    repository.bare_remote(tmp_path / "remote.git")
    enter(repository, monkeypatch)
    return (tmp_path / "remote.git").as_uri()


def look(url: str) -> object:
    with Registry(url) as registry:
        return registry.show("churn"), registry.show(), registry.resolve("churn@latest", path=True), registry.history()


@pytest.mark.parametrize("method", ["prepare", "root_tree", "resolve_commit", "read_events"])
@pytest.mark.parametrize("after", range(4))
def test_a_cache_that_is_cleared_while_it_is_read_changes_no_answer(
    after: int, method: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look(url)
    original, calls = getattr(Objects, method), [0]

    def clearing(*args: Any, **options: Any) -> object:
        answer = original(*args, **options)
        if calls[0] == after:
            clear_cache(url)
        calls[0] += 1
        return answer

    monkeypatch.setattr(Objects, method, clearing)
    assert look(url) == before


def test_a_cache_that_is_cleared_without_end_is_an_error_and_no_answer(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Objects.prepare

    def clearing(self: Objects, *args: Any, **options: Any) -> None:
        original(self, *args, **options)
        self.close()
        clear_cache(url)

    monkeypatch.setattr(Objects, "prepare", clearing)
    with Registry(url) as registry, pytest.raises(Unanswerable):
        registry.show("churn")


def test_two_that_clear_one_cache_do_not_mind_each_other(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look(url)
    original = MirrorFolder.alone

    def late(self: MirrorFolder, *args: Any, **options: Any) -> Any:
        shutil.rmtree(self.path)
        return original(self, *args, **options)

    monkeypatch.setattr(MirrorFolder, "alone", late)
    assert [kept.address for kept in clear_cache()] == [url]
    assert read_cache().repositories == ()


def test_what_was_left_of_a_removal_is_removed_by_the_next(url: str) -> None:
    look(url)
    left = folder_of(url).path.with_name(f"{'0' * 32}.17.gone")
    shutil.copytree(folder_of(url).path, left)
    assert [kept.address for kept in read_cache().repositories] == [url]
    clear_cache(url)
    assert list((cache_root() / "repositories").iterdir()) == []


def test_room_is_made_without_waiting_for_who_is_at_work(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look(url)
    shutil.copytree(tmp_path / "remote.git", tmp_path / "other.git")
    monkeypatch.setenv("GITREG_CACHE_LIMIT", "1")
    with folder_of(url).alone():
        look((tmp_path / "other.git").as_uri())
    assert {kept.address for kept in read_cache().repositories} == {url, (tmp_path / "other.git").as_uri()}


@pytest.mark.full_disk
@pytest.mark.parametrize("disk", ["small disk"], indirect=True)
def test_a_full_disk_under_the_cache_is_an_error_with_a_sentence(url: str, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITREG_CACHE_DIR", str(disk.folder / "cache"))
    for leaving in (0, 4096, 16_384, 65_536, 131_072):
        disk.fill(leaving=leaving)
        try:
            look(url)
        except GitregError as error:
            assert isinstance(error, ExternalFault)  # noqa: PT017  a little more space may suffice
        disk.free()
    look(url)


@pytest.mark.full_disk
@pytest.mark.parametrize("disk", ["small disk"], indirect=True)
def test_what_was_published_is_published_though_the_disk_is_full(url: str, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITREG_CACHE_DIR", str(disk.folder / "cache"))
    from gitreg.git.remote import push_tags

    def fill(*args: Any, **options: Any) -> bool:
        answer = push_tags(*args, **options)
        disk.fill()
        return answer

    monkeypatch.setattr("gitreg.operations.publish.push_tags", fill)
    with Registry(url) as registry:
        assert registry.register("churn", same_commit=True).pushed


@pytest.mark.parametrize("part", ["", "repositories", "folder", "git", "objects"])
@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_a_cache_without_permission_is_an_error_with_a_sentence(mode: int, part: str, url: str) -> None:
    before = look(url)
    folder = folder_of(url)
    places = {"folder": folder.path, "git": folder.git_dir, "objects": folder.git_dir / "objects"}
    place = places.get(part, cache_root() / part)
    kept = place.stat().st_mode
    place.chmod(mode)
    try:
        with powers_of_anybody():
            try:
                assert look(url) == before
            except GitregError as error:
                assert isinstance(error, ExternalFault)  # noqa: PT017  where nothing is written, it may work
    finally:
        place.chmod(kept)


def test_a_time_before_what_a_shallow_remote_has_is_an_error(
    repository: Repository, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("clone", "--quiet", "--bare", "--depth=1", url, str(tmp_path / "shallow.git"))
    with Registry((tmp_path / "shallow.git").as_uri()) as registry:
        registry.show()
        with pytest.raises(Unanswerable, match=r"lacks commit .* of its own history"):
            registry.show(at="2026-01-01T00:00:30")


OLD_SERVERS = pytest.mark.parametrize(("kind", "filters"), [("ssh-v0", True), ("ssh-v0", False), ("http", False)])


def hosted(repository: Repository, servers: Servers, kind: str, monkeypatch: pytest.MonkeyPatch, *, filters: bool) -> str:
    """Put a repository on a server in the place of where it was; return the address."""
    name = servers.new_name()
    repository.git("remote", "remove", "origin")
    servers.git(kind).host(repository, name, filters=filters)
    enter(repository, monkeypatch)
    return servers.git(kind).url(name)


@pytest.mark.slow
@OLD_SERVERS
def test_an_old_server_tells_what_was_between_two_tags_and_on_a_branch(
    kind: str, repository: Repository, url: str, servers: Servers, monkeypatch: pytest.MonkeyPatch, *, filters: bool
) -> None:
    moments = []
    for number in range(4):
        repository.tick()
        repository.commit({"artifacts.yaml": f"churn:\n  type: type-{number}\n", "sub/model": f"{number}"})
        moments.append(f"{datetime.fromtimestamp(repository.now, tz=UTC):%Y-%m-%dT%H:%M:%S}")
    repository.git("branch", "side", "HEAD~2")
    address = hosted(repository, servers, kind, monkeypatch, filters=filters)
    for moment in ("side", *moments, "HEAD", "main"):
        with Registry(address) as afar, Registry(repository.path) as near:
            assert afar.show("churn", at=moment) == near.show("churn", at=moment), moment
            assert afar.show(at=moment) == near.show(at=moment), moment


@OLD_SERVERS
def test_an_old_server_is_not_asked_for_tags_that_it_has_no_more(
    kind: str, repository: Repository, url: str, servers: Servers, monkeypatch: pytest.MonkeyPatch, *, filters: bool
) -> None:
    address = hosted(repository, servers, kind, monkeypatch, filters=filters)
    with Registry(address) as registry:
        registry.resolve("churn@latest")
        repository.git("push", "--quiet", "origin", ":refs/tags/churn@v1.1.0")
        view: Any = registry.show()
        assert [(row.artifact.name, row.artifact.latest) for row in view.artifacts] == [("churn", "v1.0.0")]


def test_a_server_that_lacks_what_nobody_asked_for_is_a_fault_and_no_endless_talk(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh, count = tmp_path / "ssh", tmp_path / "count"
    ssh.write_text(
        f"#!/bin/sh\necho >>'{count}'\nexport GIT_PROTOCOL=version=2\n"
        f"test $(wc -l <'{count}') -lt 3 || {{ echo 'fatal: upload-pack: not our ref {'1' * 40}' >&2; exit 128; }}\n"
        'for command; do :; done\neval "$command"\n'
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    with Registry(f"ssh://example.com{tmp_path}/remote.git") as registry, pytest.raises(ExternalFault, match="not our ref"):
        registry.show("churn")
    assert len(count.read_text()) < 10


@pytest.mark.parametrize("name", ["shallow-models", "corrupt", "broken.git", "packfile", "x/packed-refs"])
def test_a_remote_that_is_gone_takes_nothing_from_the_cache_whatever_it_is_called(name: str, url: str, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "remote.git", tmp_path / name)
    address = (tmp_path / name).as_uri()
    look(address)
    kept = folder_of(address).made
    (tmp_path / name).rename(tmp_path / "elsewhere")
    with Registry(address) as registry, pytest.raises(ExternalFault, match=r"did not answer: .* does not appear to be"):
        registry.show()
    assert folder_of(address).made == kept


def test_who_cannot_be_asked_for_a_password_loses_nothing_of_the_cache(
    url: str, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.login = ("ann", "secret")
    monkeypatch.setenv("GIT_ASKPASS", "false")
    with Registry(f"{web.address}/models.git") as registry:
        kept = folder_of(f"{web.address}/models.git").made
        with pytest.raises(ExternalFault, match="did not answer"):
            registry.show()
    assert folder_of(f"{web.address}/models.git").made == kept


def test_a_user_without_a_home_folder_is_told_to_name_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_017)
    with pytest.raises(UsageFault, match="there is no home folder for the cache"):
        Registry(url)


def test_a_commit_that_the_remote_has_no_more_gets_no_version(repository: Repository, url: str, tmp_path: Path) -> None:
    commit = repository.commit({"model": "never to be"})
    repository.git("push", "--quiet", "origin", "HEAD:refs/heads/side")
    with Registry(url) as registry:
        registry.show("churn", at="side")
        repository.git("push", "--quiet", "origin", ":refs/heads/side")
        bare = Repository(tmp_path / "remote.git", bare=True, extra=repository.extra)
        bare.git("gc", "--quiet", "--prune=now")
        before = bare.refs()
        with pytest.raises(GitregError):
            registry.register("churn", commit, data_check=False)
        assert bare.refs() == before
