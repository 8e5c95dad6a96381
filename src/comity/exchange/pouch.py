"""Pouches: leaves ``[old, new)`` of one log with what belongs to them, sealed for one peer.

Wire form: two bytes of length and the outer header (canonical JSON), then the sealed body. The
outer header says nothing of what is inside; its digest is bound into the seal. The body is four
bytes of length, a head (canonical JSON) that states the sizes of what follows, the pieces one
after the other, and zeros up to a bucket.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import decoder, digest, encode
from comity.acts.entries import LEAF_LIMIT
from comity.ledger.proofs import MAXIMUM_PATH
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogKind, LogName, kind_of
from comity.vocabulary.names import Index, Office

POUCH_LIMIT: Final = 64 << 20
"""The most bytes of a pouch on the wire."""

LEAVES_LIMIT: Final = 4096
"""The most leaves of one pouch."""

CONTENT_INLINE: Final = 16 << 20
"""Sealed contents travel in the pouch up to this size; larger ones are not released yet."""

_OUTER_LENGTH: Final = 2
_HEAD_LENGTH: Final = 4

Size = Annotated[int, Meta(ge=0, le=POUCH_LIMIT)]
Hash = Annotated[bytes, Meta(min_length=48, max_length=48)]
Token = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]


class Outer(Struct, frozen=True, forbid_unknown_fields=True):
    """All that the wire shows: a version, an opaque token of the peer, a bucketed size."""

    peer: Token
    size: Size
    version: Annotated[int, Meta(ge=1, le=1)]


class Slip(Struct, frozen=True, forbid_unknown_fields=True):
    """Item keys sealed to one office's epoch. Not signed: a wrong key fails at the content."""

    office: Office
    epoch: Index
    sealed: Annotated[bytes, Meta(max_length=1 << 22)]


class Head(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the body holds, in this order: leaves, documents, contents.

    Attributes:
        log: Whose leaves they are.
        old: Size of the log before the first.
        new: Size after the last; the checkpoint's size.
        checkpoint: The signed note for ``new``.
        leaves: Size of each leaf.
        documents: Size of each document; each is found by the digest of its bytes.
        contents: Size of each sealed content, likewise.
        slips: Key slips.
        consistency: Of a register ledger, whose leaves stay at home: the proof that the
            checkpoint goes on from the one for ``old``. Absent from size 0 on.
    """

    log: LogName
    old: Index
    new: Index
    checkpoint: Annotated[bytes, Meta(max_length=1 << 16)]
    leaves: Annotated[tuple[Annotated[int, Meta(ge=1, le=LEAF_LIMIT)], ...], Meta(max_length=4096)]
    documents: Annotated[tuple[Size, ...], Meta(max_length=16384)]
    contents: Annotated[tuple[Size, ...], Meta(max_length=4096)]
    slips: Annotated[tuple[Slip, ...], Meta(max_length=1024)]
    consistency: Annotated[tuple[Hash, ...], Meta(max_length=MAXIMUM_PATH)] | UnsetType = UNSET


class Pouch(Struct, frozen=True, kw_only=True):
    """An opened pouch: framing and seal hold; nothing in it is believed yet."""

    log: LogName
    old: int
    new: int
    checkpoint: bytes
    leaves: tuple[bytes, ...]
    documents: dict[Digest, bytes]
    contents: dict[Digest, bytes]
    slips: tuple[Slip, ...]
    consistency: tuple[bytes, ...] = ()


_decode_outer = decoder(Outer, limit=512)
_decode_head = decoder(Head, limit=16 << 20)


def bucket(size: int) -> int:
    """Return the padded size (Padmé: at most 12 % more, and few distinct sizes)."""
    floor = 4096
    if size <= floor:
        return floor
    exponent = size.bit_length() - 1
    spare = exponent - (exponent.bit_length())
    mask = (1 << spare) - 1
    return (size + mask) & ~mask


def pack(
    suite: Suite,
    head: Head,
    *,
    pieces: Iterable[bytes],
    transport: bytes,
    token: str,
) -> bytes:
    """Return the wire bytes of a pouch for the peer that holds a transport key."""
    raw = encode(head)
    body = b"".join((len(raw).to_bytes(4, "big"), raw, *pieces))
    body += bytes(bucket(len(body)) - len(body))
    outer = encode(Outer(peer=token, size=len(body), version=1))
    sealed = suite.seal_to(transport, info=_info(outer), plaintext=body)
    return len(outer).to_bytes(2, "big") + outer + sealed


def _info(outer: bytes) -> bytes:
    return digest(outer).encode()


def unpack(suite: Suite, wire: bytes, *, transport: bytes, token: str) -> Pouch:
    """Open a pouch: size limits, strict decode, addressed to me, the outer seal, the framing.

    Raises:
        Invalid: ``invalid.pouch``, ``invalid.document.*`` or ``invalid.sealed``. Towards the
            peer they are one answer.
    """
    # 4-protocol, "Pouches": size limits → strict decode → addressed to me.
    if not _OUTER_LENGTH < len(wire) <= POUCH_LIMIT:
        raise Invalid("invalid.pouch", "too short or too large")
    end = 2 + int.from_bytes(wire[:2], "big")
    outer = _decode_outer(wire[2:end])
    if outer.peer != token:
        raise Invalid("invalid.pouch", "addressed to somebody else")
    # → open the outer seal.
    body = suite.open_from(transport, info=_info(wire[2:end]), sealed=wire[end:])
    if len(body) != outer.size or len(body) < _HEAD_LENGTH:
        raise Invalid("invalid.pouch", "the body is not as long as stated")
    start = 4 + int.from_bytes(body[:4], "big")
    if start > len(body):
        raise Invalid("invalid.pouch", "the head is longer than the body")
    return _cut(_decode_head(body[4:start]), body, start)


def opened(suite: Suite, wire: bytes, *, transports: Sequence[bytes], token: str) -> Pouch:
    """Open a pouch that is sealed to one of several keys of the addressee, the newest tried first.

    Raises:
        Invalid: as :func:`unpack`.
    """
    for transport in transports[:-1]:
        try:
            return unpack(suite, wire, transport=transport, token=token)
        except Invalid as error:
            # Anything else fails in the same way under every key.
            if error.code != "invalid.sealed":
                raise
    return unpack(suite, wire, transport=transports[-1], token=token)


def _cut(head: Head, body: bytes, start: int) -> Pouch:
    if kind_of(head.log) is LogKind.REGISTER:
        if head.old > head.new or head.leaves or head.documents or head.contents or head.slips:
            raise Invalid("invalid.pouch", "of a register ledger only the checkpoint travels")
    elif head.new - head.old != len(head.leaves) or not isinstance(head.consistency, UnsetType):
        raise Invalid("invalid.pouch", "not as many leaves as positions")
    pieces, at = _slices(body, start, (*head.leaves, *head.documents, *head.contents))
    if len(body) != bucket(at) or any(body[at:]):
        raise Invalid("invalid.pouch", "bytes that belong to nothing")
    leaves, rest = pieces[: len(head.leaves)], pieces[len(head.leaves) :]
    documents, contents = rest[: len(head.documents)], rest[len(head.documents) :]
    return Pouch(
        log=head.log,
        old=head.old,
        new=head.new,
        checkpoint=head.checkpoint,
        leaves=tuple(leaves),
        documents=by_digest(documents),
        contents=by_digest(contents),
        slips=head.slips,
        consistency=() if isinstance(head.consistency, UnsetType) else head.consistency,
    )


def _slices(body: bytes, at: int, sizes: Sequence[int]) -> tuple[list[bytes], int]:
    pieces = []
    for size in sizes:
        if at + size > len(body):
            raise Invalid("invalid.pouch", "pieces beyond the end")
        pieces.append(body[at : at + size])
        at += size
    return pieces, at


def by_digest(pieces: Iterable[bytes]) -> dict[Digest, bytes]:
    """Key bytes by their digest: what is named by a digest can only be what was named."""
    return {digest(piece): piece for piece in pieces}


def head_of(  # noqa: PLR0913 - the parts of one head, by keyword
    *,
    log: LogName,
    old: int,
    checkpoint: bytes,
    leaves: Sequence[bytes],
    documents: Mapping[Digest, bytes],
    contents: Mapping[Digest, bytes],
    slips: Sequence[Slip],
) -> tuple[Head, list[bytes]]:
    """Return a head and the pieces that follow it."""
    head = Head(
        log=log,
        old=old,
        new=old + len(leaves),
        checkpoint=checkpoint,
        leaves=tuple(len(leaf) for leaf in leaves),
        documents=tuple(len(one) for one in documents.values()),
        contents=tuple(len(one) for one in contents.values()),
        slips=tuple(slips),
    )
    return head, [*leaves, *documents.values(), *contents.values()]
