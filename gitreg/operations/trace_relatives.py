"""Other versions of the registry that a version was made from: those with the bytes of what its pipeline read, and its base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from shlex import quote
from typing import Final, Protocol

from gitreg.core.entries import Entry
from gitreg.core.pipelines import Material
from gitreg.core.select import choose_version
from gitreg.core.selectors import LATEST, STABLE, parse_selector
from gitreg.core.state import Artifact, Version, find_holder, find_version
from gitreg.core.trace_nodes import Relative, meet
from gitreg.core.versions import precedence
from gitreg.errors import GitregError
from gitreg.git.forest import ForestTree
from gitreg.git.objects import Objects
from gitreg.operations.context import Context
from gitreg.operations.load_entries import entry_path, load_entries
from gitreg.operations.load_pointers import Place, load_pointers
from gitreg.operations.trace_tags import Registered, list_versions, to_relative

_FEW: Final = 256  # registrations that are all looked at; of more, those of artifacts at the same paths
_FEW_FROM_AFAR: Final = 5  # artifacts whose tags a remote is asked for
_UNMARKED: Final = "inputs that are registered versions themselves may not be marked as such"
_MOST: Final = 10  # versions with the same bytes that are named


class Artifacts(Protocol):
    """The state of artifacts, now and at earlier times."""

    def artifact(self, name: str, *, at: int | None = None) -> Artifact:
        """Give the state of one; one that nobody knows is empty."""


def find_relatives(
    context: Context, registered: Registered, own: Relative, materials: Iterable[Material], tree: ForestTree
) -> tuple[dict[str, tuple[Relative, ...]], str]:
    """Find the registered versions that have the bytes of materials.

    Args:
        context: where.
        registered: the registry.
        own: the version that was made of the materials.
        materials: with their hashes.
        tree: the files of its commit.

    Returns:
        Versions by the path of a material, the greatest first, and what a person should know of where nobody looked.
    """
    wanted: dict[str, list[str]] = {}
    for material in materials:
        for key in list_keys(material, tree):
            wanted.setdefault(key, []).append(material.path)
    if not wanted:
        return {}, ""
    paths = {path for found in wanted.values() for path in found}
    names, note = _choose_names(context, registered, own.commit, paths)
    versions = list_versions(registered.artifact(name) for name in names)
    found: dict[str, list[Relative]] = {}
    for key, relative in index_bytes(context.repository.objects, versions):
        for path in wanted.get(key, ()) if relative != own else ():
            found.setdefault(path, []).append(relative)
    return {path: choose_relatives(hits) for path, hits in found.items()}, note


def index_bytes(objects: Objects, versions: Iterable[Version]) -> Iterator[tuple[str, Relative]]:
    """Name active versions by their bytes, as `list_keys` does; one whose bytes have no name is left out."""
    places = {Place(version.artifact, version.commit): version for version in versions}
    for place, located in load_pointers(objects, places):
        if located.pointer is not None and located.pointer.hash is not None:
            yield neutral(located.pointer.hash), Relative(place.artifact, places[place].version, place.commit)


def choose_relatives(relatives: Iterable[Relative]) -> tuple[Relative, ...]:
    """Choose the versions that are named, each once, the greatest of an artifact first."""
    return tuple(sorted(dict.fromkeys(relatives), key=_order)[:_MOST])


def find_parent(registered: Artifacts, artifact: str, entry: Entry | None, at: int | None) -> Relative | None:
    """Find the registered version that the ``base`` of an entry meant when a version was registered.

    A base that names an artifact alone meant its latest version; one that names an exact version means that, whenever it came.

    Args:
        registered: the registry.
        artifact: whose entry it is.
        entry: what the files say.
        at: that time.

    Returns:
        The version, or the bare commit that held the stage; None where the text is no selector, or stood for nothing.
    """
    try:
        selector = parse_selector(entry.base if entry is not None and entry.base is not None else "")
        now = registered.artifact(selector.artifact)
        if selector.version not in {None, LATEST, STABLE}:
            return to_relative(choose_version(now, selector.version or ""))
        # what a version of the same artifact was made from was there before it
        earlier = at - 1 if at is not None and selector.artifact == artifact else at
        then = registered.artifact(selector.artifact, at=earlier)
        if selector.stage is None:
            return _as_of_now(choose_version(then, selector.version or LATEST), now)
    except GitregError:
        return None
    holder = find_holder(then, selector.stage)
    if holder is None or holder.version is None:
        return Relative(then.name, "", holder.commit) if holder is not None else None
    version = find_version(then, holder.version)
    return _as_of_now(version, now) if version is not None else Relative(then.name, holder.version, holder.commit)


def _as_of_now(then: Version, now: Artifact) -> Relative:
    """Name a version as it was then, and say whether it is registered now."""
    known = find_version(now, then.version)
    return to_relative(then)._replace(active=known is not None and known.active)


def _choose_names(context: Context, registered: Registered, commit: str, paths: set[str]) -> tuple[list[str], str]:
    """Choose the artifacts whose versions are looked at: all of a small registry, and else those that are at one of the paths."""
    counts = registered.names()
    if counts is not None and sum(counts.values()) <= _FEW:
        return sorted(counts), ""
    entries, _ = load_entries(context.repository.objects, commit)
    names = sorted(name for name, entry in entries.items() if _stands_at(entry, paths))
    if counts is None:
        names = names[:_FEW_FROM_AFAR]
    return names, _describe_rest(context, names) if counts is None or len(counts) > len(names) else ""


def _describe_rest(context: Context, names: Sequence[str]) -> str:
    """Say that not all versions were looked at, and where they are."""
    mirror = context.repository.mirror
    known = ", ".join(names) or "there is none"
    where = f"artifacts at the same paths are looked at ({known})"
    if mirror is not None:
        return f"{_UNMARKED}: from afar only {where}; in a clone more are: git clone {quote(mirror.address.shown)}"
    other_way = "all are looked at from the input: gitreg trace INPUT@VERSION --reverse"
    return f"{_UNMARKED}: of so many versions only {where}; {other_way}"


def _stands_at(entry: Entry, paths: set[str]) -> bool:
    """Say whether an artifact is at one of some paths, or in it."""
    if entry.path is None or "://" in entry.path:
        return False
    own = entry_path(entry)
    return own in paths or any(meet(own, path) for path in paths)


def list_keys(material: Material, tree: ForestTree) -> list[str]:
    """Write what the bytes of a material are known by: the hash that DVC has, and the id that git has of them."""
    if material.source is not None or "://" in material.path:
        return []
    oid = tree.oid(material.path)
    return [*([neutral(material.hash)] if material.hash else []), *([f"git:{oid}"] if oid else [])]


def neutral(hash_: str) -> str:
    """Write a hash so that DVC 2 and DVC 3 agree on files without line ends of Windows."""
    return hash_.replace("md5-dos2unix:", "md5:")


def _order(relative: Relative) -> tuple[str, tuple[int, ...]]:
    """Order by artifact, the greatest version first."""
    major, minor, patch, is_final, _ = precedence(relative.version)
    return relative.artifact, (-major, -minor, -patch, -int(is_final))
