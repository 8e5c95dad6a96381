"""TLS contexts: version 1.3, both ends with a certificate, believed by exact bytes.

A peer's self-signed certificate, as its directory holds it, is the only one believed for that
peer. There is no authority, so nobody else can vouch for a name; names are therefore not
compared: the certificate itself is. Dates are: an expired certificate is refused by the library.
"""

import os
import ssl
from collections.abc import Iterable
from typing import Final

from comity.seal.certificates import NodeCertificate, certificate_fingerprint
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid

_SERVER: Final = ssl.PROTOCOL_TLS_SERVER
_CLIENT: Final = ssl.PROTOCOL_TLS_CLIENT


def server_context(own: NodeCertificate) -> ssl.SSLContext:
    """Return the context of an exchange: who has no believed certificate ends in the handshake.

    Nobody is believed until :func:`believe` was called.

    Raises:
        Invalid: ``invalid.certificate``.
    """
    context = _context(_SERVER, own)
    # No resumption: every connection shows its certificate and has its dates checked.
    context.num_tickets = 0
    return context


def client_context(own: NodeCertificate, peer: bytes) -> ssl.SSLContext:
    """Return the context for speaking to the one peer that has this certificate (DER).

    Raises:
        Invalid: ``invalid.certificate``.
    """
    context = _context(_CLIENT, own)
    believe(context, [peer])
    return context


def name_of(certificate: bytes) -> str:
    """Return the server name by which a client says which certificate (DER) it expects.

    While a certificate is being replaced its owner has two, and each peer expects the one of the
    directory that it holds. The name says no more than the greeting of the server itself.
    """
    return f"{certificate_fingerprint(certificate)[7:39]}.comity"


def believe(context: ssl.SSLContext, certificates: Iterable[bytes]) -> None:
    """Believe these certificates (DER), too; what is believed already stays believed.

    A context cannot forget. So who was removed still gets through the handshake, and is turned
    away by the comparison of fingerprints that follows each one.

    Raises:
        Invalid: ``invalid.certificate``.
    """
    for der in certificates:
        try:
            context.load_verify_locations(cadata=der)
        except (ssl.SSLError, ValueError) as error:
            raise Invalid("invalid.certificate", "not a certificate in DER") from error


def peer_fingerprint(connection: ssl.SSLObject | ssl.SSLSocket) -> Digest | None:
    """Return by what the other end of a connection is recognised, or nothing."""
    der = connection.getpeercert(binary_form=True)
    return None if der is None else certificate_fingerprint(der)


def _context(protocol: int, own: NodeCertificate) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # The name is not what is believed (see above); a stolen name does not help, a wrong one
    # does not hurt.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    # A certificate is believed because it is itself in the store, not through an issuer.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    try:
        _load_own(context, own)
    except ssl.SSLError as error:
        raise Invalid("invalid.certificate", "the key is not that of the certificate") from error
    return context


def _load_own(context: ssl.SSLContext, own: NodeCertificate) -> None:
    # The library reads keys from files only: this one is in memory, and no disk ever sees it.
    handle = os.memfd_create("certificate", os.MFD_CLOEXEC)
    with os.fdopen(handle, "wb") as file:
        file.write(own.certificate_pem + own.key_pem)
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{handle}")
