"""Included files: what a file of requirements names with ``-r``, also in the list of pip of an environment of conda.

The path is from the folder of the file that names it (https://pip.pypa.io/en/stable/reference/requirements-file-format). What is
named with ``-c`` limits versions and adds no packages, so it is not listed. A project whose dependencies are dynamic takes them
from files that setuptools is told, or from where only its build knows.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from gitreg.files.packages_conda import list_lines_of_pip
from gitreg.files.packages_file import is_environment, is_project, is_requirements
from gitreg.files.packages_project import list_dynamic
from gitreg.files.packages_requirements import LONGEST_OPTION, MOST_OPTIONS, find_project, list_requirement_lines

_LONG: Final = "--requirement"
_BEGINNINGS: Final = ("-", ".", "'", '"')
# UTF-16 has zeroes
_SIGNS: Final = (
    b"-r",
    b"-e",
    b"--",
    b"-\0",
    b"\0-",
    b"\n.",
    b"\r.",
    b"\n'",
    b'\n"',
    b"\n ",
    b"\n\t",
    b"\n\0",
)
_FIRST: Final = frozenset({b".", b"-", b"'", b'"', b" ", b"\t", b"\0", b"\xff", b"\xfe", b"\xef"})
_SHORTEST: Final = len("--requirem")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class Included(NamedTuple):
    """A file that another one includes.

    Attributes:
        line: where, from 1.
        path: from the root of the repository; empty: it is an address, or outside of the repository.
        by_build: nothing is named, and only the build of the project finds out what is included.
        is_project: `path` is the folder of a project, empty for the root, which takes along what it needs.
    """

    line: int
    path: str
    by_build: bool = False
    is_project: bool = False


def may_include(path: str) -> bool:
    """Say by its name whether a file of packages can include others."""
    return is_requirements(path) or is_environment(path) or is_project(path)


def list_included(path: str, data: bytes) -> tuple[Included, ...]:
    """List the files that a file of packages includes.

    Args:
        path: of the file, from the root of the repository; its name tells the format.
        data: its bytes.
    """
    if is_project(path):
        return _list_dynamic(posixpath.dirname(path), data)
    if data[:1] not in _FIRST and not any(sign in data for sign in _SIGNS):  # as in nearly all files
        return ()
    folder = posixpath.dirname(path)
    try:
        found = [_find_included(number, text, folder) for number, text in _list_options(path, data)]
    except (ValueError, RecursionError):  # which is told when its packages are read
        return ()
    return tuple(included for included in found if included is not None)


def _find_included(number: int, text: str, folder: str) -> Included | None:
    """Find what a line includes; a project outside of the repository is nothing that it could be read from."""
    project = find_project(text)
    if project is not None:
        path = posixpath.normpath(posixpath.join(folder, project))
        is_inside = path.split("/")[0] != ".."
        return Included(number, "" if path == "." else path, is_project=True) if is_inside else Included(number, "")
    target = _find_target(text)
    return Included(number, _resolve(folder, target)) if target else None


def _list_dynamic(folder: str, data: bytes) -> tuple[Included, ...]:
    """List what a project leaves to its build."""
    found = list_dynamic(data)
    if found is None:
        return ()
    line, files = found
    return tuple(Included(line, _resolve(folder, file)) for file in files[:MOST_OPTIONS]) or (Included(line, "", by_build=True),)


def _list_options(path: str, data: bytes) -> Iterator[tuple[int, str]]:
    """List the lines with options; what is too long, or more than the rest, is told when the packages are read."""
    lines = list_requirement_lines(data) if is_requirements(path) else list_lines_of_pip(data)
    options = ((number, text) for number, text in lines if text.startswith(_BEGINNINGS))
    return ((number, text) for number, text in islice(options, MOST_OPTIONS) if len(text) <= LONGEST_OPTION)


def _find_target(text: str) -> str:
    """Find the file that an option includes; as for pip the first one counts."""
    try:
        words = shlex.split(text)
    except ValueError:  # a quotation mark too many
        words = text.split()
    for number, word in enumerate(words):
        if word == "-r":
            return "".join(words[number + 1 : number + 2])
        option, is_given, value = word.partition("=")
        if len(option) >= _SHORTEST and _LONG.startswith(option):  # pip takes the beginning of an option for it
            return value if is_given else "".join(words[number + 1 : number + 2])
        if word.startswith("-r"):
            return word.removeprefix("-r")
    return ""


def _resolve(folder: str, target: str) -> str:
    """Write a path from the root of the repository; of an address, which may hold a password, nothing is kept."""
    if _ADDRESS.match(target):
        return ""
    path = posixpath.normpath(posixpath.join(folder, target))
    return "" if posixpath.isabs(path) or path.split("/")[0] == ".." else path
