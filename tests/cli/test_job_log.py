"""What commands print in a job of GitHub: its runner takes lines of the log for commands to itself."""

from __future__ import annotations

import re

import pytest

from tests.support.command import GitregCommand
from tests.support.repository import Repository

EVIL = "::error::evil\n  ::set-output name=x::evil\n##[add-mask]evil"
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


@pytest.fixture
def evil(repository: Repository) -> Repository:
    """A registry whose every text is a command."""
    block = EVIL.replace("\n", "\n    ")
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
        ("ci", "event", "--ref", "churn@v1.0.0"),
        ("ci", "event", "--ref", "##[error]x"),
    ],
)
def test_no_text_of_a_registry_is_a_command_to_the_host(
    evil: Repository, gitreg: GitregCommand, command: tuple[str, ...]
) -> None:
    printed = gitreg(*command, env={"GITHUB_ACTIONS": "true"})
    assert printed.stdout or printed.stderr
    assert not COMMAND.search(printed.stdout + printed.stderr)


def test_annotations_are_commands_on_purpose(evil: Repository, gitreg: GitregCommand) -> None:
    (evil.path / "artifacts.yaml").write_text("churn: 1\n")
    assert gitreg("check", "--format", "github", env={"GITHUB_ACTIONS": "true"}).stdout.startswith("::error file=artifacts.yaml")
