"""Requirements: one package a line, as ``pip`` reads it, with its exact version or with what is allowed.

A requirement is ``NAME[EXTRAS] SPECIFIER ; MARKER`` or ``NAME @ ADDRESS``, or an address alone whose file name says both
(https://packaging.python.org/en/latest/specifications/dependency-specifiers, https://pip.pypa.io/en/stable/reference/requirements-file-format).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from gitreg.core.facts import Package
from gitreg.core.words import format_count
from gitreg.files.unreadable import UnreadableError

_NAME: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?"
_REQUIREMENT = re.compile(rf"({_NAME})\s*(?:\[[^\[\]]*\])?\s*([^A-Za-z0-9._\[-].*)?", re.DOTALL)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*([^\s,;()=<>!~]+)")
_PATH = re.compile(r"[^\s=<>!~;@/\\]*[/\\].*", re.DOTALL)
_ARCHIVE = re.compile(r"[^\s=<>!~;,\[]+\.(?:whl|zip|tgz|tbz|tar(?:\.[a-z0-9]+)?)(?:[\s;\[].*)?", re.DOTALL | re.IGNORECASE)
_PROJECT = re.compile(r"['\"]?(\.{1,2}(?:/\.\.)*)/?(?:\[[^\[\]]*\])?['\"]?(?:[\s;].*)?", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_OPTION = re.compile(r"\s--[a-z].*", re.DOTALL)
_EDITABLE = re.compile(r"(?:-e|--ed[a-z]*+)[\s=]?\s*(.*)", re.DOTALL)
_MAY_BE_EDITABLE = re.compile(r"(?:^|\s)(?:-e|--ed)")
_EGG = re.compile(rf"[#&]egg=({_NAME})")
_WHEEL = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._]{0,198}[A-Za-z0-9])?)-([0-9][^-/]*)(?:-[0-9][^-/]*)?-[^-/]+-[^-/]+-[^-/]+\.whl")
_SOURCE = re.compile(rf"({_NAME})-([0-9][^-/]*)\.(?:tar\.gz|zip)")
_EXTRAS = re.compile(r"\[[^\[\]]*\]\Z")
_SEPARATORS = re.compile(r"[-_.]+")
LONGEST_OPTION: Final = 4096
"""Characters of a line with an option, such as ``-r base.txt``, that is read."""

MOST_OPTIONS: Final = 1000
"""Lines with an option that are read of a file."""

_LONGEST_LINE: Final = 1 << 16  # characters, with those that a backslash adds: one package may have a hundred hashes
_LONGEST_KEPT: Final = 200  # characters of a line that is remembered
_LONGEST_NAME: Final = 500  # characters of the name of a wheel or an archive
_ARCHIVES: Final = (".whl", ".zip", ".tgz", ".tbz", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz")
_BYTE_ORDER_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class UnreadLinesError(UnreadableError):
    """Some lines of a file are no requirement, so it may name more packages; those that it was read for are given before."""


class UnreadLines:
    """Takes the lines of which nobody can tell what they name."""

    def __init__(self) -> None:
        """Begin with none."""
        self._count = 0
        self._line: int | None = None
        self._is_place = False

    def add(self, line: int | None, text: str = "") -> None:
        """Take a line; of its text, which may hold a password, nothing is told."""
        if not self._count:
            self._line, self._is_place = line, len(text) <= _LONGEST_LINE and _is_place(text)
        self._count += 1

    def check(self) -> None:
        """Check that there are none.

        Raises:
            UnreadLinesError: there are.
        """
        if not self._count:
            return
        what = "a requirement" if self._line is None else f"line {self._line}"
        if self._count > 1:
            what = f"{what} and {format_count(self._count - 1, 'other line')}"
        reason = "cannot be read as a requirement"
        if self._is_place:
            reason = "does not say which package it is" if self._count == 1 else "do not say which packages they are"
        raise UnreadLinesError(f"{what} {reason}, so it may name more packages", (self._line, None))


def read_requirements(path: str, data: bytes) -> Iterator[Package]:
    """Read a ``requirements.txt``: options and the project itself are left out, and so are files (`packages_included`).

    Args:
        path: of the file, from the root of the repository.
        data: its bytes; a shell of Windows writes UTF-16.

    Raises:
        UnreadLinesError: nobody can tell which packages some lines name; it is raised when all others were given.
    """
    unread = UnreadLines()
    yield from read_lines(list_requirement_lines(data), path, unread)
    unread.check()


def read_lines(lines: Iterable[tuple[int | None, str]], path: str, unread: UnreadLines) -> Iterator[Package]:
    """Read lines as pip does.

    Args:
        lines: without comments, each with its number where that is known.
        path: of the file that they stand in.
        unread: takes those of which nobody can tell which package they name.
    """
    options = 0
    for number, text in lines:
        package = parse_requirement(text, path) if text else None
        if package is not None:
            yield package
        elif text:
            options += text.startswith("-")
            if options > MOST_OPTIONS or not _names_nothing(text):
                unread.add(number, text)


def list_requirement_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """List the lines of a ``requirements.txt`` without comments, each with the number where it begins."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    for number, line in _list_lines(data.decode(encoding, "replace")):
        yield number, (_COMMENT.sub("", line) if "#" in line else line).strip()


def _list_lines(text: str) -> Iterator[tuple[int, str]]:
    """List lines, each with the number where it begins; what a backslash continues is one, and a comment never goes on."""
    begun: list[str] = []
    number = 0
    for number, line in enumerate(text.splitlines(), 1):
        is_comment = line.lstrip().startswith("#")
        begun.append(line if is_comment else line.removesuffix("\\"))
        if is_comment or not line.endswith("\\"):
            yield number - len(begun) + 1, " ".join(begun)
            begun = []
    if begun:
        yield number - len(begun) + 1, " ".join(begun)


def _names_nothing(text: str) -> bool:
    """Say whether a line that is no requirement is as it should be: an option, or the project itself."""
    if text.startswith("-") and _MAY_BE_EDITABLE.search(text, 0, LONGEST_OPTION) is None:
        return len(text) <= LONGEST_OPTION
    return find_project(text) is not None


def find_project(text: str) -> str | None:
    """Find the folder of the project that a line stands for, such as ``-e ..``; None where it stands for none."""
    editable = _EDITABLE.match(text) if text.startswith("-") else None
    place = editable[1] if editable else text
    found = _PROJECT.fullmatch(place) if len(place) <= LONGEST_OPTION else None
    return found[1] if found is not None else None


def _is_place(text: str) -> bool:
    """Say whether a line tells where a package is, and not its name: an address, a path, or the name of an archive."""
    return (
        "://" in text.partition("@")[0].partition(";")[0]
        or text.startswith(".")
        or _PATH.fullmatch(text) is not None
        or _ARCHIVE.fullmatch(text) is not None
    )


def parse_requirement(text: str, path: str) -> Package | None:
    """Read one requirement.

    Args:
        text: without a comment.
        path: of the file that it stands in.

    Returns:
        The package, or None where this is an option, or where nobody can tell which it is.
    """
    return (_recall_requirement if len(text) <= _LONGEST_KEPT else _read_requirement)(text, path)


def _read_requirement(text: str, path: str) -> Package | None:
    """Read one requirement that nobody remembers."""
    match = _REQUIREMENT.fullmatch(text) if len(text) <= _LONGEST_LINE else None
    if match is not None and not match[1].lower().endswith(_ARCHIVES):
        rest = _OPTION.sub("", match[2] or "").strip()
        specifier = rest.partition(";")[0].strip().removeprefix("(").removesuffix(")").strip()
        if is_specifier(specifier):
            return make_package(match[1], specifier, path)
        if rest.startswith("@"):
            named = _parse_address(rest[1:].strip(), path)
            return Package(name=normalize_name(match[1]), version=named.version if named else None, file=path)
    if len(text) > _LONGEST_LINE:
        return None
    editable = _EDITABLE.match(text)
    return _parse_address(editable[1] if editable else text, path) if editable or _is_place(text) else None


_recall_requirement = lru_cache(maxsize=4096)(_read_requirement)  # most lines stay as they are from version to version


def make_package(name: str, specifier: str, path: str) -> Package:
    """Make a package of what is allowed of it; what allows a single version names it."""
    clauses = _CLAUSE.findall(specifier)
    for operator, version in clauses:
        if operator == "===" or (operator == "==" and not version.endswith("*")):
            return Package(name=normalize_name(name), version=version, file=path)
    return Package(name=normalize_name(name), version=None, specifier=",".join("".join(clause) for clause in clauses), file=path)


def is_specifier(text: str) -> bool:
    """Say whether a text is a list of clauses such as ``>=2,<3``; an empty one is."""
    return all(_CLAUSE.fullmatch(clause.strip()) for clause in text.split(",") if clause.strip())


def normalize_name(name: str) -> str:
    """Write a name as PyPI compares names."""
    return _SEPARATORS.sub("-", name).lower()


def _parse_address(address: str, path: str) -> Package | None:
    """Find out what is at an address or a path by the file name of a wheel or an archive; the address itself is not kept."""
    egg = _EGG.search(address)
    file = posixpath.basename(unquote(re.split("[?#; ]", address, maxsplit=1)[0]).replace("\\", "/"))
    file = _EXTRAS.sub("", file) if len(file) <= _LONGEST_NAME else ""
    match = _WHEEL.fullmatch(file) or _SOURCE.fullmatch(file)
    if match is not None:
        return Package(name=normalize_name(match[1]), version=match[2], file=path)
    return Package(name=normalize_name(egg[1]), version=None, file=path) if egg else None
