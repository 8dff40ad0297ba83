"""What is deployed, as a small file says it: a mapping of mappings, or a list; YAML, and so JSON too.

::

    churn:                        - artifact: churn
      prod: v1.2.0                  stage: prod
      staging: null                 version: v1.2.0

A version is a text such as ``v1.2.0``, the full id of a commit where a bare commit is deployed, or null for nothing. The file is
believed wholly or not at all: of half of it a deployment would be removed that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from difflib import get_close_matches
from typing import Final

from gitreg.core.names import is_artifact, is_name
from gitreg.core.problems import format_cause
from gitreg.core.reconciliation import Place, check_deployed
from gitreg.errors import SyntaxFault, UsageFault
from gitreg.files.nodes import Mapping, Node, Scalar, Sequence
from gitreg.files.values import TEXT, Wrong, take_pairs, take_text
from gitreg.files.yaml import LARGEST, parse_node

_KEYS: Final = ("artifact", "stage", "version")
_SHAPE: Final = "write {churn: {prod: v1.2.0}}, or a list of {artifact: churn, stage: prod, version: v1.2.0}"
_NOTHING: Final = "if nothing is deployed, write {}; an empty answer is more often that of a command that failed"
_IN_FULL: Final = 60  # characters of a text that is shown


def read_deployed(data: bytes, file: str) -> dict[Place, str | None]:
    """Read what is deployed.

    Args:
        data: the bytes of the file.
        file: what it is called in sentences.

    Returns:
        For each stage of an artifact a version, the full id of a commit, or None.

    Raises:
        UsageFault: something in it is wrong; it says where.
    """
    if len(data) > LARGEST:
        raise UsageFault(f"{file} has more than {LARGEST} bytes", hint="name only what is deployed now")
    top, problems = parse_node(data, file)
    for problem in problems:
        raise UsageFault(format_cause(problem), hint=problem.hint or _SHAPE)
    if top is None or (isinstance(top, Scalar) and top.value is None):
        raise UsageFault(f"{file} is empty, so nobody knows what is deployed", hint=_NOTHING)
    try:
        return _collect(top)
    except Wrong as error:
        message = f"{error.expected} is expected here, not {error.found}"
        raise _fault(error.node, file, message, _advise(error)) from error
    except _Misnamed as error:
        raise _fault(error.node, file, str(error), error.hint) from error


def check_deployed_mapping(deployed: MappingOf[str, MappingOf[str, str | None]]) -> dict[Place, str | None]:
    """Hold a mapping of mappings against the same rules.

    Raises:
        UsageFault: something in it is wrong.
    """
    found = {Place(artifact, stage): version for artifact, stages in deployed.items() for stage, version in stages.items()}
    for place, version in found.items():
        for what, name, is_right in (("artifact", place.artifact, is_artifact), ("stage", place.stage, is_name)):
            if not is_right(name):
                raise UsageFault(f"{name[:_IN_FULL]!r} is no name of {_article(what)}", hint=_SHAPE)
        if version is not None:
            check_deployed(version)
    return found


class _Misnamed(Exception):
    """A text is no name, no version and no commit.

    Args:
        node: where it stands.
        message: what is wrong with it.
        hint: what helps.
    """

    def __init__(self, node: Node, message: str, hint: str) -> None:
        """Keep the place."""
        super().__init__(message)
        self.node = node
        self.hint = hint


def _collect(top: Node) -> dict[Place, str | None]:
    """Read either shape, each place once.

    Raises:
        Wrong: a value has the wrong type, or a place stands there twice.
    """
    found: dict[Place, str | None] = {}
    lines: dict[Place, int] = {}
    for place, version, node in _list_items(top):
        if place in found:
            again = f"a second one for '{place.artifact}#{place.stage}' (line {lines[place]})"
            raise Wrong(node, "one version for each stage", again)
        found[place], lines[place] = version, node.line
    return found


def _list_items(top: Node) -> Iterator[tuple[Place, str | None, Node]]:
    """Read either shape: place, version, and where it stands."""
    if isinstance(top, Mapping):
        for name, stages in top.pairs:
            artifact = _read_name(name, "artifact", is_artifact)
            for stage, version in take_pairs(stages, "a mapping from stage to version"):
                yield Place(artifact, _read_name(stage, "stage", is_name)), _read_version(version), stage
    elif isinstance(top, Sequence):
        for item in top.items:
            yield _read_item(item)
    else:
        raise Wrong(top, "a mapping of artifacts, or a list")


def _read_item(item: Node) -> tuple[Place, str | None, Node]:
    """Read one item of a list."""
    expected = "a mapping with artifact, stage and version"
    values: dict[str, Node] = {}
    for key, value in take_pairs(item, expected):
        if key.value not in _KEYS:
            close = get_close_matches(str(key.value), _KEYS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else _SHAPE
            raise _Misnamed(key, f"the key {_shorten(str(key.value))!r} is unknown", hint)
        values[str(key.value)] = value
    for key_name in _KEYS:
        if key_name not in values:
            raise Wrong(item, expected, f"one without {key_name!r}")
    artifact = _read_name(values["artifact"], "artifact", is_artifact)
    place = Place(artifact, _read_name(values["stage"], "stage", is_name))
    return place, _read_version(values["version"]), item


def _read_name(node: Node, what: str, is_right: Callable[[str], bool]) -> str:
    """Read the name of an artifact or a stage."""
    text = take_text(node)
    if not is_right(text):
        other = text.replace("=", ":", 1)
        hint = f"write {other!r}" if what == "artifact" and is_artifact(other) else _SHAPE
        raise _Misnamed(node, f"{_shorten(text)!r} is no name of {_article(what)}", hint)
    return text


def _read_version(node: Node) -> str | None:
    """Read a version, the id of a commit, or nothing."""
    if isinstance(node, Scalar) and node.value is None:
        return None
    text = take_text(node)
    try:
        check_deployed(text)
    except SyntaxFault as error:
        raise _Misnamed(node, f"{_shorten(text)!r} is no version and no id of a commit", error.hint) from error
    return text


def _article(what: str) -> str:
    """Put the article before a word."""
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _advise(error: Wrong) -> str:
    """Say what helps with a value of the wrong type."""
    return "write the value in quotes" if error.expected == TEXT and isinstance(error.node, Scalar) else _SHAPE


def _shorten(text: str) -> str:
    """Cut a text that nobody would read."""
    return text if len(text) <= _IN_FULL else f"{text[:_IN_FULL]}..."


def _fault(node: Node, file: str, message: str, hint: str) -> UsageFault:
    """Say what is wrong at a node."""
    return UsageFault(f"{file}:{node.line}:{node.column}: {message}", hint=hint)
