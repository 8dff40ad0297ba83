"""What `verify` found: as a table, sentences and JSON."""

from __future__ import annotations

from collections import Counter

from gitreg.core.verdicts import BAD, Verdict, Verification, Verified
from gitreg.core.words import format_count
from gitreg.render.blocks import Block, Column, Fit, Lines, Table
from gitreg.render.json_values import Shape
from gitreg.render.text import format_commit, format_size, format_target


def render_verification(verification: Verification) -> tuple[Block, ...]:
    """Show a row for each version, and below them what is wrong or was not checked."""
    columns = (
        Column("artifact", Fit.FOLD),
        Column("version"),
        Column("verdict"),
        Column("kind"),
        Column("size"),
        Column("where", Fit.CUT),
    )
    rows = tuple(_row(verified) for verified in verification.versions)
    narrow = Table(columns=columns[:-1], rows=tuple(row[:-1] for row in rows))
    table = Table(columns=columns, rows=rows, narrow=narrow)
    details = tuple(_detail(verified) for verified in verification.versions if verified.detail)
    return (table, Lines(details)) if details else (table,)


def describe_verification(verification: Verification) -> str:
    """Say in one sentence how many versions are as they should be."""
    counts = Counter(verified.verdict for verified in verification.versions)
    verdicts = ", ".join(f"{counts[verdict]} {format_verdict(verdict)}" for verdict in Verdict if counts[verdict])
    asked = format_count(verification.objects, "object")
    return f"{format_count(len(verification.versions), 'version')}: {verdicts or 'nothing to check'}; {asked} asked for"


def advise_verification(verification: Verification) -> str:
    """Name a command that helps with the first thing that is wrong."""
    worst = [verified for verified in verification.versions if verified.verdict in BAD or verified.verdict is Verdict.NO_ANSWER]
    return next((verified.hint for verified in worst if verified.hint), "")


def choose_code(verification: Verification) -> int:
    """Choose the exit code: 1 where bytes are missing or others, 7 where somebody did not answer."""
    verdicts = {verified.verdict for verified in verification.versions}
    return 1 if verdicts & BAD else 7 if Verdict.NO_ANSWER in verdicts else 0


def format_verdict(verdict: Verdict) -> str:
    """Write a verdict for a person."""
    return "no bytes named" if verdict is Verdict.NOTHING else verdict.value.replace("-", " ")


def shape_verification(verification: Verification) -> Shape:
    """Shape what `verify` answers."""
    return {
        "ok": choose_code(verification) == 0,
        "deep": verification.deep,
        "objects": verification.objects,
        "versions": [_shape_row(verified) for verified in verification.versions],
    }


def _row(verified: Verified) -> tuple[str, ...]:
    """Write one row."""
    return (
        verified.artifact,
        verified.version or format_commit(verified.commit),
        format_verdict(verified.verdict),
        verified.kind.value if verified.kind else "",
        "" if verified.size is None else format_size(verified.size),
        verified.where or "",
    )


def _detail(verified: Verified) -> str:
    """Say what is wrong with one version, or why it was not checked."""
    return f"{format_target(verified.artifact, verified.version, verified.commit)}: {verified.detail}"


def _shape_row(verified: Verified) -> Shape:
    """Shape one version."""
    return {
        "artifact": verified.artifact,
        "version": verified.version,
        "commit": verified.commit,
        "verdict": verified.verdict.value,
        "kind": verified.kind.value if verified.kind else None,
        "path": verified.path,
        "where": verified.where,
        "size": verified.size,
        "files": verified.files,
        "detail": verified.detail or None,
    }
