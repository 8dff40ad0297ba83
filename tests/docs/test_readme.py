"""The README says what the commands print."""

from __future__ import annotations

from pathlib import Path

from tests.docs.console import ROOT, run_document


def test_every_command_of_the_readme_prints_what_the_readme_says(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert run_document(text, tmp_path) == text
