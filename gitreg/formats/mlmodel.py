"""MLmodel: what MLflow says of a model, in YAML that others have parsed.

https://mlflow.org/docs/latest/ml/model/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from gitreg.core.model_files import Reader, Tensor
from gitreg.core.pipelines import Value
from gitreg.formats.draft import MOST_TENSORS, Damaged, Draft
from gitreg.formats.json_texts import parse_json

ParseYaml: TypeAlias = Callable[[bytes], Mapping[str, Value]]
"""Reads YAML and gives its values by dotted names; where it is none, there are none."""

LARGEST: Final = 1 << 20
_TYPES: Final = {
    "double": "float64",
    "float": "float32",
    "integer": "int32",
    "long": "int64",
    "str": "string",
    "object": "string",
}
_FLAVORS: Final = "flavors."
_PYTHON: Final = "python_function"
_VERSIONS: Final = {
    "keras": "keras_version", "lightgbm": "lgb_version", "onnx": "onnx_version", "pytorch": "pytorch_version",
    "sklearn": "sklearn_version", "tensorflow": "tf_version", "xgboost": "xgb_version", "catboost": "catboost_version",
    "spacy": "spacy_version", "statsmodels": "statsmodels_version", "transformers": "transformers_version",
}  # fmt: skip
_SHOWN: Final = ("mlflow_version", "run_id", "model_uuid", "model_id", "utc_time_created", "artifact_path")
_OWN: Final = "mlflow."


def read_mlmodel(reader: Reader, draft: Draft, parse_yaml: ParseYaml) -> None:
    """Read the file.

    Args:
        reader: its bytes.
        draft: what to fill.
        parse_yaml: reads YAML.

    Raises:
        Damaged: it is larger than is looked at.
    """
    if reader.size > LARGEST:
        raise Damaged(f"it has {reader.size} bytes, which is more than is looked at")
    values = parse_yaml(reader.read(0, LARGEST))
    if not values:
        draft.note("it is no YAML, or says nothing")
    flavors = {name.split(".")[1] for name in values if name.startswith(_FLAVORS) and "." in name}
    draft.tell("flavors", ", ".join(sorted(flavors)))
    for name in _SHOWN:
        draft.tell(name, values.get(name))
    draft.framework = next((name for name in (*_VERSIONS, *sorted(flavors - {_PYTHON})) if name in flavors), None)
    version = values.get(f"{_FLAVORS}{draft.framework}.{_VERSIONS.get(draft.framework or '', 'version')}")
    draft.framework_version = None if version is None else str(version)[:100]
    loader = values.get(f"{_FLAVORS}{_PYTHON}.loader_module")
    if isinstance(loader, str):
        draft.need(loader, safe=loader.startswith(_OWN) and loader != "mlflow.pyfunc.model")
    draft.tell("python", values.get(f"{_FLAVORS}{_PYTHON}.python_version"))
    draft.inputs = _read_side(values.get("signature.inputs"), "input")
    draft.outputs = _read_side(values.get("signature.outputs"), "output")


def _read_side(value: Value, side: str) -> list[Tensor]:
    """Read inputs or outputs: JSON in a text."""
    if not isinstance(value, str):
        return []
    listed = parse_json(value.encode(), "its signature")
    listed = listed if isinstance(listed, list) else [listed]
    return [
        _read_tensor(item, f"{side}-{number}") for number, item in enumerate(listed[:MOST_TENSORS]) if isinstance(item, Mapping)
    ]


def _read_tensor(item: Mapping[str, Any], otherwise: str) -> Tensor:
    """Read a column or a tensor."""
    name = str(item.get("name") or otherwise)[:1000]
    found = item.get("tensor-spec")
    facts = found if isinstance(found, Mapping) else item
    kind, shape = facts.get("dtype", item.get("type")), facts.get("shape")
    sizes = [size if isinstance(size, int) and size >= 0 else None for size in shape] if isinstance(shape, list) else None
    return Tensor(
        name=name,
        type=_TYPES.get(str(kind), str(kind)[:50]) if kind is not None else None,
        shape=None if sizes is None else tuple(sizes),
    )
