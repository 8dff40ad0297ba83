"""Revisions that a remote can be asked for: names of refs, and ids."""

from __future__ import annotations

import re

from gitreg.git.addresses import Address
from gitreg.git.objects import UnknownRevision

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_ID = re.compile(r"[0-9a-f]{4,39}")
_REF = re.compile(r"(?![-+^/])(?!.*(?:\.\.|@\{|//|[~^:?*\[\\\x00-\x20\x7f]))(?!@$).*(?<![/.])")


def is_id(rev: str) -> bool:
    """Say whether a revision is the full id of an object."""
    return _ID.fullmatch(rev) is not None


def is_name(rev: str) -> bool:
    """Say whether a revision may be the name of a ref, so that git reads nothing else out of it."""
    return _REF.fullmatch(rev) is not None


def unknown(rev: str, address: Address) -> UnknownRevision:
    """Say that a revision names no commit at an address."""
    short = "a short id is not known from afar; " if _SHORT_ID.fullmatch(rev) else ""
    return UnknownRevision(rev, hint=f"{short}name a branch, a tag or the full id of a commit: git ls-remote '{address.shown}'")
