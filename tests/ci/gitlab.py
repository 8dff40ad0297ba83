"""The real gitlab-ci-local, which runs pipelines of GitLab here: in a shell, in the folder of a clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.ci.runner import PACKAGE_PARENT, ROOT
from tests.support.command import Result
from tests.support.repository import Repository

PROGRAM: Final = Path(os.environ.get("GITREG_TEST_GITLAB", ROOT / ".tests-npm/node_modules/.bin/gitlab-ci-local"))
TEMPLATES: Final = ROOT / "examples" / "gitlab"
_PREDEFINED: Final = "CI_COMMIT_REF_NAME,CI_COMMIT_SHA,CI_PIPELINE_SOURCE,CI_PROJECT_URL,GITLAB_USER_NAME,GITLAB_USER_EMAIL"


def require_gitlab() -> None:
    """Skip where it is not installed."""
    if sys.platform == "darwin":
        pytest.skip("the rsync of macOS is another program, with other options")
    place = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    lacking = [name for name in ("node", "rsync") if shutil.which(name, path=place) is None]
    if not PROGRAM.exists():
        lacking.append("gitlab-ci-local (bash tests/run.sh installs it)")
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")


def write_caller(repository: Repository) -> None:
    """Commit the templates, and a caller that takes them from its own commit: here is no host to take them from another one."""
    files = {f".gitlab/{path.name}": path.read_text(encoding="utf-8") for path in TEMPLATES.glob("registry-*.yml")}
    text = (TEMPLATES / "gitlab-ci.yml").read_text(encoding="utf-8")
    text = re.sub(r"  - project: .*\n    ref: .*\n    file: ", "  - local: ", text)
    text = re.sub(r"local: \[(\S+), (\S+)\]", r"local: \1\n  - local: \2", text)
    assert text.count("local:") == len(files)
    repository.commit({**files, ".gitlab-ci.yml": text}, "Follow the registry")


def run_pipeline(clone: Repository, variables: Mapping[str, str], bin_folder: Path) -> Result:
    """Run the pipeline that variables start.

    Args:
        clone: what the runner has checked out.
        variables: of the pipeline; a tag where there is ``CI_COMMIT_TAG``.
        bin_folder: has the command gitreg.
    """
    options = [f"--ignore-predefined-vars={_PREDEFINED}", "--force-shell-executor", "--no-evaluate-rule-changes"]
    if "CI_COMMIT_TAG" in variables:
        options += ["--unset-variable", "CI_COMMIT_BRANCH", "--variable", f"CI_COMMIT_REF_NAME={variables['CI_COMMIT_TAG']}"]
    for name, value in variables.items():
        options += ["--variable", f"{name}={value}"]
    completed = subprocess.run(
        [str(PROGRAM), *options],
        cwd=clone.path,
        env={
            **clone.env,
            "PATH": os.pathsep.join((str(bin_folder), str(PROGRAM.parent), clone.env["PATH"])),  # a Node may be beside it
            "GITREG_NOW": str(clone.now),
            "TERM": "dumb",
            "NO_COLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)


def put_gitreg(folder: Path) -> Path:
    """Make a folder with the command gitreg that the tests import."""
    folder.mkdir()
    command = folder / "gitreg"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={PACKAGE_PARENT} exec {sys.executable} -P -m gitreg "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder
