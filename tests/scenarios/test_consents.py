"""Consents cross the link: asked, granted, refused, taken back; requests are answered."""

import pytest

from comity.acts import deeds
from comity.acts.deeds import Extent, Mode, Uses
from comity.node import consents, deciding, granting, receiving, releases, replay, requests
from comity.node.chancery import Act, Entered, RefusedAct, enter
from comity.node.node import Node
from comity.register.rows import DutyOf, ItemOf, RefusedByPeer
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Article, Level, Office, PersonId, Purpose, Subject
from tests.support.pair import (
    JPN,
    KOR,
    LATER,
    USA,
    Pair,
    under_the_pact,
)

SATO, PARK, KIM = (PersonId(one) for one in ("sato", "park", "kim"))
PASS_ON = consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA)


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def release(two: Pair) -> ItemOf:
    laid = releases.lay_before(
        two.seoul,
        releases.Wish(
            to=JPN,
            offices=(Office("JPN/DIH"),),
            by=Office("KOR/KDIA"),
            level=Level("KOR:mil-2"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            content=b"A fictional assessment.",
            title="Launch assessment",
        ),
        drafter=KIM,
    )
    entered = deciding.approve(two.seoul, [laid.deed], authority=PARK)[0]
    two.carry()
    with two.tokyo.store.reading() as tx:
        return receiving.find_item(tx, KOR, entered.entry.deed.item.reference)  # type: ignore[union-attr]


def key(entered: Entered) -> str:
    return f"{entered.position.log}#{entered.position.index}"


def asked(two: Pair, terms: consents.Terms = PASS_ON) -> str:
    found = key(consents.ask(two.tokyo, release(two), terms, officer=SATO))
    two.carry()
    return found


def granted(two: Pair, at: str) -> str:
    with two.seoul.store.reading() as tx:
        question = consents.find_ask(tx, at)
    entered = granting.grant(two.seoul, question, authority=PARK)
    assert entered is not None
    found = key(entered)
    two.carry()
    return found


def state(node: Node) -> str:
    return consents.listed(node)[0].state


def code(refusal: pytest.ExceptionInfo[RefusedAct]) -> str:
    return refusal.value.assessment.objections[0].reason.code


@pytest.mark.obligation("GSOMIA-6-a")
@pytest.mark.parametrize(
    "terms",
    [
        PASS_ON,
        consents.Terms(uses=Uses.PURPOSE, purpose=Purpose("defence.planning"), times=3),
        consents.Terms(uses=Uses.CONTRACTOR, contractor="MARUBISHI-7"),  # type: ignore[arg-type]
        consents.Terms(uses=Uses.LOWERING, level=Level("JPN:hi")),
        consents.Terms(uses=Uses.EXTRACT),
        consents.Terms(uses=Uses.DISCLOSURE),
    ],
    ids=lambda one: one.uses.value,
)
def test_a_consent_is_asked_for_and_granted_and_both_books_say_so(
    two: Pair, terms: consents.Terms
) -> None:
    at = asked(two, terms)
    assert state(two.seoul) == state(two.tokyo) == "asked"
    granted(two, at)
    assert state(two.seoul) == state(two.tokyo) == "granted"
    for node in (two.seoul, two.tokyo):
        assert not replay.rebuild(node).differences
        with node.store.reading() as tx:
            for log in (correspondence(KOR, JPN), correspondence(JPN, KOR)):
                assert not tx.within(RefusedByPeer, log)


def test_a_consent_is_for_seven_days_unless_said_otherwise(two: Pair) -> None:
    granted(two, asked(two))
    two.clock.turn(7 * 86400 - 60)
    assert state(two.tokyo) == "granted"
    two.clock.turn(120)
    assert state(two.tokyo) == state(two.seoul) == "expired"


def test_a_refusal_needs_no_reason_and_ends_the_question(two: Pair) -> None:
    at = asked(two)
    with two.seoul.store.reading() as tx:
        question = consents.find_ask(tx, at)
    consents.refuse(two.seoul, question, authority=PARK)
    two.carry()
    assert state(two.tokyo) == "refused"
    with pytest.raises(RefusedAct) as refusal:
        granting.grant(two.seoul, question, authority=PARK)
    assert code(refusal) == "ground.consent.closed"


def test_only_a_releasing_authority_grants(two: Pair) -> None:
    at = asked(two)
    with two.seoul.store.reading() as tx:
        question = consents.find_ask(tx, at)
    with pytest.raises(Refused):
        granting.grant(two.seoul, question, authority=KIM)


def test_a_withdrawal_is_acknowledged_within_the_time_that_the_agreement_says(two: Pair) -> None:
    at = granted(two, asked(two))
    with two.seoul.store.reading() as tx:
        consent = consents.find_consent(tx, at)
    with pytest.raises(RefusedAct) as early:
        consents.acknowledge(two.tokyo, consent, officer=SATO)
    assert code(early) == "ground.consent.not-withdrawn"
    consents.withdraw(two.seoul, consent, authority=PARK)
    two.carry()
    assert state(two.tokyo) == "withdrawn"
    for node in (two.seoul, two.tokyo):
        with node.store.reading() as tx:
            duty = tx.within(DutyOf, at)[0]
        assert (duty.who, duty.what, duty.discharged) == (
            JPN,
            "consent.acknowledge-withdrawal",
            "",
        )
        assert duty.due[:10] == "2026-11-25"
    consents.acknowledge(two.tokyo, consent, officer=SATO)
    two.carry()
    with two.seoul.store.reading() as tx:
        assert tx.within(DutyOf, at)[0].discharged
    assert consents.listed(two.seoul)[0].acknowledged
    with pytest.raises(RefusedAct) as again:
        consents.withdraw(two.seoul, consent, authority=PARK)
    assert code(again) == "ground.consent.closed"


def test_who_did_not_originate_an_item_is_not_asked_and_does_not_grant(two: Pair) -> None:
    item = release(two)
    with two.seoul.store.reading() as tx:
        own = tx.get(ItemOf, item.key)
    assert own is not None
    deed = deeds.Ask(
        by=Office("KOR/KDIA"),
        to=JPN,
        article=Article("6(a)"),
        agreement=two.text,
        item=receiving.position_of(own.key),
        uses=Uses.THIRD_PARTY,
        third_party=USA,
        until=LATER,
        times=1,
    )
    with pytest.raises(RefusedAct) as refusal:
        enter(two.seoul, [Act(deed=deed)])
    assert code(refusal) == "ground.consent.no-item"


def test_terms_that_name_two_uses_or_the_link_itself_are_refused(two: Pair) -> None:
    item = release(two)
    for terms, expected in (
        (consents.Terms(uses=Uses.THIRD_PARTY), "ground.consent.terms"),
        (consents.Terms(uses=Uses.EXTRACT, level=Level("JPN:hi")), "ground.consent.terms"),
        (
            consents.Terms(uses=Uses.EXTRACT, mode=Mode.OWN_USE),
            "ground.consent.terms",
        ),
        (consents.Terms(uses=Uses.THIRD_PARTY, third_party=KOR), "ground.consent.no-third-party"),
        (
            consents.Terms(
                uses=Uses.THIRD_PARTY, third_party=USA, purpose=Purpose("defence.planning")
            ),
            "ground.consent.terms",
        ),
        (
            consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA, until=two.clock.now()),
            "ground.consent.over",
        ),
    ):
        with pytest.raises(RefusedAct) as refusal:
            consents.ask(two.tokyo, item, terms, officer=SATO)
        assert code(refusal) == expected


WANTED = requests.Wanted(
    to=KOR,
    offices=(Office("KOR/KDIA"),),
    subject=Subject("dprk.missile.launch"),
    purpose=Purpose("defence.missile-warning"),
    title="Launches of this week",
)


def test_a_request_is_answered_in_part_and_then_in_full_by_linked_releases(two: Pair) -> None:
    at = key(requests.ask(two.tokyo, WANTED, officer=SATO))
    two.carry()
    with two.seoul.store.reading() as tx:
        request = requests.find(tx, at)
        assert not tx.within(DutyOf, at)[0].discharged
    words = requests.listed(two.seoul)[0].words
    assert words is not None
    assert words.title == "Launches of this week"
    first, second = release(two), release(two)
    for item, extent, expected in (
        (first, Extent.PART, "in-part"),
        (second, Extent.FULL, "answered"),
    ):
        requests.answer(two.seoul, request, releases=[item], extent=extent, officer=KIM)
        two.carry()
        assert requests.listed(two.tokyo)[0].state == expected
    assert {one.releases for one in requests.listed(two.tokyo)[0].ends} == {
        (first.key,),
        (second.key,),
    }
    with pytest.raises(RefusedAct) as refusal:
        requests.decline(two.seoul, request, officer=KIM)
    assert code(refusal) == "ground.request.closed"
    assert not replay.rebuild(two.tokyo).differences


def test_a_request_is_declined_without_a_reason_or_withdrawn(two: Pair) -> None:
    one, other = (key(requests.ask(two.tokyo, WANTED, officer=SATO)) for _ in range(2))
    two.carry()
    two.clock.turn(15 * 86400)
    assert all(view.overdue for view in requests.listed(two.tokyo))
    with two.seoul.store.reading() as tx:
        requests.decline(two.seoul, requests.find(tx, one), officer=KIM)
    with two.tokyo.store.reading() as tx:
        requests.withdraw(two.tokyo, requests.find(tx, other), officer=SATO)
    two.carry()
    found = {view.request.key: view.state for view in requests.listed(two.seoul)}
    assert found == {one: "declined", other: "withdrawn"}


def test_an_answer_names_releases_of_its_own_author(two: Pair) -> None:
    at = key(requests.ask(two.seoul, of_tokyo(WANTED), officer=KIM))
    two.carry()
    item = release(two)
    with two.tokyo.store.reading() as tx:
        request = requests.find(tx, at)
    with pytest.raises(RefusedAct) as refusal:
        requests.answer(two.tokyo, request, releases=[item], officer=SATO)
    assert code(refusal) == "ground.request.no-such-release"


def of_tokyo(wanted: requests.Wanted) -> requests.Wanted:
    return requests.Wanted(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        subject=wanted.subject,
        purpose=wanted.purpose,
        title=wanted.title,
    )
