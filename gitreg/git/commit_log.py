"""The log between two commits: who changed what, in one ``git log``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from gitreg.git.run import Git

MOST_COMMITS: Final = 50_000
"""Commits that are read at most since another one."""

_FORMAT: Final = "/%m%H%x00%at%x00%an%x00%ae%x00%s"  # the path of a file in a commit never begins with a slash
_FIELDS: Final = 5
_OPTIONS: Final = (
    "-z", "--no-merges", "--no-relative", "--no-follow", "--no-show-signature", "--no-mailmap", "--no-notes", "--no-color",
    "--encoding=UTF-8", f"--format=tformat:{_FORMAT}",
)  # fmt: skip
_FILES: Final = ("--stdin", "--name-only", "--no-renames", f"--max-count={MOST_COMMITS}")
_LITERAL: Final = ":(top,literal)"
_TOP: Final = ":(top)"
_NOT: Final = ":(top,exclude,glob)**/"
# A person may have told git to read all patterns in one way; ours say themselves how they are meant.
_NEUTRAL: Final = dict.fromkeys(
    ("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"), "0"
)
_MOST_PATHS: Final = 1000  # that fit on any command line; where more files differ, nearly every commit changes one of them
_MOST_BYTES: Final = 60_000
_DIGITS: Final = 11  # of a second that lies in the year 5138 or before


class Logged(NamedTuple):
    """A commit.

    Attributes:
        at: the time of the author, in seconds since 1970.
        subject: the first line of the message.
        files: how many files it changes, of those that were asked for; None: they were not counted.
        ahead: of two commits whether the second one has it; otherwise true.
    """

    commit: str
    at: int
    author: str
    author_email: str
    subject: str
    files: int | None = None
    ahead: bool = True


def list_commits(
    git: Git, commit: str, since: str | None, *, paths: Sequence[str] = (), without: Sequence[str] = ()
) -> list[Logged]:
    """List the commits that led to a commit, newest first, and count their files; merges are left out.

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
    return _read(git, *_FILES, stdin=lines)


def list_between(git: Git, old: str, new: str, paths: Sequence[str]) -> list[Logged]:
    """List the commits that only one of two commits has, newest first; merges are left out, and files are not counted.

    Args:
        git: where.
        old: the full id of a commit.
        new: that of another one.
        paths: files from the root of the repository; only commits that change one of them are listed.

    Raises:
        Unanswerable: the history is damaged, or not all of it is here.
    """
    chosen = [f"{_LITERAL}{path}" for path in paths]
    if len(chosen) > _MOST_PATHS or sum(map(len, chosen)) > _MOST_BYTES:
        chosen = []
    found = _read(git, "--left-right", "--end-of-options", f"{old}...{new}", "--", *chosen)
    return [one._replace(files=None) for one in found]


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


def parse_seconds(digits: str) -> int:
    """Read when a commit was made, in seconds since 1970; 0 stands for a time that no clock has shown."""
    return int(digits) if digits.isdecimal() and len(digits) <= _DIGITS else 0


def _read(git: Git, *arguments: str, stdin: bytes = b"") -> list[Logged]:
    """Ask for a log: the fields of each commit, and then the files that it changes, if those were asked for."""
    completed = git.require(git.read("log", *_OPTIONS, *arguments, stdin=stdin, environment=_NEUTRAL))
    tokens = completed.stdout.decode("utf-8", "replace").split("\0")
    found: list[Logged] = []
    position = 0
    while position + _FIELDS <= len(tokens):
        name, at, author, address, subject = tokens[position : position + _FIELDS]
        position = begin = position + _FIELDS
        while position < len(tokens) and tokens[position] and not tokens[position].startswith("/"):
            position += 1
        side, commit = name[1:2], name[2:]
        found.append(Logged(commit, parse_seconds(at), author, address, subject, position - begin, side == ">"))
    return found
