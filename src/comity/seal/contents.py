"""Sealing contents of any size: Cobblestone-256 (C2SP chunked-encryption, version 1).

A sealed content is a random salt (24 bytes), a commitment to key and context (32 bytes), and
chunks of 16 KiB with a tag of 16 bytes each; the last chunk is shorter than the others and may
be empty. So a wrong key is refused before any plaintext appears, one ciphertext opens under one
key only, and cutting, swapping, repeating and appending are refused.

Memory does not grow with the content. A *ciphertext* is carried and resumed by range without
any key, because it is stored when it is first made; sealing again gives other bytes. *Opening*
is from the beginning, in order: the library keeps no state that could be stored, and offers no
way to begin at a chunk. That is also what the rule asks for, that no plaintext is used before
the last chunk has been seen.
"""

from secrets import token_bytes
from typing import Final

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from comity.seal.suite import Stream
from comity.vocabulary.errors import Invalid

KEY_LENGTH: Final = 32
CHUNK: Final = 16 * 1024
"""Plaintext bytes of every chunk but the last."""

_HEADER: Final = 24 + 32
_TAG: Final = 16


def sealed_length(length: int) -> int:
    """Return the bytes of a sealed content of so many bytes of plaintext."""
    return _HEADER + length + _TAG * (length // CHUNK + 1)


def generate_key() -> bytes:
    """Return 32 random bytes, the key of one content."""
    return token_bytes(KEY_LENGTH)


def encryptor(key: bytes, context: bytes) -> Stream:
    """Begin to seal one content.

    Raises:
        Invalid: ``invalid.key``.
    """
    return Cobblestone256Encryptor(_checked(key), context)


def decryptor(key: bytes, context: bytes) -> Stream:
    """Begin to open one content.

    Raises:
        Invalid: ``invalid.key``.
    """
    return _Opening(key, context)


def encrypt(key: bytes, context: bytes, plaintext: bytes) -> bytes:
    """Seal a content that is whole in memory.

    Raises:
        Invalid: ``invalid.key``.
    """
    stream = encryptor(key, context)
    return stream.update(plaintext) + stream.finalize()


def decrypt(key: bytes, context: bytes, ciphertext: bytes) -> bytes:
    """Open a content that is whole in memory.

    Raises:
        Invalid: ``invalid.content``: other key, other context, changed, cut or lengthened.
            ``invalid.key`` if the key has not 32 bytes.
    """
    stream = decryptor(key, context)
    return stream.update(ciphertext) + stream.finalize()


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_LENGTH:
        raise Invalid("invalid.key", "the key of a content has 32 bytes")
    return key


class _Opening:
    """The library's decryptor with our error."""

    def __init__(self, key: bytes, context: bytes) -> None:
        self._inner: Final = Cobblestone256Decryptor(_checked(key), context)

    def update(self, data: bytes) -> bytes:
        try:
            return self._inner.update(data)
        except InvalidTag as error:
            raise _invalid_content() from error

    def finalize(self) -> bytes:
        try:
            return self._inner.finalize()
        except InvalidTag as error:
            raise _invalid_content() from error


def _invalid_content() -> Invalid:
    return Invalid("invalid.content", "not sealed with this key and context, or not whole")
