"""The verb that searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.findings import Findings
    from gitreg.core.query import Field


class Searching(Opened):
    """Which versions are like this?"""

    def search(
        self,
        query: str,
        *,
        history: bool = False,
        at: str | None = None,
        sort: str | None = None,
        limit: int | None = None,
        fetch: bool = False,
    ) -> Findings:
        """Find the versions that a query means, and those of which nobody can know.

        Args:
            query: such as ``type:model stage:prod package:tensorflow<2.12``; the grammar stands in `gitreg.core.query`.
            history: search every version ever registered, and not only the current ones: those that are active, and the latest
                or the stable one or hold a stage.
            at: search the registry as it was then: an ISO date or time, or a revision; None: now.
            sort: a field to sort by, such as ``metric.auc``, or ``-metric.auc``: the greatest first; None: by name and version.
            limit: at most so many of each.
            fetch: bring the remote's registry tags first.

        Returns:
            What is meant, and apart from it what nobody can know, with the reasons.

        Raises:
            SyntaxFault: the query does not follow the grammar.
            UsageFault: nothing can be sorted by that field.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.operations import search

        how = search.Searching(history=history, at=at, sort=sort, limit=limit)
        return search.search(self._context, query, how=how, fetched=self._fetch(fetch=fetch))

    def search_words(self, field: Field) -> tuple[str, ...]:
        """List what a field of a query is compared with, as the files of HEAD say it.

        Of metrics, parameters and free metadata these are the names.
        """
        from gitreg.operations.search_words import list_words

        self._fetch(fetch=False)
        return list_words(self._context, field)
