"""What gitreg says to a repository that it knows by its address: git's own words, and what went wrong sorted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import Final

from gitreg.core.redaction import redact
from gitreg.core.tags import REF_PREFIX, strip_ref
from gitreg.errors import ExternalFault
from gitreg.git.addresses import Address
from gitreg.git.credentials import split_credentials
from gitreg.git.remote import no_answer
from gitreg.git.run import Completed, Git, config_environment

# The cache is no treasure: what a power cut leaves of it is seen, and made anew. Nothing that the remote has is told to it again
# (`noop`): the answer is the same every time, and one turn of the conversation shorter.
_OPTIONS: Final = (
    *("-c", "core.fsync=none"),
    *("-c", "fetch.negotiationAlgorithm=noop"),
    *("-c", "fetch.prune=false"),
    *("-c", "fetch.pruneTags=false"),
    *("-c", "fetch.writeCommitGraph=false"),
    *("-c", "fetch.recurseSubmodules=false"),
)
_FETCH: Final = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--write-fetch-head")
# A folder of this machine is read by our own git, so that it can leave out what nobody asked for, whatever is configured there.
_OWN_SERVER: Final = "git -c uploadpack.allowFilter=true -c uploadpack.allowAnySHA1InWant=true upload-pack"
_PROTOCOLS: Final = ("https", "ssh", "git", "file")
_NO_REF: Final = ("couldn't find remote ref", "no such remote ref")
_NOT_ON_ITS_OWN: Final = ("unadvertised object", "not our ref")
_DAMAGE: Final = (
    "bad object",
    "bad config",
    "bad tree",
    "broken",
    "corrupt",
    "did not send all necessary objects",
    "index file",
    "invalid sha1 pointer",
    "loose object",
    "missing blob",
    "missing tree",
    "not a git repository",
    "packed-refs",
    "packfile",
    "shallow",
    "unable to parse",
    "unable to read",
    "unresolved deltas",
)
_MISSING = re.compile(r"not our ref ([0-9a-f]{40,64})")
_QUOTED = re.compile(r"'[^']*'")
_NO_PASSWORD = re.compile(r"askpass|could not read (?:Username|Password)")
_FETCHED = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})\t[^\t]*\t(?:(tag|branch|[a-z -]*) ?'(.*)' of )?.*")


class NoSuchRef(ExternalFault):
    """The remote has no ref of a name that was asked for."""


class NotOnItsOwn(ExternalFault):
    """The remote gives objects that its refs name, and no others on their own.

    Attributes:
        missing: ids that the remote does not have at all, if it says so.
    """

    missing: frozenset[str] = frozenset()


class Damaged(Exception):
    """What we have of the remote cannot be read."""


class OtherFormat(Exception):
    """The remote's ids are longer than ours, or shorter."""


class Talk:
    """Conversations with one repository.

    Args:
        address: where it is.
        folder: the bare repository that takes what it sends.

    Attributes:
        git: in that folder; it knows the remote by the address without secrets, which so are in no file and on no command line.
    """

    def __init__(self, address: Address, folder: Path) -> None:
        """Prepare the environment; nothing is started."""
        self._address = address
        credentials = split_credentials(address.url)
        url = (f"remote.{address.shown}.url", credentials.url)
        promises = [(f"remote.{address.shown}.promisor", "true"), (f"remote.{address.shown}.partialclonefilter", "blob:none")]
        talking = {
            **config_environment([url, *promises, *credentials.config]),
            **credentials.environment,
            "GIT_ALLOW_PROTOCOL": _allowed_protocols(address),
        }
        self.git = Git(folder, config_environment([url]), talking, own=True)
        self._report = ""
        self._server = (f"--upload-pack={_OWN_SERVER}",) if address.scheme == "file" else ()

    def fetch(self, git: Git, sources: Iterable[str], *options: str, filter: str = "tree:0", depth: int = 1) -> None:  # noqa: A002
        """Fetch what refs or ids name, without history.

        Args:
            git: `git`, perhaps with a lock.
            sources: names of refs, patterns with places to keep them, or full ids.
            options: further ones of ``git fetch``.
            filter: what to leave out, in git's words, or an empty text.
            depth: how many commits to take, of each line.

        Raises:
            NoSuchRef: one of the names is none there.
            NotOnItsOwn: one of the ids is of no ref, and the remote does not give such.
            Damaged: what is here already cannot be read.
            ExternalFault: the remote does not answer.
        """
        asked = (f"--filter={filter}" if filter else "--no-filter", f"--depth={depth}", *self._server, *options)
        lines = "".join(f"{source}\n" for source in sources).encode()
        report = self.git.folder / "FETCH_HEAD"
        report.unlink(missing_ok=True)
        completed = git.write(*_OPTIONS, *_FETCH, *asked, "--stdin", "--end-of-options", self._address.shown, stdin=lines)
        self._report = report.read_text("utf-8", "surrogateescape") if report.exists() else ""
        report.unlink(missing_ok=True)  # it may hold the address with the password
        self._require(completed)

    def list_tags(self) -> dict[str, str]:
        """Ask for all tags: ids of their objects by name without ``refs/tags/``.

        Raises:
            ExternalFault: the remote does not answer.
        """
        arguments = ("ls-remote", "--quiet", "--tags", "--refs", *self._server, "--end-of-options", self._address.shown)
        completed = self._require(self.git.write(*_OPTIONS, *arguments))
        pairs = (line.split("\t", 1) for line in completed.text.splitlines() if line.count("\t") == 1)
        return {strip_ref(ref): object_id for object_id, ref in pairs if ref.startswith(REF_PREFIX)}

    def places(self) -> tuple[str, ...]:
        """Say where git goes to fetch and where to push, after the person's ``insteadOf`` and ``pushInsteadOf``."""
        listed = self.git.require(self.git.read("remote", "--verbose")).text.splitlines()
        ours = (line.partition("\t")[2] for line in listed if line.startswith(f"{self._address.shown}\t"))
        return tuple(place.rpartition(" ")[0] for place in ours)

    def last_fetched(self) -> tuple[str | None, dict[str, str]]:
        """Read what the last fetch brought: the id that the first source without a name has, such as ``HEAD``, and tags."""
        matches = [match for line in self._report.split("\n") if (match := _FETCHED.fullmatch(line))]
        tags = {match[3]: match[1] for match in matches if match[2] == "tag"}
        return next((match[1] for match in matches if match[2] != "tag"), None), tags

    def _require(self, completed: Completed) -> Completed:
        """Pass on a success, and sort failures."""
        if completed.code:
            raise self._sort(completed)
        return completed

    def _sort(self, completed: Completed) -> Exception:
        """Say what went wrong."""
        said = completed.stderr
        fault = no_answer(self._address.shown, completed)
        if any(sign in said for sign in _NO_REF):
            return NoSuchRef(fault.message, hint=fault.hint)
        if any(sign in said for sign in _NOT_ON_ITS_OWN):
            alone = NotOnItsOwn(fault.message, hint=fault.hint)
            alone.missing = frozenset(_MISSING.findall(said))
            return alone
        if "mismatched algorithms" in said:
            return OtherFormat(said)
        return Damaged(redact(said)) if self._is_damage(said) else fault

    def _is_damage(self, said: str) -> bool:
        """Say whether it is about what is here, and not about names that others gave: the remote's own words, and addresses."""
        place = str(self.git.folder)
        lines = [line for line in said.splitlines() if not line.startswith(("remote:", "ssh:"))]
        lines = [_QUOTED.sub(lambda quoted: quoted[0] if place in quoted[0] else "", line) for line in lines]
        signs = [sign for sign in _DAMAGE if sign not in self._address.url]
        return not _NO_PASSWORD.search(said) and any(sign in line for sign in signs for line in lines)


class Listing(Thread):
    """`Talk.list_tags`, while something else is said."""

    def __init__(self, talk: Talk) -> None:
        """Remember whom to ask."""
        super().__init__(daemon=True)
        self._talk = talk
        self._tags: dict[str, str] = {}
        self._error: Exception | None = None

    def run(self) -> None:
        """Ask."""
        try:
            self._tags = self._talk.list_tags()
        except Exception as error:  # noqa: BLE001  it is raised where the answer is wanted
            self._error = error

    def tags(self) -> dict[str, str]:
        """Give the answer, once the thread has ended, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        return self._tags


def _allowed_protocols(address: Address) -> str:
    """List how git may talk, for redirections and ``insteadOf`` too: never unencrypted but to this machine, never a program."""
    ours = [*_PROTOCOLS, *(["http"] if address.scheme == "http" else [])]
    theirs = os.environ.get("GIT_ALLOW_PROTOCOL")
    return ":".join(name for name in ours if theirs is None or name in theirs.split(":"))
