"""Checkpoints: where a log stands, signed by its owner; cosignatures: acknowledged, with time.

The text of a checkpoint is four or five lines, each ended by a line feed (the shape of C2SP
tlog-checkpoint; our lines ``time`` and ``seen`` stand where it has extension lines)::

    comity/KOR/to/JPN
    42
    <base64 of the root, 48 bytes>
    time 2026-11-24T10:00:00.000Z
    seen 17 <base64 of the root of comity/JPN/to/KOR at size 17>

Signatures are of our own types over the whole text: the line of the owner holds the four bytes
of the key's hash and a signature of type CHECKPOINT over the text; the line of a cosigner holds
those four bytes, the time in milliseconds since 1970 (8 bytes, big-endian), and a signature of
type COSIGNATURE over ``cosignature/v1``, the time and the text.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from comity.ledger.notes import (
    KeyUse,
    Note,
    SignatureLine,
    key_hash,
    parse_note,
    write_line,
    write_note,
)
from comity.ledger.tree import MAXIMUM_SIZE, empty_root
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import Digest, digest_from_bytes, digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import (
    EPOCH,
    Instant,
    instant_from_datetime,
    parse_instant,
    to_datetime,
)
from comity.vocabulary.logs import LogKind, LogName, kind_of, owner, parse_log
from comity.vocabulary.names import Party

MAXIMUM_TEXT: Final = 512
"""Bytes of the longest text; the longest name of a log leaves room to spare."""

EMPTY_ROOT: Final = digest_from_bytes(empty_root())
"""The root of every log of size 0."""

_TIME_LENGTH: Final = 8
_MILLISECOND: Final = timedelta(milliseconds=1)
_SIZE: Final = r"(0|[1-9][0-9]{0,15})"
_ROOT: Final = r"([A-Za-z0-9+/]{64})"  # 48 bytes fill 64 characters: no padding, no spare bits
_TEXT: Final = re.compile(
    rf"([A-Za-z0-9/-]{{1,200}})\n{_SIZE}\n{_ROOT}\ntime ([0-9TZ:.-]{{24}})\n"
    rf"(?:seen {_SIZE} {_ROOT}\n)?"
)


@dataclass(frozen=True, slots=True)
class SeenRoot:
    """What a log's owner held of the counterpart's correspondence: its size and root."""

    size: int
    root: Digest


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a log stands.

    Attributes:
        log: Which log.
        size: How many leaves it has.
        root: The root over them; at size 0 that of the empty tree.
        time: When the owner said so.
        seen: The counterpart's correspondence as the owner held it. Absent before its first
            checkpoint has arrived, and always in a journal and in a log that stands in for
            one that is missing.
    """

    log: LogName
    size: int
    root: Digest
    time: Instant
    seen: SeenRoot | None = None


def write(checkpoint: Checkpoint) -> bytes:
    """Write the text of a checkpoint; ``parse`` gives the same checkpoint back.

    Raises:
        Invalid: ``invalid.checkpoint.…``: it is not one that ``parse`` would accept.
    """
    root = _base64(checkpoint.root)
    text = f"{checkpoint.log}\n{checkpoint.size}\n{root}\ntime {checkpoint.time}\n"
    if checkpoint.seen is not None:
        text += f"seen {checkpoint.seen.size} {_base64(checkpoint.seen.root)}\n"
    try:
        raw = text.encode("ascii")
    except UnicodeEncodeError as error:
        raise _form("not ASCII") from error
    # What is signed can be read: a text that the counterpart refuses is not made here.
    parse(raw)
    return raw


def parse(text: bytes) -> Checkpoint:
    """Read the text of a checkpoint. Each checkpoint has exactly one text.

    Raises:
        Invalid: ``invalid.checkpoint.form``: not exactly these lines in ASCII, or a name, size
            or time that cannot be; ``invalid.checkpoint.root``: a root of size 0 that is not
            that of the empty tree; ``invalid.checkpoint.seen``: a ``seen`` line in a log that
            has none.
    """
    if len(text) > MAXIMUM_TEXT or not text.isascii():
        raise _form("too long, or not ASCII")
    found = _TEXT.fullmatch(text.decode("ascii"))
    if found is None:
        raise _form("not the lines of a checkpoint")
    log, size, root, time, seen_size, seen_root = found.groups()
    try:
        name, instant = parse_log(log), parse_instant(time)
    except Invalid as error:
        raise _form("no such log, or no such time") from error
    stands = _sized(size, root)
    seen = None if seen_size is None else _sized(seen_size, seen_root)
    if seen is not None and kind_of(name) in {LogKind.JOURNAL, LogKind.STANDING_IN}:
        raise Invalid("invalid.checkpoint.seen", "this log has no counterpart that it could see")
    return Checkpoint(name, stands.size, stands.root, instant, seen)


@lru_cache(maxsize=1024)
def checkpoint_of(note: bytes) -> Checkpoint:
    """Return what a kept note says; its signatures were verified before it was kept.

    Raises:
        Invalid: ``invalid.checkpoint.…``.
    """
    return parse(parse_note(note).text)


def sign_checkpoint(suite: Suite, private: bytes, public: bytes, checkpoint: Checkpoint) -> bytes:
    """Return the note of a checkpoint with the signature of the log's owner.

    ``public`` is the public key of ``private``; the signer's name is that of the log's owner.
    Whoever signs has read the leaves back and hashed them again, and has made sure that no
    other root was ever signed at this size: neither can be seen from here.

    Raises:
        Invalid: ``invalid.checkpoint.…``: what ``write`` raises; ``invalid.key``.
    """
    text = write(checkpoint)
    name = owner(checkpoint.log)
    signature = suite.sign(private, type=SignatureType.CHECKPOINT, message=text)
    line = SignatureLine(name, key_hash(name, KeyUse.CHECKPOINT, public), signature)
    return write_note(text, line)


def verify_checkpoint(suite: Suite, note: bytes, *, public: bytes, log: LogName) -> Checkpoint:
    """Return the checkpoint if the owner of this log signed it with this key.

    Other lines of the note are taken apart but not verified: their signers are asked for one
    by one with ``verify_cosignature``.

    Raises:
        Invalid: ``invalid.checkpoint.log``: it is of another log; ``….unsigned``: the owner
            has no line with this key; ``invalid.signature``; what ``parse_note`` and ``parse``
            raise.
    """
    parts = parse_note(note)
    checkpoint = parse(parts.text)
    if checkpoint.log != log:
        raise Invalid("invalid.checkpoint.log", "a checkpoint of another log")
    name = owner(log)
    line = parts.line_of(name, key_hash(name, KeyUse.CHECKPOINT, public))
    suite.verify(
        public, type=SignatureType.CHECKPOINT, message=parts.text, signature=line.signature
    )
    return checkpoint


def cosign(  # noqa: PLR0913 -- what one cosignature is made of, by keyword
    suite: Suite, private: bytes, public: bytes, note: bytes, *, name: Party, time: Instant
) -> bytes:
    """Return a party's line that acknowledges every leaf up to this checkpoint.

    The caller has verified the checkpoint, holds its leaves, and has never cosigned another
    root of this log at this size. ``with_line`` puts the line under the note.

    Raises:
        Invalid: ``invalid.checkpoint.signer``: the party owns the log; ``….time``: a time
            before 1970; ``invalid.key``; what ``parse_note`` and ``parse`` raise.
    """
    parts = _of_another(note, name)
    stamp = _milliseconds(time).to_bytes(_TIME_LENGTH, "big")
    covered = _cosigned(parts.text, time)
    signature = suite.sign(private, type=SignatureType.COSIGNATURE, message=covered)
    hashed = key_hash(name, KeyUse.COSIGNATURE, public)
    return write_line(SignatureLine(name, hashed, stamp + signature))


def verify_cosignature(suite: Suite, note: bytes, *, public: bytes, name: Party) -> Instant:
    """Return when this party cosigned this note with this key.

    It says nothing about the owner's signature: that is ``verify_checkpoint``.

    Raises:
        Invalid: ``invalid.checkpoint.signer``: the party owns the log; ``….unsigned``: it has
            no line with this key; ``….time``: no such time; ``invalid.signature``; what
            ``parse_note`` and ``parse`` raise.
    """
    parts = _of_another(note, name)
    line = parts.line_of(name, key_hash(name, KeyUse.COSIGNATURE, public))
    time = _instant(line.signature[:_TIME_LENGTH])
    suite.verify(
        public,
        type=SignatureType.COSIGNATURE,
        message=_cosigned(parts.text, time),
        signature=line.signature[_TIME_LENGTH:],
    )
    return time


def _of_another(note: bytes, name: Party) -> Note:
    """Take a note apart whose log belongs to another party than this one."""
    parts = parse_note(note)
    # Nobody acknowledges to himself: his one line is the owner's signature.
    if owner(parse(parts.text).log) == name:
        raise Invalid("invalid.checkpoint.signer", "the owner of a log does not cosign it")
    return parts


def _cosigned(text: bytes, time: Instant) -> bytes:
    return b"cosignature/v1\ntime " + time.encode("ascii") + b"\n" + text


def _milliseconds(time: Instant) -> int:
    count = (to_datetime(time) - to_datetime(EPOCH)) // _MILLISECOND
    if count < 0:
        raise Invalid("invalid.checkpoint.time", "a cosignature is not from before 1970")
    return count


def _instant(stamp: bytes) -> Instant:
    try:
        if len(stamp) == _TIME_LENGTH:
            moment = to_datetime(EPOCH) + int.from_bytes(stamp, "big") * _MILLISECOND
            return instant_from_datetime(moment)
    except OverflowError as error:
        raise Invalid("invalid.checkpoint.time", "later than the calendar goes") from error
    raise Invalid("invalid.checkpoint.time", "a cosignature without its time")


def _sized(size: str, root: str) -> SeenRoot:
    count, digest = int(size), digest_from_bytes(b64decode(root))
    if count > MAXIMUM_SIZE:
        raise _form("a log has at most 2^53 - 1 leaves")
    if count == 0 and digest != EMPTY_ROOT:
        raise Invalid("invalid.checkpoint.root", "size 0 with the root of something")
    return SeenRoot(count, digest)


def _base64(digest: Digest) -> str:
    return b64encode(digest_to_bytes(digest)).decode("ascii")


def _form(detail: str) -> Invalid:
    return Invalid("invalid.checkpoint.form", detail)
