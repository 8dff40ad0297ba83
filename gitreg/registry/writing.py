"""The verbs that write events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from gitreg.core.selectors import parse_selector
from gitreg.core.versions import parse_bump
from gitreg.registry.opened import Opened, parse_artifact

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.versions import Bump
    from gitreg.core.views import Written
    from gitreg.operations.options import WriteOptions


class Writing(Opened):
    """What the registry is told."""

    def register(
        self,
        artifact: str,
        rev: str = "HEAD",
        *,
        version: str | None = None,
        bump: Bump | str | None = None,
        same_commit: bool = False,
        **options: Unpack[WriteOptions],
    ) -> Written:
        """Register a version of an artifact.

        Args:
            artifact: its name.
            rev: the revision that is the version.
            version: such as ``v1.2.0``; None: the one that follows the greatest ever registered.
            bump: the part that counts up (``major``, ``minor``, ``patch``, ``prerelease``), by default the patch.
            same_commit: allow a second version of the artifact on the commit.
            options: how to write.

        Raises:
            Conflict: the version is active already, or others were faster.
            Refused: the commit has a version already.
        """
        from gitreg.operations.register import Registering, register

        wanted = Registering(version=version, bump=parse_bump(bump) if bump is not None else None, same_commit=same_commit)
        self._fetch(fetch=False, artifact=parse_artifact(artifact))
        return register(self._context, parse_artifact(artifact), rev, wanted=wanted, options=options)

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
        from gitreg.operations.register import assign

        self._fetch(fetch=False, artifact=parse_selector(selector).artifact)
        return assign(self._context, parse_selector(selector), stage, rev=rev, options=options)

    def register_and_assign(
        self,
        selector: str,
        stage: str,
        *,
        rev: str = "HEAD",
        bump: Bump | str | None = None,
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
        from gitreg.operations.register import Registering, register_and_assign

        parsed = parse_selector(selector)
        wanted = Registering(version=parsed.version, bump=parse_bump(bump) if bump is not None else None, same_commit=same_commit)
        self._fetch(fetch=False, artifact=parsed.artifact)
        return register_and_assign(self._context, parsed.artifact, stage, rev=rev, wanted=wanted, options=options)

    def unassign(self, selector: str, stage: str, **options: Unpack[WriteOptions]) -> Written:
        """Take a stage off a version (``churn@v1.2.0``), or off its current holder (``churn``).

        Raises:
            NotFound: it does not hold the stage.
        """
        from gitreg.operations.register import unassign

        self._fetch(fetch=False, artifact=parse_selector(selector).artifact)
        return unassign(self._context, parse_selector(selector), stage, options=options)

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
        from gitreg.operations.register import rollback

        self._fetch(fetch=False, artifact=parse_artifact(artifact))
        return rollback(self._context, parse_artifact(artifact), stage, to=to, options=options)

    def deregister(self, selector: str, **options: Unpack[WriteOptions]) -> Written:
        """Withdraw a version; its stages fall back to those who held them before.

        Raises:
            NotFound: it was never registered.
            Conflict: it is deregistered already.
        """
        from gitreg.operations.register import deregister

        self._fetch(fetch=False, artifact=parse_selector(selector).artifact)
        return deregister(self._context, parse_selector(selector), options=options)

    def deprecate(self, artifact: str, **options: Unpack[WriteOptions]) -> Written:
        """Mark an artifact as no longer of use.

        Raises:
            NotFound: it has no event.
            Conflict: it is deprecated already.
        """
        from gitreg.operations.register import deprecate

        self._fetch(fetch=False, artifact=parse_artifact(artifact))
        return deprecate(self._context, parse_artifact(artifact), options=options)

    def push(self, selector: str | None = None, *, dry_run: bool = False, data_check: bool = True) -> Written:
        """Publish the registry tags of this clone that the remote lacks, in order, at most three at a time.

        Args:
            selector: an artifact, a version or a stage; None: all.
            dry_run: only say which.
            data_check: ask the storages first whether they have the bytes of the versions.

        Raises:
            Refused: a storage lacks the bytes of a version.
            Conflict: somebody else published one of the names meanwhile.
        """
        from gitreg.operations.push import push

        return push(
            self._context, parse_selector(selector) if selector is not None else None, dry_run=dry_run, data_check=data_check
        )
