"""A host that runs whole workflows: jobs in order, matrices, and the reusable workflows that they call, in the harness of steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.ci.checkout import check_out, read_options
from tests.ci.conftest import Host
from tests.ci.expressions import interpolate, is_true, write
from tests.ci.runner import ROOT, Runner, StepFailed, read_yaml

_OURS = re.compile(r"gitreg/gitreg/(\.github/workflows/[a-z-]+\.yml)@v[0-9.]+")
_LEVELS: Final = ("none", "read", "write")


@dataclass(slots=True)
class Run:
    """One run of a workflow.

    Attributes:
        ref: the full name of the ref that started it.
        github: more of the context ``github``.
        secrets: the secrets of the repository.
        env: more of the environment of every process.
        ran: every job that ran, by its name behind those of the workflows that called it: its runner.
        environments: the environments that jobs deployed to.
    """

    host: Host
    ref: str
    github: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    ran: dict[str, Runner] = field(default_factory=dict)
    environments: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def start(self, path: Path, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run the workflow that a person or an event starts; return its jobs."""
        workflow = read_yaml(path)
        assert workflow["permissions"] == {}
        secrets = {"GITHUB_TOKEN": "ghs_token", **self.secrets}
        return self._run(workflow, dict(inputs or {}), secrets, ())

    def _run(
        self, workflow: dict[str, Any], inputs: dict[str, Any], secrets: Mapping[str, str], above: tuple[str, ...]
    ) -> dict[str, Any]:
        done: dict[str, Any] = {}
        for name, job in workflow["jobs"].items():
            needed = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            failed = any(done[one]["result"] == "failure" for one in needed)
            skipped = any(done[one]["result"] == "skipped" for one in needed)
            contexts = {
                "github": self._github(),
                "inputs": inputs,
                "needs": done,
                "secrets": secrets,
                "functions": _functions(failed=failed, skipped=skipped),
            }
            if not is_true(job.get("if"), contexts):
                done[name] = {"result": "skipped", "outputs": {}}
                continue
            done[name] = self._run_matrix(job, contexts, (*above, name))
        return done

    def _run_matrix(self, job: dict[str, Any], contexts: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        matrix = interpolate(job.get("strategy", {}).get("matrix", {}), contexts)
        if not matrix:
            return self._run_job(job, contexts, place)
        ((axis, values),) = matrix.items()
        results = [
            self._run_job(job, {**contexts, "matrix": {axis: value}}, (*place[:-1], f"{place[-1]} {number}"))
            for number, value in enumerate(values)
        ]
        failed = any(one["result"] == "failure" for one in results)
        return {"result": "failure" if failed else "success", "outputs": results[-1]["outputs"] if results else {}}

    def _run_job(self, job: dict[str, Any], contexts: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        return self._call(job, contexts, place) if "uses" in job else self._run_steps(job, contexts, place)

    def _call(self, job: dict[str, Any], contexts: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        match = _OURS.fullmatch(job["uses"])
        assert match, f"{job['uses']} is not ours"
        workflow = read_yaml(ROOT / match[1])
        called = workflow["on"]["workflow_call"]
        given = interpolate(job.get("with", {}), contexts)
        secrets = {key: write(value) for key, value in interpolate(job.get("secrets", {}), contexts).items()}
        assert given.keys() <= called.get("inputs", {}).keys()
        assert secrets.keys() <= called.get("secrets", {}).keys()
        required = {key for key, one in called.get("inputs", {}).items() if one.get("required")}
        assert required <= given.keys()
        _check_permissions(job["permissions"], workflow)
        inputs = {key: given.get(key, one.get("default", "")) for key, one in called.get("inputs", {}).items()}
        jobs = self._run(workflow, inputs, {"GITHUB_TOKEN": "ghs_token", **secrets}, place)
        outputs = {key: write(interpolate(one["value"], {"jobs": jobs})) for key, one in called.get("outputs", {}).items()}
        failed = any(one["result"] == "failure" for one in jobs.values())
        return {"result": "failure" if failed else "success", "outputs": outputs, "jobs": jobs}

    def _run_steps(self, job: dict[str, Any], contexts: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        assert job["permissions"] is not None
        name = " / ".join(place)
        runner = self.host.start(self.ref, depth=None)
        runner.env |= dict(self.env)
        runner.contexts |= contexts
        runner.contexts["functions"] = {**contexts["functions"], "success": lambda: not runner.failed, "always": lambda: True}
        runner.contexts["github"] = {**self._github(), "token": "ghs_token"}
        runner.simulated = {"actions/checkout": self._check_out}
        self.ran[name] = runner
        if "environment" in job:
            self.environments[name] = write(interpolate(job["environment"], contexts))
            self.groups[name] = write(interpolate(job["concurrency"]["group"], contexts))
            assert job["concurrency"]["cancel-in-progress"] is False
        try:
            steps = runner.run_steps(job["steps"], runner.contexts)
        except StepFailed:
            return {"result": "failure", "outputs": {}}
        outputs = interpolate(job.get("outputs", {}), {**contexts, "steps": steps})
        return {"result": "success", "outputs": {key: write(value) for key, value in outputs.items()}}

    def _check_out(self, runner: Runner, values: Mapping[str, str]) -> None:
        depth, tags = read_options(values)
        branch = values.get("ref")
        ref = f"refs/heads/{branch}" if branch else self.ref
        commit = self.host.remote.git("rev-parse", f"{ref}^{{commit}}")
        runner.workspace.rmdir()
        check_out(self.host.remote, runner.workspace, ref, commit, depth=depth, tags=tags)

    def _github(self) -> dict[str, Any]:
        event = {"repository": {"default_branch": "main"}}
        given = {
            "repository": "acme/models",
            "server_url": "https://github.com",
            "actor": "ann",
            "actor_id": "42",
            "event": event,
        }
        return {**given, **self.github}


def _check_permissions(granted: Mapping[str, str], workflow: Mapping[str, Any]) -> None:
    """The host refuses to start a workflow of which a job wants more than the caller grants."""
    for job in workflow["jobs"].values():
        for scope, level in job["permissions"].items():
            assert _LEVELS.index(granted.get(scope, "none")) >= _LEVELS.index(level), f"{scope}: {level} is not granted"


def _functions(*, failed: bool, skipped: bool) -> dict[str, Any]:
    """The functions of an ``if`` of a job, by what became of those that it needs."""
    return {
        "success": lambda: not failed and not skipped,
        "failure": lambda: failed,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
