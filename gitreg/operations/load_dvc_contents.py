"""Loading contents that DVC keeps: a file, a folder by its list, or what lies inside such a folder."""

from __future__ import annotations

import posixpath
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from gitreg.core.contents import Contents, Item, Source, no_advance
from gitreg.core.entries import Pointer, PointerKind
from gitreg.errors import NotFound, Unanswerable
from gitreg.files.outs import Out
from gitreg.files.pointers import find_out
from gitreg.git.trees import CommitTree
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded, fetch_files, staged_file
from gitreg.operations.load_sources import open_sources
from gitreg.storage.manifest import LARGEST, parse_manifest
from gitreg.storage.store import object_key

# Each is as long as it is: a shorter or longer one would be no name of an object, and other signs could lead anywhere.
_HASH: Final = re.compile(r"(?:md5|md5-dos2unix):[0-9a-f]{32}(?:\.dir)?|sha256:[0-9a-f]{64}")
_LIST: Final = ".dir"


def load_dvc_contents(context: Context, commit: str, pointer: Pointer, *, remote: str | None) -> Loaded:
    """Find the files of an out of DVC, or of a path inside one, and the cache and the store that have them.

    Raises:
        NotFound: nothing of that path is in the folder, or nobody has its list.
        Unanswerable: nothing says what the bytes are, or the list is none that may be followed.
        ExternalFault: the store does not answer.
    """
    out = find_out(pointer.path, CommitTree(context.repository.objects, commit))
    assert out is not None  # noqa: S101  that is what makes it DVC's
    digest = _check_hash(out)
    sources, store = open_sources(context, commit, out, remote=remote)
    is_list = digest.endswith(_LIST)
    items = (
        _list_folder(out, digest, sources) if is_list else (Item(path="", hash=digest, size=out.size, key=object_key(digest)),)
    )
    whole = Contents(
        kind=PointerKind.DVC, path=out.path, items=items, is_folder=is_list, store=store, hash=digest, total=out.size
    )
    return Loaded(_choose(whole, pointer.path), sources, most=out.size)


def _check_hash(out: Out) -> str:
    """Take the hash of an out, if it is one that can name an object.

    Raises:
        Unanswerable: it is not.
    """
    if out.hash is None:
        message = f"DVC's files do not say what the bytes of {out.path!r} are"
        raise Unanswerable(message, hint="commit them with DVC and register a version of that commit: dvc commit")
    if not _HASH.fullmatch(out.hash):
        raise Unanswerable(
            f"the hash {out.hash!r} of {out.path!r} is none that DVC gives a file", hint="ask whoever committed it"
        )
    return out.hash


def _list_folder(out: Out, digest: str, sources: tuple[Source, ...]) -> tuple[Item, ...]:
    """Fetch the list of a folder, hold it against its own hash, and read it."""
    algorithm, _, value = digest.partition(":")
    listed = Item(path="", hash=f"{algorithm}:{value.removesuffix(_LIST)}", size=None, key=object_key(digest))
    contents = Contents(kind=PointerKind.DVC, path=out.path, items=(listed,), is_folder=False)
    with tempfile.TemporaryDirectory(prefix="gitreg-") as folder:
        fetch_files(Loaded(contents, sources, most=LARGEST), Path(folder), jobs=1, advance=no_advance)
        data = staged_file(Path(folder), listed).read_bytes()
    files = parse_manifest(data, out.path)
    digests = [f"{algorithm}:{file.md5}" for file in files]
    return tuple(
        Item(path=file.path, hash=digest, size=None, key=object_key(digest)) for file, digest in zip(files, digests, strict=True)
    )


def _choose(whole: Contents, path: str) -> Contents:
    """Choose what lies at a path inside a folder: a file, or the files below a folder of it.

    Raises:
        NotFound: there is nothing.
    """
    inside = posixpath.relpath(path, whole.path)
    if inside == ".":
        return whole
    file = next((item for item in whole.items if item.path == inside), None)
    if file is not None:
        return replace(whole, path=path, items=(replace(file, path=""),), is_folder=False, hash=file.hash, total=file.size)
    below = tuple(
        replace(item, path=item.path.removeprefix(f"{inside}/")) for item in whole.items if item.path.startswith(f"{inside}/")
    )
    if not below:
        raise NotFound(
            f"there is no {inside!r} in the folder {whole.path!r}", hint="look at its files: gitreg url NAME@VERSION --json"
        )
    return replace(whole, path=path, items=below, hash=None, total=None)
