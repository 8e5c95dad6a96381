"""Canonical JSON: RFC 8785 with comity's profile, strict and bounded both ways.

The profile: ASCII keys; integers within 2^53 - 1; no floats, no null; text in NFC from code
points assigned in Unicode 14.0, none of them control, format, private or surrogate. Decoding
refuses unknown fields, checks that encoding again gives the same bytes, and then checks the
profile on every value, because the comparison alone would let through what the profile bars.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import msgspec

from comity.acts.unicode14 import is_permitted
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid

LIMIT: Final = 1 << 20
"""The most bytes that a document may have unless its kind says otherwise."""

_BIGGEST: Final = 2**53 - 1
_MAX_DEPTH: Final = 32
_LONGEST_COMPLAINT: Final = 200

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="sorted")
_plain = msgspec.json.Decoder()

encode: Final[Callable[[object], bytes]] = _encoder.encode
"""The canonical bytes of a struct of ours (RFC 8785). Our structs hold no floats and no nulls."""


def digest(data: bytes) -> Digest:
    """Return the SHA-384 of exact bytes."""
    return Digest("sha384:" + hashlib.sha384(data).hexdigest())


class Hasher:
    """The SHA-384 of bytes that come in pieces, over several calls."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._whole: Final = hashlib.sha384()

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        self._whole.update(data)

    def digest(self) -> Digest:
        """Return the digest of what came so far."""
        return Digest("sha384:" + self._whole.hexdigest())


def digest_of_pieces(pieces: Iterable[bytes]) -> Digest:
    """Return the SHA-384 of bytes that arrive in pieces; none is kept."""
    whole = hashlib.sha384()
    for piece in pieces:
        whole.update(piece)
    return Digest("sha384:" + whole.hexdigest())


def digest_of(document: object) -> Digest:
    """Return the digest of the canonical bytes of a struct that this node made itself."""
    return digest(_encoder.encode(document))


def decoder(kind: type[T], *, limit: int = LIMIT) -> Callable[[bytes], T]:
    """Return the strict decoder of one kind of document.

    The decoder raises ``Invalid``: ``invalid.document.size``, ``invalid.document.decode``,
    ``invalid.document.canonical`` or ``invalid.document.profile``.
    """
    decode = msgspec.json.Decoder(kind, strict=True).decode

    def strict(data: bytes) -> T:
        if len(data) > limit:
            raise Invalid("invalid.document.size", f"more than {limit} bytes")
        try:
            value = decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            # msgspec names the path and the expectation, never the value: nothing is quoted.
            raise Invalid("invalid.document.decode", _without_values(error)) from None
        if _encoder.encode(value) != data:
            raise Invalid("invalid.document.canonical", "not the canonical form of its content")
        check_profile(data)
        return value

    return strict


def reader(kind: type[T]) -> Callable[[bytes], T]:
    """Return the decoder of what this node wrote and sealed itself: typed, and not asked again.

    What it reads was opened under a key of this house, so nobody else wrote it, and it is never
    compared, signed or sent as it stands. The decoder raises ``Invalid``:
    ``invalid.document.decode``: another version of the program wrote it.
    """
    decode = msgspec.json.Decoder(kind, strict=True).decode

    def read(data: bytes) -> T:
        try:
            return decode(data)
        except msgspec.DecodeError as error:
            raise Invalid("invalid.document.decode", _without_values(error)) from None

    return read


def _without_values(error: Exception) -> str:
    """Keep of a decoder's complaint what names a place and an expectation."""
    text = str(error)
    return (
        text
        if text.isascii() and len(text) < _LONGEST_COMPLAINT and "value '" not in text
        else "refused"
    )


def check_profile(data: bytes) -> None:
    """Return if canonical ``data`` keeps the profile (4-protocol, "Bytes").

    Raises:
        Invalid: ``invalid.document.profile``; ``invalid.document.decode`` of a part that its kind
            leaves as bytes, and that is no JSON in UTF-8.
    """
    # Fast and complete for the common case: canonical bytes without a backslash hold no control
    # character below 0x20; ASCII without DEL is assigned, NFC and printable. Numbers are bounded
    # by the structs' own types (an architecture test holds that), so only text is left to ask.
    if data.isascii() and b"\\" not in data and b"\x7f" not in data:
        return
    try:
        value = _plain.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("invalid.document.decode", _without_values(error)) from None
    _check(value, 0)


def _check(value: Any, depth: int) -> None:  # noqa: ANN401 - any JSON value
    if depth > _MAX_DEPTH:
        raise Invalid("invalid.document.profile", "nested too deeply")
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not (key.isascii() and key.isprintable()):
                raise Invalid("invalid.document.profile", "a key is not printable ASCII")
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if not -_BIGGEST <= value <= _BIGGEST:
            raise Invalid("invalid.document.profile", "an integer beyond 2^53 - 1")
    else:
        raise Invalid("invalid.document.profile", "a float or a null")


def check_text(text: str) -> None:
    """Return if a text value keeps the profile: NFC, assigned, no control or format characters.

    Raises:
        Invalid: ``invalid.document.profile``.
    """
    if not is_permitted(text):
        raise Invalid("invalid.document.profile", "a character that text may not hold")
    if not unicodedata.is_normalized("NFC", text):
        raise Invalid("invalid.document.profile", "text is not in normal form C")


def check_any(data: bytes, *, limit: int = LIMIT) -> None:
    """Return if ``data`` is a canonical document of the profile, whatever its kind.

    Raises:
        Invalid: as :func:`decoder` says.
    """
    decoder(object, limit=limit)(data)
    _check(_plain.decode(data), 0)


def normalised(text: str) -> str:
    """Return a person's typing in NFC, to be shown back with notice where it changed."""
    return unicodedata.normalize("NFC", text)
