"""gitreg and GTO on one repository, and what each says of it in the same words."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from unittest import mock

from gitreg.core.state import Artifact, Assignment, Version
from gitreg.core.views import Overview
from gitreg.registry import Registry
from tests.support.environment import isolated_environment
from tests.support.repository import Repository

State: TypeAlias = dict[str, dict[str, Any]]
"""What a tool says of each artifact: ``versions`` (greatest first), ``stages`` (current holder first), ``latest``, ``deprecated``."""

_DRIVER: Final = Path(__file__).with_name("gto_driver.py")
_OWN: Final = ("GIT", "XDG_")  # prefixes of the variables that a developer's own shell may have set


class GtoError(Exception):
    """GTO raised something; `kind` is the name of its class."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Gto:
    """GTO in a process of its own, which answers until it is closed."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program = program
        environment = isolated_environment(home)
        dates = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")  # which GTO refuses: its clock is the driver's
        self.env: Final = {name: value for name, value in environment.items() if name not in dates}
        self._process = subprocess.Popen(
            [program.with_name("python"), str(_DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.env, text=True
        )

    def ask(self, do: str, **request: Any) -> Any:
        """Ask the driver.

        Raises:
            GtoError: what GTO raised.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"do": do, **request}), file=self._process.stdin, flush=True)
        reply = json.loads(self._process.stdout.readline())
        if "error" in reply:
            raise GtoError(reply["error"], reply["message"])
        return reply["answer"]

    def run(self, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run the real command line, at the real time."""
        return subprocess.run([self.program, *args], cwd=cwd, env=self.env, capture_output=True, text=True, check=False)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@dataclass(frozen=True, slots=True)
class Both:
    """One repository, and whoever writes to it. Each of `gitreg`, `gto`, `git` and `commit` comes a minute after what was before."""

    repository: Repository
    process: Gto
    registry: Registry

    @property
    def gitreg(self) -> Registry:
        """The gitreg registry, a minute later."""
        self.tick()
        return self.registry

    @property
    def git(self) -> Repository:
        """The repository for plain git, a minute later."""
        self.tick()
        return self.repository

    def gto(self, verb: str, *args: Any, **arguments: Any) -> Any:
        """Call a function of ``gto.api``, a minute later; a plain argument is the name of the artifact."""
        named = {"name": args[0]} if args else {}
        now = self.tick()
        return self.process.ask(verb, repo=str(self.repository.path), now=now, arguments={**named, **arguments})

    def commit(self, files: Mapping[str, str | bytes | None] = MappingProxyType({})) -> str:
        """Commit, a minute later."""
        return self.git.commit(files)

    def tick(self, seconds: int = 60) -> int:
        """Move the clock of all of them."""
        now = self.repository.tick(seconds)
        os.environ.update(self.repository.env, GITREG_NOW=str(now))
        return now

    def gitreg_state(self) -> State:
        """What gitreg says."""
        return read_gitreg(self.registry)

    def gto_state(self) -> State:
        """What GTO says.

        Raises:
            GtoError: it says nothing.
        """
        state: State = self.process.ask("state", repo=str(self.repository.path))
        return dict(sorted(state.items()))

    def agree(self) -> str:
        """Check that both say the same, and tell it."""
        gitreg, gto = self.gitreg_state(), self.gto_state()
        assert gitreg == gto
        return tell(gitreg)

    def gitreg_tells(self, at: int | None = None) -> str:
        """Tell what gitreg says, now or of a moment."""
        moment = None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
        return tell(read_gitreg(self.registry, moment))

    def gto_tells(self) -> str:
        """Tell what GTO says."""
        return tell(self.gto_state())


@contextmanager
def open_both(repository: Repository, gto: Gto) -> Iterator[Both]:
    """Open a repository for both tools, this process in the environment and at the time of the repository."""
    with mock.patch.dict(os.environ), Registry(repository.path) as registry:
        for name in [name for name in os.environ if name.startswith(_OWN)]:
            del os.environ[name]
        both = Both(repository, gto, registry)
        both.tick(0)
        yield both


def read_gitreg(registry: Registry, at: str | None = None) -> State:
    """Read what gitreg says of all artifacts, now or of a moment."""
    overview = registry.show(everything=True, at=at)
    assert isinstance(overview, Overview)
    return {view.artifact.name: _read_artifact(view.artifact) for view in overview.artifacts}


def tell(state: State) -> str:
    """Put a state into a line for each artifact: ``m v2.0.0 v1.0.0! prod=v2.0.0,v1.0.0``.

    An inactive version has a ``!`` behind it, a bare commit the first seven digits, and behind ``=`` stand all who hold a stage.
    """
    return "\n".join(_tell_artifact(name, facts) for name, facts in state.items())


def _tell_artifact(name: str, facts: Mapping[str, Any]) -> str:
    versions = [version["version"] + "!" * (not version["active"]) for version in facts["versions"]]
    stages = [
        f"{stage}={','.join(holder['version'] if holder['version'][0] == 'v' else holder['version'][:7] for holder in holders)}"
        for stage, holders in sorted(facts["stages"].items())
    ]
    return " ".join([name, *versions, *stages, *(["deprecated"] if facts["deprecated"] else [])])


def _read_artifact(artifact: Artifact) -> dict[str, Any]:
    return {
        "versions": [_read_version(version) for version in artifact.versions],
        "stages": {stage: [_read_holder(holder) for holder in holders] for stage, holders in artifact.stages.items()},
        "latest": artifact.latest,
        "deprecated": artifact.deprecated,
    }


def _read_version(version: Version) -> dict[str, Any]:
    return _facts(version) | {"version": version.version, "at": version.registered_at, "active": version.active}


def _read_holder(holder: Assignment) -> dict[str, Any]:
    return _facts(holder) | {"version": holder.version or holder.commit, "at": holder.assigned_at}  # GTO calls it by its commit


def _facts(thing: Version | Assignment) -> dict[str, Any]:
    return {
        "commit": thing.commit,
        "tag": thing.tag,
        "author": thing.author,
        "author_email": thing.author_email,
        "message": thing.message,
    }
