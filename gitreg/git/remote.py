"""The remote: its tags, fetching what we lack, and pushing to names that must be free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gitreg.core.tags import REF_PREFIX, strip_ref
from gitreg.errors import ExternalFault, GitregError, Raced, Refused
from gitreg.git.redact import redact
from gitreg.git.run import Completed, Git

MOST_TAGS_A_PUSH: Final = 3  # GitHub sends no event at all when more than three tags arrive in one push

_QUIET: Final = ("-c", "protocol.ext.allow=never", "-c", "protocol.fd.allow=never")
_SOMEBODY_WAS_FASTER: Final = (
    "already exists",
    "stale info",
    "fetch first",
    "failed to update ref",
    "cannot lock ref",
    "incorrect old value",
    "failed to lock",
)


def list_remotes(git: Git) -> tuple[str, ...]:
    """List the names of the remotes."""
    return tuple(git.require(git.read("remote")).text.split())


def list_remote_tags(git: Git, remote: str, patterns: Iterable[str] = (f"{REF_PREFIX}*",)) -> dict[str, str]:
    """Ask the remote for the ids of its tag objects by name without ``refs/tags/``.

    Raises:
        ExternalFault: there is no such remote, or it does not answer.
    """
    completed = git.write(*_QUIET, "ls-remote", "--quiet", "--refs", "--end-of-options", remote, *patterns)
    if completed.code:
        raise no_answer(git, remote, completed)
    pairs = (line.split("\t", 1) for line in completed.text.splitlines() if line.count("\t") == 1)
    return {strip_ref(ref): object_id for object_id, ref in pairs if ref.startswith(REF_PREFIX)}


def fetch_tags(git: Git, remote: str, names: Iterable[str], *, named: bool) -> None:
    """Fetch tags and their commits.

    Args:
        git: where to.
        remote: where from.
        names: tags without ``refs/tags/``.
        named: whether to give them their names here; a name that is taken is never moved.

    Raises:
        ExternalFault: the remote does not answer.
    """
    refs = [REF_PREFIX + name for name in names]
    if not refs:
        return
    lines = "".join(f"{ref}:{ref}\n" if named else f"{ref}\n" for ref in refs)
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance", "--atomic")
    completed = git.write(*_QUIET, "fetch", *options, "--stdin", "--end-of-options", remote, stdin=lines.encode())
    if completed.code:
        raise no_answer(git, remote, completed)


def push_tags(git: Git, remote: str, tags: Mapping[str, str]) -> None:
    """Push objects to names that must be free there: all of them or none.

    Args:
        git: where from.
        remote: where to.
        tags: object ids by name without ``refs/tags/``, at most `MOST_TAGS_A_PUSH`.

    Raises:
        Raced: a name is taken.
        Refused: a hook or a rule of the remote forbids it.
        ExternalFault: the remote does not answer; whether it has the tags is then not known.
    """
    leases = [f"--force-with-lease={REF_PREFIX}{name}:" for name in tags]
    refs = [f"{object_id}:{REF_PREFIX}{name}" for name, object_id in tags.items()]
    _push(git, remote, leases, refs)


def push_branch(git: Git, remote: str, commit: str, branch: str) -> None:
    """Push a commit to a branch, forward only.

    Raises:
        Refused: the branch has commits that we lack, or a hook or a rule of the remote forbids it.
        ExternalFault: the remote does not answer.
    """
    try:
        _push(git, remote, [], [f"{commit}:refs/heads/{branch}"])
    except Raced as error:
        message = f"branch {branch!r} of {remote!r} has commits that this clone lacks"
        raise Refused(message, hint=f"git pull --rebase {remote} {branch}, then run it again") from error


def _push(git: Git, remote: str, options: Iterable[str], refs: Iterable[str]) -> None:
    """Run ``git push`` and sort its failures."""
    fixed = ("--atomic", "--porcelain", "--no-follow-tags", "--recurse-submodules=no")
    completed = git.write(*_QUIET, "push", *fixed, *options, "--end-of-options", remote, *refs)
    if completed.code:
        raise _not_pushed(git, remote, completed)


def _not_pushed(git: Git, remote: str, completed: Completed) -> GitregError:
    """Say why a push failed."""
    rejected = [line for line in completed.text.splitlines() if line.startswith("!")]
    reasons = " ".join(line.rpartition("\t")[2] for line in rejected)
    if any(sign in reasons for sign in ("hook declined", "pre-receive", "protected", "not allowed", "prohibited", "denied")):
        return Refused(f"{remote!r} refused the push{_said(completed)}", hint="ask whoever looks after the remote's rules")
    if any(sign in reasons for sign in (*_SOMEBODY_WAS_FASTER, "non-fast-forward")):
        return Raced(reasons)
    if rejected and "remote rejected" in reasons:
        return Refused(
            f"{remote!r} refused the push{_said(completed) or ': ' + redact(reasons)}",
            hint="ask whoever looks after the remote's rules",
        )
    return no_answer(git, remote, completed)


def _said(completed: Completed) -> str:
    """Collect what the remote's hooks said."""
    lines = [line.removeprefix("remote:").strip() for line in completed.stderr.splitlines() if line.startswith("remote:")]
    return ": " + redact("; ".join(line for line in lines if line)) if any(lines) else ""


def no_answer(git: Git, remote: str, completed: Completed) -> ExternalFault:
    """Say that the remote did not do what was asked."""
    known = list_remotes(git)
    if remote not in known:
        if not known:
            return ExternalFault("this repository has no remote", hint=f"git remote add {remote} URL")
        return ExternalFault(
            f"this repository has no remote {remote!r}, only {', '.join(known)}", hint=f"set 'remote: {known[0]}' in .gitreg.yaml"
        )
    lines = [line for line in completed.stderr.splitlines() if line.strip() and not line.startswith(("warning:", "hint:"))]
    said = next(
        (line for line in lines if line.startswith(("fatal:", "error:", "ssh:"))),
        lines[0] if lines else f"exit code {completed.code}",
    )
    hint = f"check the connection and your access: git ls-remote {remote}"
    return ExternalFault(f"{remote!r} did not answer: {redact(said.partition(': ')[2] or said)}", hint=hint)
