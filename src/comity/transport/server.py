"""The exchange: what peers reach, and nobody else.

The order for each request: TLS with a certificate that is believed → the fingerprint is one of
an enrolled peer → path and method → declared length → a turn (a peer has few at once, so that
one alone does not use up threads or memory) → the body, in time → the node, in a worker thread.
Whatever fails before the node is answered with status 400 and nothing else, and the connection
ends; so it does when the node's function raises.
"""

import asyncio
import logging
import re
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import uvloop
from msgspec import Struct
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from comity.exchange.replicas import REPLICA
from comity.seal.certificates import NodeCertificate, certificate_fingerprint
from comity.transport.bugs import note_bug
from comity.transport.connection import (
    PEER,
    TRANSPORT,
    PeerConnection,
    headers_of,
    refusal_headers,
)
from comity.transport.limits import CONTENT, POUCH, Limits
from comity.transport.tls import believe, name_of, server_context
from comity.vocabulary.digests import Digest, parse_digest
from comity.vocabulary.errors import ComityError, Invalid, Unavailable

_log: Final = logging.getLogger("comity.transport")
_from_byte = re.compile(rb"bytes=([0-9]{1,15})-\Z").match
_number = re.compile(rb"[0-9]{1,15}\Z").match
_LONGEST_REST: Final = 1.0
"""Seconds that a peer waits at most for having been costly."""
_HERE: Final = 1.0
"""Seconds for which a peer counts as being there after it asked something."""
_UNDER_WAY: Final = 2 << 20
"""Bytes of a large content that wait to be sent, before the next piece is waited for."""
_QUEUE: Final = 16
"""Requests of one peer that may wait for a turn; more are refused."""


class Content(Struct, frozen=True):
    """A large content on its way to a peer.

    Attributes:
        length: Bytes of the whole content.
        pieces: Its bytes from the position asked for to the end, in pieces of some 64 KiB to
            1 MiB; closed when the peer leaves.
    """

    length: int
    pieces: Iterator[bytes]


Handle = Callable[[Digest, str, bytes], tuple[int, bytes]]
"""Takes a peer's fingerprint, a path and a body; returns status and answer. Runs in a thread."""

HandleContent = Callable[[Digest, Digest, int], Content]
"""Takes a peer's fingerprint, the digest of a ciphertext and the first byte wanted. It raises
what comity means where the peer may not have it: the peer learns nothing of why."""


def no_contents(peer: Digest, digest: Digest, start: int) -> Content:
    """Hold no content for anybody."""
    raise Unavailable("unavailable.content", f"nothing for {peer} from {start} of {digest}")


class _Refusal(Exception):
    """Answer as everything is answered that fails before the node has looked."""


class _Turns:
    """The turns of one peer for one sort of request."""

    def __init__(self, at_once: int) -> None:
        self._free: Final = asyncio.Semaphore(at_once)
        self._most: Final = at_once + _QUEUE
        self._asked = 0
        self.working: Final = asyncio.Lock()
        """Two may arrive at once; one is worked on."""
        self.rests_until = 0.0
        """By the loop's clock: before that, this peer's next request is not begun."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["_Turns"]:
        if self._asked >= self._most:
            raise _Refusal
        self._asked += 1
        try:
            async with self._free:
                yield self
        finally:
            self._asked -= 1


class ExchangeServer:
    """The exchange of one node, in whatever loop starts it."""

    def __init__(  # noqa: PLR0913 - by name
        self,
        handle: Handle,
        *,
        certificates: Callable[[], Sequence[NodeCertificate]],
        trusted: Callable[[], Iterable[bytes]],
        host: str,
        port: int,
        handle_content: HandleContent = no_contents,
        limits: Limits | None = None,
    ) -> None:
        """Prepare; nothing listens yet.

        Args:
            handle: What answers pouches and requests for a replica.
            certificates: Returns the own certificates with their keys, the newest first: a peer
                says which one it expects.
            trusted: Returns the certificates (DER) of the enrolled peers, now.
            host: Address to listen on.
            port: Port; 0 takes a free one.
            handle_content: What answers requests for large contents.
            limits: What a peer may cost.

        Raises:
            Invalid: ``invalid.certificate``.
        """
        self._handle: Final = handle
        self._handle_content: Final = handle_content
        self._trusted: Final = trusted
        self._where: Final = (host, port)
        self._limits: Final = limits or Limits()
        self._certificates: Final = certificates
        self._contexts: Final[dict[str, ssl.SSLContext]] = {}
        self._peers: frozenset[Digest] = frozenset()
        self._turns: Final[dict[tuple[Digest, bool], _Turns]] = {}
        self._heard: Final[dict[Digest, float]] = {}
        """When each peer asked something last, by the loop's clock."""
        self._state: Final = ServerState()
        self._workers: ThreadPoolExecutor | None = None
        self._server: asyncio.Server | None = None
        self.refresh()

    def refresh(self) -> None:
        """Ask again who is enrolled: new peers may connect, others are refused from now on.

        May be called from any thread. Raises what ``trusted`` raises.

        Raises:
            Invalid: ``invalid.certificate``: one is none; nothing has changed.
        """
        trusted = tuple(self._trusted())
        for one in self._certificates():
            name = name_of(one.certificate_der)
            if name not in self._contexts:
                self._contexts[name] = server_context(one)
                self._contexts[name].sni_callback = self._expected
        for context in self._contexts.values():
            believe(context, trusted)
        self._peers = frozenset(map(certificate_fingerprint, trusted))

    def _expected(
        self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext
    ) -> None:
        """Show the certificate that a peer expects; one that it does not say, the newest."""
        connection.context = self._contexts.get(name or "", context)

    async def start(self) -> int:
        """Listen, in the running loop; return the port.

        Raises:
            Unavailable: ``unavailable.port``: taken, or not ours to take.
        """
        config = Config(
            self._application,
            http=PeerConnection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=round(self._limits.idle),
        )
        config.load()
        self._workers = ThreadPoolExecutor(self._limits.workers, "exchange")
        # uvicorn's own Server would take the process's signals and lets a TLS greeting last for
        # a minute; its protocol needs neither.
        try:
            server = await asyncio.get_running_loop().create_server(
                lambda: PeerConnection(
                    config, self._state, limits=self._limits, welcome=self._welcome
                ),
                *self._where,
                ssl=self._contexts[name_of(self._certificates()[0].certificate_der)],
                ssl_handshake_timeout=self._limits.handshake,
                ssl_shutdown_timeout=self._limits.handshake,
                backlog=self._limits.connections,
            )
        except OSError as error:
            host, port = self._where
            said = f"the exchange cannot listen at {host}:{port}"
            raise Unavailable("unavailable.port", said) from error
        self._server = server
        return int(server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no more, let what is being answered end (contents are cut off), close the rest."""
        if self._server is None or self._workers is None:
            return
        self._server.close()
        self._server = None
        for connection in tuple(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(tuple(self._state.tasks), timeout=self._limits.patience)
        for connection in tuple(self._state.connections):
            connection.transport.abort()
        for task in tuple(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        # What a thread still does is the node's own, and ends as it would without a listener.
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _welcome(self, peer: Digest) -> bool:
        connections = self._state.connections
        same = sum(1 for one in connections if isinstance(one, PeerConnection) and one.peer == peer)
        return (
            peer in self._peers
            and same < self._limits.per_peer
            and len(connections) < self._limits.connections
        )

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._route(scope, receive, send)
        except _Refusal:
            await _answer(send, 400, b"", refusal_headers())
        except TimeoutError:
            scope[TRANSPORT].abort()

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer: Digest = scope[PEER]
        method, path = scope["method"], scope["path"]
        # Asked for each request: a peer that was removed is refused on its old connection.
        if peer not in self._peers:
            raise _Refusal
        if method == "POST" and path in {POUCH, REPLICA}:
            await self._request(peer, path, scope, receive, send)
        elif method == "GET" and path.startswith(CONTENT):
            await self._content(peer, scope, send)
        else:
            raise _Refusal

    async def _request(
        self, peer: Digest, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        length = _declared_length(headers_of(scope), self._limits.body(path))
        async with self._turn(peer, content=False) as turns:
            async with asyncio.timeout(self._limits.seconds(length)):
                body = await _read_body(receive, length)
            async with turns.working:
                await self._rest(peer, turns)
                began = asyncio.get_running_loop().time()
                try:
                    status, answer = await self._work(self._handle, peer, path, body)
                finally:
                    ended = asyncio.get_running_loop().time()
                    turns.rests_until = ended + min(ended - began, _LONGEST_REST)
        headers = [
            (b"content-type", b"application/octet-stream"),
            (b"content-length", b"%d" % len(answer)),
        ]
        async with asyncio.timeout(self._limits.seconds(len(answer))):
            await _answer(send, status, answer, headers)

    async def _content(self, peer: Digest, scope: Scope, send: Send) -> None:
        digest, start = _asked_content(scope)
        async with self._turn(peer, content=True):
            content = await self._work(self._handle_content, peer, digest, start)
            try:
                if not 0 <= start < content.length:
                    raise _Refusal
                await self._stream(content, start, scope, send)
            finally:
                close = getattr(content.pieces, "close", None)
                if close is not None:
                    await self._work(close)

    async def _stream(self, content: Content, start: int, scope: Scope, send: Send) -> None:
        last = content.length - 1
        headers = [
            (b"content-type", b"application/octet-stream"),
            (b"content-length", b"%d" % (content.length - start)),
            (b"content-range", b"bytes %d-%d/%d" % (start, last, content.length)),
        ]
        # The next pieces wait behind the one that leaves: the connection is never idle meanwhile.
        scope[TRANSPORT].set_write_buffer_limits(_UNDER_WAY)
        await send({"type": "http.response.start", "status": 206, "headers": headers})
        left = content.length - start
        # A peer that has gone takes every piece without a word; one that stays can resume when
        # this node is back.
        while left and not scope[TRANSPORT].is_closing() and self._server is not None:
            piece = await self._next(content.pieces)
            if piece is None or len(piece) > left:
                break
            left -= len(piece)
            async with asyncio.timeout(self._limits.patience):
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        if left:
            # The status is out: only a cut connection still says that this is not whole.
            scope[TRANSPORT].abort()

    async def _next(self, pieces: Iterator[bytes]) -> bytes | None:
        """Return the next piece, or nothing where there is none, or it cannot be read."""
        try:
            piece: bytes | None = await self._work(next, pieces, None)
        except _Refusal:
            return None
        return piece

    async def _rest(self, peer: Digest, turns: _Turns) -> None:
        """Let a peer wait as long as its last request took, while others are there too.

        Whoever floods a node, with whatever is lawful, gets half of one thread of it; the others
        find it free every other time. Alone, nobody waits.
        """
        now = asyncio.get_running_loop().time()
        self._heard[peer] = now
        if any(now - at < _HERE for one, at in self._heard.items() if one != peer):
            await asyncio.sleep(turns.rests_until - now)

    def _turn(self, peer: Digest, *, content: bool) -> AbstractAsyncContextManager[_Turns]:
        # Contents have turns of their own: a gigabyte under way does not hold up a pouch.
        turns = self._turns.setdefault((peer, content), _Turns(self._limits.at_once))
        return turns.turn()

    async def _work(self, call: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401
        """Call in a worker thread; what it raises refuses the request."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._workers, call, *given)
        except ComityError as error:
            _log.info("refused to a peer: %s", error.code)
            raise _Refusal from error
        except Exception as error:
            note_bug(_log, error)
            raise _Refusal from error


def _declared_length(headers: Mapping[bytes, bytes], most: int) -> int:
    """Return the length of the body, which must be told, and within the limit, before it comes."""
    declared = headers.get(b"content-length", b"")
    if _number(declared) is None or int(declared) > most:
        raise _Refusal
    return int(declared)


async def _read_body(receive: Receive, length: int) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise _Refusal
        parts.append(message["body"])
        more = message["more_body"]
    body = b"".join(parts)
    # The parser counts, too; what it lets through is what was declared.
    if len(body) != length:
        raise _Refusal
    return body


def _asked_content(scope: Scope) -> tuple[Digest, int]:
    """Return which content is asked for, and from which byte on."""
    found = _from_byte(headers_of(scope).get(b"range", b"bytes=0-"))
    if found is None:
        raise _Refusal
    try:
        return parse_digest(scope["path"].removeprefix(CONTENT)), int(found[1])
    except Invalid as error:
        raise _Refusal from error


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


@contextmanager
def running(server: ExchangeServer) -> Iterator[int]:
    """Run an exchange in a thread and loop of its own; the value is its port.

    Raises:
        Unavailable: ``unavailable.port``.
    """
    port: Future[int] = Future()
    loop = uvloop.new_event_loop()
    end = asyncio.Event()

    async def life() -> None:
        try:
            port.set_result(await server.start())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            port.set_exception(error)
            return
        await end.wait()
        await server.stop()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(life())

    thread = threading.Thread(target=run, name="exchange", daemon=True)
    thread.start()
    try:
        yield port.result()
    finally:
        with suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(end.set)
        thread.join()
