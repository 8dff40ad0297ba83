"""Signing where git's configuration counts for this very repository, and where it cannot be read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import GitregCommand
from tests.support.repository import Repository

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signing needs ssh-keygen")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key to sign with."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    return tmp_path / "key.pub"


def test_configuration_that_counts_in_this_folder_only_signs(
    repository: Repository, gitreg: GitregCommand, key: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work.config"
    work.write_text(f"[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = {key}\n[tag]\n\tgpgSign\n")
    (tmp_path / "global.config").write_text(f'[includeIf "gitdir:{repository.path.resolve()}/"]\n\tpath = {work}\n')
    repository.extra["GIT_CONFIG_GLOBAL"] = str(tmp_path / "global.config")
    assert gitreg("register", "churn").code == 0
    assert "-----BEGIN SSH SIGNATURE-----" in repository.git("cat-file", "tag", "churn@v0.0.1")


def test_configuration_of_one_linked_work_tree_signs_there(repository: Repository, key: Path, tmp_path: Path) -> None:
    repository.git("config", "extensions.worktreeConfig", "true")
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked", now=repository.now)
    for name, value in {"gpg.format": "ssh", "user.signingKey": str(key), "tag.gpgSign": "true"}.items():
        linked.git("config", "--worktree", name, value)
    assert GitregCommand(linked)("register", "churn").code == 0
    assert "-----BEGIN SSH SIGNATURE-----" in linked.git("cat-file", "tag", "churn@v0.0.1")


def test_configuration_in_the_environment_is_kept(repository: Repository, gitreg: GitregCommand, key: Path) -> None:
    settings = {"gpg.format": "ssh", "user.signingKey": str(key), "tag.forceSignAnnotated": "true"}
    repository.extra["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (name, value) in enumerate(settings.items()):
        repository.extra |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    assert gitreg("register", "churn").code == 0
    assert "-----BEGIN SSH SIGNATURE-----" in repository.git("cat-file", "tag", "churn@v0.0.1")


def test_a_tag_is_not_left_unsigned_because_the_configuration_cannot_be_read(
    repository: Repository, gitreg: GitregCommand
) -> None:
    repository.git("config", "tag.gpgSign", "maybe")
    result = gitreg("register", "churn")
    assert (result.code, result.stdout) == (7, "")
    assert "git cannot read tag.gpgSign" in result.stderr
    assert not repository.refs().keys() - {"refs/heads/main"}
    assert gitreg("register", "churn", "--no-sign").code == 0
