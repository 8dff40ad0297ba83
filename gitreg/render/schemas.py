"""The JSON Schemas that ship with gitreg."""

from __future__ import annotations

from typing import Any


def load(name: str) -> dict[str, Any]:
    """Read a schema.

    Args:
        name: a command such as ``show``, ``history`` or ``check``; ``show-artifact`` and ``show-version`` for what `show`
            answers to a selector, ``write`` for every command that changes something; or a file, ``artifacts`` or ``settings``.
    """
    import json
    from importlib.resources import files

    text = (files("gitreg") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
