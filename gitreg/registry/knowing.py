"""The verbs that say what versions were made with, and how well they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened, parse_artifact

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.facts import Facts


class Knowing(Opened):
    """Metrics, parameters, packages and data."""

    def facts(self, selector: str, *, at: str | None = None, fetch: bool = False) -> Facts:
        """Find out what the files of its commit say of a version: metrics, parameters, packages, data, and where its bytes are.

        Args:
            selector: a version (``churn@v1.2.0``, ``churn@latest``) or the holder of a stage (``churn#prod``).
            at: a moment; None: now.
            fetch: bring the remote's registry tags of the artifact first.

        Returns:
            The facts; files that cannot be read are problems in them, and the rest is there.

        Raises:
            NotFound: it stands for nothing.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.operations.load_facts import EVERYTHING
        from gitreg.operations.show_facts import find_facts

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        return find_facts(self._context, parsed, EVERYTHING, at=at, fetched=fetched)

    def facts_of(self, artifact: str, *, everything: bool = False, fetch: bool = False) -> dict[str, Facts]:
        """Find out what the files say of all versions of an artifact, each as `facts` does.

        Args:
            artifact: its name.
            everything: versions that are not active too.
            fetch: bring the remote's registry tags of the artifact first.

        Returns:
            Facts by version, greatest version first.

        Raises:
            NotFound: there is no such artifact.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.operations.load_facts import EVERYTHING
        from gitreg.operations.show_facts import find_all_facts

        name = parse_artifact(artifact)
        fetched = self._fetch(fetch=fetch, artifact=name)
        return find_all_facts(self._context, name, EVERYTHING, everything=everything, fetched=fetched)
