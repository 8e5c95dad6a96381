"""A lying counterpart harms nobody but itself: what it writes has no effect, and nothing loops."""

import random

import pytest

from comity.acts import deeds
from comity.acts.entries import decode_entry
from comity.exchange.answers import Word, decode_answer
from comity.node import deciding, outgoing, releases, replay
from comity.node.alarms import alarms
from comity.node.incoming import receive
from comity.node.ports import Space
from comity.node.sitting import sitting
from comity.register.rows import DivergenceOf, ItemOf, Line, ReceiptOf
from comity.vocabulary.logs import correspondence
from tests.simulation import history
from tests.simulation.hostile import LIES, fork, pouch
from tests.support.fast_suite import seeded
from tests.support.pair import JPN, KOR, Hand, Pair, under_the_pact

THEIRS, OURS = correspondence(JPN, KOR), correspondence(KOR, JPN)


def begun(seed: int) -> Pair:
    return under_the_pact(suite=seeded(seed.to_bytes(8, "big")))


def send(two: Pair) -> Word:
    """Send with the liar's own software: everything that is not acknowledged, as it is."""
    with sitting(two.tokyo) as session:
        old = outgoing.acknowledged(session.tx, JPN, KOR)
        size = session.size(THEIRS)
        leaves = session.tx.leaves(THEIRS, old, size)
        note = session.roots.sign(THEIRS, at=session.now)
        wire = pouch(two.tokyo, session, old, note, leaves)
    sent = outgoing.Sent(wire, THEIRS, old, size)
    return outgoing.took(two.tokyo, KOR, sent, receive(two.seoul, JPN, wire)).word


@pytest.mark.parametrize("seed", range(60))
def test_lies_have_no_effect_and_do_not_loop(seed: int) -> None:
    two, dice = begun(seed), random.Random(seed)
    with two.seoul.store.reading() as tx:
        before = tx.frontier(OURS).size
        items = tx.within(ItemOf, THEIRS)
    lies = [dice.choice(LIES) for _ in range(dice.randrange(1, 5))]
    pouches = 0
    for lie in lies:
        two.clock.turn(1)
        lie(two.tokyo, dice)
        if dice.random() < 0.7:
            pouches += 1
            send(two)
    pouches += 1
    for _ in range(6):
        send(two)
        outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR), heartbeat=True)
    with two.seoul.store.reading() as tx:
        # Held as evidence, every leaf of it, and answered by a bounded number of entries.
        after = tx.frontier(OURS).size
        assert tx.frontier(THEIRS).size >= len(lies)
        assert before < after + 1 <= before + pouches + len(lies) + 1
        assert tx.within(ItemOf, THEIRS) == items
        assert tx.page(ReceiptOf) == ()
        lines = [row for row in tx.page(Line, limit=10_000) if row.log == THEIRS]
        bad = [row for row in lines if row.outcome != "lawful"]
        assert len(bad) >= len([one for one in lies if one.__name__ != "bad_refusal"])
        refusals = [
            deed
            for leaf in tx.leaves(OURS, before, after)
            if isinstance(deed := decode_entry(leaf).deed, deeds.RefuseLeaves | deeds.Diverge)
        ]
        spoken = {
            index
            for one in refusals
            if isinstance(one, deeds.RefuseLeaves)
            for index in (leaf.index for leaf in one.refused)
        } | {one.leaf.index for one in refusals if isinstance(one, deeds.Diverge)}
        silent = {row.index for row in bad if row.kind == "link.refuse"}
        assert {row.index for row in bad} - silent == spoken
        logs = {THEIRS: history.leaves_of(tx, THEIRS), OURS: history.leaves_of(tx, OURS)}
        history.check_ledgers(tx, logs, {KOR})
        history.check_once({OURS: logs[OURS]})
    assert replay.rebuild(two.seoul).differences == ()
    # The link goes on: an honest act after all this crosses and is acknowledged.
    two.clock.turn(1)
    from tests.scenarios.test_crossing import KIM, PARK, wish

    laid = releases.lay_before(two.seoul, wish(), drafter=KIM)
    deciding.approve(two.seoul, [laid.deed], authority=PARK)
    outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR))
    with two.seoul.store.reading() as tx:
        assert outgoing.acknowledged(tx, KOR, JPN) == tx.frontier(OURS).size


def test_a_fork_is_refused_and_kept_as_evidence() -> None:
    two = begun(1)
    answer = decode_answer(fork(two.tokyo, two.seoul))
    assert answer.word is Word.FORKED
    with two.seoul.store.reading() as tx:
        assert tx.load(Space.LATEST, f"fork|{JPN}") is not None
        assert f"{JPN}|fork" in alarms(tx)


def test_a_replayed_pouch_is_answered_with_the_same_bytes() -> None:
    two = begun(2)
    from tests.scenarios.test_crossing import KIM, PARK, wish

    laid = releases.lay_before(two.seoul, wish(), drafter=KIM)
    deciding.approve(two.seoul, [laid.deed], authority=PARK)
    sent = outgoing.next_pouch(two.seoul, JPN)
    assert sent is not None
    first = receive(two.tokyo, KOR, sent.wire)
    two.clock.turn(100)
    with two.tokyo.store.reading() as tx:
        size = tx.frontier(OURS).size
    for _ in range(5):
        assert receive(two.tokyo, KOR, sent.wire) == first
    with two.tokyo.store.reading() as tx:
        assert tx.frontier(OURS).size == size


def test_before_the_signatures_every_failure_is_one_answer() -> None:
    two = begun(3)
    sent = outgoing.next_pouch(two.tokyo, KOR, heartbeat=True)
    assert sent is not None
    wire = sent.wire
    answers = {
        receive(two.seoul, JPN, wrong)
        for wrong in (
            b"",
            b"\x00",
            wire[:-1],
            wire + b"\x00",
            bytes([wire[0] ^ 1]) + wire[1:],
            wire[:200] + bytes([wire[200] ^ 1]) + wire[201:],
            wire[:-1] + bytes([wire[-1] ^ 1]),
        )
    }
    assert len(answers) == 1
    assert decode_answer(answers.pop()).word is Word.REFUSED


def test_a_divergence_is_recorded_by_both_without_effect() -> None:
    two, dice = begun(4), random.Random(4)
    from tests.simulation.hostile import wrong_judgement

    two.clock.turn(1)
    wrong_judgement(two.tokyo, dice)
    send(two)
    outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR))
    for node, _ in two.links():
        with node.store.reading() as tx:
            assert len(tx.page(DivergenceOf)) == 1
