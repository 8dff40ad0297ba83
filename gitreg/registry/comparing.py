"""The verbs that put versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.compared import Comparison


class Comparing(Opened):
    """What is different between versions."""

    def compare(self, *selectors: str, code: Sequence[str] = (), fetch: bool = False) -> Comparison:
        """Compare versions with the first of them: metrics, parameters, schema, bytes, data, packages, code, entry.

        Args:
            selectors: two or more, such as ``churn#prod`` and ``churn@latest``; they may be of several artifacts.
            code: files and folders, from the root of the repository, that the code is in; none: what pipelines read as code, or,
                where none makes an artifact, all files that are neither data nor metrics, parameters, lock files, texts for
                people, settings of jobs and hooks, or files of the registry.
            fetch: bring the remote's registry tags first.

        Returns:
            A row for each thing that any side has, what is likely to matter, and the problems of what could not be read.

        Raises:
            UsageFault: there are fewer than two selectors, or one names an artifact alone.
            NotFound: one stands for nothing.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.operations.compare import compare

        parsed = [parse_selector(selector) for selector in selectors]
        names = {selector.artifact for selector in parsed}
        fetched = self._fetch(fetch=fetch, artifact=next(iter(names)) if len(names) == 1 else None)
        return compare(self._context, parsed, code=code, fetched=fetched)
