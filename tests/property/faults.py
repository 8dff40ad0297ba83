"""Faults as values, for laws that speak of accepted and refused texts alike."""

from __future__ import annotations

from collections.abc import Callable

from gitreg.errors import SyntaxFault


def fault_of(check: Callable[[str], object], text: str) -> SyntaxFault | None:
    """The fault that a check finds in a text, or None; its caret stands in the text or right behind it."""
    found = None
    try:
        check(text)
    except SyntaxFault as fault:
        found = fault
    assert found is None or (found.text == text and 0 <= found.position <= len(text))
    return found
