"""Who writes: the name and address that git knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gitreg.errors import ExternalFault
from gitreg.git.run import Git

_IDENT = re.compile(r"(.*) <(.*)> [0-9]+ ([+-][0-9]{4})")


@dataclass(frozen=True, slots=True)
class Identity:
    """A name, an address and the offset of the local time zone, such as ``+0200``."""

    name: str
    email: str
    zone: str


def read_identity(git: Git) -> Identity:
    """Ask git who would make a tag now.

    git's own rules count (configuration and ``GIT_COMMITTER_*``), but for its last resort, an address made up from the names of
    user and machine: an event must not be signed by an invented author.

    Raises:
        ExternalFault: git knows nobody.
    """
    completed = git.write("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT")
    match = _IDENT.fullmatch(completed.text)
    if completed.code or match is None:
        hint = "git config --global user.name 'Your Name' && git config --global user.email you@example.com"
        raise NoIdentity("git does not know who you are", hint=hint)
    return Identity(match[1], match[2], match[3])


class NoIdentity(ExternalFault):
    """git has neither a name nor an address for the person who writes."""


def read_config(git: Git, key: str) -> str:
    """Read one value of git's configuration, or an empty text."""
    completed = git.read("config", "--get", key)
    return completed.text if completed.code == 0 else ""


def wants_signature(git: Git) -> bool:
    """Say whether git is configured to sign tags."""
    completed = git.read("config", "--type=bool", "--get", "tag.gpgSign")
    return completed.code == 0 and completed.text == "true"
