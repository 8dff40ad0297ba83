"""Names for completion and for "did you mean": as cheap as git allows."""

from __future__ import annotations

from gitreg.core.names import from_tag_name
from gitreg.core.select import no_artifact
from gitreg.core.tags import parse_tag
from gitreg.core.versions import precedence
from gitreg.errors import NotFound
from gitreg.operations.context import Context, read_lenient_settings
from gitreg.operations.load_entries import load_entries, load_entry
from gitreg.operations.moment import head_commit


def list_tagged(context: Context) -> set[str]:
    """List the names of all artifacts that have tags; no tag object is read."""
    tags, _ = context.repository.list_tags()
    prefixes = {name.partition("#")[0].partition("@")[0] for name in tags if "@" in name or "#" in name}
    return {from_tag_name(prefix) for prefix in prefixes if parse_tag(f"{prefix}#x")}


def without_events(context: Context, name: str) -> NotFound:
    """Make the error for an artifact without a tag: nobody knows it, or it has an entry and no version yet.

    Args:
        context: where; the entry is looked for at HEAD.
        name: the full name.
    """
    objects = context.repository.objects
    head = head_commit(objects)
    if head is None or load_entry(objects, head, name)[0] is None:
        return no_artifact(name, list_artifacts(context))
    return NotFound(f"{name!r} has an entry, but no version yet", hint=f"register one: gitreg register '{name}'")


def list_artifacts(context: Context) -> tuple[str, ...]:
    """List the names of all artifacts that have tags or entries, sorted."""
    objects = context.repository.objects
    entries, _ = load_entries(objects, head_commit(objects))
    return tuple(sorted(list_tagged(context) | set(entries)))


def list_versions(context: Context, artifact: str) -> tuple[str, ...]:
    """List every version that a tag of an artifact names, greatest first."""
    tags, _ = context.repository.list_tags(artifact)
    versions = {tag.version for name in tags if (tag := parse_tag(name)) and tag.artifact == artifact and tag.version}
    return tuple(sorted(versions, key=precedence, reverse=True))


def list_stages(context: Context) -> tuple[str, ...]:
    """List the stages of the settings in their order, then all others that a tag names, sorted."""
    tags, _ = context.repository.list_tags()
    named = {tag.stage for name in tags if "#" in name and (tag := parse_tag(name)) and tag.stage}
    listed = read_lenient_settings(context).stages or ()
    return (*listed, *sorted(named - set(listed)))
