"""Which files that differ are code, as a person would say it: what is run, and what says how.

Not code are: files of metrics, parameters, packages and entries, the artifacts themselves, what else a comparison speaks of, and
what pipelines make; what DVC, git and gitreg write for themselves; and, by their names, models, data, pictures, texts for
people, files of metrics, parameters and packages, locks, and what sets up jobs, hooks and editors. A ``dvc.yaml`` is code: it
says what is run; and so is JSON or XML of which nobody says that it is something else.

Where pipelines make an artifact, they say themselves what its code is: see `gitreg.core.trace.list_code`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from gitreg.core.fact_sources import looks_like_data
from gitreg.core.facts import Facts

_NAMES: Final = frozenset({
    ".dvcignore",
    ".gitattributes",
    ".gitignore",
    ".gitmodules",
    ".gitreg.yaml",
    ".gto",
    "artifacts.yaml",
    "dvc.lock",
})  # fmt: skip
_ENDINGS: Final = (".dvc", ".md", ".rst", ".adoc")
_OTHERS: Final = frozenset({
    # models
    "cbm", "ckpt", "dill", "engine", "gguf", "ggml", "joblib", "keras", "mlmodel", "mlpackage", "model", "msgpack", "onnx", "pb",
    "pdparams", "pmml", "pt", "pth", "safetensors", "skops", "tflite", "ubj", "weights",
    # texts and pictures
    "avif", "bmp", "doc", "docx", "ico", "log", "odt", "org", "pdf", "ppt", "pptx", "rtf", "svg", "tex", "webp",
})  # fmt: skip
_SETTINGS: Final = frozenset({"json", "xml"})  # data by its ending, but often how something is run
_TOOLS: Final = frozenset({
    ".coveragerc", ".dockerignore", ".drone.yml", ".editorconfig", ".flake8", ".gitlab-ci.yml", ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml", ".pylintrc", ".readthedocs.yaml", ".travis.yml", ".woodpecker.yml", "Jenkinsfile",
    "appveyor.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml", "codecov.yml", "lefthook.yml", "mypy.ini", "renovate.json",
    "ruff.toml", "tox.ini",
})  # fmt: skip
_TOOL_FOLDERS: Final = frozenset({
    ".azure", ".buildkite", ".circleci", ".devcontainer", ".dvc", ".gitea", ".github", ".gitlab", ".husky", ".idea", ".vscode",
    ".woodpecker",
})  # fmt: skip
_VALUES: Final = re.compile(
    r"(?:.+[._-])?(?:metrics?|scores|params|parameters|hparams|hyperparams|hyperparameters)(?:[._-].+)?\.(?:json|ya?ml|toml)"
)
_LOCKS: Final = re.compile(
    r".+\.lock|pylock.*\.toml|conda-lock\.ya?ml|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml"
    r"|(?:environment|conda)\.ya?ml|Pipfile|.*requirements.*\.(?:txt|in)"
)
_FOR_PEOPLE: Final = re.compile(
    r"license|licence|copying|notice|authors|contributors|changelog|changes|readme|codeowners|notes?|todo|citation\.cff",
    re.IGNORECASE,
)


def list_spoken_for(facts: Iterable[Facts]) -> frozenset[str]:
    """List the paths that a comparison speaks of elsewhere: files, and folders as a whole."""
    paths: set[str] = set()
    for one in facts:
        paths |= one.metrics.keys() | one.params.keys()
        paths |= {package.file for package in one.packages} | {material.path for material in one.data}
        paths |= {one.pointer.path} if one.pointer is not None else set()
        paths |= {problem.file for problem in one.problems if problem.file is not None}
    return frozenset(path.rstrip("/") for path in paths if path)


def is_code(path: str, spoken_for: Collection[str]) -> bool:
    """Say whether a file is code.

    Args:
        path: from the root of the repository.
        spoken_for: what `list_spoken_for` lists.
    """
    parts = path.split("/")
    if parts[-1] in _NAMES or path.lower().endswith(_ENDINGS) or not _TOOL_FOLDERS.isdisjoint(parts[:-1]):
        return False
    if _is_named_otherwise(parts[-1]):
        return False
    return not any("/".join(parts[:length]) in spoken_for for length in range(1, len(parts) + 1))


def _is_named_otherwise(name: str) -> bool:
    """Say whether the name of a file is that of a model, of data, of values, of a tool, or of a text for people."""
    if name in _TOOLS or _VALUES.fullmatch(name) or _LOCKS.fullmatch(name):
        return True
    ending = name.lower().rpartition(".")[2]
    if "." not in name.strip(".") or ending == "cff":
        return _FOR_PEOPLE.fullmatch(name) is not None
    return ending not in _SETTINGS and name != "CMakeLists.txt" and (ending in _OTHERS or looks_like_data(name))


def is_inside(path: str, folders: Collection[str]) -> bool:
    """Say whether a path is one of some files or folders, or in one of them; with none, everything is."""
    parts = path.split("/")
    return not folders or any("/".join(parts[:length]) in folders for length in range(len(parts) + 1))
