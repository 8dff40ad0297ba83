"""Connections to web servers that are kept open and used again, by several threads, through the proxy of the environment."""

from __future__ import annotations

import http.client
import os
import ssl
import threading
import weakref
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

_TIME_LIMIT: Final = 60.0  # seconds, as DVC's
_BLOCK: Final = 256 << 10  # bytes that are sent at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a connection has to keep to.

    Attributes:
        verify: whether the certificate of the server must be valid, or the path of the certificates that may sign it.
        connect: seconds that it may take to reach the server.
        read: seconds that the server may be silent.
        certificate: paths of a certificate that says who we are, and of its key.
        use_proxy: whether to go through the proxy that the environment names.
    """

    verify: bool | str = True
    connect: float = _TIME_LIMIT
    read: float = _TIME_LIMIT
    certificate: tuple[str, str] | None = None
    use_proxy: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """A server: scheme, host in lower case, port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Take the server out of an address.

        Raises:
            ValueError: there is none, or its port is no number.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a web server")
        return cls(parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))


class Connections:
    """Open connections, of which each is used by one request at a time.

    Args:
        limits: what each has to keep to.
    """

    def __init__(self, limits: Limits) -> None:
        """Begin with none."""
        self._limits = limits
        self._idle: dict[Origin, list[http.client.HTTPConnection]] = {}
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        weakref.finalize(self, _close_all, self._idle)

    def take(self, origin: Origin) -> tuple[http.client.HTTPConnection, bool]:
        """Take a connection out, for this request only.

        Returns:
            The connection, and whether it was used before, so that the server may have closed it meanwhile.

        Raises:
            OSError: the server cannot be reached.
            http.client.HTTPException: the proxy does not speak HTTP.
        """
        with self._lock:
            if idle := self._idle.get(origin):
                return idle.pop(), True
        connection = self._connect(origin)
        try:
            connection.connect()
            connection.sock.settimeout(self._limits.read)
        except BaseException:
            connection.close()
            raise
        return connection, False

    def give_back(self, origin: Origin, connection: http.client.HTTPConnection) -> None:
        """Put a connection back, whose answer was read to the end."""
        if connection.sock is None:  # the server asked to close it
            return
        with self._lock:
            self._idle.setdefault(origin, []).append(connection)

    def forget(self, origin: Origin) -> None:
        """Close what waits for a server: it has closed one connection, so it will have closed the others."""
        with self._lock:
            connections = self._idle.pop(origin, [])
        _close_all({origin: connections})

    def target(self, url: str) -> str:
        """Write what stands in the first line of a request: the path, or the whole address where a proxy has to know it."""
        parts = urlsplit(url)
        path = SplitResult("", "", parts.path or "/", parts.query, "").geturl()
        origin = Origin.of(url)
        return f"http://{_host(origin)}{path}" if origin.scheme == "http" and self._proxy(origin) else path

    def extra_headers(self, origin: Origin) -> dict[str, str]:
        """Give what a proxy wants to know of us; for https it has learned that from the CONNECT before."""
        proxy = self._proxy(origin)
        return _authorize(proxy) if proxy and origin.scheme == "http" else {}

    def _proxy(self, origin: Origin) -> SplitResult | None:
        """Find the proxy to a server."""
        return _find_proxy(origin) if self._limits.use_proxy else None

    def _connect(self, origin: Origin) -> http.client.HTTPConnection:
        """Make a connection to a server or its proxy, not open yet."""
        proxy = self._proxy(origin)
        host, port = (proxy.hostname or "", proxy.port or 80) if proxy else (origin.host, origin.port)
        if origin.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._limits.connect, blocksize=_BLOCK)
        connection = http.client.HTTPSConnection(
            host, port, timeout=self._limits.connect, context=self._context(), blocksize=_BLOCK
        )
        if proxy:
            connection.set_tunnel(origin.host, origin.port, _authorize(proxy))
        return connection

    def _context(self) -> ssl.SSLContext:
        """Make the rules for certificates, once: that reads all that the system trusts."""
        with self._lock:
            if self._tls is None:
                self._tls = _make_context(self._limits)
            return self._tls


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name or number alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _make_context(limits: Limits) -> ssl.SSLContext:
    """Read the certificates that count.

    Raises:
        OSError: there is no such file.
    """
    context = ssl.create_default_context(cafile=limits.verify if isinstance(limits.verify, str) else None)
    if limits.verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if limits.certificate:
        context.load_cert_chain(*limits.certificate)
    return context


def _close_all(connections: dict[Origin, list[http.client.HTTPConnection]]) -> None:
    """Close connections that wait."""
    for idle in connections.values():
        for connection in idle:
            with suppress(OSError):
                connection.close()


def _host(origin: Origin) -> str:
    """Write a host with its port; IPv6 has brackets."""
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return f"{host}:{origin.port}"


def _find_proxy(origin: Origin) -> SplitResult | None:
    """Look for the proxy that the environment names (``https_proxy``, ``no_proxy``)."""
    address = getproxies().get(origin.scheme)
    if not address or proxy_bypass(_host(origin)):
        return None
    return urlsplit(address if "://" in address else f"http://{address}")


def name_proxy(url: str) -> str:
    """Say what names the proxy to a server, such as ``https_proxy``; empty: there is none."""
    origin = Origin.of(url)
    if _find_proxy(origin) is None:
        return ""
    name = f"{origin.scheme}_proxy"
    return next((known for known in (name, name.upper()) if os.environ.get(known)), "the system")


def _authorize(proxy: SplitResult) -> dict[str, str]:
    """Write who we are, for the proxy."""
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
