"""Processes that write to one registry at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.support.forks import Forks
from tests.support.repository import Repository

DRIVER: Final = """
import json, os, sys
if "GITREG_TEST_LARGEST_FILE" in os.environ:  # no file of this process or of its git becomes larger
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["GITREG_TEST_LARGEST_FILE"]),) * 2)
from gitreg import Registry
from gitreg.errors import GitregError
from gitreg.operations import publish, register  # before the start, so that all are equally fast
verb, arguments, options = json.loads(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
try:
    with Registry(".") as registry:
        written = getattr(registry, verb)(*arguments, **options)
    answer = {"created": {event.tag: event.tag_id for event in written.created}, "pushed": written.pushed, "notes": written.notes}
except GitregError as error:
    answer = {"error": type(error).__name__, "code": error.exit_code, "message": error.message, "hint": error.hint}
print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one process: the tags that it made with their ids, or its error; nothing if it was killed."""

    code: int
    created: Mapping[str, str]
    error: str = ""
    message: str = ""
    hint: str = ""
    notes: tuple[str, ...] = ()
    pushed: bool = False


def start(
    repository: Repository, verb: str, *arguments: Any, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[str]:
    """Start a process that waits for `finish` before it calls a verb of the API in a repository."""
    environment = {**repository.env, "GITREG_NOW": str(repository.now), "PYTHONPATH": os.pathsep.join(sys.path), **(env or {})}
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, json.dumps([verb, arguments, options])],
        cwd=repository.path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(processes: Iterable[subprocess.Popen[str]]) -> list[Outcome]:
    """Let all processes go at once when all are ready, and collect what became of them."""
    started = list(processes)
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [(process, process.communicate()) for process in started]
    return [_outcome(process.returncode, *said) for process, said in ended]


def write(repository: Repository, verb: str, *arguments: Any, env: Mapping[str, str] | None = None, **options: Any) -> Outcome:
    """Call a verb of the API in a process of its own."""
    return finish([start(repository, verb, *arguments, env=env, **options)])[0]


def write_quickly(
    forks: Forks, repository: Repository, verb: str, *arguments: Any, env: Mapping[str, str] | None = None, **options: Any
) -> Outcome:
    """Call a verb of the API in a process of its own that need not import anything."""
    environment = {**repository.env, "GITREG_NOW": str(repository.now), **(env or {})}
    result = forks.run(DRIVER, json.dumps([verb, arguments, options]), cwd=repository.path, env=environment)
    return _outcome(result.code, result.stdout.removeprefix("ready\n"), result.stderr)


def _outcome(code: int, stdout: str, stderr: str) -> Outcome:
    """Read what a process left behind."""
    assert "Traceback" not in stderr, stderr
    if code:
        return Outcome(code, {})
    answer = json.loads(stdout)
    return Outcome(
        code=answer.get("code", 0),
        created=answer.get("created", {}),
        error=answer.get("error", ""),
        message=answer.get("message", ""),
        hint=answer.get("hint", ""),
        notes=tuple(answer.get("notes", ())),
        pushed=answer.get("pushed", False),
    )
