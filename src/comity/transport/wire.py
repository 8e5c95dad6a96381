"""The client's sockets: one address, one certificate, and a time by which all must be done.

A time-out per read is not enough: a peer that sends one byte before each of them ends would hold
the caller for days. So each thread has a moment until which its reads and writes may last.
"""

import math
import ssl
import threading
from collections.abc import Iterable
from time import monotonic
from typing import Any, Final

import httpcore
from httpcore import NetworkBackend, NetworkStream

from comity.seal.certificates import certificate_fingerprint
from comity.transport.addresses import PeerAddress, resolve
from comity.transport.tls import name_of, peer_fingerprint
from comity.vocabulary.errors import Unavailable

_PIECE: Final = 1 << 16


class Patience(threading.local):
    """Until when the calling thread waits (inheritance is the library's way in)."""

    until: float = math.inf

    def lasts(self, seconds: float) -> None:
        """Wait that long from now on, all in all."""
        self.until = monotonic() + seconds

    def left(self, timeout: float | None) -> float | None:
        """Return how long one step may last; nothing told, no end.

        Raises:
            httpcore.ReadTimeout: no time is left.
        """
        left = self.until - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        shortest = left if timeout is None else min(left, timeout)
        return None if math.isinf(shortest) else shortest


class PinnedBackend(NetworkBackend):
    """Connects to one peer, wherever a request points (inheritance is the library's way in)."""

    def __init__(self, address: PeerAddress, *, local: bool, patience: Patience) -> None:
        """Take the one address; ``local`` as in :func:`~comity.transport.addresses.resolve`."""
        self._address: Final = address
        self._local: Final = local
        self._patience: Final = patience
        self._plain: Final = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - of the request; the peer's stands in its directory
        port: int,  # noqa: ARG002
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Resolve once, judge the number, connect to that number."""
        try:
            number = resolve(self._address, local=self._local)
        except Unavailable as error:
            raise httpcore.ConnectError(error.detail) from error
        stream = self._plain.connect_tcp(
            number, self._address.port, self._patience.left(timeout), local_address, socket_options
        )
        return _PinnedStream(stream, self._address, self._patience)


class _PinnedStream(NetworkStream):
    """A stream that ends where another certificate is shown, or the time is over."""

    def __init__(self, inner: NetworkStream, address: PeerAddress, patience: Patience) -> None:
        self._inner: Final = inner
        self._address: Final = address
        self._patience: Final = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._patience.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces, so that a peer who takes little at a time cannot begin the time anew.
        view = memoryview(buffer)
        for start in range(0, len(view), _PIECE):
            piece = bytes(view[start : start + _PIECE])
            self._inner.write(piece, self._patience.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        del server_hostname  # of the request; what is expected is a certificate, not a name
        expected = name_of(self._address.certificate)
        stream = self._inner.start_tls(ssl_context, expected, self._patience.left(timeout))
        # The library has accepted it already; that it is this very certificate is looked at
        # here again, because everything rests on it.
        shown = peer_fingerprint(stream.get_extra_info("socket"))
        if shown != certificate_fingerprint(self._address.certificate):
            stream.close()
            raise httpcore.ConnectError("another certificate")
        return _PinnedStream(stream, self._address, self._patience)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's interface
        return self._inner.get_extra_info(info)
