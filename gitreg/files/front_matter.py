"""Front matter: YAML between two lines of dashes at the head of a Markdown file."""

from __future__ import annotations

from collections.abc import Mapping

from gitreg.files.emit import Layout, format_field

_LAYOUT = Layout(offset=0)


def format_front_matter(fields: Mapping[str, object]) -> str:
    """Write fields as front matter; a text of several lines stands on one, so that no line of it can end the front matter.

    Args:
        fields: texts, numbers, lists and mappings by key; without any there is no front matter.

    Raises:
        UsageFault: a value holds something that YAML has no word for.
    """
    if not fields:
        return ""
    lines = [format_field(key, value, 0, _LAYOUT) for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", ""])
