"""Ledger: where every log stands."""

from typing import Any

from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import receiving, standing


def ledger(visit: visits.Visit) -> dict[str, Any]:
    """Return where every log stands.

    Raises:
        Refused: ``refused.absent``: the logs are not this person's business.
    """
    if not visits.keeps_books(visit.tx, visit.person):
        raise receiving.absent()
    logs = standing.logs(visit.node, visit.tx)
    return {
        "logs": logs,
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }
