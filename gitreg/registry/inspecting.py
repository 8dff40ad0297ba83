"""What model files say of themselves."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.inspected import Inspection


class Inspecting(Opened):
    """What a model takes and gives, and what loading it could run."""

    def inspect(self, selector: str, *, at: str | None = None, remote: str | None = None, fetch: bool = False) -> Inspection:
        """Say what the headers of the bytes of a version say: nothing is loaded, and nothing is run.

        Of a file in a storage only the parts that are needed are fetched, where the storage can do that.

        Args:
            selector: such as ``churn@v1.2.0`` or ``churn#prod``; ``churn`` alone: what the entry of HEAD points at.
            at: a moment; None: now.
            remote: the storage to ask in place of the one that is configured: the name of a DVC remote, an address or a path.
            fetch: bring the remote's registry tags of the artifact first.

        Returns:
            What was found; a file that breaks off or lies is described as far as it goes, with notes.

        Raises:
            NotFound: the selector stands for nothing, the artifact has no path there, or the storage lacks the bytes.
            ExternalFault: the storage does not answer.
        """
        from gitreg.operations.inspect import inspect

        parsed = parse_selector(selector)
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact)
        return inspect(self._context, parsed, at=at, remote=remote, fetched=fetched)


def inspect_file(path: str | os.PathLike[str]) -> Inspection:
    """Say what the headers of a model file, or of the files of a folder, say; no repository is needed.

    Args:
        path: of the file or folder.

    Returns:
        What was found; a file that breaks off or lies is described as far as it goes, with notes.

    Raises:
        NotFound: there is none.
        ExternalFault: it cannot be read.
    """
    from gitreg.operations.inspect_files import inspect_local

    return inspect_local(Path(path))
