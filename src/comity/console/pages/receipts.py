"""Receipts: the custodian of an addressed office counts, and signs (Article 12)."""

from typing import Any

from comity.acts.deeds import Reserve, Role, Stage
from comity.console.forms import Order
from comity.console.pages import visit as visits
from comity.node import passkeys, receiving
from comity.register.rows import Holding, ItemOf, ReceiptOf
from comity.vocabulary.errors import Invalid


def receiptable(visit: visits.Visit, item: ItemOf) -> dict[str, Any] | None:
    """Return what a receipt of an item would say, for its custodian; nothing for others."""
    held = visit.tx.get(Holding, item.key)
    mine = Role.CUSTODIAN.value in visits.roles(visit.tx, visit.person)
    if item.receiver != visit.node.party or not mine or held is None or not held.number:
        return None
    if any(one.stage == Stage.DOCUMENT.value for one in visit.tx.within(ReceiptOf, item.key)):
        return None
    return {
        "pages": item.pages,
        "annexes": item.annexes,
        "reserves": [one.value for one in Reserve],
        "custodied": not passkeys.living(visit.tx, visit.person),
    }


def receipt(order: Order) -> str:
    """Sign the receipt of a document, clear or under reserve, as counted.

    Raises:
        Refused: ``refused.absent``; the person is no custodian; as
            :func:`comity.node.receiving.receipt`.
        Invalid: ``invalid.form``: a count that is no number.
    """
    node, fields = order.node, order.fields
    with node.store.reading() as tx:
        row = receiving.find_item(tx, node.party, order.place["number"])
        visits.authorise(node, tx, order.person, row)
    receiving.receipt(
        node,
        row,
        custodian=order.person,
        pages=_count(fields.one("pages")),
        annexes=_count(fields.one("annexes")),
        reserve=[Reserve(one) for one in fields.all("reserve")],
        sign=order.sign,
    )
    return f"/register/{row.reference}"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):  # noqa: PLR2004 - as the field
        raise Invalid("invalid.form", "a count is a number")
    return int(text)
