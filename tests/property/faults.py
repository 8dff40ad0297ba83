"""Faults as values, for laws that speak of accepted and refused texts alike."""

from __future__ import annotations

from collections.abc import Callable

from gitreg.errors import SyntaxFault


def fault_of(check: Callable[[str], object], text: str) -> SyntaxFault | None:
    """The fault that a check finds in a text, or None; its caret stands in the text or right behind it."""
    try:
        check(text)
    except SyntaxFault as fault:
        assert fault.text == text
        assert 0 <= fault.position <= len(text)
        return fault
    return None
