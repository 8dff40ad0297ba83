"""skops: an archive with a tree in JSON of what would be made; whoever loads it has to trust each type by name.

https://skops.readthedocs.io/en/stable/persistence.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.archive import Archive
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.json_texts import LARGEST, parse_json, walk_objects
from gitreg.formats.pickle_values import Name
from gitreg.formats.safe_imports import find_framework, is_safe

_MOST_NODES: Final = 300_000
_PLAIN: Final = frozenset({"builtins", "numpy", "scipy.sparse", "collections"})
_VERSION: Final = "_sklearn_version"


def read_skops(reader: Reader, draft: Draft) -> None:
    """Read the tree.

    Raises:
        Damaged: there is none.
    """
    tree = parse_json(Archive(reader).read("schema.json", LARGEST), "schema.json")
    if not isinstance(tree, Mapping):
        raise Damaged("schema.json has no tree")
    draft.tell("skops_version", tree.get("_skops_version"))
    draft.tell("protocol", tree.get("protocol"))
    draft.tell("class", _name(tree).full)
    for node in walk_objects(tree, "__class__", _MOST_NODES):
        _read_node(node, draft)
    draft.framework = find_framework(draft.imports, _name(tree).full)


def _read_node(node: Mapping[str, Any], draft: Draft) -> None:
    """Keep what a node would import, and what an estimator says of its inputs."""
    name, loader = _name(node), node.get("__loader__")
    if loader == "JsonNode" or not name.name:
        return
    if loader in {"FunctionNode", "TypeNode", "OperatorFuncNode", "MethodNode"} and isinstance(node.get("content"), Mapping):
        content = node["content"]
        name = Name(str(content.get("module_path", name.module)), str(content.get("function", name.name)))
    draft.need(name.full, safe=is_safe(name) or name.module in _PLAIN)
    facts = _pairs(node)
    if _VERSION in facts and draft.framework_version is None:
        draft.framework_version = _value(facts[_VERSION])
    count = _value(facts.get("n_features_in_")) or ""
    if not draft.inputs and count.isascii() and count.isdecimal() and len(count) < 10:  # noqa: PLR2004
        draft.inputs = [Tensor(name="X", shape=(None, int(count)))]


def _pairs(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the state of an object by name."""
    content = node.get("content")
    inner = content.get("content") if isinstance(content, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _value(node: object) -> str | None:
    """Give the text of a plain value."""
    content = node.get("content") if isinstance(node, Mapping) else None
    return content.strip('"') if isinstance(content, str) else None


def _name(node: Mapping[str, Any]) -> Name:
    """Name the class of a node."""
    return Name(str(node.get("__module__", "")), str(node.get("__class__", "")))
