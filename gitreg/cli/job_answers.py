"""Hands what the registry answered on to a job of CI, and prints it."""

from __future__ import annotations

import secrets

from gitreg.cli import console
from gitreg.cli.job_files import append_file, replace_text
from gitreg.cli.surroundings import Job
from gitreg.cli.tables import show
from gitreg.core.ci_event import JobEvent
from gitreg.core.ci_fetch import Mended
from gitreg.errors import AnswerIsNo
from gitreg.render import ci_event, ci_fetch
from gitreg.render.json import format_json


def answer_job_event(found: JobEvent, job: Job, *, dotenv: str | None, require: bool, json: bool) -> None:
    """Write outputs, summary and variables, and print what started the job.

    Raises:
        AnswerIsNo: an event is required, and there is none.
        ExternalFault: a file cannot be written.
    """
    if job.outputs is not None:
        append_file(job.outputs, ci_event.format_outputs(ci_event.list_outputs(found), f"gitreg-{secrets.token_hex(16)}"))
    if job.summary is not None and found.event is not None:
        append_file(job.summary, ci_event.format_summary(found))
    left: tuple[str, ...] = ()
    if dotenv is not None:
        text, left = ci_event.format_dotenv(found)
        replace_text(dotenv, text)
    if json:
        console.write(format_json(ci_event.shape_job_event(found)))
    elif found.event is not None:
        show(ci_event.render_job_event(found))
    for text in (*found.notes, *ci_event.describe_unfit(found, left)):
        console.warn(text)
    if found.event is None:
        _answer_nothing(found, require=require)
    elif not found.current:
        console.note("the registry says something else by now: a job that comes late should stop here")


def answer_mended(mended: Mended, *, json: bool) -> None:
    """Print what was fetched."""
    if json:
        console.write(format_json(ci_fetch.shape_mended(mended)))
    else:
        console.say(*ci_fetch.describe_mended(mended))
    if warning := ci_fetch.warn_mended(mended):
        console.warn(warning)
    console.hint(ci_fetch.advise_mended(mended))


def _answer_nothing(found: JobEvent, *, require: bool) -> None:
    """Say that no event started the job.

    Raises:
        AnswerIsNo: one is required.
    """
    message = f"tag {found.tag!r} is none of the registry" if found.tag else "no tag started this job"
    if require:
        raise AnswerIsNo(message, hint="run the job for registry tags only, or without --require")
    console.note(message)
