"""XGBoost: JSON, or UBJSON, which is the same in binary. The trees in the middle are jumped over.

https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.json_texts import parse_json
from gitreg.formats.ubjson import read_ubjson

_HEAD: Final = 1 << 20
_TAIL: Final = 256 << 10
_MOST_FEATURES: Final = 10_000
_NAMED: Final = re.compile(rb'"(feature_names|feature_types)"\s*:\s*(\[[^\[\]{}]*\])')
_PARAMETERS: Final = re.compile(rb'"learner_model_param"\s*:\s*(\{[^{}]*\})')
_OBJECTIVE: Final = re.compile(rb'"objective"\s*:\s*\{.{0,500}?"name"\s*:\s*"([^"\\]{1,100})"', re.DOTALL)
_VERSION: Final = re.compile(rb'"version"\s*:\s*\[\s*([0-9]{1,6})\s*,\s*([0-9]{1,6})\s*,\s*([0-9]{1,6})\s*\]')
_BOOSTER: Final = re.compile(rb'"name"\s*:\s*"(gbtree|gblinear|dart)"')
_TREES: Final = re.compile(rb'"num_trees"\s*:\s*"([0-9]{1,12})"')
_TYPES: Final = {"float": "float32", "i": "bool", "int": "int64", "q": "float32", "c": "category", "categorical": "category"}


def read_xgboost_json(reader: Reader, draft: Draft) -> None:
    """Read beginning and end: features stand before the trees, parameters and version behind them.

    Raises:
        Damaged: neither says anything.
    """
    draft.framework = "xgboost"
    head = reader.read(0, _HEAD)
    tail = reader.read(max(0, reader.size - _TAIL), _TAIL)
    facts: dict[str, Any] = {found[1].decode(): _parse(found[2]) for found in _NAMED.finditer(head)}
    parameters = _last(_PARAMETERS, tail) or _last(_PARAMETERS, head)
    if not parameters and not facts:
        raise Damaged("it says nothing of features and parameters where XGBoost writes them")
    facts["learner_model_param"] = _parse(parameters[1]) if parameters else {}
    facts["objective"] = _text(_last(_OBJECTIVE, tail))
    facts["booster"] = _text(_BOOSTER.search(head) or _last(_BOOSTER, tail))
    trees, version = _last(_TREES, tail) or _TREES.search(head), _last(_VERSION, tail)
    facts["trees"] = _text(trees)
    facts["version"] = [int(part) for part in version.groups()] if version else None
    _tell(facts, draft)
    if not tail.rstrip().endswith(b"}"):
        draft.note("it ends early: the last brace is missing")


def read_xgboost_ubj(reader: Reader, draft: Draft) -> None:
    """Go through the values, and jump over those of the trees.

    Raises:
        Damaged: it breaks off.
    """
    draft.framework = "xgboost"
    found: dict[str, Any] = {}
    try:
        read_ubjson(reader, found)
    finally:
        learner = _mapping(found.get("learner"))
        booster = _mapping(learner.get("gradient_booster"))
        trees = _mapping(_mapping(_mapping(booster.get("model")).get("gbtree_model_param")))
        objective = _mapping(learner.get("objective"))
        facts = {"booster": booster.get("name"), "trees": trees.get("num_trees"), "version": found.get("version")}
        _tell({**learner, **facts, "objective": objective.get("name")}, draft)


def _tell(facts: Mapping[str, Any], draft: Draft) -> None:
    """Tell what was found."""
    version = facts.get("version")
    if isinstance(version, list) and all(isinstance(part, int) for part in version):
        draft.framework_version = ".".join(str(part) for part in version[:3]) or None
    for name in ("booster", "objective", "trees"):
        draft.tell(name, facts.get(name))
    parameters = _mapping(facts.get("learner_model_param"))
    draft.tell("base_score", parameters.get("base_score"))
    draft.inputs = _inputs(facts, _number(parameters.get("num_feature")))
    classes, targets = _number(parameters.get("num_class")), _number(parameters.get("num_target"))
    width = max(classes, targets)
    if parameters:
        is_wide = width > 1 and facts.get("objective") != "multi:softmax"
        draft.outputs = [Tensor(name="prediction", type="float32", shape=(None, width) if is_wide else (None,))]


def _inputs(facts: Mapping[str, Any], count: int) -> list[Tensor]:
    """Name the features, or say how many there are."""
    names, types = facts.get("feature_names"), facts.get("feature_types")
    names = [name for name in names[:_MOST_FEATURES] if isinstance(name, str)] if isinstance(names, list) else []
    types = types if isinstance(types, list) else []
    if not names:
        return [Tensor(name="X", type="float32", shape=(None, count))] if count else []
    kinds = [_TYPES.get(str(kind), str(kind)[:50]) for kind in types] if len(types) >= len(names) else ["float32"] * len(names)
    return [Tensor(name=name, type=kind) for name, kind in zip(names, kinds, strict=False)]


def _number(value: object) -> int:
    """Read a number that XGBoost writes as text; 0 where there is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def _mapping(value: object) -> Mapping[str, Any]:
    """Take a value as a mapping."""
    return value if isinstance(value, Mapping) else {}


def _parse(data: bytes) -> Any:  # noqa: ANN401  whatever stands there
    """Read a small piece of JSON."""
    return parse_json(data, "what it says of features")


def _last(pattern: re.Pattern[bytes], data: bytes) -> re.Match[bytes] | None:
    """Find the last place."""
    found = None
    for found in pattern.finditer(data):  # noqa: B007  the last one is wanted
        pass
    return found


def _text(found: re.Match[bytes] | None) -> str | None:
    """Give what was found as text."""
    return json.loads(b'"' + found[1] + b'"') if found else None
