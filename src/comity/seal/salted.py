"""Salted digests: they bind without telling, and say nothing once the salt is erased.

A salted digest is SHA-384 over ``comity/v1 salted ``, what it is of, LF, the salt of 16 random
bytes, and the bytes. The first line has no second LF and the salt a fixed length, so no two
inputs give the same bytes. What the digest is of keeps a content from passing as a document.
"""

import hashlib
from enum import Enum
from typing import Final

from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid

SALT_LENGTH: Final = 16


class Salted(Enum):
    """What a salted digest is of."""

    CONTENT = "content"
    DOCUMENT = "document"
    COMMITMENT = "commitment"


class SaltedHasher:
    """A salted digest of bytes that come in pieces."""

    def __init__(self, of: Salted, *, salt: bytes) -> None:
        """Begin with the salt.

        Raises:
            Invalid: ``invalid.salt`` if it has not 16 bytes.
        """
        if len(salt) != SALT_LENGTH:
            raise Invalid("invalid.salt", "a salt has 16 bytes")
        prefix = b"comity/v1 salted " + of.value.encode("ascii") + b"\n"
        self._hash: Final = hashlib.sha384(prefix + salt)

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        self._hash.update(data)

    def digest(self) -> Digest:
        """Return the digest of what came so far."""
        return digest_from_bytes(self._hash.digest())


def salted_digest(of: Salted, data: bytes, *, salt: bytes) -> Digest:
    """Return the salted digest of bytes that are whole in memory.

    Raises:
        Invalid: ``invalid.salt``.
    """
    hasher = SaltedHasher(of, salt=salt)
    hasher.update(data)
    return hasher.digest()


def verify_salted(of: Salted, data: bytes, *, salt: bytes, digest: Digest) -> None:
    """Return if ``digest`` is the salted digest of these bytes.

    Raises:
        Invalid: ``invalid.salted``, ``invalid.salt``.
    """
    if salted_digest(of, data, salt=salt) != digest:
        raise Invalid("invalid.salted", "not the bytes that the digest was made of")
