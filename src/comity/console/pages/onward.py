"""Passing on: what was received goes to a third party as it is, where its originator lets it."""

from typing import Any

from msgspec import UNSET

from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.pages import release
from comity.console.pages import visit as visits
from comity.node import passing, reading, receiving, releases, treaty
from comity.node.ports import Reading
from comity.register.rows import ItemOf, Peer
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party, parse_office, parse_party, parse_purpose


def onward(visit: visits.Visit) -> dict[str, Any]:
    """Return to whom a received item could go, and for the one chosen its offices.

    Raises:
        Refused: ``refused.absent``: no desk officer, or the item is not there for this person.
    """
    visits.require(visit, Role.DESK)
    item = _readable(visit, visit.tx)
    to = visit.asked.get("to", "")
    parties = [Party(row.key) for row in visit.tx.within(Peer, "") if row.key != item.provider]
    known = to in parties
    texts = {one: treaty.between(visit.node, visit.tx, one) for one in parties}
    return {
        "item": item,
        "peers": [
            {"party": one, "agreement": "" if text is None else f"{text.id} {text.version}"}
            for one, text in texts.items()
        ],
        "to": to if known else "",
        "peer_offices": release.offices_of(visit.tx, visit.node, Party(to), visit.lang)
        if known
        else [],
        "purposes": release.purposes(visit, Party(to)) if known else [],
        "about": item.reference,
        "marking": visits.marked(visit, [item]),
    }


def _readable(place: visits.Visit | Order, tx: Reading) -> ItemOf:
    """Return the received item that the address names.

    Raises:
        Refused: ``refused.absent``; ``refused.access.content``: the number is open, the rest not.
    """
    item = receiving.find_item(tx, place.node.party, place.place["number"])
    house = place.node.party
    reading.authorise(tx, place.person, reading.Deal.READ, item, house=house)
    if item.receiver != house:
        raise receiving.absent()
    return item


def pass_on(order: Order) -> str:
    """Lay before the authority that an item goes on; the reading is entered first.

    If the process dies after the reading and before the draft is laid, the register says that
    it was opened, and nothing has left.

    Raises:
        Refused: ``refused.absent``.
        RefusedAct: Article 7; or the originator did not approve it: its finding says how to ask.
        Invalid: a field does not hold what it should.
        Unavailable: content or key has not arrived yet.
    """
    fields = order.fields
    with order.node.store.reading() as tx:
        item = _readable(order, tx)
    offices = tuple(parse_office(one) for one in fields.all("offices"))
    if not offices:
        raise Invalid("invalid.form.offices", "name the offices that it goes to")
    purpose = fields.one("purpose")
    wish = passing.wish(
        order.node,
        item,
        to=parse_party(fields.one("to")),
        offices=offices,
        person=order.person,
        purpose=parse_purpose(purpose) if purpose else UNSET,
    )
    releases.lay_before(order.node, wish, drafter=order.person)
    return "/release"
