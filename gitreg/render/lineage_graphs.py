"""Where a version comes from, as a graph for Graphviz or Mermaid: labels are texts there, whatever they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gitreg.core.lineage import Lineage, Node, NodeKind
from gitreg.render.text import escape

_LONGEST: Final = 120  # characters of a label
_PLAIN: Final = frozenset(" ._-/,=")

_SHAPES: Final[Mapping[NodeKind, str]] = {
    NodeKind.VERSION: "box3d",
    NodeKind.STAGE: "component",
    NodeKind.DATA: "cylinder",
    NodeKind.CODE: "note",
    NodeKind.PARAMS: "tab",
    NodeKind.METRICS: "tab",
    NodeKind.OUTPUT: "box",
    NodeKind.IMPORT: "house",
    NodeKind.BASE: "box3d",
    NodeKind.RUN: "ellipse",
}
_BRACKETS: Final[Mapping[NodeKind, tuple[str, str]]] = {
    NodeKind.VERSION: ("[[", "]]"),
    NodeKind.STAGE: ("([", "])"),
    NodeKind.DATA: ("[(", ")]"),
    NodeKind.RUN: ("((", "))"),
}


def format_dot(lineage: Lineage) -> str:
    """Write the graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html)."""
    names = {node.id: f"n{number}" for number, node in enumerate(lineage.nodes)}
    lines = ["digraph lineage {", "  rankdir=LR;"]
    lines += [f'  {names[node.id]} [shape={_SHAPES[node.kind]}, label="{_quote_dot(_label(node))}"];' for node in lineage.nodes]
    lines += [f'  {names[edge.source]} -> {names[edge.target]} [label="{_quote_dot(edge.kind)}"];' for edge in lineage.edges]
    return "\n".join([*lines, "}", ""])


def format_mermaid(lineage: Lineage) -> str:
    """Write the graph in the language of Mermaid (https://mermaid.js.org/syntax/flowchart.html)."""
    names = {node.id: f"n{number}" for number, node in enumerate(lineage.nodes)}
    lines = ["flowchart LR"]
    for node in lineage.nodes:
        opening, closing = _BRACKETS.get(node.kind, ("[", "]"))
        lines.append(f'  {names[node.id]}{opening}"{_quote_mermaid(_label(node))}"{closing}')
    lines += [f'  {names[edge.source]} -->|"{_quote_mermaid(edge.kind)}"| {names[edge.target]}' for edge in lineage.edges]
    return "\n".join([*lines, ""])


def _label(node: Node) -> str:
    """Write what stands in a node."""
    label = f"{node.kind.value} {node.label}" if node.kind in {NodeKind.STAGE, NodeKind.RUN} else node.label
    if node.kind is NodeKind.VERSION and node.facts.get("active") is False:
        label = f"{label} (deregistered)"
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def _quote_dot(text: str) -> str:
    """Write a text between double quotes: Graphviz reads backslashes and names of characters there, and nothing else."""
    return escape(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def _quote_mermaid(text: str) -> str:
    """Write a text between double quotes: everything that is no letter and no digit, and could mean something, as its number."""
    return "".join(letter if letter.isalnum() or letter in _PLAIN else f"#{ord(letter)};" for letter in escape(text))
