"""Hybrid signatures: Ed25519 (RFC 8032) and ML-DSA-87 (FIPS 204), of which both must verify.

What is signed is ``comity/v1 ``, the type, a line feed and the message. The type is ASCII and
from a closed set without line feeds, so no two pairs of type and message give the same bytes.
ML-DSA takes the type as its context as well. Signing is randomised (hedged).

A private key is two seeds, a public key and a signature are two halves, each of fixed length
and always in this order: Ed25519, ML-DSA-87.
"""

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PrivateKey, MLDSA87PublicKey

from comity.seal.suite import SignatureType
from comity.vocabulary.errors import Invalid

PRIVATE_LENGTH: Final = 64
PUBLIC_LENGTH: Final = 32 + 2592
SIGNATURE_LENGTH: Final = 64 + 4627

_ED25519_KEY: Final = 32
_ED25519_SIGNATURE: Final = 64
_MLDSA_SIGNATURE: Final = 4627
_MLDSA_CONTEXT_LIMIT: Final = 255
_PARSED_KEYS: Final = 256


def signed_bytes(type: SignatureType, message: bytes) -> bytes:  # noqa: A002 -- the protocol's word
    """Return what a signature of this type over this message covers."""
    return b"comity/v1 " + type.value.encode("ascii") + b"\n" + message


def generate_signing() -> bytes:
    """Return a new private key: 32 bytes of Ed25519 seed, 32 bytes of ML-DSA-87 seed."""
    return (
        Ed25519PrivateKey.generate().private_bytes_raw()
        + MLDSA87PrivateKey.generate().private_bytes_raw()
    )


def signing_public(private: bytes) -> bytes:
    """Return the public key of a private key.

    Raises:
        Invalid: ``invalid.key``.
    """
    return _public_of(private)


def sign(
    private: bytes,
    *,
    type: SignatureType,  # noqa: A002 -- the protocol's word
    message: bytes,
) -> bytes:
    """Sign with both halves; two calls give two signatures.

    Raises:
        Invalid: ``invalid.key``.
    """
    ed25519, mldsa = _private(private)
    covered = signed_bytes(type, message)
    return ed25519.sign(covered) + mldsa.sign(covered, type.value.encode("ascii"))


def verify(
    public: bytes,
    *,
    type: SignatureType,  # noqa: A002 -- the protocol's word
    message: bytes,
    signature: bytes,
) -> None:
    """Return if both halves of the signature are valid.

    Raises:
        Invalid: ``invalid.signature``: one half is missing, too long or not valid, or the
            public key is none.
    """
    # Exact lengths come first: a half that is missing or doubled never reaches the arithmetic.
    if len(public) != PUBLIC_LENGTH or len(signature) != SIGNATURE_LENGTH:
        raise _invalid_signature()
    covered = signed_bytes(type, message)
    _ed25519_verify(public[:_ED25519_KEY], covered, signature[:_ED25519_SIGNATURE])
    _mldsa_verify(
        public[_ED25519_KEY:],
        covered,
        type.value.encode("ascii"),
        signature[_ED25519_SIGNATURE:],
    )


def forget() -> None:
    """Drop the parsed keys."""
    _private.cache_clear()
    _public_of.cache_clear()
    _ed25519_public.cache_clear()
    _mldsa_public.cache_clear()


def _invalid_signature() -> Invalid:
    return Invalid("invalid.signature", "not a signature of this key, type and message")


def _ed25519_verify(public: bytes, message: bytes, signature: bytes) -> None:
    try:
        _ed25519_public(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise _invalid_signature() from error


def _mldsa_verify(public: bytes, message: bytes, context: bytes, signature: bytes) -> None:
    if len(context) > _MLDSA_CONTEXT_LIMIT or len(signature) != _MLDSA_SIGNATURE:
        raise _invalid_signature()
    try:
        _mldsa_public(public).verify(signature, message, context)
    except (InvalidSignature, ValueError) as error:
        raise _invalid_signature() from error


# Parsing an ML-DSA key costs as much as verifying with it, so parsed keys are kept: at most
# this many, found by their exact bytes, never by a name.


@lru_cache(_PARSED_KEYS)
def _private(private: bytes) -> tuple[Ed25519PrivateKey, MLDSA87PrivateKey]:
    if len(private) != PRIVATE_LENGTH:
        raise Invalid("invalid.key", "a private signing key has 64 bytes")
    return (
        Ed25519PrivateKey.from_private_bytes(private[:_ED25519_KEY]),
        MLDSA87PrivateKey.from_seed_bytes(private[_ED25519_KEY:]),
    )


@lru_cache(_PARSED_KEYS)
def _public_of(private: bytes) -> bytes:
    ed25519, mldsa = _private(private)
    return ed25519.public_key().public_bytes_raw() + mldsa.public_key().public_bytes_raw()


@lru_cache(_PARSED_KEYS)
def _ed25519_public(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(_PARSED_KEYS)
def _mldsa_public(public: bytes) -> MLDSA87PublicKey:
    return MLDSA87PublicKey.from_public_bytes(public)
