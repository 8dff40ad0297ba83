from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.ci.conftest import ENTRIES, Host
from tests.ci.gitlab import TEMPLATES, put_gitreg, require_gitlab, run_pipeline, write_caller
from tests.ci.runner import plant_modules
from tests.support.command import Result
from tests.support.repository import Repository
from tests.support.servers.receiver import Reply, run_receiver

DEPLOY = """\
env | grep '^GITREG_EVENT' | grep -v -e JSON -e COMMIT | LC_ALL=C sort > "$DEPLOYED_TO"
printf '%s' "$GITREG_EVENT_JSON" > "$DEPLOYED_TO.json"
"""


class Project:
    """A project of GitLab: what its host has, and pipelines in clones of it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.bin = put_gitreg(host.folder / "bin")
        self.deployed = host.folder / "deployed"
        self.clones = 0

    def run(self, variables: dict[str, str], branch: str = "main") -> Result:
        """Run a pipeline in a clone of one's own."""
        self.clones += 1
        clone = self.host.remote.clone(self.host.folder / f"clone{self.clones}", f"--branch={branch}")
        self.clone: Repository = clone
        return run_pipeline(clone, {"DEPLOYED_TO": str(self.deployed), **variables}, self.bin)

    def run_tag(self, tag: str, **more: str) -> Result:
        """Run the pipeline that a tag starts."""
        variables = {"CI_COMMIT_TAG": tag, "CI_COMMIT_SHA": self.host.commit_of(tag), "CI_PIPELINE_SOURCE": "push"}
        return self.run({**variables, **more})


@pytest.fixture
def project(host: Host) -> Project:
    require_gitlab()
    write_caller(host.author)
    host.author.commit({".registry/deploy.sh": DEPLOY, ".registry/deployed.sh": 'printf "%s" "$IS_DEPLOYED"\n'}, "Deploy")
    host.push()
    return Project(host)


@pytest.mark.slow
def test_a_tag_of_a_stage_is_deployed_by_the_script_of_the_default_branch(project: Project) -> None:
    result = project.run_tag("churn#prod#2")
    assert result.code == 0, result
    assert "registry-deploy-prod environment: { name: prod }" in result.stdout
    assert project.deployed.read_text() == snapshot("""\
GITREG_EVENT=assignment
GITREG_EVENT_CURRENT=true
GITREG_EVENT_DESCRIPTION=
GITREG_EVENT_FOUND=true
GITREG_EVENT_HOLDER=v2.0.0
GITREG_EVENT_NAME=churn
GITREG_EVENT_PATH=models/churn.pkl
GITREG_EVENT_SLUG=churn-v2-0-0
GITREG_EVENT_STAGE=prod
GITREG_EVENT_STAGES=prod
GITREG_EVENT_TAG=churn#prod#2
GITREG_EVENT_TYPE=model
GITREG_EVENT_VERSION=v2.0.0
""")
    assert json.loads(project.deployed.with_suffix(".json").read_text())["event"]["tag"] == "churn#prod#2"


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["churn#prod#1", "churn#staging#3", "churn@v1.0.0"])
def test_nothing_is_deployed_for_an_event_that_is_overtaken_or_of_something_else(project: Project, tag: str) -> None:
    result = project.run_tag(tag)
    assert result.code == 0, result
    assert "PASS  registry-event" in result.stdout
    assert not project.deployed.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("version", "holder"), [("v2.0.0", "v1.0.0"), ("v3.0.0", None)])
def test_a_deregistration_deploys_a_stage_that_changes_hands_by_it(project: Project, version: str, holder: str | None) -> None:
    project.host.author.tick()
    tag = project.host.author.deregister("churn", version, f"churn@{version}^{{commit}}")
    project.host.push(tag)
    result = project.run_tag(tag)
    assert result.code == 0, result
    assert project.deployed.exists() is (holder is not None)
    if holder:
        assert f"GITREG_EVENT_HOLDER={holder}\n" in project.deployed.read_text()
        assert "GITREG_EVENT_STAGE=prod\n" in project.deployed.read_text()


@pytest.mark.slow
def test_others_are_told_of_an_event_where_a_variable_says_so_and_whoever_is_not_told_stops_nothing(project: Project) -> None:
    with run_receiver() as receiver:
        receiver.replies = [Reply(), Reply(status=404)]
        result = project.run_tag("churn#prod#2", GITREG_SLACK_URL=receiver.url, GITREG_WEBHOOK_URL=receiver.url)
    assert result.code == 0, result
    assert len(receiver.posts) == 2
    assert project.deployed.exists()


@pytest.mark.slow
def test_free_text_reaches_no_shell_and_no_variable(project: Project) -> None:
    evil = "$(touch evil) `touch evil` $GITREG_PUSH_TOKEN\nGITREG_EVENT_VERSION=evil '\"; touch evil #"
    path = json.dumps("models/$(touch evil);touch evil")
    project.host.author.commit(
        {"artifacts.yaml": f"churn: {{path: {path}, type: {json.dumps(evil)}, description: {json.dumps(evil)}}}\n"}
    )
    project.host.author.tick()
    for tag in (
        project.host.author.register("churn", "v4.0.0", message=evil),
        project.host.author.assign("churn", "prod", message=evil),
    ):
        project.host.push(tag)
    result = project.run_tag("churn#prod#4")
    assert result.code == 0, result
    said = project.deployed.read_text()
    assert "GITREG_EVENT_VERSION=v4.0.0\n" in said
    assert "GITREG_EVENT_TYPE=\n" in said
    assert "GITREG_EVENT_PATH=\n" in said
    assert json.loads(project.deployed.with_suffix(".json").read_text())["description"] == evil
    assert not list(project.host.folder.rglob("evil"))


@pytest.mark.slow
def test_a_schedule_deploys_what_is_not_as_the_registry_says(project: Project) -> None:
    result = project.run({"CI_PIPELINE_SOURCE": "schedule", "IS_DEPLOYED": '{"churn": {"prod": "v1.0.0"}}'})
    assert result.code == 0, result
    assert "GITREG_EVENT_VERSION=v2.0.0\n" in project.deployed.read_text()


@pytest.mark.slow
def test_promoting_pushes_a_tag_in_the_name_of_who_did_it(project: Project) -> None:
    variables = {
        "CI_PIPELINE_SOURCE": "web",
        "REGISTRY_ARTIFACT": "churn",
        "REGISTRY_VERSION": "v3.0.0",
        "REGISTRY_STAGE": "prod",
        "GITREG_PUSH_TOKEN": "glpat-secret",
        "GITLAB_USER_NAME": "Bea",
        "GITLAB_USER_EMAIL": "bea@example.com",
        "CI_PROJECT_URL": project.host.remote.path.as_uri().removesuffix(".git"),
    }
    result = project.run(variables)
    assert result.code == 0, result
    tagger = project.host.remote.git("for-each-ref", "--format=%(taggername) %(taggeremail)", "refs/tags/churn#prod#4")
    assert tagger == "Bea <bea@example.com>"
    assert "glpat-secret" not in result.stdout + result.stderr


class Notes(BaseHTTPRequestHandler):
    """The part of GitLab's API that has notes."""

    asked: list[tuple[str, str, Any]]
    notes: list[dict[str, Any]]

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length))["body"] if length else None
        assert self.headers["PRIVATE-TOKEN"] == "glpat-review"
        self.asked.append((self.command, self.path, body))
        data = json.dumps({"id": 1} if self.path.endswith("/user") else self.notes if body is None else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815  names of the standard library

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[tuple[str, type[Notes]]]:
    handler = type("Asked", (Notes,), {"asked": [], "notes": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/v4", handler
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_merge_request_gets_findings_and_a_note_that_is_updated_in_place(
    project: Project, api: tuple[str, type[Notes]]
) -> None:
    url, handler = api
    author = project.host.author
    base = author.git("rev-parse", "HEAD")
    author.git("checkout", "--quiet", "-b", "topic")
    author.commit({"artifacts.yaml": ENTRIES.replace("customers", "people") + "  unknown: 1\n"}, "Change")
    plant_modules(author.path)
    author.git("add", "--all")
    author.commit({}, "Steal")
    author.git("push", "--quiet", "origin", "topic")
    variables = {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_API_V4_URL": url,
        "CI_PROJECT_ID": "5",
        "GITREG_REVIEW_TOKEN": "glpat-review",
    }
    result = project.run(variables, "topic")
    assert result.code == 0, result
    assert not list(project.host.folder.rglob("evil"))
    findings = json.loads((project.clone.path / "gl-code-quality-report.json").read_text())
    assert [(one["check_name"], one["location"]) for one in findings] == snapshot(
        [("GR106", {"lines": {"begin": 5}, "path": "artifacts.yaml"})]
    )
    assert [(method, path) for method, path, _ in handler.asked] == snapshot(
        [
            ("GET", "/api/v4/user"),
            ("GET", "/api/v4/projects/5/merge_requests/7/notes?per_page=100&page=1"),
            ("POST", "/api/v4/projects/5/merge_requests/7/notes"),
        ]
    )
    assert str(handler.asked[-1][2]).startswith("<!-- gitreg:diff:v1 -->\n")
    handler.asked.clear()
    assert project.run({**variables, "CI_MERGE_REQUEST_DIFF_BASE_SHA": author.git("rev-parse", "topic")}, "topic").code == 0
    assert [method for method, _, _ in handler.asked] == ["GET", "GET"]
    handler.asked.clear()
    marked = {"id": 9, "author": {"id": 1}, "body": "<!-- gitreg:diff:v1 -->\nold"}
    handler.notes += [{**marked, "id": 8, "author": {"id": 2}}, marked]
    assert project.run(variables, "topic").code == 0
    assert handler.asked[-1][:2] == snapshot(("PUT", "/api/v4/projects/5/merge_requests/7/notes/9"))


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("registry-*.yml")), ids=lambda path: path.name)
def test_a_template_takes_what_its_inputs_say(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header, _, jobs = text.partition("\n---\n")
    for name in ("gitreg", "image"):
        assert f"    {name}:\n" in header
        assert f"$[[ inputs.{name} ]]" in jobs
