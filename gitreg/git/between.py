"""The commits between two commits: one ``git log`` for both directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from gitreg.git.run import Git

_FORMAT: Final = "%m%x00%H%x00%at%x00%an%x00%ae%x00%s"
_FIELDS: Final = 6
_OPTIONS: Final = (
    "-z", "--left-right", "--no-merges", "--no-relative", "--no-follow", "--no-show-signature", "--no-mailmap", "--no-notes",
    "--no-color", "--encoding=UTF-8", f"--format=tformat:{_FORMAT}",
)  # fmt: skip
# A person may have told git to read all patterns in one way; ours say themselves how they are meant.
_NEUTRAL: Final = dict.fromkeys(
    ("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"), "0"
)
_MOST_PATHS: Final = 1000  # that fit on any command line; where more files differ, nearly every commit changes one of them
_MOST_BYTES: Final = 60_000
_DIGITS: Final = 12  # of a second that lies in the year 5138 or before


class Between(NamedTuple):
    """A commit that one of two commits has and the other one lacks.

    Attributes:
        ahead: whether the second one has it.
        at: the time of the author, in seconds since 1970.
    """

    ahead: bool
    commit: str
    at: int
    author: str
    author_email: str
    subject: str


def list_between(git: Git, old: str, new: str, paths: Sequence[str]) -> list[Between]:
    """List the commits that only one of two commits has, newest first; merges are left out.

    Args:
        git: where.
        old: the full id of a commit.
        new: that of another one.
        paths: from the root of the repository; only commits that change one of them are listed.

    Raises:
        Unanswerable: the history is damaged, or not all of it is here.
    """
    top = [f":(top,literal){path}" for path in paths]
    if not top or len(top) > _MOST_PATHS or sum(map(len, top)) > _MOST_BYTES:
        top = []
    listed = git.read("log", *_OPTIONS, "--end-of-options", f"{old}...{new}", "--", *top, environment=_NEUTRAL)
    completed = git.require(listed)
    fields = completed.stdout.decode("utf-8", "replace").removesuffix("\0").split("\0")
    rows = [fields[start : start + _FIELDS] for start in range(0, len(fields) - _FIELDS + 1, _FIELDS)]
    return [
        Between(mark == ">", commit, int(at) if at.isdecimal() and len(at) < _DIGITS else 0, author, email, subject)
        for mark, commit, at, author, email, subject in rows
    ]
