from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.cli.entries import Forge
from gitreg.files.templates import JOBS
from gitreg.render.schemas import load
from tests.cli.terminal import experience, experience_anywhere
from tests.support.command import GitregCommand, Result
from tests.support.repository import Repository

TAG = {"GITHUB_REF_TYPE": "tag", "GITHUB_REF": "refs/tags/churn#prod#2"}


@pytest.fixture
def remote(story: Repository, tmp_path: Path) -> Repository:
    return story.bare_remote(tmp_path / "remote.git")


def clone(remote: Repository, path: Path, *options: str) -> GitregCommand:
    return GitregCommand(remote.clone(path, *options))


def test_a_person_reads_what_started_a_job(story: Repository, gitreg: GitregCommand) -> None:
    tag = story.git("tag", "--list", "churn#prod#*").splitlines()[-1]
    assert experience_anywhere(gitreg("ci", "event", "--ref", tag)).replace(
        story.git("rev-parse", f"{tag}^{{}}"), "ID"
    ) == snapshot("""\

exit 0
event:       assignment
tag:         churn#prod#3
name:        churn
version:     v1.1.0
stage:       prod
commit:      ID
type:        model
path:        models/churn.pkl
slug:        churn-v1-1-0
current:     true
holder:      v1.1.0
description: Predicts which customers leave within a month, from what they did in the last year.
""")


def test_no_tag_and_another_tag_are_no_events(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("ci", "event")) == snapshot("""\

exit 0
---- stderr
note: no tag started this job
""")
    assert experience(gitreg("ci", "event", "--ref", "nightly", "--require")) == snapshot("""\

exit 1
---- stderr
error: tag 'nightly' is none of the registry
hint: run the job for registry tags only, or without --require
""")
    document = json.loads(gitreg("ci", "event", "--json").stdout)
    jsonschema.validate(document, load("ci-event"))
    assert document == snapshot(
        {
            "current": None,
            "description": None,
            "event": None,
            "holder": None,
            "is_registry_event": False,
            "path": None,
            "schema_version": 1,
            "slug": None,
            "stage": None,
            "stages": [],
            "tag": None,
            "type": None,
        }
    )


@pytest.mark.parametrize(
    "env",
    [
        {"GITHUB_REF_TYPE": "tag", "GITHUB_REF": "refs/tags/churn@v1.0.0", "GITHUB_REF_NAME": "churn@v1.0.0"},
        {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "churn@v1.0.0"},
        {"CI_COMMIT_TAG": "churn@v1.0.0"},
    ],
)
def test_both_hosts_say_which_tag_it_was(story: Repository, gitreg: GitregCommand, env: dict[str, str]) -> None:
    sha = story.git("rev-parse", "churn@v1.0.0^{commit}")
    for name in ("GITHUB_SHA", "CI_COMMIT_SHA"):
        assert json.loads(gitreg("ci", "event", "--json", env={**env, name: sha}).stdout)["event"]["version"] == "v1.0.0"


def test_a_branch_of_the_name_of_a_tag_is_none(story: Repository, gitreg: GitregCommand) -> None:
    env = {"GITHUB_REF_TYPE": "branch", "GITHUB_REF": "refs/heads/churn@v1.0.0", "GITHUB_REF_NAME": "churn@v1.0.0"}
    assert gitreg("ci", "event", "--require", env=env).code == 1


def test_a_stage_may_be_asked_for_that_the_event_does_not_name(story: Repository, gitreg: GitregCommand) -> None:
    story.tick()
    tag = story.deregister("churn", "v1.1.0", "churn@v1.1.0^{commit}")
    said = gitreg("ci", "event", "--ref", tag).stdout
    assert "\nstages:      prod, staging\n" in said
    assert "holder" not in said
    assert re.search(
        r"(?s)\nstage: +prod\n.*\ncurrent: +true\nholder: +v1.0.0\n",
        gitreg("ci", "event", "--ref", tag, "--stage", "prod").stdout,
    )
    other = gitreg("ci", "event", "--ref", "churn#prod#3", "--stage", "staging")
    assert "warning: tag 'churn#prod#3' states nothing of stage 'staging'\n" in other.stderr
    assert re.search("current: +false\n", other.stdout)
    for stage in ("$(x)", "../prod", "-", "prod!"):
        assert gitreg("ci", "event", "--ref", tag, f"--stage={stage}").code == 2, stage


def test_a_tag_that_names_another_commit_than_when_the_job_began_was_moved(story: Repository, gitreg: GitregCommand) -> None:
    env = {**TAG, "GITHUB_REF": "refs/tags/churn@v1.0.0", "GITHUB_SHA": story.git("rev-parse", "HEAD")}
    assert experience_anywhere(gitreg("ci", "event", env=env)) == snapshot("""\

exit 6
---- stderr
error: tag 'churn@v1.0.0' names commit COMMIT, and named 'COMMIT' when it started this job
hint: find out who moved it; a registry tag never moves
""")
    assert gitreg("ci", "event", "--ref", "churn@v1.1.0", env=env).code == 0
    tag_id = story.git("rev-parse", "refs/tags/churn@v1.0.0")  # some hosts give the id of the tag object
    assert gitreg("ci", "event", env={**env, "GITHUB_SHA": tag_id}).code == 0


def test_a_quarantined_tag_and_one_that_is_not_there_are_told_apart(
    story: Repository, remote: Repository, tmp_path: Path
) -> None:
    gitreg = clone(remote, tmp_path / "clone")
    gitreg.repository.git("tag", "churn@v7.0.0")
    assert experience(gitreg("ci", "event", "--ref", "churn@v7.0.0")) == snapshot("""\

exit 6
---- stderr
error: 'churn@v7.0.0' is a lightweight tag, which states no author and no time; it is not read
hint: gitreg ci fetch; actions/checkout before v6.0.2 makes such tags
""")
    assert experience(gitreg("ci", "event", "--ref", "churn@v8.0.0")) == snapshot("""\

exit 6
---- stderr
error: there is no tag 'churn@v8.0.0' here
hint: gitreg ci fetch
""")
    assert experience(gitreg("ci", "event", "--ref", "churn@v8.0.0", "--fetch")) == snapshot("""\

exit 3
---- stderr
error: there is no tag 'churn@v8.0.0' here, nor on the remote
hint: it was deleted, which a registry tag should never be
""")


def test_a_tag_that_is_lightweight_on_the_remote_too_is_a_mistake_of_whoever_made_it(
    story: Repository, remote: Repository, tmp_path: Path
) -> None:
    story.git("tag", "churn@v7.0.0")
    story.git("push", "--quiet", "origin", "churn@v7.0.0")
    gitreg = clone(remote, tmp_path / "clone", "--depth=1")
    assert experience(gitreg("ci", "event", "--ref", "churn@v7.0.0", "--fetch")) == snapshot("""\

exit 6
---- stderr
error: 'churn@v7.0.0' is a lightweight tag, which states no author and no time; it is not read
hint: the remote has no annotated one: make registry tags with gitreg, or with git tag --annotate
""")
    assert experience(gitreg("ci", "fetch", "churn")) == snapshot("""\

exit 0
Nothing to fetch: all registry tags of origin are here
---- stderr
warning: 1 tag ('churn@v7.0.0') of origin: lightweight there too, so no event
hint: this clone is still shallow: other commands take --fetch, or bring its history: gitreg ci fetch --history
""")


def test_a_shallow_clone_without_its_remote_does_not_answer(remote: Repository, tmp_path: Path) -> None:
    gitreg = clone(remote, tmp_path / "clone", "--depth=1")
    gitreg("ci", "fetch")
    assert gitreg("ci", "event", "--ref", "churn@v1.0.0").code == 0
    gitreg.repository.git("remote", "remove", "origin")
    assert experience(gitreg("ci", "event", "--ref", "churn@v1.0.0")) == snapshot("""\

exit 6
---- stderr
error: this clone is shallow, so registry tags may be missing, and this repository has no remote
hint: git remote add origin URL; then: gitreg ci fetch
""")


def test_fetching_brings_tags_and_says_which(remote: Repository, tmp_path: Path) -> None:
    gitreg = clone(remote, tmp_path / "clone", "--depth=1", "--no-tags")
    assert experience(gitreg("ci", "fetch", "--dry-run")) == snapshot("""\

exit 0
Would fetch 6 registry tags ('churn#prod#1', 'churn#prod#3', 'churn#staging#2', ...) from origin
""")
    assert gitreg.repository.git("tag") == ""
    document = json.loads(gitreg("ci", "fetch", "churn", "--json").stdout)
    jsonschema.validate(document, load("ci-fetch"))
    assert set(gitreg.repository.git("tag").split()) == set(document["fetched"])
    assert all(tag.startswith("churn") for tag in document["fetched"])
    assert experience(gitreg("ci", "fetch")) == snapshot("""\

exit 0
Fetched 1 registry tag ('models/nlp=sentiment@v0.1.0-rc.1') from origin
---- stderr
hint: this clone is still shallow: other commands take --fetch, or bring its history: gitreg ci fetch --history
""")
    assert experience(gitreg("ci", "fetch")) == snapshot("""\

exit 0
Nothing to fetch: all registry tags of origin are here
---- stderr
hint: this clone is still shallow: other commands take --fetch, or bring its history: gitreg ci fetch --history
""")


def test_fetching_takes_no_history_away_and_brings_none(remote: Repository, tmp_path: Path) -> None:
    gitreg = clone(remote, tmp_path / "clone", "--depth=2", "--no-tags")
    commits = gitreg.repository.git("rev-list", "HEAD")
    gitreg("ci", "fetch")
    assert gitreg.repository.git("rev-list", "HEAD") == commits


def test_fetching_history_makes_a_whole_clone_of_a_shallow_one(story: Repository, remote: Repository, tmp_path: Path) -> None:
    gitreg = clone(remote, tmp_path / "clone", "--depth=1")
    assert experience(gitreg("ci", "fetch", "--history", "--dry-run")) == snapshot("""\

exit 0
Would fetch 2 registry tags ('churn#prod#1', 'churn@v1.0.0') from origin
Would fetch the history of HEAD and of registry tags
""")
    assert experience(gitreg("ci", "fetch", "--history")) == snapshot("""\

exit 0
Fetched 2 registry tags ('churn#prod#1', 'churn@v1.0.0') from origin
Fetched the history of HEAD and of registry tags
""")
    assert gitreg.repository.git("rev-list", "HEAD") == story.git("rev-list", "HEAD")
    assert gitreg("show").code == 0
    assert experience(gitreg("ci", "fetch", "--history")) == snapshot("""\

exit 0
Nothing to fetch: all registry tags of origin are here
""")


def test_fetching_never_moves_a_tag_that_is_annotated(story: Repository, remote: Repository, tmp_path: Path) -> None:
    gitreg = clone(remote, tmp_path / "clone")
    story.git("tag", "--force", "--annotate", "-m", "moved", "churn@v1.0.0", "HEAD")
    story.git("push", "--quiet", "--force", "origin", "churn@v1.0.0")
    before = gitreg.repository.refs()
    assert experience(gitreg("ci", "fetch")) == snapshot("""\

exit 6
---- stderr
error: tag 'churn@v1.0.0' is another one here than on 'origin': it was moved after this job was started
hint: find out who moved it; a registry tag never moves
""")
    assert gitreg.repository.refs() == before


def test_fetching_leaves_other_tags_alone(story: Repository, remote: Repository, tmp_path: Path) -> None:
    story.tag("nightly")
    story.git("push", "--quiet", "origin", "nightly")
    gitreg = clone(remote, tmp_path / "clone", "--no-tags")
    gitreg("ci", "fetch")
    assert "nightly" not in gitreg.repository.git("tag").split()


class Closed(BaseHTTPRequestHandler):
    """A host that wants to know who asks."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def closed() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Closed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/models.git"
    server.shutdown()
    server.server_close()


def test_a_checkout_without_credentials_is_told_what_to_do(remote: Repository, tmp_path: Path, closed: str) -> None:
    gitreg = clone(remote, tmp_path / "clone", "--depth=1")
    gitreg.repository.git("remote", "set-url", "origin", closed)
    said = [gitreg("ci", "fetch"), gitreg("ci", "event", "--ref", "models/nlp=sentiment@v0.1.0-rc.1")]
    port = closed.split(":")[2].partition("/")[0]
    assert [experience(one).replace(port, "PORT") for one in said] == snapshot(
        [
            """\

exit 7
---- stderr
error: 'origin' did not answer: could not read Username for 'http://127.0.0.1:PORT': terminal prompts disabled
hint: let the checkout bring all tags (fetch-depth: 0; GitLab: GIT_DEPTH: 0), or keep credentials (persist-credentials: true)
""",
            """\

exit 6
---- stderr
error: this clone is shallow, so registry tags may be missing, and 'origin' did not answer: could not read Username for 'http://127.0.0.1:PORT': terminal prompts disabled
hint: let the checkout bring all tags (fetch-depth: 0; GitLab: GIT_DEPTH: 0), or keep credentials (persist-credentials: true); then: gitreg ci fetch
""",
        ]
    )


@pytest.mark.parametrize("name", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_file_of_the_host_that_cannot_be_written_is_no_success(story: Repository, gitreg: GitregCommand, name: str) -> None:
    result = gitreg("ci", "event", "--ref", "churn@v1.0.0", env={name: "/nowhere/file"})
    assert result.code == 7
    assert "'/nowhere/file' cannot be written" in result.stderr


def test_a_file_of_variables_replaces_a_plain_file_and_nothing_else(
    story: Repository, gitreg: GitregCommand, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (story.path / "link").symlink_to(outside)
    (story.path / "standard-output").symlink_to("/dev/stdout")
    os.mkfifo(story.path / "pipe")
    for name in ("link", "standard-output", "pipe", "models"):
        before = os.lstat(story.path / name)
        result = gitreg("ci", "event", "--ref", "churn@v1.0.0", "--dotenv", name)
        assert (result.code, result.stdout) == (5, ""), name
        assert "is no plain file, so it is not replaced\nhint: name a file: --dotenv gitreg.env" in result.stderr
        assert os.lstat(story.path / name).st_ino == before.st_ino
    assert outside.read_text() == "mine"
    for name in ("", ".", "/", "..", "models/.."):
        assert gitreg("ci", "event", "--ref", "churn@v1.0.0", "--dotenv", name).code == 2, name
    (story.path / "gitreg.env").write_text("mine")
    assert gitreg("ci", "event", "--ref", "churn@v1.0.0", "--dotenv", "gitreg.env").code == 0
    assert (story.path / "gitreg.env").read_text().replace(story.git("rev-parse", "churn@v1.0.0^{}"), "ID") == snapshot("""\
GITREG_EVENT=registration
GITREG_EVENT_TAG=churn@v1.0.0
GITREG_EVENT_NAME=churn
GITREG_EVENT_VERSION=v1.0.0
GITREG_EVENT_STAGE=
GITREG_EVENT_STAGES=
GITREG_EVENT_COMMIT=ID
GITREG_EVENT_SLUG=churn-v1-0-0
GITREG_EVENT_CURRENT=true
GITREG_EVENT_HOLDER=
GITREG_EVENT_FOUND=true
GITREG_EVENT_TYPE=model
GITREG_EVENT_PATH=models/churn.pkl
GITREG_EVENT_DESCRIPTION=
""")
    assert gitreg("ci", "event", "--ref", "churn@v1.0.0", "--dotenv", "nowhere/gitreg.env").code == 7
    assert [path.name for path in story.path.glob(".gitreg-*")] == []


def test_hosts_of_init_are_those_that_there_are_files_for() -> None:
    assert [forge.value for forge in Forge] == list(JOBS)


def test_init_says_what_to_do_next_and_overwrites_nothing(repository: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("init", "--ci", "github")) == snapshot("""\

exit 0
Created .gitreg.yaml
Created artifacts.yaml
Created .gitattributes
Created .github/workflows/registry-on-tag.yml
Created .github/workflows/registry-review.yml
Created .github/workflows/registry-promote.yml
Created .github/workflows/registry-reconcile.yml
Created .registry/deploy.sh
Created .registry/deployed.sh
---- stderr
note: write .registry/deploy.sh and .registry/deployed.sh, and commit all of it to the default branch
note: make an environment for each stage (Settings, Environments), with its secret DEPLOY_TOKEN and who has to approve
note: let only those push tags '**#*' and '**@v*' who may deploy (Settings, Rules), and nobody move or delete them
note: a secret REGISTRY_PUSH_TOKEN of a GitHub App lets promotions start the workflow for tags; else they deploy
note: a tag on a commit from before this one starts no job: promote with the button, or start registry-reconcile
hint: commit them: git add .gitreg.yaml artifacts.yaml .gitattributes .github/workflows/registry-on-tag.yml .github/workflows/registry-review.yml .github/workflows/registry-promote.yml .github/workflows/registry-reconcile.yml .registry/deploy.sh .registry/deployed.sh && git commit
""")
    assert gitreg("--quiet", "init", "--ci", "github") == Result("", "", 0)
    assert gitreg("--quiet", "init", "--ci", "gitlab", "--dry-run").stdout.startswith("Nothing to change")
    (repository.path / ".github" / "workflows" / "registry-review.yml").write_text("mine")
    (repository.path / ".gitlab-ci.yml").write_text("mine: {script: x}\n")
    gitreg("init", "--ci", "github")
    assert (repository.path / ".github" / "workflows" / "registry-review.yml").read_text() == "mine"
    assert gitreg("init", "--ci", "gitlab", "--dry-run").code == 0
    assert not (repository.path / ".gitlab").exists()
    assert ".gitlab-ci.yml is there already" in gitreg("init", "--ci", "gitlab").stderr
    assert (repository.path / ".gitlab-ci.yml").read_text() == "mine: {script: x}\n"
