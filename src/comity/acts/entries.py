"""Entries: deeds as the chancery stamps them. An entry's canonical bytes are a leaf for ever."""

from functools import lru_cache
from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

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


_SHORT: Final = 4096
_REMEMBERED: Final = 4096

_decode = decoder(Entry, limit=LEAF_LIMIT)
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
