"""What was made from a version: versions whose pipelines read its bytes, and those whose entries name it as their base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.lineage import Lineage
from gitreg.core.pipelines import Pipeline
from gitreg.core.problems import Problem
from gitreg.core.selectors import Selector
from gitreg.core.state import Version
from gitreg.core.trace import list_leaves
from gitreg.core.trace_nodes import Graph, Ingredients, Relative, version_node
from gitreg.git.forest import Forest
from gitreg.operations.context import Context
from gitreg.operations.find_entries import EntryFinder, Place
from gitreg.operations.load_entries import entry_path, load_entry, load_pointer
from gitreg.operations.load_pipelines import PipelineSearch
from gitreg.operations.show import choose_time
from gitreg.operations.trace_relatives import find_parent, neutral
from gitreg.operations.trace_tags import Registered, Target, begin_lineage, find_target, locate, tell_once, to_relative

_TOGETHER: Final = 128  # commits whose objects are asked for in one go


def trace_reverse(context: Context, selector: Selector, *, at: str | None, fetched: bool = False) -> Lineage:
    """Find out what was made from a version, among all versions of all artifacts, deregistered ones too.

    Args:
        context: where.
        selector: of a version or a stage.
        at: a moment; None: now.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        UsageFault: the selector names an artifact alone.
        NotFound: it stands for nothing.
        Unanswerable: this clone lacks tags.
    """
    registered = Registered(context, at=choose_time(context, at), fetched=fetched, everything=True)
    target = find_target(context, registered, selector, at=at, fetched=fetched, done="traced")
    objects = context.repository.objects
    entry, problems = load_entry(objects, target.commit, target.artifact.name)
    pointer = load_pointer(objects, target.commit, entry)
    root = Ingredients(
        artifact=target.artifact.name,
        version=target.relative.version or None,
        commit=target.commit,
        path=entry_path(entry) if entry is not None and entry.path is not None else None,
        pointer=pointer,
        active=target.active,
    )
    graph = Graph()
    node = version_node(root)
    graph.add(node)
    search = _Search(context, registered, target, neutral(pointer.hash) if pointer and pointer.hash else "")
    for relative, kind in search.find():
        made = version_node(relative)
        graph.add(made)
        graph.connect(made.id, node.id, kind)
    return replace(
        begin_lineage(target, graph),
        problems=tell_once((*registered.problems, *locate(problems, target.commit), *search.problems)),
        reverse=True,
    )


class _Search:
    """Looks through the files of all versions.

    Attributes:
        problems: of files that might say more.
    """

    def __init__(self, context: Context, registered: Registered, target: Target, hash_: str) -> None:
        """Remember what is looked for."""
        self.problems: list[Problem] = []
        self._registered = registered
        self._target = target
        self._hash = hash_
        # in a pipeline of DVC it stands as it is; what git keeps is known by an id that no file of a pipeline names
        self._digits = b"" if hash_.startswith("git:") else hash_.partition(":")[2].encode()
        self._forest = Forest(context.repository.objects)
        self._entries = EntryFinder(self._forest)
        self._pipelines = PipelineSearch(context.repository.objects)

    def find(self) -> Iterator[tuple[Relative, str]]:
        """Find the versions that were made from the target, each with what says so."""
        places: dict[Place, list[Version]] = {}
        for name in sorted(self._registered.names() or ()):
            for version in self._registered.artifact(name).versions:
                places.setdefault(Place(version.artifact, version.commit), []).append(version)
        commits = iter(dict.fromkeys(place.commit for place in places))
        by_commit: dict[str, list[Place]] = {}
        for place in places:
            by_commit.setdefault(place.commit, []).append(place)
        while batch := list(islice(commits, _TOGETHER)):
            self._pipelines.bring(batch)
            together = [place for commit in batch for place in by_commit[commit]]
            for place, (entry, problems) in self._entries.find_all(together).items():
                self.problems += locate(problems, place.commit)
                if entry is not None:
                    for version in places[place]:
                        yield from self._judge(version, entry)

    def _judge(self, version: Version, entry: Entry) -> Iterator[tuple[Relative, str]]:
        """Say why a version was made from the target, if it was."""
        relative = to_relative(version)
        if relative == self._target.relative:
            return
        if self._is_parent(version, entry):
            yield relative, "based-on"
        if self._digits and not self._pipelines.may_hold(version.commit, self._digits):
            return
        pipelines, problems = self._pipelines.load(version.commit)
        self.problems += locate(problems, version.commit)
        if self._reads(entry, pipelines, version.commit):
            yield relative, "same-bytes"

    def _is_parent(self, version: Version, entry: Entry) -> bool:
        """Say whether the base of an entry is the target, at the time when its version was registered."""
        if entry.base is None or not entry.base.startswith(self._target.artifact.name):
            return False
        parent, own = find_parent(self._registered, version.artifact, entry, version.registered_at), self._target.relative
        if parent is None or parent.artifact != own.artifact:
            return False
        return parent.version == own.version if parent.version and own.version else parent.commit == own.commit

    def _reads(self, entry: Entry, pipelines: Iterable[Pipeline], commit: str) -> bool:
        """Say whether the pipeline of an artifact read the bytes of the target."""
        if not self._hash or entry.path is None:
            return False
        leaves = list_leaves(entry_path(entry), pipelines)
        if self._hash.startswith("git:"):
            tree = self._forest.tree(commit)
            return any(f"git:{tree.oid(leaf.path)}" == self._hash for leaf in leaves)
        return any(leaf.hash is not None and neutral(leaf.hash) == self._hash for leaf in leaves)
