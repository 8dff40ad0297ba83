"""Listing tags: one ``git for-each-ref`` that reads no object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote
from typing import Final

from gitreg.core.names import to_tag_name
from gitreg.core.problems import Problem
from gitreg.core.tags import REF_PREFIX, strip_ref
from gitreg.git.run import Git

_EXPERIMENTS: Final = "refs/exps/"


def artifact_patterns(artifact: str) -> tuple[str, ...]:
    """Write the patterns that match every tag of one artifact, and few others.

    git finds them by binary search in `packed-refs`. ``*`` does not match ``/``, which a stage may hold.
    """
    name = REF_PREFIX + to_tag_name(artifact)
    return f"{name}@*", f"{name}#*", f"{name}#*/**"


def list_tags(git: Git, patterns: Iterable[str] = (REF_PREFIX,)) -> tuple[dict[str, str], list[Problem]]:
    """List the tags that match patterns of full ref names, without reading their objects.

    Returns:
        Object ids by name without ``refs/tags/``, and a problem for each broken ref.

    Raises:
        Unanswerable: the ref store is damaged, so that git stops.
    """
    completed = git.require(git.read("for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", *patterns))
    listed = completed.stdout.decode("utf-8", "replace")
    width = listed.find(" ")  # all ids of a repository are equally long
    tags = {line[width + 1 :]: line[:width] for line in listed.split("\n") if line}
    return tags, list(_broken_refs(completed.stderr))


def list_tags_and_experiments(git: Git) -> tuple[dict[str, str], dict[str, str], list[Problem]]:
    """List all tags, and the experiments of DVC, without reading their objects.

    Returns:
        Object ids of tags by name without ``refs/tags/``, commits of experiments by full name, and a problem for each broken ref.

    Raises:
        Unanswerable: the ref store is damaged, so that git stops.
    """
    completed = git.require(git.read("for-each-ref", "--format=%(objectname) %(refname)", REF_PREFIX, _EXPERIMENTS))
    pairs = [line.split(" ", 1) for line in completed.stdout.decode("utf-8", "replace").split("\n") if line]
    tags = {ref.removeprefix(REF_PREFIX): object_id for object_id, ref in pairs if ref.startswith(REF_PREFIX)}
    experiments = {ref: object_id for object_id, ref in pairs if ref.startswith(_EXPERIMENTS)}
    return tags, experiments, list(_broken_refs(completed.stderr))


def _broken_refs(said: str) -> Iterator[Problem]:
    """Turn git's warnings about broken refs into problems: what git leaves out, it says only there."""
    for line in said.splitlines():
        if "ignoring broken ref" in line or "ignoring ref with broken name" in line:
            ref = line.rpartition(" ")[2]
            # git itself refuses to delete what it cannot resolve
            hint = f'rm "$(git rev-parse --git-path {quote(ref)})" && git fetch --tags'
            yield Problem(code="GR209", message=f"{ref!r} is broken and git ignores it", tag=strip_ref(ref), hint=hint)
