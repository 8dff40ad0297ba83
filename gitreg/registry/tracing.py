"""The verbs that follow a version back, and forward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.lineage import Containment, Lineage


class Tracing(Opened):
    """Where versions come from."""

    def trace(
        self,
        selector: str,
        *,
        at: str | None = None,
        code: Sequence[str] = (),
        reverse: bool = False,
        fetch: bool = False,
    ) -> Lineage:
        """Find out what a version was made from: pipeline, data, code, parameters, environment, people, runs, other versions.

        Args:
            selector: such as ``churn@v1.2.0`` or ``churn#prod``.
            at: a moment; None: now.
            code: files and folders from the root of the repository: only commits that change them are listed. None: the code
                that the pipeline read; where there is no pipeline, everything but the files of the registry.
            reverse: find out what was made from the version instead.
            fetch: bring the remote's registry tags first.

        Returns:
            The graph, and the commits since the version before. What cannot be read is among its problems.

        Raises:
            UsageFault: the selector names an artifact alone, or a path of `code` is none.
            NotFound: it stands for nothing, or a path of `code` is at none of the commits.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.operations.trace import trace
        from gitreg.operations.trace_reverse import trace_reverse

        parsed = parse_selector(selector)
        is_remote = self._context.repository.mirror is not None
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact if is_remote and not reverse else None)
        if reverse:
            return trace_reverse(self._context, parsed, at=at, fetched=fetched)
        return trace(self._context, parsed, at=at, code=code, fetched=fetched)

    def find_commit(self, selector: str, commit: str, *, at: str | None = None, fetch: bool = False) -> Containment:
        """Find out whether a commit is in the history of a version, and which versions have it.

        Args:
            selector: a version, the holder of a stage, or an artifact: any of its versions.
            commit: a revision.
            at: a moment; None: now.
            fetch: bring the remote's registry tags of the artifact first.

        Raises:
            NotFound: the selector stands for nothing, or the revision names no commit.
            Unanswerable: this clone lacks tags, or history that would be needed to know.
        """
        from gitreg.operations.trace_contains import find_commit

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        return find_commit(self._context, parsed, commit, at=at, fetched=fetched)
