"""Evidence of an item whose words both parties erased: both verifiers take it as before."""

from comity.acts.entries import decode_entry
from comity.evidence.bundle import decode_evidence
from comity.node import erasing
from comity.node.proving import evidence_for
from comity.register.rows import ItemOf
from comity.vocabulary.names import PersonId
from tests.second_verifier.crossing import crossed
from tests.second_verifier.test_both_verifiers import statuses


def test_the_proof_survives_the_words() -> None:
    crossing = crossed()
    two = crossing.two
    with two.seoul.store.reading() as tx:
        (item,) = tx.page(ItemOf)
    erasing.say(two.seoul, item.key, officer=PersonId("choi"))
    two.carry()
    erasing.say(two.tokyo, item.key, officer=PersonId("suzuki"))
    two.carry()
    for node in two.nodes.values():
        raw = evidence_for(node, item)
        assert statuses(raw, crossing.roots) == (0, 0)
        kinds = [
            type(decode_entry(leaf.leaf).deed).__name__
            for log in decode_evidence(raw).logs
            for leaf in log.leaves
        ]
        assert kinds.count("EraseParticulars") == 2
    assert statuses(crossing.raw, crossing.roots) == (0, 0)
