"""Three houses, random acts in random order, and V4 read from the leaves."""

import random

import pytest

from comity.acts import deeds
from comity.acts.deeds import Uses
from comity.exchange.answers import Word
from comity.node import consents, outgoing, replay
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import PersonId
from tests.scenarios.test_onward import made, pass_on, received
from tests.simulation import onward
from tests.simulation.history import Broken
from tests.support.pair import JPN, KOR, USA, Hand

PARK, SATO = PersonId("park"), PersonId("sato")
SCHEDULES = range(12)
TOLD = correspondence(JPN, KOR)
REACHED: dict[str, int] = {}


@pytest.mark.parametrize("seed", SCHEDULES)
def test_nothing_goes_on_without_consent_on_the_cut(seed: int) -> None:
    dice = random.Random(seed)
    houses = made()
    seoul, tokyo = houses.nodes[KOR], houses.nodes[JPN]
    items = [received(houses) for _ in range(2)]
    passed = 0
    for _ in range(50):
        act = dice.choices(
            ("ask", "grant", "refuse", "withdraw", "pass", "send", "turn"), (4, 6, 1, 2, 8, 8, 2)
        )[0]
        views = consents.listed(seoul)
        asks = [one.ask for one in views if one.state == "asked" and one.ask]
        grants = [one.consent for one in views if one.state == "granted" and one.consent]
        try:
            if act == "ask":
                party = dice.choice((USA, USA, "AUS"))
                terms = consents.Terms(
                    uses=Uses.THIRD_PARTY,
                    third_party=party,  # type: ignore[arg-type]
                    times=dice.choice((1, 2)),
                )
                consents.ask(tokyo, dice.choice(items), terms, officer=SATO)
            elif act in ("grant", "refuse") and asks:
                do = consents.grant if act == "grant" else consents.refuse
                do(seoul, dice.choice(asks), authority=PARK)
            elif act == "withdraw" and grants and dice.random() < 0.5:
                consents.withdraw(seoul, dice.choice(grants), authority=PARK)
            elif act == "pass":
                pass_on(houses, dice.choice(items))
                passed += 1
            elif act == "turn":
                houses.clock.turn(dice.choice((60, 3600, 6 * 3600)))
            elif act == "send":
                for party, peer in dice.sample(houses.ways(), 4):
                    said = outgoing.exchange(
                        houses.nodes[party], peer, Hand(houses.nodes, party), heartbeat=True
                    )
                    assert said.word in (Word.COSIGNED, Word.ELSEWHERE)
        except Refused:
            continue
    houses.carry(rounds=60)
    with tokyo.store.reading() as tx:
        logs = {log: onward.entries_of(tx, log) for log in tx.logs() if "/to/" in log}
    assert onward.check_onward(logs) == passed
    if passed:
        untold = [one for one in logs[TOLD] if not isinstance(one.deed, deeds.OnwardReleased)]
        with pytest.raises(Broken):
            onward.check_onward({**logs, TOLD: untold})
    REACHED["passed"] = REACHED.get("passed", 0) + passed
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences


def test_the_schedules_reached_something_passed_on() -> None:
    """A check of nothing would never fail."""
    assert REACHED["passed"] > 0, REACHED
