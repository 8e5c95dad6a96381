"""A lower level, a contractor: the acts look at the consent that they cite, and say why not."""

from typing import Any

import pytest

from comity.acts.deeds import Precondition, Uses
from comity.node import consents, protecting, receiving, replay
from comity.node.chancery import Entered, RefusedAct
from comity.register.rows import ItemOf, RefusedByPeer
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, PersonId, Reference
from tests.scenarios.test_onward import PARK, SATO, approved, made, received, withdraw
from tests.support.pair import JPN, KOR, LATER
from tests.support.three import Three

SUZUKI, ITO = PersonId("suzuki"), PersonId("ito")
LOWER = consents.Terms(uses=Uses.LOWERING, level=Level("KOR:mil-3"))
KESTREL = consents.Terms(uses=Uses.CONTRACTOR, contractor=Reference("KESTREL"))
ALL = [one.value for one in Precondition]


@pytest.fixture
def houses() -> Three:
    return made()


def lower(houses: Three, item: ItemOf, at: str = "", level: str = "KOR:mil-3") -> Entered:
    fields: dict[str, Any] = {"level": level} | _citing(at)
    return protecting.protect(houses.nodes[JPN], item, "register.regrade", fields, officer=SUZUKI)


def signed_for(houses: Three) -> ItemOf:
    item = received(houses)
    receiving.receipt(houses.nodes[JPN], item, custodian=ITO)
    return item


def hand_over(
    houses: Three, item: ItemOf, at: str = "", contractor: str = "kestrel", copy: int = 1
) -> Entered:
    fields: dict[str, Any] = {
        "copy": copy,
        "contractor": contractor,
        "met": ALL,
        "inspected": houses.clock.now(),
        "letter": True,
    } | _citing(at)
    tokyo = houses.nodes[JPN]
    return protecting.protect(tokyo, item, "contractor.hand-over", fields, officer=SUZUKI)


def _citing(at: str) -> dict[str, Any]:
    log, _, index = at.partition("#")
    return {"approval": {"log": log, "index": int(index)}} if at else {}


def why(act: Any, *words: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(RefusedAct) as refused:
        act(*words, **more)
    one = refused.value.assessment.objections[0]
    return one.reason.code, one.remedy.act  # type: ignore[union-attr]


def not_held(houses: Three, item: ItemOf, **more: Any) -> str:
    with pytest.raises(RefusedAct) as refused:
        hand_over(houses, item, **more)
    (one,) = refused.value.assessment.objections
    return one.reason.code


def reproduced(houses: Three, item: ItemOf, number: int) -> None:
    fields = {"copy": 1, "number": number, "reason": "official-need"}
    protecting.protect(houses.nodes[JPN], item, "register.reproduce", fields, officer=SUZUKI)


ASK = "consent.ask"


def test_the_holder_lowers_with_consent_and_marks_it_anew(houses: Three) -> None:
    item, tokyo = received(houses), houses.nodes[JPN]
    assert why(lower, houses, item) == ("regrading.approval", ASK)
    at = approved(houses, item, LOWER)
    assert why(lower, houses, item) == ("regrading.consent-not-cited", ASK)
    entered = lower(houses, item, at)
    assert entered.entry.deed.approval.index == int(at.partition("#")[2])  # type: ignore[union-attr]
    houses.carry()
    receiving.re_mark(tokyo, item, level=Level("JPN:hi"), officer=SUZUKI)
    (view,) = consents.listed(houses.nodes[KOR])
    assert (view.state, len(view.uses)) == ("used-up", 1)
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences
        with node.store.reading() as tx:
            for one, other in houses.ways():
                assert not tx.within(RefusedByPeer, correspondence(one, other))


def test_a_consent_is_for_one_level_and_one_item_and_so_many_times(houses: Three) -> None:
    item, other = received(houses), received(houses)
    at = approved(houses, item, LOWER)
    assert why(lower, houses, other, at) == ("regrading.consent-other-item", ASK)
    assert why(lower, houses, item, at, level="KOR:mil-1") == ("regrading.consent-other-use", ASK)
    lower(houses, item, at)
    assert why(lower, houses, item, at) == ("regrading.consent-used-up", ASK)


def test_refused_expired_withdrawn_lowers_nothing(houses: Three) -> None:
    item = received(houses)
    asked = consents.ask(houses.nodes[JPN], item, LOWER, officer=SATO)
    houses.carry()
    with houses.nodes[KOR].store.reading() as tx:
        question = consents.find_ask(tx, f"{asked.position.log}#{asked.position.index}")
    consents.refuse(houses.nodes[KOR], question, authority=PARK)
    houses.carry()
    assert why(lower, houses, item) == ("regrading.consent-refused", ASK)
    at = approved(houses, item, LOWER)
    withdraw(houses, at)
    houses.carry()
    assert why(lower, houses, item, at) == ("regrading.consent-withdrawn", ASK)
    other = received(houses)
    late = approved(houses, other, LOWER)
    houses.clock.turn(7 * 86400 + 1)
    houses.beat()
    assert why(lower, houses, other, late) == ("regrading.consent-expired", ASK)


def test_what_is_cited_for_a_contractor_is_looked_at(houses: Three) -> None:
    item, other = signed_for(houses), signed_for(houses)
    at = approved(houses, item, KESTREL)
    assert why(hand_over, houses, other, at) == ("contractor.consent-other-item", ASK)
    assert why(hand_over, houses, item, at, contractor="merlin") == (
        "contractor.consent-other-use",
        ASK,
    )
    hand_over(houses, item, at)
    (view,) = [one for one in consents.listed(houses.nodes[JPN]) if one.uses]
    assert (view.state, len(view.uses)) == ("used-up", 1)
    assert not replay.rebuild(houses.nodes[JPN]).differences
    reproduced(houses, other, 2)
    cited = approved(houses, other, KESTREL)
    hand_over(houses, other, cited)
    assert why(hand_over, houses, other, cited, copy=2) == ("contractor.consent-used-up", ASK)


def test_a_copy_that_is_not_here_goes_to_no_contractor(houses: Three) -> None:
    item = received(houses)
    assert not_held(houses, item) == "contractor.not-held"  # nobody has signed for it yet
    receiving.receipt(houses.nodes[JPN], item, custodian=ITO)
    assert not_held(houses, item, copy=2) == "contractor.not-held"
    reproduced(houses, item, 2)
    hand_over(houses, item)
    assert not_held(houses, item, contractor="merlin") == "contractor.not-held"
    hand_over(houses, item, contractor="merlin", copy=2)
    assert not replay.rebuild(houses.nodes[JPN]).differences


def test_refused_expired_withdrawn_hands_nothing_to_a_contractor(houses: Three) -> None:
    item, other = signed_for(houses), signed_for(houses)
    at, late = approved(houses, item, KESTREL), approved(houses, other, KESTREL)
    withdraw(houses, at)
    houses.carry()
    assert why(hand_over, houses, item, at) == ("contractor.consent-withdrawn", ASK)
    houses.clock.turn(7 * 86400 + 1)
    houses.beat()
    assert why(hand_over, houses, other, late) == ("contractor.consent-expired", ASK)


def test_without_a_word_of_consent_the_text_of_2016_asks_for_none(houses: Three) -> None:
    """Article 16 of that text lists preconditions, and no approval of the contractor."""
    item = signed_for(houses)
    assert hand_over(houses, item).entry.at < LATER
