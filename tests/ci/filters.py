"""The filters of GitHub's `on.push.tags`: from a pattern to a regular expression.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def matches(patterns: Sequence[str], name: str) -> bool:
    """Say whether the name of a tag starts a workflow: the last pattern that fits decides."""
    chosen = False
    for pattern in patterns:
        if re.fullmatch(_translate(pattern.removeprefix("!")), name, re.DOTALL):
            chosen = not pattern.startswith("!")
    return chosen


def _translate(pattern: str) -> str:
    """Translate one pattern; ``+`` and ``?`` speak of the character or the class before them."""
    pieces: list[str] = []
    position = 0
    while position < len(pattern):
        rest = pattern[position:]
        if rest.startswith("**"):
            pieces.append(".*")
            position += 2
        elif rest[0] == "*":
            pieces.append("[^/]*")
            position += 1
        elif match := re.match(r"\[[A-Za-z0-9-]+\]", rest):
            pieces.append(match[0])
            position += match.end()
        elif rest[0] in "+?":
            assert pieces, "nothing stands before it"
            assert pieces[-1] not in {".*", "[^/]*"}, f"{pattern!r}: {rest[0]} behind * is an error"
            pieces[-1] += rest[0]
            position += 1
        else:
            position += rest[0] == "\\"
            pieces.append(re.escape(pattern[position]))
            position += 1
    return "".join(pieces)
