"""Where the copies of repositories are that are read by their addresses."""

from __future__ import annotations

from gitreg.git.addresses import parse_address
from gitreg.git.mirror_cache import mirror_folder
from gitreg.git.mirror_folder import MirrorFolder


def folder_of(url: str) -> MirrorFolder:
    """Find the folder of the copy of a repository."""
    address = parse_address(url)
    assert address is not None
    return mirror_folder(address)
