"""Building trees: the events of a YAML parser become nodes, and what the file must not use becomes problems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from gitreg.core.problems import Problem
from gitreg.files.nodes import Faulty, Mapping, Node, Scalar, Sequence
from gitreg.files.scalars import resolve_plain, resolve_tagged, resolve_value

DEEPEST: Final = 64
"""Levels of collections in a file that is read."""

MOST_VALUES: Final = 1_000_000
"""Values of a file that is read, each alias counted as all that it stands for: a small file of aliases can stand for billions."""

_MERGE: Final = "<<"
_OF_COLLECTIONS: Final = frozenset({"!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class TooMuch(Exception):
    """A file is so deep or so full that reading stops.

    Args:
        problem: what is said of the file.
    """

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    event: Any
    is_mapping: bool
    values_before: int
    children: list[Node] = field(default_factory=list)


class TreeBuilder:
    """Takes the events of one file, in their order.

    Args:
        file: path for the problems.
        forgiving, values: see `gitreg.files.yaml.parse_yaml`.
    """

    def __init__(self, file: str, *, forgiving: bool, values: bool = False) -> None:
        """Begin with an empty file."""
        self._file = file
        self._are_values = values
        self._keys: type[object] = object if values else str
        self._resolve = resolve_value if values else resolve_plain
        self._forgiving = forgiving
        self._problems: list[Problem] = []
        self._open: list[_Open] = []
        self._documents: list[Node] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._values = 0
        self._last_end = (0, 1, 1)
        self._steps = {
            "ScalarEvent": self._add_scalar,
            "MappingStartEvent": self._add_start,
            "SequenceStartEvent": self._add_start,
            "MappingEndEvent": self._add_end,
            "SequenceEndEvent": self._add_end,
            "AliasEvent": self._add_alias,
            "DocumentStartEvent": self._add_document,
        }

    def add_all(self, events: Iterable[Any]) -> None:
        """Take the events.

        Raises:
            TooMuch: the file is too deep or too full.
        """
        steps = self._steps
        for event in events:
            step = steps.get(event.__class__.__name__)
            if step is not None:
                step(event)

    def top(self) -> Node | None:
        """Give whatever is at the top; an empty file has nothing there."""
        return self._documents[0] if self._documents else None

    def root(self) -> Mapping | None:
        """Give the mapping at the top; an empty file is an empty mapping."""
        first = self.top()
        if first is None or (isinstance(first, Scalar) and first.value is None and not first.style):
            return Mapping((), flow=False, start=0, end=0, line=1, column=1, height=1)
        if isinstance(first, Mapping):
            return first
        if not self._forgiving and not isinstance(first, Faulty):
            self._report("GR102", first, "the top level is no mapping", "write 'name:' at the beginning of a line for each entry")
        return None

    def problems(self) -> tuple[Problem, ...]:
        """Give the problems in the order of the file."""
        return tuple(sorted(self._problems, key=lambda problem: (problem.line or 0, problem.column or 0)))

    def _add_document(self, event: Any) -> None:
        """Refuse directives, and every document but the first."""
        node = _faulty(event)
        if self._documents:
            self._report("GR102", node, "a second document begins here", "delete the line '---' and keep one mapping")
        if (event.version or event.tags) and not self._forgiving:
            first = Faulty(0, 0, 1, 1)
            self._report("GR102", first, "the file begins with a YAML directive", "delete the lines that begin with '%'")

    def _add_scalar(self, event: Any) -> None:
        """Add a value to the collection that is open."""
        text, style = event.value, event.style or ""
        start, end = event.start_mark, event.end_mark
        if style:
            node = Scalar(text, style, start.index, end.index, start.line + 1, start.column + 1)
        elif text or start.index != end.index:
            node = Scalar(self._resolve(text), "", start.index, end.index, start.line + 1, start.column + 1)
        else:
            # The parsers put a value that is not there at different places; it belongs right after what came before it.
            offset, line, column = self._last_end
            node = Scalar(None, "", offset, offset, line, column)
        if node.end == end.index:
            self._last_end = (end.index, end.line + 1, end.column + 1)
        self._count(1, event)
        if event.anchor is None and event.tag is None and self._open:  # nearly always, and most of what there is to do
            self._open[-1].children.append(node)
        else:
            self._place(self._checked(node, event), event, self._values - 1)

    def _add_start(self, event: Any) -> None:
        """Open a collection."""
        if len(self._open) >= DEEPEST:
            self._stop(event, f"the file is nested more than {DEEPEST} levels deep", "write it flatter")
        self._count(1, event)
        self._open.append(_Open(event, type(event).__name__ == "MappingStartEvent", self._values - 1))
        mark = event.end_mark if event.flow_style else event.start_mark
        self._last_end = (mark.index, mark.line + 1, mark.column + 1)

    def _add_end(self, event: Any) -> None:
        """Close the collection that is open."""
        done = self._open.pop()
        start, children, flow = done.event.start_mark, done.children, bool(done.event.flow_style)
        if flow:
            mark = event.end_mark
            self._last_end = (mark.index, mark.line + 1, mark.column + 1)
        end = event.end_mark.index if flow else max([child.end for child in children], default=start.index)
        height = 1 + max([child.height for child in children], default=0)
        node: Node
        if done.is_mapping:
            pairs = self._pairs(children)
            node = Mapping(pairs, flow, start.index, end, start.line + 1, start.column + 1, height)
        else:
            node = Sequence(tuple(children), flow, start.index, end, start.line + 1, start.column + 1, height)
        self._place(self._checked(node, done.event), done.event, done.values_before)

    def _add_alias(self, event: Any) -> None:
        """Put what an alias stands for in its place, where that is allowed and not too much."""
        known = self._anchors.get(event.anchor)
        node: Node = _faulty(event)
        if not self._forgiving:
            self._report("GR102", node, f"the alias '*{event.anchor}' is not allowed", "write the value itself")
        elif known is not None:
            node, weight = known
            self._count(weight, event)
            if len(self._open) + node.height > DEEPEST:
                self._stop(event, f"the file is nested more than {DEEPEST} levels deep", "write it flatter")
        mark = event.end_mark
        self._last_end = (mark.index, mark.line + 1, mark.column + 1)
        self._place(node, None, self._values)

    def _checked(self, node: Node, event: Any) -> Node:
        """Refuse an anchor and a tag; a value with a tag means something that we do not know."""
        if self._forgiving:
            return node if event.tag is None else self._tagged(node, event)
        if event.anchor is not None:
            self._report("GR102", node, f"the anchor '&{event.anchor}' is not allowed", "write the value where it is needed")
        if event.tag is not None:
            self._report("GR102", node, f"the tag '{event.tag}' is not allowed", "write the plain value; quotes make it text")
            return Faulty(node.start, node.end, node.line, node.column)
        return node

    def _tagged(self, node: Node, event: Any) -> Node:
        """Say what a value with a tag means; of values that somebody asks for a tag that is not known must not be passed over."""
        try:
            if isinstance(node, Scalar):
                return node._replace(value=resolve_tagged(event.tag, event.value))
            is_known = event.tag in _OF_COLLECTIONS
        except ValueError:
            is_known = False
        if self._are_values and not is_known:
            self._report("GR102", node, f"nobody knows what the tag '{event.tag}' makes of this value", "write the plain value")
        return node

    def _place(self, node: Node, event: Any, values_before: int) -> None:
        """Put a node into the collection that is open, or at the top."""
        if event is not None and event.anchor is not None:
            self._anchors[event.anchor] = (node, self._values - values_before)
        (self._open[-1].children if self._open else self._documents).append(node)

    def _pairs(self, children: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        """Keep each key that is text, the first time it stands there; 1 and '1' are one name of a value."""
        found: dict[str, tuple[Scalar, Node]] = {}
        merged: list[Node] = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar) or not isinstance(key.value, self._keys):
                self._refuse_key(key)
            elif key.value == _MERGE and not key.style:
                merged.append(value)
                self._refuse_merge(key)
            elif (name := str(key.value)) in found:
                line = found[name][0].line
                hint = f"keep one of the two; the one in line {line} counts"
                self._report("GR103", key, f"the key {key.value!r} stands twice", hint)
            else:
                found[name] = (key, value)
        if merged and self._forgiving:
            _merge(found, merged)
        return tuple(found.values())

    def _refuse_key(self, key: Node) -> None:
        """Say that a key is no text."""
        if self._forgiving or isinstance(key, Faulty):
            return
        shown = repr(key.value) if isinstance(key, Scalar) else "a list or mapping"
        self._report("GR102", key, f"a key must be text, not {shown}", "write the key in quotes")

    def _refuse_merge(self, key: Node) -> None:
        """Say that a merge key is not allowed."""
        if not self._forgiving:
            self._report("GR102", key, "the merge key '<<' is not allowed", "write the fields themselves")

    def _count(self, values: int, event: Any) -> None:
        """Count values, and stop before they fill the memory."""
        self._values += values
        if self._values > MOST_VALUES:
            self._stop(
                event, f"the file holds more than {MOST_VALUES} values", "keep data out of it, and point to it with 'path'"
            )

    def _stop(self, event: Any, message: str, hint: str) -> None:
        """Give the whole file up."""
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        raise TooMuch(Problem(code="GR101", message=message, file=self._file, line=line, column=column, hint=hint))

    def _report(self, code: str, node: Node, message: str, hint: str) -> None:
        """Note a problem at a node."""
        line, column = node.line, node.column
        self._problems.append(Problem(code=code, message=message, file=self._file, line=line, column=column, hint=hint))


def _merge(found: dict[str, tuple[Scalar, Node]], merged: list[Node]) -> None:
    """Add the pairs of merged mappings whose keys do not stand there (https://yaml.org/type/merge.html)."""
    for value in merged:
        for source in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(source, Mapping):
                for key, inner in source.pairs:
                    found.setdefault(str(key.value), (key, inner))


def _faulty(event: Any) -> Faulty:
    """Mark the place of an event."""
    start = event.start_mark
    return Faulty(start.index, event.end_mark.index, start.line + 1, start.column + 1)
