"""Ledger: where every log stands."""

from typing import Any

from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.ledger.checkpoints import checkpoint_of
from comity.node import receiving
from comity.node.ports import Reading, Space
from comity.vocabulary.logs import LogName


def ledger(visit: visits.Visit) -> dict[str, Any]:
    """Return where every log stands.

    Raises:
        Refused: ``refused.absent``: the logs are not this person's business.
    """
    if not visits.keeps_books(visit.tx, visit.person):
        raise receiving.absent()
    logs = []
    for log in visit.tx.logs():
        frontier = visit.tx.frontier(log)
        logs.append(
            {
                "log": log,
                "size": frontier.size,
                "root": frontier.root.hex(),
                "cosigned": cosigned(visit.tx, log),
            }
        )
    return {
        "logs": logs,
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }


def cosigned(tx: Reading, log: LogName) -> int:
    """Return how many leaves of a log the counterpart has cosigned."""
    note = tx.load(Space.LATEST, f"{log}|acked") or tx.load(Space.LATEST, f"{log}|cosigned")
    return 0 if note is None else checkpoint_of(note).size
