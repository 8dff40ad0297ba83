"""The remote: its tags, fetching what we lack, and pushing to names that must be free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gitreg.core.redaction import redact
from gitreg.core.tags import REF_PREFIX, strip_ref
from gitreg.errors import Conflict, ExternalFault, GitregError, Raced, Refused
from gitreg.git.run import Completed, Git

PUSHING: Final = "GITREG_PUSHING"
"""Set while gitreg pushes: it has checked what it pushes, and a hook of its own need not look once more."""
MOST_TAGS_A_PUSH: Final = 3  # GitHub sends no event at all when more than three tags arrive in one push

QUIET: Final = ("-c", "protocol.ext.allow=never", "-c", "protocol.fd.allow=never")
_FORBIDDEN: Final = ("hook declined", "pre-receive", "protected", "not allowed", "prohibited", "denied")
_SOMEBODY_WAS_FASTER: Final = (
    "already exists",
    "stale info",
    "fetch first",
    "failed to update ref",
    "cannot lock ref",
    "incorrect old value",
    "failed to lock",
    "non-fast-forward",
)
# Two pushes that arrive together both pass the first look; the later one fails at the very end, and only what the remote says
# beside the reason, "atomic transaction failed", tells why.
_TAKEN_MEANWHILE: Final = ("reference already exists", "but expected", "File exists")


def list_remotes(git: Git) -> tuple[str, ...]:
    """List the names of the remotes."""
    return tuple(git.require(git.read("remote")).text.split())


def find_push_place(git: Git, remote: str) -> str:
    """Find the place that a push to a remote goes to: what is decided there must be read from there.

    Returns:
        The name of the remote, or its push URL where that is another one than it is fetched from.

    Raises:
        ExternalFault: there is no such remote.
        Refused: a push would go to several places, and one could refuse what another one has taken.
    """
    require_remote(git, remote)
    places = git.require(git.read("remote", "get-url", "--push", "--all", "--", remote)).text.splitlines()
    if len(places) > 1:
        message = f"{remote!r} pushes to {len(places)} places, and only one can decide"
        raise Refused(message, hint=f"keep one: git config --unset-all remote.{remote}.pushurl")
    return remote if places == git.read("remote", "get-url", "--", remote).text.splitlines() else places[0]


def list_remote_tags(
    git: Git, remote: str, patterns: Iterable[str] = (f"{REF_PREFIX}*",), *, place: str | None = None
) -> dict[str, str]:
    """Ask the remote for the ids of its tag objects by name without ``refs/tags/``.

    Every talk with a remote begins in `list_remote_refs`, `find_push_place` or `push_branch`, and so with `require_remote`.

    Args:
        git: where.
        remote: its name.
        patterns: of full ref names.
        place: what `find_push_place` found, where a write is decided on.

    Raises:
        ExternalFault: there is no such remote, or it does not answer.
    """
    listed = list_remote_refs(git, remote, patterns, place=place)
    return {strip_ref(ref): object_id for ref, object_id in listed.items() if ref.startswith(REF_PREFIX)}


def list_remote_refs(git: Git, remote: str, patterns: Iterable[str] = (), *, place: str | None = None) -> dict[str, str]:
    """Ask the remote for the ids of what its refs name, by full name of the ref.

    Args:
        git: where.
        remote: its name.
        patterns: of full ref names; none: all.
        place: what `find_push_place` found, where a write is decided on.

    Raises:
        ExternalFault: there is no such remote, or it does not answer.
    """
    require_remote(git, remote)
    completed = git.write(*QUIET, "ls-remote", "--quiet", "--refs", "--end-of-options", place or remote, *patterns)
    if completed.code:
        raise no_answer(remote, completed)
    pairs = (line.split("\t", 1) for line in completed.text.splitlines() if line.count("\t") == 1)
    return {ref: object_id for object_id, ref in pairs}


def is_on_branch(git: Git, remote: str, commit: str) -> bool:
    """Say whether a branch of the remote has a commit, as far as this clone knows."""
    completed = git.read("for-each-ref", "--count=1", f"--contains={commit}", f"refs/remotes/{remote}/")
    return completed.code != 0 or bool(completed.text)


def fetch_tags(git: Git, remote: str, names: Iterable[str], *, named: bool, place: str | None = None) -> None:
    """Fetch tags and their commits.

    Args:
        git: where to.
        remote: where from.
        names: tags without ``refs/tags/``.
        named: whether to give them their names here; a name that is taken is never moved.
        place: what `find_push_place` found, where a write is decided on.

    Raises:
        ExternalFault: the remote does not answer.
    """
    refs = [REF_PREFIX + name for name in names]
    if not refs:
        return
    lines = "".join(f"{ref}:{ref}\n" if named else f"{ref}\n" for ref in refs)
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance", "--atomic")
    completed = git.write(*QUIET, "fetch", *options, "--stdin", "--end-of-options", place or remote, stdin=lines.encode())
    if completed.code:
        raise no_answer(remote, completed)


def push_tags(git: Git, remote: str, tags: Mapping[str, str], *, negotiate: bool | None = None) -> bool:
    """Push objects to names that must be free there: all of them or none.

    Args:
        git: where from.
        remote: where to.
        tags: object ids by name without ``refs/tags/``, at most `MOST_TAGS_A_PUSH`.
        negotiate: from a repository that has commits without their folders and history: whether to ask the remote first which
            of the commits it has; None: it has all that belongs to them.

    Returns:
        Whether any of them is new there. None is where the remote had the very same objects, which git takes for a success.

    Raises:
        Raced: a name is taken.
        Conflict: the remote cannot keep a name beside one that it has (``a`` beside ``a/b``).
        Refused: a hook or a rule of the remote forbids it.
        ExternalFault: the remote does not answer; whether it has the tags is then not known.
    """
    options = [] if negotiate is None else ["--no-thin"]
    options += [f"--force-with-lease={REF_PREFIX}{name}:" for name in tags]
    refs = [f"{object_id}:{REF_PREFIX}{name}" for name, object_id in tags.items()]
    return any(line.startswith("*") for line in _push(git, remote, options, refs, negotiate=bool(negotiate)).splitlines())


def push_branch(git: Git, remote: str, commit: str, branch: str) -> None:
    """Push a commit to a branch, forward only.

    Raises:
        Refused: the branch has commits that we lack, or a hook or a rule of the remote forbids it.
        ExternalFault: there is no such remote, or it does not answer.
    """
    require_remote(git, remote)
    try:
        _push(git, remote, [], [f"{commit}:refs/heads/{branch}"])
    except Raced as error:
        message = f"branch {branch!r} of {remote!r} has commits that this clone lacks"
        raise Refused(message, hint=f"git pull --rebase {remote} {branch}, then run it again") from error


def require_remote(git: Git, remote: str) -> None:
    """Refuse a name that no remote has.

    git would take it for a path and run the hooks of a repository that stands there, such as one that came with a clone.

    Raises:
        ExternalFault: no remote has it.
    """
    known = list_remotes(git)
    if not known:
        raise ExternalFault("this repository has no remote", hint=f"git remote add {remote} URL")
    if remote not in known:
        message = f"this repository has no remote {remote!r}, only {', '.join(known)}"
        raise ExternalFault(message, hint=f"set 'remote: {known[0]}' in .gitreg.yaml")


def _push(git: Git, remote: str, options: Iterable[str], refs: Iterable[str], *, negotiate: bool = False) -> str:
    """Run ``git push``, sort its failures, and give its report: a line for each ref."""
    fixed = ("--atomic", "--porcelain", "--no-follow-tags", "--recurse-submodules=no")
    configured = ("-c", "push.negotiate=true") if negotiate else ()
    arguments = (*QUIET, *configured, "push", *fixed, *options, "--end-of-options", remote, *refs)
    completed = git.write(*arguments, environment={PUSHING: "1"})
    if completed.code:
        raise _not_pushed(remote, completed)
    return completed.text


def _not_pushed(remote: str, completed: Completed) -> GitregError:
    """Say why a push failed."""
    rejected = [line for line in completed.text.splitlines() if line.startswith("!")]
    reasons = " ".join(line.rpartition("\t")[2] for line in rejected)
    if any(sign in reasons for sign in _FORBIDDEN):
        return _refused(remote, _said(completed))
    if "; cannot create" in completed.stderr:
        hint = "choose another name, or delete the tag that is in its way"
        return Conflict(f"{remote!r} cannot keep a tag beside one that it has{_said(completed)}", hint=hint)
    if any(sign in reasons for sign in _SOMEBODY_WAS_FASTER):
        return Raced(reasons)
    if "atomic transaction failed" in reasons and any(sign in completed.stderr for sign in _TAKEN_MEANWHILE):
        return Raced(reasons)
    if "remote rejected" in reasons and "unpacker error" not in reasons:
        return _refused(remote, _said(completed) or ": " + redact(reasons))
    return no_answer(remote, completed)


def _refused(remote: str, said: str) -> Refused:
    """Say that the remote does not want it."""
    return Refused(f"{remote!r} refused the push{said}", hint="ask whoever looks after the remote's rules")


def _said(completed: Completed) -> str:
    """Collect what the remote's hooks said."""
    lines = [line.removeprefix("remote:").strip() for line in completed.stderr.splitlines() if line.startswith("remote:")]
    return ": " + redact("; ".join(line for line in lines if line)) if any(lines) else ""


def no_answer(remote: str, completed: Completed) -> ExternalFault:
    """Say that the remote did not do what was asked."""
    lines = [line for line in completed.stderr.splitlines() if line.strip() and not line.startswith(("warning:", "hint:"))]
    said = next(
        (line for line in lines if line.startswith(("fatal:", "error:", "ssh:"))),
        lines[0] if lines else f"exit code {completed.code}",
    )
    hint = f"check the connection and your access: git ls-remote {remote}"
    return ExternalFault(f"{remote!r} did not answer: {redact(said.partition(': ')[2] or said)}", hint=hint)
