"""`compare`: versions side by side, and what changed that is likely to matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from gitreg.core.compared import Comparison, Side
from gitreg.core.comparison import compare_facts
from gitreg.core.drift import COMMIT, describe_drift
from gitreg.core.facts import Facts
from gitreg.core.reduce import reduce_artifact
from gitreg.core.selectors import Selector, format_selector
from gitreg.core.state import Artifact
from gitreg.errors import NotFound, Unanswerable, UsageFault
from gitreg.operations.code_paths import find_missing, refuse_missing
from gitreg.operations.context import Context
from gitreg.operations.load_code import load_code
from gitreg.operations.load_facts import EVERYTHING, Place, load_facts
from gitreg.operations.load_tags import read_listed
from gitreg.operations.show import select
from gitreg.operations.wholeness import require_whole

_LEAST_SIDES = 2
_FROM_AFAR = "commits and people are not counted in a repository that is read by its address: clone it"
_SHALLOW = "commits and people are not counted in a shallow clone: git fetch --unshallow"


class Target(NamedTuple):
    """What is compared: an artifact at a commit, under a label."""

    label: str
    place: Place
    version: str | None


def compare(context: Context, selectors: Sequence[Selector], *, code: Sequence[str] = (), fetched: bool = False) -> Comparison:
    """Compare versions with the first of them.

    Args:
        context: where.
        selectors: two or more, each of a version or of the holder of a stage; of one artifact or of several.
        code: files and folders, from the root of the repository, that the code is in; none: all that nothing else speaks of.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        UsageFault: there are fewer than two, or one names an artifact alone.
        NotFound: one stands for nothing, or a path of the code is at none of the commits.
        Unanswerable: this clone may lack tags.
    """
    _require_versions(context, selectors)
    artifacts = _load_artifacts(context, [selector.artifact for selector in selectors], fetched=fetched)
    targets = [_find_target(context, artifacts[selector.artifact], selector, fetched=fetched) for selector in selectors]
    return compare_targets(context, targets, code=code)


def compare_targets(context: Context, targets: Sequence[Target], *, code: Sequence[str] = ()) -> Comparison:
    """Compare what stands at commits, whether they are versions or not.

    Args:
        context: where.
        targets: two or more.
        code: as for `compare`.

    Raises:
        NotFound: a path of the code is at none of the commits.
    """
    folders = frozenset(path.strip("/") for path in code)
    refuse_missing(find_missing(context.repository.objects, (target.place.commit for target in targets), folders))
    facts = dict(load_facts(context, [target.place for target in targets], EVERYTHING))
    sides = [Side(label=t.label, facts=facts[t.place], version=t.version) for t in targets]
    return compare_facts(_add_code(context, add_runs(sides), folders))


def _require_versions(context: Context, selectors: Sequence[Selector]) -> None:
    """Refuse what leaves open what is compared.

    Raises:
        UsageFault: there are fewer than two selectors, or one names an artifact alone.
    """
    name = selectors[0].artifact if selectors else "NAME"
    everyday = f"gitreg compare '{name}#prod' '{name}@latest'"
    if len(selectors) < _LEAST_SIDES:
        raise UsageFault("there is nothing to compare with: name two versions", hint=everyday)
    for selector in selectors:
        if selector.version is None and selector.stage is None:
            if _is_revision(context, selector.artifact):
                named = " ".join(f"'{format_selector(other)}'" for other in selectors[:_LEAST_SIDES])
                message = f"{selector.artifact!r} is a revision, and versions are compared here"
                raise UsageFault(message, hint=f"compare revisions: gitreg diff {named}")
            raise UsageFault(f"{selector.artifact!r} names an artifact, not a version", hint=f"say which: {everyday}")


def _is_revision(context: Context, text: str) -> bool:
    """Say whether a word that stands where a selector should is a revision of git."""
    try:
        context.repository.objects.resolve_commit(text)
    except (NotFound, Unanswerable, UsageFault):
        return False
    return True


def _load_artifacts(context: Context, names: Iterable[str], *, fetched: bool) -> dict[str, Artifact]:
    """Read the state of artifacts from one list of tags."""
    repository = context.repository
    if not fetched:
        require_whole(repository.location)
    wanted = list(dict.fromkeys(names))
    listed, _ = repository.list_tags(wanted[0] if len(wanted) == 1 else None)
    return {name: reduce_artifact(name, read_listed(repository, listed, artifact=name).events)[0] for name in wanted}


def _find_target(context: Context, artifact: Artifact, selector: Selector, *, fetched: bool) -> Target:
    """Find the commit that a selector stands for, also of a version that was withdrawn."""
    version, holder = select(context, artifact, selector, at=None, fetched=fetched)
    commit = version.commit if version else holder.commit if holder else ""
    name = version.version if version else None
    label = f"{artifact.name} {name or commit[:7]}" + (f" #{selector.stage}" if selector.stage else "")
    label += " (deregistered)" if version is not None and not version.active else ""
    return Target(label, Place(artifact.name, commit), name)


def add_runs(sides: Iterable[Side], places: Mapping[str, str] = MappingProxyType({})) -> list[Side]:
    """Say of each side which parameters its pipeline was run with, and which of them its files do not have.

    Args:
        sides: with their facts.
        places: what stands for a commit that only this process knows: the work tree, or the index.
    """
    return [
        replace(side, run=side.facts.run, notes=(*side.notes, *_describe_run(side.facts, places.get(side.facts.commit, COMMIT))))
        for side in sides
    ]


def _describe_run(facts: Facts, place: str) -> tuple[str, ...]:
    """Say what was not run again, and where the files are that say otherwise."""
    ending = f"than {COMMIT} has"
    stale = (f"{text.removesuffix(ending)}than {place} has" if text.endswith(ending) else text for text in facts.stale)
    return (*describe_drift(facts.drift, place), *stale)


def _add_code(context: Context, sides: Sequence[Side], folders: Collection[str]) -> list[Side]:
    """Say of each side but the first how its code differs from that of the first."""
    first, *others = sides
    done = [first]
    for side in others:
        code, problems = load_code(context, first.facts, side.facts, folders)
        facts = replace(side.facts, problems=(*side.facts.problems, *problems)) if problems else side.facts
        is_uncounted = code is not None and code.ahead is None and not problems
        notes = (_FROM_AFAR if context.repository.mirror is not None else _SHALLOW,) if is_uncounted else ()
        done.append(replace(side, facts=facts, code=code, notes=(*side.notes, *notes)))
    return done
