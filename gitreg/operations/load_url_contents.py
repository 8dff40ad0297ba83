"""Loading contents that are somewhere else altogether: an address stands in the entry, and nothing says what its bytes are."""

from __future__ import annotations

from gitreg.core.contents import Contents, Item
from gitreg.core.entries import Pointer, PointerKind
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded
from gitreg.operations.load_store import load_store_settings
from gitreg.storage.addresses import format_address
from gitreg.storage.opening import open_store
from gitreg.storage.store import StoreSettings

UNKNOWN = "nothing says what these bytes should be, so nothing was checked"
_REMOTE = "remote://"


def load_url_contents(context: Context, commit: str, pointer: Pointer) -> Loaded:
    """Open the store that an address is; ``remote://NAME/path`` is in a DVC remote.

    Raises:
        NotFound: there is no such DVC remote.
        ExternalFault: what the address needs is not installed.
    """
    settings, key = place_address(context, commit, pointer.path)
    item = Item(path="", hash=None, size=None, key=key)
    contents = Contents(kind=PointerKind.URL, path=pointer.path, items=(item,), is_folder=False)
    return Loaded(contents, (open_store(settings),), (UNKNOWN,))


def place_address(context: Context, commit: str, address: str) -> tuple[StoreSettings, str]:
    """Say in which store an address is, and under which key; the store is the very file where DVC does not know it."""
    if not address.startswith(_REMOTE):
        return StoreSettings(name=format_address(address), url=address), ""
    name, _, key = address.removeprefix(_REMOTE).partition("/")
    return load_store_settings(context, commit, remote=name), key
