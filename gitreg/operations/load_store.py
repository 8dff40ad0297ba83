"""Which store keeps the bytes: DVC's configuration, from the places that may say so, the most trusted last.

What stands in the repository (`.dvc/config`) was written by anybody who could push, so it may name an address and harmless
options, and never a program to run or a file of this machine. Where a bucket has moved, the default branch knows it and an old
commit does not: the first of work tree, default branch and commit that knows the store counts. What belongs to the person
(`.dvc/config.local` and the configuration of user and system) is laid over it, as DVC does.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gitreg.errors import NotFound, Refused, SettingsFault
from gitreg.files.dvc_config import DvcConfig, read_dvc_config
from gitreg.git.trees import CommitTree
from gitreg.operations.context import Context
from gitreg.operations.moment import head_commit
from gitreg.operations.store_options import Layers, collect_options
from gitreg.storage.addresses import format_address
from gitreg.storage.store import StoreSettings

_DEFAULT_BRANCH: Final = "refs/remotes/origin/HEAD"
_ADDRESS: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")


def load_store_settings(
    context: Context, commit: str | None, *, path: str = "", pinned: str | None = None, remote: str | None = None
) -> StoreSettings:
    """Find out which store keeps the bytes of a commit, and how to reach it.

    Args:
        context: where.
        commit: the full id, or None: the work tree alone.
        path: of the bytes, from the root of the repository; the nearest folder with a ``.dvc`` counts.
        pinned: the store that the pointer names.
        remote: what a person asked for: the name of a store, or an address or a path.

    Raises:
        NotFound: no store is configured, or none of that name.
        SettingsFault: a configuration cannot be read.
        Refused: the store is a relative path, and there is no clone that it could be relative to.
    """
    layers = _read_layers(context, commit, path)
    if remote is not None and ("/" in remote or _ADDRESS.match(remote)):
        return StoreSettings(name=format_address(remote), url=remote if _ADDRESS.match(remote) else str(Path(remote).absolute()))
    name = remote or pinned or layers.choose_name()
    if name is None:
        hint = "keep bytes in a folder: gitreg init --storage DIR; or elsewhere: dvc remote add --default NAME URL"
        raise NotFound("no storage is configured here", hint=hint)
    found = collect_options(layers, name.lower())
    options = dict(found.values)
    if "url" not in options:
        known = ", ".join(layers.names()) or "none"
        raise NotFound(f"there is no storage {name!r} in DVC's configuration, only: {known}", hint="see: dvc remote list")
    url = _place(layers, name, options.pop("url"))
    return StoreSettings(name=name, url=url, options=options, ignored=tuple(sorted(found.ignored)))


def find_dvc_folder(context: Context, path: str = "") -> Path | None:
    """Find the nearest folder of the work tree at or above a path that has a ``.dvc`` folder; None where there is none."""
    root = context.repository.location.work_tree
    places = [root / folder for folder in _folders(path)] if root is not None else []
    return next((place for place in places if (place / ".dvc").is_dir() and not (place / ".dvc").is_symlink()), None)


def load_cache_folder(context: Context, path: str = "") -> Path | None:
    """Find the folder of DVC's cache of this clone; None where DVC is not set up."""
    place = find_dvc_folder(context, path)
    if place is None:
        return None
    layers = _read_layers(context, None, path)
    configs = (layers.local, _read_file(place / ".dvc" / "config"), *layers.personal)
    given = next((config.cache_dir for config in configs if config.cache_dir), None)
    return (place / ".dvc" / os.path.expanduser(given or "cache")).absolute()  # noqa: PTH111  as DVC expands it


def _read_layers(context: Context, commit: str | None, path: str) -> Layers:
    """Read all files that there are."""
    objects = context.repository.objects
    place = find_dvc_folder(context, path)
    checked_out = _read_file(place / ".dvc" / "config") if place else DvcConfig()
    found = [checked_out] if place else []
    branches = [_DEFAULT_BRANCH] if context.repository.location.work_tree else []
    for revision in (*branches, head_commit(objects), commit):
        tree = _tree(context, revision)
        data = next((data for folder in _folders(path) if tree and (data := tree.read(f"{folder}.dvc/config"))), None)
        if data:
            found.append(read_dvc_config(data, ".dvc/config"))
    local = _read_file(place / ".dvc" / "config.local") if place else DvcConfig()
    return Layers(tuple(found), local, tuple(_read_file(file) for file in _personal_files()), place, checked_out)


def _tree(context: Context, revision: str | None) -> CommitTree | None:
    """Open the files of a revision, if there is one."""
    if revision is None:
        return None
    try:
        return CommitTree(context.repository.objects, context.repository.objects.resolve_commit(revision))
    except NotFound:
        return None


def _place(layers: Layers, name: str, url: str) -> str:
    """Make a path absolute, as DVC does: relative to the folder of its configuration.

    Raises:
        Refused: there is no such folder here.
    """
    if url.startswith("file://"):
        url = url.removeprefix("file://")
    if _ADDRESS.match(url):
        return url
    expanded = os.path.expanduser(url)  # noqa: PTH111  as DVC expands it
    if Path(expanded).is_absolute():
        return expanded
    if layers.folder is None:
        message = f"the storage {name!r} is the relative path {url!r}, which means something in a clone only"
        raise Refused(message, hint="say where it is: --remote PATH")
    return os.path.abspath(layers.folder / ".dvc" / url)  # noqa: PTH100  '..' is taken as text, as DVC does


def _personal_files() -> Iterator[Path]:
    """Name the files of user and system, where DVC (by platformdirs) looks for them."""
    home = Path.home()
    user = (
        home / "Library/Application Support/dvc"
        if sys.platform == "darwin"
        else _xdg("XDG_CONFIG_HOME", home / ".config") / "dvc"
    )
    system = (
        Path("/Library/Application Support/dvc")
        if sys.platform == "darwin"
        else _xdg("XDG_CONFIG_DIRS", Path("/etc/xdg")) / "dvc"
    )
    yield Path(os.environ.get("DVC_GLOBAL_CONFIG_DIR") or user) / "config"
    yield Path(os.environ.get("DVC_SYSTEM_CONFIG_DIR") or system) / "config"


def _xdg(variable: str, default: Path) -> Path:
    """Read a folder of the XDG rules; of several the first counts."""
    return Path(os.environ.get(variable, "").split(os.pathsep)[0] or default)


def _read_file(path: Path) -> DvcConfig:
    """Read a file of the work tree or of the person; one that is not there says nothing."""
    try:
        return read_dvc_config(path.read_bytes(), str(path))
    except FileNotFoundError:
        return DvcConfig()
    except OSError as error:
        message = f"DVC's configuration cannot be read: {error.strerror or error}"
        raise SettingsFault(message, file=str(path), hint="look at its permissions") from error


def _folders(path: str) -> Iterator[str]:
    """Name the folders of a path, each with a slash behind, from the nearest to the root, which is the empty text."""
    parts = path.split("/")[:-1]
    for count in range(len(parts), -1, -1):
        yield "".join(f"{part}/" for part in parts[:count])
