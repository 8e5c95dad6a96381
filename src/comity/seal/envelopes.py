"""Sealing to a key: HPKE (RFC 9180), base mode, single shot.

The key encapsulation is MLKEM1024-P384: an attacker must break both ML-KEM-1024 (FIPS 203) and
ECDH on P-384. The key derivation is HKDF-SHA384, the cipher AES-256-GCM. What is bound beside
the plaintext goes into ``info``; the receiver must know it, it is not carried.

A private key is the ML-KEM seed (64 bytes) and the P-384 scalar (48 bytes, big-endian). A
public key is the ML-KEM key (1568 bytes) and the uncompressed point (97 bytes).
"""

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM1024PrivateKey,
    MLKEM1024PublicKey,
)
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM1024P384PrivateKey,
    MLKEM1024P384PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.vocabulary.errors import Invalid

PRIVATE_LENGTH: Final = 64 + 48
PUBLIC_LENGTH: Final = 1568 + 97
OVERHEAD: Final = 1568 + 97 + 16
"""Bytes by which a sealed text is longer than its plaintext."""

_MLKEM_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1568
_P384_SCALAR: Final = 48
_P384_POINT: Final = 97
_PARSED_KEYS: Final = 64
_HPKE: Final = Suite(KEM.MLKEM1024_P384, KDF.HKDF_SHA384, AEAD.AES_256_GCM)


def generate_kem() -> bytes:
    """Return a new private key of 112 bytes."""
    scalar = ec.generate_private_key(ec.SECP384R1()).private_numbers().private_value
    return MLKEM1024PrivateKey.generate().private_bytes_raw() + scalar.to_bytes(_P384_SCALAR, "big")


def kem_public(private: bytes) -> bytes:
    """Return the public key of a private key.

    Raises:
        Invalid: ``invalid.key``.
    """
    mlkem, p384 = _halves(private)
    point = p384.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return mlkem.public_key().public_bytes_raw() + point


def seal_to(public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
    """Seal to a public key; two calls give two envelopes.

    Raises:
        Invalid: ``invalid.key``.
    """
    return _HPKE.encrypt(plaintext, _public(public), info)


def open_from(private: bytes, *, info: bytes, sealed: bytes) -> bytes:
    """Open with a private key.

    Raises:
        Invalid: ``invalid.sealed``: other key, other ``info``, or changed; which of them is
            not told. ``invalid.key`` if the private key is none.
    """
    key = _private(private)
    try:
        return _HPKE.decrypt(sealed, key, info)
    except (InvalidTag, ValueError) as error:
        raise Invalid("invalid.sealed", "not sealed to this key for this purpose") from error


def forget() -> None:
    """Drop the parsed keys."""
    _private.cache_clear()
    _public.cache_clear()


def _halves(private: bytes) -> tuple[MLKEM1024PrivateKey, ec.EllipticCurvePrivateKey]:
    if len(private) != PRIVATE_LENGTH:
        raise Invalid("invalid.key", "a private sealing key has 112 bytes")
    try:
        return (
            MLKEM1024PrivateKey.from_seed_bytes(private[:_MLKEM_SEED]),
            ec.derive_private_key(int.from_bytes(private[_MLKEM_SEED:], "big"), ec.SECP384R1()),
        )
    except ValueError as error:
        raise Invalid("invalid.key", "the P-384 scalar is out of range") from error


def _mlkem_public(raw: bytes) -> MLKEM1024PublicKey:
    # FIPS 203, 7.2: the library refuses coefficients that are not reduced.
    try:
        return MLKEM1024PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise Invalid("invalid.key", "not an ML-KEM-1024 public key") from error


def _p384_public(raw: bytes) -> ec.EllipticCurvePublicKey:
    # One form only: other forms would give one key several names. By its length a point of 97
    # bytes is not compressed, and the library refuses the hybrid form.
    if len(raw) != _P384_POINT:
        raise Invalid("invalid.key", "not an uncompressed point of P-384")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), raw)
    except ValueError as error:
        raise Invalid("invalid.key", "not a point of P-384") from error


@lru_cache(_PARSED_KEYS)
def _private(private: bytes) -> MLKEM1024P384PrivateKey:
    return MLKEM1024P384PrivateKey(*_halves(private))


@lru_cache(_PARSED_KEYS)
def _public(public: bytes) -> MLKEM1024P384PublicKey:
    return MLKEM1024P384PublicKey(
        _mlkem_public(public[:_MLKEM_PUBLIC]), _p384_public(public[_MLKEM_PUBLIC:])
    )
