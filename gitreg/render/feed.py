"""The feed of a registry: Atom 1.0 (RFC 4287), an entry for each event, the newest first.

The same events make the same bytes: nothing asks a clock. The id of an entry is a ``tag:`` URI (RFC 4151) made of the id of the
tag object, so it never changes, wherever the repository moves. Texts stay text: what XML forbids is written as its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from gitreg.core.events import Event, Kind
from gitreg.core.messages import strip_trailers
from gitreg.core.origins import Origin, quote_part
from gitreg.render.job_log import disarm_xml
from gitreg.render.text import escape, format_commit, format_iso_time, format_target

_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_IDS: Final = "tag:github.com,2026-01-01:gitreg/gitreg"  # an authority that was ours on that day names ids for ever
_NO_CHARACTERS: Final = re.compile("[\ufffe\uffff]")  # the others that XML forbids are no characters for a terminal either
_LONGEST: Final = 10_000  # characters of a message
_NEVER: Final = 0

_SAID: Final = {
    Kind.REGISTRATION: "{} registered",
    Kind.DEREGISTRATION: "{} deregistered",
    Kind.ASSIGNMENT: "{} assigned to {}",
    Kind.UNASSIGNMENT: "{} unassigned from {}",
    Kind.DEPRECATION: "{} deprecated",
}


def render_feed(events: Sequence[Event], origin: Origin, selector: str | None = None) -> str:
    """Write a feed.

    Args:
        events: newest first.
        origin: where the registry comes from.
        selector: what the events were chosen by; None: all.
    """
    name = origin.web.partition("://")[2].partition("/")[2] if origin.web else "Model registry"
    feed = ET.Element("feed", xmlns=_NAMESPACE)
    about = f"{_IDS}:feed:{quote_part(origin.source)}" + (f":{quote_part(selector)}" if selector else "")
    _add(feed, "id", about)
    _add(feed, "title", f"{name}: {selector}" if selector else name)
    _add(feed, "updated", format_iso_time(max((event.at for event in events), default=_NEVER)))
    _add(_add(feed, "author"), "name", "gitreg")
    _add(feed, "generator", "gitreg", uri="https://github.com/gitreg/gitreg")
    _link(feed, origin.web)
    for event in events:
        _add_entry(feed, event, origin)
    ET.indent(feed)
    # ASCII, with numbers for all else: no terminal and no code page changes it
    return f'<?xml version="1.0" encoding="utf-8"?>\n{disarm_xml(ET.tostring(feed).decode("ascii"))}\n'


def describe_event(event: Event) -> str:
    """Say in a few words what happened."""
    target = event.artifact if event.kind is Kind.DEPRECATION else format_target(event.artifact, event.version, event.commit)
    return _SAID[event.kind].format(target, event.stage)


def _add_entry(feed: ET.Element, event: Event, origin: Origin) -> None:
    """Add an event."""
    entry = _add(feed, "entry")
    _add(entry, "id", f"{_IDS}:event:{event.tag_id}")
    _add(entry, "title", describe_event(event))
    _add(entry, "updated", format_iso_time(event.at))
    _add(entry, "published", format_iso_time(event.at))
    _add(
        _add(entry, "author"), "name", event.author.strip() or "unknown"
    )  # no address: a page may be read by more than a repository
    _link(entry, origin.tag_page(event.tag))
    _add(entry, "category", term=event.kind.value)
    _add(entry, "category", term=event.artifact)
    said = strip_trailers(event.message)
    message = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."
    _add(entry, "content", f"{message}\n\ntag {event.tag}, commit {format_commit(event.commit)}".strip(), type="text")


def _link(parent: ET.Element, address: str | None) -> None:
    """Add the address of the page that says the same, if there is one."""
    if address is not None:
        _add(parent, "link", rel="alternate", type="text/html", href=address)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element with a harmless text."""
    element = ET.SubElement(parent, name, attributes)
    if text is not None:
        element.text = _NO_CHARACTERS.sub("\ufffd", escape(text, lines=True))
    return element
