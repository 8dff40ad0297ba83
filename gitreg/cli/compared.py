"""Prints what was found by the commands that put versions side by side."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.compared import Comparison


def answer_comparison(comparison: Comparison, *, everything: bool, markdown: bool, json: bool) -> None:
    """Print a comparison, and what could not be read."""
    if json:
        from gitreg.render.comparison_json import shape_comparison
        from gitreg.render.json import format_json

        console.write(format_json(shape_comparison(comparison, everything=everything)))
        return
    if markdown:
        from gitreg.render.comparison_markdown import render_markdown

        console.write(console.guard(render_markdown(comparison, everything=everything)))
        return
    from gitreg.render.comparison import describe_problems, render_comparison

    show(render_comparison(comparison, everything=everything))
    for text in (*describe_problems(comparison), *comparison.notes):
        console.warn(text)
    for text in comparison.hints:
        console.note(text)
