"""What lineage names in an export: other versions with the same bytes, or that entries are based on, and other repositories.

What `trace` finds out for one version is found out for all of them here: the bytes of each active version are looked up once, and
the past of an artifact is computed from the events that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.events import Event
from gitreg.core.pipelines import Material, Source
from gitreg.core.reduce import group_events, reduce_artifact
from gitreg.core.state import Artifact, State, Version
from gitreg.core.trace_nodes import Relative
from gitreg.files.pointers import find_out, strip_secret
from gitreg.git.forest import Forest
from gitreg.git.objects import Objects
from gitreg.operations.trace_relatives import choose_relatives, find_parent, index_bytes, list_keys
from gitreg.operations.trace_tags import list_versions, to_relative

_NAMES_REPOSITORY: Final = b"repo"  # of an import, in a .dvc file


class Relatives:
    """The versions of a registry, by their bytes and by their past.

    Args:
        objects: where.
        state: of all artifacts.
        events: that the state was computed from.
    """

    def __init__(self, objects: Objects, state: State, events: Iterable[Event]) -> None:
        """Look nothing up yet."""
        self._objects = objects
        self._forest = Forest(objects)
        self._state = state
        self._events = group_events(events)
        self._past: dict[tuple[str, int], Artifact] = {}
        self._by_bytes: dict[str, list[Relative]] | None = None

    def artifact(self, name: str, *, at: int | None = None) -> Artifact:
        """Give the state of an artifact, now or at an earlier time; one that nobody knows is empty."""
        if at is None:
            return self._state.artifacts.get(name) or Artifact(name=name)
        if (name, at) not in self._past:
            self._past[name, at] = reduce_artifact(name, [event for event in self._events.get(name, ()) if event.at <= at])[0]
        return self._past[name, at]

    def find_parent(self, version: Version, entry: Entry | None) -> Relative | None:
        """Find the version that the entry of a version says it was made from; None where it is none of this registry."""
        if entry is None or entry.base is None:
            return None
        return find_parent(self, version.artifact, entry, version.registered_at)

    def find_same(self, version: Version, materials: Iterable[Material]) -> Mapping[str, tuple[Relative, ...]]:
        """Find the versions with the bytes of what a version was made of, by the path of that."""
        if self._by_bytes is None:
            self._by_bytes = {}
            for key, relative in index_bytes(self._objects, list_versions(self._state.artifacts.values())):
                self._by_bytes.setdefault(key, []).append(relative)
        own, tree = to_relative(version), self._forest.tree(version.commit)
        found: dict[str, tuple[Relative, ...]] = {}
        for material in materials:
            same = [relative for key in list_keys(material, tree) for relative in self._by_bytes.get(key, ()) if relative != own]
            if same:
                found[material.path] = choose_relatives(same)
        return found

    def bring_sources(self, made: Iterable[tuple[str, Iterable[Material]]]) -> None:
        """Read ahead what `find_source` will ask for: of commits, and what versions there were made of."""
        wanted: dict[str, list[str]] = {}
        for commit, materials in made:
            wanted.setdefault(commit, []).extend(_list_beside(materials))
        self._forest.bring(wanted)

    def find_source(self, version: Version, material: Material) -> Source | None:
        """Find the other repository that DVC imported something from: a stage says so itself, or a ``.dvc`` file does."""
        if not _may_be_imported(material):
            return material.source
        tree = self._forest.tree(version.commit)
        beside = [data for file in _list_beside([material]) if (data := tree.read(file)) is not None]
        if not any(_NAMES_REPOSITORY in data for data in beside) and (beside or tree.kind(material.path) is not None):
            return None  # as nearly always; YAML is slow to read
        out = find_out(material.path, tree)
        origin = out.origin if out is not None else None
        if origin is None or origin.repository is None:
            return None
        return Source(strip_secret(origin.repository), origin.commit, origin.path)


def _may_be_imported(material: Material) -> bool:
    """Say whether something that a stage read may be a copy of what is in another repository."""
    return material.source is None and "://" not in material.path


def _list_beside(materials: Iterable[Material]) -> list[str]:
    """List the ``.dvc`` files that stand beside what was read, and beside the folders that it is in."""
    places = [PurePosixPath(material.path) for material in materials if _may_be_imported(material)]
    return [f"{place}.dvc" for path in places for place in (path, *path.parents[:-1])]
