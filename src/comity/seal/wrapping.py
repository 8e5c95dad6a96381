"""Short secrets under a storage key: AES-256-GCM (NIST SP 800-38D) with a random nonce.

A wrapped secret is the nonce (12 bytes), the ciphertext and the tag (16 bytes). With random
nonces one storage key may wrap 2^32 secrets (SP 800-38D, 8.3); it is replaced long before.
"""

from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comity.vocabulary.errors import Invalid

KEY_LENGTH: Final = 32
NONCE_LENGTH: Final = 12

_TAG: Final = 16
_DOMAIN: Final = b"comity/v1 wrap\n"


def wrap(kek: bytes, *, key: bytes, aad: bytes) -> bytes:
    """Seal a secret; ``aad`` says what it is, and must be told again to open it.

    Raises:
        Invalid: ``invalid.key``.
    """
    nonce = token_bytes(NONCE_LENGTH)
    return nonce + aead_seal(kek, nonce=nonce, plaintext=key, aad=_DOMAIN + aad)


def unwrap(kek: bytes, *, wrapped: bytes, aad: bytes) -> bytes:
    """Return the secret.

    Raises:
        Invalid: ``invalid.wrapped``: other key, other ``aad`` or changed. ``invalid.key`` if
            the storage key has not 32 bytes.
    """
    return aead_open(
        kek, nonce=wrapped[:NONCE_LENGTH], sealed=wrapped[NONCE_LENGTH:], aad=_DOMAIN + aad
    )


def aead_seal(key: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Seal with AES-256-GCM; the caller answers for a nonce that this key has never seen.

    Raises:
        Invalid: ``invalid.key``.
    """
    if len(nonce) != NONCE_LENGTH:
        raise Invalid("invalid.wrapped", "the nonce has 12 bytes")
    return _cipher(key).encrypt(nonce, plaintext, aad)


def aead_open(key: bytes, *, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Open with AES-256-GCM: a key of 32, a nonce of 12 and a tag of 16 bytes, no other sizes.

    Raises:
        Invalid: ``invalid.wrapped``, ``invalid.key``.
    """
    cipher = _cipher(key)
    if len(nonce) != NONCE_LENGTH or len(sealed) < _TAG:
        raise Invalid("invalid.wrapped", "too short")
    try:
        return cipher.decrypt(nonce, sealed, aad)
    except InvalidTag as error:
        raise Invalid("invalid.wrapped", "not wrapped with this key for this purpose") from error


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_LENGTH:
        raise Invalid("invalid.key", "a storage key has 32 bytes")
    return AESGCM(key)
