"""Packages in YAML: environments and lock files of conda, and ``MLmodel`` of MLflow.

conda writes ``NAME=1.2`` for what Python calls ``==1.2.*`` and ``NAME==1.2`` or ``NAME=1.2=BUILD`` for exactly that
(https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#package-match-specifications). Its names are
nearly always those of PyPI; the few that are not are translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from gitreg.core.facts import Package
from gitreg.files.nodes import Node, Sequence, find_value, list_items, to_value
from gitreg.files.packages_locks import NAMELESS, take_tables
from gitreg.files.packages_requirements import UnreadLines, is_specifier, make_package, normalize_name, read_lines
from gitreg.files.unreadable import UnreadableError
from gitreg.files.yaml import parse_yaml

_SPEC = re.compile(r"(?:[^\s:=<>!~]*::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(.*)", re.DOTALL)
_IN_BRACKETS = re.compile(r"\[.*?version\s*=\s*[\"']([^\"']*)[\"'].*\]|\[[^\]]*\]", re.DOTALL)
_FUZZY = re.compile(r"=\s*([^=<>!~,|\s*]+?)(\.\*)?")
_BUILT = re.compile(r"={1,2}\s*([^=<>!~,|\s*]+)(?:=[^=\s]+|\s+[^=\s]+)")
_PLAIN = re.compile(r"([^=<>!~,|\s*]+?)(\.\*)?(?:\s+[^=\s]+)?")
_LONGEST: Final = 500  # characters of what is said of one package
_OF_PYPI: Final = {
    "dask-core": "dask",
    "matplotlib-base": "matplotlib",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "pytables": "tables",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "ray-core": "ray",
    "seaborn-base": "seaborn",
    "tensorflow-base": "tensorflow",
}
_FLAVORS: Final = {
    "catboost": "catboost",
    "diviner": "diviner",
    "fastai": "fastai",
    "h2o": "h2o",
    "keras": "keras",
    "langchain": "langchain",
    "lgb": "lightgbm",
    "mlflow": "mlflow",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "paddle": "paddlepaddle",
    "pmdarima": "pmdarima",
    "prophet": "prophet",
    "python": "python",
    "pyspark": "pyspark",
    "pytorch": "torch",
    "sentence_transformers": "sentence-transformers",
    "sklearn": "scikit-learn",
    "spacy": "spacy",
    "statsmodels": "statsmodels",
    "tensorflow": "tensorflow",
    "tf": "tensorflow",
    "torch": "torch",
    "transformers": "transformers",
    "xgb": "xgboost",
}


def read_environment(path: str, data: bytes) -> Iterator[Package]:
    """Read an ``environment.yml``: what conda installs, and what pip does in it.

    Raises:
        ValueError: it is no mapping in YAML, or what it depends on is no list.
        UnreadLinesError: nobody can tell which packages some lines name; it is raised when all others were given.
    """
    unread = UnreadLines()
    of_pip: list[tuple[int, str]] = []
    for item in _list_dependencies(data):
        text = to_value(item)
        package = parse_spec(text, path) if isinstance(text, str) else None
        if package is not None:
            yield package
        elif isinstance(text, dict) and text.keys() == {"pip"}:
            of_pip += _list_lines_of_pip(item, unread)
        else:
            unread.add(item.line)
    yield from read_lines(of_pip, path, unread)
    unread.check()


def list_lines_of_pip(data: bytes) -> Iterator[tuple[int, str]]:
    """List the lines that an environment gives to pip, each with its number.

    Raises:
        ValueError: it is no mapping in YAML, or what it depends on is no list.
    """
    for item in _list_dependencies(data):
        yield from _list_lines_of_pip(item, UnreadLines())


def _list_lines_of_pip(item: Node, unread: UnreadLines) -> Iterator[tuple[int, str]]:
    """List the lines for pip in one of the things that an environment depends on."""
    listed = find_value(item, "pip")
    if listed is not None and not isinstance(listed, Sequence):
        unread.add(listed.line)
    for line in list_items(listed):
        text = to_value(line)
        if isinstance(text, str):
            yield line.line, text.strip()
        else:
            unread.add(line.line)


def _list_dependencies(data: bytes) -> tuple[Node, ...]:
    """List what an environment depends on.

    Raises:
        ValueError: it is no mapping in YAML, or what it depends on is no list.
    """
    listed = find_value(_parse_nodes(data), "dependencies")
    if listed is not None and not isinstance(listed, Sequence) and to_value(listed) is not None:
        raise UnreadableError("'dependencies' is no list", (listed.line, listed.column))
    return list_items(listed)


def parse_spec(text: str, path: str) -> Package | None:
    """Read one package as conda writes it; None where it is none."""
    match = _SPEC.fullmatch(text.strip()) if len(text) <= _LONGEST and "://" not in text else None
    if match is None:
        return None
    name = _OF_PYPI.get(normalize_name(match[1]), match[1])
    rest = _IN_BRACKETS.sub(lambda found: found[1] or "", match[2]).strip()
    if fuzzy := _FUZZY.fullmatch(rest):
        return make_package(name, f"=={fuzzy[1]}.*", path)
    if built := _BUILT.fullmatch(rest):
        return make_package(name, f"=={built[1]}", path)
    if rest and (plain := _PLAIN.fullmatch(rest)):
        return make_package(name, f"=={plain[1]}{'.*' if plain[2] else ''}", path)
    if is_specifier(rest):
        return make_package(name, rest, path)
    return Package(name=normalize_name(name), version=None, specifier=rest, file=path)  # such as "1.2|1.3"


def read_conda_lock(path: str, data: bytes) -> Iterator[Package]:
    """Read a ``conda-lock.yml``, which has each package once for each platform.

    Raises:
        ValueError: it is no mapping in YAML.
    """
    found: dict[Package, None] = {}
    packages, are_all = take_tables(_parse(data).get("package"))
    for package in packages:
        name, version = package["name"], package.get("version")
        name = normalize_name(_OF_PYPI.get(normalize_name(name), name))
        found.setdefault(Package(name=name, version=None if version is None else str(version), file=path))
    yield from found
    if not are_all:
        raise UnreadableError(NAMELESS)


def read_mlmodel(path: str, data: bytes) -> Iterator[Package]:
    """Read an ``MLmodel``, which says with which version of its library a model was made.

    Raises:
        ValueError: it is no mapping in YAML.
    """
    document = _parse(data)
    flavors = document.get("flavors")
    found: dict[str, str] = {}
    for facts in (document, *(flavors.values() if isinstance(flavors, Mapping) else ())):
        for key, value in facts.items() if isinstance(facts, Mapping) else ():
            name = _FLAVORS.get(key.removesuffix("_version")) if key.endswith("_version") else None
            if name and isinstance(value, str | int | float):
                found.setdefault(name, str(value))
    yield from (Package(name=name, version=version, file=path) for name, version in found.items())


def _parse(data: bytes) -> Mapping[str, object]:
    """Read YAML.

    Raises:
        ValueError: it is none, or no mapping.
    """
    value = to_value(_parse_nodes(data))
    return value if isinstance(value, dict) else {}


def _parse_nodes(data: bytes) -> Node:
    """Read YAML, with the places.

    Raises:
        ValueError: it is none, or no mapping, or a key stands in it twice, so that one of two lists would be lost.
    """
    document = parse_yaml(data, "", forgiving=True)
    for problem in document.problems:
        raise UnreadableError(problem.message, (problem.line, problem.column))
    if document.root is None:
        raise UnreadableError("the top level is no mapping")
    return document.root
