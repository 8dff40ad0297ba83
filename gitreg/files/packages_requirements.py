"""Requirements: one package a line, as ``pip`` reads it, with its exact version or with what is allowed.

A requirement is ``NAME[EXTRAS] SPECIFIER ; MARKER`` or ``NAME @ ADDRESS``, or an address alone whose file name says both
(https://packaging.python.org/en/latest/specifications/dependency-specifiers, https://pip.pypa.io/en/stable/reference/requirements-file-format).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from gitreg.core.facts import Package
from gitreg.core.words import format_count
from gitreg.files.unreadable import UnreadableError

_NAME: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?"
_REQUIREMENT = re.compile(rf"({_NAME})\s*(?:\[[^\[\]]*\])?\s*([^A-Za-z0-9._\[-].*)?", re.DOTALL)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*([^\s,;()=<>!~]+)")
_PATH = re.compile(r"[^\s=<>!~;/\\]*[/\\\\][^=<>!~]*")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_OPTION = re.compile(r"\s--[a-z].*", re.DOTALL)
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]\s*(.*)")
_EGG = re.compile(rf"[#&]egg=({_NAME})")
_WHEEL = re.compile(rf"({_NAME})-([0-9][^-/]*)(?:-[0-9][^-/]*)?-[^-/]+-[^-/]+-[^-/]+\.whl")
_SOURCE = re.compile(rf"({_NAME})-([0-9][^-/]*)\.(?:tar\.gz|zip)")
_SEPARATORS = re.compile(r"[-_.]+")
_BYTE_ORDER_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class UnreadLinesError(UnreadableError):
    """Some lines of a file are no requirement, so it may name more packages; those that it was read for are given before."""


def read_requirements(path: str, data: bytes) -> Iterator[Package]:
    """Read a ``requirements.txt``: options and folders that it names are left out, and so are files (`packages_included`).

    Args:
        path: of the file, from the root of the repository.
        data: its bytes; a shell of Windows writes UTF-16.

    Raises:
        UnreadLinesError: lines are no requirement; it is raised when all others were given.
    """
    unread: list[int] = []
    for number, text in list_requirement_lines(data):
        package = parse_requirement(text, path)
        if package is not None:
            yield package
        elif not _names_nothing(text):
            unread.append(number)
    if unread:
        more = f" and {format_count(len(unread) - 1, 'other line')}" if len(unread) > 1 else ""
        message = f"line {unread[0]}{more} cannot be read as a requirement, so it may name more packages"
        raise UnreadLinesError(message, (unread[0], None))


def list_requirement_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """List the lines of a ``requirements.txt`` without comments, each with the number where it begins."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    for number, line in _list_lines(data.decode(encoding, "replace")):
        yield number, _COMMENT.sub("", line).strip()


def _list_lines(text: str) -> Iterator[tuple[int, str]]:
    """List lines, each with the number where it begins; what a backslash continues is one."""
    begun: list[str] = []
    number = 0
    for number, line in enumerate(text.splitlines(), 1):
        begun.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield number - len(begun) + 1, " ".join(begun)
            begun = []
    if begun:
        yield number - len(begun) + 1, " ".join(begun)


def _names_nothing(text: str) -> bool:
    """Say whether a line that is no requirement is as it should be: empty, an option, a path or an address without a name."""
    return not text or text.startswith(("-", ".")) or "://" in text or _PATH.fullmatch(text) is not None


def parse_requirement(text: str, path: str) -> Package | None:
    """Read one requirement.

    Args:
        text: without a comment.
        path: of the file that it stands in.

    Returns:
        The package, or None where this is an option, or names none.
    """
    editable = _EDITABLE.match(text)
    if editable is not None or "://" in text.partition("@")[0].partition(";")[0]:
        return _parse_address(editable[1] if editable else text, path)
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        return None
    rest = _OPTION.sub("", match[2] or "").strip()
    if rest.startswith("@"):
        named = _parse_address(rest[1:].strip(), path)
        return Package(name=normalize_name(match[1]), version=named.version if named else None, file=path)
    specifier = rest.partition(";")[0].strip().removeprefix("(").removesuffix(")").strip()
    return make_package(match[1], specifier, path) if is_specifier(specifier) else None


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
    """Find out what is at an address: the file name of a wheel or an archive says it; the address itself is not kept."""
    egg = _EGG.search(address)
    file = posixpath.basename(unquote(re.split("[?#; ]", address, maxsplit=1)[0]))
    match = _WHEEL.fullmatch(file) or _SOURCE.fullmatch(file)
    if match is not None:
        return Package(name=normalize_name(match[1]), version=match[2], file=path)
    return Package(name=normalize_name(egg[1]), version=None, file=path) if egg else None
