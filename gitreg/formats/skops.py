"""skops: an archive with a tree in JSON of what would be made; whoever loads it has to trust each type by name.

https://skops.readthedocs.io/en/stable/persistence.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.archive import Archive
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.json_texts import LARGEST, parse_json, walk_objects
from gitreg.formats.pickle_values import Name
from gitreg.formats.safe_imports import find_framework, is_safe

_MOST_NODES: Final = 300_000
_TYPES: Final = re.compile(
    r"builtins\.(NoneType|map)|scipy\.sparse(\._\w+)?\.(bsr|coo|csc|csr|dia|dok|lil)_(array|matrix)"
    r"|numpy\.(u?int|float|complex)[0-9]{1,3}|numpy\.(bool|bool_|bytes_|clongdouble|datetime64|longdouble|longlong|matrix|object_"
    r"|str_|timedelta64|u?longlong|void)|numpy\.ma\.(core\.)?MaskedArray"
)
_UFUNCS: Final = re.compile(
    "absolute|add|arccos|arccosh|arcsin|arcsinh|arctan|arctan2|arctanh|cbrt|ceil|conjugate|copysign|cos|cosh|"
    "deg2rad|degrees|divide|equal|exp|exp2|expm1|fabs|float_power|floor|floor_divide|fmax|fmin|fmod|greater|"
    "greater_equal|heaviside|hypot|isfinite|isinf|isnan|less|less_equal|log|log10|log1p|log2|logaddexp|logaddexp2|"
    "logical_and|logical_not|logical_or|logical_xor|maximum|minimum|multiply|negative|not_equal|positive|power|"
    "rad2deg|radians|reciprocal|remainder|rint|sign|signbit|sin|sinh|sqrt|square|subtract|tan|tanh|trunc"
)  # as in skops: functions of numbers, which do nothing else
_VERSION: Final = "_sklearn_version"


def read_skops(reader: Reader, draft: Draft) -> None:
    """Read the tree.

    Raises:
        Damaged: there is none.
    """
    archive = Archive(reader)
    if archive.doubles or len(archive.kinds) > 1:
        draft.unsafe.add("another part of it than is read, since it is several archives at once")
    tree = parse_json(archive.read("schema.json", LARGEST), "schema.json")
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
    draft.need(name.full, safe=is_safe(name) or _is_trusted(name))
    facts = _pairs(node)
    if _VERSION in facts and draft.framework_version is None:
        draft.framework_version = _value(facts[_VERSION])
    count = _value(facts.get("n_features_in_")) or ""
    if not draft.inputs and count.isascii() and count.isdecimal() and len(count) < 10:  # noqa: PLR2004
        draft.inputs = [Tensor(name="X", shape=(None, int(count)))]


def _is_trusted(name: Name) -> bool:
    """Say whether a type or function is one that skops trusts by itself."""
    return _TYPES.fullmatch(name.full) is not None or (name.module == "numpy" and _UFUNCS.fullmatch(name.name) is not None)


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
