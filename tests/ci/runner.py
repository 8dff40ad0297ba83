"""A runner of GitHub: starts the steps of actions and workflows in real bash, and reads what they hand on as the real one does.

Source: src/Runner.Worker/FileCommandManager.cs and src/Runner.Common/ActionCommand.cs of https://github.com/actions/runner
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

import gitreg
from tests.ci.expressions import interpolate, is_true, write

ROOT: Final = Path(__file__).parent.parent.parent
PACKAGE_PARENT: Final = Path(gitreg.__file__).parent.parent
ACTIONS: Final = ROOT / ".github" / "actions"
_OURS = re.compile(r"(?:\./|gitreg/gitreg/)\.github/actions/([a-z-]+)(?:@.+)?")
_PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
_COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)

Simulated = Callable[["Runner", Mapping[str, str]], None]


class StepFailed(AssertionError):
    """A step ended with another code than 0; what it printed is the message."""


@dataclass(slots=True)
class Runner:
    """One job on one machine.

    Attributes:
        folder: everything of the job.
        env: the environment of every process, with what the host says of the job.
        contexts: what expressions know.
        simulated: what takes the place of the actions of others, by their names.
        log: what the steps printed.
    """

    folder: Path
    env: dict[str, str]
    contexts: dict[str, Any] = field(default_factory=dict)
    simulated: Mapping[str, Simulated] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    failed: bool = False

    def __post_init__(self) -> None:
        """Make the folders, and say what every job is told."""
        for name in ("workspace", "temp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.env |= {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            "TERM": "dumb",
        }
        self.contexts.setdefault("inputs", {})
        self.contexts["runner"] = {"temp": str(self.temp), "os": "Linux"}
        self.contexts["functions"] = {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "always": lambda: True,
            "cancelled": lambda: False,
        }

    @property
    def workspace(self) -> Path:
        """The folder of the checkout."""
        return self.folder / "workspace"

    @property
    def temp(self) -> Path:
        """The folder for what nobody keeps."""
        return self.folder / "temp"

    def run_action(self, name: str, inputs: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Run one of our composite actions; return its outputs."""
        action = read_yaml(ACTIONS / name / "action.yml")
        given = {key: write(value) for key, value in (inputs or {}).items()}
        unknown = given.keys() - action["inputs"].keys()
        assert not unknown, f"{name} has no input {unknown}"
        values = {key: given.get(key, write(described.get("default", ""))) for key, described in action["inputs"].items()}
        assert action["runs"]["using"] == "composite"
        contexts = {**self.contexts, "inputs": values}
        done = self.run_steps(action["runs"]["steps"], contexts, {"GITHUB_ACTION_PATH": str(ACTIONS / name)})
        outputs = action.get("outputs", {})
        return {key: write(interpolate(one["value"], {**contexts, "steps": done})) for key, one in outputs.items()}

    def run_steps(
        self, steps: list[dict[str, Any]], contexts: Mapping[str, Any], env: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Run steps one after the other; return their outputs by id.

        Raises:
            StepFailed: one did, after those that run all the same.
        """
        done: dict[str, Any] = {}
        failure: StepFailed | None = None
        before, self.failed = self.failed, False
        for step in steps:
            known = {**contexts, "steps": done}
            if not is_true(step.get("if"), known):
                continue
            try:
                outputs = self._run_step(step, known, env or {})
            except StepFailed as error:
                outcome, outputs = "failure", {}
                if not step.get("continue-on-error"):
                    failure, self.failed = failure or error, True
            else:
                outcome = "success"
            done[step.get("id", f"step {len(done)}")] = {"outputs": outputs, "outcome": outcome}
        self.failed = before
        if failure:
            raise failure
        return done

    def _run_step(self, step: dict[str, Any], contexts: Mapping[str, Any], env: Mapping[str, str]) -> dict[str, str]:
        if "uses" in step:
            return self._use(step["uses"], interpolate(step.get("with", {}), contexts))
        assert "${{" not in step["run"], "an expression in a line of a shell is an injection"
        variables = {key: write(value) for key, value in interpolate(step.get("env", {}), contexts).items()}
        folder = self.workspace / write(interpolate(step.get("working-directory", "."), contexts))
        return self.run_bash(step["run"], folder, {**env, **variables})

    def _use(self, action: str, values: Mapping[str, Any]) -> dict[str, str]:
        if ours := _OURS.fullmatch(action):
            return self.run_action(ours[1], values)
        assert _PINNED.fullmatch(action), f"{action} is not pinned"
        self.simulated[action.partition("@")[0]](self, {key: write(value) for key, value in values.items()})
        return {}

    def run_bash(self, script: str, folder: Path, env: Mapping[str, str]) -> dict[str, str]:
        """Run a script as ``shell: bash`` does; return its outputs.

        Raises:
            StepFailed: it ended with another code than 0.
        """
        place = self.folder / "step"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        files = {name: place / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")}
        for path in files.values():
            path.touch()
        (place / "step.sh").write_text(script, encoding="utf-8")
        completed = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(place / "step.sh")],
            cwd=folder,
            env={**self.env, **{name: str(path) for name, path in files.items()}, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        printed = (completed.stdout + completed.stderr).decode("utf-8", "replace")
        self.log += printed
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        assert files["GITHUB_ENV"].read_bytes() + files["GITHUB_PATH"].read_bytes() == b"", "these change later steps"
        if completed.returncode:
            raise StepFailed(f"exit {completed.returncode}\n{printed}")
        return read_outputs(files["GITHUB_OUTPUT"].read_text(encoding="utf-8"))

    @property
    def commands(self) -> list[str]:
        """The lines of the log that the real runner takes for commands to itself."""
        return [line for line in self.log.split("\n") if _COMMAND.search(line)]


def read_outputs(text: str) -> dict[str, str]:
    """Read a file of outputs as the real runner does: lines end at a line feed and nowhere else."""
    outputs: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, value = line[:equals], line[equals + 1 :]
        else:
            assert heredoc > 0, f"{line!r} is no output"
            name, delimiter = line[:heredoc], line[heredoc + 2 :]
            held = []
            for inner in lines:
                if inner == delimiter:
                    break
                held.append(inner)
            else:
                raise AssertionError(f"{delimiter!r} never comes")
            value = "\n".join(held)
        assert name not in outputs, f"{name} is there twice"
        outputs[name] = value
    return outputs


def read_yaml(path: Path) -> Any:
    """Read a file of YAML 1.2, where ``on`` is a word."""
    return YAML(typ="safe", pure=True).load(path)


def plant_modules(folder: Path) -> None:
    """Put modules into a checkout, by names that the standard library and pip have; whoever imports one leaves a file ``evil``."""
    for name in ("json.py", "urllib/__init__.py", "venv.py", "ensurepip.py", "pip/__init__.py", "pip/__main__.py"):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"open({str(folder / 'evil')!r}, 'w').close()\nraise SystemExit('evil')\n", encoding="utf-8")


def put_gitreg_there(runner: Runner, version: str = "") -> None:
    """Let the installation of a job be done already: what it would put there is the gitreg that the tests import."""
    place = f"{ROOT} {version}".encode()
    number = subprocess.run(["cksum"], input=place, capture_output=True, check=True).stdout.split()[0].decode()
    home = runner.temp / f"gitreg-{number}"
    home.mkdir(parents=True)
    command = home / "gitreg"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={PACKAGE_PARENT} exec {sys.executable} -P -m gitreg "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (home / "ready").write_text(f"{command}\n", encoding="utf-8")
