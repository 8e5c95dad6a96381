"""The answerer's own checkpoint in an answer: signed for it, or just before, never old."""

import pytest

from comity.acts.deeds import Stage
from comity.exchange.answers import decode_answer
from comity.ledger.checkpoints import checkpoint_of
from comity.node import deciding, outgoing, receiving, releases
from comity.node.incoming import receive
from comity.node.node import Node
from comity.node.ports import Space
from comity.vocabulary.logs import correspondence
from tests.scenarios.test_crossing import ITO, KIM, PARK, SUZUKI, provide, wish
from tests.support.pair import JPN, KOR, Pair, under_the_pact


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def owned(two: Pair, *, heartbeat: bool = False) -> bytes:
    """Carry Seoul's next pouch and return the checkpoint that Tokyo answers with."""
    if not heartbeat:
        laid = releases.lay_before(two.seoul, wish(), drafter=KIM)
        deciding.approve(two.seoul, [laid.deed], authority=PARK)
    pouch = outgoing.next_pouch(two.seoul, JPN, heartbeat=heartbeat)
    assert pouch is not None
    raw = receive(two.tokyo, KOR, pouch.wire)
    outgoing.took(two.seoul, JPN, pouch, raw)
    return decode_answer(raw).own


def test_pouches_within_a_second_share_one_signature(two: Pair) -> None:
    first = owned(two)
    two.clock.turn(0.9)
    assert owned(two) == first
    two.clock.turn(0.1)
    later = owned(two)
    assert later != first
    assert checkpoint_of(later).time > checkpoint_of(first).time


def test_a_heartbeat_after_a_second_is_answered_with_fresh_time(two: Pair) -> None:
    first = owned(two)
    two.clock.turn(0.5)
    assert owned(two, heartbeat=True) == first
    two.clock.turn(0.5)
    assert checkpoint_of(owned(two, heartbeat=True)).time > checkpoint_of(first).time


def kept(node: Node) -> tuple[int, bytes | None]:
    """Return how many checkpoints a node keeps for ever, and the latest one it cosigned."""
    with node.store.reading() as tx:
        notes = len(tx.keys(Space.NOTE, prefix=""))
        return notes, tx.load(Space.LATEST, f"{correspondence(KOR, JPN)}|cosigned")


def test_heartbeats_in_a_row_fill_no_disk(two: Pair) -> None:
    owned(two, heartbeat=True)
    before = kept(two.tokyo)
    for _ in range(9):
        two.clock.turn(0.1)
        owned(two, heartbeat=True)
    assert kept(two.tokyo) == before
    two.clock.turn(0.1)
    owned(two, heartbeat=True)
    assert kept(two.tokyo)[0] == before[0] + 2  # the sender's, and the answerer's own


def test_what_the_log_gained_is_signed_at_once(two: Pair) -> None:
    item = provide(two)
    receiving.register(two.tokyo, item, officer=SUZUKI)
    first = owned(two)
    receiving.receipt(two.tokyo, item, custodian=ITO, stage=Stage.PACKAGE)
    assert checkpoint_of(owned(two)).size == checkpoint_of(first).size + 1
