"""The real pre-commit with our hooks: it makes an environment out of this checkout, once for all workers of a run."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

import gitreg
from gitreg.files.nodes import list_items, to_value
from gitreg.files.yaml import parse_yaml
from gitreg.version import HOME, __version__
from tests.operations.picture import Open
from tests.support.command import Result
from tests.support.repository import Repository

ROOT: Final = Path(__file__).parent.parent.parent
MANIFEST: Final = ROOT / ".pre-commit-hooks.yaml"
EXAMPLE: Final = ROOT / "examples" / "pre-commit-config.yaml"
PACKAGE: Final = Path(gitreg.__file__).parent
PASSED_ON: Final = ("PIP_", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy")
GOOD: Final = "churn:\n  path: model.bin\n"
BROKEN: Final = "churn:\n  path: model.bin\n  labels: 3\n"


def run_pre_commit(repository: Repository, *args: str, home: Path) -> Result:
    """Run the real program, which fetches what it needs with the person's own pip."""
    pip = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON) or name == "HOME"}
    environment = {**repository.env, **pip, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    environment.pop("XDG_CONFIG_HOME", None)
    completed = subprocess.run(
        [sys.executable, "-m", "pre_commit", *args], cwd=repository.path, env=environment, capture_output=True, check=False
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)


@contextmanager
def one_at_a_time(place: Path) -> Iterator[None]:
    """Let the other workers of this run wait."""
    with place.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share, with the repository of the hook in it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "pre-commit-tests"
    folder.mkdir(exist_ok=True)
    with one_at_a_time(folder / "lock"):
        if not (folder / "made").exists():
            source = Repository.create(folder / "gitreg")
            shutil.copytree(PACKAGE, source.path / "gitreg", ignore=shutil.ignore_patterns("__pycache__"))
            for name in ("pyproject.toml", "README.md", "LICENSE", MANIFEST.name):
                shutil.copyfile(ROOT / name, source.path / name)
            source.git("add", "--all")
            source.commit(message="The hook")
            (folder / "made").touch()
    return folder


@pytest.fixture
def guarded(repository: Repository, shared: Path) -> Repository:
    """A repository with an entry, in which pre-commit runs our hook before each commit."""
    source = Repository(shared / "gitreg")
    example = EXAMPLE.read_text(encoding="utf-8")
    configuration = example.replace(HOME, str(source.path)).replace(f"v{__version__}", source.git("rev-parse", "HEAD"))
    repository.commit({".pre-commit-config.yaml": configuration, "artifacts.yaml": GOOD, "model.bin": "1\n"})
    repository.extra["PRE_COMMIT_HOME"] = str(shared / "home")
    with one_at_a_time(shared / "lock"):
        installed = run_pre_commit(repository, "install", "--install-hooks", home=shared / "home")
    assert installed.code == 0, installed
    return repository


def read_hooks() -> list[Any]:
    """Read the manifest, whose top level is a list."""
    root = parse_yaml(b"hooks:\n" + MANIFEST.read_bytes(), MANIFEST.name).root
    assert root is not None
    return [to_value(hook) for hook in list_items(root.pairs[0][1])]


def commit(repository: Repository, *args: str) -> Result:
    """Commit what is staged, as a person does."""
    completed = subprocess.run(
        ["git", "commit", "--message", "Change", *args], cwd=repository.path, env=repository.env, capture_output=True, check=False
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)


def test_the_manifest_is_one_and_what_it_says_to_copy_is_this_release(repository: Repository, tmp_path: Path) -> None:
    assert run_pre_commit(repository, "validate-manifest", str(MANIFEST), home=tmp_path) == Result("", "", 0)
    assert run_pre_commit(repository, "validate-config", str(EXAMPLE), home=tmp_path) == Result("", "", 0)
    for text in (MANIFEST.read_text(encoding="utf-8"), EXAMPLE.read_text(encoding="utf-8")):
        assert f"repo: {HOME}\n" in text
        assert f"rev: v{__version__}\n" in text


def test_the_hook_runs_whatever_is_committed_since_pre_commit_tells_no_hook_of_deletions() -> None:
    [hook] = read_hooks()
    assert hook["always_run"] is True
    assert "files" not in hook


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_pre_commit_tries_the_hook(repository: Repository, shared: Path, tmp_path: Path) -> None:
    repository.commit({"artifacts.yaml": BROKEN, "model.bin": "1\n"})
    tried = run_pre_commit(repository, "try-repo", str(shared / "gitreg"), "gitreg-check", "--all-files", home=tmp_path)
    assert tried.code == 1, tried
    assert "artifacts.yaml:3:11: error GR105 'labels' of 'churn' must be a list of texts, not the number 3" in tried.stdout


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_commit_is_refused_for_a_broken_entry_and_accepted_when_it_is_mended(guarded: Repository) -> None:
    before = guarded.git("rev-parse", "HEAD")
    (guarded.path / "artifacts.yaml").write_text(BROKEN)
    guarded.git("add", "artifacts.yaml")
    refused = commit(guarded)
    assert refused.code == 1
    assert "GR105" in refused.stdout + refused.stderr
    assert guarded.git("rev-parse", "HEAD") == before
    (guarded.path / "artifacts.yaml").write_text(GOOD.replace("path", "type: model\n  path"))
    assert commit(guarded).code == 1  # mended in the work tree alone
    guarded.git("add", "artifacts.yaml")
    assert commit(guarded).code == 0
    assert guarded.git("rev-parse", "HEAD~1") == before


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_commit_that_only_deletes_the_bytes_of_an_entry_is_shown_and_refused_where_warnings_count(guarded: Repository) -> None:
    path = guarded.path / ".pre-commit-config.yaml"
    text = path.read_text()
    guarded.git("rm", "--quiet", "model.bin")
    for line, code in (("verbose: true", 0), ("args: [--strict]", 1)):
        assert f"# {line} # " in text
        path.write_text(text.replace(f"# {line} # ", f"{line} # "))
        guarded.git("add", path.name)
        done = commit(guarded)
        assert done.code == code
        assert "GR108" in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_of_a_file_that_is_staged_in_part_the_staged_part_counts(guarded: Repository) -> None:
    two = "big:\n  path: model.bin\n\nchurn:\n  path: model.bin\n"
    (guarded.path / "artifacts.yaml").write_text(two)
    guarded.git("add", "artifacts.yaml")
    (guarded.path / "artifacts.yaml").write_text(f"{two}  labels: 3\n")
    assert commit(guarded).code == 0
    assert (guarded.path / "artifacts.yaml").read_text() == f"{two}  labels: 3\n"
    guarded.git("add", "artifacts.yaml")
    (guarded.path / "artifacts.yaml").write_text(two)
    assert commit(guarded).code == 1
    assert (guarded.path / "artifacts.yaml").read_text() == two


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_warm_hook_takes_less_than_half_a_second(guarded: Repository, shared: Path) -> None:
    """Of the processor: how long that is on the clock depends on what else the machine does."""
    [program] = (shared / "home").glob("repo*/py_env-*/bin/gitreg")
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "check", "--staged"], cwd=guarded.path, env=guarded.env, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.5


ALWAYS: Final = """\
repos:
- repo: local
  hooks: [{id: theirs, name: theirs, entry: touch ran, language: system, stages: [pre-push], always_run: true, pass_filenames: false}]
"""


@pytest.mark.parametrize("order", ["ours first", "theirs first", "theirs again"])
def test_our_hook_before_a_push_and_that_of_pre_commit_run_both(
    order: str, repository: Repository, remote: Repository, opened: Open, tmp_path: Path
) -> None:
    def install_theirs() -> None:
        assert run_pre_commit(repository, "install", "--hook-type", "pre-push", home=tmp_path / "home").code == 0

    repository.commit({".pre-commit-config.yaml": ALWAYS})
    if order != "ours first":
        install_theirs()
    opened(repository).install_hooks()
    if order != "theirs first":
        install_theirs()
    assert opened(repository).install_hooks().changes == ()
    repository.extra["PRE_COMMIT_HOME"] = str(tmp_path / "home")
    repository.tag("churn@v1.0.0", lightweight=True)
    pushed = subprocess.run(
        ["git", "push", "origin", "main"], cwd=repository.path, env=repository.env, capture_output=True, check=False
    )
    assert pushed.returncode == 0, pushed
    assert (repository.path / "ran").exists()
    refused = subprocess.run(["git", "push", "--tags"], cwd=repository.path, env=repository.env, capture_output=True, check=False)
    assert b"a lightweight tag" in refused.stderr + refused.stdout
    assert refused.returncode == 1
    opened(repository).uninstall_hooks()
    assert not any(b"gitreg hooks" in path.read_bytes() for path in (repository.path / ".git/hooks").iterdir())
    assert b"pre-commit" in (repository.path / ".git/hooks/pre-push").read_bytes()
    (repository.path / "ran").unlink()
    repository.commit(message="More")
    repository.git("push", "origin", "main")
    assert (repository.path / "ran").exists()
