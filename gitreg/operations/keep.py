"""What a repository needs of the bytes that DVC keeps: every hash that anything in it names.

No YAML is parsed: every text of 32 hex digits in a ``.dvc`` file or a ``dvc.lock`` counts as a hash, so that an error keeps too
much and never too little. Files are read at every tip (tags, branches, what is stashed, experiments of DVC, HEAD of every work
tree), in every index and in every work tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.core.words import format_count
from gitreg.errors import Unanswerable
from gitreg.git.index import list_staged, list_work_files
from gitreg.git.remote import list_remote_refs, list_remotes
from gitreg.git.run import Git
from gitreg.git.tips import is_partial, list_pseudo_refs, list_refs, list_stashed, list_work_trees
from gitreg.git.walk import walk_files
from gitreg.operations.context import Context, read_context_settings
from gitreg.operations.wholeness import require_whole

_PATTERNS: Final = ("*.dvc", "dvc.lock")
_HASH: Final = re.compile(rb"(?<![0-9a-f])([0-9a-f]{32})(?![0-9a-f])(\.dir)?")
_LARGEST: Final = 128 << 20  # bytes of a file of the work tree
# DVC's experiments share its stores too, and a clone does not fetch them.
_MUST_BE_HERE: Final = ("refs/heads/", "refs/tags/", "refs/exps/")
_NO_TEXT: Final = (b"\0", b"version https://git-lfs")


@dataclass(frozen=True, slots=True)
class Needed:
    """What a repository needs.

    Attributes:
        hashes: 32 hex digits each, of files and of lists of folders.
        lists: those of them that are lists of folders; what they name is needed too.
        refs: how many refs there are.
    """

    hashes: set[bytes]
    lists: set[bytes]
    refs: int


def find_needed(context: Context) -> Needed:
    """Find the hashes that anything in a repository names, from git objects and files alone.

    Raises:
        Unanswerable: this clone is not whole, lacks refs of the remote, or a file in it cannot be read.
        ExternalFault: the remote does not answer.
    """
    require_everything(context)
    git, objects = context.repository.git, context.repository.objects
    refs = list_refs(git)
    tips = {*refs.values(), *list_stashed(git, refs), *list_pseudo_refs(objects), *_list_remote_tips(context)}
    needed = Needed(set(), set(), len(refs))
    for root, head in ((tree.root, tree.head) for tree in list_work_trees(git)):
        tips.update([head] if head is not None else [])
        if root.is_dir():
            tips.update(_read_work_tree(root, needed))
    for file in walk_files(objects, tips, is_pointer_file):
        collect_hashes(file.content, needed, f"the object {file.object_id}")
    return needed


def require_everything(context: Context) -> None:
    """Refuse a clone that was made without all commits, tags and objects.

    Raises:
        Unanswerable: it was.
    """
    require_whole(context.repository.location)
    if is_partial(context.repository.git):
        message = "this is a partial clone, so what its commits need is not known here"
        raise Unanswerable(message, hint="run it in a whole clone, or: git fetch --refetch --no-filter")


def is_pointer_file(name: bytes) -> bool:
    """Say by its name, without folders, whether a file may name bytes that DVC keeps."""
    return name.endswith(b".dvc") or name == b"dvc.lock"


def collect_hashes(content: bytes, needed: Needed, name: str) -> None:
    """Note every hash in a file.

    Raises:
        Unanswerable: it is no text, such as one that is encrypted or kept by git-lfs.
    """
    if content.startswith(_NO_TEXT[1]) or _NO_TEXT[0] in content:
        message = f"{name} should say what bytes DVC keeps, but it is no text"
        raise Unanswerable(message, hint="keep .dvc files and dvc.lock in git as they are, not encrypted and not in git-lfs")
    for digest, is_list in _HASH.findall(content):
        needed.hashes.add(digest)
        if is_list:
            needed.lists.add(digest)


def _list_remote_tips(context: Context) -> Iterator[str]:
    """Ask the git remotes what their refs name: others may need what this clone has not heard of.

    All of them are asked: where ``origin`` is a person's own fork, what others have registered is on another one.

    Raises:
        Unanswerable: one has something that is not here.
    """
    git = context.repository.git
    remotes = list_remotes(git)
    for remote in dict.fromkeys((read_context_settings(context).remote, *remotes)) if remotes else ():
        listed = list_remote_refs(git, remote)
        here = {found.object_id for found in context.repository.objects.stat(set(listed.values())) if found.type}
        missing = sorted(ref for ref, oid in listed.items() if oid not in here and ref.startswith(_MUST_BE_HERE))
        if missing:
            raise _behind(remote, missing)
        yield from here


def _behind(remote: str, missing: list[str]) -> Unanswerable:
    """Say that the remote knows more than we do."""
    message = f"{remote!r} has {format_count(len(missing), 'ref')} whose commits are not here, such as {missing[0]!r}"
    experiments = any(ref.startswith("refs/exps/") for ref in missing)
    wanted = "'refs/exps/*:refs/exps/*'" if experiments else f"'+refs/heads/*:refs/remotes/{remote}/*'"
    return Unanswerable(f"{message}, so what they need is not known", hint=f"git fetch --tags {remote} {wanted}")


def _read_work_tree(root: Path, needed: Needed) -> Iterator[str]:
    """Note what the files of a work tree name, and give the ids of those of its index."""
    git = Git(root)
    yield from (object_id for path, object_id in list_staged(git, _PATTERNS) if is_pointer_file(_name(path)))
    for path in list_work_files(git, _PATTERNS):
        if is_pointer_file(_name(path)):
            collect_hashes(_read_file(root / path), needed, f"the file {path!r}")


def _name(path: str) -> bytes:
    """Take the name of a file without its folders."""
    return path.rpartition("/")[2].encode("utf-8", "surrogateescape")


def _read_file(path: Path) -> bytes:
    """Read a file of a work tree; one that git knows and that is not there names nothing.

    Raises:
        Unanswerable: it cannot be read.
    """
    try:
        if not path.is_file():
            return b""
        if path.stat().st_size <= _LARGEST:
            return path.read_bytes()
        reason = "it is too large"
    except OSError as error:
        reason = error.strerror or str(error)
    raise Unanswerable(f"{str(path)!r} cannot be read: {reason}", hint="look at the file and its permissions")
