"""Signed notes: a text and the lines of those who signed it (the shape of C2SP signed-note).

A note is its text, an empty line, and one line for each signature: an em dash, the signer's
name, and in base64 four bytes that name the key and then the signature. Names and sizes are
stricter than in C2SP: a signer is a party and signs once, there are at most sixteen of them,
and each note has exactly one written form for its text and its lines in their order.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from hashlib import sha384
from typing import Final

from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party

MAXIMUM_LENGTH: Final = 131_072
"""Bytes of the longest note: sixteen hybrid signatures fit."""

MAXIMUM_LINES: Final = 16

_KEY_HASH_LENGTH: Final = 4
_UNASSIGNED: Final = b"\xff"  # C2SP: a type without a number, named by what follows it
_LINE: Final = re.compile(rb"\xe2\x80\x94 ([A-Z][A-Z0-9-]{1,15}) ([A-Za-z0-9+/]+={0,2})")


class KeyUse(Enum):
    """Our two types of signature on notes, as they stand in the hash of a key."""

    CHECKPOINT = b"comity/v1/checkpoint"
    COSIGNATURE = b"comity/v1/cosignature"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who says to have signed, with which key, and the signature: not verified yet.

    Attributes:
        name: The party.
        key_hash: Four bytes that tell keys apart; they prove nothing.
        signature: What the type of signature puts there.
    """

    name: Party
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart: not verified yet.

    Attributes:
        text: What was signed, with the line feed at its end.
        lines: The signature lines in their order.
    """

    text: bytes
    lines: tuple[SignatureLine, ...]

    def line_of(self, name: Party, key_hash: bytes) -> SignatureLine:
        """Return the line of this party with this key.

        Raises:
            Invalid: ``invalid.checkpoint.unsigned``: the party has not signed, or with
                another key.
        """
        for line in self.lines:
            if line.name == name and line.key_hash == key_hash:
                return line
        raise Invalid("invalid.checkpoint.unsigned", "no signature by this party with this key")


def key_hash(name: Party, use: KeyUse, public: bytes) -> bytes:
    """Return the four bytes that tell a key from others of the same name and use.

    They are the first of SHA-384(name, line feed, 0xff, the name of the use, public key).
    """
    covered = name.encode("ascii") + b"\n" + _UNASSIGNED + use.value + public
    return sha384(covered).digest()[:_KEY_HASH_LENGTH]


def write_line(line: SignatureLine) -> bytes:
    """Write a signature line, without the line feed."""
    encoded = b64encode(line.key_hash + line.signature)
    return b"\xe2\x80\x94 " + line.name.encode("ascii") + b" " + encoded


def write_note(text: bytes, line: SignatureLine) -> bytes:
    """Write a note with its first signature."""
    return text + b"\n" + write_line(line) + b"\n"


def line_alone(note: bytes, name: Party) -> bytes:
    """Return the note with the line of one party and no other.

    Raises:
        Invalid: ``invalid.checkpoint.unsigned``: it has none; what ``parse_note`` raises.
    """
    parts = parse_note(note)
    line = next((one for one in parts.lines if one.name == name), None)
    if line is None:
        raise Invalid("invalid.checkpoint.unsigned", f"{name} has not signed")
    return write_note(parts.text, line)


def with_line(note: bytes, line: bytes) -> bytes:
    """Return the note with one more signature line at its end; what was there stays as it is.

    Raises:
        Invalid: ``invalid.checkpoint.lines``: the line is none, its party has a line already,
            or there are sixteen; and what ``parse_note`` raises.
    """
    longer = note + line + b"\n"
    # One line is added, not several: what else is in it would be a line of its own.
    if len(parse_note(longer).lines) != len(parse_note(note).lines) + 1:
        raise _lines("not one signature line")
    return longer


def parse_note(raw: bytes) -> Note:
    """Take a note apart; nothing is verified.

    Raises:
        Invalid: ``invalid.checkpoint.length``: too long. ``invalid.checkpoint.lines``: not a
            text, an empty line, and 1 to 16 signature lines of as many parties.
    """
    if len(raw) > MAXIMUM_LENGTH:
        raise Invalid("invalid.checkpoint.length", "longer than any checkpoint")
    text, _, tail = raw.partition(b"\n\n")
    # Without an empty line there is no tail, and so no line feed at its end.
    if not tail.endswith(b"\n"):
        raise _lines("no signature lines after an empty line, or the last one is cut")
    found = tail[:-1].split(b"\n")
    if len(found) > MAXIMUM_LINES:
        raise _lines("more than sixteen signature lines")
    lines = tuple(_parse_line(line) for line in found)
    if len({line.name for line in lines}) != len(lines):
        raise _lines("a party has two signature lines")
    return Note(text + b"\n", lines)


def note_digest(note: bytes) -> Digest:
    """Return the digest of a note's text: the same whoever has signed it.

    A text without signature lines is taken too, and has the digest of its notes.
    """
    text, empty_line, _ = note.partition(b"\n\n")
    return digest_from_bytes(sha384(text + b"\n" if empty_line else text).digest())


@lru_cache(maxsize=64)
def _parse_line(raw: bytes) -> SignatureLine:
    # A note is taken apart several times on its way: read, cosigned, kept, sent.
    found = _LINE.fullmatch(raw)
    if found is None:
        raise _lines("not a dash, a party and base64")
    name, encoded = found.groups()
    try:
        blob = b64decode(encoded, validate=True)
    except ValueError as error:
        raise _lines("not base64") from error
    # Base64 has spare bits: one signature must not have two written forms.
    if b64encode(blob) != encoded or len(blob) <= _KEY_HASH_LENGTH:
        raise _lines("not the one base64 form of a key hash and a signature")
    signer = Party(name.decode("ascii"))
    return SignatureLine(signer, blob[:_KEY_HASH_LENGTH], blob[_KEY_HASH_LENGTH:])


def _lines(detail: str) -> Invalid:
    return Invalid("invalid.checkpoint.lines", detail)
