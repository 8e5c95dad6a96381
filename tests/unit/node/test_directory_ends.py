"""A directory that has ended stops what provides, and nothing that protects."""

import pytest

from comity.acts.deeds import Stage
from comity.node import deciding, outgoing, receiving, releases, setup
from comity.node.chancery import RefusedAct
from comity.node.node import Node
from comity.node.setup import DIRECTORY_DAYS
from comity.vocabulary.names import Party, PersonId
from tests.scenarios.test_crossing import KIM, PARK, provide, wish
from tests.support.pair import (
    JPN,
    KOR,
    Hand,
    Pair,
    epochs,
    under_the_pact,
    where,
)


@pytest.fixture
def agreed() -> Pair:
    return under_the_pact()


def refreshed(two: Pair) -> None:
    """Both sides hear from each other: the last word is fresh."""
    for _ in range(2):
        for node, peer in two.links():
            outgoing.exchange(node, peer, Hand(two.nodes, node.party), heartbeat=True)


def publish(two: Pair, node: Node, peer: Party) -> None:
    at = two.clock.now()
    setup.publish_directory(node, peer, where=where(node.party), epochs=epochs(node.party, at))
    two.carry()


def codes(two: Pair) -> set[str]:
    with pytest.raises(RefusedAct) as refusal:
        releases.lay_before(two.seoul, wish(), drafter=KIM)
    return {one.reason.code for one in refusal.value.assessment.objections}


def test_nothing_is_provided_until_both_directories_are_new(agreed: Pair) -> None:
    agreed.clock.turn(DIRECTORY_DAYS * 86400 - 1)
    refreshed(agreed)
    releases.lay_before(agreed.seoul, wish(), drafter=KIM)
    agreed.clock.turn(1)
    assert "ground.seen.directory-expired" in codes(agreed)
    publish(agreed, agreed.seoul, JPN)
    refreshed(agreed)
    assert "ground.seen.directory-expired" in codes(agreed), "the other side's has ended, too"
    publish(agreed, agreed.tokyo, KOR)
    refreshed(agreed)
    laid = releases.lay_before(agreed.seoul, wish(), drafter=KIM)
    deciding.approve(agreed.seoul, [laid.deed], authority=PARK)
    agreed.carry()


def test_what_was_provided_is_still_receipted_for(agreed: Pair) -> None:
    item = provide(agreed)
    agreed.clock.turn(DIRECTORY_DAYS * 86400)
    refreshed(agreed)
    receiving.register(agreed.tokyo, item, officer=PersonId("suzuki"))
    receiving.receipt(agreed.tokyo, item, custodian=PersonId("ito"), stage=Stage.PACKAGE)
    agreed.carry()
