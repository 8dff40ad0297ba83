"""`reconcile`: what is deployed, held against what the registry says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from gitreg.core.problems import Problem
from gitreg.core.reconciliation import Place, Reconciliation, Scope, plan_reconciliation
from gitreg.core.select import no_artifact
from gitreg.core.tags import parse_tag
from gitreg.errors import NotFound, Unanswerable, UsageFault
from gitreg.files.deployed import check_deployed_mapping, read_deployed
from gitreg.files.yaml import LARGEST
from gitreg.operations.context import Context, now, read_lenient_settings
from gitreg.operations.load_entries import load_entries
from gitreg.operations.load_tags import load_tags
from gitreg.operations.moment import head_commit
from gitreg.operations.show import choose_time
from gitreg.operations.wholeness import find_gaps

Deployed: TypeAlias = Mapping[str, Mapping[str, str | None]]
"""For each artifact and stage a version, the full id of a commit, or None."""


def reconcile(
    context: Context, deployed: Mapping[Place, str | None], *, scope: Scope, at: str | None, fetched: bool = False
) -> Reconciliation:
    """Compare what is deployed with what the registry says.

    Args:
        context: where.
        deployed: what is where.
        scope: what is compared.
        at: a moment whose state counts; None: now.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        Unanswerable: this clone may lack tags, or has some that cannot be read, so that "nothing to do" could be wrong.
        NotFound: an artifact or a stage of the scope is known neither to the registry nor to the deployed.
    """
    if not fetched:
        _require_every_tag(context)
    tags = load_tags(context.repository)
    if not fetched:
        _require_readable(tags.problems, scope)
    _require_known(context, scope, deployed, {(event.artifact, event.stage or "") for event in tags.events})
    moment = choose_time(context, at)
    plan = plan_reconciliation(tags.events, deployed, scope=scope, at=moment)
    problems = (*tags.problems, *plan.problems)
    return Reconciliation(changes=plan.changes, compared=plan.compared, at=now(), problems=problems)


def load_deployed(deployed: str | os.PathLike[str] | bytes | Deployed) -> dict[Place, str | None]:
    """Read what is deployed.

    Args:
        deployed: a file, its bytes, or what it would say.

    Raises:
        UsageFault: something in it is wrong.
        NotFound: there is no such file.
    """
    if isinstance(deployed, Mapping):
        return check_deployed_mapping(deployed)
    if isinstance(deployed, bytes):
        return read_deployed(deployed, "standard input")
    path = Path(deployed)
    try:
        with path.open("rb") as file:
            return read_deployed(file.read(LARGEST + 1), str(path))
    except FileNotFoundError as error:
        raise NotFound(
            f"there is no file {str(path)!r}", hint="name the file that says what is deployed; - is standard input"
        ) from error
    except (OSError, ValueError) as error:  # the second one: a text that no path can be
        reason = error.strerror if isinstance(error, OSError) else "it is no path"
        raise UsageFault(f"{str(path)!r} cannot be read: {reason}", hint="name a file; - is standard input") from error


def _require_every_tag(context: Context) -> None:
    """Refuse a clone that may lack tags, also one of a single branch: each answer here says that there is nothing else.

    Raises:
        Unanswerable: it may.
    """
    for problem in find_gaps(context.repository.location):
        raise Unanswerable(problem.message, hint=problem.hint)


def _require_readable(problems: Iterable[Problem], scope: Scope) -> None:
    """Refuse tags that cannot be read: ``actions/checkout`` makes such out of good ones, and a stage then has another holder.

    Raises:
        Unanswerable: there is one.
    """
    for problem in problems:
        tag = parse_tag(problem.tag or "")
        if tag is not None and (not scope.artifacts or tag.artifact in scope.artifacts):
            hint = f"{problem.hint}; or ask the remote, whose tags then count as they are: --fetch"
            raise Unanswerable(problem.message, hint=hint)


def _require_known(
    context: Context, scope: Scope, deployed: Mapping[Place, str | None], known: Iterable[tuple[str, str]]
) -> None:
    """Refuse a name that nobody knows: with a typing error in it, nothing would be left to do.

    Raises:
        NotFound: it is one.
    """
    places = {*known, *deployed}
    objects = context.repository.objects
    artifacts, stages = {artifact for artifact, _ in places}, {stage for _, stage in places if stage}
    for name in scope.artifacts:
        if name not in artifacts and name not in load_entries(objects, head_commit(objects))[0]:
            raise no_artifact(name, artifacts)
    for stage in scope.stages:
        if stage not in stages and stage not in (read_lenient_settings(context).stages or ()):
            hint = f"stages that are known: {', '.join(sorted(stages))}" if stages else "assign one: gitreg assign"
            raise NotFound(f"nothing was ever in {stage!r}", hint=hint)
