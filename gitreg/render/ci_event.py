"""What started a job, in every form that a job can hand on: outputs of GitHub, variables of GitLab, a summary, JSON, a table.

Names of artifacts, versions and stages follow a grammar; messages, descriptions, types and paths are whatever somebody wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final, TypeVar

from gitreg.core.ci_event import LONGEST_TEXT, JobEvent, shorten
from gitreg.core.events import Event
from gitreg.core.redaction import redact
from gitreg.core.state import Assignment
from gitreg.render.blocks import Fields
from gitreg.render.job_log import disarm_json
from gitreg.render.json import SCHEMA_VERSION
from gitreg.render.json_values import Shape, shape_event, shape_holder
from gitreg.render.markdown import format_markdown_table, quote_markdown
from gitreg.render.text import escape, first_line

MOST_DOTENV_BYTES: Final = 5000
"""GitLab takes 5 KiB of variables from a job."""

_Named = TypeVar("_Named", Event, Assignment)

_LONGEST_NAME: Final = 200
_PLAIN = re.compile(r"[A-Za-z0-9_./:@#+=!-]+")
_FREE: Final = frozenset({"type", "description"})
"""Whatever somebody wrote: a file of variables holds it where it is a plain word, and nobody needs to hear where it is not."""
_VARIABLES: Final = {
    "event": "GITREG_EVENT",
    "tag": "GITREG_EVENT_TAG",
    "name": "GITREG_EVENT_NAME",
    "version": "GITREG_EVENT_VERSION",
    "stage": "GITREG_EVENT_STAGE",
    "stages": "GITREG_EVENT_STAGES",
    "commit": "GITREG_EVENT_COMMIT",
    "slug": "GITREG_EVENT_SLUG",
    "current": "GITREG_EVENT_CURRENT",
    "holder": "GITREG_EVENT_HOLDER",
    "is-registry-event": "GITREG_EVENT_FOUND",
    "type": "GITREG_EVENT_TYPE",
    "path": "GITREG_EVENT_PATH",
    "description": "GITREG_EVENT_DESCRIPTION",
}


def list_outputs(found: JobEvent) -> dict[str, str]:
    """List what a job hands on, by the names that GTO's action has too; all of them are there, and empty without an event."""
    event = found.event
    return {
        "is-registry-event": _say(event is not None),
        "event": event.kind.value if event else "",
        "name": event.artifact if event else "",
        "version": (event.version if event else None) or "",
        "stage": found.stage or "",
        "stages": json.dumps(found.stages) if event else "",
        "type": escape(shorten(found.type, _LONGEST_NAME)),
        "path": escape(found.path),
        "description": escape(shorten(found.description), lines=True),
        "commit": event.commit if event else "",
        "slug": found.slug,
        "json": format_job_json(found) if event else "",
        "current": _say(found.current) if event else "",
        "holder": (found.holder.version or found.holder.commit) if found.holder else "",
    }


def format_outputs(outputs: Mapping[str, str], delimiter: str) -> str:
    """Write outputs as GitHub reads them from the file that ``GITHUB_OUTPUT`` names.

    Args:
        outputs: values by name; a name is a word of ours.
        delimiter: a word that nobody can guess, and so no value can hold.
    """
    return "".join(_format_output(name, value, delimiter) for name, value in outputs.items())


def format_dotenv(found: JobEvent) -> tuple[str, tuple[str, ...]]:
    """Write variables as GitLab reads them from a report, which knows neither quotes nor line ends.

    Returns:
        The text, and the names of the outputs whose values it cannot hold; their variables are there, and empty.
    """
    outputs = {**list_outputs(found), "tag": found.tag if found.event else "", "stages": ":".join(found.stages)}
    lines: list[str] = []
    left: list[str] = []
    room = MOST_DOTENV_BYTES - sum(len(variable) + len("=\n") for variable in _VARIABLES.values())
    for name, variable in _VARIABLES.items():
        value = outputs[name]
        if value and (_PLAIN.fullmatch(value) is None or len(value) > room):
            left.append(name)
            value = ""
        room -= len(value)
        lines.append(f"{variable}={value}\n")
    return "".join(lines), tuple(left)


def format_summary(found: JobEvent) -> str:
    """Write a short table in Markdown for the summary of a job; empty without an event."""
    rows = [(name, quote_markdown(value)) for name, value in _list_facts(found) if value]
    return format_markdown_table(("registry", ""), rows) + "\n" if rows else ""


def render_job_event(found: JobEvent) -> Fields:
    """Show what started a job."""
    return Fields(tuple((name, escape(value)) for name, value in _list_facts(found)))


def shape_job_event(found: JobEvent) -> Shape:
    """Shape what `ci event` answers; free texts are cut where they would not fit into a variable of a process."""
    return {
        "is_registry_event": found.event is not None,
        "tag": found.tag or None,
        "event": _shape_short(found.event) if found.event else None,
        "type": shorten(found.type, _LONGEST_NAME) or None,
        "path": found.path or None,
        "description": shorten(found.description) or None,
        "slug": found.slug or None,
        "current": found.current if found.event else None,
        "stage": found.stage,
        "stages": list(found.stages),
        "holder": shape_holder(_cut_names(found.holder)) if found.holder else None,
    }


def format_job_json(found: JobEvent) -> str:
    """Write JSON in one line, which a log of GitHub takes for nothing else."""
    document = {"schema_version": SCHEMA_VERSION, **shape_job_event(found)}
    return disarm_json(json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False))


def describe_unfit(found: JobEvent, left: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Say what is not handed on in full.

    Args:
        found: what started the job.
        left: names of outputs that a file of variables cannot hold; free texts among them are no news.
    """
    message = found.event.message if found.event else ""
    cut = [name for name, text in (("description", found.description), ("message", message)) if len(text) > LONGEST_TEXT]
    texts = [f"only the first {LONGEST_TEXT} characters of the {name} are handed on" for name in cut]
    left = tuple(name for name in left if name not in _FREE)
    if left:
        texts.append(f"left out of the file of variables, which cannot hold it: {', '.join(left)}; --json has it")
    return tuple(texts)


def _format_output(name: str, value: str, delimiter: str) -> str:
    """Write one output: in one line only what is nothing but a word."""
    if not value or _PLAIN.fullmatch(value):
        return f"{name}={value}\n"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def _list_facts(found: JobEvent) -> tuple[tuple[str, str], ...]:
    """List what a person wants to read, one line each."""
    if found.event is None:
        return ()
    outputs = list_outputs(found)
    outputs["path"] = redact(outputs["path"])  # scripts get it in full; logs and summaries are read by more people than files are
    names = ("event", "name", "version", "stage", "commit", "type", "path", "slug", "current", "holder")
    facts = [(name, outputs[name]) for name in names]
    facts.insert(1, ("tag", found.tag))
    if found.event.stage is None:
        facts.insert(5, ("stages", ", ".join(found.stages)))
    return (*facts, ("description", shorten(first_line(found.description), _LONGEST_NAME)))


def _shape_short(event: Event) -> Shape:
    """Shape an event with texts that are not too long."""
    return shape_event(_cut_names(event)._replace(message=shorten(event.message)))


def _cut_names(named: _Named) -> _Named:
    """Cut the name and the address of an author, which anybody may have chosen."""
    author, email = shorten(named.author, _LONGEST_NAME), shorten(named.author_email, _LONGEST_NAME)
    return named._replace(author=author, author_email=email)


def _say(answer: bool) -> str:  # noqa: FBT001  it is what is said
    """Write yes and no as workflows compare them."""
    return "true" if answer else "false"
