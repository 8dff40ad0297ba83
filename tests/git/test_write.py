from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from gitreg import Registry
from gitreg.core.events import Kind
from gitreg.core.new_tags import Decision, NewTag
from gitreg.errors import Conflict, ExternalFault, Raced
from gitreg.git.identity import Identity
from gitreg.git.repository import Repository as OpenRepository
from gitreg.git.write import create_refs, make_signed_tag_object, make_tag_object
from tests.git.inside import enter
from tests.support.environment import EMAIL, NAME, START
from tests.support.repository import Repository

ANN = Identity(NAME, EMAIL, "+0200")


@pytest.fixture
def opened(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRepository]:
    enter(repository, monkeypatch)
    with OpenRepository.open(repository.path) as opened:
        yield opened


@pytest.fixture
def gpg_home() -> Iterator[Path]:
    """A short folder, since its agent listens at an address of 108 bytes at most; the agent ends with the test."""
    home = Path(tempfile.mkdtemp(prefix="gpg-"))
    yield home
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True, check=False)
    shutil.rmtree(home, ignore_errors=True)  # the agent takes its sockets away at the same moment


def sign_with_ssh(repository: Repository, folder: Path) -> None:
    """Make a key, and configure a repository to sign with it and to trust it."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True)
    (folder / "allowed").write_text(f"{EMAIL} {(folder / 'key.pub').read_text()}")
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingKey", str(folder / "key"))
    repository.git("config", "gpg.ssh.allowedSignersFile", str(folder / "allowed"))


def sign_with_gpg(repository: Repository, folder: Path) -> None:
    """Do the same with gpg."""
    repository.extra["GNUPGHOME"] = str(folder)
    command = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", EMAIL, "ed25519", "sign", "never"]
    subprocess.run(command, env={**os.environ, "GNUPGHOME": str(folder)}, capture_output=True, check=True)
    repository.git("config", "user.signingKey", EMAIL)


SIGNERS: Final = {"ssh": sign_with_ssh} | ({"gpg": sign_with_gpg} if shutil.which("gpg") else {})


def new_tag(commit: str, name: str = "churn@v1.0.0", message: str = "Ünder — \U0001f600\n\nGitreg-Version: v1.0.0\n") -> NewTag:
    """Make a tag to be."""
    decision = Decision(kind=Kind.REGISTRATION, artifact="churn", commit=commit, version="v1.0.0", subject="")
    return NewTag(decision=decision, name=name, counter=None, at=START, message=message)


def test_a_tag_object_is_what_git_would_have_written_and_has_no_name(opened: OpenRepository, repository: Repository) -> None:
    before = repository.refs()
    head = repository.git("rev-parse", "HEAD")
    made = make_tag_object(opened, new_tag(head), ANN)
    assert repository.refs() == before
    message = new_tag(head).message.removesuffix("\n")
    same = repository.tag("churn@v1.0.0", message=message, tz="+0200")
    assert made == same


def test_a_tag_of_what_is_no_commit_is_not_written(opened: OpenRepository, repository: Repository) -> None:
    with pytest.raises(ExternalFault):
        make_tag_object(opened, new_tag(repository.git("rev-parse", "HEAD^{tree}")), ANN)


def test_names_are_given_all_or_none(opened: OpenRepository, repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    create_refs(opened, {"a": head, "b": head})
    before = repository.refs()
    assert before["refs/tags/a"] == before["refs/tags/b"] == head
    for taken in ({"c": head, "b": head}, {"b": head, "c": head}):
        with pytest.raises(Raced):
            create_refs(opened, taken)
        assert repository.refs() == before
    repository.git("pack-refs", "--all")
    with pytest.raises(Raced):
        create_refs(opened, {"c": head, "a": head})
    assert repository.refs() == before
    create_refs(opened, {})
    assert repository.refs() == before


@pytest.mark.parametrize(("there", "wanted"), [("churn#prod", "churn#prod/eu"), ("churn#prod/eu", "churn#prod")])
@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_a_name_that_git_cannot_keep_beside_another_is_a_conflict_that_names_the_other(
    there: str, wanted: str, opened: OpenRepository, repository: Repository, *, packed: bool
) -> None:
    head = repository.git("rev-parse", "HEAD")
    create_refs(opened, {there: head})
    if packed:
        repository.git("pack-refs", "--all")
    before = repository.refs()
    with pytest.raises(Conflict) as caught:
        create_refs(opened, {"first": head, wanted: head})
    assert repr(there) in caught.value.message
    assert repository.refs() == before


def test_a_lock_that_somebody_left_is_told_and_nothing_is_written(opened: OpenRepository, repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    (repository.path / ".git/refs/tags").mkdir(exist_ok=True)
    (repository.path / ".git/refs/tags/b.lock").touch()
    before = repository.refs()
    with pytest.raises(Raced) as caught:
        create_refs(opened, {"a": head, "b": head})
    assert "doctor" in caught.value.hint
    assert repository.refs() == before


def test_an_event_whose_name_is_locked_for_ever_is_a_conflict_after_five_tries(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.path / ".git/refs/tags").mkdir(exist_ok=True)
    (repository.path / ".git/refs/tags/churn@v0.0.1.lock").touch()
    enter(repository, monkeypatch)
    with Registry(repository.path) as registry:
        with pytest.raises(Conflict) as caught:
            registry.register("churn")
        assert (caught.value.exit_code, "doctor" in caught.value.hint) == (4, True)
        assert [problem.code for problem in registry.doctor(offline=True).problems if problem.code == "GR510"] == ["GR510"]
    assert not any(ref.startswith("refs/tags/") for ref in repository.refs())


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("sign", SIGNERS.values(), ids=SIGNERS)
def test_a_signed_tag_is_verified_by_git_and_leaves_no_name_behind(
    sign: Callable[[Repository, Path], None],
    object_format: str,
    tmp_path: Path,
    gpg_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path / "repository")
    repository.path.mkdir()
    repository.git("init", "--quiet", "--initial-branch=main", f"--object-format={object_format}")
    repository.commit({"a.txt": "a"})
    sign(repository, gpg_home)
    enter(repository, monkeypatch)
    head = repository.git("rev-parse", "HEAD")
    with OpenRepository.open(repository.path) as opened:
        made = make_signed_tag_object(opened, new_tag(head), ANN)
        assert list(repository.refs()) == ["refs/heads/main"]
        create_refs(opened, {"churn@v1.0.0": made})
    repository.git("verify-tag", "churn@v1.0.0")
    content = repository.git("cat-file", "tag", made)
    assert content.startswith(f"object {head}\ntype commit\ntag churn@v1.0.0\ntagger {NAME} <{EMAIL}> {START} +0200\n")
    with Registry(repository.path) as registry:
        assert registry.check_ref("churn@v1.0.0").message == new_tag(head).message.rstrip("\n")
        written = registry.assign("churn@v1.0.0", "prod", sign=True).created[0]
        assert written.message.endswith("Gitreg-Version: v1.0.0")
        assert registry.check_ref("churn#prod#1") == written
    repository.git("verify-tag", "churn#prod#1")


def test_without_a_key_nothing_is_written(opened: OpenRepository, repository: Repository) -> None:
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingKey", "/nowhere/key")
    before = repository.refs()
    with pytest.raises(ExternalFault, match="could not sign") as caught:
        make_signed_tag_object(opened, new_tag(repository.git("rev-parse", "HEAD")), ANN)
    assert "--no-sign" in caught.value.hint
    assert repository.refs() == before
