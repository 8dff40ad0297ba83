"""Prints what a search found."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.findings import Findings
from gitreg.render import findings as rendering
from gitreg.render.problems import count_serious


def answer_findings(findings: Findings, *, json: bool, history: bool) -> int:
    """Print the versions that are meant, and apart from them those of which nobody can know; return 1 if none is meant."""
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(rendering.shape_findings(findings)))
    elif findings.matches:
        show(rendering.render_findings(findings))
    if doubts := rendering.describe_doubts(findings):
        console.complain("unknown", *doubts)  # part of the answer: said also to those who want quiet
    if text := rendering.describe_findings(findings, history=history):
        console.note(text)
        for text, hint in findings.absent:
            console.note(text)
            if hint:
                console.hint(hint)
        if not history and not findings.matched and not any(hint for _, hint in findings.absent):
            console.hint("search every version ever registered: --history")
    for note in findings.notes:
        console.warn(note)
    if count := count_serious(findings.problems):
        console.warn(f"{count} problem{'s' * (count > 1)} with tags; run: gitreg check")
    return int(not findings.matched)
