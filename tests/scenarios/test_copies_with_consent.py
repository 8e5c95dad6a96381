"""Where a text asks for the originator's approval of what is done with copies, there is a way."""

import pytest

from comity.acts.deeds import Uses
from comity.node import consents, granting, protecting, receiving, replay
from comity.node.chancery import RefusedAct
from comity.register.rows import ItemOf
from comity.vocabulary.names import Level, PersonId
from tests.scenarios.test_protection_seen import houses, in_tokyo, release
from tests.support.pair import Pair, assure

SUZUKI, ITO, PARK = PersonId("suzuki"), PersonId("ito"), PersonId("park")
RIGHTS = '[[clause]]\narticle = "6(d)"'
COURT = 'type = "compelled-disclosure"\nrule = "originator-consent"'
ASKED = (RIGHTS, f'[[clause]]\narticle = "6(f)"\n{COURT}\n\n{RIGHTS}')
COPIED = {"copy": 1, "number": 2, "reason": "compelled-disclosure"}


@pytest.fixture
def held() -> tuple[Pair, ItemOf]:
    two = houses(ASKED)
    assure(two)
    item = in_tokyo(two, release(two))
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    two.carry()
    return two, item


def refused(two: Pair, item: ItemOf) -> set[str]:
    try:
        protecting.protect(two.tokyo, item, "register.reproduce", COPIED, officer=ITO)
    except RefusedAct as refusal:
        return {one.reason.code for one in refusal.assessment.objections}
    return set()


def approved(two: Pair, item: ItemOf, uses: Uses) -> str:
    asked = consents.ask(two.tokyo, item, consents.Terms(uses=uses), officer=SUZUKI)
    two.carry()
    with two.seoul.store.reading() as tx:
        question = consents.find_ask(tx, f"{asked.position.log}#{asked.position.index}")
    given = granting.grant(two.seoul, question, authority=PARK)
    assert given is not None
    two.carry()
    return f"{given.position.log}#{given.position.index}"


def test_a_court_is_answered_once_the_originator_approved(held: tuple[Pair, ItemOf]) -> None:
    two, item = held
    assert refused(two, item) == {"compelled-disclosure.approval"}
    approved(two, item, Uses.REPRODUCTION)
    assert refused(two, item) == {"compelled-disclosure.approval"}
    approved(two, item, Uses.DISCLOSURE)
    assert refused(two, item) == set()
    two.carry()
    for node in (two.seoul, two.tokyo):
        assert not replay.rebuild(node).differences


def test_not_any_more_once_it_took_that_back(held: tuple[Pair, ItemOf]) -> None:
    two, item = held
    at = approved(two, item, Uses.DISCLOSURE)
    with two.seoul.store.reading() as tx:
        consent = consents.find_consent(tx, at)
    consents.withdraw(two.seoul, consent, authority=PARK)
    two.carry()
    assert refused(two, item) == {"compelled-disclosure.approval"}
