"""The registry as a trace looks at it: artifacts one by one, all from one listing of refs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from gitreg.core.lineage import Lineage
from gitreg.core.names import from_tag_name, to_tag_name
from gitreg.core.problems import Problem
from gitreg.core.reduce import reduce_artifact
from gitreg.core.selectors import Selector
from gitreg.core.state import Artifact, Assignment, Version
from gitreg.core.tags import parse_tag
from gitreg.core.trace_nodes import Graph, Relative
from gitreg.core.versions import precedence
from gitreg.errors import UsageFault
from gitreg.operations.context import Context
from gitreg.operations.load_tags import read_listed
from gitreg.operations.show import select
from gitreg.operations.wholeness import require_whole


@dataclass(frozen=True, slots=True)
class Target:
    """What a selector stands for.

    Attributes:
        version: None for a bare commit that holds a stage.
        holder: the assignment that says so, if the selector names a stage.
    """

    artifact: Artifact
    version: Version | None
    holder: Assignment | None

    @property
    def commit(self) -> str:
        """The full id of its commit."""
        return self.version.commit if self.version else self.holder.commit if self.holder else ""

    @property
    def registered_at(self) -> int | None:
        """When it was registered, or assigned if it never was."""
        return self.version.registered_at if self.version else self.holder.assigned_at if self.holder else None

    @property
    def relative(self) -> Relative:
        """The same, in one name."""
        if self.version is None:
            return Relative(self.artifact.name, "", self.commit)
        return to_relative(self.version)

    @property
    def active(self) -> bool:
        """Whether it is registered now; a bare commit never was, and is not deregistered."""
        return self.version is None or self.version.active


class Registered:
    """What is registered; tags are listed once, and those of an artifact are read when somebody asks for it.

    Of a repository that is read by its address only the artifacts that are asked for are known, unless all are wanted.

    Args:
        context: where.
        at: leave out events after this time.
        fetched: whether all tags of the remote were fetched just now.
        everything: whether all artifacts are wanted, wherever the repository is.

    Attributes:
        experiments: commits of DVC's experiments by full name of the ref.
        problems: of the tags of artifacts that were asked for.

    Raises:
        Unanswerable: this clone lacks tags.
    """

    def __init__(self, context: Context, *, at: int | None, fetched: bool, everything: bool = False) -> None:
        """List the refs."""
        if not fetched:
            require_whole(context.repository.location)
        self._context = context
        self._at = at
        self._artifacts: dict[tuple[str, int | None], Artifact] = {}
        self.experiments: Mapping[str, str] = {}
        self.problems: list[Problem] = []
        self._tags: dict[str, str] | None = None
        self._grouped: dict[str, dict[str, str]] | None = None
        if context.repository.mirror is None:
            from gitreg.git.refs import list_tags_and_experiments

            self._tags, self.experiments, broken = list_tags_and_experiments(context.repository.git)
            self.problems += broken
        elif everything:
            self._tags, self.problems = context.repository.list_tags()

    def artifact(self, name: str, *, at: int | None = None) -> Artifact:
        """Read the state of an artifact; one that nobody knows is empty.

        Args:
            name: of the artifact.
            at: an earlier time than that of the registry as a whole.
        """
        at = self._at if at is None else at
        if (name, at) not in self._artifacts:
            grouped = self._group()
            listed = self._context.repository.list_tags(name)[0] if grouped is None else grouped.get(to_tag_name(name), {})
            tags = read_listed(self._context.repository, listed, artifact=name, at=at)
            artifact, found = reduce_artifact(name, tags.events)
            self.problems += [*tags.problems, *found]
            self._artifacts[name, at] = artifact
        return self._artifacts[name, at]

    def names(self) -> dict[str, int] | None:
        """List the artifacts that versions were registered of, each with the number of tags that say so; None: not known."""
        grouped = self._group()
        if grouped is None:
            return None
        counts = {prefix: sum("@" in tag.partition("#")[0] for tag in tags) for prefix, tags in grouped.items()}
        return {from_tag_name(prefix): count for prefix, count in counts.items() if count and parse_tag(f"{prefix}#x")}

    def _group(self) -> dict[str, dict[str, str]] | None:
        """Sort the tags into artifacts, by what they begin with; to take each name apart would take longer than all the rest."""
        if self._grouped is None and self._tags is not None:
            self._grouped = {}
            for tag, object_id in self._tags.items():
                prefix = tag.partition("#")[0].partition("@")[0]
                self._grouped.setdefault(prefix, {})[tag] = object_id
        return self._grouped


def find_target(
    context: Context, registered: Registered, selector: Selector, *, at: str | None, fetched: bool, done: str = "described"
) -> Target:
    """Find what a selector stands for; `done` says what is done with it, for the error.

    Raises:
        UsageFault: it names an artifact alone.
        NotFound: there is no such thing.
        Unanswerable: there is none here, but this clone may lack it.
    """
    if selector.version is None and selector.stage is None:
        name = _suggest(selector.artifact, registered.names())
        message = f"{selector.artifact!r} names no version and no stage, and only those can be {done}"
        raise UsageFault(message, hint=f"say which: '{name}@latest' or '{name}#prod'")
    artifact = registered.artifact(selector.artifact)
    return Target(artifact, *select(context, artifact, selector, at=at, fetched=fetched))


def find_previous(target: Target) -> Version | None:
    """Find the version before one: the greatest lesser one that is active; before a bare commit, the last one registered."""
    artifact, version, holder = target.artifact, target.version, target.holder
    if version is not None:
        own = precedence(version.version)
        lesser = [known for known in artifact.versions if known.active and precedence(known.version) < own]
        return max(lesser, key=lambda known: precedence(known.version), default=None)
    before = [known for known in artifact.versions if known.active and holder and known.registered_at <= holder.assigned_at]
    return max(before, key=lambda known: (known.registered_at, precedence(known.version)), default=None)


def list_versions(artifacts: Iterable[Artifact]) -> list[Version]:
    """List all active versions of some artifacts."""
    return [version for artifact in artifacts for version in artifact.versions if version.active]


def to_relative(version: Version) -> Relative:
    """Name a version."""
    return Relative(version.artifact, version.version, version.commit, version.active)


def begin_lineage(target: Target, graph: Graph) -> Lineage:
    """Say what is registered of a target, whose node is the first one of its graph."""
    version = target.version
    return Lineage(
        artifact=target.artifact.name,
        version=version.version if version else None,
        commit=target.commit,
        root=next(iter(graph.nodes)),
        nodes=tuple(graph.nodes.values()),
        edges=tuple(graph.edges),
        active=version.active if version else None,
        registered_at=version.registered_at if version else None,
        registered_by=version.author if version else None,
        registered_by_email=version.author_email if version else None,
    )


def locate(problems: Iterable[Problem], commit: str) -> list[Problem]:
    """Say of problems of files which commit has them, where they do not say so themselves."""
    return [problem if problem.commit or not problem.file else replace(problem, commit=commit) for problem in problems]


def tell_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Leave out problems that say the same of the same place as one before, which two readers of a file found."""
    told: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        told.setdefault((problem.message, problem.file, problem.line, problem.tag, problem.artifact, problem.commit), problem)
    return tuple(told.values())


def _suggest(name: str, known: Iterable[str] | None) -> str:
    """Choose the artifact of an example: the one that was meant, as far as anybody can tell."""
    names = [name] if known is None else sorted(known)
    return next(iter([*get_close_matches(name, names, n=1), *names]), "NAME")
