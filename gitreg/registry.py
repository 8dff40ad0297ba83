"""The Python API: one class, one method per verb, core values out, nothing printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from gitreg.core.events import Event, Kind
from gitreg.core.selectors import Selector, parse_selector
from gitreg.core.tags import TagName
from gitreg.core.versions import Bump
from gitreg.core.views import Edited, Report, Resolution, StageView, View, Written
from gitreg.errors import SyntaxFault
from gitreg.git.repository import Repository
from gitreg.operations import history, names, push, register, resolve, show
from gitreg.operations.context import Context
from gitreg.operations.fetch import fetch_registry_tags
from gitreg.operations.options import EditOptions, ShowOptions, WriteOptions


class Registry:
    """The model registry that a git repository is.

    Every method reads the repository anew, so that no answer is stale. Close it, or use it as a context manager, to end the git
    process that it keeps.

    Example::

        with Registry(".") as registry:
            print(registry.resolve("churn#prod").version)

    Args:
        path: a folder in the repository.

    Raises:
        Unanswerable: there is no repository, or it is damaged or somebody else's.
    """

    def __init__(self, path: str | Path = ".") -> None:
        """Open the repository."""
        self._context = Context(Repository.open(Path(path)))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the git process; a later call starts another one."""
        self._context.repository.close()

    def show(
        self, selector: str | None = None, *, at: str | None = None, fetch: bool = False, **wanted: Unpack[ShowOptions]
    ) -> View:
        """Show the registry, an artifact, or a version.

        Args:
            selector: an artifact (``churn``), a version (``churn@v1.2.0``, ``churn@latest``), the holder of a stage
                (``churn#prod``), or None: all artifacts.
            at: an ISO date or time, or a revision, which stands for its committer time; None: now.
            fetch: bring the remote's registry tags first.
            wanted: which artifacts and versions to show.

        Returns:
            An `Overview`, an `ArtifactDetail` or a `VersionDetail`.

        Raises:
            NotFound: there is no such thing.
            Unanswerable: this clone may lack tags.
        """
        fetched = self._fetch(fetch=fetch)
        if selector is None:
            return show.show_overview(self._context, at=at, wanted=show.Filter(**wanted), fetched=fetched)
        parsed = parse_selector(selector)
        if parsed.version is None and parsed.stage is None:
            everything = wanted.get("everything", False)
            return show.show_artifact(self._context, parsed.artifact, at=at, everything=everything, fetched=fetched)
        return show.show_version(self._context, parsed, at=at, fetched=fetched)

    def history(
        self,
        selector: str | None = None,
        *,
        at: str | None = None,
        since: str | None = None,
        kind: Kind | None = None,
        limit: int | None = None,
        fetch: bool = False,
    ) -> tuple[Event, ...]:
        """List events, newest first.

        Args:
            selector: an artifact, a version or a stage; None: all.
            at: leave out events after this moment.
            since: leave out events before this moment.
            kind: only events of this kind.
            limit: at most so many.
            fetch: bring the remote's registry tags first.

        Raises:
            NotFound: there is no such thing.
        """
        fetched = self._fetch(fetch=fetch)
        span = history.Span(at=at, since=since, kind=kind, limit=limit)
        parsed = parse_selector(selector) if selector is not None else None
        return history.list_history(self._context, parsed, span=span, fetched=fetched)

    def resolve(self, selector: str, *, at: str | None = None, path: bool = False, fetch: bool = False) -> Resolution:
        """Say what a selector of a version or a stage stands for.

        Args:
            selector: such as ``churn@latest`` or ``churn#prod``.
            at: a moment; None: now.
            path: find the path of the artifact at that commit too.
            fetch: bring the remote's registry tags first.

        Raises:
            NotFound: it stands for nothing.
        """
        return resolve.resolve_selector(
            self._context, parse_selector(selector), at=at, path=path, fetched=self._fetch(fetch=fetch)
        )

    def stages(self, *, at: str | None = None, fetch: bool = False) -> tuple[StageView, ...]:
        """List all stages with their current holders."""
        return show.show_stages(self._context, at=at, fetched=self._fetch(fetch=fetch))

    def check_ref(self, tag: str, *, fetch: bool = False) -> Event:
        """Say what event a tag of this repository states.

        Args:
            tag: a name, with or without ``refs/tags/``.
            fetch: bring the remote's registry tags first.

        Raises:
            AnswerIsNo: it is no registry tag.
            NotFound: there is no such tag.
            Unanswerable: the tag cannot be read as an event.
        """
        self._fetch(fetch=fetch)
        return history.read_tag_event(self._context, tag)

    @staticmethod
    def parse_tag(tag: str) -> TagName:
        """Read the parts of the name of a tag, which need not exist.

        Raises:
            AnswerIsNo: it is no registry tag.
        """
        return history.require_tag(tag)

    def register(
        self,
        artifact: str,
        rev: str = "HEAD",
        *,
        version: str | None = None,
        bump: Bump | None = None,
        same_commit: bool = False,
        **options: Unpack[WriteOptions],
    ) -> Written:
        """Register a version of an artifact.

        Args:
            artifact: its name.
            rev: the revision that is the version.
            version: such as ``v1.2.0``; None: the one that follows the greatest ever registered.
            bump: the part that counts up, by default the patch.
            same_commit: allow a second version of the artifact on the commit.
            options: how to write.

        Raises:
            Conflict: the version is active already, or others were faster.
            Refused: the commit has a version already.
        """
        wanted = register.Registering(version=version, bump=bump, same_commit=same_commit)
        return register.register(self._context, _artifact(artifact), rev, wanted=wanted, options=options)

    def assign(self, selector: str, stage: str, *, rev: str | None = None, **options: Unpack[WriteOptions]) -> Written:
        """Assign a stage to a version, to the holder of another stage, or to a revision.

        Args:
            selector: a version (``churn@v1.2.0``, ``churn@latest``) or a stage (``churn#staging``); an artifact alone with `rev`.
            stage: the stage.
            rev: a revision: the version registered there, or the bare commit.
            options: how to write.

        Raises:
            UsageFault: no version was named.
            NotFound: there is no such version.
            Conflict: it holds the stage already, or others were faster.
            Refused: the settings do not list the stage.
        """
        return register.assign(self._context, parse_selector(selector), stage, rev=rev, options=options)

    def register_and_assign(
        self,
        selector: str,
        stage: str,
        *,
        rev: str = "HEAD",
        bump: Bump | None = None,
        same_commit: bool = False,
        **options: Unpack[WriteOptions],
    ) -> Written:
        """Register a version and assign a stage to it, in one step.

        Args:
            selector: an artifact, or a version that is to be registered (``churn@v1.2.0``).
            stage: the stage.
            rev: the revision that is the version.
            bump: the part that counts up.
            same_commit: allow a second version of the artifact on the commit.
            options: how to write.

        Raises:
            Conflict: the version is active already, or others were faster.
            Refused: the commit has a version already, or the settings do not list the stage.
        """
        parsed = parse_selector(selector)
        wanted = register.Registering(version=parsed.version, bump=bump, same_commit=same_commit)
        return register.register_and_assign(self._context, parsed.artifact, stage, rev=rev, wanted=wanted, options=options)

    def unassign(self, selector: str, stage: str, **options: Unpack[WriteOptions]) -> Written:
        """Take a stage off a version (``churn@v1.2.0``), or off its current holder (``churn``).

        Raises:
            NotFound: it does not hold the stage.
        """
        return register.unassign(self._context, parse_selector(selector), stage, options=options)

    def rollback(self, artifact: str, stage: str, *, to: str | None = None, **options: Unpack[WriteOptions]) -> Written:
        """Assign a stage to the holder before the current one, or to a version.

        Args:
            artifact: its name.
            stage: the stage.
            to: the version.
            options: how to write.

        Raises:
            NotFound: there is no such holder or version.
        """
        return register.rollback(self._context, _artifact(artifact), stage, to=to, options=options)

    def deregister(self, selector: str, **options: Unpack[WriteOptions]) -> Written:
        """Withdraw a version; its stages fall back to those who held them before.

        Raises:
            NotFound: it was never registered.
            Conflict: it is deregistered already.
        """
        return register.deregister(self._context, parse_selector(selector), options=options)

    def deprecate(self, artifact: str, **options: Unpack[WriteOptions]) -> Written:
        """Mark an artifact as no longer of use.

        Raises:
            NotFound: it has no event.
            Conflict: it is deprecated already.
        """
        return register.deprecate(self._context, _artifact(artifact), options=options)

    def push(self, selector: str | None = None, *, dry_run: bool = False) -> Written:
        """Publish the registry tags of this clone that the remote lacks, in order, at most three at a time.

        Args:
            selector: an artifact, a version or a stage; None: all.
            dry_run: only say which.

        Raises:
            Conflict: somebody else published one of the names meanwhile.
        """
        return push.push(self._context, parse_selector(selector) if selector is not None else None, dry_run=dry_run)

    def init(self, *, dry_run: bool = False) -> tuple[Edited, ...]:
        """Write ``.gitreg.yaml``, ``artifacts.yaml`` and the lines of ``.gitattributes``; what is there already stays."""
        from gitreg.operations.annotate import init

        return init(self._context, dry_run=dry_run)

    def annotate(self, artifact: str, fields: Mapping[str, object], **options: Unpack[EditOptions]) -> Edited:
        """Write or change the entry of an artifact.

        Args:
            artifact: its name; the part before ``:`` is the folder whose ``artifacts.yaml`` is meant.
            fields: new values by field; None takes a field away; ``labels`` are united with those that are there, ``custom`` key
                by key.
            options: how to write.

        Raises:
            UsageFault: a name, field or value is not valid.
            Refused: the settings do not list the type, or the file has problems.
            Conflict: the file has changed meanwhile.
        """
        from gitreg.operations.annotate import annotate

        return annotate(self._context, _artifact(artifact), fields, options=options)

    def remove(self, artifact: str, **options: Unpack[EditOptions]) -> Edited:
        """Remove the entry of an artifact; its events stay.

        Raises:
            NotFound: it has none in its ``artifacts.yaml``.
        """
        from gitreg.operations.annotate import remove

        return remove(self._context, _artifact(artifact), options=options)

    def check(self, *, staged: bool = False, rev: str | None = None) -> Report:
        """Find every problem in files, tags and state.

        Args:
            staged: look at the files of the index, and at nothing else.
            rev: look at the files of a revision; None: of the work tree.
        """
        from gitreg.operations.check import check

        return check(self._context, staged=staged, rev=rev)

    def doctor(self, *, offline: bool = False) -> Report:
        """Find out whether this machine and clone are fit.

        Args:
            offline: do not ask the remote.
        """
        from gitreg.operations.doctor import examine

        return examine(self._context, offline=offline)

    def names(self) -> tuple[str, ...]:
        """List the names of all artifacts."""
        return names.list_artifacts(self._context)

    def versions_of(self, artifact: str) -> tuple[str, ...]:
        """List every version that a tag of an artifact names, greatest first."""
        return names.list_versions(self._context, artifact)

    def stage_names(self) -> tuple[str, ...]:
        """List all stages that settings or tags name."""
        return names.list_stages(self._context)

    def _fetch(self, *, fetch: bool) -> bool:
        """Bring the remote's registry tags if asked to; say whether all are here now."""
        if fetch:
            fetch_registry_tags(self._context)
        return fetch


def _artifact(text: str) -> str:
    """Read the name of an artifact where a selector of more is not wanted.

    Raises:
        SyntaxFault: it is more, or less.
    """
    selector = parse_selector(text)
    if selector != Selector(text):
        position = len(selector.artifact)
        raise SyntaxFault("artifact name", text, position, "only the name is wanted here", hint=f"write {selector.artifact!r}")
    return text
