"""Committing some files, whatever else the index and the work tree hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from gitreg.errors import Conflict, ExternalFault, Refused
from gitreg.git.identity import read_identity, read_switch
from gitreg.git.location import Location
from gitreg.git.run import Git, explain

_PLAIN_FILE: Final = "100644"
_UNDER_WAY: Final = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class NewFile(NamedTuple):
    """A file of a commit: its path from the root of the repository, the id of its content, and its mode."""

    path: str
    blob: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCommit:
    """A commit that changes some files of HEAD, and that nothing names yet.

    Attributes:
        files: those that change.
        parent: the full id of HEAD's commit, or an empty text where there is none.
        commit: the full id.
    """

    files: tuple[NewFile, ...]
    parent: str
    commit: str


def require_quiet(location: Location) -> None:
    """Refuse to commit in the middle of a merge, rebase, cherry-pick or revert, or while git works on the index.

    Raises:
        Refused: one is under way.
        ExternalFault: the index is locked.
    """
    if (location.git_dir / "index.lock").exists():
        raise ExternalFault("another git is at work here, or left its index.lock behind", hint="wait for it, or: gitreg doctor")
    under_way = next((name for name in _UNDER_WAY if (location.git_dir / name).exists()), None)
    if under_way:
        what = under_way.split("_")[0].split("-")[0].lower().replace("cherry", "cherry-pick")
        raise Refused(f"a {what} is under way, and a commit now would be part of it", hint="finish it first: git status")


def require_seen(git: Git, path: str) -> None:
    """Refuse a file that git was told not to look at in the work tree: what is there is not what is committed.

    In a sparse checkout the file is absent and yet has entries, and nothing of git's would say that they are lost.

    Raises:
        Refused: it has the flag of a sparse checkout (skip-worktree), or assume-unchanged.
    """
    _check_flag(git.require(git.read("ls-files", "-v", "--", f":(top,literal){path}")).text[:1], path)


def _check_flag(flag: str, path: str) -> None:
    """Refuse a file by the flag that ``git ls-files -v`` gives it.

    Raises:
        Refused: as `require_seen`.
    """
    if flag == "S" or flag.islower():
        message = f"git does not look at {path} here, as in a sparse checkout, so changes of it could be lost"
        hint = f"git sparse-checkout add /{path}; or: git update-index --no-skip-worktree --no-assume-unchanged {path}"
        raise Refused(message, hint=hint)


def require_clean(git: Git, path: str) -> None:
    """Refuse to commit a file that has changes of somebody else in it.

    Raises:
        Conflict: the file differs from HEAD, in the index or in the work tree.
        Refused: git ignores the file, or does not look at it.
    """
    require_seen(git, path)
    if is_ignored(git, path):
        raise _ignored(path)
    completed = git.require(git.read("status", "--porcelain=v1", "--untracked-files=all", "--", f":(top,literal){path}"))
    if completed.text:
        message = f"{path} has changes that are not committed, and the commit would take them along"
        raise Conflict(message, hint=f"commit or stash them first, or leave out --commit: git diff HEAD -- {path}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a commit shall have of a file: its path from the root, its bytes, and what else may be staged of it."""

    path: str
    data: bytes
    allowed: tuple[bytes, ...] = ()


def find_different(git: Git, wishes: Sequence[Wish], committed: Mapping[str, str]) -> set[str]:
    """Find the files that would be others than HEAD has.

    Args:
        git: in the root of the work tree.
        wishes: the files.
        committed: ids of those that HEAD has, by path.

    Raises:
        Conflict: something else is staged of one, which the commit would take off the index.
        Refused: git ignores one, or does not look at it.
    """
    staged = _list_staged(git, [wish.path for wish in wishes])
    ignored = git.read("check-ignore", "-z", "--stdin", stdin=b"".join(wish.path.encode() + b"\0" for wish in wishes)).stdout
    if ignored:
        raise _ignored(ignored.split(b"\0")[0].decode("utf-8", "replace"))
    different: set[str] = set()
    for wish in wishes:
        new, old, here = _hash(git, wish.path, wish.data), committed.get(wish.path, ""), staged.get(wish.path, set())
        odd = here - {new, old}
        if (odd and not odd <= {_hash(git, wish.path, other) for other in wish.allowed}) or (old and not here):
            message = f"{wish.path} has changes that are staged, and the commit would not have them"
            raise Conflict(message, hint=f"commit or unstage them first: git diff --cached -- {wish.path}")
        if new != old:
            different.add(wish.path)
    return different


def _list_staged(git: Git, paths: Sequence[str]) -> dict[str, set[str]]:
    """List the ids of files in the index: more than one in a conflict.

    Raises:
        Refused: git was told not to look at one of them.
    """
    patterns = (f":(top,literal){path}" for path in paths)
    listed = git.require(git.read("ls-files", "-v", "--stage", "-z", "--", *patterns)).stdout
    found: dict[str, set[str]] = {}
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        facts, tab, path = line.partition("\t")
        if tab:
            flag, _, blob, _ = facts.split(" ")
            _check_flag(flag, path)
            found.setdefault(path, set()).add(blob)
    return found


def _ignored(path: str) -> Refused:
    """Say that git would not take a file."""
    return Refused(f"git ignores {path}, so it is not committed", hint=f"see which rule: git check-ignore --verbose {path}")


def is_ignored(git: Git, path: str) -> bool:
    """Say whether git would not add a file or folder that it does not know yet."""
    return git.read("check-ignore", "--quiet", "--", path).code == 0


def is_known(git: Git, path: str) -> bool:
    """Say whether git keeps a file, or one in a folder."""
    return bool(git.require(git.read("ls-files", "-z", "--", f":(top,literal){path}")).stdout)


def current_branch(git: Git) -> str:
    """Say the name of the branch that HEAD is on.

    Raises:
        Refused: HEAD is on none.
    """
    completed = git.read("symbolic-ref", "--quiet", "--short", "HEAD")
    if completed.code:
        raise Refused("HEAD is on no branch, so there is none to push", hint="git switch BRANCH")
    return completed.text


def make_commit(git: Git, parent: str, files: Mapping[str, bytes], *, message: str) -> FileCommit:
    """Write a commit that is HEAD with some files changed; no ref, index or work tree is touched.

    Args:
        git: in the root of the work tree.
        parent: the full id of HEAD's commit, or an empty text.
        files: new contents by path from the root.
        message: of the commit.

    Raises:
        ExternalFault: git could not write it, or does not know who commits.
    """
    read_identity(git)
    modes = _list_modes(git, parent, files)
    new = tuple(NewFile(path, _hash(git, path, data, "-w"), modes.get(path, _PLAIN_FILE)) for path, data in files.items())
    with tempfile.TemporaryDirectory(prefix="gitreg-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git.require(git.write("read-tree", parent or "--empty", environment=index))
        git.require(git.write("update-index", "-z", "--index-info", stdin=_lines(new), environment=index))
        tree = git.require(git.write("write-tree", environment=index)).text
    options = [*(["-S"] if read_switch(git, "commit.gpgSign") else []), *(["-p", parent] if parent else []), "-F", "-"]
    identified = ("-c", "user.useConfigOnly=true")
    commit = git.require(git.write(*identified, "commit-tree", tree, *options, stdin=message.encode("utf-8", "replace"))).text
    return FileCommit(files=new, parent=parent, commit=commit)


def adopt_commit(git: Git, made: FileCommit, *, message: str) -> None:
    """Make a commit HEAD, and let the index know of its files.

    Raises:
        Conflict: HEAD has moved meanwhile; the index is as it was.
        ExternalFault: git could not write.
    """
    before = git.read("ls-files", "--stage", "-z", "--", *(f":(top,literal){file.path}" for file in made.files)).stdout
    git.require(git.write("update-index", "-z", "--index-info", stdin=_lines(made.files)))
    nothing = "0" * len(made.commit)
    old = made.parent or nothing
    completed = git.write("update-ref", "-m", f"gitreg: {message.splitlines()[0]}", "HEAD", made.commit, old)
    if completed.code:
        removed = _lines(NewFile(file.path, nothing, "0") for file in made.files)
        git.write("update-index", "-z", "--index-info", stdin=removed + before)
        if git.read("rev-parse", "--verify", "--quiet", "HEAD^{commit}").text == made.parent:
            raise explain(completed, git.folder)
        raise Conflict("HEAD moved while the commit was made", hint="run it again")


def _hash(git: Git, path: str, data: bytes, *options: str) -> str:
    """Give the id that a file's content has in git, after what its attributes ask for."""
    return git.require(git.write("hash-object", *options, "--stdin", f"--path={path}", stdin=data)).text


def _lines(files: Iterable[NewFile]) -> bytes:
    """Write files as ``git update-index --index-info`` reads them."""
    return b"".join(f"{file.mode} {file.blob}\t{file.path}\0".encode("utf-8", "surrogateescape") for file in files)


def _list_modes(git: Git, parent: str, paths: Iterable[str]) -> dict[str, str]:
    """List the modes that files have in HEAD."""
    if not parent:
        return {}
    listed = git.read("ls-tree", "-z", parent, "--", *paths).stdout.decode("utf-8", "surrogateescape")
    pairs = (line.partition("\t") for line in listed.split("\0") if line.startswith("100"))
    return {path: facts.split(" ", 1)[0] for facts, _, path in pairs}
