"""How keys are named: by digest for machines, by sixty digits for people on the telephone."""

import hashlib
import re
from functools import lru_cache
from typing import Final

from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid

_GROUPS: Final = 12
_GROUP_BYTES: Final = 4
_GROUP_LIMIT: Final = 100_000
_separators = re.compile(r"[ \-\n]+")
_sixty_digits = re.compile(r"[0-9]{60}\Z")


@lru_cache(maxsize=4096)
def key_id(public: bytes) -> Digest:
    """Return the digest that names a public key: SHA-384 of ``comity/v1 key``, LF, the key."""
    return digest_from_bytes(hashlib.sha384(b"comity/v1 key\n" + public).digest())


def fingerprint_digits(public_root: bytes) -> str:
    """Return the fingerprint of a root key: twelve groups of five digits, one space between.

    The 48 bytes of SHA-384 over ``comity/v1 fingerprint``, LF and the key, four bytes for each
    group, big-endian, modulo 100,000. Sixty digits hold 199 bits: finding another key with the
    same fingerprint is out of reach, so they are compared in full, never in part.
    """
    raw = hashlib.sha384(b"comity/v1 fingerprint\n" + public_root).digest()
    return " ".join(
        f"{int.from_bytes(raw[at : at + _GROUP_BYTES], 'big') % _GROUP_LIMIT:05d}"
        for at in range(0, _GROUPS * _GROUP_BYTES, _GROUP_BYTES)
    )


def parse_fingerprint(text: str) -> str:
    """Return a fingerprint that a person typed, in the written form.

    Spaces, hyphens and line ends between digits do not matter; all sixty digits do.

    Raises:
        Invalid: ``invalid.fingerprint``.
    """
    digits = _separators.sub("", text)
    if _sixty_digits.match(digits) is None:
        raise Invalid("invalid.fingerprint", "a fingerprint has sixty digits")
    return " ".join(digits[at : at + 5] for at in range(0, 60, 5))
