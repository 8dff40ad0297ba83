"""`notify`: tells people and programs what an event changed.

The addresses are secrets, and come from the environment alone: what stands on a command line is read by everybody on the machine.
A webhook is signed as https://www.standardwebhooks.com says, so that any of its libraries can check it.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Final

from gitreg.core.announcements import Announcement, Channel, Delivery, Letter, make_announcement
from gitreg.errors import ExternalFault
from gitreg.operations.check_ref import read_tag_events
from gitreg.operations.context import Context, now
from gitreg.operations.wholeness import require_whole
from gitreg.storage.posting import Patience, make_target, post

VARIABLES: Final = {
    Channel.SLACK: "GITREG_SLACK_URL",
    Channel.TEAMS: "GITREG_TEAMS_URL",
    Channel.WEBHOOK: "GITREG_WEBHOOK_URL",
}
"""The variables that hold the addresses."""

SECRET: Final = "GITREG_WEBHOOK_SECRET"  # noqa: S105  the name of the variable
_ENCODED: Final = "whsec_"


def load_announcement(context: Context, tag: str, *, fetched: bool = False) -> Announcement:
    """Find out what the event of a tag changed.

    Raises:
        AnswerIsNo: it is no registry tag.
        NotFound: there is no such tag.
        Unanswerable: the tag cannot be read as an event, or this clone may lack tags that say what was before.
    """
    event, events = read_tag_events(context, tag)
    if not fetched:
        require_whole(context.repository.location)
    return make_announcement(event, events)


def deliver(announcement: Announcement, letters: Iterable[Letter], *, wait: Callable[[float], None]) -> tuple[Delivery, ...]:
    """Send letters, each whether or not the others arrive.

    Args:
        announcement: what they are about.
        letters: what is sent.
        wait: waits for some seconds between two tries.
    """
    return tuple(_deliver(announcement.event.tag_id, letter, wait) for letter in letters)


def _deliver(message_id: str, letter: Letter, wait: Callable[[float], None]) -> Delivery:
    """Send one letter."""
    headers = {"Content-Type": letter.content_type}
    notes: tuple[str, ...] = ()
    try:
        signed = SECRET if letter.channel is Channel.WEBHOOK else ""
        target = make_target(VARIABLES[letter.channel], _read_variable(VARIABLES[letter.channel]), signed)
        if letter.channel is Channel.WEBHOOK:
            key = _read_key()
            notes = () if key else (f"the webhook is not signed, so its receiver cannot know who sent it: set {SECRET}",)
            headers |= sign(letter.body, message_id=message_id, at=now(), key=key)
        tries = post(target, letter.body.encode(), headers, Patience(now=now, wait=wait))
    except ExternalFault as fault:
        return Delivery(letter=letter, reason=fault.message, hint=fault.hint, notes=notes)
    return Delivery(letter=letter, delivered=True, tries=tries, notes=notes)


def sign(body: str, *, message_id: str, at: int, key: bytes) -> dict[str, str]:
    """Make the headers that say who sent a body, after the scheme of Standard Webhooks.

    Args:
        body: the very text that is sent.
        message_id: stays the same when it is sent again.
        at: when it is sent, in seconds since 1970.
        key: what both sides know; none: nothing is signed.
    """
    headers = {"webhook-id": message_id, "webhook-timestamp": str(at)}
    if key:
        digest = hmac.digest(key, f"{message_id}.{at}.{body}".encode(), "sha256")
        headers["webhook-signature"] = f"v1,{b64encode(digest).decode()}"
    return headers


def _read_variable(name: str) -> str:
    """Read an address.

    Raises:
        ExternalFault: there is none.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        raise ExternalFault(f"{name} is not set", hint=f"give the job the address as the secret {name}")
    return text


def _read_key() -> bytes:
    """Read the key: a text, or bytes in base64 behind ``whsec_``.

    Raises:
        ExternalFault: it is no base64.
    """
    text = os.environ.get(SECRET, "").strip()
    if not text.startswith(_ENCODED):
        return text.encode("utf-8", "surrogateescape")
    try:
        key = b64decode(text.removeprefix(_ENCODED), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ExternalFault(
            f"{SECRET} begins with {_ENCODED}, and what follows is no base64", hint="copy it once more, as a whole"
        )
    return key
