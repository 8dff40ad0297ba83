"""What GTO says, as JSON. GTO's own Python runs this file; nothing of gitreg is imported here.

Reads requests from standard input, a JSON object a line, and answers each with a line: ``{"answer": ...}``, or ``{"error": CLASS,
"message": TEXT}`` for whatever GTO raised. Starting GTO takes half a second, so one process answers all requests of a test run.

Nothing of GTO is changed but its clock: a request gives the time of the tags that GTO makes.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

# By name, since the tests are type-checked where GTO is not installed.
api: Any = importlib.import_module("gto.api")
gto_registry: Any = importlib.import_module("gto.registry").GitRegistry
gto_tag: Any = importlib.import_module("gto.tag")
version_sort: Any = importlib.import_module("gto.constants").VersionSort
pygit2: Any = importlib.import_module("pygit2")
pygit2_backend: Any = importlib.import_module("scmrepo.git.backend.pygit2").Pygit2Backend

CLOCK = {"now": 0}


def own_the_clock() -> None:
    """Let tags have the time of the request; GTO refuses ``GIT_COMMITTER_DATE``."""
    signature = pygit2_backend._get_signature

    def at_the_clock(self: Any, name: str) -> Any:
        person = signature(self, name)
        return pygit2.Signature(person.name, person.email, CLOCK["now"] or int(time.time()), 0)

    pygit2_backend._get_signature = at_the_clock


def answer(request: dict[str, Any]) -> Any:
    """Do what a request asks for."""
    CLOCK["now"] = request.get("now", 0)
    if request["do"] == "state":
        return read_state(request["repo"])
    if request["do"] == "parse":
        return {name: parse(name) for name in request["names"]}
    result = getattr(api, request["do"])(request["repo"], **request["arguments"])
    return to_plain(result)


def read_state(repo: str) -> dict[str, Any]:
    """Say what ``gto show --json --deprecated --vs -1`` and ``gto show NAME`` would, from one reading."""
    with gto_registry.from_url(repo) as registry:
        artifacts = registry.get_artifacts()
    return {name: read_artifact(artifact) for name, artifact in artifacts.items()}


def read_artifact(artifact: Any) -> dict[str, Any]:
    """Say what GTO knows of one artifact."""
    latest = artifact.get_latest_version(registered_only=True)
    stages = artifact.get_vstages(versions_per_stage=-1, sort=version_sort.Timestamp)
    return {
        "versions": [read_thing(version) | {"active": version.is_active} for version in registered(artifact)],
        "stages": {stage: [read_thing(holder) for holder in holders] for stage, holders in stages.items()},
        "latest": latest.version if latest else None,
        "deprecated": not artifact.is_active,
    }


def registered(artifact: Any) -> list[Any]:
    """List the versions that have a Registration, as GTO orders them."""
    return [version for version in artifact.get_versions(active_only=False) if version.is_registered]


def read_thing(thing: Any) -> dict[str, Any]:
    """Say what GTO knows of a version, or of a version in a stage."""
    return {
        "version": thing.version,
        "commit": thing.commit_hexsha,
        "tag": thing.ref,
        "at": int(thing.created_at.timestamp()),
        "author": thing.author,
        "author_email": thing.author_email,
        "message": thing.message,
    }


def parse(name: str) -> dict[str, Any] | None:
    """Read the name of a tag."""
    parsed = gto_tag.parse_name(name, raise_on_fail=False)
    return {key: getattr(value, "value", value) for key, value in parsed.items()} or None


def to_plain(value: Any) -> Any:
    """Make JSON of what GTO returns."""
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if hasattr(value, "dict_state"):
        return to_plain(value.dict_state())
    if hasattr(value, "timestamp"):
        return int(value.timestamp())
    return value if isinstance(value, str | int | bool | None) else str(value)


def main() -> None:
    """Answer until standard input ends."""
    own_the_clock()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # GTO warns on standard output
        for line in sys.stdin:
            try:
                reply = {"answer": answer(json.loads(line))}
            except Exception as error:  # noqa: BLE001  whatever GTO raises is an answer
                reply = {"error": type(error).__name__, "message": str(error)}
            print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main()
