"""Where every log stands, and up to where the counterpart has cosigned it."""

from typing import Any

from comity.ledger.checkpoints import checkpoint_of
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import Peer
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.logs import LogName, register_ledger
from comity.vocabulary.names import Party


def logs(node: Node, tx: Reading) -> list[dict[str, Any]]:
    """Return every log with its size, its root, and how many of its leaves are cosigned.

    Of a counterpart's register ledger no leaf is here: what is shown is the last checkpoint of
    it that this house cosigned.
    """
    found = []
    for log in tx.logs():
        frontier = tx.frontier(log)
        found.append(
            {
                "log": log,
                "size": frontier.size,
                "root": frontier.root.hex(),
                "cosigned": cosigned(tx, log),
            }
        )
    for row in tx.within(Peer, ""):
        log = register_ledger(Party(row.key), node.party)
        note = tx.load(Space.LATEST, f"{log}|cosigned")
        if note is not None:
            stands = checkpoint_of(note)
            root = digest_to_bytes(stands.root).hex()
            found.append({"log": log, "size": stands.size, "root": root, "cosigned": stands.size})
    return found


def cosigned(tx: Reading, log: LogName) -> int:
    """Return how many leaves of a log the counterpart has cosigned."""
    note = tx.load(Space.LATEST, f"{log}|acked") or tx.load(Space.LATEST, f"{log}|cosigned")
    return 0 if note is None else checkpoint_of(note).size
