from __future__ import annotations

import os
import pty
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.terminal import COMMAND, environment_of, read_terminal
from tests.support.command import GitregCommand
from tests.support.repository import Repository

ASK = """
source <(gitreg completion bash)
COMP_LINE=$1 COMP_POINT=${#1} _gitreg
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which this gitreg is found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "gitreg"
    program.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def offered(repository: Repository, path: str, line: str) -> list[str]:
    """What bash puts in the place of the last part of a line."""
    env = environment_of(repository, PATH=path)
    result = subprocess.run(
        ["bash", "--norc", "-i", "-c", ASK, "bash", line],
        cwd=repository.path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.splitlines()


def candidates(gitreg: GitregCommand, *words: str) -> list[str]:
    """What gitreg itself answers."""
    result = gitreg("--complete", *words)
    assert (result.stderr, result.code) == ("", 0)
    return result.stdout.splitlines()


def test_commands_and_options(story: Repository, gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "re") == ["reconcile", "register", "remove", "reproduce", "resolve"]
    assert candidates(gitreg, "show", "--s") == ["--sort", "--stage"]
    assert {"--help", "--quiet", "--json"} <= set(candidates(gitreg, "show", "--"))
    assert "promote" not in candidates(gitreg, "")


def test_commands_of_commands(gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "hooks", "") == ["install", "run", "uninstall"]
    assert candidates(gitreg, "hooks", "u") == ["uninstall"]
    assert candidates(gitreg, "hooks", "install", "--d") == ["--dry-run"]
    assert candidates(gitreg, "hooks", "run", "") == ["pre-push"]


def test_values_of_options(story: Repository, gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "register", "churn", "--bump", "m") == ["major", "minor"]
    assert candidates(gitreg, "show", "--stage", "") == ["prod", "staging"]
    assert candidates(gitreg, "rollback", "churn", "prod", "--to", "") == ["v1.0.0", "v1.1.0"]
    assert candidates(gitreg, "show", "--repo", "x") == [":files"]
    assert candidates(gitreg, "annotate", "churn", "--metrics", "m") == [":files"]
    assert candidates(gitreg, "annotate", "churn", "--goal", "loss=l") == ["loss=lower"]
    assert candidates(gitreg, "annotate", "churn", "--goal", "loss") == []
    assert candidates(gitreg, "completion", "z") == ["zsh"]
    assert candidates(gitreg, "show", "--at", "") == []


def test_tables_of_an_export_are_offered_one_after_the_other(gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "export", "--what", "") == [
        "all", "data", "events", "lineage", "metrics", "packages", "params", "versions",
    ]  # fmt: skip
    assert candidates(gitreg, "export", "--what", "params,metrics,p") == ["params,metrics,packages"]
    assert candidates(gitreg, "export", "-w", "ev") == ["events"]


def test_metrics_and_what_has_an_order_are_offered_to_show_and_to_sort_by(repository: Repository, gitreg: GitregCommand) -> None:
    repository.commit(
        {"artifacts.yaml": "churn: {path: m, metrics: [m.json]}\n", "m": "1", "m.json": '{"auc": 1, "test": {"f1": 1}}'}
    )
    assert candidates(gitreg, "show", "--metric", "") == ["auc", "test.f1"]
    assert candidates(gitreg, "show", "--sort", "") == ["name", "updated"]
    assert candidates(gitreg, "search", "--sort", "metric.") == ["metric.auc", "metric.test.f1"]
    assert candidates(gitreg, "search", "--sort", "-metric.a") == ["-metric.auc"]
    assert candidates(gitreg, "search", "--sort", "-re") == ["-registered"]
    assert candidates(gitreg, "search", "--sort", "m") == ["metric."]
    assert candidates(gitreg, "search", "--sort", "name.") == []


def test_names_versions_and_stages(story: Repository, gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "show", "") == ["churn", "models/nlp:sentiment"]
    assert candidates(gitreg, "show", "chu") == ["churn", "churn#", "churn@"]
    assert candidates(gitreg, "register", "chu") == ["churn"]
    assert candidates(gitreg, "deregister", "chu") == ["churn@"]
    assert candidates(gitreg, "show", "churn@v") == ["churn@v1.0.0", "churn@v1.1.0"]
    assert candidates(gitreg, "show", "churn@s") == ["churn@stable"]
    assert candidates(gitreg, "resolve", "churn#") == ["churn#prod", "churn#staging"]
    assert candidates(gitreg, "compare", "churn#prod", "churn@v") == ["churn@v1.0.0", "churn@v1.1.0"]
    assert candidates(gitreg, "assign", "--push", "churn@latest", "") == ["prod", "staging"]
    assert candidates(gitreg, "assign", "-m", "why", "churn@latest", "s") == ["staging"]
    assert candidates(gitreg, "assign", "churn@latest", "prod", "") == []


def test_names_or_files(story: Repository, tmp_path: Path, gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "inspect", "churn#") == ["churn#prod", "churn#staging"]
    assert candidates(gitreg, "inspect", "models/ch") == [":files"]
    assert gitreg("--complete", "inspect", "", cwd=tmp_path).stdout == ":files\n"


def test_another_repository_is_asked_where_it_is_named(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("--complete", "show", "--repo", str(story.path), "chu", cwd=story.path.parent)
    assert "churn" in result.stdout.splitlines()


def test_where_nothing_can_be_offered_there_is_silence(story: Repository, gitreg: GitregCommand) -> None:
    assert candidates(gitreg, "nothing", "x") == []
    assert candidates(gitreg, "show", "a b") == []
    outside = gitreg("--complete", "show", "", cwd=story.path.parent)
    assert (outside.stdout, outside.stderr, outside.code) == ("", "", 0)


@pytest.mark.parametrize(
    ("line", "replies"),
    [
        ("gitreg show chu", ["churn", "churn#", "churn@"]),
        ("gitreg show churn@v1.1", ["@v1.1.0"]),  # bash breaks a word before @
        ("gitreg show models/nlp:", ["sentiment", "sentiment#", "sentiment@"]),  # behind :
        ("gitreg show churn#p", ["churn#prod"]),  # but not behind #
        ("gitreg show 'churn#p", ["churn#prod"]),
        ("gitreg show 'churn@v1.1", ["churn@v1.1.0"]),  # and inside quotes nowhere
        ("gitreg assign churn@latest st", ["staging"]),
        ("gitreg  show   churn@v1.1", ["@v1.1.0"]),
        ("gitreg show --repo mod", ["models"]),
    ],
)
def test_bash_is_offered_what_stands_behind_its_last_break(line: str, replies: list[str], story: Repository, path: str) -> None:
    assert sorted(offered(story, path, line)) == replies


def test_tab_completes_a_version_in_a_real_bash(story: Repository, path: str) -> None:
    env = environment_of(story, PATH=path, PS1="$ ", INPUTRC="/dev/null", TERM="dumb")
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"], cwd=story.path, env=env, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    )  # fmt: skip
    os.close(terminal)
    os.write(controller, b'bind "set bell-style none"; eval "$(gitreg completion bash)"; echo REA""DY\n')
    shown = ""
    while "READY" not in shown:
        shown += read_terminal(controller, 0.2)
        assert process.poll() is None
    os.write(controller, b"gitreg resolve churn@v1.1\t--commit\n")
    deadline = time.monotonic() + 60
    expected = story.git("rev-parse", "HEAD")
    while expected not in shown and time.monotonic() < deadline:
        shown += read_terminal(controller, 0.2)
    os.write(controller, b"exit\n")
    process.wait(10)
    os.close(controller)
    assert "gitreg resolve churn@v1.1.0 --commit" in shown
    assert expected in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_script_is_one_that_its_shell_can_read(shell: str, gitreg: GitregCommand) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = gitreg("completion", shell).stdout
    result = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (result.stderr, result.returncode) == ("", 0)


def test_zsh_is_offered_names(story: Repository, path: str) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    ask = """
        autoload -U compinit && compinit -u -D
        eval "$(gitreg completion zsh)"
        compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@"; }
        words=(gitreg show "$1") CURRENT=3
        _gitreg
    """
    env = environment_of(story, PATH=path)
    result = subprocess.run(
        ["zsh", "-f", "-c", ask, "zsh", "churn@v"], cwd=story.path, env=env, capture_output=True, text=True, check=False
    )
    assert result.stdout.split() == ["churn@v1.0.0", "churn@v1.1.0"], result.stderr


def test_fish_is_offered_names(story: Repository, path: str) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    ask = "gitreg completion fish | source; complete --do-complete 'gitreg show churn@v'"
    env = environment_of(story, PATH=path)
    result = subprocess.run(
        ["fish", "--no-config", "-c", ask], cwd=story.path, env=env, capture_output=True, text=True, check=False
    )
    assert result.stdout.split() == ["churn@v1.0.0", "churn@v1.1.0"], result.stderr
