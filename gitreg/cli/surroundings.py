"""What the process is told by its surroundings: the tag that started a job of CI."""

from __future__ import annotations

import os

from gitreg.errors import UsageFault


def find_job_tag() -> str:
    """Find the tag that started this job, on GitHub (Forgejo and Gitea too) and GitLab.

    Raises:
        UsageFault: no tag did, or this is no job.
    """
    if os.environ.get("GITHUB_REF_TYPE") == "tag":
        tag = os.environ.get("GITHUB_REF_NAME") or os.environ.get("GITHUB_REF", "")
    else:
        tag = os.environ.get("CI_COMMIT_TAG", "")
    if not tag:
        message = "no tag was given, and no tag started this job" if os.environ.get("CI") else "no tag was given"
        raise UsageFault(message, hint="name it: gitreg check-ref 'churn@v1.2.0'; in CI, run the job for tags only")
    return tag
