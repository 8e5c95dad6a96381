"""Answers to pouches: what the receiver's node says, and what the sender does with it.

The bytes of an answer to a pouch with leaves are stored in the transaction that accepted it and
returned for the same pouch for ever.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, digest
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Index


class Word(Enum):
    """What the receiver says of a pouch."""

    COSIGNED = "cosigned"
    """Appended and durable; ``checkpoint`` carries the cosignature."""
    ELSEWHERE = "elsewhere"
    """The receiver's replica has another size: ``checkpoint`` is its latest cosigned one."""
    FORKED = "forked"
    """The roots differ: ``checkpoint`` is the one that the receiver holds and has cosigned."""
    LATER = "later"
    """Nothing was decided (clocks apart, disk full, busy): try again."""
    REFUSED = "refused"
    """The one answer for everything before both signatures verify."""


class Answer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer.

    Attributes:
        word: What happened.
        log: The log of the pouch (empty pouch included).
        size: The size of the receiver's replica.
        time: The receiver's clock.
        checkpoint: A note of that log (may be empty: none held yet).
        own: The receiver's own correspondence checkpoint with its ``seen`` line.
        wants: Digests of large contents that the receiver has not yet.
        slips: Positions whose key slip the receiver needs again.
    """

    word: Word
    log: LogName
    size: Index
    time: Instant
    checkpoint: Annotated[bytes, Meta(max_length=1 << 16)]
    own: Annotated[bytes, Meta(max_length=1 << 16)]
    wants: Annotated[tuple[Digest, ...], Meta(max_length=4096)]
    slips: Annotated[tuple[Index, ...], Meta(max_length=4096)]


ANSWER_LIMIT: Final = 1 << 20
decode_answer = decoder(Answer, limit=ANSWER_LIMIT)


def identity(log: LogName, old: int, new: int, root: Digest) -> str:
    """Return what identifies a pouch: the same leaves of the same log, whenever sent."""
    return digest(f"{log}\n{old}\n{new}\n{root}".encode())
