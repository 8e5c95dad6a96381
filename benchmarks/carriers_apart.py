# ruff: noqa: S101, T201, E402, TID251 - run by another Python, which has no comity
"""AS2 messages with signed receipts, as fast as one process makes and opens them."""

import datetime as dt
import os
import re
import sys
import time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

# A library of its library looks for OpenSSL's version with one digit in each place.
_search: Any = re.search
re.search = lambda pattern, *rest: _search(
    pattern.replace(r"\d\.\d\.\d", r"\d+\.\d+\.\d+") if isinstance(pattern, str) else pattern,
    *rest,
)
from pyas2lib.as2 import Mdn, Message, Organization, Partner  # type: ignore[import-not-found]

re.search = _search
_SECRET = "x"  # noqa: S105 - of keys that end with this process


def _made(name: str) -> tuple[bytes, bytes]:
    """Return a key with its certificate, and the certificate."""
    key = rsa.generate_private_key(65537, 2048)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_SECRET.encode()),
    )
    return private + certificate, certificate


def _party(name: str) -> tuple[Any, Any]:
    """Return an organisation, and what the other knows of it."""
    key, certificate = _made(name)
    mine = Organization(
        as2_name=name,
        sign_key=key,
        sign_key_pass=_SECRET,
        decrypt_key=key,
        decrypt_key_pass=_SECRET,
    )
    known = Partner(
        as2_name=name,
        verify_cert=certificate,
        encrypt_cert=certificate,
        sign=True,
        encrypt=True,
        enc_alg="aes_256_cbc",
        digest_alg="sha256",
        mdn_mode="SYNC",
        mdn_digest_alg="sha256",
        validate_certs=False,
    )
    return mine, known


def _cross(seoul: tuple[Any, Any], tokyo: tuple[Any, Any], content: bytes) -> None:
    sent = Message(seoul[0], tokyo[1])
    sent.build(content, content_type="application/octet-stream")
    came = Message()
    status, told, receipt = came.parse(
        sent.headers_str + b"\r\n" + sent.content,
        find_org_cb=lambda _: tokyo[0],
        find_partner_cb=lambda _: seoul[1],
    )
    assert status == "processed", told
    status, told = Mdn().parse(
        receipt.headers_str + b"\r\n" + receipt.content, find_message_cb=lambda *_: sent
    )
    assert status == "processed", told


def main() -> None:
    """Print a rate per run, in items per second."""
    runs, items = int(sys.argv[1]), int(sys.argv[2])
    seoul, tokyo = _party("seoul"), _party("tokyo")
    for _ in range(runs):
        content = os.urandom(500).hex().encode()
        began = time.monotonic()
        for _ in range(items):
            _cross(seoul, tokyo, content)
        print(items / (time.monotonic() - began))


main()
