"""The verbs that change entries and look after the repository."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from gitreg.registry.opened import Opened, parse_artifact

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.views import Edited, Report
    from gitreg.operations.options import EditOptions


class Keeping(Opened):
    """What is said of artifacts, and whether all is well."""

    def init(self, *, storage: str | None = None, ci: str | None = None, dry_run: bool = False) -> tuple[Edited, ...]:
        """Write the files that a registry begins with; what is there already stays.

        Args:
            storage: a folder (made if need be) or an address for the bytes; it becomes DVC's default remote.
            ci: ``github`` or ``gitlab``: write the files with which its jobs follow the registry, too.
            dry_run: only say what would be written.

        Raises:
            Refused: there is another default remote.
            UsageFault: nobody knows such a host.
        """
        from gitreg.operations.annotate import init

        return init(self._context, storage=storage, forge=ci, dry_run=dry_run)

    def annotate(
        self, artifact: str, fields: Mapping[str, object], *, inspect: bool = False, **options: Unpack[EditOptions]
    ) -> Edited:
        """Write or change the entry of an artifact.

        Args:
            artifact: its name; the part before ``:`` is the folder whose ``artifacts.yaml`` is meant.
            fields: new values by field; None takes a field away; what may be several (``labels``, ``metrics``, ``params``,
                ``goals``, ``custom``) is united with what is there.
            inspect: fill ``framework`` and ``schema`` from the file, where nobody has said anything of them or `fields` takes
                them away.
            options: how to write.

        Raises:
            UsageFault: a name, field or value is not valid.
            Refused: the settings do not list the type, or the file has problems.
            Conflict: the file has changed meanwhile.
        """
        from gitreg.operations.annotate import annotate

        return annotate(self._context, parse_artifact(artifact), fields, options=options, inspect=inspect)

    def remove(self, artifact: str, **options: Unpack[EditOptions]) -> Edited:
        """Remove the entry of an artifact; its events stay.

        Raises:
            NotFound: it has none in its ``artifacts.yaml``.
        """
        from gitreg.operations.annotate import remove

        return remove(self._context, parse_artifact(artifact), options=options)

    def check(self, *, staged: bool = False, rev: str | None = None) -> Report:
        """Find every problem in files, tags and state.

        Args:
            staged: look at the files of the index, and at nothing else.
            rev: look at the files of a revision; None: of the work tree.
        """
        from gitreg.operations.check import check

        self._fetch(fetch=False)
        return check(self._context, staged=staged, rev=rev)

    def doctor(self, *, offline: bool = False) -> Report:
        """Find out whether this machine and clone are fit.

        Args:
            offline: do not ask the remote.
        """
        from gitreg.operations.doctor import examine

        return examine(self._context, offline=offline)
