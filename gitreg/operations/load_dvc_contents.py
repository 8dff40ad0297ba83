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
from gitreg.files.outs import ListedFile, Out
from gitreg.files.pointers import find_out
from gitreg.git.trees import CommitTree
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded, fetch_files, staged_file
from gitreg.operations.load_imports import Follow, load_import
from gitreg.operations.load_sources import Renamed, open_cache, open_last
from gitreg.storage.folder import Folder
from gitreg.storage.keys import join_version
from gitreg.storage.manifest import LARGEST, check_paths, parse_manifest
from gitreg.storage.store import StoreSettings, object_key

# Each is as long as it is: a shorter or longer one would be no name of an object, and other signs could lead anywhere.
_HASH: Final = re.compile(r"(?:md5|md5-dos2unix):[0-9a-f]{32}(?:\.dir)?|sha256:[0-9a-f]{64}")
_LIST: Final = ".dir"


def load_dvc_contents(context: Context, commit: str, pointer: Pointer, *, remote: str | None, follow: Follow) -> Loaded:
    """Find the files of an out of DVC, or of a path inside one, and the cache and the store that have them.

    Args:
        context: where.
        commit: the full id.
        pointer: to the out, or to what is inside it.
        remote: the storage to ask in place of the one that is configured.
        follow: looks into another repository, of which it was imported.

    Raises:
        NotFound: nothing of that path is in the folder, or nobody has its list.
        Unanswerable: nothing says what the bytes are, or the list is none that may be followed.
        ExternalFault: the store does not answer.
    """
    out = find_out(pointer.path, CommitTree(context.repository.objects, commit))
    assert out is not None  # noqa: S101  that is what makes it DVC's
    cache = open_cache(context, out.path) if remote is None else None
    if out.origin is not None and remote is None and not _is_cached(cache, out):
        loaded = load_import(context, commit, out, out.origin, follow)
        if loaded is not None:
            return replace(loaded, contents=_choose(loaded.contents, pointer.path))
    last, settings = open_last(context, commit, out, remote=remote, cached=cache is not None)
    if out.listed is not None or (settings is not None and settings.version_aware):
        loaded = _load_in_place(context, commit, out, cache, (last, settings))
    else:
        loaded = _load_by_hash(out, (*((cache,) if cache else ()), last), settings)
    return replace(loaded, contents=_choose(loaded.contents, pointer.path))


def _is_cached(cache: Folder | None, out: Out) -> bool:
    """Say whether the cache knows an out."""
    return cache is not None and out.hash is not None and cache.size(object_key(_check_hash(out))) is not None


def _load_by_hash(out: Out, sources: tuple[Source, ...], settings: StoreSettings | None) -> Loaded:
    """Find the files of an out whose bytes are kept under their hashes, as DVC does in most stores."""
    digest = _check_hash(out)
    is_list = digest.endswith(_LIST)
    item = Item(path="", hash=digest, size=out.size, key=object_key(digest), executable=out.executable)
    contents = Contents(
        kind=PointerKind.DVC,
        path=out.path,
        items=_list_folder(out, digest, sources) if is_list else (item,),
        is_folder=is_list,
        store=settings.name if settings else None,
        hash=digest,
        total=out.size,
    )
    return Loaded(contents, sources, most=out.size)


def _load_in_place(
    context: Context, commit: str, out: Out, cache: Folder | None, store: tuple[Source, StoreSettings | None]
) -> Loaded:
    """Find the files of an out that are listed in DVC's own files, or kept under their own names in a store with versions."""
    last, settings = store
    name = settings.name if settings is not None and settings.version_aware else None
    place = posixpath.relpath(out.path, _dvc_root(context, commit, out.path) or ".") if name else None
    whole = ListedFile(path="", hash=out.hash, size=out.size, executable=out.executable, cloud=out.cloud)
    listed = (whole,) if out.listed is None else out.listed
    if out.listed is not None:
        check_paths((file.path for file in listed), out.path)
    items = tuple(_place_file(out, file, place, name) for file in listed)
    keys = {item.key: object_key(item.hash) for item in items if item.hash}
    contents = Contents(
        kind=PointerKind.DVC,
        path=out.path,
        items=items,
        is_folder=out.listed is not None,
        store=settings.name if settings else None,
        hash=out.hash,
        total=out.size,
    )
    return Loaded(contents, (*((Renamed(cache, keys),) if cache else ()), last), most=out.size)


def _place_file(out: Out, file: ListedFile, place: str | None, store: str | None) -> Item:
    """Say under which key a file is kept: its own name and version, or its hash."""
    digest = _check_hash(replace(out, hash=file.hash)) if file.hash or place is None else None
    key = object_key(digest) if digest and place is None else ""
    if place is not None:
        key = join_version(posixpath.join(place, file.path) if file.path else place, file.cloud.get(store or ""))
    return Item(path=file.path, hash=digest, size=file.size, key=key, executable=file.executable)


def _dvc_root(context: Context, commit: str, path: str) -> str:
    """Find the nearest folder of a path that is a repository of DVC at a commit."""
    tree = CommitTree(context.repository.objects, commit)
    while path:
        path = posixpath.dirname(path)
        if tree.kind(posixpath.join(path, ".dvc")) == "tree":
            return path
    return ""


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
