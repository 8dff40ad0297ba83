"""The verbs about the bytes themselves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from gitreg.core.selectors import parse_selector
from gitreg.core.versions import parse_bump
from gitreg.registry.opened import Opened, parse_artifact

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.contents import Fetched, Whereabouts
    from gitreg.core.versions import Bump
    from gitreg.core.views import Added
    from gitreg.operations.options import AddOptions, GetOptions


class Bytes(Opened):
    """Where the bytes of versions are, and how they come and go."""

    def add(
        self,
        path: str | os.PathLike[str],
        artifact: str,
        fields: Mapping[str, object] | None = None,
        *,
        register: bool = False,
        version: str | None = None,
        bump: Bump | str | None = None,
        **options: Unpack[AddOptions],
    ) -> Added:
        """Let DVC keep a file or folder, and write its entry; what is done already is not done again.

        Args:
            path: absolute, or relative to the folder that the registry was opened in.
            artifact: its name.
            fields: further fields of the entry, as for `annotate`.
            register: send the bytes to the storage, commit, and register a version.
            version: such as ``v1.2.0``; None: the one that follows the greatest ever registered.
            bump: the part that counts up, by default the patch.
            options: how to write.

        Raises:
            NotFound: there is no such file, or no storage is configured.
            Conflict: the entry has another path, a file has changes of somebody else, or the version is taken.
            Refused: DVC cannot track it here, or settings or the remote forbid it.
            ExternalFault: the disk, the storage or the remote failed.
        """
        from gitreg.operations.add import add
        from gitreg.operations.add_plan import Adding
        from gitreg.operations.register import Registering

        registering = Registering(version=version, bump=parse_bump(bump) if bump is not None else None) if register else None
        wanted = Adding(path=os.fspath(path), artifact=parse_artifact(artifact), fields=fields or {}, registering=registering)
        return add(self._context, wanted, options=options)

    def get(
        self,
        selector: str,
        to: str | os.PathLike[str] | None = None,
        *,
        at: str | None = None,
        fetch: bool = False,
        **options: Unpack[GetOptions],
    ) -> Fetched:
        """Fetch the bytes of a version: checked, and whole or not at all.

        Args:
            selector: such as ``churn@v1.2.0``, ``churn@latest`` or ``churn#prod``.
            to: the path of the file or folder; a text that ends in ``/``, and for a file a folder that is there, mean "into it".
                None: into the current folder, under the name that the artifact's path ends in.
            at: a moment; None: now.
            fetch: bring the remote's registry tags of the artifact first.
            options: how to get.

        Raises:
            NotFound: the selector stands for nothing, the artifact has no path there, or the storage lacks the bytes.
            Conflict: something else is at the target; the same bytes are no conflict.
            Refused: a symbolic link is in the way.
            Corrupted: the bytes are not those that were registered.
            ExternalFault: the storage does not answer, or the disk is full.
        """
        from gitreg.operations.get import Getting, get

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        wanted = Getting(to=None if to is None else os.fspath(to), **options)
        return get(self._context, parsed, at=at, wanted=wanted, fetched=fetched)

    def url(
        self,
        selector: str,
        *,
        at: str | None = None,
        remote: str | None = None,
        seconds: int | None = None,
        fetch: bool = False,
    ) -> Whereabouts:
        """Say where the bytes of a version are, or make links that anybody can read them with.

        Args:
            selector: such as ``churn@v1.2.0``, ``churn@latest`` or ``churn#prod``.
            at: a moment; None: now.
            remote: the storage to name in place of the one that is configured.
            seconds: how long links last, at most a week; None: plain addresses.
            fetch: bring the remote's registry tags of the artifact first.

        Raises:
            NotFound: the selector stands for nothing, or the artifact has no path there.
            Refused: links are wanted, and the place makes none.
        """
        from gitreg.operations.url import find_whereabouts

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        return find_whereabouts(self._context, parsed, at=at, remote=remote, seconds=seconds, fetched=fetched)
