"""The verb that makes a version again possible."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.reproduction import Reproduced, Reproduction
    from gitreg.operations.options import ReproduceOptions


class Reproducing(Opened):
    """What a version was made from, in a folder of its own."""

    def reproduce(
        self,
        selector: str,
        to: str | os.PathLike[str],
        *,
        at: str | None = None,
        fetch: bool = False,
        **options: Unpack[ReproduceOptions],
    ) -> Reproduced:
        """Check the commit of a version out with the data that its pipeline reads, whole or not at all; nothing of it is run.

        ``REPRODUCE.md`` and ``reproduce.json`` there have the commands, the environment, and the hashes that should come out.

        Args:
            selector: such as ``churn@v1.2.0``, ``churn@latest`` or ``churn#prod``.
            to: a folder that is not there, or is empty.
            at: a moment; None: now.
            fetch: bring the remote's registry tags of the artifact first.
            options: what to bring along.

        Raises:
            NotFound: the selector stands for nothing, or the storage lacks data.
            Conflict: something is in the folder.
            Refused: a symbolic link is in the way.
            Corrupted: data is not what it was.
            ExternalFault: the storage does not answer, or the disk is full.
        """
        from gitreg.operations import reproduce

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        how = reproduce.Reproducing(to=os.fspath(to), **options)
        return reproduce.reproduce(self._context, parsed, at=at, how=how, write=_write, fetched=fetched)


def _write(made: Reproduction) -> Mapping[str, str]:
    """Write the files that say what to do."""
    from gitreg.operations.reproduce import FACTS, GUIDE
    from gitreg.render.json import format_json
    from gitreg.render.reproduction import render_reproduction, shape_reproduction

    return {GUIDE: render_reproduction(made), FACTS: format_json(shape_reproduction(made))}
