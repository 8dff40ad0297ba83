"""Clones that lack something, and places where git or gitreg may not do all they like."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from gitreg.core.views import ArtifactDetail, Overview
from gitreg.errors import ExternalFault, NotFound, Unanswerable
from tests.git.reads import READS, Read
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

STATE: Final = {
    name: read for name, read in READS.items() if not name.startswith(("check-ref", "names", "versions", "stage names"))
}


@pytest.fixture
def registry(repository: Repository) -> Repository:
    """A registry whose second version is on another branch."""
    repository.commit({"artifacts.yaml": "model-0:\n  type: model\n  path: README.md\n"})
    repository.register("model-0", "v1.1.0")
    repository.tick()
    repository.assign("model-0", "prod", version="v1.1.0")
    repository.tick()
    repository.git("switch", "--quiet", "--create", "other")
    repository.commit(message="More")
    repository.register("model-0", "v2.0.0")
    repository.git("switch", "--quiet", "main")
    repository.commit(message="Even more")
    return repository


@pytest.mark.parametrize("read", STATE.values(), ids=STATE)
@pytest.mark.parametrize("option", ["--depth=1", "--no-tags"])
def test_a_clone_that_lacks_tags_refuses_to_answer(
    option: str, read: Read, registry: Repository, opened: Open, tmp_path: Path
) -> None:
    api = opened(registry.clone(tmp_path / "clone", option))
    with pytest.raises(Unanswerable) as caught:
        read(api)
    assert caught.value.exit_code == 6
    assert "--fetch" in caught.value.hint


@pytest.mark.parametrize("option", ["--depth=1", "--no-tags", "--single-branch"])
def test_with_fetch_every_clone_answers(option: str, registry: Repository, opened: Open, tmp_path: Path) -> None:
    api = opened(registry.clone(tmp_path / "clone", option))
    assert api.resolve("model-0@latest", fetch=True).version == "v2.0.0"
    overview = api.show(fetch=True)
    assert isinstance(overview, Overview)
    assert overview.problems == ()
    with pytest.raises(NotFound):
        api.resolve("model-0#nothing", fetch=True)


def test_a_clone_of_a_single_branch_says_what_it_knows_and_denies_nothing(
    registry: Repository, opened: Open, tmp_path: Path
) -> None:
    api = opened(registry.clone(tmp_path / "clone", "--single-branch"))
    assert api.resolve("model-0#prod").version == "v1.1.0"
    with pytest.raises(Unanswerable, match="single branch"):
        api.resolve("model-0@v2.0.0")
    with pytest.raises(Unanswerable, match="single branch"):
        api.show("nobody")


def test_check_ref_in_a_shallow_clone_knows_a_registration_and_never_guesses_a_version(
    registry: Repository, opened: Open, tmp_path: Path
) -> None:
    clone = registry.clone(tmp_path / "clone", "--depth=1", "--no-tags")
    for tag in ("model-0@v1.1.0", "model-0#prod#1"):
        clone.git("fetch", "--quiet", "--depth=1", "origin", f"refs/tags/{tag}:refs/tags/{tag}")
    api = opened(clone)
    assert api.check_ref("refs/tags/model-0@v1.1.0").version == "v1.1.0"
    assert api.check_ref("model-0#prod#1").version == "v1.1.0"
    clone.git("update-ref", "-d", "refs/tags/model-0@v1.1.0")
    with pytest.raises(Unanswerable):
        api.check_ref("model-0#prod#1")


@pytest.mark.parametrize("kind", ["bare", "detached", "worktree", "subfolder", "git folder"])
def test_every_kind_of_repository_answers(kind: str, registry: Repository, opened: Open, tmp_path: Path) -> None:
    place = registry
    if kind == "bare":
        place = registry.clone(tmp_path / "place.git", "--bare")
    elif kind == "detached":
        registry.git("switch", "--quiet", "--detach", "HEAD~1")
    elif kind == "worktree":
        registry.git("worktree", "add", "--quiet", str(tmp_path / "place"), "other")
        place = Repository(tmp_path / "place", now=registry.now)
    elif kind == "subfolder":
        (registry.path / "a/b").mkdir(parents=True)
        place = Repository(registry.path / "a/b", now=registry.now)
    elif kind == "git folder":
        place = Repository(registry.path / ".git", now=registry.now)
    view = opened(place).show("model-0")
    assert isinstance(view, ArtifactDetail)
    assert (view.artifact.latest, view.entry is not None) == ("v2.0.0", True)


def test_a_repository_without_commits_is_an_empty_registry(opened: Open, tmp_path: Path) -> None:
    api = opened(Repository.create(tmp_path / "empty"))
    overview = api.show()
    assert isinstance(overview, Overview)
    assert (overview.artifacts, overview.problems, api.history(), api.stages()) == ((), (), (), ())
    with pytest.raises(NotFound):
        api.register("churn")


def test_without_home_and_without_anybody_logged_in_reads_answer(
    registry: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = opened(registry)
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "LC_ALL", "TZ"):
        monkeypatch.delenv(name)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_CONFIG_GLOBAL"):
        monkeypatch.delenv(name)
    assert api.resolve("model-0#prod").version == "v1.1.0"
    before = registry.refs()
    with pytest.raises(ExternalFault, match="who you are") as caught:
        api.assign("model-0@v2.0.0", "prod")
    assert "git config --global user.name" in caught.value.hint
    assert registry.refs() == before


LOCKED_DOOR: Final = """
import ctypes, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # root may write everywhere, and its git no more
from gitreg import Registry
from gitreg.errors import GitregError
try:
    with Registry(".") as registry:
        print(registry.resolve("model-0#prod").version)
        print(len(registry.show().artifacts), len(registry.history()), len(registry.check().problems))
        registry.assign("model-0@v2.0.0", "prod")
except GitregError as error:
    print(type(error).__name__, error.exit_code, error.message)
"""


@pytest.mark.skipif(sys.platform != "linux" and hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_in_a_repository_that_cannot_be_written_reads_answer_and_writes_say_why(registry: Repository) -> None:
    registry.git("pack-refs", "--all")
    folders = [path for path in (registry.path, *registry.path.rglob("*")) if path.is_dir()]
    before = picture(registry)
    try:
        for folder in folders:
            folder.chmod(0o555)
        environment = {**registry.env, "GITREG_NOW": str(registry.now), "PYTHONPATH": os.pathsep.join(sys.path)}
        completed = subprocess.run(
            [sys.executable, "-c", LOCKED_DOOR], cwd=registry.path, env=environment, capture_output=True, text=True, check=False
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert completed.stderr == ""
    version, counts, refused = completed.stdout.splitlines()
    assert (version, counts) == ("v1.1.0", "1 3 0")
    assert refused.startswith("ExternalFault 7 git could not write")
    assert picture(registry) == before
