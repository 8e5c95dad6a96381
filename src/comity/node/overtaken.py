"""Logs beside the correspondence, and a new ledger key that is on its way in the correspondence.

Lanes and register ledgers have no directories of their own: their reader verifies under the
latest one that it holds. So nothing of them is sent while one is on its way, and a refusal of
what was sent before it says nothing against anybody.
"""

from comity.node.node import Node
from comity.node.ports import Reading
from comity.node.sent import Sent, acknowledged
from comity.node.signers import key_for, signed_with
from comity.register.rows import DirectoryOf
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party


def directories_known(tx: Reading, party: Party, peer: Party) -> bool:
    """Tell whether a peer is known to hold every directory that was published towards it."""
    found = tx.within(DirectoryOf, correspondence(party, peer))
    return bool(found) and max(row.index for row in found) < acknowledged(tx, party, peer)


def overtaken(node: Node, peer: Party, sent: Sent) -> bool:
    """Tell whether a directory may have arrived before a checkpoint that it does not verify.

    It is not known whether one that is not acknowledged has arrived.
    """
    with node.store.reading() as tx:
        known = directories_known(tx, node.party, peer)
        return not (known and signed_with(sent.note, key_for(node, tx, sent.log)))
