"""Words in sentences."""

from __future__ import annotations


def format_count(number: int, noun: str, plural: str = "") -> str:
    """Write a number and its noun: ``1 warning``, ``2 warnings``, ``3 entries``."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
