"""What DVC ignores: the rules of ``.dvcignore``, followed by DVC's own code, so that there is no second reading of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gitreg.errors import ExternalFault, Refused
from gitreg.storage.tracking import Keep

_FILE = ".dvcignore"


def load_rules(root: Path, path: Path) -> Keep | None:
    """Find out what DVC would ignore of a file or folder.

    Args:
        root: the folder that has ``.dvc``.
        path: below it.

    Returns:
        What leaves ignored files out; None where nothing is ignored, which needs no DVC.

    Raises:
        ExternalFault: there are rules, and DVC is not installed.
        Refused: the path itself is ignored.
    """
    if not any(_has_rules(folder / _FILE) for folder in _between(root, path)):
        return None
    try:
        from dvc.fs import localfs
        from dvc.ignore import DvcIgnoreFilter
    except ImportError as error:
        message = "only DVC can follow the rules of .dvcignore here, and it is not installed"
        raise ExternalFault(message, hint="pip install 'gitreg-ml[dvc]'") from error
    rules = DvcIgnoreFilter(localfs, str(root))
    if rules.is_ignored(localfs, str(path)):
        raise Refused(f"{path.relative_to(root)} is ignored by .dvcignore", hint=f"dvc check-ignore --details {path}")
    keep: Keep = rules
    return keep


def _between(root: Path, path: Path) -> Iterator[Path]:
    """Name the folders from the one of a path up to the root."""
    for folder in path.parents:
        yield folder
        if folder == root:
            return


def _has_rules(file: Path) -> bool:
    """Say whether a file holds more than comments."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(line.strip() and not line.strip().startswith("#") for line in lines)
