"""Packages: which a file of an environment names, each with its exact version, with what is allowed, or with neither."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from gitreg.core.facts import Package
from gitreg.core.problems import Problem
from gitreg.files.packages_conda import read_conda_lock, read_environment, read_mlmodel
from gitreg.files.packages_locks import read_pipfile_lock, read_toml_lock
from gitreg.files.packages_project import read_pyproject
from gitreg.files.packages_requirements import UnreadLinesError, read_requirements
from gitreg.files.unreadable import NOWHERE, Place, explain_parser

LARGEST_PACKAGES: Final = 8 << 20
"""Bytes of a file of packages that is read."""

MOST_PACKAGES: Final = 20_000
"""Packages of a file that are read."""

_LONGEST: Final = 500  # characters of a name, a version or what is allowed
_HINT: Final = "write it anew with the tool that it belongs to"
_Reader: TypeAlias = Callable[[str, bytes], Iterator[Package]]
_READERS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (re.compile(r"(?:uv|poetry|pdm)\.lock|pylock(?:\.[^.]+)?\.toml"), read_toml_lock),
    (re.compile(r"Pipfile\.lock"), read_pipfile_lock),
    (re.compile(r"conda-lock\.ya?ml"), read_conda_lock),
    (re.compile(r"(?:environment|conda)[^/]*\.ya?ml|env\.ya?ml"), read_environment),
    (re.compile(r"MLmodel"), read_mlmodel),
    (re.compile(r"pyproject\.toml"), read_pyproject),
)


def is_environment(path: str) -> bool:
    """Say whether a file is an environment of conda, which may have a list of pip in it."""
    return _find_reader(path) is read_environment


def is_project(path: str) -> bool:
    """Say whether a file is that of a project of Python."""
    return _find_reader(path) is read_pyproject


def is_requirements(path: str) -> bool:
    """Say whether a file is read as requirements."""
    return _find_reader(path) is read_requirements


def read_packages_file(path: str, data: bytes) -> tuple[tuple[Package, ...], Problem | None]:
    """Read the packages that a file names; of one that cannot be read none.

    Args:
        path: of the file, from the root of the repository; its name tells the format, and any other one is that of requirements.
        data: its bytes.

    Returns:
        The packages, and what could not be read.
    """
    read = _find_reader(path)
    if len(data) > LARGEST_PACKAGES:
        return (), _describe(path, f"it has {len(data)} bytes, more than {LARGEST_PACKAGES}")
    found: list[Package] = []
    try:
        found.extend(islice(read(path, data), MOST_PACKAGES + 1))
    except UnreadLinesError as error:  # what can be read has been
        hint = "write each line as NAME==VERSION or NAME @ ADDRESS"
        return _choose(found), Problem(code="GR401", message=error.message, file=path, line=error.place[0], hint=hint)
    except RecursionError:
        return (), _describe(path, "it is nested too deep")
    except ValueError as error:  # of JSON, of TOML, and ours
        reason, place = explain_parser(error)
        return (), _describe(path, f"it cannot be read: {reason[:200]}", place)
    packages = _choose(found)
    if not all(map(_is_sane, found)):
        return packages, _describe(path, f"what it says of a package has more than {_LONGEST} characters, so that is left out")
    if len(found) > MOST_PACKAGES:
        return packages, _describe(path, f"it names more than {MOST_PACKAGES} packages, so only the first of them are read")
    return packages, None


@lru_cache(maxsize=256)
def _find_reader(path: str) -> _Reader:
    """Choose by the name of a file what reads it."""
    name = posixpath.basename(path)
    return next((read for pattern, read in _READERS if pattern.fullmatch(name)), read_requirements)


def _choose(found: list[Package]) -> tuple[Package, ...]:
    """Take the first packages, each once."""
    return tuple(dict.fromkeys(package for package in found[:MOST_PACKAGES] if _is_sane(package)))


def _is_sane(package: Package) -> bool:
    """Say whether what is said of a package is of a length that a person writes."""
    return max(len(package.name), len(package.version or ""), len(package.specifier)) <= _LONGEST


def _describe(path: str, message: str, place: Place = NOWHERE) -> Problem:
    """Say what is wrong with a file, and where."""
    line, column = place
    return Problem(code="GR401", message=message, file=path, line=line, column=column, hint=_HINT)
