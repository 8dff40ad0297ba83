"""`resolve`: what a selector stands for, in one line for scripts."""

from __future__ import annotations

from gitreg.core.selectors import Selector
from gitreg.core.views import Resolution
from gitreg.errors import NotFound, UsageFault
from gitreg.operations.causes import require_readable
from gitreg.operations.context import Context
from gitreg.operations.load_entries import entry_path, load_entry
from gitreg.operations.show import choose_time, load_artifact, select


def resolve_selector(context: Context, selector: Selector, *, at: str | None, path: bool, fetched: bool = False) -> Resolution:
    """Find the version and commit that a selector stands for.

    Args:
        context: where.
        selector: of a version or a stage.
        at: a moment, or None: now.
        path: whether the path of the artifact at that commit is wanted too, which costs reading files.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        UsageFault: the selector names an artifact alone.
        NotFound: it stands for nothing, or for a version that is deregistered.
    """
    if selector.version is None and selector.stage is None:
        message = f"{selector.artifact!r} names an artifact, not a version"
        raise UsageFault(message, hint=f"say which: '{selector.artifact}@latest' or '{selector.artifact}#prod'")
    artifact, _ = load_artifact(context, selector.artifact, at=choose_time(context, at), fetched=fetched)
    version, holder = select(context, artifact, selector, at=at, fetched=fetched)
    if version is not None and not version.active:
        message = f"{version.artifact}@{version.version} is deregistered"
        raise NotFound(message, hint=f"see when and why: gitreg history '{version.artifact}@{version.version}'")
    origin = holder or version
    assert origin is not None  # noqa: S101  select finds one or raises
    return Resolution(
        artifact=artifact.name,
        version=origin.version,
        stage=selector.stage,
        commit=origin.commit,
        tag=origin.tag,
        deprecated=artifact.deprecated,
        path=_find_path(context, artifact.name, origin.commit) if path else None,
    )


def _find_path(context: Context, artifact: str, commit: str) -> str | None:
    """Find the path of an artifact at a commit; None where it has no entry with a path there.

    Raises:
        Unanswerable: the file that would name it cannot be read.
    """
    entry, problems = load_entry(context.repository.objects, commit, artifact)
    if entry is None:
        require_readable(problems, artifact, commit)
    return entry_path(entry) if entry is not None and entry.path is not None else None
