"""What is to be added: where it is, and everything that speaks against tracking it with DVC."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gitreg.core.names import split_artifact
from gitreg.core.problems import format_cause
from gitreg.errors import NotFound, Refused, UsageFault
from gitreg.files.outs import Out
from gitreg.files.overlaps import check_work_files, find_stage, find_work_out
from gitreg.files.paths import check_path
from gitreg.git.commits import is_ignored, is_known
from gitreg.git.index import list_work_files
from gitreg.git.run import Git
from gitreg.operations.changes import check_folders
from gitreg.operations.context import Context
from gitreg.operations.load_store import find_dvc_folder, load_cache_folder
from gitreg.storage.caching import Cache
from gitreg.storage.tracking import Part, survey
from gitreg.storage.tracking_rules import load_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file or folder of the work tree.

    Attributes:
        path: from the root of the repository.
        place: the absolute path.
        parts: its files.
        cache: DVC's cache, where its bytes go.
        out: what DVC says of it already.
        has_dvc: whether DVC is set up here.
    """

    path: str
    place: Path
    parts: tuple[Part, ...]
    cache: Cache
    out: Out | None
    has_dvc: bool

    @property
    def size(self) -> int:
        """Add up the bytes."""
        return sum(part.size for part in self.parts)

    @property
    def is_pipeline(self) -> bool:
        """Say whether a pipeline makes it, so that it has no ``.dvc`` file of its own."""
        return self.out is not None and self.out.stage is not None


def find_target(context: Context, path: str | Path) -> Target:
    """Look at a file or folder, without reading it.

    Args:
        context: where.
        path: absolute, or relative to the folder that gitreg was opened in.

    Raises:
        NotFound: there is no such file or folder.
        Refused: it cannot be tracked by DVC here.
    """
    root = context.work_tree
    place = _place(context, path)
    inside = place.relative_to(root).as_posix()
    _check_place(root, place, inside)
    out = _check_tracked(root, inside)
    dvc_folder = find_dvc_folder(context, inside)
    parts = survey(place, load_rules(dvc_folder, place) if dvc_folder else None)
    _check_inside(inside, parts)
    cache = load_cache_folder(context, inside) or root / ".dvc" / "cache"
    has_dvc = dvc_folder is not None and (dvc_folder / ".dvc" / "config").exists()
    return Target(path=inside, place=place, parts=parts, cache=Cache(cache), out=out, has_dvc=has_dvc)


def relate(target: Target, artifact: str) -> str:
    """Write the path of a target as the ``artifacts.yaml`` of an artifact names it.

    Raises:
        UsageFault: it is not in the folder of that file.
    """
    directory = split_artifact(artifact)[0].strip("/")
    if directory and not target.path.startswith(f"{directory}/"):
        message = f"{target.path!r} is not in {directory!r}, the folder of {artifact!r}"
        raise UsageFault(message, hint=f"leave the folder out of the name: --name {split_artifact(artifact)[1]}")
    return target.path[len(directory) + 1 :] if directory else target.path


def _place(context: Context, path: str | Path) -> Path:
    """Make a path absolute; ``..`` is taken as text, so that links are seen.

    Raises:
        Refused: it is outside of the repository, or in a folder of git or DVC.
    """
    root = context.work_tree
    place = Path(os.path.abspath(context.repository.git.folder.resolve() / path))  # noqa: PTH100  it keeps links
    if not place.is_relative_to(root):
        place = place.parent.resolve() / place.name
    if not place.is_relative_to(root) or place == root:
        message = f"{str(path)!r} is outside of the repository" if place != root else f"{str(path)!r} is the repository itself"
        raise Refused(message, hint="move it into the repository, or name a file or folder in it")
    parts = place.relative_to(root).parts
    if {".git", ".dvc"}.intersection(parts):
        raise Refused(f"{str(path)!r} is in a folder of git or DVC", hint="move it elsewhere in the repository")
    return place


def _check_place(root: Path, place: Path, inside: str) -> None:
    """Refuse what is no file or folder of this repository."""
    problem = check_path(inside)
    if problem:
        raise Refused(f"the path {inside!r} {problem}", hint="rename it; gitreg wants paths that work on every system")
    check_folders(root, place)
    if place.is_symlink():
        raise Refused(f"{inside!r} is a symbolic link", hint="name the real file or folder")
    if not place.exists():
        raise NotFound(f"there is no {inside!r}", hint="give the path of a file or folder")
    if (place / ".git").exists():
        raise Refused(f"{inside!r} is a repository of its own", hint="add a folder without .git")


def _check_tracked(root: Path, inside: str) -> Out | None:
    """Find what DVC says of a path already.

    Raises:
        Refused: git keeps it, DVC keeps it as a part of something else, or nobody knows whether it does.
    """
    git = Git(root)
    if is_known(git, inside):
        message = f"git keeps {inside!r} already, and what git keeps is not for DVC"
        raise Refused(message, hint=f"git rm -r --cached '{inside}' && git commit; or let git keep it: gitreg annotate")
    if is_ignored(git, f"{inside}.dvc"):
        raise Refused(f"git ignores {inside}.dvc", hint=f"see which rule: git check-ignore --verbose {inside}.dvc")
    pipelines = list_work_files(git, ("dvc.yaml", "dvc.lock"))
    out = find_work_out(root, inside, pipelines)
    if out is not None and out.path != inside:
        raise Refused(f"DVC keeps {inside!r} already, as a part of {out.path!r}", hint=f"gitreg annotate NAME --path '{inside}'")
    cause = check_work_files(root, inside, pipelines) if out is None else None
    if cause is not None:
        message = f"what DVC keeps of {inside!r} is not known: {format_cause(cause)}"
        raise Refused(message, hint="mend that file; see: gitreg check")
    stage = find_stage(root, inside, pipelines) if out is None else None
    if stage is not None:
        message = f"{inside!r} is, holds or lies in what the stage {stage!r} of a pipeline makes"
        raise Refused(message, hint="run the pipeline, and then say what it made: dvc repro && gitreg annotate")
    return out


def _check_inside(inside: str, parts: tuple[Part, ...]) -> None:
    """Refuse a folder of which DVC keeps a part already."""
    found = next((part.path for part in parts if part.path.endswith((".dvc", "/dvc.yaml", "/dvc.lock"))), None)
    if found is not None:
        message = f"{inside!r} holds {found!r}, so DVC keeps a part of it already"
        raise Refused(message, hint=f"dvc remove '{inside}/{found}', or add that part alone")
