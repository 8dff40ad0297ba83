"""A proxy before any server of the tests: it counts the bytes that a client gets, cuts and holds connections, and speaks TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

from tests.support.servers.hold import Hold
from tests.support.servers.process import LOOPBACK

_PIECE: Final = 1 << 16


@dataclass(slots=True)
class Proxy:
    """Passes connections on to a port of loopback.

    Attributes:
        target: the port of the server.
        port: where the proxy listens.
        received: bytes that clients got.
        sent: bytes that clients sent.
        connections: how many connections there were.
        cuts: how many of them were cut.
    """

    target: int
    port: int = 0
    received: int = 0
    sent: int = 0
    connections: int = 0
    cuts: int = 0
    _limit: int = 0
    _cuts_left: int = 0
    _hold_at: int = 0
    _hold: Hold | None = None
    _holds: list[Hold] = field(default_factory=list)
    _answers: set[asyncio.Task[None]] = field(default_factory=set)

    def forget(self) -> None:
        """Begin to count anew."""
        self.received = self.sent = self.connections = self.cuts = 0

    def cut_after(self, count: int, *, times: int = 1) -> None:
        """Cut connections in the middle of what the client gets; the client sees the end of the stream.

        Args:
            count: bytes that a client still gets on its connection.
            times: how many connections are cut; those after them are left in peace.
        """
        self._limit, self._cuts_left = count, times

    def hold_after(self, count: int) -> Hold:
        """Hold the first connection that has brought its client so many bytes, until the test lets it go."""
        hold = Hold()
        self._hold_at, self._hold = count, hold
        self._holds.append(hold)
        return hold

    def let_go(self) -> None:
        """Let all held connections go on."""
        for hold in self._holds:
            hold.let_go()

    async def connect(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """Connect a client with the server; both ends are closed when the server is done."""
        self.connections += 1
        try:
            from_server, to_server = await asyncio.open_connection(LOOPBACK, self.target)
        except OSError:
            await _close(to_client)
            return
        question = asyncio.create_task(self._pass_to_server(from_client, to_server))
        answer = asyncio.create_task(self._pass_to_client(from_server, to_client))
        self._answers.add(answer)
        await asyncio.wait([answer])
        self._answers.discard(answer)
        question.cancel()
        await asyncio.wait([question])
        await _close(to_server)
        await _close(to_client)

    async def end(self) -> None:
        """End what connections there are, and wait until they are closed: the loop must not stop before."""
        for _ in range(5):  # a connection that has just been accepted has no task for one turn of the loop
            await asyncio.sleep(0)
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                for task in self._answers:
                    task.cancel()
                await asyncio.wait(others)

    async def _pass_to_server(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        """Pass on what the client says."""
        with suppress(OSError):
            while piece := await client.read(_PIECE):
                self.sent += len(piece)
                server.write(piece)
                await server.drain()
            server.write_eof()

    async def _pass_to_client(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Pass on what the server says, up to where this connection is to be cut."""
        passed = 0
        with suppress(OSError):
            while piece := await server.read(_PIECE):
                allowed = self._allow(passed, len(piece))
                await self._send(client, piece[:allowed], passed)
                passed += allowed
                if allowed < len(piece):
                    return

    async def _send(self, client: asyncio.StreamWriter, piece: bytes, passed: int) -> None:
        """Send a piece, with a rest in it if this is where the test wants to be waited for."""
        hold, before = self._hold, self._hold_at - passed
        if hold is not None and before <= len(piece):
            self._hold = None
            client.write(piece[: max(0, before)])
            await client.drain()
            await asyncio.to_thread(hold.arrive)
            piece = piece[max(0, before) :]
        client.write(piece)
        await client.drain()

    def _allow(self, passed: int, length: int) -> int:
        """Say how many of the next bytes the client gets, and count them."""
        allowed = length
        if self._cuts_left and passed + length > self._limit:
            allowed = max(0, self._limit - passed)
            self._cuts_left -= 1
            self.cuts += 1
        self.received += allowed
        return allowed


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close a connection, and wait until it is."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@contextmanager
def run_proxy(target: int, context: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """Run a proxy until the end of the block.

    Args:
        target: the port of the server.
        context: makes the connections with clients TLS.
    """
    proxy, ready, loop = Proxy(target), Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(proxy.connect, LOOPBACK, 0, ssl=context)
        proxy.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        await proxy.end()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        proxy.let_go()
        loop.call_soon_threadsafe(stop.set)
        thread.join()
