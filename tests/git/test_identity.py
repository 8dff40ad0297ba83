from __future__ import annotations

import pytest

from gitreg.errors import ExternalFault
from gitreg.git.identity import Identity, NoIdentity, read_identity, wants_signature
from gitreg.git.run import Git
from tests.git.inside import enter
from tests.support.repository import Repository


@pytest.fixture
def git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Git:
    enter(repository, monkeypatch)
    return Git(repository.path)


@pytest.fixture
def nobody(git: Git, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A git that nobody introduced themselves to."""
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    return git


def test_the_committer_of_the_environment_writes(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1767225600 +0530")
    assert read_identity(git) == Identity("Ann Example", "ann@example.com", "+0530")


def test_the_configuration_is_asked_where_the_environment_is_silent(nobody: Git, repository: Repository) -> None:
    repository.git("config", "user.name", "Bo <x> Ünal")
    repository.git("config", "user.email", "bo@example.com")
    identity = read_identity(nobody)
    assert (identity.name, identity.email) == ("Bo x Ünal", "bo@example.com")


def test_an_address_is_never_made_up(nobody: Git) -> None:
    with pytest.raises(NoIdentity) as caught:
        read_identity(nobody)
    assert isinstance(caught.value, ExternalFault)
    assert "user.email" in caught.value.hint


def test_half_an_identity_is_none(nobody: Git, repository: Repository) -> None:
    repository.git("config", "user.name", "Bo")
    with pytest.raises(NoIdentity):
        read_identity(nobody)


@pytest.mark.parametrize(
    ("value", "wanted"), [("true", True), ("1", True), ("on", True), ("false", False), ("no", False), (None, False)]
)
def test_tags_are_signed_when_git_is_configured_to_sign_them(
    value: str | None, git: Git, repository: Repository, *, wanted: bool
) -> None:
    if value is not None:
        repository.git("config", "tag.gpgSign", value)
    assert wants_signature(git) is wanted
