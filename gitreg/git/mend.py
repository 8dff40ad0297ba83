"""Mending a checkout of CI: which tags the remote has with what behind them, and fetching over what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gitreg.core.ci_fetch import RemoteTag
from gitreg.core.tags import REF_PREFIX, strip_ref
from gitreg.git.remote import QUIET, no_answer, require_remote
from gitreg.git.run import Git

_BEHIND: Final = "^{}"
_OPTIONS: Final = (
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
    "--atomic",
)


def list_remote_tag_targets(git: Git, remote: str, patterns: Iterable[str]) -> dict[str, RemoteTag]:
    """Ask the remote for its tags, and for what is behind the annotated ones.

    Args:
        git: where.
        remote: its name.
        patterns: of full ref names.

    Returns:
        Tags by name without ``refs/tags/``.

    Raises:
        ExternalFault: there is no such remote, or it does not answer.
    """
    require_remote(git, remote)
    completed = git.write(*QUIET, "ls-remote", "--quiet", "--end-of-options", remote, *patterns)
    if completed.code:
        raise no_answer(remote, completed)
    pairs = [line.split("\t", 1) for line in completed.text.splitlines() if line.count("\t") == 1]
    ids = {strip_ref(ref): object_id for object_id, ref in pairs if ref.startswith(REF_PREFIX)}
    return {name: RemoteTag(ids[name], ids.get(f"{name}{_BEHIND}")) for name in ids if not name.endswith(_BEHIND)}


def fetch_over(git: Git, remote: str, tags: Mapping[str, bool], *, depth: int | None = None) -> None:
    """Fetch tags with their commits, also over tags of the same name.

    Args:
        git: where to.
        remote: where from.
        tags: by name without ``refs/tags/``, whether the name is taken here and is to be moved.
        depth: commits of history behind each; None: all that are not here.

    Raises:
        ExternalFault: the remote does not answer.
    """
    if tags:
        lines = [f"{'+' if taken else ''}{REF_PREFIX}{name}:{REF_PREFIX}{name}" for name, taken in tags.items()]
        _fetch(git, remote, lines, () if depth is None else (f"--depth={depth}",))


def fetch_history(git: Git, remote: str, wanted: Sequence[str]) -> None:
    """Bring all commits that came before some, into a clone that is shallow.

    Args:
        git: where to.
        remote: where from.
        wanted: full names of refs of the remote, or full ids of commits.

    Raises:
        ExternalFault: the remote does not answer.
    """
    _fetch(git, remote, wanted, ("--unshallow",))


def is_shallow(git: Git) -> bool:
    """Say whether a clone lacks history."""
    return git.require(git.read("rev-parse", "--is-shallow-repository")).text == "true"


def _fetch(git: Git, remote: str, lines: Iterable[str], options: Sequence[str]) -> None:
    """Run ``git fetch`` with what to fetch on its standard input."""
    stdin = "".join(f"{line}\n" for line in lines).encode()
    completed = git.write(*QUIET, "fetch", *_OPTIONS, *options, "--stdin", "--end-of-options", remote, stdin=stdin)
    if completed.code:
        raise no_answer(remote, completed)
