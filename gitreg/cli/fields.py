"""From the options of `annotate` to the fields of an entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gitreg.errors import UsageFault


def collect_fields(
    *, unset: Sequence[str] | None, custom: Sequence[str] | None, labels: Sequence[str] | None, **texts: str | None
) -> dict[str, object]:
    """Collect the fields that change; None takes one away.

    Raises:
        UsageFault: a field is both given and taken away, or a pair is none.
    """
    fields: dict[str, object] = {name: text for name, text in texts.items() if text is not None}
    if labels:
        fields["labels"] = tuple(labels)
    if custom:
        fields["custom"] = dict(map(parse_pair, custom))
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
