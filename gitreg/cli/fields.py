"""From the options of `annotate` to the fields of an entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from gitreg.errors import UsageFault


def collect_fields(
    *,
    unset: Sequence[str] | None,
    custom: Sequence[str] | None,
    labels: Sequence[str] | None,
    goals: Sequence[str] | None = None,
    **given: str | Sequence[str] | None,
) -> dict[str, object]:
    """Collect the fields that change; None takes one away.

    Args:
        unset: fields to take away.
        custom: pairs of key and value.
        labels: labels to add.
        goals: pairs of metric and ``higher`` or ``lower``.
        given: texts by field, and for ``metrics`` and ``params`` files with keys.

    Raises:
        UsageFault: a field is both given and taken away, or a pair is none.
    """
    fields: dict[str, object] = {
        name: [*map(parse_reference, value)] if name in _FILES else value
        for name, value in given.items()
        if value is not None and (value or name not in _FILES)
    }
    if labels:
        fields["labels"] = tuple(labels)
    if custom:
        fields["custom"] = dict(map(parse_pair, custom))
    if goals:
        fields["goals"] = dict(map(parse_goal, goals))
    _refuse_both(unset or (), fields)
    fields.update(dict.fromkeys(unset or ()))
    return fields


def require_fields(fields: dict[str, object]) -> dict[str, object]:
    """Pass on fields that change.

    Raises:
        UsageFault: there is none.
    """
    if not fields:
        raise UsageFault(
            "nothing was given that should change", hint="give --path, --type or another field: gitreg annotate --help"
        )
    return fields


_FILES: Final = frozenset({"metrics", "params"})


def parse_reference(text: str) -> object:
    """Read ``file`` or ``file:key,key`` as an entry says it.

    Raises:
        UsageFault: there is no file, or a key is empty.
    """
    file, colon, keys = text.partition(":")
    if "://" in text:
        return text  # an address, which is refused where entries are checked
    listed = keys.split(",")
    if not file or (colon and not all(key.strip() for key in listed)):
        message = f"{text!r} is no file with keys"
        raise UsageFault(message, hint="write it as FILE or FILE:KEY,KEY, such as metrics.json:test.f1")
    return {"path": file, "keys": [key.strip() for key in listed]} if colon else file


def parse_goal(text: str) -> tuple[str, str]:
    """Read ``metric=higher`` or ``metric=lower``.

    Raises:
        UsageFault: it is neither.
    """
    metric, _, way = text.rpartition("=")
    if not metric.strip() or way.strip() not in {"higher", "lower"}:
        raise UsageFault(f"--goal {text!r} does not say which way is better", hint="write it as METRIC=higher or METRIC=lower")
    return metric.strip(), way.strip()


def parse_pair(text: str) -> tuple[str, object]:
    """Read ``key=value``; the value is JSON where it can be read as JSON, else text.

    Raises:
        UsageFault: there is no key or no ``=``.
    """
    import json

    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UsageFault(f"--custom {text!r} is no pair of key and value", hint="write it as KEY=VALUE, such as threshold=0.7")
    try:
        return key.strip(), json.loads(value, parse_constant=str)
    except (ValueError, RecursionError):
        return key.strip(), value


def _refuse_both(unset: Iterable[str], fields: dict[str, object]) -> None:
    """Refuse a field that is given and taken away."""
    both = sorted(set(unset) & set(fields))
    if both:
        message = f"{both[0]!r} is both given and taken away with --unset"
        raise UsageFault(message, hint="take it away first, then run gitreg annotate again")
