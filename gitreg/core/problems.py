"""Problems: findings with a code, a place, a sentence and a hint, and the catalogue of all codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How bad a problem is; errors make `check` answer no."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A finding.

    Attributes:
        code: a key of `CATALOGUE`.
        message: one sentence.
        file: path in the repository, with `line` and `column` counted from 1.
        tag: name of the tag, without ``refs/tags/``.
        commit: full id of the commit whose file or tag it is, where it is not the work tree.
    """

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    tag: str | None = None
    artifact: str | None = None
    commit: str | None = None
    hint: str = ""


CATALOGUE: Final[dict[str, tuple[Severity, str]]] = {
    # files
    "GR101": (Severity.ERROR, "the file cannot be read as YAML"),
    "GR102": (Severity.ERROR, "the file uses YAML that a registry file must not use"),
    "GR103": (Severity.ERROR, "a key stands twice"),
    "GR104": (Severity.ERROR, "the name of an entry is not valid"),
    "GR105": (Severity.ERROR, "a field has a value of the wrong type"),
    "GR106": (Severity.WARNING, "a field is unknown"),
    "GR107": (Severity.ERROR, "a path is not safe"),
    "GR108": (Severity.WARNING, "a path is not in the commit"),
    "GR109": (Severity.ERROR, "a type is not allowed by the settings"),
    "GR110": (Severity.ERROR, "artifacts.yaml and dvc.yaml disagree about a path"),
    "GR111": (Severity.ERROR, "two names differ only by case"),
    "GR112": (Severity.ERROR, "the settings file is not valid"),
    "GR113": (Severity.WARNING, "the schema of an entry is not that of its file"),
    "GR114": (Severity.WARNING, "loading a file could run code"),
    # tags
    "GR201": (Severity.ERROR, "a registry tag is lightweight"),
    "GR202": (Severity.ERROR, "a registry tag points at another tag"),
    "GR203": (Severity.ERROR, "a registry tag points at something that is no commit"),
    "GR204": (Severity.ERROR, "the name of a ref differs from the name in its tag object"),
    "GR205": (Severity.ERROR, "a registry tag has no readable tagger"),
    "GR206": (Severity.ERROR, "a registry tag has an impossible date"),
    "GR207": (Severity.ERROR, "the object of a registry tag is missing"),
    "GR208": (Severity.ERROR, "the commit of a registry tag is missing"),
    "GR209": (Severity.ERROR, "a ref is broken"),
    "GR210": (Severity.ERROR, "a registry tag is too large"),
    # state
    "GR301": (Severity.ERROR, "an active version was registered again on another commit"),
    "GR302": (Severity.ERROR, "a version was deregistered where it is not active"),
    "GR303": (Severity.WARNING, "two versions of an artifact share a commit"),
    "GR304": (Severity.WARNING, "an event lies in the future"),
    "GR305": (Severity.WARNING, "a stage is not in the settings"),
    "GR306": (Severity.WARNING, "the names of two artifacts or stages differ only by case"),
    "GR307": (Severity.WARNING, "an assignment names a version that was never registered on its commit"),
    "GR308": (Severity.NOTICE, "an unassignment took nothing off its stage"),
    "GR309": (Severity.NOTICE, "an artifact has no entry"),
    # what versions were made with, and what they do
    "GR401": (Severity.WARNING, "a file of metrics, parameters or packages cannot be read"),
    "GR402": (Severity.WARNING, "a pipeline was not run again after what it reads was changed"),
    "GR403": (Severity.WARNING, "a goal is of no metric"),
    # this machine and clone
    "GR501": (Severity.ERROR, "git is missing or too old"),
    "GR502": (Severity.ERROR, "git knows no identity for you"),
    "GR503": (Severity.ERROR, "the clone is shallow"),
    "GR504": (Severity.ERROR, "the clone was made without tags"),
    "GR505": (Severity.WARNING, "the clone follows a single branch"),
    "GR506": (Severity.WARNING, "registry tags of the remote are missing here"),
    "GR507": (Severity.WARNING, "registry tags are not on the remote"),
    "GR508": (Severity.ERROR, "a registry tag differs from the remote's tag of the same name"),
    "GR509": (Severity.WARNING, "the clock of this machine is off"),
    "GR510": (Severity.WARNING, "a lock file is stale"),
    "GR511": (Severity.WARNING, "there is no remote"),
    "GR512": (Severity.WARNING, "the remote did not answer"),
    "GR513": (Severity.NOTICE, "DVC is not installed"),
    "GR514": (Severity.WARNING, "a temporary file was left behind"),
    "GR515": (Severity.NOTICE, "the hooks of gitreg are not installed"),
}


def severity_of(problem: Problem) -> Severity:
    """Look the severity of a problem up."""
    return CATALOGUE[problem.code][0]


def format_cause(problem: Problem) -> str:
    """Write a problem as the cause of another one: where it is, and what: ``dvc.lock:3:1: the file is no YAML``."""
    place = format_file_place(problem)
    return f"{place}: {problem.message}" if place else problem.message


def format_file_place(problem: Problem) -> str:
    """Write where a problem is, as far as that is known: ``dvc.lock:3:1``; empty where it has no file."""
    return ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None)
