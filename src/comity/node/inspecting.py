"""What an open view shows: how a visitor's items are treated here, by proofs, and nothing else.

The host opens a view for a visit that it permitted, for one facility and a time (Korea-Japan
2016, Article 18). While it is open the leaves of the register ledger that say what was done with
the visitor's items at that facility can be written into a file, each with its path to the
checkpoint that the visitor's own node has cosigned. Leaves that name persons are counted and not
shown.
"""

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from comity.acts import deeds
from comity.acts.canonical import decoder, encode
from comity.acts.entries import decode_entry
from comity.acts.parts import Position
from comity.evidence.bundle import ProvenLeaf, ProvenLog
from comity.ledger.checkpoints import checkpoint_of
from comity.ledger.proofs import verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.proving import proven
from comity.register.rows import ItemOf, Line, Matter, key_of, position_of
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.logs import correspondence, register_ledger
from comity.vocabulary.names import Index, Office, Party, PersonId

LIMIT: Final = 256 << 20

SHOWN: Final = frozenset(
    str(one.__struct_config__.tag)
    for one in (
        deeds.Register,
        deeds.Designate,
        deeds.ReMark,
        deeds.Keep,
        deeds.Reproduce,
        deeds.Extract,
        deeds.Relieve,
        deeds.GiveBack,
        deeds.Destroy,
        deeds.Muster,
    )
)
"""Acts of a holder that are shown: none of them names a person."""


class Inspection(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was shown.

    Attributes:
        comity: Version of this form.
        view: The leaf that opened the view.
        facility: That far and no further.
        items: The leaves by which the visitor provided the items that are addressed there.
        ledger: The leaves of the host's register ledger about them, with their proofs.
        persons: How many further leaves about them name persons, and are not shown.
    """

    comity: Annotated[int, Meta(ge=1, le=1)]
    view: Position
    facility: Office
    items: Annotated[tuple[Position, ...], Meta(max_length=65536)]
    ledger: ProvenLog
    persons: Index


_decode: Final = decoder(Inspection, limit=LIMIT)


def inspection(node: Node, view: str, *, officer: PersonId) -> bytes:
    """Return what an open view shows now, as a file for the visitor.

    Raises:
        Refused: ``refused.person.role``; ``refused.inspection.closed``: this house has opened no
            such view, its time is over, or the visit was closed.
        Unavailable: ``unavailable.evidence``: the visitor has cosigned no checkpoint yet.
    """
    with node.store.reading() as tx:
        require_person(tx, officer, deeds.Role.REGISTRY, deeds.Role.SECURITY)
        opened = _opened(node, tx, view)
        items = _items(tx, node.party, opened)
        log = register_ledger(node.party, opened.to)
        note = tx.load(Space.LATEST, f"{log}|acked")
        if note is None:
            raise Unavailable("unavailable.evidence", "nothing is cosigned yet; ask after the hour")
        size = checkpoint_of(note).size
        lines = [one for item in items for one in tx.within(Line, item.key) if one.log == log]
        within = [one for one in lines if one.index < size]
        indexes = sorted(one.index for one in within if one.kind in SHOWN)
        return encode(
            Inspection(
                comity=1,
                view=position_of(view),
                facility=opened.facility,
                items=tuple(position_of(one.key) for one in items),
                ledger=ProvenLog(
                    log=log, checkpoint=note, leaves=tuple(proven(tx, log, indexes, size))
                ),
                persons=sum(one.kind not in SHOWN for one in within),
            )
        )


def _opened(node: Node, tx: Reading, view: str) -> deeds.OpenInspection:
    row = tx.get(Matter, view)
    closed = Refused("refused.inspection.closed", f"no view is open at {view}")
    if row is None or row.kind != "visit.open-inspection" or row.author != node.party:
        raise closed
    if row.until <= node.clock.now():
        raise closed
    position = position_of(view)
    deed = decode_entry(tx.leaves(position.log, position.index, position.index + 1)[0]).deed
    if not isinstance(deed, deeds.OpenInspection):
        raise closed
    theirs = correspondence(deed.to, node.party)
    done = (one for one in tx.within(Matter, f"{theirs}|visit") if one.kind == "visit.done")
    if any(one.about == key_of(deed.about) for one in done):
        raise closed
    return deed


def _items(tx: Reading, house: Party, opened: deeds.OpenInspection) -> list[ItemOf]:
    """Return the visitor's own items that are addressed to the facility, in order."""
    provided = tx.within(ItemOf, correspondence(opened.to, house))
    return sorted(
        (one for one in provided if one.originator == opened.to and opened.facility in one.offices),
        key=lambda one: one.index,
    )


def told(raw: bytes) -> dict[str, Any]:
    """Return what a file shows as plain values; nothing is verified.

    Raises:
        Invalid: it is no such file.
    """
    shown = _decode(raw)
    return {
        "facility": shown.facility,
        "items": [key_of(one) for one in shown.items],
        "acts": [_act(one) for one in shown.ledger.leaves],
        "naming_persons": shown.persons,
    }


def _act(one: ProvenLeaf) -> dict[str, Any]:
    entry = decode_entry(one.leaf)
    item = getattr(entry.deed, "item", None)
    return {
        "at": entry.at,
        "kind": deeds.kind_of(entry.deed),
        "by": entry.deed.by,
        "item": key_of(item) if isinstance(item, Position) else "",
    }


def verified(node: Node, raw: bytes) -> dict[str, Any]:
    """Return what a host has shown, once every leaf is proven in its ledger as cosigned here.

    The checkpoint must be the one that this house itself holds and has cosigned: the host cannot
    show another ledger than the one it keeps (what it does not enter it cannot show at all).

    Raises:
        Invalid: ``invalid.inspection``: no such file; another checkpoint than the one held; a
            leaf of no item of this house; ``invalid.proof``.
        Refused: ``refused.inspection.closed``: that host has opened no such view.
    """
    shown = _decode(raw)
    with node.store.reading() as tx:
        view = tx.get(Matter, key_of(shown.view))
        held = tx.load(Space.LATEST, f"{shown.ledger.log}|cosigned")
        provided = [tx.get(ItemOf, key_of(one)) for one in shown.items]
    if view is None or view.kind != "visit.open-inspection" or view.author == node.party:
        raise Refused("refused.inspection.closed", "its host has opened no such view")
    if shown.ledger.log != register_ledger(Party(view.author), node.party):
        raise Invalid("invalid.inspection", "it is not of the register ledger of its host")
    if any(one is None or one.originator != node.party for one in provided):
        raise Invalid("invalid.inspection", "it names an item that is not of this house")
    checkpoint = checkpoint_of(shown.ledger.checkpoint)
    if held is None or checkpoint_of(held) != checkpoint:
        raise Invalid("invalid.inspection", "its checkpoint is not the last that is cosigned here")
    for one in shown.ledger.leaves:
        if _item_of(one) not in shown.items:
            raise Invalid("invalid.inspection", "a leaf is about none of the items")
        verify_inclusion(
            leaf_hash=leaf_hash(one.leaf),
            index=one.index,
            size=checkpoint.size,
            path=one.path,
            root=digest_to_bytes(checkpoint.root),
        )
    return {**told(raw), "checkpoint": checkpoint.size, "opened_at": view.at}


def _item_of(one: ProvenLeaf) -> Position | None:
    """Return the item that a leaf is about."""
    item = getattr(decode_entry(one.leaf).deed, "item", None)
    return item if isinstance(item, Position) else None
