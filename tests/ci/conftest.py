"""A registry with a past on a remote, and jobs that its tags start."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ci.checkout import check_out
from tests.ci.runner import Runner, put_gitreg_there
from tests.support.repository import Repository

ENTRIES = """\
churn:
  path: models/churn.pkl
  type: model
  description: Predicts which customers leave.
"""


@dataclass(slots=True)
class Host:
    """A host of repositories that starts jobs.

    Attributes:
        author: the clone of somebody who registers.
        remote: what the host has.
    """

    author: Repository
    remote: Repository
    folder: Path
    jobs: int = 0

    def push(self, *tags: str) -> None:
        """Push tags and the branch."""
        self.author.git("push", "--quiet", "origin", "main", *(f"refs/tags/{tag}" for tag in tags))

    def commit_of(self, tag: str) -> str:
        """Say the commit of a tag."""
        return self.remote.git("rev-parse", f"refs/tags/{tag}^{{commit}}")

    def start(self, ref: str, *, depth: int | None = 0, tags: bool = False, before_6_0_2: bool = False) -> Runner:
        """Start a job on GitHub for a ref, with gitreg there.

        Args:
            ref: the full name of the ref.
            depth: of the checkout, as in `check_out`; None: without one.
            tags: as in `check_out`.
            before_6_0_2: as in `check_out`.
        """
        self.jobs += 1
        commit = self.remote.git("rev-parse", f"{ref}^{{commit}}")
        kind = "tag" if ref.startswith("refs/tags/") else "branch"
        name = ref.split("/", 2)[2]
        env = {
            **self.author.env,
            "GITREG_NOW": str(self.author.now),
            "GITHUB_REF": ref,
            "GITHUB_REF_NAME": name,
            "GITHUB_REF_TYPE": kind,
            "GITHUB_SHA": commit,
            "GITHUB_REPOSITORY": "acme/models",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_ACTOR": "ann",
            "GITHUB_ACTOR_ID": "42",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_RUN_ID": "1",
        }
        github = {
            "ref": ref,
            "ref_name": name,
            "ref_type": kind,
            "sha": commit,
            "repository": "acme/models",
            "token": "ghs_token",
            "actor": "ann",
            "event_name": "push",
            "event": {"repository": {"default_branch": "main"}},
        }
        runner = Runner(self.folder / f"job{self.jobs}", env, {"github": github, "secrets": {"GITHUB_TOKEN": "ghs_token"}})
        put_gitreg_there(runner)
        if depth is not None:
            check_out(self.remote, runner.workspace, ref, commit, depth=depth, tags=tags, before_6_0_2=before_6_0_2)
        return runner


@pytest.fixture(scope="session")
def model_host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The host that each test gets a copy of: three versions; prod holds the second, after the first, and staging the third."""
    folder = tmp_path_factory.mktemp("host")
    repository = Repository.create(folder / "repository")
    repository.commit({"artifacts.yaml": ENTRIES, "models/churn.pkl": "1"}, "Train")
    for number in (1, 2, 3):
        repository.commit({"models/churn.pkl": str(number)}, f"Train {number}")
        repository.register("churn", f"v{number}.0.0")
        repository.tick()
        repository.assign("churn", "staging" if number == 3 else "prod", version=f"v{number}.0.0")
        repository.tick()
    repository.commit({"README.md": "# Later\n"}, "Go on")
    return Host(repository, repository.bare_remote(folder / "remote.git"), folder)


@pytest.fixture
def host(model_host: Host, tmp_path: Path) -> Host:
    """A host of one's own."""
    shutil.copytree(model_host.folder, tmp_path, dirs_exist_ok=True)
    now = model_host.author.now
    author, remote = Repository(tmp_path / "repository", now=now), Repository(tmp_path / "remote.git", bare=True, now=now)
    author.git("remote", "set-url", "origin", remote.path.as_uri())
    return Host(author, remote, tmp_path)
