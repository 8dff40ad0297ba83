"""Who writes: the name and address that git knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gitreg.errors import ExternalFault
from gitreg.git.run import Git

_NOT_SET: Final = 1  # the exit code of `git config --get`
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


def read_signing(git: Git) -> list[tuple[str, str]]:
    """Read all that git's configuration says of signing, wherever it says it: keys and values, the last of a key counts."""
    listed = git.require(git.read("config", "--list", "-z")).stdout.decode("utf-8", "surrogateescape")
    pairs = (line.partition("\n") for line in listed.split("\0"))
    return [(key, value if equals else "true") for key, equals, value in pairs if key.startswith(("gpg.", "user.", "tag."))]


def wants_signature(git: Git) -> bool:
    """Say whether git is configured to sign annotated tags.

    Raises:
        ExternalFault: what is configured is neither yes nor no; an unsigned tag could then be one too few.
    """
    return any(read_switch(git, key) for key in ("tag.gpgSign", "tag.forceSignAnnotated"))


def read_switch(git: Git, key: str) -> bool:
    """Read a value that is yes or no; what is not set is no.

    Raises:
        ExternalFault: it is neither.
    """
    completed = git.read("config", "--type=bool", "--get", key)
    if completed.code > _NOT_SET:
        raise ExternalFault(f"git cannot read {key} of its configuration", hint=f"set it to true or false: git config {key} true")
    return completed.text == "true"
