"""Where a repository is and of what kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gitreg.errors import Unanswerable
from gitreg.git.run import Git


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The place and kind of a repository.

    Attributes:
        git_dir: the folder of this work tree's HEAD and index.
        common_dir: the folder of the refs and objects, which linked work trees share.
        work_tree: the root of the work tree, or None in a bare repository.
    """

    git_dir: Path
    common_dir: Path
    work_tree: Path | None
    shallow: bool


def locate(folder: Path) -> Location:
    """Find the repository that a folder belongs to, as git finds it.

    Raises:
        Unanswerable: there is none, it is somebody else's, or its `packed-refs` is damaged.
    """
    git = Git(folder)
    # --show-cdup and not --show-toplevel, which fails where there is no work tree
    answer = git.require(
        git.read(
            "rev-parse",
            "--absolute-git-dir",
            "--git-common-dir",
            "--is-inside-work-tree",
            "--is-shallow-repository",
            "--show-cdup",
        )
    ).stdout.decode("utf-8", "surrogateescape")
    git_dir, common_dir, inside, shallow, *rest = answer.split("\n")
    if not {inside, shallow} <= {"true", "false"}:  # git ends each answer with a line end and quotes none
        message = f"the path of the repository at {str(folder)!r} holds a line end"
        raise Unanswerable(message, hint="rename the folder; git too reads such paths wrongly in many places")
    work_tree = (folder / rest[0]).resolve() if inside == "true" else None
    location = Location(
        git_dir=Path(git_dir),
        common_dir=(folder / common_dir).resolve(),
        work_tree=work_tree,
        shallow=shallow == "true",
    )
    _check_packed_refs(location)
    return location


def _check_packed_refs(location: Location) -> None:
    """Refuse an emptied `packed-refs`, which git reads as "no refs": git itself always writes a header line."""
    packed = location.common_dir / "packed-refs"
    try:
        emptied = packed.stat().st_size == 0
    except OSError:
        return
    if emptied:
        message = f"the repository is damaged: {str(packed)!r} is empty, so its tags are lost here"
        raise Unanswerable(message, hint="remove that file, then: git fetch --tags")
