"""Item: its life as a timeline, with articles and proofs; who may, who did."""

from typing import Any, Final

from comity.acts.deeds import Role
from comity.console.pages import visit as visits
from comity.console.pages.ledger import cosigned
from comity.console.words import catalogue, has_words, known_schemes, marking_of
from comity.marking.banner import origin_line
from comity.node import reading, receiving
from comity.node.ports import Reading
from comity.node.views import item_life
from comity.register.rows import DutyOf, Holding, position_of
from comity.vocabulary.names import Party

_REFUSALS: Final = frozenset({"journal.refuse", "link.refuse", "link.diverge"})
"""Acts that record what had no effect."""


def item(visit: visits.Visit) -> dict[str, Any]:
    """Return one item's life and proofs; title and content are read elsewhere, as an act.

    Raises:
        Refused: ``refused.absent``: it is not here, or the person may not know that it is.
    """
    tx, party = visit.tx, visit.node.party
    number = visit.place["number"]
    row = receiving.find_item(tx, party, number)
    reading.authorise(tx, visit.person, reading.Deal.SEE, row, house=party)
    life = item_life(tx, row, house=party)
    life["duties"] = [visits.duty(one, visit.now) for one in tx.within(DutyOf, row.key)]
    for line in life["timeline"]:
        # A line keeps the code of a reason and not its values: worded where it needs none.
        line["why"] = _why(line["code"], visit.lang)
        # The leaf that records a refusal is lawful itself; what it tells of was not.
        line["records"] = line["kind"] in _REFUSALS
        line["refused"] = line["records"] or line["outcome"] not in ("lawful", "")
    return {
        "name_of_page": row.reference,
        "item": life,
        "again": row.provider == party and Role.DESK.value in visits.roles(tx, visit.person),
        "origin": origin_line(Party(row.originator), known_schemes(), language=visit.lang),
        "proofs": [_proof(tx, line) for line in life["timeline"]],
        "marking": marking_of(row, tx.get(Holding, row.key), demonstration=visit.demonstration),
    }


def _why(code: str, lang: str) -> str:
    known = catalogue().template(code, lang) if code and has_words(code) else None
    return known or ""


def _proof(tx: Reading, line: dict[str, Any]) -> dict[str, Any]:
    position = position_of(line["leaf"])
    return {
        "kind": line["kind"],
        "log": position.log,
        "index": position.index,
        "cosigned": cosigned(tx, position.log),
    }
