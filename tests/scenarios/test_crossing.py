"""A report crosses from Seoul to Tokyo under the pact: the whole way, in one process."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from comity.acts.deeds import Stage
from comity.evidence.verify import verify
from comity.node import deciding, reading, receiving, releases, replay
from comity.node.chancery import RefusedAct
from comity.node.proving import evidence_for
from comity.register.rows import Copy, DutyOf, ItemOf
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Regime, Subject
from tests.support.fast_suite import FAST
from tests.support.pair import (
    AUS,
    JPN,
    KOR,
    LATER,
    USA,
    Pair,
    assure,
    conclude,
    enrol,
    entitle,
    pair,
    under_the_pact,
)
from tests.support.stores import schema

TWO = (KOR, JPN)
KIM, PARK = PersonId("kim"), PersonId("park")
SUZUKI, ITO, MORI, ABE = (PersonId(p) for p in ("suzuki", "ito", "mori", "abe"))


def wish(content: bytes = b"A fictional assessment.", **changes: object) -> releases.Wish:
    terms: dict[str, object] = {
        "to": JPN,
        "offices": (Office("JPN/DIH"),),
        "by": Office("KOR/KDIA"),
        "level": Level("KOR:mil-2"),
        "subject": Subject("dprk.missile.launch"),
        "purpose": Purpose("defence.missile-warning"),
        "content": content,
        "title": "Launch assessment",
        "pages": 4,
    }
    return releases.Wish(**{**terms, **changes})  # type: ignore[arg-type]


def provide(two: Pair, content: bytes = b"A fictional assessment.") -> ItemOf:
    laid = releases.lay_before(two.seoul, wish(content), drafter=KIM)
    entered = deciding.approve(two.seoul, [laid.deed], authority=PARK)
    two.carry()
    reference = entered[0].entry.deed.item.reference  # type: ignore[union-attr]
    with two.tokyo.store.reading() as tx:
        return receiving.find_item(tx, KOR, reference)


@pytest.fixture(params=["fast", "real", "postgresql"])
def two(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Houses in memory, with either suite; and houses whose books are in one PostgreSQL."""
    with ExitStack() as stack:
        stores = {}
        if request.param == "postgresql":
            stores = {party: stack.enter_context(schema(f"at_{party.lower()}")) for party in TWO}
        houses = pair(suite=REAL if request.param == "real" else FAST, stores=stores)
        enrol(houses)
        houses.carry()
        conclude(houses)
        yield houses


def test_the_whole_way(two: Pair) -> None:
    with pytest.raises(RefusedAct) as refusal:
        releases.lay_before(two.seoul, wish(), drafter=KIM)
    assert refusal.value.code == "refused.assurance.missing"
    assure(two)
    item = provide(two)
    tokyo = two.tokyo

    receiving.register(tokyo, item, officer=SUZUKI)
    with pytest.raises(RefusedAct) as refusal:
        receiving.re_mark(
            tokyo,
            item,
            level=Level("JPN:tokutei-himitsu"),
            regime=Regime("JPN:tokutei-himitsu"),
            officer=SUZUKI,
        )
    assert refusal.value.code == "refused.equivalence.designation"
    receiving.designate(
        tokyo,
        item,
        regime=Regime("JPN:tokutei-himitsu"),
        level=Level("JPN:tokutei-himitsu"),
        until=LATER,
        officer=MORI,
    )
    receiving.re_mark(
        tokyo,
        item,
        level=Level("JPN:tokutei-himitsu"),
        regime=Regime("JPN:tokutei-himitsu"),
        officer=SUZUKI,
    )

    entitle(tokyo, "minister-jpn", level="JPN:tokutei-himitsu", subject=None)
    with pytest.raises(RefusedAct) as refusal:
        receiving.assign(tokyo, item, person=PersonId("minister-jpn"), officer=SUZUKI)
    assert refusal.value.code == "refused.access.rank-never-suffices"
    with pytest.raises(Refused) as absent:
        reading.read(tokyo, item, person=PersonId("minister-jpn"))
    assert absent.value.code == "refused.absent"

    entitle(tokyo, "abe", level="JPN:tokutei-himitsu", subject="dprk.missile")
    receiving.assign(tokyo, item, person=ABE, officer=SUZUKI)
    opened = reading.read(tokyo, item, person=ABE)
    assert opened.content == b"A fictional assessment."
    assert opened.particulars.title == "Launch assessment"

    receiving.receipt(tokyo, item, custodian=ITO, stage=Stage.DOCUMENT)
    two.carry()
    with two.seoul.store.reading() as tx:
        duties = tx.within(DutyOf, item.key)
        copies = tx.within(Copy, item.key)
    assert [bool(duty.discharged) for duty in duties] == [True]
    assert [(copy.state, copy.custodian) for copy in copies] == [("held", "JPN/DIH")]

    for third in (USA, AUS):
        with pytest.raises(RefusedAct) as refusal:
            releases.lay_before(
                tokyo,
                wish(
                    to=third,
                    offices=(Office(f"{third}/DOD"),),
                    by=Office("JPN/DIH"),
                    originator=KOR,
                    origin=receiving.position_of(item.key),
                ),
                drafter=PersonId("sato"),
            )
        first = refusal.value.assessment.objections[0]
        assert (first.agreement, first.article) == ("KOR-JPN-GSOMIA", "6(a)")
        codes = [one.reason.code for one in refusal.value.assessment.objections]
        assert codes[0] == "third-party.approval"
        assert "ground.agreement.none" in codes
        remedy = refusal.value.judgement.remedies[0]
        assert (remedy.act, remedy.by, remedy.to) == ("consent.ask", JPN, KOR)

    both_books_agree(two)
    proves(two, item)


def both_books_agree(two: Pair) -> None:
    for log in (correspondence(KOR, JPN), correspondence(JPN, KOR)):
        roots = []
        for node, _ in two.links():
            with node.store.reading() as tx:
                roots.append(tx.frontier(log))
        assert roots[0] == roots[1]
        assert roots[0].size > 0
    for node, _ in two.links():
        rebuilt = replay.rebuild(node)
        assert rebuilt.differences == ()
        assert rebuilt.leaves > 0


def proves(two: Pair, item: ItemOf) -> None:
    roots = {
        node.party: key_id(node.suite.signing_public(node.vault.root())) for node, _ in two.links()
    }
    for node, _ in two.links():
        raw = evidence_for(node, item)
        verified = verify(two.seoul.suite, raw, roots=roots)
        assert verified.confirmed
        assert "delivery.receipt" in [one.kind for one in verified.statements]
        assert not verify(two.seoul.suite, raw, roots={}).confirmed
        for at in range(0, len(raw), max(1, len(raw) // 60)):
            wrong = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            with pytest.raises(Invalid):
                verify(two.seoul.suite, wrong, roots=roots)


def test_a_large_content_crosses_and_a_larger_one_is_refused_before_anything_is_signed() -> None:
    houses = under_the_pact(suite=FAST)
    content = bytes(range(256)) * 12_000
    item = provide(houses, content)
    tokyo = houses.tokyo
    receiving.register(tokyo, item, officer=SUZUKI)
    receiving.re_mark(tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    entitle(tokyo, "abe", level="JPN:gokuhi", subject="dprk.missile")
    receiving.assign(tokyo, item, person=ABE, officer=SUZUKI)
    assert reading.read(tokyo, item, person=ABE).content == content
    with pytest.raises(Refused) as refusal:
        releases.lay_before(houses.seoul, wish(bytes(17 << 20)), drafter=KIM)
    assert refusal.value.code == "refused.release.too-large"
