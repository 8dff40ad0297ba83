"""Whatever stands on the command line: an exit code of the table, a sentence, and never a bug."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

import pytest

from gitreg.cli import faults
from gitreg.cli.commands import load_commands, run_command
from tests.support.repository import Repository

COMMANDS: Final[dict[str, Any]] = load_commands().commands
STRINGS: Final = (
    "",
    "-",
    "--",
    "--all",
    "--output=x",
    "@{-1}",
    "HEAD:artifacts.yaml",
    "$(id)",
    "a//b",
    "../x",
    "/etc/passwd",
    "churn@",
    "churn#",
    "#",
    "@",
    "churn@v1.0.0#prod",
    "churn\nx",
    "churn\x1b[2J",
    "ch\udcffurn",
    "Grüße",
    "x" * 70_000,
    "churn@v" + "9" * 5000 + ".0.0",
    "CHURN",
    "refs/tags/churn@v1.0.0",
)
CODES: Final = {0, 1, 2, 3, 4, 5, 6, 7}

pytestmark = pytest.mark.slow


@pytest.fixture
def here(story: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The test itself is in the repository."""
    for name, value in story.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITREG_NOW", str(story.now))
    monkeypatch.chdir(story.path)
    return story


def run(*arguments: str) -> int:
    return faults.run(lambda: run_command(list(arguments)))


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"completion", "doctor", "check", "init"}])
def test_a_hostile_argument_is_answered(name: str, here: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [one for one in COMMANDS[name].params if one.param_type_name == "argument"]
    for place, string in product(range(len(arguments)), STRINGS):
        words = ["churn@latest" if one.metavar == "SELECTOR" else "churn" for one in arguments]
        words[place] = string
        code = run(name, *(["--dry-run"] if any(one.name == "dry_run" for one in COMMANDS[name].params) else []), "--", *words)
        said = capsys.readouterr()
        assert code in CODES, (string, said.err)
        assert "Traceback" not in said.err
        assert not set(said.out + said.err) & {"\x1b", "\udcff"}
        assert code in {0, 1} or said.err.startswith("error: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_hostile_value_of_an_option_is_answered(name: str, here: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    options = [one for one in COMMANDS[name].params if one.param_type_name == "option" and not one.is_flag]
    arguments = ["churn" for one in COMMANDS[name].params if one.param_type_name == "argument" and one.required]
    rehearsal = ["--dry-run"] if any(one.name == "dry_run" for one in COMMANDS[name].params) else []
    for option, string in product(options, STRINGS[::5]):
        code = run(name, *rehearsal, f"{option.opts[0]}={string}", *arguments)
        said = capsys.readouterr()
        assert code in CODES, (option.opts, string, said.err)
        assert "Traceback" not in said.err
        assert not set(said.out + said.err) & {"\x1b", "\udcff"}
