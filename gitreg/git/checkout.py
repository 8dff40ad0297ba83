"""Checking a commit out into a new repository: no hook, no filter, no submodule and no configuration of anybody has a say.

The objects go through a pipe and not through a transport, so that nothing that the source configures runs either. What git-lfs
keeps stays a pointer. The new repository knows this one commit, as one of a shallow clone does.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from gitreg.errors import Unanswerable
from gitreg.git.repository import Repository
from gitreg.git.run import Completed, Git, explain

_SHA1: Final = 40  # digits
_NOBODY: Final = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
}
_OPTIONS: Final = (
    *("-c", "advice.detachedHead=false"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.protectHFS=true"),
    *("-c", "core.protectNTFS=true"),
    *("-c", "submodule.recurse=false"),
)


def check_out(repository: Repository, commit: str, folder: Path, *, origin: str, ignored: Iterable[str] = ()) -> None:
    """Make a repository of one commit, and check it out.

    Args:
        repository: where the commit is; nothing in it changes.
        commit: the full id.
        folder: where to; it is empty.
        origin: the address or path that the new repository knows as its origin.
        ignored: names in the root that its git ignores.

    Raises:
        Unanswerable: objects are missing here, or the commit holds a path that git does not write.
        ExternalFault: git or the disk failed.
    """
    git = Git(folder, reading=_NOBODY, writing=_NOBODY)
    kind = "sha1" if len(commit) == _SHA1 else "sha256"
    git.require(git.write("init", "--quiet", "--template=", "--initial-branch=main", f"--object-format={kind}"))
    _copy_objects(repository, commit, git)
    if _has_parents(repository, commit):
        (folder / ".git" / "shallow").write_text(f"{commit}\n", encoding="ascii")
    else:  # nothing is cut off, and the tags are missing all the same: whoever asks for a version must know
        git.require(git.write("config", "remote.origin.tagOpt", "--no-tags"))
    git.require(git.write("config", "remote.origin.url", origin))
    git.require(git.write("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"))
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "exclude").write_text("".join(f"/{name}\n" for name in ignored), encoding="utf-8")
    done = git.write(*_OPTIONS, "checkout", "--quiet", "--detach", commit)
    if done.code:
        reason = explain(done, folder)
        raise Unanswerable(f"commit {commit[:7]} cannot be checked out: {reason.message}", hint=reason.hint)


def _copy_objects(repository: Repository, commit: str, to: Git) -> None:
    """Bring a commit and all its folders and files."""
    with TemporaryFile() as listed:
        listed.writelines(f"{object_id}\n".encode() for object_id in chain([commit], _list_objects(repository, commit)))
        listed.seek(0)
        packing = repository.git.start("pack-objects", "--stdout", "-q", stdin=listed, stderr=subprocess.DEVNULL)
        assert packing.stdout is not None  # noqa: S101  it was asked for
        with packing:
            unpacking = to.start("index-pack", "--stdin", stdin=packing.stdout)
            packing.stdout.close()  # so that it ends where the other one does
            _, said = unpacking.communicate()
    if unpacking.returncode or packing.returncode:
        raise explain(Completed(unpacking.returncode or 1, b"", said.decode("utf-8", "replace").strip()), to.folder)


def _list_objects(repository: Repository, commit: str) -> list[str]:
    """List the ids of the folders and files of a commit, all of which are here then.

    Raises:
        Unanswerable: one is missing.
    """
    objects, git = repository.objects, repository.git
    objects.prepare([commit])
    root = objects.root_tree(commit)
    objects.prepare([root], trees=True)
    listed = git.require(git.read("ls-tree", "-r", "-t", "-z", "--full-tree", "--end-of-options", root)).stdout
    tree = git.require(git.read("rev-parse", "--verify", "--quiet", "--end-of-options", root)).text
    facts = (line.partition(b"\t")[0].decode("ascii").split(" ") for line in listed.split(b"\0") if line)
    found = [(kind, object_id) for _, kind, object_id in facts if kind != "commit"]
    blobs = list(dict.fromkeys(object_id for kind, object_id in found if kind == "blob"))
    missing = next((one.object_id for one in objects.stat(blobs) if one.type != "blob"), None)
    if missing is not None:
        hint = "run: git fsck; in a partial clone: git fetch --refetch --no-filter; or read it where it is: --repo URL"
        raise Unanswerable(f"this clone lacks files of commit {commit[:7]}", hint=hint)
    return [tree, *dict.fromkeys(object_id for kind, object_id in found if kind == "tree"), *blobs]


def _has_parents(repository: Repository, commit: str) -> bool:
    """Say whether a commit has one before it."""
    head = next(iter(repository.objects.contents([commit], types=("commit",)))).content.partition(b"\n\n")[0]
    return b"\nparent " in head
