"""The verbs about the bytes themselves."""

from __future__ import annotations

import os
from typing import Unpack

from gitreg.core.contents import Fetched, Whereabouts
from gitreg.core.selectors import parse_selector
from gitreg.operations.options import GetOptions
from gitreg.registry.opened import Opened


class Bytes(Opened):
    """Where the bytes of versions are, and how they come and go."""

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
