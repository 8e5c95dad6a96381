"""Certificates and raw connections for tests of the exchange, over real TLS on the loopback."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from comity.seal.certificates import NodeCertificate, make_certificate
from comity.transport.tls import client_context
from comity.vocabulary.instants import Instant

LOOPBACK = "127.0.0.1"


def certificate(name: str, *, since: str = "2020", until: str = "2049") -> NodeCertificate:
    """Make a certificate that is valid from one new year's day to another."""
    return make_certificate(
        name,
        hosts=[LOOPBACK],
        not_before=Instant(f"{since}-01-01T00:00:00.000Z"),
        not_after=Instant(f"{until}-01-01T00:00:00.000Z"),
    )


@contextmanager
def raw_connection(
    port: int, own: NodeCertificate, server: NodeCertificate
) -> Iterator[ssl.SSLSocket]:
    """Connect as a peer that then sends whatever it likes."""
    context = client_context(own, server.certificate_der)
    with (
        socket.create_connection((LOOPBACK, port), timeout=10) as plain,
        context.wrap_socket(plain) as connection,
    ):
        yield connection


def everything(connection: ssl.SSLSocket) -> bytes:
    """Return what comes until the other end closes; a cut connection is an end, too."""
    parts = []
    try:
        while part := connection.recv(1 << 16):
            parts.append(part)
    except (ConnectionError, ssl.SSLError):
        pass
    return b"".join(parts)
