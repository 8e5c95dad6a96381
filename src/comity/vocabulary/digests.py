"""Digests: SHA-384, lower-case hexadecimal, with their algorithm in front."""

import re
from typing import Annotated, Final, NewType

from msgspec import Meta

from comity.vocabulary.errors import Invalid

HEX_LENGTH: Final = 96
BYTE_LENGTH: Final = 48
PATTERN: Final = r"^sha384:[0-9a-f]{96}\Z"

Digest = NewType("Digest", Annotated[str, Meta(pattern=PATTERN)])
"""``sha384:`` and 96 lower-case hexadecimal digits."""

_matches = re.compile(PATTERN).match


def parse_digest(text: str) -> Digest:
    """Return ``text`` as a digest.

    Raises:
        Invalid: ``invalid.digest``.
    """
    if _matches(text) is None:
        raise Invalid("invalid.digest", "not sha384: and 96 lower-case hexadecimal digits")
    return Digest(text)


def digest_from_bytes(raw: bytes) -> Digest:
    """Name 48 raw bytes of SHA-384."""
    if len(raw) != BYTE_LENGTH:
        raise Invalid("invalid.digest", "a SHA-384 digest has 48 bytes")
    return Digest("sha384:" + raw.hex())


def digest_to_bytes(digest: Digest) -> bytes:
    """Return the 48 raw bytes of a digest."""
    return bytes.fromhex(digest[7:])
