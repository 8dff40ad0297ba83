"""Keras: an archive of configuration and weights (version 3), and HDF5 with the configuration in an attribute (before).

https://keras.io/guides/serialization_and_saving/
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.archive import Archive
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.hdf5 import Hdf5, Node
from gitreg.formats.json_texts import LARGEST, parse_json, walk_objects

_OPTIMIZER: Final = frozenset({"optimizer", "optimizer_weights"})
_TOLD: Final = frozenset({"backend", "keras_version", "model_config"})
_MOST_DEPTH: Final = 60
_MOST_NODES: Final = 100_000


def read_keras(reader: Reader, draft: Draft) -> None:
    """Read an archive.

    Raises:
        Damaged: it has no configuration.
    """
    draft.framework = "keras"
    archive = Archive(reader)
    with suppress(Damaged):
        facts = parse_json(archive.read("metadata.json", LARGEST), "metadata.json")
        draft.framework_version = str(facts["keras_version"])[:100] if "keras_version" in facts else None
        draft.tell("date_saved", facts.get("date_saved"))
    describe_config(parse_json(archive.read("config.json", LARGEST), "config.json"), draft)
    try:
        file = Hdf5(archive.open("model.weights.h5"))
        _count_weights(file, draft)
    except Damaged as error:
        draft.note(f"model.weights.h5: {error}")


def read_hdf5(reader: Reader, draft: Draft) -> None:
    """Read a file of HDF5, of Keras or anybody.

    Raises:
        Damaged: it breaks off.
    """
    file = Hdf5(reader)
    root = file.read(file.root)
    told = [attribute for attribute in root.attributes if attribute.name in _TOLD]
    facts = {attribute.name: file.text(attribute) for attribute in told[: len(_TOLD)]}
    draft.unread = int(not root.is_whole)  # some of what is told may stand elsewhere
    if len(told) > len(facts) or ("model_config" in facts and not facts["model_config"]):
        draft.unsafe.add("a configuration that is not read")
    if "keras_version" in facts or "model_config" in facts:
        draft.framework, draft.framework_version = "keras", facts.get("keras_version")
        draft.format = "hdf5"
        draft.tell("backend", facts.get("backend"))
    if facts.get("model_config"):
        describe_config(parse_json(str(facts["model_config"]).encode(), "model_config"), draft)
    try:
        _count_weights(file, draft)
    except Damaged as error:  # the code would be in the configuration, which was read
        draft.note(str(error))
        draft.unread = 1


def _count_weights(file: Hdf5, draft: Draft) -> None:
    """Count the values of all datasets but those of the optimizer."""
    for path, node in _walk(file):
        if not node.is_whole:
            draft.note("a group has more members than are listed in its header, which are not counted")
        if node.shape is not None and node.type not in {None, "string"} and "seed_generator" not in path:
            draft.count(math.prod(node.shape), node.type or "")


def _walk(file: Hdf5) -> Iterator[tuple[str, Node]]:
    """Go through all objects but the optimizer's, each once."""
    waiting, seen = [("", file.root)], set[int]()
    while waiting:
        path, address = waiting.pop()
        if address in seen or path.count("/") > _MOST_DEPTH:
            continue
        seen.add(address)
        node = file.read(address)
        yield path, node
        for name, place in node.children:
            if path or name not in _OPTIMIZER:
                waiting.append((f"{path}/{name}"[:4000], place))


def describe_config(config: object, draft: Draft) -> None:
    """Tell inputs and outputs, and what is none of Keras's own."""
    if not isinstance(config, Mapping):
        raise Damaged("its configuration makes no sense")
    draft.tell("class", config.get("class_name"))
    for node in walk_objects(config, "class_name", _MOST_NODES):
        _look_for_code(node, draft)
    inner = _mapping(config.get("config"))
    layers = [layer for layer in _list(inner.get("layers")) if isinstance(layer, Mapping)]
    draft.tell("name", inner.get("name"))
    draft.tell("layers", len(layers))
    draft.inputs = list(_find_inputs(config, layers))
    draft.outputs = list(_find_outputs(inner, layers))


def _look_for_code(node: Mapping[str, Any], draft: Draft) -> None:
    """Note what loading would import, beside Keras itself, and code that stands in the file."""
    name, module = str(node.get("class_name")), node.get("module")
    if name in {"Lambda", "__lambda__"}:
        draft.unsafe.add(f"code in a layer {name}")
    if not isinstance(module, str) or not module:
        custom = node.get("registered_name")
        if isinstance(custom, str) and ">" in custom:
            draft.need(custom, safe=False)
        return
    if name == "function" and isinstance(node.get("config"), str):
        draft.need(f"{module}.{node['config']}", safe=False)
    elif name[:1].islower() or (
        module.partition(".")[0] != "keras" and not (module == "builtins" and name.startswith("__"))
    ):  # functions of Keras can fetch and write files
        draft.need(f"{module}.{name}", safe=False)


def _find_inputs(config: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> Iterator[Tensor]:
    """Find the inputs: their own layers, or the shape that a model was built for."""
    found = False
    for layer in layers:
        facts = _mapping(layer.get("config"))
        shape = facts.get("batch_shape", facts.get("batch_input_shape"))
        if layer.get("class_name") == "InputLayer" or (isinstance(shape, list) and not found):
            found = True
            yield Tensor(name=_name(layer), type=_type(facts), shape=_shape(shape))
    if not found:
        shape = _mapping(config.get("build_config")).get("input_shape")
        if isinstance(shape, list):
            yield Tensor(name="input", shape=_shape(shape))


def _find_outputs(inner: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> Iterator[Tensor]:
    """Find the outputs; of dense layers the shape too."""
    named = _list(inner.get("output_layers"))
    named = [named] if named and isinstance(named[0], str) else named
    wanted = [item[0] for item in named if isinstance(item, list) and item and isinstance(item[0], str)]
    by_name = {_name(layer): layer for layer in layers}
    chosen = [by_name[name] for name in wanted if name in by_name] or ([] if named else layers[-1:])
    for layer in chosen:
        facts = _mapping(layer.get("config"))
        units = facts.get("units")
        is_plain = isinstance(units, int) and not isinstance(units, bool) and units >= 0
        yield Tensor(name=_name(layer), type=_type(facts), shape=(None, units) if is_plain and isinstance(units, int) else None)


def _name(layer: Mapping[str, Any]) -> str:
    """Name a layer."""
    return str(layer.get("name") or _mapping(layer.get("config")).get("name") or "")[:200]


def _type(facts: Mapping[str, Any]) -> str | None:
    """Read the type of a layer, which may be a policy; that of a mixed one is of what it computes with."""
    found = facts.get("dtype")
    if isinstance(found, Mapping):
        found = _mapping(found.get("config")).get("name")
    return found.removeprefix("mixed_")[:50] if isinstance(found, str) else None


def _shape(value: object) -> tuple[int | None, ...] | None:
    """Read a shape."""
    if not isinstance(value, list):
        return None
    return tuple(size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None for size in value[:32])


def _mapping(value: object) -> Mapping[str, Any]:
    """Take a value as a mapping."""
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    """Take a value as a list."""
    return value if isinstance(value, list) else []
