"""Scanning a lock file in TOML as uv, Poetry and PDM write it: statement by statement, for the names and versions of packages.

Lock files have thousands of lines, and their parser is written in Python. What is written in another way than these programs
write it (texts of several lines, names with dots or in single quotes, blanks before a header) is not scanned, nor is what is no
TOML: that is for the parser. What stands twice inside of braces is not noticed, since it says nothing of names and versions.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_TEXT: Final = r'"[^"\\\x00-\x1f\x7f]*+(?:\\[\\"nt][^"\\\x00-\x1f\x7f]*+)*+"'
_NAME: Final = r'(?:[A-Za-z0-9_-]++|"[^"\\\x00-\x1f\x7f]++")'
_PATH: Final = rf"{_NAME}(?:\.{_NAME})*+"
_PLAIN: Final = rf"(?:{_TEXT}|true|false|(?:0|[1-9][0-9]{{0,17}}+)(?![0-9.:_-]))"
_LISTED: Final = rf"\[(?:{_PLAIN}(?:, {_PLAIN})*+)?\]"
_IN_TABLE: Final = rf"{_NAME} = (?:{_PLAIN}|{_LISTED}|\{{ ?{_NAME} = {_PLAIN}(?:, {_NAME} = {_PLAIN})*+ ?\}})"
_TABLE: Final = rf"\{{ ?{_IN_TABLE}(?:, {_IN_TABLE})*+ ?\}}"
_ITEM: Final = rf"(?:{_TABLE}|{_PLAIN})"
_LIST: Final = rf"\[\n(?: ++{_ITEM},\n)*+\]|\[(?:{_ITEM}(?:, {_ITEM})*+)?\]"
_STATEMENT: Final = re.compile(  # the last group takes what is none, so that no other one is searched for behind it
    rf"(?:#[^\x00-\x08\x0a-\x1f\x7f]*\n|\n)*+"
    rf"(?:\[\[({_PATH})\]\]|\[({_PATH})\]|({_NAME}) = ({_PLAIN}|{_TABLE}|{_LIST}))(?:\n|\Z)|\n*+\Z|([\s\S])"
)
_SIMPLE: Final = re.compile(r'"([^"\\]*)"')
_OURSELVES: Final = re.compile(r'\{ ?"?(?:virtual|editable)"? = "\."')
_MEMBER: Final = re.compile(r'\{ ?"?(?:virtual|editable)"? = "(?!\.?")[^"\\]*" ?\}')
_MAY_BE_OURSELVES: Final = re.compile(r'\b(?:virtual|editable)"? = ')
_TOLD: Final = ("name", "version", "source")
_OF_OURSELVES: Final = frozenset({"virtual", "editable"})
_ARRAYS: Final = frozenset({"package", "packages"})


class Locked(NamedTuple):
    """A package of a lock file.

    Attributes:
        version: None where the file tells none, as of a folder.
    """

    name: str
    version: str | None


def scan_lock_packages(data: bytes) -> list[Locked] | None:
    """Scan a lock file for its packages; the project itself, which is virtual or editable, is none.

    Args:
        data: the bytes of the file.

    Returns:
        The packages in the order of the file, or None where it is not written as uv, Poetry or PDM writes it.
    """
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    scan = _Scan()
    for found in _STATEMENT.finditer(text):
        if found[5] or not scan.take(*found.groups()[:4]):
            return None
    return scan.finish()


class _Scan:
    """Takes the statements of a lock file."""

    def __init__(self) -> None:
        """Begin before the first one."""
        self._array = ""
        self._packages: list[dict[str, str]] = []
        self._package: dict[str, str] | None = None  # whose own keys follow
        self._scope = ""
        self._tables: set[str] = set()
        self._headers: set[str] = set()
        self._lists: set[str] = set()
        self._keys: set[str] = set()
        self._count = 0

    def take(self, array: str | None, header: str | None, key: str | None, value: str | None) -> bool:
        """Take one statement; say whether it is one that is understood, and TOML allows here."""
        if key and value:
            return self._take_key(key.replace('"', ""), value)
        if array in _ARRAYS:
            self._package = {}
            self._packages.append(self._package)
            self._scope = str(len(self._packages))
            self._array = self._array or array
            return array == self._array
        path = array or header
        return self._take_header(path.replace('"', ""), is_list=bool(array)) if path else True

    def _take_key(self, key: str, value: str) -> bool:
        """Take a key, which may stand once in its table."""
        path = f"{self._scope}.{key}"
        if path in self._keys or path in self._tables or (not self._scope and key in _ARRAYS):
            return False
        if key in _OF_OURSELVES and self._scope.endswith(".source"):
            return False
        self._keys.add(path)
        if self._package is not None:
            self._package[key] = value
        return True

    def _take_header(self, written: str, *, is_list: bool) -> bool:
        """Take the header of a table, which may stand once if it is in no list, and below no other value."""
        path = self._locate(written)
        parts = path.split(".")
        above = {".".join(parts[:number]) for number in range(1, len(parts))}
        if not path or not above.isdisjoint(self._keys) or not above.isdisjoint(self._lists) or path in self._keys:
            return False
        if path in self._headers or (path in self._tables if path not in self._lists else not is_list):
            return False
        self._package = None
        self._tables |= {path, *above}
        (self._lists if is_list else self._headers).add(path)
        self._count += 1
        self._scope = f"{path}#{self._count}" if is_list else path
        return True

    def _locate(self, written: str) -> str:
        """Write where a table belongs: one of a package to the last one; empty: that is not how such a file is written."""
        first, _, below = written.partition(".")
        if first not in _ARRAYS:
            return f".{written}"
        is_plain = below == "source" or below.partition(".")[0] not in _TOLD
        return f"{len(self._packages)}.{below}" if first == self._array and below and is_plain else ""

    def finish(self) -> list[Locked] | None:
        """Give the packages, if all of them are told plainly."""
        found: list[Locked] = []
        for package in self._packages:
            source = package.get("source", "")
            name, version = _SIMPLE.fullmatch(package.get("name", "")), _SIMPLE.fullmatch(package.get("version", '""'))
            is_ours = _OURSELVES.match(source) is not None
            if not name or not version or (not is_ours and _MAY_BE_OURSELVES.search(source) and not _MEMBER.match(source)):
                return None
            if not is_ours:
                found.append(Locked(name[1], version[1] if "version" in package else None))
        return found
