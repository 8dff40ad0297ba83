"""How to make a version again: for a person as Markdown, and for a program as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from shlex import quote
from typing import Final

from gitreg.core.facts import Package, merge_values
from gitreg.core.pipelines import Material, Stage, Table, Value
from gitreg.core.problems import format_cause
from gitreg.core.reproduction import Input, Reproduced, Reproduction, Whereabouts
from gitreg.core.value_texts import format_value
from gitreg.core.words import format_count
from gitreg.render.json_values import Shape, shape_plain, shape_problem
from gitreg.render.markdown import format_markdown_table, quote_markdown
from gitreg.render.text import escape, format_commit, format_size, format_target

_MOST: Final = 500  # rows of a table
_LONGEST: Final = 500  # characters of a command that is told in a line
_MOST_BITS: Final = 10_000  # of a number that is written in full
_FENCE: Final = re.compile("`{3,}")
_PLACES: Final = {
    Whereabouts.FETCHED: "fetched and checked",
    Whereabouts.GIT: "in git",
    Whereabouts.LEFT: "not fetched",
    Whereabouts.ELSEWHERE: "read where it is",
    Whereabouts.MISSING: "not known",
}


def render_reproduction(made: Reproduction) -> str:
    """Write what to do."""
    return "\n".join(_write_parts(made))


def describe_reproduced(reproduced: Reproduced) -> str:
    """Say what was made, in one line."""
    made = reproduced.reproduction
    target = format_target(made.artifact, made.version, made.commit)
    at = f" at {format_commit(made.commit)}" if made.version is not None else ""
    fetched = [one for one in made.inputs if one.place is Whereabouts.FETCHED]
    size = sum(one.size or 0 for one in fetched)
    data = (
        f" with {format_count(len(fetched), 'file or folder', 'files and folders')} of data, {format_size(size)}"
        if fetched
        else ""
    )
    return f"Checked out {target}{at} to {reproduced.folder}{data}"


def advise_reproduced(reproduced: Reproduced) -> str:
    """Say what to do next."""
    run = " && ".join([f"cd {quote(reproduced.folder)}", *reproduced.reproduction.run])
    can_be_read = reproduced.reproduction.run and len(run) <= _LONGEST
    return f"read {reproduced.guide} first, then: {run}" if can_be_read else f"read {reproduced.guide}"


def shape_reproduction(made: Reproduction) -> Shape:
    """Shape what is needed to make a version again."""
    return {
        "artifact": made.artifact,
        "version": made.version,
        "commit": made.commit,
        "origin": made.origin,
        "path": made.path,
        "hash": made.hash,
        "size": made.size,
        "stages": [_shape_stage(stage) for stage in made.stages],
        "inputs": [_shape_input(one) for one in made.inputs],
        "packages": [_shape_package(package) for package in made.packages],
        "params": _shape_table(made.params),
        "restore": [
            {"file": one.file, "name": one.name, "value": shape_plain(one.run), "written": shape_plain(one.written)}
            for one in made.restore
        ],
        "metrics": _shape_table(made.metrics),
        "prepare": list(made.prepare),
        "run": list(made.run),
        "check": list(made.check),
        "notes": list(made.notes),
        "problems": [shape_problem(problem) for problem in made.problems],
    }


def shape_reproduced(reproduced: Reproduced) -> Shape:
    """Shape what `reproduce` answers."""
    return {**shape_reproduction(reproduced.reproduction), "folder": reproduced.folder, "guide": reproduced.guide}


def _shape_stage(stage: Stage) -> Shape:
    """Shape a pipeline stage."""
    return {
        "name": stage.name,
        "file": stage.file,
        "commands": list(stage.commands),
        "deps": [_shape_material(found) for found in stage.deps],
        "outs": [_shape_material(found) for found in stage.outs],
        "params": _shape_table(stage.params),
        "locked": stage.locked,
    }


def _shape_table(table: Table) -> Shape:
    """Shape values by name, by file."""
    return {file: {name: shape_plain(value) for name, value in values.items()} for file, values in table.items()}


def _shape_material(found: Material) -> Shape:
    """Shape a file or folder."""
    return {"path": found.path, "hash": found.hash, "size": found.size, "files": found.files}


def _shape_input(one: Input) -> Shape:
    """Shape an input."""
    return {"path": one.path, "hash": one.hash, "size": one.size, "files": one.files, "place": one.place.value}


def _shape_package(package: Package) -> Shape:
    """Shape a package."""
    return {"name": package.name, "version": package.version, "specifier": package.specifier, "file": package.file}


def _write_parts(made: Reproduction) -> Iterator[str]:
    """Write the sections, one after the other."""
    yield f"# Make {quote_markdown(format_target(made.artifact, made.version, made.commit))} again\n"
    yield f"gitreg checked out commit {quote_markdown(made.commit)} of {quote_markdown(made.origin)}, and ran nothing of it."
    yield "Read the commands before you run them: they are those of the repository.\n"
    if made.restore:
        yield "## Set this first\n"
        yield "The files of the commit have other values than the version was made with. Write these into them first.\n"
        restored = [
            tuple(map(quote_markdown, (one.file, one.name, _write_value(one.run), _write_value(one.written))))
            for one in made.restore[:_MOST]
        ]
        yield format_markdown_table(("file", "parameter", "set it to", "it has"), restored)
    if made.run:
        yield "## Run it\n"
        environment = ["python -m venv .venv", ". .venv/bin/activate"] if any(" pip " in one for one in made.prepare) else []
        yield _write_code([*environment, *made.prepare, *made.run])
    if made.check:
        yield "## Check it\n"
        yield _write_code(made.check)
        yield "`same`: what was read and what was made is there, and has the hashes that it had, which `dvc.lock` lists."
        yield "Otherwise `dvc status` and `git diff` say what is not."
    expected = _write_expected(made)
    if expected:
        yield from ["## What came out\n", expected] if not made.check else ["", expected]
    if made.notes or made.problems:
        yield "## What may differ\n"
        yield "".join(f"- {quote_markdown(note)}\n" for note in (*made.notes, *map(format_cause, made.problems)))
    yield from _write_facts(made)


def _write_expected(made: Reproduction) -> str:
    """Write what should come out; nothing where that is not known."""
    outs = [out for stage in made.stages for out in stage.outs]
    rows = [(quote_markdown(out.path), quote_markdown(out.hash or ""), _size(out.size)) for out in outs[:_MOST]]
    values = merge_values(made.metrics)
    metrics = [(quote_markdown(name), quote_markdown(format_value(value))) for name, value in list(values.items())[:_MOST]]
    tables = [format_markdown_table(("made", "hash", "size"), rows)] if rows else []
    return "\n".join([*tables, *([format_markdown_table(("metric", "value"), metrics)] if metrics else [])])


def _write_facts(made: Reproduction) -> Iterator[str]:
    """Write pipeline stages, data and packages."""
    if made.stages:
        yield "## Pipeline stages, in order\n"
        for number, stage in enumerate(made.stages[:_MOST], 1):
            yield f"{number}. {quote_markdown(stage.name)} of {quote_markdown(stage.file)}\n"
            yield _write_code(stage.commands, prompt="")
    if made.inputs:
        yield "## What it starts from\n"
        rows = [
            (quote_markdown(one.path), quote_markdown(one.hash or ""), _size(one.size), _PLACES[one.place])
            for one in made.inputs[:_MOST]
        ]
        yield format_markdown_table(("path", "hash", "size", "where"), rows)
    params = [(name, value, file) for file, values in made.params.items() for name, value in values.items()]
    if params:
        yield "## Parameters\n"
        named = [tuple(map(quote_markdown, (name, _write_value(value), file))) for name, value, file in params[:_MOST]]
        yield format_markdown_table(("parameter", "value", "file"), named)
    if made.packages:
        yield "## Environment\n"
        listed = [
            tuple(map(quote_markdown, (found.name, found.version or "", found.specifier, found.file)))
            for found in made.packages[:_MOST]
        ]
        yield format_markdown_table(("package", "version", "allowed", "file"), listed)


def _write_value(value: Value) -> str:
    """Write a value in full, as YAML and JSON both read it: of ``1e-05`` not all readers of YAML make a number."""
    is_odd = isinstance(value, float) and not math.isfinite(value)
    if is_odd or (isinstance(value, int) and value.bit_length() > _MOST_BITS):
        return format_value(value)
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("e", ".0e") if isinstance(value, float) and "e" in text and "." not in text else text


def _write_code(lines: Iterable[str], prompt: str = "$ ") -> str:
    """Write commands between fences that nothing in them can end."""
    text = "".join(f"{prompt}{escape(line, lines=True)}\n" for line in lines)
    text = text.replace("\r", "\\x0d")
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}console\n{text}{fence}\n"


def _size(size: int | None) -> str:
    """Write a size, if it is known."""
    return format_size(size) if size is not None else ""
