"""Folders: which of their files says what the model is."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from gitreg.core.model_files import ModelFile, Reader
from gitreg.formats.detect import read_model_file
from gitreg.formats.folder_risks import Others, look_at_others
from gitreg.formats.mlmodel import ParseYaml

Openers: TypeAlias = Mapping[str, Callable[[], Reader]]
"""Files of a folder, by their paths below it."""

_FIRST: Final = ("MLmodel", "saved_model.pb")
_ENDINGS: Final = (
    "onnx", "safetensors", "gguf", "keras", "h5", "hdf5", "pt", "pth", "bin", "ckpt", "skops", "ubj", "cbm", "lgb", "json",
    "joblib",
    "pkl", "pickle", "txt", "npz", "npy",
)  # fmt: skip
_SIDE: Final = frozenset({
    "added_tokens.json", "config.json", "generation_config.json", "merges.txt", "preprocessor_config.json", "requirements.txt",
    "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "training_args.bin", "vocab.json", "vocab.txt",
})  # fmt: skip
_TEXTS: Final = frozenset({"json", "txt"})  # metrics, words and what not
_MOST_SHARDS: Final = 500
_MOST_FILES: Final = 100_000
_MOST_TRIED: Final = 20


def read_model_folder(
    files: Openers, parse_yaml: ParseYaml | None = None, others: Others | None = None
) -> tuple[ModelFile, str | None]:
    """Say what the files of a folder say of the model in it.

    Args:
        files: all of them.
        parse_yaml: reads YAML, for the ``MLmodel`` of MLflow.
        others: the same files, opened to see whether they could run code; None: as `files`.

    Returns:
        What was found, and the file that says the most; None where none is one of a model.

    Raises:
        ExternalFault: the place of the files does not answer.
    """
    found, main = _read_main(files, parse_yaml)
    left = dict(files if others is None else others)
    if main is not None and not found.notes:  # parts that make sense are no pickles
        for path in _list_shards(files, main):
            left.pop(path, None)
    return look_at_others(found, left), main


def _read_main(files: Openers, parse_yaml: ParseYaml | None) -> tuple[ModelFile, str | None]:
    """Read the file that says the most, with its other parts."""
    main, found = _find_main(files, parse_yaml)
    if main is None or found is None:
        return ModelFile(format="unknown", size=0, notes=("no file of this folder is one of a model that is known here",)), None
    if found.format == "mlmodel":
        return _add_model(found, files, posixpath.dirname(main)), main
    shards = _list_shards(files, main)
    return (_unite(found, shards, files) if shards else found), main


def _find_main(files: Openers, parse_yaml: ParseYaml | None = None) -> tuple[str | None, ModelFile | None]:
    """Find the file that says the most; an empty one, or a text of no known kind, only where no other is one of a model."""
    ranked = rank_mains(files)
    first: ModelFile | None = None
    empty: list[str] = []
    for path in ranked[:_MOST_TRIED]:
        found = read_model_file(files[path](), path, parse_yaml)
        first = first or found
        is_text = found.format == "unknown" and _ending(path) in _TEXTS
        if found.size and not is_text and (not empty or found.format != "unknown"):
            return path, replace(found, notes=(*found.notes, *(f"{name}: it is empty" for name in empty)))
        if not found.size:
            empty.append(path)
    return (ranked[0] if ranked else None), first


def rank_mains(files: Openers) -> list[str]:
    """Sort the files of models: those that say the most first."""
    names = sorted(list(files)[:_MOST_FILES], key=lambda path: (path.count("/"), path))
    first = [path for name in _FIRST for path in names if path.rpartition("/")[2] == name]
    ranked = [(_ENDINGS.index(ending), path) for path in names if (ending := _ending(path)) in _ENDINGS and not _is_side(path)]
    ranked.sort(key=lambda found: (found[1].count("/"), found[0], found[1]))
    return [*first, *(path for _, path in ranked)]


def _add_model(found: ModelFile, files: Openers, folder: str) -> ModelFile:
    """Add to an ``MLmodel`` what the file of the model beside it says."""
    beside = {path: files[path] for path in files if path.startswith(f"{folder}/" if folder else "")}
    main, model = _find_main({path: opener for path, opener in beside.items() if path.rpartition("/")[2] != "MLmodel"})
    if main is None or model is None:
        return found
    return replace(
        found,
        framework=found.framework or model.framework,
        framework_version=found.framework_version or model.framework_version,
        inputs=found.inputs or model.inputs,
        outputs=found.outputs or model.outputs,
        parameters=model.parameters,
        opset=model.opset,
        ir_version=model.ir_version,
        quantization=model.quantization,
        imports=tuple(sorted({*found.imports, *model.imports})),
        unsafe=tuple(sorted({*found.unsafe, *model.unsafe})),
        metadata={**found.metadata, "model_file": main, "model_format": model.format},
        notes=(*found.notes, *(f"{main}: {note}" for note in model.notes)),
    )


def _ending(path: str) -> str:
    """Give the ending of a name in lower case."""
    return posixpath.splitext(path)[1].lower().removeprefix(".")


def _is_side(path: str) -> bool:
    """Say whether a file is one that stands beside models."""
    name = path.rpartition("/")[2]
    return name in _SIDE or name.endswith(".index.json") or name.startswith(".")


def _list_shards(files: Openers, main: str) -> tuple[str, ...]:
    """List the other parts of a model that is kept in several files."""
    ending, folder = _ending(main), posixpath.dirname(main)
    if ending not in {"safetensors", "gguf"}:
        return ()
    found = [path for path in files if path != main and _ending(path) == ending and posixpath.dirname(path) == folder]
    return tuple(sorted(found)[:_MOST_SHARDS])


def _unite(found: ModelFile, shards: tuple[str, ...], files: Openers) -> ModelFile:
    """Add up the parts."""
    quantization, notes = dict(found.quantization), list(found.notes)
    size, parameters = found.size, found.parameters or 0
    imports, unsafe = set(found.imports), set(found.unsafe)
    for path in shards:
        part = read_model_file(files[path](), path)
        size += part.size
        parameters += part.parameters or 0
        notes += [f"{path}: {note}" for note in part.notes]
        imports.update(part.imports)
        unsafe.update(part.unsafe)
        for kind, count in part.quantization.items():
            quantization[kind] = quantization.get(kind, 0) + count
    metadata = {**found.metadata, "files": str(len(shards) + 1)}
    united = replace(found, size=size, parameters=parameters, quantization=quantization, metadata=metadata)
    return replace(united, imports=tuple(sorted(imports)), unsafe=tuple(sorted(unsafe)), notes=tuple(notes[:20]))
