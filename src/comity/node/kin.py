"""What an item has to do with others: where it came from, where it went on, by which approvals.

Nothing here decides who may see: :func:`comity.node.reading.authorise` does, for each item.
"""

from typing import NamedTuple

from comity.acts import deeds
from comity.acts.deeds import Release
from comity.acts.entries import decode_entry
from comity.node.ports import Reading
from comity.register.rows import ConsentOf, ConsentUse, Draft, ItemOf, Line, position_of
from comity.vocabulary.logs import LogName


class Origin(NamedTuple):
    """The item that an item is, as it was received here, and the approvals it went on by.

    Attributes:
        consents: Each by its question, or by its grant where nobody asked.
    """

    item: ItemOf
    consents: tuple[str, ...]


def origin_of(tx: Reading, item: ItemOf) -> Origin | None:
    """Return what an item went on from; nothing where it begins here, or that is not kept here."""
    origin = tx.get(ItemOf, item.origin) if item.origin else None
    if origin is None:
        return None
    at = position_of(item.key)
    deed = decode_entry(tx.leaves(at.log, at.index, at.index + 1)[0]).deed
    name = deeds.deed_digest(deed) if isinstance(deed, Release) else ""
    used = [
        one.ask or one.key
        for one in tx.within(ConsentOf, origin.key)
        if any(use.release == name for use in tx.within(ConsentUse, one.key))
    ]
    return Origin(origin, tuple(used))


def onward_of(tx: Reading, item: ItemOf) -> tuple[ItemOf, ...]:
    """Return the items by which this house passed a received item on, in their order."""
    found = []
    for line in tx.within(Line, item.key):
        if line.kind != deeds.OnwardReleased.__struct_config__.tag:
            continue
        leaf = tx.leaves(LogName(line.log), line.index, line.index + 1)[0]
        deed = decode_entry(leaf).deed
        draft = tx.get(Draft, deed.release) if isinstance(deed, deeds.OnwardReleased) else None
        went = tx.get(ItemOf, draft.entered) if draft is not None and draft.entered else None
        if went is not None:
            found.append(went)
    return tuple(found)
