"""Item: its life as a timeline, with articles and proofs; who may, who did."""

from typing import Any, Final

from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.pages import custody, erasing
from comity.console.pages import visit as visits
from comity.console.words import catalogue, has_words, known_schemes, marking_of, spellings
from comity.marking.banner import origin_line
from comity.node import entitled as who
from comity.node import kin, reading, receiving, titles
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.node.standing import cosigned
from comity.node.views import begun, item_life
from comity.printing.data import offered
from comity.register.rows import DutyOf, Holding, ItemOf, position_of
from comity.vocabulary.names import Party
from comity.wording import words

_REFUSALS: Final = frozenset({"journal.refuse", "link.refuse", "link.diverge"})
"""Acts that record what had no effect."""


_CONSENTS: Final = frozenset({Role.DESK.value, Role.REGISTRY.value, Role.RELEASING.value})
"""Roles to which the page of an approval is open."""


def visible(visit: visits.Visit) -> ItemOf:
    """Return the item that the address names.

    Raises:
        Refused: ``refused.absent``: it is not here, or the person may not know that it is.
    """
    row = receiving.find_item(visit.tx, visit.node.party, visit.place["number"])
    visits.authorise(visit.node, visit.tx, visit.person, row)
    return row


def opened(order: Order, row: ItemOf) -> dict[str, Any] | bytes:
    """Open an item; the reading is entered first. What is no text comes as it is.

    Raises:
        RefusedAct: Article 7: no need-to-know, or not cleared.
        Refused: ``refused.access.content``: the number is open to this person, the content not.
        Unavailable: content or key has not arrived yet.
    """
    found = reading.read(order.node, row, person=order.person)
    with order.node.store.reading() as tx:
        held = tx.get(Holding, row.key)
        card = card_of(tx, order.person)
    words = found.particulars
    if words is None or not words.media_type.startswith("text/"):
        return found.content
    return {
        "words": words,
        "content": found.content.decode(errors="replace"),
        "reader": order.person if card is None else card.name,
        "at": order.node.clock.now(),
        "reference": row.reference,
        "marking": marking_of(row, held, demonstration=order.demonstration, lang=order.lang),
    }


def item(visit: visits.Visit) -> dict[str, Any]:
    """Return one item's life and proofs; title and content are read elsewhere, as an act.

    Raises:
        Refused: ``refused.absent``: it is not here, or the person may not know that it is.
    """
    tx, party = visit.tx, visit.node.party
    row = visible(visit)
    life = item_life(tx, row, house=party, now=visit.now)
    known = visits.roles(tx, visit.person)
    owed = begun(tx.within(DutyOf, row.key), visit.now)
    refused = bool(life["refused"])
    life["duties"] = [visits.duty(one, visit.now, refused=refused) for one in owed]
    for line in life["timeline"]:
        line["why"] = _why(line, visit.lang)
        line["consents"] = line["consents"] if known & _CONSENTS else []
        # The leaf that records a refusal is lawful itself; what it tells of was not.
        line["records"] = line["kind"] in _REFUSALS
        line["refused"] = line["records"] or line["outcome"] not in ("lawful", "")
    received = row.receiver == party
    ours = received and row.originator == row.provider
    plain = {f"{party}:{life['number']}", f"{row.provider}:{row.reference}"}
    return _kin(visit, row, known) | {
        "short": titles.title_of(visit.node, tx, row, person=visit.person),
        "entitled": _entitled(visit, row),
        "written": [one for one in life["numbers"] if one not in plain],
        "name_of_page": row.reference,
        "about": row.reference,
        "acts": custody.acts(visit, row),
        "erases": erasing.offered(visit, row.key),
        # What came through another house goes no further, and its provider approves nothing.
        "through": received and row.originator != row.provider,
        "asks": ours and bool(known & {Role.DESK.value, Role.REGISTRY.value}),
        "onward": ours and Role.DESK.value in known and visits.may(visit, reading.Deal.READ, row),
        "item": life,
        "names": visits.names(tx, [*life["assigned"], *(one["person"] for one in life["read_by"])]),
        "refusal": life["refused"] if has_words(life["refused"]) else "",
        "sheets": offered(row, party),
        "readable": row.receiver == party and visits.may(visit, reading.Deal.READ, row),
        "again": row.provider == party and Role.DESK.value in known,
        "origin": origin_line(Party(row.originator), known_schemes(), language=visit.lang),
        "proofs": [_proof(tx, line) for line in life["timeline"]],
        "marking": marking_of(
            row, tx.get(Holding, row.key), demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def _kin(visit: visits.Visit, row: ItemOf, known: frozenset[str]) -> dict[str, Any]:
    """Return the items and approvals that belong to this one, where this person may know of them.

    One that the person may not know of is left out, as if there were none.
    """
    origin = kin.origin_of(visit.tx, row)
    if origin is not None and not visits.may(visit, reading.Deal.SEE, origin.item):
        origin = None
    onward = kin.onward_of(visit.tx, row)
    return {
        "came_from": None if origin is None else origin.item,
        "by_consents": origin.consents if origin is not None and known & _CONSENTS else (),
        "went_on": [one for one in onward if visits.may(visit, reading.Deal.SEE, one)],
    }


def _entitled(visit: visits.Visit, row: ItemOf) -> list[dict[str, Any]] | None:
    """Return who has or may have a received item, to who may know; to others there is no answer."""
    if row.receiver != visit.node.party or not who.may_know(visit.tx, visit.person):
        return None
    found = who.entitled(visit.node, visit.tx, row, now=visit.now)
    return [one._asdict() | {"name": visits.called(visit.tx, one.person)} for one in found]


def _why(line: dict[str, Any], lang: str) -> str:
    """Return why an act had no effect.

    A row keeps the code of a reason and not its values, which a kept judgement has: without
    them it is worded only where it needs none.
    """
    code, values = line["code"], line["values"]
    if not code or not (values or has_words(code)):
        return ""
    return words(catalogue(), code, lang, values, names=spellings())


def _proof(tx: Reading, line: dict[str, Any]) -> dict[str, Any]:
    position = position_of(line["leaf"])
    return {
        "kind": line["kind"],
        "log": position.log,
        "index": position.index,
        "cosigned": cosigned(tx, position.log),
        "attested": line["attested"],
    }
