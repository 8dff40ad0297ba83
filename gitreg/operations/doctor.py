"""`doctor`: is this machine and clone fit?"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from gitreg.core.new_tags import CLOCK_TOLERANCE
from gitreg.core.problems import Problem
from gitreg.core.tags import pick_tags
from gitreg.core.views import Report
from gitreg.core.words import format_count
from gitreg.errors import GitregError, SettingsFault
from gitreg.files.replace import TEMPORARY_PREFIX
from gitreg.files.settings import check_settings
from gitreg.files.work_tree import find_leftovers
from gitreg.git.identity import read_identity
from gitreg.git.index import list_work_files
from gitreg.git.location import Location
from gitreg.git.refs import list_tags
from gitreg.git.remote import list_remote_tags, list_remotes
from gitreg.git.run import MINIMUM_GIT, Git
from gitreg.operations.check import sort_problems
from gitreg.operations.context import (
    Context,
    now,
    read_context_settings,
    read_lenient_settings,
    read_settings_files,
    require_clone,
)
from gitreg.operations.hooks import check_hooks
from gitreg.operations.load_entries import ENTRY_FILES
from gitreg.operations.load_tags import load_tags
from gitreg.operations.wholeness import find_gaps

_NAMED: Final = 3  # so many tags are named in a sentence


def examine(context: Context, *, offline: bool) -> Report:
    """Look at git, identity, clone, remote, tags, clock, locks, settings, DVC and hooks.

    Args:
        context: where.
        offline: do not ask the remote.
    """
    require_clone(context)
    git = context.repository.git
    location = context.repository.location
    problems: list[Problem] = []
    checked: list[str] = []
    for found, said in (
        _check_git(git),
        _check_identity(git),
        _check_clone(location),
        _check_remote(context, offline=offline),
        _check_clock(context),
        _check_locks(location),
        _check_leftovers(location),
        _check_settings(context),
        _check_dvc(location),
        check_hooks(context),
    ):
        problems += found
        checked.append(said)
    return Report(tuple(sort_problems(dict.fromkeys(problems))), tuple(said for said in checked if said))


def _check_git(git: Git) -> tuple[list[Problem], str]:
    """Is there a git, and is it new enough?"""
    said = git.read("version").text
    match = re.search(r"(\d+)\.(\d+)[.0-9]*", said)
    if match is None or (int(match[1]), int(match[2])) < MINIMUM_GIT:
        wanted = ".".join(map(str, MINIMUM_GIT))
        return [
            Problem(code="GR501", message=f"this is {said!r}, and gitreg needs {wanted}", hint=f"install git {wanted} or later")
        ], ""
    return [], f"git {match[0]}"


def _check_identity(git: Git) -> tuple[list[Problem], str]:
    """Does git know who writes?"""
    try:
        identity = read_identity(git)
    except GitregError as error:
        return [Problem(code="GR502", message=error.message, hint=error.hint)], ""
    return [], f"identity {identity.name} <{identity.email}>"


def _check_clone(location: Location) -> tuple[list[Problem], str]:
    """Is the clone whole?"""
    gaps = find_gaps(location)
    return gaps, "" if gaps else "clone with all branches and tags"


def _check_remote(context: Context, *, offline: bool) -> tuple[list[Problem], str]:
    """Is there a remote, does it answer, and has it the same registry tags?"""
    git = context.repository.git
    remote = read_lenient_settings(context).remote
    if remote not in list_remotes(git):
        hint = f"git remote add {remote} URL, or set 'remote' in .gitreg.yaml"
        return [Problem(code="GR511", message=f"there is no remote {remote!r}, so nothing can be published", hint=hint)], ""
    if offline:
        return [], f"remote {remote} (not asked)"
    try:
        theirs = pick_tags(list_remote_tags(git, remote))
    except GitregError as error:
        return [Problem(code="GR512", message=error.message, hint=error.hint)], ""
    ours, broken = list_tags(git)
    problems = [*broken, *_compare(pick_tags(ours), theirs, remote)]
    return problems, f"remote {remote} with {format_count(len(theirs), 'registry tag')}"


def _compare(ours: Mapping[str, str], theirs: Mapping[str, str], remote: str) -> list[Problem]:
    """Compare the registry tags of clone and remote."""
    problems = []
    if missing := sorted(set(theirs) - set(ours)):
        count = format_count(len(missing), "registry tag")
        message = f"{count} of {remote!r} {_be(missing)} missing here: {_list(missing)}"
        problems.append(Problem(code="GR506", message=message, tag=missing[0], hint=f"git fetch --tags {remote}"))
    if unpublished := sorted(set(ours) - set(theirs)):
        count = format_count(len(unpublished), "registry tag")
        message = f"{count} {_be(unpublished)} not on {remote!r}: {_list(unpublished)}"
        problems.append(Problem(code="GR507", message=message, tag=unpublished[0], hint="gitreg push"))
    for name in sorted(set(ours) & set(theirs)):
        if ours[name] != theirs[name]:
            hint = f"if the remote is right: git fetch --force {remote} 'refs/tags/{name}:refs/tags/{name}'"
            problems.append(
                Problem(code="GR508", message=f"{name!r} is another tag here than on {remote!r}", tag=name, hint=hint)
            )
    return problems


def _check_clock(context: Context) -> tuple[list[Problem], str]:
    """Do the tags agree with this machine's clock, and are they all annotated?"""
    tags = load_tags(context.repository)
    latest = max(tags.events, key=lambda event: event.at, default=None)
    if latest is None or latest.at <= now() + CLOCK_TOLERANCE:
        return tags.problems, f"{format_count(len(tags.events), 'registry tag')}, none in the future"
    ahead = format_count(latest.at - now(), "second")
    message = f"{latest.tag!r} lies {ahead} in the future, so this clock or that of its author is off"
    problem = Problem(code="GR509", message=message, tag=latest.tag, artifact=latest.artifact, hint="compare: date -u")
    return [*tags.problems, problem], ""


def _check_locks(location: Location) -> tuple[list[Problem], str]:
    """Are there lock files of git that nobody holds any more?"""
    folders = (location.git_dir, location.common_dir)
    locks = {path for folder in folders for path in folder.glob("*.lock")} | set((location.common_dir / "refs").rglob("*.lock"))
    problems = [
        Problem(
            code="GR510",
            message=f"lock file {str(path)!r} is {format_count(_age(path), 'second')} old, and while it is there git waits",
            hint=f"if no git is running: rm '{path}'",
        )
        for path in sorted(locks)
    ]
    return problems, "" if problems else "no lock files"


def _age(path: Path) -> int:
    """Say for how many seconds a file has been there; by the real clock, which gave it its time."""
    try:
        return max(0, int(time.time() - path.stat().st_mtime))
    except OSError:
        return 0


def _check_leftovers(location: Location) -> tuple[list[Problem], str]:
    """Did a killed gitreg leave a temporary file behind?"""
    root = location.work_tree
    if root is None:
        return [], ""
    folders = {root} | {(root / path).parent for path in list_work_files(Git(root), ENTRY_FILES)}
    problems = [
        Problem(
            code="GR514",
            message=f"temporary file {path.name!r} was left behind",
            file=str(path.relative_to(root)),
            hint=f"rm '{path}'",
        )
        for path in find_leftovers(folders, TEMPORARY_PREFIX)
    ]
    return problems, ""


def _check_settings(context: Context) -> tuple[list[Problem], str]:
    """Are the settings valid?"""
    try:
        problems = check_settings(*read_settings_files(context), os.environ)
    except SettingsFault as fault:
        return [Problem(code="GR112", message=fault.message, file=fault.file, hint=fault.hint)], ""
    return problems, "" if problems else f"settings of {read_context_settings(context).file or 'nobody: the defaults'}"


def _check_dvc(location: Location) -> tuple[list[Problem], str]:
    """Is DVC there, if the repository uses it?"""
    if find_spec("dvc") is not None:
        return [], "DVC"
    if location.work_tree is None or not (location.work_tree / ".dvc").is_dir():
        return [], ""
    message = "this repository uses DVC, which is not installed beside gitreg"
    return [Problem(code="GR513", message=message, hint="pip install 'gitreg-ml[dvc]'")], ""


def _be(names: list[str]) -> str:
    """Choose the verb for a number of things."""
    return "is" if len(names) == 1 else "are"


def _list(names: list[str]) -> str:
    """Name the first few."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(repr(name) for name in names[:_NAMED]) + more
