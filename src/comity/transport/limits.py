"""How much, how long and how many: one value for both ends."""

from typing import Final

from msgspec import Struct

from comity.exchange.answers import ANSWER_LIMIT
from comity.exchange.pouch import POUCH_LIMIT
from comity.exchange.replicas import REPLICA

POUCH: Final = "/v1/pouch"
CONTENT: Final = "/v1/content/"


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds on what a peer may cost; times in seconds, sizes in bytes.

    Attributes:
        pouch: The longest pouch.
        request: The longest other request.
        answer: The longest answer; one that brings lost leaves back is as long as a pouch.
        head: The longest request line with headers.
        handshake: Time for TLS, and for connecting.
        head_seconds: Time for the head of a request, from the first moment it can come.
        patience: Time for a body or an answer, on top of its length at ``rate``; for a piece of
            a large content, time without progress.
        rate: Bytes per second that the slowest link carries.
        idle: Time that a connection is kept without a request (half of it at the client).
        connections: Connections at once, all peers together.
        per_peer: Connections at once of one peer.
        at_once: Requests of one peer that are handled or received at once; as many contents.
        workers: Threads that handle requests; never all of them serve one peer.
    """

    pouch: int = POUCH_LIMIT
    request: int = 1 << 16
    answer: int = ANSWER_LIMIT
    head: int = 1 << 14
    handshake: float = 10.0
    head_seconds: float = 10.0
    patience: float = 30.0
    rate: int = 1 << 16
    idle: float = 60.0
    connections: int = 1024
    per_peer: int = 16
    at_once: int = 2
    workers: int = 16

    def body(self, path: str) -> int:
        """Return the longest body of a request to this path."""
        return self.pouch if path == POUCH else self.request

    def answered(self, path: str) -> int:
        """Return the longest answer from this path."""
        return self.pouch if path == REPLICA else self.answer

    def seconds(self, length: int) -> float:
        """Return the time for so many bytes."""
        return self.patience + length / self.rate
