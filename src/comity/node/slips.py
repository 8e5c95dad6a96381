"""Key slips: item keys sealed to an office, made at dispatch, wrapped again at arrival.

A slip is beside the log and never in a leaf. A lost one is made again and travels in an empty
pouch; taking one twice changes nothing. It is not signed: a wrong key fails against the
ciphertext's commitment, raises an alarm, and the slip is asked for again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, encode
from comity.exchange.pouch import Pouch, Slip
from comity.node.alarms import note_alarm
from comity.node.item_keys import ItemKeys, unwrapped, without_words, wrapped
from comity.node.links import directory_of
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.node.sitting import Sitting
from comity.register.links import erased
from comity.register.rows import ErasureOf, ItemOf, Needs, key_at
from comity.seal.directories import office_key
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Index, Office, Party


class SlipItem(Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of the item at one index."""

    index: Index
    keys: ItemKeys


class SlipBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed in a slip."""

    log: LogName
    items: Annotated[tuple[SlipItem, ...], Meta(max_length=4096)]


_decode_body = decoder(SlipBody, limit=4 << 20)


def make(  # noqa: PLR0913 - what it states, by name
    node: Node,
    tx: Reading,
    peer: Party,
    log: LogName,
    indexes: Iterable[int],
    *,
    now: Instant,
    addressed: Mapping[int, Sequence[Office]],
) -> tuple[list[Slip], list[Digest]]:
    """Make the slips for some items: one seal per office, whatever their number.

    Args:
        node: The provider's node.
        tx: What it keeps.
        peer: To whom.
        log: Where the items stand.
        indexes: At which indexes.
        now: Which epoch's key is used.
        addressed: The offices of those items whose leaves are at hand.

    Returns:
        The slips, and the digests of the sealed particulars that go with them.

    Raises:
        Unavailable: ``unavailable.office-key``: the peer's directory has no key of an addressed
            office that covers now; the pouch waits for a new directory.
    """
    directory = directory_of(tx, peer, node.party)
    per_office: dict[Office, list[SlipItem]] = {}
    sealed: dict[Digest, None] = {}
    items = {key_at(log, index): index for index in indexes}
    kept = tx.load_many(Space.KEY, [f"{item}|{node.party}" for item in items])
    ask = Needs()
    for item, index in items.items():
        if index not in addressed:
            ask.key(item, ItemOf)
    rows = Overlay(tx)
    rows.fetch(ask)
    for item, index in items.items():
        raw = kept.get(f"{item}|{node.party}")
        offices = addressed.get(index)
        if offices is None and (row := rows.get(ItemOf, item)) is not None:
            offices = [Office(office) for office in row.offices]
        if raw is None or offices is None:
            continue
        keys = unwrapped(node, raw, item=item, holder=node.party)
        sealed[keys.sealed] = None
        for office in offices:
            per_office.setdefault(office, []).append(SlipItem(index, keys))
    slips = []
    for office, contents in sorted(per_office.items()):
        key = office_key(directory, office, at=now)
        if key is None:
            raise Unavailable("unavailable.office-key", f"no key of {office} covers now")
        body = encode(SlipBody(log, tuple(contents)))
        info = _info(log, office, key.epoch)
        slips.append(
            Slip(office, key.epoch, node.suite.seal_to(key.public, info=info, plaintext=body))
        )
    return slips, list(sealed)


def _info(log: LogName, office: Office, epoch: int) -> bytes:
    return f"comity/v1 slip\n{log}\n{office}\n{epoch}".encode()


def take(session: Sitting, peer: Party, pouch: Pouch) -> set[str]:
    """Open the slips of a pouch and wrap each key under its office's storage key.

    The first key of an item stays: a slip is not signed, and a later wrong one would take the
    item from an office that could read it. It is replaced where it was asked for again. Of the
    documents of the pouch, the sealed particulars that a slip names are kept.

    Returns:
        The keys under which something was kept.
    """
    node = session.node
    log = correspondence(peer, node.party)
    again = set(wanted_again(session.tx, log))
    came: set[int] = set()
    held: set[str] = set()
    for slip in pouch.slips:
        try:
            private = node.vault.office(slip.office, slip.epoch)
            raw = node.suite.open_from(
                private, info=_info(log, slip.office, slip.epoch), sealed=slip.sealed
            )
            body = _decode_body(raw)
            if body.log != log:
                raise Invalid("invalid.slip", "for another log")
        except (Invalid, Unavailable):
            # Nothing is lost: the leaf is held, the key is asked for again.
            note_alarm(session, peer, "slip")
            continue
        held |= _keep(session, pouch, slip.office, body, again, came)
    if came & again:
        session.tx.save(Space.LINK, {f"slips|{log}": json.dumps(sorted(again - came)).encode()})
    return held


def _keep(  # noqa: PLR0913 - one opened slip and what is known of its items
    session: Sitting, pouch: Pouch, office: Office, body: SlipBody, again: set[int], came: set[int]
) -> set[str]:
    """Keep the keys of one opened slip, and the sealed particulars that it names."""
    node, log = session.node, body.log
    holders = {f"{key_at(log, one.index)}|{office}": one for one in body.items}
    # Items that are new in this transaction have no key yet. A pouch may have come before.
    before = session.tx.frontier(log).size
    have = session.tx.load_many(
        Space.KEY, [key for key, one in holders.items() if one.index < before]
    )
    gone = _erased(session, [one.index for one in body.items if one.index < before], log)
    keep: dict[str, bytes] = {}
    papers: dict[str, bytes] = {}
    for holder, one in holders.items():
        item = key_at(log, one.index)
        row = session.rows.get(ItemOf, item)
        # A slip cannot give an office what the leaf does not address to it.
        if row is None or office not in row.offices:
            continue
        if one.index in gone:
            # Made again, perhaps before its author erased them, too: nothing of them comes back.
            if holder not in have or one.index in again:
                bare = without_words(one.keys)
                keep[holder] = wrapped(node, bare, item=item, holder=office)
                came.add(one.index)
            continue
        if holder not in have or one.index in again:
            keep[holder] = wrapped(node, one.keys, item=item, holder=office)
            came.add(one.index)
        elif unwrapped(node, have[holder], item=item, holder=office) != one.keys:
            continue
        if one.keys.sealed in pouch.documents:
            papers[one.keys.sealed] = pouch.documents[one.keys.sealed]
    # A title that could not be opened before is read into the index again.
    late = {
        key_at(log, one.index): 0
        for holder, one in holders.items()
        if holder in keep and one.index < before
    }
    if late:
        session.tx.number_titles(late)
    session.tx.save(Space.KEY, keep)
    session.tx.save(Space.WORDS, papers)
    return set(keep)


def _erased(session: Sitting, indexes: Sequence[int], log: LogName) -> set[int]:
    """Return those indexes at which items stand whose words are erased; nothing new is."""
    ask = Needs()
    for index in indexes:
        ask.scope(key_at(log, index), ErasureOf)
    session.rows.fetch(ask)
    return {index for index in indexes if erased(session.rows, key_at(log, index)) is not None}


def missing(session: Sitting, pouch: Pouch, held: set[str]) -> tuple[int, ...]:
    """Return the indexes of items of a pouch for which an office has no key yet.

    ``held`` names keys that are known to be kept.
    """
    tx = session.tx
    holders: dict[str, int] = {}
    for index in range(pouch.old, pouch.new):
        item = key_at(pouch.log, index)
        row = session.rows.get(ItemOf, item)
        if row is not None:
            holders.update({f"{item}|{office}": index for office in row.offices})
    unsure = [holder for holder in holders if holder not in held]
    have = tx.load_many(Space.KEY, unsure)
    wanted = {holders[holder]: None for holder in unsure if holder not in have}
    for index in wanted_again(tx, pouch.log):
        wanted[index] = None
    return tuple(sorted(wanted))[:4096]


def ask_again(session: Sitting, log: LogName, index: int) -> None:
    """Ask for the slip of an item again with the next answer."""
    known = sorted({*wanted_again(session.tx, log), index})
    session.tx.save(Space.LINK, {f"slips|{log}": json.dumps(known).encode()})


def wanted_again(tx: Reading, log: LogName) -> list[int]:
    """Return the indexes whose slip was wrong or lost."""
    raw = tx.load(Space.LINK, f"slips|{log}")
    return [int(index) for index in json.loads(raw)] if raw else []
