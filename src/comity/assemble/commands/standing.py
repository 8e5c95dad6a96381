"""The command that says how a node is."""

from typing import Any

from comity.assemble.commands.said import Arguments
from comity.assemble.house import House
from comity.node import large, outgoing, releases, setup, treaty, views
from comity.node.alarms import alarms
from comity.register.rows import PersonOf
from comity.store.second import TwoPlaces
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party


def second_of(house: House) -> dict[str, Any] | None:
    """Say where the second place is, and how many transactions wait to be written there."""
    if not isinstance(house.store, TwoPlaces):
        return None
    return {"folder": house.config.second, "behind": house.store.behind}


def status(house: House, args: Arguments) -> dict[str, Any]:
    """Say how the node is: agreements, links, duties, drafts, alarms."""
    del args
    node = house.node
    now = node.clock.now()
    with house.store.reading() as tx:
        links = []
        for row in setup.peers(tx):
            peer = Party(row.key)
            mine = tx.frontier(correspondence(node.party, peer))
            theirs = tx.frontier(correspondence(peer, node.party))
            links.append(
                {
                    "peer": peer,
                    "out": mine.size,
                    "acknowledged": outgoing.acknowledged(tx, node.party, peer),
                    "in": theirs.size,
                    "contents": [
                        {
                            "content": one,
                            "arrived": 0 if node.files is None else node.files.arrived(one),
                        }
                        for one in large.wanted(tx, peer)
                    ],
                }
            )
        return {
            "party": node.party,
            "at": now,
            "agreements": [
                {
                    "id": one.agreement.id,
                    "version": one.agreement.version,
                    "digest": one.agreement.digest,
                    "in_force": one.in_force,
                    "views": {party: view.value for party, view in one.views},
                }
                for one in treaty.known(node, tx)
            ],
            "links": links,
            "duties": [
                one | {"overdue": one["state"] == "overdue"} for one in views.duties(tx, now)
            ],
            "second": second_of(house),
            "drafts": len(releases.waiting(tx)),
            "alarms": alarms(tx),
            "persons": [
                {"person": row.key, "office": row.office, "roles": list(row.roles)}
                for row in tx.within(PersonOf, "persons")
            ],
        }
