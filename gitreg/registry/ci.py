"""The verbs for jobs of CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitreg.registry.opened import Opened, parse_artifact

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.ci_event import JobEvent
    from gitreg.core.ci_fetch import Mended


class Automating(Opened):
    """What started a job, and what its checkout lacks."""

    def ci_event(self, ref: str, *, stage: str | None = None, commit: str | None = None, fetch: bool = False) -> JobEvent:
        """Find out what event of the registry started a job, after making sure that the view is whole.

        Args:
            ref: the tag, or the full name of a ref, that started the job; empty: none did.
            stage: what is deployed to, for an event that names no stage; None: the event's.
            commit: what the host says that it named then; None: not known.
            fetch: bring what the checkout lacks of the artifact's tags, as `ci_fetch` does; one that is whole asks nobody.

        Returns:
            The event, what the files of its commit say, and whether it is still what the registry says. Without a tag, or for a
            tag that is none of the registry, there is no event in it.

        Raises:
            SyntaxFault: no stage can be called so.
            NotFound: there is no such tag, neither here nor on the remote.
            Unanswerable: tags are missing here, the tag is lightweight, or it was moved.
            ExternalFault: the remote does not answer.
        """
        from gitreg.operations.ci_event import read_job_event

        self._fetch(fetch=False)
        return read_job_event(self._context, ref, stage=stage, commit=commit, fetch=fetch)

    def ci_fetch(self, artifact: str | None = None, *, history: bool = False, dry_run: bool = False) -> Mended:
        """Bring what a checkout of CI lacks: registry tags, also over lightweight ones that the checkout made of them.

        Args:
            artifact: the one whose tags are wanted, or None: all.
            history: bring the commits before those of HEAD and of registry tags, too.
            dry_run: only find out what would be brought.

        Raises:
            Unanswerable: a tag was moved.
            ExternalFault: the remote does not answer, or wants to know who asks.
        """
        from gitreg.operations.ci_fetch import mend_checkout

        name = parse_artifact(artifact) if artifact is not None else None
        return mend_checkout(self._context, name, history=history, dry_run=dry_run)
