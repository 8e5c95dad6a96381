"""One connection to the exchange: who is at the other end, and how slow it may be.

No released ASGI server tells the application who the client is; this subclass of uvicorn's
protocol does, and bounds what that leaves open: a head that never ends.
"""

import asyncio
from asyncio import TimerHandle
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from comity.transport.limits import Limits
from comity.transport.tls import peer_fingerprint
from comity.vocabulary.digests import Digest

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

PEER: Final = "comity.peer"
"""Key of the peer's fingerprint in an ASGI scope."""
TRANSPORT: Final = "comity.transport"
"""Key of the connection's transport: whether it is closing, and to end it at once."""


class PeerConnection(HttpToolsProtocol):
    """A connection whose client certificate is known (inheritance is uvicorn's way in)."""

    def __init__(
        self,
        config: "Config",
        server_state: "ServerState",
        *,
        limits: Limits,
        welcome: Callable[[Digest], bool],
    ) -> None:
        """Begin; ``welcome`` says whether a fingerprint may connect (once more)."""
        super().__init__(config, server_state, {})
        self._limits: Final = limits
        self._welcome: Final = welcome
        self._peer: Digest | None = None
        self._timer: TimerHandle | None = None
        self._head = 0

    @property
    def peer(self) -> Digest | None:
        """Return who is at the other end, once welcomed."""
        return self._peer

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Ask who it is (the handshake is over), and await a request for a while only."""
        connection = transport.get_extra_info("ssl_object")
        peer = None if connection is None else peer_fingerprint(connection)
        if peer is None or not self._welcome(peer):
            transport.abort()
            return
        self._peer = peer
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes; while they belong to a head, count them and the time."""
        if self._peer is None:
            return
        self._head += len(data)
        super().data_received(data)
        if self._head > self._limits.head:
            self.transport.abort()
            return
        under_way = self.cycle is not None and not self.cycle.response_complete
        if not under_way and self._timer is None and not self.transport.is_closing():
            # These bytes were the beginning of a head, or the empty lines that may stand before
            # one: neither may last.
            self._await_head()

    def on_headers_complete(self) -> None:
        """The head is whole: say who asks, and begin the request."""
        self._stop_timer()
        self._head = 0
        self.scope[PEER] = self._peer  # type: ignore[typeddict-unknown-key]
        self.scope[TRANSPORT] = self.transport  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body: it is not of the head."""
        self._head = 0
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_timer()
        if self._peer is not None:
            super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are not ours
        """Answer what is no HTTP like everything else that is refused."""
        super().send_400_response("")

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(self._limits.head_seconds, self._too_slow)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        self.transport.abort()


def refusal_headers() -> list[tuple[bytes, bytes]]:
    """Return the headers of the one answer to whatever is refused; its status is 400."""
    return [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"0"),
        (b"connection", b"close"),
    ]


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers of a request; of one that comes twice, both with a comma between."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        found[name] = found[name] + b"," + value if name in found else value
    return found
