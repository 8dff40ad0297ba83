"""The index, and the list of files that git knows or does not ignore."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from gitreg.git.objects import Objects
from gitreg.git.run import Git
from gitreg.git.trees import Kind, ObjectTree

_KINDS: Final[dict[str, Kind]] = {"120000": "link", "160000": "commit"}


class IndexTree(ObjectTree):
    """The files of the index, to be read like those of a commit.

    In a hook git may name another index than the usual one; that one counts.

    Args:
        git: in the root of the work tree.
        objects: where the blobs are read from.
    """

    def __init__(self, git: Git, objects: Objects) -> None:
        """List the index."""
        given = os.environ.get("GIT_INDEX_FILE")
        environment = {"GIT_INDEX_FILE": str(Path(given).absolute())} if given else {}
        listed = git.require(git.read("ls-files", "--stage", "-z", environment=environment)).stdout
        super().__init__(objects)
        self._files: dict[str, tuple[Kind, str]] = {}
        for line in listed.decode("utf-8", "surrogateescape").split("\0"):
            facts, tab, path = line.partition("\t")
            if tab:
                mode, object_id, _ = facts.split(" ")
                self._files[path] = (_KINDS.get(mode, "blob"), object_id)
        self._folders = {path[:cut] for path in self._files for cut, sign in enumerate(path) if sign == "/"}

    def find(self, names: tuple[str, ...]) -> list[str]:
        """List the paths of all files of some names, sorted."""
        return sorted(path for path, (kind, _) in self._files.items() if kind == "blob" and path.rpartition("/")[2] in names)

    def list_locks(self) -> list[str]:
        """List the paths of all ``dvc.lock``, in any folder, sorted."""
        return self.find(("dvc.lock",))

    def names(self, folder: str) -> list[str]:
        """List the names in a folder; nothing where there is none."""
        start = f"{folder}/" if folder not in {"", "."} else ""
        return sorted({path[len(start) :].partition("/")[0] for path in self._files if path.startswith(start)})

    def _entry(self, path: str) -> tuple[Kind, str] | None:
        """Look a path up; the index lists files, and folders only by what is in them."""
        if path in self._files:
            return self._files[path]
        return ("tree", "") if path in {"", "."} or path in self._folders else None


def list_staged(git: Git, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """List the files of some names in the index, in any folder: paths from the root and ids; of a conflict each side.

    Args:
        git: in the root of the work tree.
        names: plain names; ``*`` stands for anything.
    """
    listed = git.require(git.read("ls-files", "--stage", "-z", "--", *_patterns(names))).stdout.decode("utf-8", "surrogateescape")
    facts = (line.partition("\t") for line in listed.split("\0") if "\t" in line)
    return [(path, left.split(" ")[1]) for left, _, path in facts]


def list_work_files(git: Git, names: tuple[str, ...]) -> list[str]:
    """List the files of some names in the work tree, in any folder, that git does not ignore; sorted paths from the root.

    Args:
        git: in the root of the work tree.
        names: plain names; ``*`` stands for anything.
    """
    patterns = _patterns(names)
    options = ("--cached", "--others", "--exclude-standard", "--deduplicate", "-z")
    listed = git.require(git.read("ls-files", *options, "--", *patterns)).stdout.decode("utf-8", "surrogateescape")
    return sorted(path for path in listed.split("\0") if path)


def _patterns(names: tuple[str, ...]) -> list[str]:
    """Write patterns of paths that match files of some names in any folder."""
    return [f":(top,glob)**/{name}" for name in names]
