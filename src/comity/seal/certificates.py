"""TLS certificates of nodes: self-signed, exchanged in directories, believed by exact bytes.

ECDSA on P-256, because TLS 1.3 in the Python of a bare Debian 12 (OpenSSL 3.0) speaks it and
every other one does. There is no authority: a peer's certificate is the one that its directory
holds. TLS is the outer skin only; what passes through it is sealed and signed again.
"""

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, instant_from_datetime, to_datetime

# Labels of letters, digits and inner hyphens (RFC 1123, 2.1); no wildcard: a node has names.
_dns_name = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\Z"
).match

_TO_THE_SECOND: Final = len("YYYY-MM-DDThh:mm:ss")


class NodeCertificate(Struct, frozen=True):
    """A certificate with its private key.

    Attributes:
        key_pem: The private key, PKCS#8, in clear: to be sealed before it is stored.
        certificate_pem: The certificate for a TLS library.
        certificate_der: The certificate as directories hold it.
    """

    key_pem: bytes
    certificate_pem: bytes
    certificate_der: bytes

    def __repr__(self) -> str:
        """Name the certificate; the key must not get into a log by accident."""
        return f"NodeCertificate({certificate_fingerprint(self.certificate_der)})"


def make_certificate(
    name: str, *, hosts: Sequence[str], not_before: Instant, not_after: Instant
) -> NodeCertificate:
    """Make a key and a certificate for a node, as TLS server and as TLS client.

    Args:
        name: Common name, at most 64 characters; for people only.
        hosts: DNS names (ASCII) and IP addresses under which the node is reached.
        not_before: Valid from, cut to the second.
        not_after: Valid until, cut to the second.

    Raises:
        Invalid: ``invalid.certificate``: no host, a host that is none, a name that is empty or
            too long, or an end that is not after the beginning.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        # The builder refuses what X.509 does (RFC 5280): names of more than 64 characters, an
        # end before the beginning, host names that are not ASCII.
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(to_datetime(not_before))
            .not_valid_after(to_datetime(not_after))
        )
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
    except ValueError as error:
        raise Invalid("invalid.certificate", str(error)) from error
    # Certificates count in seconds: two instants of one second are no time at all.
    if not hosts or not_after[:_TO_THE_SECOND] <= not_before[:_TO_THE_SECOND]:
        raise Invalid("invalid.certificate", "no host, or no time between beginning and end")
    for extension, critical in _extensions(key.public_key(), names):
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign(key, hashes.SHA256())
    return NodeCertificate(
        key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate_pem=certificate.public_bytes(Encoding.PEM),
        certificate_der=certificate.public_bytes(Encoding.DER),
    )


def certificate_fingerprint(der: bytes) -> Digest:
    """Return SHA-384 over the certificate's DER bytes: what peers are recognised by."""
    digest = hashes.Hash(hashes.SHA384())
    digest.update(der)
    return digest_from_bytes(digest.finalize())


def certificate_pem(der: bytes) -> bytes:
    """Return the PEM form of a certificate that came in a directory.

    Raises:
        Invalid: ``invalid.certificate``.
    """
    return _parse(der).public_bytes(Encoding.PEM)


def certificate_validity(der: bytes) -> tuple[Instant, Instant]:
    """Return from when and until when a certificate is valid.

    Raises:
        Invalid: ``invalid.certificate``.
    """
    certificate = _parse(der)
    return (
        instant_from_datetime(certificate.not_valid_before_utc),
        instant_from_datetime(certificate.not_valid_after_utc),
    )


def _parse(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise Invalid("invalid.certificate", "not a certificate in DER") from error


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        if _dns_name(host) is None:
            raise
        return x509.DNSName(host)


def _extensions(
    key: ec.EllipticCurvePublicKey, names: x509.SubjectAlternativeName
) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """Return the extensions with their criticality: what strict verifiers ask of a leaf."""
    signs_only = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    both_ends = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    return (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (signs_only, True),
        (both_ends, False),
        (names, False),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key), False),
    )
