"""Loading contents that git keeps itself, or git-lfs for it."""

from __future__ import annotations

from gitreg.core.contents import Contents, Item
from gitreg.core.entries import Pointer, PointerKind
from gitreg.errors import Refused
from gitreg.git.blobs import Blobs, TreeFile, list_tree
from gitreg.git.lfs import Smudge, lfs_key
from gitreg.git.trees import CommitTree
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded
from gitreg.storage.folder import Folder
from gitreg.storage.manifest import check_paths

_ODD = {"120000": "a symbolic link", "160000": "a submodule"}


def load_git_contents(context: Context, commit: str, pointer: Pointer) -> Loaded:
    """Find the blobs of a file or folder of a commit.

    Raises:
        Refused: a folder holds symbolic links or submodules, which are no bytes.
        Unanswerable: it holds paths that not every file system can have.
    """
    repository = context.repository
    path = "" if pointer.path == "." else pointer.path
    oid = CommitTree(repository.objects, commit).oid(path) or repository.objects.root_tree(commit)
    is_folder = pointer.size is None
    files = _list_files(context, pointer, oid) if is_folder else (TreeFile("", _mode(context, commit, path), oid),)
    sizes = [found.size if found.type else None for found in repository.objects.stat(file.object_id for file in files)]
    items = tuple(
        Item(path=file.path, hash=f"git:{file.object_id}", size=size, key=file.object_id, executable=file.mode == "100755")
        for file, size in zip(files, sizes, strict=True)
    )
    contents = Contents(kind=PointerKind.GIT, path=pointer.path, items=items, is_folder=is_folder, hash=f"git:{oid}")
    return Loaded(contents, (Blobs(repository.git, repository.objects, commit),))


def load_lfs_contents(context: Context, commit: str, pointer: Pointer) -> Loaded:
    """Find the object of git-lfs: in this clone, else through the git-lfs program."""
    del commit
    assert pointer.hash is not None  # noqa: S101  that is what a pointer of git-lfs is
    key = lfs_key(pointer.hash.partition(":")[2])
    item = Item(path="", hash=pointer.hash, size=pointer.size, key=key)
    contents = Contents(kind=PointerKind.LFS, path=pointer.path, items=(item,), is_folder=False, hash=pointer.hash)
    place = context.repository.location.common_dir / "lfs" / "objects"
    local = (Folder("git-lfs", place),) if place.is_dir() else ()
    return Loaded(contents, (*local, Smudge(context.repository.git, pointer.size or 0)))


def _list_files(context: Context, pointer: Pointer, tree: str) -> tuple[TreeFile, ...]:
    """List the files of a folder, if all of them are files and can be written anywhere."""
    context.repository.objects.prepare([tree], trees=True)
    files = tuple(list_tree(context.repository.git, tree))
    odd = next((file for file in files if file.mode in _ODD), None)
    if odd is not None:
        message = f"the folder {pointer.path!r} holds {_ODD[odd.mode]}: {odd.path!r}"
        raise Refused(message, hint="put files in its place for the next version, or check the commit out with git")
    check_paths((file.path for file in files), pointer.path)
    return files


def _mode(context: Context, commit: str, path: str) -> str:
    """Look up the mode of one file."""
    folder, _, name = path.rpartition("/")
    tree = CommitTree(context.repository.objects, commit).oid(folder) or context.repository.objects.root_tree(commit)
    context.repository.objects.prepare([tree], trees=True)
    return next((file.mode for file in list_tree(context.repository.git, tree, below=False) if file.path == name), "")
