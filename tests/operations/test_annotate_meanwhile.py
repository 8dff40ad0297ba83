"""What happens when the world changes while a commit is made; whoever signs it is asked in the very middle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import gitreg
from gitreg.errors import Conflict, ExternalFault
from tests.operations.picture import Open, changed_files, index, picture
from tests.support.repository import Repository

SIGNER: Final = """\
#!/bin/sh
unset GIT_INDEX_FILE
{act}
cat >/dev/null
echo '[GNUPG:] SIG_CREATED ' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
"""
POSIX: Final = pytest.mark.skipif(sys.platform == "win32", reason="the program that signs is a shell script")


@pytest.fixture
def annotated(repository: Repository) -> Repository:
    """A repository with an entry."""
    repository.commit({"artifacts.yaml": "churn:\n  path: old\n"})
    return repository


def sign_with(repository: Repository, program: Path, act: str) -> None:
    """Let a program sign that does something else first."""
    program.write_text(SIGNER.format(act=act))
    program.chmod(0o755)
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", str(program))


@POSIX
def test_a_file_that_changed_meanwhile_is_not_overwritten(annotated: Repository, opened: Open, tmp_path: Path) -> None:
    sign_with(annotated, tmp_path / "signer", f"echo '# mine' >>'{annotated.path}/artifacts.yaml'")
    before = picture(annotated)
    with pytest.raises(Conflict, match="changed since it was read"):
        opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    after = picture(annotated)
    assert after == {**before, "files": after["files"]}
    assert annotated.files()["artifacts.yaml"] == b"churn:\n  path: old\n# mine\n"


@POSIX
def test_a_file_that_somebody_makes_meanwhile_is_not_overwritten(repository: Repository, opened: Open, tmp_path: Path) -> None:
    sign_with(repository, tmp_path / "signer", f"echo '# mine' >'{repository.path}/artifacts.yaml'")
    with pytest.raises(Conflict, match="exists already"):
        opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert repository.files()["artifacts.yaml"] == b"# mine\n"
    assert repository.git("log", "--format=%s") == "Begin"


@POSIX
@pytest.mark.parametrize("is_new", [True, False])
def test_a_head_that_moves_meanwhile_stays_and_index_and_file_are_put_back(
    repository: Repository, opened: Open, tmp_path: Path, *, is_new: bool
) -> None:
    if not is_new:
        repository.commit({"artifacts.yaml": "churn:\n  path: old\n"})
    (repository.path / "staged.py").write_text("1\n")
    repository.git("add", "staged.py")
    other = repository.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Other")
    staged, files = index(repository), repository.files()
    sign_with(repository, tmp_path / "signer", f"git -C '{repository.path}' update-ref HEAD {other}")
    with pytest.raises(Conflict, match="HEAD moved while the commit was made"):
        opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert repository.git("rev-parse", "HEAD") == other
    assert (index(repository), repository.files()) == (staged, files)
    assert repository.git("status", "--porcelain") == "A  staged.py"


@POSIX
def test_an_index_that_is_locked_meanwhile_leaves_everything_as_it_was(
    annotated: Repository, opened: Open, tmp_path: Path
) -> None:
    sign_with(annotated, tmp_path / "signer", f"touch '{annotated.path}/.git/index.lock'")
    before = picture(annotated)
    with pytest.raises(ExternalFault, match=r"index\.lock"):
        opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert picture(annotated) == before


@POSIX
def test_a_file_that_the_commit_would_have_added_is_taken_away_again(
    repository: Repository, opened: Open, tmp_path: Path
) -> None:
    sign_with(repository, tmp_path / "signer", f"touch '{repository.path}/.git/index.lock'")
    before = picture(repository)
    with pytest.raises(ExternalFault):
        opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert picture(repository) == before


def test_a_commit_is_signed_when_git_is_configured_to_sign(annotated: Repository, opened: Open, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "signers").write_text(f"ann@example.com {key.with_suffix('.pub').read_text()}")
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.format": "ssh",
        "user.signingKey": str(key),
        "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
    }.items():
        annotated.git("config", name, value)
    opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert annotated.git("log", "-1", "--format=%G? %GS") == "G ann@example.com"
    assert changed_files(annotated) == ["M artifacts.yaml"]


def test_a_commit_that_cannot_be_signed_is_not_made(annotated: Repository, opened: Open, tmp_path: Path) -> None:
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": str(tmp_path / "none")}.items():
        annotated.git("config", name, value)
    before = picture(annotated)
    with pytest.raises(ExternalFault) as caught:
        opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert "sign" in caught.value.message.lower() or "key" in caught.value.message.lower()
    assert picture(annotated) == before


# A root without the capabilities to pass over permissions; they are gone with the next program that is started.
DROP: Final = """\
import ctypes, os, sys
if sys.platform == "linux" and os.geteuid() == 0:
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-c", *sys.argv[1:]])
"""
ANNOTATE: Final = """\
from gitreg import Registry
from gitreg.errors import GitregError
try:
    with Registry() as registry:
        registry.annotate("churn", {"path": "new"}, commit=True)
except GitregError as error:
    print(type(error).__name__, error.message, error.hint, sep="; ")
"""


@POSIX
@pytest.mark.parametrize("folder", [".", ".git", ".git/objects"])
def test_a_folder_that_is_read_only_stops_the_commit_and_nothing_changed(annotated: Repository, folder: str) -> None:
    before = picture(annotated)
    place = annotated.path / folder
    places = [place, *(path for path in place.rglob("*") if path.is_dir())] if folder != "." else [place]
    for path in places:
        path.chmod(0o555)
    try:
        completed = subprocess.run(
            [sys.executable, "-c", DROP, ANNOTATE],
            cwd=annotated.path,
            env={**annotated.env, "PYTHONPATH": str(Path(gitreg.__file__).parent.parent)},
            capture_output=True,
            check=True,
            text=True,
        )
    finally:
        for path in places:
            path.chmod(0o755)
    assert completed.stdout.startswith("ExternalFault; ")
    assert "ermission" in completed.stdout
    assert picture(annotated) == before
