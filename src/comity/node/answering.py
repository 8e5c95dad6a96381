"""Who answers for an item at this moment: the provider, or from some point on the receiver."""

from typing import Final

from comity.agreement.case import ItemFacts
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.cut import EVERYTHING, Cut
from comity.agreement.items import item_facts
from comity.node.node import Node
from comity.node.ports import Reading
from comity.register.rows import Copy, ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party

_ON_THE_WAY: Final = "in-transit"


def answers_for(node: Node, tx: Reading, item: ItemOf) -> Party | None:
    """Return who answers for an item, as everything that this house holds says.

    Custody passes with dispatch, delivery or the receipt, as the text under which the item was
    provided says (Korea-Japan 2016, Articles 9 and 12); nothing is returned where it is silent.
    """
    agreement = node.agreement(tx, Digest(item.agreement))
    clause = None if agreement is None else agreement.clause("transmission")
    if not isinstance(clause, Transmission):
        return None
    provider, receiver = Party(item.provider), Party(item.receiver)
    cut = Cut(
        mine=correspondence(provider, receiver),
        mine_size=EVERYTHING,
        theirs=correspondence(receiver, provider),
        theirs_size=EVERYTHING,
        everything=True,
    )
    facts = item_facts(tx, item.key, cut, node.clock.now())
    return clause.answers(facts) if isinstance(facts, ItemFacts) else None


def on_the_way(tx: Reading, item: ItemOf) -> bool:
    """Tell whether a copy of an item has been dispatched and not been receipted for."""
    return any(one.state == _ON_THE_WAY for one in tx.within(Copy, item.key))
