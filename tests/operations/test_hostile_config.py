"""A repository that somebody else configured runs nothing of theirs on a read."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from gitreg.core.views import ArtifactDetail
from gitreg.errors import ExternalFault, NotFound, Refused
from tests.git.inside import open_registry
from tests.git.reads import NOT_FOUND, READS, Read
from tests.support.repository import Repository

EVERY_HOOK: Final = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-checkout", "post-commit", "post-index-change", "post-merge",
    "post-rewrite", "pre-auto-gc", "pre-commit", "pre-push", "pre-rebase", "prepare-commit-msg", "reference-transaction",
)  # fmt: skip
RUNS_PROGRAMS: Final = (
    "core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "core.gitProxy", "core.alternateRefsCommand",
    "gpg.program", "gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand", "diff.external", "diff.evil.command",
    "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "merge.evil.driver",
    "interactive.diffFilter", "pager.show", "pager.for-each-ref", "pager.cat-file", "pager.rev-parse", "sequence.editor",
    "uploadpack.packObjectsHook", "trailer.evil.command", "remote.origin.uploadpack", "tar.evil.command",
)  # fmt: skip
LOOK_AFTER: Final[dict[str, Read]] = {
    "check": lambda registry: registry.check(),
    "check --staged": lambda registry: registry.check(staged=True),
    "check --rev": lambda registry: registry.check(rev="HEAD"),
    "doctor": lambda registry: registry.doctor(offline=True),
}


def configure(repository: Repository, options: Mapping[str, str]) -> None:
    """Append options to the repository's configuration."""
    with (repository.path / ".git/config").open("a") as config:
        for key, value in options.items():
            section, _, option = key.rpartition(".")
            head, _, tail = section.partition(".")
            config.write(f'[{head} "{tail}"]\n\t{option} = {value}\n' if tail else f"[{head}]\n\t{option} = {value}\n")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that leaves a trace when it runs."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >>'{tmp_path / 'trace'}'\nexit 1\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def hostile(repository: Repository, program: Path) -> Repository:
    """A registry whose configuration names the program wherever git can run one."""
    repository.commit({
        "artifacts.yaml": "model-0:\n  type: model\n  path: model.bin\n",
        "model.bin": b"\0" * 100,
        ".gitattributes": "* filter=evil diff=evil merge=evil\n*.yaml textconv=evil\n",
    })  # fmt: skip
    repository.register("model-0", "v1.1.0")
    repository.tick()
    repository.assign("model-0", "prod", version="v1.1.0")
    repository.tick()
    hooks = program.parent / "hooks"
    hooks.mkdir()
    for name in EVERY_HOOK:
        shutil.copy(program, hooks / name)
        shutil.copy(program, repository.path / ".git" / name)
    configure(repository, dict.fromkeys(RUNS_PROGRAMS, str(program)))
    configure(
        repository, {f"alias.{name}": f"!{program}" for name in ("for-each-ref", "cat-file", "rev-parse", "ls-files", "config")}
    )
    configure(repository, {"log.showSignature": "true", "credential.helper": f"!{program}", "core.hooksPath": str(hooks)})
    return repository


@pytest.fixture
def lacking(hostile: Repository, program: Path) -> Repository:
    """The same, as a partial clone of an address that runs the program, with a tag and a file whose objects are missing."""
    configure(hostile, {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.partialCloneFilter": "blob:none",
        "remote.origin.url": f"ext::{program} x",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
    })  # fmt: skip
    nowhere = b"1" * 40
    hostile.raw_tag(
        "model-0@v2.0.0", b"object %b\ntype commit\ntag model-0@v2.0.0\ntagger A <a@b.c> 1767225600 +0000\n\nx\n" % nowhere
    )
    (hostile.path / ".git/refs/tags/model-0@v3.0.0").write_bytes(nowhere + b"\n")
    blob = hostile.git("rev-parse", "HEAD:model.bin")
    (hostile.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    return hostile


@pytest.mark.parametrize("read", [*READS.values(), *LOOK_AFTER.values()], ids=[*READS, *LOOK_AFTER])
def test_a_read_answers_and_runs_nothing_that_the_repository_configures(
    read: Read, hostile: Repository, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_registry(hostile, monkeypatch) as registry:
        assert read(registry) is not None
    assert not (program.parent / "trace").exists()


@pytest.mark.parametrize("read", [*READS.values(), *LOOK_AFTER.values()], ids=[*READS, *LOOK_AFTER])
def test_a_read_fetches_nothing_that_is_missing(
    read: Read, lacking: Repository, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_registry(lacking, monkeypatch) as registry:
        assert read(registry) is not None
    assert not (program.parent / "trace").exists()


@pytest.mark.parametrize("read", NOT_FOUND.values(), ids=NOT_FOUND)
def test_looking_for_what_is_not_there_fetches_nothing_either(
    read: Read, lacking: Repository, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_registry(lacking, monkeypatch) as registry, pytest.raises(NotFound):
        read(registry)
    assert not (program.parent / "trace").exists()


def test_a_git_that_knows_nothing_of_lazy_fetches_fetches_nothing_either(
    lacking: Repository, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "git").write_text(f"#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec '{shutil.which('git')}' \"$@\"\n")
    (old / "git").chmod(0o755)
    with open_registry(lacking, monkeypatch) as registry:
        monkeypatch.setenv("PATH", f"{old}:{lacking.env['PATH']}")
        view = registry.show("model-0")
    assert isinstance(view, ArtifactDetail)
    assert sorted(problem.code for problem in view.problems) == ["GR207", "GR208"]
    assert not (program.parent / "trace").exists()


def test_the_program_would_run_if_git_were_let(lacking: Repository, program: Path) -> None:
    lacking.git("cat-file", "-e", "2" * 40, check=False)
    assert f"{program} x" in (program.parent / "trace").read_text()
    lacking.git("status", "--short", check=False)
    lacking.git("update-ref", "refs/heads/other", "HEAD", check=False)
    assert "reference-transaction" in (program.parent / "trace").read_text()


def test_a_pointer_that_git_lfs_cannot_replace_leaves_nothing_behind(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"
    repository.commit({"artifacts.yaml": "big:\n  path: big.bin\n", "big.bin": pointer})
    repository.register("big", "v1.0.0")
    repository.git("config", "lfs.url", "http://127.0.0.1:1/x")
    (tmp_path / "here").mkdir()
    with open_registry(repository, monkeypatch) as registry, pytest.raises(ExternalFault) as caught:
        registry.get("big@v1.0.0", tmp_path / "here" / "big.bin")
    assert "where it stopped" not in caught.value.hint
    assert not list((tmp_path / "here").iterdir())


@pytest.mark.parametrize(
    "key", ["lfs.standalonetransferagent", "lfs.https://x.y.standaloneTransferAgent", "core.sshCommand", "credential.helper"]
)
def test_get_does_not_let_git_lfs_run_what_the_repository_configures(
    key: str, repository: Repository, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"
    repository.commit({"artifacts.yaml": "big:\n  path: big.bin\n", "big.bin": pointer})
    repository.register("big", "v1.0.0")
    agent = {"lfs.customtransfer.evil.path": str(program)} if key.lower().endswith("agent") else {}
    for name, value in {"remote.origin.url": "ssh://127.0.0.1:1/x", **agent, key: "evil" if agent else str(program)}.items():
        repository.git("config", name, value)
    with open_registry(repository, monkeypatch) as registry, pytest.raises(Refused, match="git-lfs would run the program that"):
        registry.get("big@v1.0.0", tmp_path / "target")
    assert not (tmp_path / "target").exists()
    assert not (program.parent / "trace").exists()
