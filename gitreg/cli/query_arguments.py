"""Queries on the command line: what is not so begins as options do."""

# ruff: noqa: ANN401  typer keeps the classes of contexts to itself

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from gitreg.cli.app import Command
from gitreg.core.query import BARE_NAME, split_field

_CONTRARY: Final = re.compile(rf"-({BARE_NAME})[:=<>!\"']")


class QueryCommand(Command):
    """A command whose arguments are a query."""

    no_option: ClassVar[str] = (
        "the contrary of a word is: not WORD, not type:model; or end the options before it: gitreg search -- -WORD"
    )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; what can only be a condition is none of its options, though ``-n`` and ``-r`` are."""
        left: list[str] = super().parse_args(ctx, [f" {word}" if is_contrary(word) else word for word in args])
        return left


def is_contrary(word: str) -> bool:
    """Say whether a word is the contrary of a condition: ``-type:model``, ``-metric."a b">1``, ``-(a or b)``."""
    match = _CONTRARY.match(word)
    return word.startswith("-(") or (match is not None and split_field(match[1])[0] is not None)
