"""What the process is told by its surroundings: the tag that started a job of CI, and where the job takes answers."""

from __future__ import annotations

import os
from dataclasses import dataclass

from gitreg.core.ci_event import read_job_tag
from gitreg.errors import UsageFault


@dataclass(frozen=True, slots=True)
class Job:
    """A job of GitHub (Forgejo and Gitea too) or GitLab.

    Attributes:
        tag: the tag that started it, or an empty text.
        commit: the full id of what that tag named then; None: the host does not say.
        outputs: the file that takes outputs, or None.
        summary: the file that takes the summary, or None.
    """

    tag: str = ""
    commit: str | None = None
    outputs: str | None = None
    summary: str | None = None


def read_job() -> Job:
    """Read what the host says of the job that runs here; outside of one, that is nothing."""
    outputs, summary = os.environ.get("GITHUB_OUTPUT") or None, os.environ.get("GITHUB_STEP_SUMMARY") or None
    on_github = os.environ.get("GITHUB_REF_TYPE") == "tag"
    tag = _read_github_tag() if on_github else os.environ.get("CI_COMMIT_TAG", "")
    commit = os.environ.get("GITHUB_SHA" if on_github else "CI_COMMIT_SHA") or None
    return Job(tag, commit if tag else None, outputs, summary)


def _read_github_tag() -> str:
    """Read the tag, from its full name where the host gives that."""
    return read_job_tag(os.environ.get("GITHUB_REF", "")) or os.environ.get("GITHUB_REF_NAME", "")


def find_job_tag() -> str:
    """Find the tag that started this job, on GitHub (Forgejo and Gitea too) and GitLab.

    Raises:
        UsageFault: no tag did, or this is no job.
    """
    tag = read_job().tag
    if not tag:
        message = "no tag was given, and no tag started this job" if os.environ.get("CI") else "no tag was given"
        raise UsageFault(message, hint="name it: gitreg check-ref 'churn@v1.2.0'; in CI, run the job for tags only")
    return tag
