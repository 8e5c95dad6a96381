"""Where an item that goes on comes from: the originator's own leaf, proven to its own root.

The two nodes of a link share no other log. So what the judgement needs of the originator's log
stands in a document that the entry names: the leaf that provided the item, the grants, their
paths to a checkpoint that the originator signed, and its directory. Both nodes, and a stranger
with the file, read the same facts from the same bytes.
"""

from typing import Annotated, Final, Literal, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import decoder
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Head, Position
from comity.agreement.case import ConsentFact, ItemFacts
from comity.ledger.checkpoints import verify_checkpoint
from comity.ledger.notes import parse_note
from comity.ledger.proofs import verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.seal.directories import open_directory
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, owner
from comity.vocabulary.names import Index, Party

UNPROVEN: Final = "origin.unproven"
OTHER_ITEM: Final = "origin.not-as-received"
NOT_ENROLLED: Final = "origin.not-enrolled"

Node48 = Annotated[bytes, Meta(min_length=48, max_length=48)]


class OriginLeaf(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A leaf of the originator's log and its inclusion path to the checkpoint."""

    index: Index
    leaf: Annotated[bytes, Meta(max_length=1 << 18)]
    path: Annotated[tuple[Node48, ...], Meta(max_length=53)]


class OriginProof(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What proves an item's origin to a third party.

    Attributes:
        origin: Version of this form.
        log: The originator's correspondence to who passes the item on.
        directory: The originator's directory, signed by its root, whose key signed the checkpoint.
        checkpoint: The note of that log.
        leaves: The leaf that provided the item, and the grants, in the order of their indexes.
    """

    origin: Literal[1]
    log: LogName
    directory: Annotated[bytes, Meta(max_length=1 << 19)]
    checkpoint: Annotated[bytes, Meta(max_length=1 << 16)]
    leaves: Annotated[tuple[OriginLeaf, ...], Meta(min_length=1, max_length=8)]


decode_origin = decoder(OriginProof, limit=1 << 22)


class Origin(NamedTuple):
    """What a proof says: the release as the originator made it, and the consents it granted."""

    release: deeds.Release
    consents: tuple[ConsentFact, ...]


def origin_of(suite: Suite, raw: bytes, *, entry: Entry, root: Digest) -> Origin:
    """Return what a proof says of the item that an entry passes on.

    Raises:
        Invalid: it does not prove, to this root, the leaf that the entry names.
    """
    deed = entry.deed
    if not isinstance(deed, deeds.Release) or not isinstance(deed.origin, Position):
        raise Invalid("invalid.proof", "nothing is passed on")
    proof = decode_origin(raw)
    if proof.log != deed.origin.log:
        raise Invalid("invalid.proof", "of another log")
    directory = open_directory(suite, proof.directory, root=root)
    if directory.party != owner(proof.log):
        raise Invalid("invalid.proof", "the directory of another party")
    note = verify_checkpoint(suite, proof.checkpoint, public=directory.ledger, log=proof.log)
    if len(parse_note(proof.checkpoint).lines) != 1:
        # A line that a third party cannot verify would be taken for a signature.
        raise Invalid("invalid.proof", "a checkpoint with other lines than its owner's")
    head = Head(log=proof.log, size=note.size, root=note.root)
    if isinstance(entry.also, UnsetType) or head not in entry.also:
        raise Invalid("invalid.proof", "the entry does not name the head that it rests on")
    found: dict[int, Entry] = {}
    for one in proof.leaves:
        verify_inclusion(
            leaf_hash=leaf_hash(one.leaf),
            index=one.index,
            size=note.size,
            path=one.path,
            root=digest_to_bytes(note.root),
        )
        found[one.index] = decode_entry(one.leaf)
    item = found.get(deed.origin.index)
    if item is None or not isinstance(item.deed, deeds.Release):
        raise Invalid("invalid.proof", "the leaf that provided the item is not in it")
    if item.deed.item.originator != directory.party:
        # A hub's own leaf proves nothing of what its originator allows.
        raise Invalid("invalid.proof", "the log is not the originator's own")
    return Origin(
        item.deed,
        tuple(
            _fact(one.deed, deed.origin, directory.party)
            for _, one in sorted(found.items())
            if isinstance(one.deed, deeds.Grant)
        ),
    )


def _fact(grant: deeds.Grant, item: Position, originator: Party) -> ConsentFact:
    """Return a grant as its leaf says. Who passes on vouches that it was not taken back."""
    return ConsentFact(
        originator=originator,
        uses=grant.uses.value,
        third_party=grant.third_party,
        purpose=grant.purpose,
        contractor=grant.contractor,
        level=grant.level,
        until=grant.until,
        times=grant.times,
        mode="" if isinstance(grant.mode, UnsetType) else grant.mode.value,
        same_item=grant.item == item,
    )


def as_received(origin: Origin, onward: deeds.Release) -> bool:
    """Tell whether an item goes on as it was received: label, form, extent and content."""
    one, other = origin.release.item, onward.item
    return (
        one.originator,
        one.label,
        one.subject,
        one.form,
        one.pages,
        one.annexes,
        one.plaintext,
    ) == (
        other.originator,
        other.label,
        other.subject,
        other.form,
        other.pages,
        other.annexes,
        other.plaintext,
    )


def facts_of(origin: Origin, onward: deeds.Release, *, acting: Party) -> ItemFacts:
    """Return the item as its originator described it, on its way to the third party.

    The releaser's own deed says whose item it is, at which level and for whom. If the
    originator's terms were judged on that, naming another originator would wash them off.
    """
    item = origin.release.item
    return ItemFacts(
        originator=item.originator,
        provider=acting,
        receiver=onward.to,
        level=item.label.level,
        subject=item.subject,
        form=item.form,
        purpose=onward.purpose,
        offices=onward.offices,
        regime=item.label.regime,
        releasable=item.label.releasable,
        caveats=item.label.caveats,
        provided=True,
        pages=item.pages,
        annexes=item.annexes,
        origin_purpose=origin.release.purpose,
        agreement=origin.release.agreement if isinstance(origin.release.agreement, str) else UNSET,
    )
