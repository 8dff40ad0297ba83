"""A model card as Markdown: inert, whatever the repository holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from shlex import quote
from typing import Final

from gitreg.core.compared import Kind, Trend, ValueRow
from gitreg.core.drift import STALE
from gitreg.core.facts import Package, merge_values
from gitreg.core.model_cards import ModelCard, Signature, list_signatures
from gitreg.core.pipelines import Material, Stage
from gitreg.core.problems import Problem
from gitreg.core.value_texts import format_delta, format_value, format_values
from gitreg.core.words import format_count
from gitreg.render.markdown import escape_markdown, format_markdown_table, quote_markdown
from gitreg.render.text import escape, format_day, format_size

_MOST: Final = 200  # rows of a table
_LONGEST: Final = 300  # characters of a value
_LONGEST_TEXT: Final = 20_000  # characters of a description
_LISTING: Final = re.compile(r"([0-9]{1,9})([.)])(?= |$)|([-+*])(?= |$|[-+* ]+$)")
_WHEN: Final = "When, by whom, and what it was made from:"
_NAMES: Final = {Trend.BETTER: "better", Trend.WORSE: "worse"}


def render_card(card: ModelCard, front_matter: str) -> str:
    """Write a card.

    Args:
        card: what is known.
        front_matter: YAML between lines of dashes, each with a line end; or nothing.
    """
    return front_matter + "\n" * bool(front_matter) + "\n".join(_write_parts(card))


def _write_parts(card: ModelCard) -> Iterator[str]:
    """Write the sections, one after the other."""
    title = f"{card.artifact} {card.version.version}" if card.version else f"{card.artifact} {card.commit[:7]}"
    yield f"# {escape_markdown(title)}\n"
    if card.deprecated:
        yield f"**{_quote(card.artifact)} is deprecated: it is no longer of use.**\n"
    if card.entry is not None and card.entry.description:
        yield f"{_write_text(card.entry.description)}\n"
    yield "## Version\n"
    yield _write_fields(card)
    if card.metrics:
        yield "## Metrics\n"
        yield _write_metrics(card)
    yield from _write_training(card)
    if card.stages:
        yield "## How it was made\n"
        yield "".join(_write_stage(number, stage) for number, stage in enumerate(card.stages[:_MOST], 1))
        yield from _say_more(len(card.stages), "pipeline stage")
    yield from _write_environment(card)
    yield from _write_signatures(card)
    people = list(_list_people(card))
    if people:
        yield "## People\n"
        yield format_markdown_table(("who", "what"), people)
    stale = [problem for problem in card.problems if problem.code == STALE]
    unread = [problem for problem in card.problems if problem.code != STALE]
    for title, problems in (("Not run again", stale), ("Not read", unread)):
        if problems:
            yield f"## {title}\n"
            yield "".join(f"- {_quote(_describe(problem))}\n" for problem in problems[:_MOST])
    yield "## How to get it\n"
    yield _write_commands(card)


def _write_fields(card: ModelCard) -> str:
    """Write what the version is and where it runs."""
    entry, pointer, version = card.entry, card.facts.pointer, card.version
    size = format_size(pointer.size) if pointer is not None and pointer.size is not None else ""
    pairs = [
        ("type", entry.type if entry else None),
        ("task", entry.task if entry else None),
        ("framework", entry.framework if entry else None),
        ("license", entry.license if entry else None),
        ("made from", entry.base if entry else None),
        ("homepage", entry.homepage if entry else None),
        ("labels", ", ".join(entry.labels) if entry else None),
        ("registered", format_day(version.registered_at) if version else None),
        ("deregistered", "yes" if version is not None and not version.active else None),
        ("deprecated", "yes" if card.deprecated else None),
        ("commit", card.commit),
        ("tag", version.tag if version else None),
        ("file", pointer.path if pointer else None),
        ("size", size),
        ("hash", pointer.hash if pointer else None),
        ("stages", ", ".join(f"{held.stage} (since {format_day(held.assigned_at)})" for held in card.held) or "none"),
    ]
    return format_markdown_table(("", ""), [(name, _quote(value)) for name, value in pairs if value])


def _write_metrics(card: ModelCard) -> str:
    """Write metrics, next to those of the version before."""
    rows = [_write_metric(row, with_previous=card.previous is not None) for row in card.metrics[:_MOST]]
    titles = ("metric", "value", *((escape_markdown(card.previous.version), "change") if card.previous else ()), "better is")
    return format_markdown_table(titles, rows) + "".join(f"\n{text}" for text in _say_more(len(card.metrics), "metric"))


def _write_metric(row: ValueRow, *, with_previous: bool) -> list[str]:
    """Write a row of metrics."""
    texts = format_values(row.values)
    is_lost = with_previous and row.kinds[-1] is Kind.UNKNOWN  # it may be in a file that could not be read
    cells = [_quote(row.label), _quote(texts[-1] or "?" * is_lost)]
    if with_previous:
        cells += [_quote(texts[0] or "?" * is_lost), "unchanged" if row.kinds[-1] is Kind.SAME else _write_change(row)]
    return [*cells, _quote(row.goal or "")]


def _write_change(row: ValueRow) -> str:
    """Write how far a metric is from what it was, and whether that is better; nobody may know."""
    if row.kinds[-1] is Kind.UNKNOWN:
        return "not known"
    trend = _NAMES.get(row.trends[-1] or Trend.UNKNOWN, "")
    return ", ".join(text for text in (_quote(format_delta(row.deltas[-1])), trend) if text)


def _write_training(card: ModelCard) -> Iterator[str]:
    """Write data and parameters."""
    if card.facts.data:
        yield "## Training data\n"
        yield format_markdown_table(("data", "hash", "size"), [_write_data(found) for found in card.facts.data[:_MOST]])
        yield from _say_more(len(card.facts.data), "file or folder", "files and folders")
    values = merge_values(card.facts.params)
    if values:
        yield "## Parameters\n"
        rows = [(_quote(name), _quote(format_value(value))) for name, value in list(values.items())[:_MOST]]
        yield format_markdown_table(("parameter", "value"), rows)
        yield from _say_more(len(values), "parameter")


def _write_data(found: Material) -> tuple[str, str, str]:
    """Write a row of data."""
    size = format_size(found.size) if found.size is not None else ""
    files = f" ({format_count(found.files, 'file')})" if found.files is not None else ""
    return _quote(found.path), _quote(found.hash or ""), size + files


def _write_stage(number: int, stage: Stage) -> str:
    """Write a pipeline stage as an item of a list."""
    commands = [f"   - runs {_quote(command)}\n" for command in stage.commands[:_MOST]]
    reads = ", ".join(_quote(dep.path) for dep in stage.deps[:_MOST])
    makes = ", ".join(_quote(out.path) for out in stage.outs[:_MOST])
    lists = [f"   - {verb} {paths}\n" for verb, paths in (("reads", reads), ("makes", makes)) if paths]
    return f"{number}. {_quote(stage.name)} of {_quote(stage.file)}\n{''.join([*commands, *lists])}"


def _write_environment(card: ModelCard) -> Iterator[str]:
    """Write the packages."""
    packages = card.facts.packages
    if packages:
        yield "## Environment\n"
        rows = [(_quote(found.name), _write_version(found), _quote(found.file)) for found in packages[:_MOST]]
        yield format_markdown_table(("package", "version", "file"), rows)
        yield from _say_more(len(packages), "package")


def _write_version(package: Package) -> str:
    """Write the version of a package, or what its file allows."""
    return _quote(package.version) if package.version else f"{_quote(package.specifier or 'any')}, not pinned"


def _write_signatures(card: ModelCard) -> Iterator[str]:
    """Write inputs and outputs."""
    sides: list[tuple[str, tuple[Signature, ...]]] = [(side, list_signatures(card.entry, side)) for side in ("inputs", "outputs")]
    if any(found for _, found in sides):
        yield "## Inputs and outputs\n"
        rows = [
            (side.removesuffix("s"), _quote(one.name), _quote(one.type), _quote(one.shape))
            for side, found in sides
            for one in found[:_MOST]
        ]
        yield format_markdown_table(("", "name", "type", "shape"), rows)


def _list_people(card: ModelCard) -> Iterator[tuple[str, str]]:
    """List people; addresses are nobody's business who reads a card."""
    if card.entry is not None and card.entry.owner:
        yield _quote(card.entry.owner), "owns it"
    if card.version is not None:
        yield _quote(card.version.author), "registered it"
    for held in card.held:
        yield _quote(held.author), f"assigned it to {_quote(held.stage)}"


def _write_commands(card: ModelCard) -> str:
    """Write the commands that bring it; of a version that was withdrawn, those that say what it was."""
    if card.version is None:
        return f"Check out commit {quote_markdown(card.commit)}.\n"
    selector = quote(f"{card.artifact}@{card.version.version}")
    place = f" --repo {quote(card.address)}" if card.address is not None and card.address.isprintable() else ""
    commands, said = ("get", "trace"), ""
    if not card.version.active:
        commands = ("history", "trace")
        said = f"{_quote(card.version.version)} was withdrawn, so it is not fetched any more. {_WHEN}\n\n"
    lines = "".join(f"$ gitreg {command} {selector}{place}\n" for command in commands)
    return f"{said}```console\n{lines}```\n"


def _write_text(text: str) -> str:
    """Write a text of several lines as the text that it is: no heading, no list, no rule."""
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
    lines = (escape(line).strip() for line in cut.splitlines())
    return "\n".join(_write_line(line) for line in lines).strip("\n")


def _write_line(line: str) -> str:
    """Write a line so that it is none of a list; two spaces at the end break it."""
    listing = _LISTING.match(line)
    if listing is None:
        return f"{escape_markdown(line)}  " if line else ""
    digits, sign = listing[1] or "", listing[2] or listing[3]
    return f"{digits}&#{ord(sign)};{escape_markdown(line[listing.end() :])}  "


def _describe(problem: Problem) -> str:
    """Say what could not be read."""
    return f"{problem.file}: {problem.message}" if problem.file else problem.message


def _say_more(count: int, noun: str, plural: str = "") -> Iterable[str]:
    """Say how many are not listed."""
    return [f"... and {format_count(count - _MOST, noun, plural)} more.\n"] if count > _MOST else []


def _quote(text: str | None) -> str:
    """Write a value as code, and not more of it than anybody reads."""
    text = text or ""
    return quote_markdown(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")
