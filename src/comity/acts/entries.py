"""Entries: deeds as the chancery stamps them. An entry's canonical bytes are a leaf for ever."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, structs

from comity.acts.canonical import decoder
from comity.acts.deeds import AnyDeed
from comity.acts.parts import Approval, Attestation, Head, Paper, Salt, Seen
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant

LEAF_LIMIT: Final = 1 << 18
"""A leaf is opaque up to this many bytes; a larger one fails the pouch as framing."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A deed with what was true when it was appended: the skeleton, in the log for ever.

    Attributes:
        deed: What was decided.
        at: The judgement's only *now*; never decreasing in its log.
        salt: Random, so that a leaf hash betrays nothing.
        seen: The counterpart's checkpoint relied on; absent in journals. In a register ledger it
            says up to where the provider's log counted when the act was judged.
        also: Heads of other logs that the evidence comes from.
        approvals: Who approved the deed.
        attested: The author's word on domestic rules.
        evidence: Digests of documents that the judgement may look at.
        ciphertext: Digest of the sealed content; commits to its key.
        paper: Date and numbers that stand on paper, where there is one.
        judgement: Digest of the common judgement as the author computed it.
    """

    deed: AnyDeed
    at: Instant
    salt: Salt
    seen: Seen | UnsetType = UNSET
    also: Annotated[tuple[Head, ...], Meta(max_length=64)] | UnsetType = UNSET
    approvals: Annotated[tuple[Approval, ...], Meta(max_length=8)] | UnsetType = UNSET
    attested: Annotated[tuple[Attestation, ...], Meta(max_length=64)] | UnsetType = UNSET
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=64)] | UnsetType = UNSET
    ciphertext: Digest | UnsetType = UNSET
    paper: Paper | UnsetType = UNSET
    judgement: Digest | UnsetType = UNSET


class _Stamped(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """An entry as its bytes are read: what the chancery stamped, and the bytes of the deed."""

    deed: Raw  # type: ignore[assignment]  # read on its own, and then this is an entry


_SHORT: Final = 4096
_REMEMBERED: Final = 4096

_decode_stamped = decoder(_Stamped, limit=LEAF_LIMIT)
_any_deed: Final[Any] = AnyDeed  # a union, which is no type to mypy
_decode_deed: Final[Callable[[bytes], AnyDeed]] = decoder(_any_deed, limit=LEAF_LIMIT)
_remembered_deed = lru_cache(maxsize=_REMEMBERED)(_decode_deed)
_FIELDS: Final = tuple(field.name for field in structs.fields(Entry) if field.name != "deed")


def decode_deed(data: bytes) -> AnyDeed:
    """Return the deed of its canonical bytes: of a draft, and again of the entry made from it.

    The same bytes are the same deed, so it is checked once.

    Raises:
        Invalid: as :func:`comity.acts.canonical.decoder` says.
    """
    return _remembered_deed(data) if len(data) <= _SHORT else _decode_deed(data)


def _decode(leaf: bytes) -> Entry:
    # Both decoders are strict: the stamp with the deed's bytes as they stand in it, and these.
    stamped = _decode_stamped(leaf)
    stamp = {name: getattr(stamped, name) for name in _FIELDS}
    return Entry(deed=decode_deed(bytes(stamped.deed)), **stamp)


_remembered = lru_cache(maxsize=_REMEMBERED)(_decode)


def decode_entry(leaf: bytes) -> Entry:
    """Return the entry of a leaf.

    What was decoded a moment ago is not decoded again: the same bytes are the same entry, and
    an entry is never changed. Long leaves are not remembered, so memory stays small (16 MiB of
    leaves at most).

    Raises:
        Invalid: the leaf stays where it is, without effect.
    """
    return _remembered(leaf) if len(leaf) <= _SHORT else _decode(leaf)


def entry_or_opaque(leaf: bytes) -> Entry | None:
    """Return the entry of a leaf, or nothing where it does not decode: it is opaque."""
    try:
        return decode_entry(leaf)
    except Invalid:
        return None
