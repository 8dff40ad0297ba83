"""Loading contents: from the path of an artifact at a commit to the files that its bytes are, and the places that have them."""

from __future__ import annotations

from functools import partial
from typing import Final

from gitreg.core.entries import PointerKind
from gitreg.errors import NotFound, Unanswerable
from gitreg.files.pointers import find_pointer
from gitreg.git.trees import CommitTree
from gitreg.operations.causes import explain_missing
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded

_DEEPEST: Final = 4  # imports of imports


def load_contents(context: Context, commit: str, path: str, *, remote: str | None = None, depth: int = 0) -> Loaded:
    """Find out which files the bytes of a path consist of, and where they can be read.

    Args:
        context: where.
        commit: the full id.
        path: from the root of the repository, or an address.
        remote: the storage to ask in place of the one that is configured: a name, an address or a path.
        depth: how many repositories have imported it, one from the other.

    Raises:
        NotFound: there is nothing at that path, or the storage lacks the list of a folder.
        Unanswerable: the pointer says nothing of the bytes, or the list of a folder is none that may be followed.
        ExternalFault: the storage does not answer.
    """
    tree = CommitTree(context.repository.objects, commit)
    pointer = find_pointer(path, tree)
    match pointer.kind:
        case PointerKind.DVC:
            from gitreg.operations.load_dvc_contents import load_dvc_contents

            if depth > _DEEPEST:
                message = f"{path!r} is imported through more than {_DEEPEST} repositories"
                raise Unanswerable(message, hint="import it from the first one")
            return load_dvc_contents(context, commit, pointer, remote=remote, follow=partial(load_contents, depth=depth + 1))
        case PointerKind.GIT | PointerKind.LFS:
            from gitreg.operations.load_git_contents import load_git_contents, load_lfs_contents

            load = load_git_contents if pointer.kind is PointerKind.GIT else load_lfs_contents
            return load(context, commit, pointer)
        case PointerKind.URL:
            from gitreg.operations.load_url_contents import load_url_contents

            return load_url_contents(context, commit, pointer)
        case _:
            raise _missing(tree, commit, path)


def _missing(tree: CommitTree, commit: str, path: str) -> NotFound | Unanswerable:
    """Say that there is nothing at a path."""
    if tree.unread:
        message = f"{path!r} at commit {commit[:7]} cannot be found, since this clone lacks objects"
        return Unanswerable(message, hint="run: git fsck; in a partial clone: git fetch --refetch --no-filter")
    unknown = explain_missing(path, tree, commit)
    if unknown is not None:
        return unknown
    kind = {"link": "a symbolic link", "commit": "a submodule"}.get(tree.kind(path) or "", "")
    reason = f"is {kind}, which has no bytes of its own" if kind else "is not there: neither git, git-lfs nor DVC knows it"
    hint = "correct the path for the next version: gitreg annotate NAME --path PATH; or add the file: gitreg add PATH --name NAME"
    return NotFound(f"{path!r} {reason} at commit {commit[:7]}", hint=hint)
