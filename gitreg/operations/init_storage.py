"""`init --storage`: a folder, or an address, becomes the storage where nothing else is said: DVC's default remote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from gitreg.errors import ExternalFault, Refused, UsageFault
from gitreg.files.dvc_setup import CONFIG, SETUP, add_default_remote
from gitreg.files.paths import check_path, is_url
from gitreg.operations.changes import Change, read_file
from gitreg.operations.context import Context
from gitreg.storage.addresses import format_address

NAME: Final = "storage"
"""Of the DVC remote."""


def locate_storage(context: Context, storage: str) -> str:
    """Write a storage as DVC's configuration names it.

    A path becomes absolute: a relative one would mean another place in a clone elsewhere, and none at all to who reads this
    repository by its address.

    Args:
        context: where.
        storage: an address, or a path, relative to the folder that gitreg was opened in.

    Raises:
        UsageFault: it is empty, or no address that DVC knows.
        Refused: it is inside of the repository, where no clone would have it.
    """
    if is_url(storage):
        problem = check_path(storage)
        if problem:
            raise UsageFault(
                f"the address {format_address(storage)!r} {problem}",
                hint="give a folder, or an address such as s3://BUCKET/PREFIX",
            )
        return storage
    if not storage.strip() or not storage.isprintable():
        raise UsageFault(f"{storage!r} is no folder", hint="give a folder, or an address such as s3://BUCKET/PREFIX")
    folder = Path(os.path.abspath(context.repository.git.folder.resolve() / Path(storage).expanduser()))  # noqa: PTH100  keeps links
    if folder.resolve().is_relative_to(context.work_tree):
        message = f"{storage!r} is inside of the repository, so no clone would have it"
        raise Refused(message, hint="give a folder beside it, such as ../storage, or one that others see too")
    return str(folder)


def plan_storage(context: Context, url: str) -> tuple[Change, ...]:
    """Plan the files that DVC needs, with a default remote.

    Raises:
        Refused: there is another default remote.
    """
    changes = []
    for file, content in SETUP.items():
        before = read_file(context, file, make=True)
        after = content if before is None else before
        changes.append(Change(file=file, before=before, after=add_default_remote(after, NAME, url) if file == CONFIG else after))
    return tuple(changes)


def make_storage(url: str) -> None:
    """Make the folder of a storage, if it is one.

    Raises:
        ExternalFault: the system does not let us.
    """
    if is_url(url):
        return
    try:
        Path(url).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExternalFault(f"cannot make the folder {url!r}: {error.strerror}", hint="choose another folder") from error
