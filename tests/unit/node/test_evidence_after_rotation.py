"""Evidence when a ledger key was changed: each signature by the key of its time, and no other."""

import pytest
from msgspec import structs

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.evidence.bundle import decode_evidence
from comity.evidence.verify import verify
from comity.ledger.checkpoints import cosign
from comity.ledger.notes import parse_note, with_line, write_note
from comity.node import outgoing, setup
from comity.node.chancery import Act, enter
from comity.node.ports import Space
from comity.node.proving import evidence_for
from comity.register.rows import ItemOf
from comity.seal.directories import sign_directory
from comity.vocabulary.errors import Invalid
from tests.scenarios.test_crossing import provide
from tests.support.pair import (
    JPN,
    KOR,
    Hand,
    HeldVault,
    Pair,
    under_the_pact,
)


@pytest.fixture
def crossed() -> tuple[Pair, ItemOf]:
    two = under_the_pact()
    return two, provide(two)


def rotate(two: Pair) -> tuple[bytes, bytes]:
    """Tokyo publishes a directory with another ledger key; the pouch is under the one before."""
    node = two.tokyo
    vault = node.vault
    assert isinstance(vault, HeldVault)
    old, new = vault.ledger(), node.suite.generate_signing()
    with node.store.reading() as tx:
        found = setup.own_directory(node, tx, KOR)
    assert found is not None
    directory, name = found
    changed = structs.replace(
        directory,
        ledger=node.suite.signing_public(new),
        version=directory.version + 1,
        previous=name,
    )
    raw = sign_directory(node.suite, vault.root(), changed)
    deed = deeds.PublishDirectory(
        by=node.registry,
        to=KOR,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        directory=digest(raw),
        version=changed.version,
    )
    enter(node, [Act(deed=deed, keep={Space.DOCUMENT: {digest(raw): raw}})])
    outgoing.exchange(node, KOR, Hand(two.nodes, JPN))
    vault.keys["ledger"] = new
    return old, new


def test_a_cosignature_by_the_key_of_its_time_holds(crossed: tuple[Pair, ItemOf]) -> None:
    two, item = crossed
    rotate(two)
    raw = evidence_for(two.seoul, item)
    verify(two.seoul.suite, raw, roots={})
    # And after both logs have gone on under the new key.
    for node, peer in two.links():
        outgoing.exchange(node, peer, Hand(two.nodes, node.party), heartbeat=True)
    two.carry()
    verify(two.seoul.suite, evidence_for(two.seoul, item), roots={})


def test_a_cosignature_by_a_key_that_was_given_up_does_not(crossed: tuple[Pair, ItemOf]) -> None:
    two, item = crossed
    old, _ = rotate(two)
    for _ in range(2):
        for node, peer in two.links():
            outgoing.exchange(node, peer, Hand(two.nodes, node.party), heartbeat=True)
    evidence = decode_evidence(evidence_for(two.seoul, item))
    suite = two.seoul.suite
    log = next(one for one in evidence.logs if one.log == item.log)
    parts = parse_note(log.checkpoint)
    own = write_note(parts.text, next(one for one in parts.lines if one.name == KOR))
    line = cosign(suite, old, suite.signing_public(old), own, name=JPN, time=two.clock.now())
    forged = structs.replace(log, checkpoint=with_line(own, line))
    logs = tuple(forged if one.log == item.log else one for one in evidence.logs)
    with pytest.raises(Invalid) as error:
        verify(suite, encode(structs.replace(evidence, logs=logs)), roots={})
    assert error.value.code == "invalid.checkpoint.unsigned"
