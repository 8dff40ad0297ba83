"""What git calls: the hook before a push, and the drivers of merge and diff."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gitreg.errors import Unanswerable
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.hooks import Hooked
    from gitreg.core.pushed import PushReport


class Hooking(Opened):
    """How git and the registry are tied together in a clone."""

    @classmethod
    def open_hooked(cls) -> Self:
        """Open the repository that a hook of git runs for.

        That is the one of the folder, unless git was told of another one: ``git --git-dir=...`` tells its hooks so.

        Raises:
            Unanswerable: there is none.
        """
        given = os.environ.get("GIT_DIR")
        if not given:
            return cls(".")
        with suppress(Unanswerable, OSError):
            here = cls(".")
            if here._context.repository.location.git_dir.samefile(given):
                return here
            here.close()
        return cls(Path(given))

    def install_hooks(self, *, shared: bool = False, dry_run: bool = False) -> Hooked:
        """Write the hook before a push, and the drivers of merge and diff, in this clone; what is there already stays.

        Args:
            shared: write the hook also where other repositories have theirs (a global ``core.hooksPath``).
            dry_run: only say what would be done.

        Raises:
            Refused: the folder of hooks is one of other repositories too, or somebody changed our hook.
            ExternalFault: the system does not let us.
        """
        from gitreg.operations.hooks import install_hooks

        return install_hooks(self._context, shared=shared, dry_run=dry_run)

    def uninstall_hooks(self, *, shared: bool = False, dry_run: bool = False) -> Hooked:
        """Take away what `install_hooks` wrote, and put back what was there before.

        Args:
            shared: take the hook also out of a folder where other repositories have theirs.
            dry_run: only say what would be done.

        Raises:
            Refused: somebody changed our hook.
            ExternalFault: the system does not let us.
        """
        from gitreg.operations.hooks import uninstall_hooks

        return uninstall_hooks(self._context, shared=shared, dry_run=dry_run)

    def check_push(self, refs: str, remote: str, *, data_check: bool = True) -> PushReport:
        """Find out whether a push may happen, as the hook before it does.

        Args:
            refs: what git hands to the hook: a line for each ref (githooks(5)).
            remote: the name of the remote, or its address.
            data_check: ask the storages whether they have the bytes of the versions.
        """
        from gitreg.operations.pre_push import check_push

        return check_push(self._context, refs, remote, data_check=data_check)
