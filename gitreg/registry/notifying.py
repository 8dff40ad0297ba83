"""The verbs that tell others what happened."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gitreg.core.selectors import parse_selector
from gitreg.errors import UsageFault
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.announcements import Channel, Notified
    from gitreg.core.origins import Origin


class Notifying(Opened):
    """What others hear of the registry."""

    def origin(self) -> Origin:
        """Say what events call their source: the address of the remote without who may read it, or else a name that stays."""
        from gitreg.operations.origin import find_origin

        return find_origin(self._context)

    def feed(
        self,
        selector: str | None = None,
        to: str | os.PathLike[str] | None = None,
        *,
        limit: int = 50,
        force: bool = False,
        at: str | None = None,
        fetch: bool = False,
    ) -> str:
        """Write a feed (Atom 1.0): an entry for each event, newest first.

        Args:
            selector: an artifact, a version or a stage; None: all.
            to: a file that it is written to as well; None: none.
            limit: at most so many entries.
            force: replace what is there.
            at: leave out events after this moment.
            fetch: bring the remote's registry tags first.

        Returns:
            The feed, in ASCII. The same events make the same text.

        Raises:
            NotFound: there is no such thing.
            Conflict: something is at the target.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.operations.history import Span, list_history
        from gitreg.operations.new_target import write_text
        from gitreg.render.feed import render_feed

        parsed = parse_selector(selector) if selector is not None else None
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact if parsed else None)
        events = list_history(self._context, parsed, span=Span(at=at, limit=limit), fetched=fetched)
        text = render_feed(events, self.origin(), selector)
        if to is not None:
            write_text(os.fspath(to), text, force=force)
        return text

    def notify(
        self,
        tag: str,
        to: str | Iterable[str],
        *,
        dry_run: bool = False,
        fetch: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> Notified:
        """Tell people and programs what an event changed.

        The addresses come from the environment: ``GITREG_SLACK_URL``, ``GITREG_TEAMS_URL`` and ``GITREG_WEBHOOK_URL``; a webhook
        is signed with ``GITREG_WEBHOOK_SECRET``. None of them appears anywhere.

        Args:
            tag: a name, with or without ``refs/tags/``.
            to: ``slack``, ``teams`` or ``webhook``, or several.
            dry_run: write what would be sent, and send nothing.
            fetch: bring the remote's registry tags of the artifact first.
            wait: waits for some seconds between two tries.

        Returns:
            What was sent, and whether it was taken; that it was not is no error.

        Raises:
            UsageFault: nobody or somebody unknown is to be told.
            AnswerIsNo: it is no registry tag.
            NotFound: there is no such tag.
            Unanswerable: the tag cannot be read as an event, or this clone may lack tags.
        """
        from gitreg.core.announcements import Delivery, Letter, Notified
        from gitreg.operations.check_ref import find_artifact
        from gitreg.operations.notify import deliver, load_announcement
        from gitreg.render.notifications import CONTENT_TYPES, render_body

        channels = _parse_channels(to)
        fetched = self._fetch(fetch=fetch, artifact=find_artifact(tag))
        announcement = load_announcement(self._context, tag, fetched=fetched)
        origin = self.origin()
        letters = [Letter(one, render_body(one, announcement, origin), CONTENT_TYPES[one]) for one in channels]
        if dry_run:
            deliveries = tuple(Delivery(letter=letter) for letter in letters)
        else:
            deliveries = deliver(announcement, letters, wait=wait)
        return Notified(announcement=announcement, deliveries=deliveries, dry_run=dry_run)


def _parse_channels(to: str | Iterable[str]) -> list[Channel]:
    """Read whom to tell, each once.

    Raises:
        UsageFault: nobody, or somebody unknown.
    """
    from gitreg.core.announcements import Channel

    known = ", ".join(Channel)
    try:
        channels = [Channel(name) for name in dict.fromkeys([to] if isinstance(to, str) else to)]
    except ValueError as error:
        raise UsageFault(
            f"nobody knows how to tell {str(error).split(' ', maxsplit=1)[0]}", hint=f"choose among {known}"
        ) from error
    if not channels:
        raise UsageFault("it was not said whom to tell", hint=f"choose among {known}")
    return channels
