"""The import of an existing register: bring it, see how far it is, sign for one's part."""

from typing import Any, Final

from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import brought, kept
from comity.node.brought import Waiting
from comity.node.receiving import absent
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Party, parse_party

_SHOWN: Final = 20
"""Bad lines that are named on the page."""

EXAMPLE: Final = """party = "{party}"

[columns]
direction = "direction"
number = "number"
their-number = "their number"
date = "date"
title = "title"
level = "level"
our-office = "our office"
their-office = "their office"
pages = "pages"
receipt-date = "receipt date"

[always]
subject = "dprk.missile"
purpose = "defence.missile-warning"

[values.direction]
"received" = "in"
"sent" = "out"
"""
"""A map to begin with; what is not right in it is said, with what would be."""


class BadLinesError(Invalid):
    """A register with bad lines: nothing of it was kept."""

    def __init__(self, said: list[str], count: int) -> None:
        """Name the first of them; the page lists them."""
        super().__init__("invalid.import.bad", f"{count} bad lines: " + "; ".join(said))
        self.lines = tuple(said)
        self.count = count


def waiting(visit: visits.Visit) -> Waiting:
    """Return how far the register of the party in the address is, and the lines that come next.

    Raises:
        Refused: ``refused.absent``: none waits, or this person signs for nothing of it.
    """
    visits.require(visit, *brought.SIGNS)
    party = Party(visit.place["party"])
    found = brought.waiting(visit.node, visit.tx, party, first=_first(visit))
    if found.shown:
        return found
    # All lines are behind: what is left of them begins with the first again.
    return brought.waiting(visit.node, visit.tx, party)


def _first(visit: visits.Visit) -> int:
    first = visit.asked.get("first", "0")
    return int(first) if first.isdecimal() and len(first) < 9 else 0  # noqa: PLR2004 - lines


def imported(visit: visits.Visit) -> dict[str, Any]:
    """Return the page of a register: to bring it, or how far it is and what one signs for."""
    visits.require(visit, *brought.SIGNS)
    party, tx = Party(visit.place["party"]), visit.tx
    known = visits.roles(tx, visit.person)
    registry = Role.REGISTRY.value in known
    if not kept.is_kept(tx, visit.node.party, party):
        raise absent()
    try:
        found: Waiting | None = waiting(visit)
    except Refused:
        if not registry:
            raise
        found = None
    own = {role: role.value in known for role in brought.SIGNS}
    left = {} if found is None else found.left
    return {
        "absent": party,
        "open": kept.is_open(tx, visit.node.party, party),
        "registry": registry,
        "waits": found,
        "brought_by": "" if found is None else visits.called(tx, found.by),
        "left": [(role.value, count, own[role]) for role, count in left.items()],
        "mine": sum(count for role, count in left.items() if own[role]),
        "first": _first(visit),
        "example": EXAMPLE.replace("{party}", party),
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def bring(order: Order) -> str:
    """Bring a register; bad lines are named, and then nothing is kept.

    Raises:
        Invalid: ``invalid.import.map``, ``invalid.import.file``, ``invalid.import.bad``.
        Refused: ``refused.paper.not-kept``, ``refused.paper.joined``.
    """
    fields, party = order.fields, parse_party(order.place["party"])
    if fields.file is None:
        raise Invalid("invalid.form.file", "the register is put in as a file")
    terms = fields.one("map").encode()
    read = brought.bring(order.node, party, fields.file.content, terms, officer=order.person)
    if read.bad:
        said = [
            f"{one.line}: {one.column} {one.value!r} → {one.right}" for one in read.bad[:_SHOWN]
        ]
        raise BadLinesError(said, len(read.bad))
    return f"/paper/{party}/register"


def go_on(order: Order) -> str:
    """Enter the lines that were shown, as far as this person signs for them.

    Raises:
        Refused: ``refused.import.changed``; as :func:`comity.node.brought.go_on`.
    """
    party = parse_party(order.place["party"])
    first = order.fields.one("first")
    done = brought.go_on(
        order.node,
        party,
        person=order.person,
        seen=order.fields.one("seen"),
        first=int(first) if first.isdecimal() else 0,
        sign=order.sign,
    )
    return f"/paper/{party}/register?first={done.after}"


def forget(order: Order) -> str:
    """Throw the register away; what of it is in the book stays there."""
    party = parse_party(order.place["party"])
    brought.forget(order.node, party, officer=order.person)
    return f"/paper/{party}"
