"""The verbs that carry the registry to where things are deployed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.reconciliation import Reconciliation


class Reconciling(Opened):
    """What is different where things are deployed."""

    def reconcile(
        self,
        deployed: str | os.PathLike[str] | bytes | Mapping[str, Mapping[str, str | None]],
        *,
        artifacts: Sequence[str] = (),
        stages: Sequence[str] = (),
        at: str | None = None,
        fetch: bool = False,
    ) -> Reconciliation:
        """Compare what is deployed with what the registry says.

        Args:
            deployed: for each artifact and stage a version, the full id of a commit, or None for nothing; or the path or the
                bytes of a file that says so, in YAML or JSON: a mapping of mappings, or a list of ``{artifact, stage, version}``.
            artifacts: compare only these; none: all.
            stages: compare only these; none: all.
            at: compare with the registry as it was then: an ISO date or time, or a revision; None: now.
            fetch: bring the remote's registry tags first.

        Returns:
            What has to be deployed, replaced or removed, with the event that says so, and what is deployed that nobody knows.

        Raises:
            UsageFault: what is deployed cannot be read.
            NotFound: there is no such file, artifact or stage.
            Unanswerable: this clone may lack tags, or has some that cannot be read.
        """
        from gitreg.core.reconciliation import Scope
        from gitreg.operations.reconcile import load_deployed, reconcile

        found = load_deployed(deployed)
        scope = Scope(artifacts=tuple(artifacts), stages=tuple(stages))
        return reconcile(self._context, found, scope=scope, at=at, fetched=self._fetch(fetch=fetch))
