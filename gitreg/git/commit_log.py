"""The log between two commits: who changed what, in one ``git log``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from gitreg.git.run import Git

MOST_COMMITS: Final = 50_000
"""Commits that are read at most."""

_FORMAT: Final = "/%H%x00%at%x00%an%x00%ae%x00%s"  # the path of a file in a commit never begins with a slash
_FIELDS: Final = 5
_OPTIONS: Final = (
    "-z", "--stdin", "--no-merges", "--name-only", "--no-renames", "--no-relative", "--no-follow", "--no-show-signature",
    "--no-mailmap", "--no-notes", "--no-color", "--encoding=UTF-8", f"--max-count={MOST_COMMITS}", f"--format=tformat:{_FORMAT}",
)  # fmt: skip
_LITERAL: Final = ":(top,literal)"
_TOP: Final = ":(top)"
_NOT: Final = ":(top,exclude,glob)**/"
# A person may have told git to read all patterns in one way; ours say themselves how they are meant.
_NEUTRAL: Final = dict.fromkeys(
    ("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"), "0"
)


class Logged(NamedTuple):
    """A commit.

    Attributes:
        at: the time of the author, in seconds since 1970.
        subject: the first line of the message.
        files: how many files it changes, of those that were asked for.
    """

    commit: str
    at: int
    author: str
    author_email: str
    subject: str
    files: int


def list_commits(
    git: Git, commit: str, since: str | None, *, paths: Sequence[str] = (), without: Sequence[str] = ()
) -> list[Logged]:
    """List the commits that led to a commit, newest first; merges are left out.

    Args:
        git: where.
        commit: the full id.
        since: the full id of a commit whose own history is left out; None: everything is wanted.
        paths: files and folders from the root of the repository, which itself is ``.``; only commits that change one of them
            are listed.
        without: patterns of names in any folder, our own words; what else a commit changes counts where no paths are given.

    Returns:
        At most `MOST_COMMITS` of them.

    Raises:
        Unanswerable: the history is damaged, or not all of it is here.
    """
    chosen = [_TOP if path == "." else f"{_LITERAL}{path}" for path in paths if "\n" not in path]
    if not chosen:
        chosen = [_TOP, *(f"{_NOT}{pattern}" for pattern in without)]
    revisions = [commit] if since is None else [commit, f"^{since}"]
    lines = "".join(f"{line}\n" for line in (*revisions, "--", *chosen)).encode("utf-8", "surrogateescape")
    completed = git.require(git.read("log", *_OPTIONS, stdin=lines, environment=_NEUTRAL))
    return _parse(completed.stdout.decode("utf-8", "replace").split("\0"))


def list_containing(git: Git, commit: str, patterns: Sequence[str]) -> set[str]:
    """List the tags in whose history a commit is.

    Args:
        git: where.
        commit: the full id.
        patterns: of full names of refs, our own words.

    Returns:
        Their names without ``refs/tags/``.

    Raises:
        Unanswerable: the history is damaged, or not all of it is here.
    """
    completed = git.require(git.read("for-each-ref", f"--contains={commit}", "--format=%(refname:lstrip=2)", *patterns))
    return set(completed.stdout.decode("utf-8", "replace").splitlines())


def _parse(tokens: list[str]) -> list[Logged]:
    """Read what git wrote: the fields of a commit, and then the files that it changes."""
    found: list[Logged] = []
    position = 0
    while position + _FIELDS <= len(tokens):
        commit, at, author, address, subject = tokens[position : position + _FIELDS]
        position = begin = position + _FIELDS
        while position < len(tokens) and tokens[position] and not tokens[position].startswith("/"):
            position += 1
        seconds = int(at) if at.isdecimal() and len(at) < 20 else 0  # noqa: PLR2004  digits of the last second that git keeps
        found.append(Logged(commit.removeprefix("/"), seconds, author, address, subject, position - begin))
    return found
