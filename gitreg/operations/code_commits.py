"""The commits of a log and who made them, as answers tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gitreg.core.lineage import CodeCommit
from gitreg.git.commit_log import Logged


def to_code_commits(logged: Iterable[Logged]) -> tuple[CodeCommit, ...]:
    """Turn commits of the log into those of an answer."""
    return tuple(
        CodeCommit(
            commit=found.commit,
            at=found.at,
            author=found.author,
            author_email=found.author_email,
            subject=found.subject,
            files=found.files,
        )
        for found in logged
    )


def rank_people(logged: Iterable[Logged]) -> tuple[tuple[str, int], ...]:
    """Count the commits of each author, most first."""
    people = Counter(found.author for found in logged)
    return tuple(sorted(people.items(), key=lambda person: (-person[1], person[0])))
