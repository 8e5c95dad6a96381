"""A word of this house to itself, that went out and comes back: HMAC (RFC 2104) over SHA-384."""

import hmac
from typing import Final

MAC_BYTES: Final = 32
"""Half of SHA-384's own length and a little more: nobody guesses it, and none is extended."""


def mac(secret: bytes, *, use: str, message: bytes) -> bytes:
    """Return the code of a message for one use; another use has another code.

    Args:
        secret: At least 32 bytes that only this house holds.
        use: What it is for, without a line end.
        message: Any bytes.
    """
    return hmac.digest(secret, use.encode() + b"\n" + message, "sha384")[:MAC_BYTES]


def is_mac(code: bytes, secret: bytes, *, use: str, message: bytes) -> bool:
    """Tell whether a code is that of a message, in a time that tells nothing about it."""
    return hmac.compare_digest(code, mac(secret, use=use, message=message))
