"""The courier: carries requests to peers over mutual TLS, and brings the answers.

It stands on ``httpcore``, the engine of ``httpx``, without what ``httpx`` adds: redirects,
proxies, cookies and settings from the environment do not exist here, so they need not be turned
off; and address, certificate and time are held where the socket is (see ``wire``).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http import HTTPStatus
from threading import Lock
from typing import Final

import httpcore
from msgspec import Struct

from comity.exchange.replicas import REPLICA
from comity.seal.certificates import NodeCertificate
from comity.transport.addresses import PeerAddress
from comity.transport.limits import Limits
from comity.transport.tls import client_context
from comity.transport.wire import Patience, PinnedBackend
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import Party

_PIECE: Final = 1 << 20
"""Bytes of a content that are given together: a record of TLS brings 16 KiB, and whoever writes
and hashes in threads of its own would wake them for each."""

_FAILURES: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    OSError,
)


class _Link(Struct, frozen=True):
    address: PeerAddress
    certificate: NodeCertificate
    pool: httpcore.ConnectionPool


class HttpCourier:
    """The port ``Courier`` over the network; may be used from several threads."""

    def __init__(
        self,
        peers: Callable[[Party], PeerAddress],
        certificate: Callable[[Party], NodeCertificate],
        *,
        local: bool = False,
        limits: Limits | None = None,
    ) -> None:
        """Prepare; connections are made when they are needed, and kept.

        Args:
            peers: Returns where a peer is now and what certificate it must show; asked for each
                request, so that a new directory is heeded at once. What it raises passes.
            certificate: Returns the own certificate and key by which a peer knows this node now.
            local: Whether peers on the loopback and in private networks are allowed.
            limits: How long to wait and how much to take.
        """
        self._peers: Final = peers
        self._certificate: Final = certificate
        self._local: Final = local
        self._limits: Final = limits or Limits()
        self._patience: Final = Patience()
        self._links: Final[dict[Party, _Link]] = {}
        self._changing: Final = Lock()

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        """Send one request (``POST``); return the answer's bytes.

        Raises:
            Unavailable: ``unavailable.peer``: not reached, not the certificate, not in time,
                not an answer of a node. Nothing is known of what the request did.
        """
        link = self._link(peer)
        # The answer is as long as what is asked for: of some requests, as long as a pouch.
        length = self._limits.pouch if path == REPLICA else len(body)
        self._patience.lasts(self._limits.seconds(length))
        headers = [(b"content-type", b"application/octet-stream")]
        try:
            with self._ask(link, "POST", path, headers, body) as response:
                # What was done is said within the answer.
                if response.status != HTTPStatus.OK:
                    raise _unavailable(peer, f"status {response.status}")
                return self._whole(peer, response, self._limits.answered(path))
        except _FAILURES as error:
            raise _unavailable(peer, type(error).__name__) from error

    def fetch(self, peer: Party, path: str, start: int) -> Iterator[bytes]:
        """Get a large content (``GET``) from its byte ``start`` on, in pieces, to its end.

        Nothing is asked before the first piece is. Where for some time nothing comes, the
        iteration ends; what came until then was given, and is good for resuming.

        Raises:
            Unavailable: ``unavailable.peer``: as :meth:`send`; also where the peer does not have
                it, or it ended before its end.
        """
        link = self._link(peer)
        self._patience.lasts(self._limits.patience)
        headers = [(b"range", b"bytes=%d-" % start)]
        parts: list[bytes] = []
        length = 0
        try:
            with self._ask(link, "GET", path, headers, b"") as response:
                ranges = [value for name, value in response.headers if name == b"content-range"]
                begins = b"bytes %d-" % start
                if response.status != 206 or not ranges or not ranges[0].startswith(begins):  # noqa: PLR2004
                    raise _unavailable(peer, f"status {response.status}")
                for part in response.iter_stream():
                    parts.append(part)
                    length += len(part)
                    if length >= _PIECE:
                        yield b"".join(parts)
                        parts, length = [], 0
                    # The time that the caller took for the piece is not the peer's.
                    self._patience.lasts(self._limits.patience)
        except _FAILURES as error:
            if parts:
                yield b"".join(parts)
            raise _unavailable(peer, type(error).__name__) from error
        if parts:
            yield b"".join(parts)

    def close(self) -> None:
        """Close all connections; a later request makes new ones."""
        with self._changing:
            links = tuple(self._links.values())
            self._links.clear()
        for link in links:
            link.pool.close()

    def _link(self, peer: Party) -> _Link:
        address, own = self._peers(peer), self._certificate(peer)
        with self._changing:
            link = self._links.get(peer)
            if link is not None and (link.address, link.certificate) == (address, own):
                return link
            new = _Link(address, own, self._pool(address, own))
            self._links[peer] = new
        if link is not None:
            # Another address or certificate: what is under way to the old one ends.
            link.pool.close()
        return new

    def _pool(self, address: PeerAddress, own: NodeCertificate) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=client_context(own, address.certificate),
            max_connections=self._limits.per_peer,
            # Sooner than the other end: a request never goes into a connection that is closing.
            keepalive_expiry=self._limits.idle / 2,
            network_backend=PinnedBackend(address, local=self._local, patience=self._patience),
        )

    def _ask(
        self, link: _Link, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> AbstractContextManager[httpcore.Response]:
        url = httpcore.URL(
            scheme=b"https",
            host=link.address.host.encode("ascii"),
            port=link.address.port,
            target=path.encode("ascii"),
        )
        limits = self._limits
        timeouts = {
            "connect": limits.handshake,
            "read": limits.patience,
            "write": limits.patience,
            "pool": limits.patience,
        }
        extensions = {"timeout": timeouts}
        return link.pool.stream(method, url, headers=headers, content=body, extensions=extensions)

    def _whole(self, peer: Party, response: httpcore.Response, most: int) -> bytes:
        parts: list[bytes] = []
        length = 0
        for part in response.iter_stream():
            length += len(part)
            if length > most:
                raise _unavailable(peer, "the answer is too long")
            parts.append(part)
        return b"".join(parts)


def _unavailable(peer: Party, why: str) -> Unavailable:
    return Unavailable("unavailable.peer", f"{peer} was not reached, or not understood: {why}")
