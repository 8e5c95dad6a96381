"""Alarms of links: what went wrong with a peer, counted, in a human-visible place."""

import json
from typing import Any

from comity.ledger.checkpoints import checkpoint_of
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.sitting import Sitting
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party


def raise_alarm(node: Node, peer: Party, code: str) -> None:
    """Count an alarm in a transaction of its own; an alarm never stops what goes on."""
    try:
        with node.store.transaction() as tx:
            now = node.clock.now()
            key = f"alarm|{peer}|{code}"
            tx.save(Space.LINK, {key: _counted(tx, key, now)})
    except Unavailable:
        return


def note_alarm(session: Sitting, peer: Party, code: str) -> None:
    """Count an alarm in a sitting that has begun."""
    key = f"alarm|{peer}|{code}"
    session.tx.save(Space.LINK, {key: _counted(session.tx, key, session.now)})


def _counted(tx: Reading, key: str, now: Instant) -> bytes:
    raw = tx.load(Space.LINK, key)
    kept: dict[str, Any] = json.loads(raw) if raw else {"count": 0, "first": now}
    return json.dumps({**kept, "count": kept["count"] + 1, "last": now}).encode()


def alarms(tx: Reading) -> dict[str, dict[str, Any]]:
    """Return all alarms: ``PEER|code`` to their count, first and last instant."""
    keys = tx.keys(Space.LINK, "alarm|")
    found = tx.load_many(Space.LINK, keys)
    return {key.removeprefix("alarm|"): json.loads(found[key]) for key in keys}


def keep_fork(session: Sitting, peer: Party, note: bytes) -> None:
    """Keep a signed checkpoint that contradicts what is held: evidence, and an alarm."""
    session.tx.save(Space.LATEST, {f"fork|{peer}": note})
    note_alarm(session, peer, "fork")


def keep_break(session: Sitting, peer: Party, *, held: bytes, note: bytes) -> None:
    """Keep two signed checkpoints of a register ledger that are not shown to be of one history.

    The first such pair is kept and no other: a peer cannot fill this disk with them.
    """
    log = checkpoint_of(note).log
    if session.tx.load(Space.LATEST, f"fork|{log}") is None:
        session.tx.save(Space.LATEST, {f"fork|{log}": note, f"fork|{log}|held": held})
    note_alarm(session, peer, "fork")
