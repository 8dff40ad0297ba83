"""Prints what a change does to the registry."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.registry_diff import RegistryDiff
from gitreg.core.registry_diff_summary import differs

_MOST_WARNINGS = 20


def answer_diff(diff: RegistryDiff, *, markdown: bool, json: bool, exit_code: bool) -> int:
    """Print what changed, and what could not be read; return 1 where that is asked for and something did."""
    if json:
        from gitreg.render.diff_json import shape_diff
        from gitreg.render.json import format_json

        console.write(format_json(shape_diff(diff)))
    elif markdown:
        from gitreg.render.diff_markdown import render_markdown

        console.write(console.guard(render_markdown(diff)))
    else:
        from gitreg.render.diff import list_notes, list_unread, render_diff

        show(render_diff(diff))
        texts = [*list_unread(diff), *list_notes(diff)]
        for text in texts[:_MOST_WARNINGS]:
            console.warn(text)
        if len(texts) > _MOST_WARNINGS:
            console.warn(f"and {len(texts) - _MOST_WARNINGS} more, which --json lists")
    return int(exit_code and differs(diff))
