"""V13: words that both parties erased are in neither house, by the leaves; nothing else is gone."""

import json
from collections.abc import Mapping, Sequence

from comity.node import item_keys
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.titling import titles_of
from comity.register.rows import ItemOf
from comity.vocabulary.names import Office
from tests.simulation.history import require

Logs = Mapping[str, Sequence[bytes]]


def erased(logs: Logs) -> set[str]:
    """Return the items whose words both parties said are to go."""
    said: dict[str, set[str]] = {}
    for log, leaves in logs.items():
        for raw in leaves:
            deed = json.loads(raw)["deed"]
            if deed["kind"] == "link.erase-particulars":
                entry = f"{deed['leaf']['log']}#{deed['leaf']['index']}"
                require(log not in said.setdefault(entry, set()), "V2", f"{log} says it twice")
                said[entry].add(log)
    return {entry for entry, by in said.items() if len(by) > 1}


def check_words(node: Node, logs: Logs) -> int:
    """What both erased is gone here, and nothing else is; return how much that is."""
    gone = erased(logs)
    with node.store.reading() as tx:
        rows = {row.key: row for log in logs for row in tx.within(ItemOf, log)}
        kept = {row.key for row in rows.values() if row.key not in gone}
        titles = titles_of(node, tx, rows.values())
        found = {key for key, title in titles.items() if title}
        require(not found & gone, "V13", f"{node.party} has a title of {sorted(found & gone)}")
        require(len(tx.keys(Space.WORDS)) <= len(kept), "V13", "words that belong to no item")
        for key in gone:
            for holder in (node.party, *map(Office, rows[key].offices)):
                keys = item_keys.keys_of(node, tx, key, holder)
                bare = keys is None or keys.particulars == bytes(32)
                require(bare, "V13", f"{holder} has the key of the words of {key}")
        for key in kept:
            own = rows[key].provider == node.party
            holder = node.party if own else Office(rows[key].offices[0])
            held = item_keys.keys_of(node, tx, key, holder)
            require(held is None or key in found, "V13", f"{node.party} lost the title of {key}")
    return len(gone)
