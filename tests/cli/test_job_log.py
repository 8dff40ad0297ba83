"""What commands print in a job of GitHub: its runner takes lines of the log for commands to itself."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from tests.support.command import GitregCommand
from tests.support.repository import Repository

EVIL = "::error::evil\n  ::set-output name=x::evil\n##[add-mask]evil"
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


@pytest.fixture
def evil(repository: Repository) -> Repository:
    """A registry whose every text is a command."""
    block = EVIL.replace("\n", "\n    ")
    repository.commit(None, EVIL)
    repository.commit({"artifacts.yaml": f"churn:\n  path: m\n  type: '##[x]'\n  description: |\n    {block}\n", "m": "1"}, EVIL)
    repository.register("churn", "v1.0.0", message=EVIL)
    return repository


@pytest.mark.parametrize(
    "command",
    [
        ("show", "churn@v1.0.0"),
        ("show", "churn", "--json"),
        ("history",),
        ("check-ref", "churn@v1.0.0"),
        ("check-ref", "churn@v1.0.0", "--json"),
        ("show", "##[error]x"),
        ("annotate", "churn", "--label", "##[x]", "--dry-run"),
        ("history", "--format", "cloudevents"),
        ("feed",),
        ("feed", "churn@v1.0.0"),
        ("export", "--what", "versions"),
        ("export", "--what", "versions", "--format", "csv"),
        ("export", "--what", "events"),
        ("export", "--what", "events", "--format", "csv"),
        ("card", "churn@v1.0.0"),
        ("diff", "HEAD~1", "HEAD", "--md"),
        ("reconcile", "--deployed", "deployed", "--format", "cloudevents"),
        ("notify", "churn@v1.0.0", "--to", "slack", "--to", "teams", "--to", "webhook", "--dry-run"),
        ("ci", "event", "--ref", "churn@v1.0.0"),
        ("ci", "event", "--ref", "##[error]x"),
    ],
)
def test_no_text_of_a_registry_is_a_command_to_the_host(
    evil: Repository, gitreg: GitregCommand, command: tuple[str, ...]
) -> None:
    (evil.path / "deployed").write_text('{"churn": {"prod": "v1.0.0"}}')
    printed = gitreg(*command, env={"GITHUB_ACTIONS": "true"})
    assert printed.stdout or printed.stderr
    assert not COMMAND.search(printed.stdout + printed.stderr)


def test_what_programs_read_in_a_job_means_the_same(evil: Repository, gitreg: GitregCommand) -> None:
    job = {"GITHUB_ACTIONS": "true"}
    feed = gitreg("feed", env=job).stdout
    assert feed == gitreg("feed").stdout  # the same events make the same bytes
    assert EVIL in (ET.fromstring(feed).findtext("{*}entry/{*}content") or "")
    rows = [json.loads(line) for line in gitreg("export", "--what", "events", env=job).stdout.splitlines()]
    assert rows[0]["message"].strip() == EVIL
    assert (
        "\n  \\x3a:set-output name=x::evil\n\\x23#[add-mask]evil"
        in gitreg("export", "--what", "events", "--format", "csv", env=job).stdout
    )
    raw = gitreg("export", "--what", "events", "--format", "csv").stdout
    assert "\n  ::set-output name=x::evil\n##[add-mask]evil" in raw
    assert gitreg("export", "--what", "events", "--format", "csv", "-o", "events.csv", env=job).code == 0
    assert (evil.path / "events.csv").read_text() == raw


def test_annotations_are_commands_on_purpose(evil: Repository, gitreg: GitregCommand) -> None:
    (evil.path / "artifacts.yaml").write_text("churn: 1\n")
    assert gitreg("check", "--format", "github", env={"GITHUB_ACTIONS": "true"}).stdout.startswith("::error file=artifacts.yaml")
