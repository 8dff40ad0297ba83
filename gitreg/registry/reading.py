"""The verbs that read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack, overload

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.events import Event, Kind
    from gitreg.core.tags import TagName
    from gitreg.core.views import ArtifactDetail, Overview, Resolution, StageView, VersionDetail, View
    from gitreg.operations.options import ShowOptions
    from gitreg.operations.show import Filter


class Reading(Opened):
    """What the registry says."""

    @overload
    def show(
        self, selector: None = None, *, at: str | None = None, fetch: bool = False, **wanted: Unpack[ShowOptions]
    ) -> Overview: ...

    @overload
    def show(
        self, selector: str, *, at: str | None = None, fetch: bool = False, **wanted: Unpack[ShowOptions]
    ) -> ArtifactDetail | VersionDetail: ...

    @overload
    def show(
        self, selector: str | None, *, at: str | None = None, fetch: bool = False, **wanted: Unpack[ShowOptions]
    ) -> View: ...

    def show(
        self, selector: str | None = None, *, at: str | None = None, fetch: bool = False, **wanted: Unpack[ShowOptions]
    ) -> View:
        """Show the registry, an artifact, or a version.

        Args:
            selector: an artifact (``churn``), a version (``churn@v1.2.0``, ``churn@latest``), the holder of a stage
                (``churn#prod``), or None: all artifacts.
            at: an ISO date or time, or a revision, which stands for its committer time; None: now.
            fetch: bring the remote's registry tags (of the artifact that is named, if one is) first.
            wanted: which artifacts and versions to show.

        Returns:
            An `Overview`, an `ArtifactDetail` or a `VersionDetail`.

        Raises:
            NotFound: there is no such thing.
            Unanswerable: this clone may lack tags.
            UsageFault: all metrics of all artifacts are asked for.
        """
        from gitreg.core.views import VersionDetail
        from gitreg.operations import show

        metric, metrics = tuple(wanted.get("metric", ())), wanted.get("metrics", False)
        parsed = parse_selector(selector) if selector is not None else None
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact if parsed else None)
        view: View
        if parsed is None:
            view = show.show_overview(self._context, at=at, wanted=_to_filter(wanted), fetched=fetched)
        elif parsed.version is None and parsed.stage is None:
            everything = wanted.get("everything", False)
            view = show.show_artifact(self._context, parsed.artifact, at=at, everything=everything, fetched=fetched)
        else:
            view = show.show_version(self._context, parsed, at=at, fetched=fetched)
        if not (metric or metrics or isinstance(view, VersionDetail)):
            return view
        from gitreg.operations.show_facts import add_facts

        return add_facts(self._context, view, metric)

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
            fetch: bring the remote's registry tags (of the artifact that is named, if one is) first.

        Raises:
            NotFound: there is no such thing.
        """
        from gitreg.operations import history

        parsed = parse_selector(selector) if selector is not None else None
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact if parsed else None)
        span = history.Span(at=at, since=since, kind=kind, limit=limit)
        return history.list_history(self._context, parsed, span=span, fetched=fetched)

    def resolve(self, selector: str, *, at: str | None = None, path: bool = False, fetch: bool = False) -> Resolution:
        """Say what a selector of a version or a stage stands for.

        Args:
            selector: such as ``churn@latest`` or ``churn#prod``.
            at: a moment; None: now.
            path: find the path of the artifact at that commit too.
            fetch: bring the remote's registry tags (of the artifact that is named, if one is) first.

        Raises:
            NotFound: it stands for nothing.
        """
        from gitreg.operations.resolve import resolve_selector

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        return resolve_selector(self._context, parsed, at=at, path=path, fetched=fetched)

    def stages(self, *, at: str | None = None, fetch: bool = False) -> tuple[StageView, ...]:
        """List all stages with their current holders."""
        from gitreg.operations.show import show_stages

        return show_stages(self._context, at=at, fetched=self._fetch(fetch=fetch))

    def check_ref(self, tag: str, *, fetch: bool = False) -> Event:
        """Say what event a tag of this repository states.

        Args:
            tag: a name, with or without ``refs/tags/``.
            fetch: bring the remote's registry tags (of the artifact that is named, if one is) first.

        Raises:
            AnswerIsNo: it is no registry tag.
            NotFound: there is no such tag.
            Unanswerable: the tag cannot be read as an event.
        """
        from gitreg.operations.check_ref import find_artifact, read_tag_event

        self._fetch(fetch=fetch, artifact=find_artifact(tag))
        return read_tag_event(self._context, tag)

    @staticmethod
    def parse_tag(tag: str) -> TagName:
        """Read the parts of the name of a tag, which need not exist.

        Raises:
            AnswerIsNo: it is no registry tag.
        """
        from gitreg.operations.check_ref import require_tag

        return require_tag(tag)

    def names(self) -> tuple[str, ...]:
        """List the names of all artifacts."""
        from gitreg.operations.names import list_artifacts

        self._fetch(fetch=False)
        return list_artifacts(self._context)

    def versions_of(self, artifact: str) -> tuple[str, ...]:
        """List every version that a tag of an artifact names, greatest first."""
        from gitreg.operations.names import list_versions

        self._fetch(fetch=False, artifact=artifact)
        return list_versions(self._context, artifact)

    def stage_names(self) -> tuple[str, ...]:
        """List all stages that settings or tags name."""
        from gitreg.operations.names import list_stages

        self._fetch(fetch=False)
        return list_stages(self._context)


def _to_filter(wanted: ShowOptions) -> Filter:
    """Choose what says which artifacts to show."""
    from gitreg.core.views import Sort
    from gitreg.operations.show import Filter

    return Filter(
        everything=wanted.get("everything", False),
        type=wanted.get("type"),
        labels=wanted.get("labels", ()),
        stage=wanted.get("stage"),
        sort=wanted.get("sort", Sort.NAME),
    )
