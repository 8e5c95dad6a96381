"""What a counterpart cosigned is kept as it was signed with the key in force, for strangers."""

from comity.evidence.verify import verify
from comity.node import deciding, outgoing, proving, releases
from comity.node.incoming import receive
from comity.register.rows import ItemOf
from comity.seal.fingerprints import key_id
from comity.vocabulary.logs import correspondence
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import (
    JPN,
    KOR,
    Hand,
    HeldVault,
    under_the_pact,
)
from tests.unit.node.test_recovering import publish


def test_the_same_text_signed_twice_is_kept_as_signed_last() -> None:
    """A release signed under the former key, again under the new one; the answer comes late."""
    two = under_the_pact()
    vault = two.seoul.vault
    assert isinstance(vault, HeldVault)
    vault.renew("ledger")
    publish(two)
    laid = releases.lay_before(two.seoul, wish(), drafter=KIM)
    deciding.approve(two.seoul, [laid.deed], authority=PARK)
    log = correspondence(KOR, JPN)
    # The first pouch ends with the directory; until it is acknowledged the former key signs.
    outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR))
    sent = outgoing.next_pouch(two.seoul, JPN)
    assert sent is not None
    answer = receive(two.tokyo, KOR, sent.wire)
    # Meanwhile Seoul's word on the same leaves is asked for again, a second later.
    two.clock.turn(1)
    outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)
    outgoing.took(two.seoul, JPN, sent, answer)
    with two.seoul.store.reading() as tx:
        assert outgoing.acknowledged(tx, KOR, JPN) == tx.frontier(log).size
        (item,) = tx.within(ItemOf, log)
    roots = {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in two.nodes.items()
    }
    raw = proving.evidence_for(two.seoul, item)
    assert verify(two.seoul.suite, raw, roots=roots).confirmed
