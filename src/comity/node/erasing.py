"""Words that are to be erased: said by one party, then by the other; what waits for the other.

Each says it by the same act, over the signature of an officer of its own. Nobody is bound to
agree, and no reason is asked for. What goes then is :mod:`comity.node.erased`.
"""

from typing import NamedTuple

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.agreement.ground import ERASES, GROUND, LINK_ARTICLE
from comity.node import receiving
from comity.node.chancery import Entered
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading
from comity.node.signing import Signer, by_key_file, enter_signed
from comity.register.links import erased
from comity.register.rows import ErasureOf, ItemOf, Needs, RequestOf, Rows, position_of
from comity.vocabulary.logs import owner, reader
from comity.vocabulary.names import Office, Party, PersonId

MAY: tuple[Role, ...] = ERASES
"""Who says it, and who learns what waits."""


class Waiting(NamedTuple):
    """Words that one party wants erased and the other has not agreed to.

    Attributes:
        entry: The leaf whose words they are.
        reference: The item's number; empty for a request.
        said: What was said, and by which office.
    """

    entry: str
    reference: str
    said: ErasureOf


def named(tx: Reading, house: Party, text: str) -> str:
    """Return the entry that a number of either registry names, or a leaf as lists show it.

    Raises:
        Refused: ``refused.absent``: no such item or request is here.
    """
    if "#" not in text:
        return receiving.find_item(tx, house, text).key
    if tx.get(ItemOf, text) is None and tx.get(RequestOf, text) is None:
        raise receiving.absent()
    return text


def say(node: Node, entry: str, *, officer: PersonId, sign: Signer = by_key_file) -> Entered:
    """Say that the words of an entry are to be erased: who says it second has agreed to it.

    Raises:
        Refused: ``refused.person.role``: neither a registry officer nor a security officer;
            ``refused.absent``: the entry is of no correspondence of this house.
        RefusedAct: it has no words, they are erased, or this house has said so.
    """
    position = position_of(entry)
    parties = {owner(position.log), reader(position.log)} - {node.party, None}
    with node.store.reading() as tx:
        office = Office(require_person(tx, officer, *MAY).office)
    if len(parties) != 1:
        raise receiving.absent()
    (other,) = parties
    assert other is not None  # noqa: S101 - taken out above
    deed = deeds.EraseParticulars(
        by=office,
        to=other,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        leaf=position,
    )
    return enter_signed(node, deed, person=officer, sign=sign)


def under(rows: Rows, entry: str) -> str:
    """Return the act under which an entry's words were erased by both; empty: they were not."""
    found = erased(rows, entry)
    return "" if found is None else found.key


def waiting(tx: Reading) -> tuple[Waiting, ...]:
    """Return the words that one party wants erased and the other has not agreed to, in order."""
    by_entry: dict[str, list[ErasureOf]] = {}
    for one in tx.page(ErasureOf, limit=100_000):
        by_entry.setdefault(one.scope, []).append(one)
    open_ = {
        entry: rows[0] for entry, rows in by_entry.items() if len({one.author for one in rows}) == 1
    }
    ask = Needs()
    for entry in open_:
        ask.key(entry, ItemOf)
    items = tx.fetch(ask)[0]
    found = [
        Waiting(entry, getattr(items.get((ItemOf, entry)), "reference", ""), said)
        for entry, said in open_.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.said.at, one.entry)))


__all__ = ["MAY", "Waiting", "named", "say", "under", "waiting"]
