"""Reading pipelines: ``dvc.yaml`` with ``dvc.lock``, and ``.dvc`` files that say where their data came from.

What a stage was run with stands in ``dvc.lock``; where it worked, which of its outs are metrics and which files hold its
parameters stands in ``dvc.yaml``. Both may be large and hold anchors and templates, so they are read forgivingly, and a stage
whose working folder only DVC can fill in is left out. Source: ``dvc/schema.py`` and ``dvc/stage/loader.py`` of DVC 3.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from gitreg.core.pipelines import Material, Pipeline, Source, Stage, Value
from gitreg.core.problems import Problem
from gitreg.files.nodes import Document, Mapping, Node, Scalar, find_value, index_pairs, list_items, list_pairs, to_value
from gitreg.files.outs import check_document, read_hash, read_number, read_origin
from gitreg.files.paths import is_template, is_url
from gitreg.files.pointers import format_origin, strip_secret
from gitreg.files.stages import Definitions, fill_in, read_text
from gitreg.files.yaml import parse_yaml

_OUT_KINDS: Final = ("outs", "metrics", "plots")
_PARAMS: Final = "params.yaml"


def read_pipeline(file: str, dvc_yaml: bytes | None, dvc_lock: bytes | None) -> Pipeline:
    """Read a pipeline; of a file that cannot be read nothing is known.

    Args:
        file: the path of the ``dvc.yaml`` from the root of the repository.
        dvc_yaml: its bytes; None: there is none.
        dvc_lock: the bytes of the ``dvc.lock`` beside it.
    """
    return parse_pipeline(file, dvc_yaml, dvc_lock)[0]


@lru_cache(maxsize=64)
def parse_pipeline(file: str, dvc_yaml: bytes | None, dvc_lock: bytes | None) -> tuple[Pipeline, tuple[Problem, ...]]:
    """Read a pipeline as `read_pipeline`, and say what of it could not be read."""
    definition = _parse_definition(dvc_yaml or b"", file)
    lock_file = posixpath.join(posixpath.dirname(file), "dvc.lock")
    lock = parse_yaml(dvc_lock, lock_file, forgiving=True, values=True) if dvc_lock else _parse_definition(b"", lock_file)
    reader = _Reader(file, definition, lock)
    stages = tuple(reader.read_stages())
    folder = posixpath.dirname(file)
    pipeline = Pipeline(
        file=file,
        stages=stages,
        metrics=_read_paths(definition, find_value(definition.root, "metrics"), folder),
        params=_read_paths(definition, find_value(definition.root, "params"), folder),
    )
    return pipeline, (*check_document(definition, file), *check_document(lock, lock_file), *reader.problems)


@lru_cache(maxsize=256)
def parse_dvc_file(file: str, data: bytes) -> tuple[Pipeline, tuple[Problem, ...]]:
    """Read a ``.dvc`` file as a pipeline: of one stage where it names what its outs were made from, and else of none.

    Args:
        file: its path from the root of the repository.
        data: its bytes.
    """
    document = parse_yaml(data, file, forgiving=True)
    deps = list_items(find_value(document.root, "deps"))
    if not deps:
        return Pipeline(file=file), check_document(document, file)
    folder = _join(posixpath.dirname(file), read_text(document, find_value(document.root, "wdir")) or ".")
    outs = find_value(document.root, "outs")
    stage = Stage(
        name=posixpath.basename(file),
        file=file,
        commands=_read_commands(document, find_value(document.root, "cmd"), {}),
        deps=tuple(_read_materials(document, find_value(document.root, "deps"), folder)),
        outs=tuple(_read_materials(document, outs, folder)),
        locked=True,
    )
    return Pipeline(file=file, stages=(stage,)), ()


def check_definition(file: str, data: bytes) -> tuple[Problem, ...]:
    """Say why a ``dvc.yaml`` cannot be read; nothing, where it can."""
    return check_document(_parse_definition(data, file), file)


@lru_cache(maxsize=8)
def _parse_definition(data: bytes, file: str) -> Document:
    """Read a ``dvc.yaml``, which changes far less often than its lock."""
    return parse_yaml(data, file, forgiving=True)


class _Reader:
    """Reads the stages of one pipeline.

    Attributes:
        problems: of stages that only DVC can make something of.
    """

    def __init__(self, file: str, definition: Document, lock: Document) -> None:
        """Index what both files say."""
        self.problems: list[Problem] = []
        self._file = file
        self._definition = definition
        self._lock = lock
        self._definitions = Definitions(definition)
        # Before DVC 1.10 the stages stood at the top.
        stages = find_value(lock.root, "stages") or (None if find_value(lock.root, "schema") else lock.root)
        self._locked = index_pairs(stages)

    def read_stages(self) -> Iterator[Stage]:
        """Read those that the lock knows, and then those that were never run.

        The lock keeps stages that ``dvc.yaml`` has no more; like DVC we do not look at them, unless there is nothing else.
        """
        defined = self._definitions.names()
        run = set()
        for name, locked in self._locked.items():
            definition = self._definitions.find(name)
            if definition is not None or not defined:
                run.add(name.partition("@")[0])
                yield from self._read_stage(name, definition, locked)
        for name in defined:
            if name not in run:
                yield from self._read_stage(name, self._definitions.find(name), None)

    def _read_stage(self, name: str, definition: Node | None, locked: Node | None) -> Iterator[Stage]:
        """Read one stage, or say why it is left out."""
        values = self._definitions.values(name)
        working = fill_in(read_text(self._definition, find_value(definition, "wdir")) or ".", values)
        if "${" in working:
            if locked is not None:
                message = f"the folder that the stage {name!r} works in is {working!r}, which only DVC can fill in"
                self.problems.append(Problem(code="GR101", message=message, file=self._file, hint="write it without ${...}"))
            return
        folder = _join(posixpath.dirname(self._file), working)
        document, source = (self._definition, definition) if locked is None else (self._lock, locked)
        deps, outs = self._read_lists(definition, locked, values, folder)
        params = find_value(locked, "params")
        asked = self._read_params_files(definition, params, values, folder)
        yield Stage(
            name=name,
            file=self._file,
            commands=_read_commands(document, find_value(source, "cmd"), {} if locked else values),
            deps=deps,
            outs=outs,
            params={_join(folder, str(key.value)): dict(_flatten("", to_value(table))) for key, table in list_pairs(params)},
            metrics=self._read_metrics(definition, values, folder, outs),
            params_files=tuple(asked),
            params_keys={path: tuple(keys) for path, keys in asked.items() if keys},
            locked=locked is not None,
        )

    def _read_lists(
        self, definition: Node | None, locked: Node | None, values: dict[str, str], folder: str
    ) -> tuple[tuple[Material, ...], tuple[Material, ...]]:
        """Read what a stage reads and makes: with hashes where the lock has them."""
        if locked is not None:
            deps, outs = (tuple(_read_materials(self._lock, find_value(locked, kind), folder)) for kind in ("deps", "outs"))
            return deps, outs
        paths = [self._list_paths(definition, kinds, values) for kinds in (("deps",), _OUT_KINDS)]
        deps, outs = (tuple([_locate(folder, path) for path in found if not is_template(path)]) for found in paths)
        return deps, outs

    def _read_metrics(
        self, definition: Node | None, values: dict[str, str], folder: str, outs: tuple[Material, ...]
    ) -> tuple[str, ...]:
        """Find which outs are metrics; a template is held against the outs that there are."""
        found: dict[str, None] = {}
        for path in self._list_paths(definition, ("metrics",), values):
            place = _join(folder, path)
            found.update(
                dict.fromkeys(out.path for out in outs if _fits(place, out.path)) if is_template(path) else {place: None}
            )
        return tuple(found)

    def _read_params_files(
        self, definition: Node | None, locked: Node | None, values: dict[str, str], folder: str
    ) -> dict[str, list[str]]:
        """Find the files that a stage takes parameters from, with their names; no names are all. A text is a name itself."""
        found: dict[str, list[str]] = {}
        for item in list_items(find_value(definition, "params")):
            if isinstance(item, Mapping):
                for key, names in item.pairs:
                    path = fill_in(str(key.value), values)
                    if not is_template(path):
                        self._add_names(found, _join(folder, path), list_items(names), values)
            elif isinstance(item, Scalar) and item.value is not None:
                self._add_names(found, _join(folder, _PARAMS), [item], values)
        locked_files = {
            # without a definition it has taken what the lock names, and nobody knows whether it would take more
            _join(folder, str(key.value)): [] if definition is not None else [str(name.value) for name, _ in list_pairs(table)]
            for key, table in list_pairs(locked)
        }
        return {**locked_files, **found}

    def _add_names(self, found: dict[str, list[str]], path: str, items: Sequence[Node], values: dict[str, str]) -> None:
        """Add the names that a stage takes from a file; where it takes all, there are none."""
        names = [fill_in(text, values) for item in items if (text := read_text(self._definition, item))]
        is_whole = not names or any(is_template(name) for name in names) or found.get(path) == []
        found[path] = [] if is_whole else [*found.get(path, []), *names]

    def _list_paths(self, definition: Node | None, kinds: tuple[str, ...], values: dict[str, str]) -> list[str]:
        """List paths, each written as such or as the key of its options."""
        items = [item for kind in kinds for item in list_items(find_value(definition, kind))]
        texts = [str(key.value) for item in items for key, _ in list_pairs(item)]
        texts += [text for item in items if (text := read_text(self._definition, item))]
        return [fill_in(text, values) for text in texts]


def _read_materials(document: Document, items: Node | None, folder: str) -> Iterator[Material]:
    """Read a list of deps or outs."""
    for item in list_items(items):
        path = read_text(document, find_value(item, "path"))
        if path:
            origin = read_origin(document, item)
            inside = origin is not None and origin.repository is not None
            yield Material(
                path=format_origin(origin) if origin else _join(folder, path),
                hash=read_hash(document, item),
                size=read_number(find_value(item, "size")),
                files=read_number(find_value(item, "nfiles")),
                source=Source(strip_secret(origin.repository or ""), origin.commit, path) if origin and inside else None,
            )


def _read_paths(document: Document, items: Node | None, folder: str) -> tuple[str, ...]:
    """Read a list of paths; one that only DVC can fill in is left out."""
    texts = [read_text(document, item) for item in list_items(items)]
    return tuple(_join(folder, text) for text in texts if text and not is_template(text))


def _read_commands(document: Document, node: Node | None, values: dict[str, str]) -> tuple[str, ...]:
    """Read the command of a stage, or its commands."""
    texts = [read_text(document, item) for item in (list_items(node) or (node,))]
    return tuple(fill_in(text, values).strip() for text in texts if text)


def _flatten(name: str, value: object) -> Iterator[tuple[str, Value]]:
    """Put values that lie in each other under dotted names; a list is written as JSON."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from _flatten(f"{name}.{key}" if name else key, inner)
        case list():
            yield name, json.dumps(value, ensure_ascii=False, default=str)
        case str() | int() | float() | None:
            yield name, value


def _fits(template: str, path: str) -> bool:
    """Say whether a path is one that a template with ``${...}`` could stand for."""
    first, *rest = [part.partition("}")[2] if number else part for number, part in enumerate(template.split("${"))]
    if not path.startswith(first) or not path.endswith(rest[-1]):
        return False
    position = len(first)
    for part in rest:
        position = path.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return True


@lru_cache(maxsize=4096)
def _join(folder: str, path: str) -> str:
    """Write a path from the root of the repository; an address stays one, without who may read there."""
    return strip_secret(path) if is_url(path) else posixpath.normpath(posixpath.join(folder, path))


@lru_cache(maxsize=4096)
def _locate(folder: str, path: str) -> Material:
    """Name what stands at a path, of which nothing else is known."""
    return Material(path=_join(folder, path))
