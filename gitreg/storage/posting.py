"""Posting a body to a web server whose very address is a secret: it appears in no sentence and in no traceback.

A try has a limit in total, however slowly a server answers. It is tried again where the server says so (429), fails (5xx) or
breaks off, as late as it asks for, within a bound. Nothing follows a redirect: a body goes where it was sent and nowhere else.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from io import BytesIO
from threading import Thread
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from gitreg.errors import ExternalFault
from gitreg.storage.connections import Limits, is_loopback, name_proxy
from gitreg.storage.web import Credentials, Web

_TRIES: Final = 3
_SECONDS: Final = 10.0  # for one try, from the first packet to the last
_PAUSE: Final = 1.0  # seconds before the second try, and twice as many before the third
_LONGEST_PAUSE: Final = 30.0
_DONE: Final = range(200, 300)
_REDIRECTS: Final = range(300, 400)
_DENIED: Final = frozenset({401, 403})
_TOO_MANY: Final = 429
_SERVER_FAULTS: Final = range(500, 600)
_DIGITS: Final = re.compile("[0-9]{1,9}")
_UNPRINTABLE: Final = re.compile("[^!-~]")
_NO_QUOTES: Final = "!$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what.

    Attributes:
        now: says the time, in seconds since 1970.
        wait: waits for some seconds.
        seconds: that one try may take in total.
    """

    now: Callable[[], int]
    wait: Callable[[float], None]
    seconds: float = _SECONDS


@dataclass(frozen=True, slots=True)
class Target:
    """Where to post to.

    Attributes:
        name: what it is called in sentences, such as the variable that holds the address.
        url: the address, which is a secret.
        key: what the variable is called that holds the key of signatures; empty where nothing is signed.
    """

    name: str
    url: str = field(repr=False)
    key: str = ""

    @property
    def is_local(self) -> bool:
        """Say whether it is this very machine."""
        return is_loopback(urlsplit(self.url).hostname or "")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a try ended.

    Attributes:
        reason: what is the case, as the end of a sentence; empty: it was taken.
        hint: what helps.
        again: whether another try may help.
        pause: seconds that the server asks to wait; None: it does not say.
        denied: whether it does not trust who asks.
        met: whether it answered at all.
    """

    reason: str = ""
    hint: str = ""
    again: bool = False
    pause: float | None = None
    denied: bool = False
    met: bool = True


def make_target(name: str, url: str, key: str = "") -> Target:
    """Read an address.

    Args:
        name: as in `Target`.
        url: as there.
        key: as there.

    Raises:
        ExternalFault: it is no address of a web server, or one that everybody on the way could listen to.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ExternalFault(f"{name} is no address of a web server", hint=f"set {name} to an address with https") from None
    del port
    if parts.scheme not in {"https", "http"} or not host or _UNPRINTABLE.search(parts.netloc):
        raise ExternalFault(f"{name} is no address of a web server", hint=f"set {name} to an address with https")
    if parts.scheme == "http" and not is_loopback(host):
        message = f"{name} is not encrypted, so whoever is on the way could read it and change what is sent"
        raise ExternalFault(message, hint=f"set {name} to an address with https")
    if parts.username is not None or parts.password is not None:
        raise ExternalFault(f"{name} holds a user or a password, which is not sent", hint="let the address itself be the secret")
    path, query = (quote(part, safe=_NO_QUOTES) for part in (parts.path, parts.query))
    return Target(name, SplitResult(parts.scheme, parts.netloc, path, query, "").geturl(), key)


def post(target: Target, body: bytes, headers: Mapping[str, str], patience: Patience) -> int:
    """Post a body, and again if that may help.

    Args:
        target: see `make_target`.
        body: what is sent.
        headers: beside our own ones.
        patience: how long to wait.

    Returns:
        How many tries it took.

    Raises:
        ExternalFault: the server did not take it; no sentence and no traceback says its address.
    """
    outcome, number = _Outcome(), 0
    for number in range(1, _TRIES + 1):
        outcome = _try(target, body, headers, patience)
        if not outcome.reason:
            return number
        pause = _PAUSE * number if outcome.pause is None else outcome.pause
        if not outcome.again or number == _TRIES or pause > _LONGEST_PAUSE:
            break
        patience.wait(pause)
    raise _give_up(target, outcome, number)


def _try(target: Target, body: bytes, headers: Mapping[str, str], patience: Patience) -> _Outcome:
    """Try once, in a thread of its own: nothing else ends a name that nobody resolves, or an answer of a byte at a time."""
    outcomes: list[_Outcome] = []
    # a connection of an earlier try may be what failed
    limits = Limits(connect=patience.seconds, read=patience.seconds, use_proxy=not target.is_local)
    web = Web(target.url, Credentials(), limits)
    sent = {"Content-Length": str(len(body)), **headers}
    now = patience.now()
    thread = Thread(target=lambda: outcomes.append(_post_once(web, target.url, body, sent, now)), daemon=True)
    thread.start()
    thread.join(patience.seconds)
    outcome = outcomes[0] if outcomes else _TOO_SLOW
    return outcome if outcome.met or target.is_local else _blame_proxy(outcome, name_proxy(target.url))


def _blame_proxy(outcome: _Outcome, variable: str) -> _Outcome:
    """Say that it was the proxy that nobody could talk through, if there is one; its address may hold a password."""
    if not variable:
        return outcome
    reason = f"cannot be reached through the proxy that {variable} names, which {outcome.reason}"
    reason = reason.replace("which cannot be reached: ", "with the answer: ")
    return replace(outcome, reason=reason, hint=f"look at {variable}, and name hosts that need no proxy in no_proxy")


def _post_once(web: Web, url: str, body: bytes, headers: Mapping[str, str], now: int) -> _Outcome:
    """Post a body and judge the answer."""
    try:
        with web.send("POST", url, headers, BytesIO(body)) as answer:
            return _judge(answer.status, answer.headers.get("Retry-After", ""), now)
    except TimeoutError:
        return _TOO_SLOW
    except ssl.SSLCertVerificationError:
        hint = "if it is your own authority, name its file: SSL_CERT_FILE"
        return _Outcome("has a certificate that is not trusted", hint)
    except (ConnectionError, HTTPException) as error:
        refused = isinstance(error, ConnectionRefusedError)
        return _Outcome(
            "refuses connections" if refused else "broke off the connection", "look whether it runs", again=True, met=False
        )
    except (OSError, ValueError) as error:  # the second one: a host or a proxy that cannot be one
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the connection failed"
        return _Outcome(f"cannot be reached: {reason}", "check the network", again=True, met=False)
    except Exception:  # noqa: BLE001  nobody foresaw it, and what it says may hold the address
        return _Outcome("broke off the connection", "look whether it runs", again=True, met=False)


def _judge(status: int, retry_after: str, now: int) -> _Outcome:
    """Say what the status of an answer means; what else a server says is not repeated."""
    if status in _DONE:
        return _Outcome()
    if status in _REDIRECTS:
        return _Outcome(f"answered {status}, and nothing is sent on to where it points", "set the address that it moved to")
    if status == _TOO_MANY or status in _SERVER_FAULTS:
        hint = "try again later"
        return _Outcome(f"answered {status}", hint, again=True, pause=_read_pause(retry_after, now))
    return _Outcome(f"answered {status}", "ask whoever made the address whether it is still good", denied=status in _DENIED)


def _read_pause(text: str, now: int) -> float | None:
    """Read how long a server asks to wait: seconds, or a date."""
    text = text.strip()
    if _DIGITS.fullmatch(text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError, OSError):
        return None


def _give_up(target: Target, outcome: _Outcome, number: int) -> ExternalFault:
    """Say why it was not taken."""
    times = f", {number} times" if number > 1 else ""
    asked = f", and asks to wait {outcome.pause:.0f} seconds" if outcome.pause and outcome.pause > _LONGEST_PAUSE else ""
    signed = f"{target.key} has to be the very secret that the receiver checks signatures with"
    hint = signed if target.key and outcome.denied else outcome.hint
    return ExternalFault(f"{target.name} {outcome.reason}{times}{asked}", hint=hint)


_TOO_SLOW: Final = _Outcome("did not answer in time", "look whether it runs", again=True, met=False)
