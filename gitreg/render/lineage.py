"""Where a version comes from, as a tree that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gitreg.core.lineage import CodeCommit, Containment, Edge, Lineage, Node, NodeKind
from gitreg.core.pipelines import Table as Values
from gitreg.core.pipelines import Value
from gitreg.core.value_texts import format_value
from gitreg.core.words import format_count
from gitreg.render.blocks import Block, Column, Fields, Fit, Lines, Table
from gitreg.render.text import escape, format_commit, format_day, format_size, format_target

_DEEPEST: Final = 40  # levels that are drawn
_MOST_SHOWN: Final = 10  # commits; JSON has more
_MOST_VALUES: Final = 8  # parameters on one line
_MOST_PACKAGES: Final = 12
_MOST_CODE: Final = 6  # paths that are named
_LONGEST_COMMAND: Final = 300  # characters
_SHORT_HASH: Final = 8  # digits

_WORDS: Final[Mapping[str, str]] = {
    "made-by": "made by",
    "reads": "reads",
    "imported-from": "imported from",
    "based-on": "based on",
    "same-bytes": "same bytes as",
    "run": "run",
}
_REVERSED: Final[Mapping[str, str]] = {"same-bytes": "read by the pipeline of", "based-on": "base of"}


def render_lineage(lineage: Lineage, *, branches: bool) -> tuple[Block, ...]:
    """Show where a version comes from, or what was made from it.

    Args:
        lineage: what was found.
        branches: whether to draw the branches of the tree; without, lines are indented.
    """
    blocks: list[Block] = [Lines(tuple(_draw(lineage, branches=branches)), fold=True)]
    if lineage.reverse:
        return tuple(blocks)
    pairs = (
        ("registered", _describe_registration(lineage)),
        ("metrics", _format_table(lineage.metrics)),
        ("packages", _format_packages(lineage)),
        ("changes", _describe_commits(lineage)),
        ("people", ", ".join(f"{escape(name)} ({count})" for name, count in lineage.people)),
    )
    if any(value for _, value in pairs):
        blocks.append(Fields(pairs, fold=True))
    if lineage.commits:
        blocks.append(_commit_table(lineage.commits[:_MOST_SHOWN]))
    return tuple(blocks)


def describe_containment(found: Containment) -> str:
    """Say in one sentence whether a commit is in the history of what was asked about."""
    commit = f"commit {format_commit(found.commit)}" + (f" ({escape(found.subject)})" if found.subject else "")
    if found.target is None:
        return f"{commit} is in {f'{found.artifact} since {found.first}' if found.first else f'no version of {found.artifact}'}"
    target = format_target(found.artifact, found.version, found.target)
    held = f", which holds {found.stage}" if found.stage else ""
    return f"{commit} is {'' if found.contained else 'not '}in {target}{held}"


def describe_first(found: Containment) -> str:
    """Say which version had the commit first, and how many have it."""
    if found.first is None or found.first_at is None:
        return f"no version of {found.artifact} has it in its history"
    count = len(found.versions)
    rank = "the only version that has" if count == 1 else f"the first of {count} versions that have"
    return f"{found.first}, registered on {format_day(found.first_at)}, is {rank} it"


def _draw(lineage: Lineage, *, branches: bool) -> Iterator[str]:
    """Draw the tree from the root, without recursion: a pipeline may be longer than Python's stack is deep."""
    nodes = {node.id: node for node in lineage.nodes}
    below: dict[str, list[tuple[str, str]]] = {}
    for edge in lineage.edges:
        source, target, word = _turn(edge, reverse=lineage.reverse)
        below.setdefault(source, []).append((word, target))
    shown: set[str] = set()
    waiting: list[tuple[str, str, str, int]] = [("", "", lineage.root, 0)]
    while waiting:
        prefix, word, name, depth = waiting.pop()
        children = below.get(name, [])
        is_again = name in shown and bool(children)
        shown.add(name)
        yield f"{prefix}{f'{word} ' if word else ''}{_describe(nodes[name])}{' (see above)' if is_again else ''}"
        indent = _continue(prefix, branches=branches)
        if is_again:
            continue
        if depth == _DEEPEST and children:
            yield f"{indent}  ... and what lies deeper: --json"
            continue
        for number, (kind, target) in enumerate(reversed(children)):
            sign = ("└─ " if number == 0 else "├─ ") if branches else "  "
            waiting.append((indent + sign, kind, target, depth + 1))


def _turn(edge: Edge, *, reverse: bool) -> tuple[str, str, str]:
    """Say of an arrow where it is drawn from, where to, and what is written on it."""
    if reverse:
        return edge.target, edge.source, _REVERSED.get(edge.kind, edge.kind)
    return edge.source, edge.target, _WORDS.get(edge.kind, edge.kind)


def _continue(prefix: str, *, branches: bool) -> str:
    """Write what stands before the lines below a line."""
    if not branches:
        return prefix
    return prefix.replace("├─ ", "│  ").replace("└─ ", "   ")


def _describe(node: Node) -> str:
    """Say what a node is, on one line."""
    facts = node.facts
    label = escape(node.label)
    match node.kind:
        case NodeKind.VERSION:
            state = "deregistered" if facts.get("active") is False else ""
            details = [format_commit(str(facts["commit"])), state, facts.get("path"), *_bytes_of(facts)]
        case NodeKind.STAGE:
            command = escape(_cut(" && ".join(str(facts["command"] or "").splitlines()), _LONGEST_COMMAND))
            place = f"{label} ({escape(str(facts['file']))})"
            return f"{place}: {command}" if command else place
        case NodeKind.PARAMS:
            details = [_format_values(facts)]
        case NodeKind.RUN:
            details = [facts.get("tool"), facts.get("relation"), facts.get("url")]
        case NodeKind.CODE | NodeKind.DATA | NodeKind.IMPORT:
            details = [node.kind.value, *_bytes_of(facts)]
        case _:
            details = [*_bytes_of(facts)]
    told = ", ".join(escape(str(detail)) for detail in details if detail)
    return f"{label}  {told}" if told else label


def _bytes_of(facts: Mapping[str, Value]) -> list[str]:
    """Say how large something is, and which bytes it has."""
    size, files, hash_ = facts.get("size"), facts.get("files"), facts.get("hash")
    algorithm, _, digits = str(hash_ or "").partition(":")
    return [
        format_size(size) if isinstance(size, int) else "",
        format_count(files, "file") if isinstance(files, int) else "",
        f"{algorithm}:{digits[:_SHORT_HASH]}" if hash_ else "",
    ]


def _format_values(values: Mapping[str, Value]) -> str:
    """Write values on one line."""
    told = [f"{name}={format_value(value)}" for name, value in list(values.items())[:_MOST_VALUES]]
    return ", ".join(told) + (f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else "")


def _cut(text: str, most: int) -> str:
    """Cut a text that nobody would read to its end; JSON has all of it."""
    return text if len(text) <= most else f"{text[:most]}..."


def _format_table(table: Values) -> str:
    """Write the values of files, a line for each file."""
    return "\n".join(f"{escape(file)}: {escape(_format_values(values))}" for file, values in table.items())


def _format_packages(lineage: Lineage) -> str:
    """Write packages with the files that name them."""
    files: dict[str, list[str]] = {}
    for package in lineage.packages:
        exact = f"{package.name} {package.version}" if package.version else f"{package.name}{package.specifier}"
        files.setdefault(package.file, []).append(exact)
    lines = []
    for file, packages in files.items():
        more = f" and {len(packages) - _MOST_PACKAGES} more" if len(packages) > _MOST_PACKAGES else ""
        lines.append(escape(f"{file}: {', '.join(packages[:_MOST_PACKAGES])}{more}"))
    return "\n".join(lines)


def _describe_registration(lineage: Lineage) -> str:
    """Say when a version was registered, and by whom."""
    if lineage.registered_at is None:
        return ""
    return f"{format_day(lineage.registered_at)} by {escape(f'{lineage.registered_by} <{lineage.registered_by_email}>')}"


def _describe_commits(lineage: Lineage) -> str:
    """Say how many commits there are since the version before."""
    since = f"since {lineage.previous}" if lineage.previous else "from the beginning"
    code = ", ".join(escape(path) for path in lineage.code)
    if len(lineage.code) > _MOST_CODE:
        code = f"{len(lineage.code)} files and folders of code"
    where = f" in {code}" if code else ""
    if lineage.commits_total is None:
        return f"the commits {since} are not known"
    return f"{format_count(lineage.commits_total, 'commit')} {since}{where}"


def _commit_table(commits: tuple[CodeCommit, ...]) -> Table:
    """List commits."""
    columns = (Column("commit"), Column("date"), Column("author", Fit.CUT), Column("files"), Column("subject", Fit.CUT))
    rows = tuple(
        (
            format_commit(found.commit),
            format_day(found.at),
            found.author,
            "" if found.files is None else str(found.files),
            found.subject,
        )
        for found in commits
    )
    return Table(columns=columns, rows=rows)
