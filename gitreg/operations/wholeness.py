"""Is this clone whole? A clone that lacks tags must not answer: a wrong "no version in prod" is worse than an error."""

from __future__ import annotations

import re
from typing import Final

from gitreg.core.problems import Problem
from gitreg.errors import NotFound, Unanswerable
from gitreg.git.location import Location

_REFSPEC = re.compile(rb"^[ \t]*fetch[ \t]*=", re.IGNORECASE | re.MULTILINE)
_SECTION = re.compile(
    rb"^[ \t]*\[(?:[ \t]*remote[ \t]+\"(?P<remote>(?:[^\"\\\n]|\\.)*)\"[ \t]*|(?:[^\"\]\n]|\"(?:[^\"\\\n]|\\.)*\")*)\]",
    re.IGNORECASE | re.MULTILINE,
)
_INCLUDE = re.compile(rb"^[ \t]*\[[ \t]*include(?:if)?\b", re.IGNORECASE | re.MULTILINE)
_ALL_BRANCHES = re.compile(rb"refs/(?:heads/)?\*:")  # a mirror has all refs
_CLONED: Final = "origin"
_FETCH: Final = "or ask the remote each time: --fetch"


def require_whole(location: Location) -> None:
    """Refuse to answer from a clone that git made without (all) tags.

    Raises:
        Unanswerable: it is shallow, or was made with ``--no-tags``.
    """
    for problem in find_gaps(location):
        if problem.code != "GR505":
            raise Unanswerable(problem.message, hint=problem.hint)


def require_whole_to_deny(location: Location, denial: NotFound) -> None:
    """Refuse to say "there is none" from a clone that follows a single branch, since tags of other branches may be missing.

    Raises:
        Unanswerable: it does.
    """
    for problem in find_gaps(location):
        message = f"{denial.message} in this clone, but {problem.message}"
        raise Unanswerable(message, hint=problem.hint) from denial


def find_gaps(location: Location) -> list[Problem]:
    """Say why tags may be missing from a clone."""
    gaps = []
    if location.shallow:
        message = "this clone is shallow, so registry tags may be missing"
        gaps.append(Problem(code="GR503", message=message, hint=f"git fetch --unshallow --tags, {_FETCH}"))
    config = _read_config(location)
    if b"tagopt" in config.lower() and (remote := _without_tags(config)):
        message = f"this clone was made without the tags of {remote!r}"
        hint = f"git config --unset remote.{remote}.tagOpt && git fetch --tags {remote}, {_FETCH}"
        gaps.append(Problem(code="GR504", message=message, hint=hint))
    if remote := _with_a_single_branch(config):
        message = "this clone follows a single branch, so registry tags of other branches may be missing"
        hint = f"git remote set-branches {remote} '*' && git fetch --tags, {_FETCH}"
        gaps.append(Problem(code="GR505", message=message, hint=hint))
    return gaps


def _read_config(location: Location) -> bytes:
    """Read the bytes of the repository's own configuration; where it includes files, what all of them say of remotes."""
    try:
        config = (location.common_dir / "config").read_bytes()
    except OSError:
        return b""
    if not _INCLUDE.search(config):
        return config
    from gitreg.git.config import read_included_remotes

    return read_included_remotes(location)


def _with_a_single_branch(config: bytes) -> str:
    """Name the remote that was cloned if not all its branches are fetched, or nothing.

    That is ``origin`` where there is one: what other remotes bring says nothing of it.
    """
    sections = list(_SECTION.finditer(config))
    ends = [*(section.start() for section in sections[1:]), len(config)]
    fetched: dict[str, bytes] = {}
    for section, end in zip(sections, ends, strict=True):
        if section["remote"] is not None:
            name = re.sub(rb"\\(.)", rb"\1", section["remote"]).decode("utf-8", "replace")
            fetched[name] = fetched.get(name, b"") + config[section.end() : end] + b"\n"
    asked = {_CLONED: fetched[_CLONED]} if _CLONED in fetched else fetched
    single = [name for name, said in asked.items() if _REFSPEC.search(said) and not _ALL_BRANCHES.search(said)]
    return single[0] if single and len(single) == len(asked) else ""


def _without_tags(config: bytes) -> str:
    """Name the remote that was cloned if it is configured to bring no tags, or nothing.

    That is ``origin`` where there is one. Another remote without tags, such as a colleague's, hides nothing.
    """
    from gitreg.git.config import read_remote_options  # GitPython takes 94 ms, and few clones come here

    options = read_remote_options(config)
    without = [remote for remote, values in options.items() if values.get("tagopt") == "--no-tags"]
    return next((remote for remote in without if remote == _CLONED or _CLONED not in options), "")
