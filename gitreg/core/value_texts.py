"""Metrics and parameters as people read them: short, and never so short that two that differ look alike."""

from __future__ import annotations

import math
from typing import Final

from gitreg.core.compared import Delta
from gitreg.core.facts import Missing
from gitreg.core.pipelines import Value

_LONGEST: Final = 60  # characters of a text that a person reads in a table
_MOST_BITS: Final = 200  # of an integer that a person reads in full
_LARGE_SHARE: Final = 1e6  # per cent
_WHOLE: Final = 10  # per cent from which no decimals are written
_ALL: Final = 100
_MOST_DECIMALS: Final = 10
_NOISE: Final = 1e-12  # of numbers that are doubled: decimal fractions are not exact


def format_value(value: Value | Missing) -> str:
    """Write a value: true and null as in YAML, numbers with up to six digits, long texts cut."""
    match value:
        case Missing():
            return ""
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if value.bit_length() <= _MOST_BITS else f"an integer of {value.bit_length()} bits"
        case float():
            return f"{value:.6g}"
        case _:
            return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."


def format_values(values: tuple[Value | Missing, ...]) -> tuple[str, ...]:
    """Write values side by side: numbers with all their digits where six would make different ones look alike."""
    texts = tuple(map(format_value, values))
    if len(set(texts)) == len({(type(value), value) for value in values}):
        return texts
    return tuple(repr(value) if isinstance(value, float) else text for value, text in zip(values, texts, strict=True))


def format_change(old: Value | Missing, new: Value | Missing, delta: Delta | None) -> str:
    """Write what a value was and is, and by how much it changed: ``0.9 -> 0.87 (-3.3%)``."""
    before, after = format_values((old, new))
    share = format_share(delta)
    return f"{before} -> {after}" + (f" ({share})" if share else "")


def format_delta(delta: Delta | None) -> str:
    """Write how far a number is from another one: ``-0.03 (-3.3%)``; nothing where that is not known."""
    if delta is None:
        return ""
    absolute = delta.absolute
    if isinstance(absolute, float) or absolute.bit_length() <= _MOST_BITS:
        text = f"{absolute:+.4g}" if isinstance(absolute, float) else f"{absolute:+d}"
        share = format_share(delta)
        return f"{text} ({share})" if share else text
    return format_share(delta)


def format_share(delta: Delta | None) -> str:
    """Write the share by which a number changed: ``+4.4%``; nothing where it was zero before."""
    if delta is None or delta.relative is None:
        return ""
    per_cent = delta.relative * 100
    if not math.isfinite(per_cent) or abs(per_cent) >= _LARGE_SHARE:
        return f"{per_cent:+.1e}%"
    if abs(per_cent) < _WHOLE:
        return f"{per_cent:+.2g}%"
    is_all = abs(delta.relative) == 1 or math.isclose(delta.relative, 1, rel_tol=_NOISE)
    return f"{per_cent:+.0f}%" if is_all else _format_beside_all(per_cent)


def _format_beside_all(per_cent: float) -> str:
    """Write a share with as many decimals as tell it from 100 per cent, which means that nothing is left, or twice as much."""
    texts = (f"{per_cent:+.{digits}f}" for digits in range(_MOST_DECIMALS))
    told = next((text for text in texts if abs(float(text)) != _ALL), None)
    return f"{told}%" if told else f"nearly {per_cent:+.0f}%"
