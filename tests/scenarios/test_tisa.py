"""The arrangement of 2014 on three nodes: Seoul's item goes on to Tokyo through Washington."""

import pytest
from msgspec import structs

from comity.acts.canonical import digest
from comity.acts.deeds import Mode, Uses
from comity.agreement.case import Standing
from comity.evidence.verify import verify
from comity.node import (
    consents,
    deciding,
    granting,
    passing,
    protecting,
    proving,
    reading,
    receiving,
    releases,
    replay,
    supplements,
    treaty,
)
from comity.node.chancery import Entered, RefusedAct
from comity.register.rows import DutyOf, ItemOf, Matter, RefusedByPeer
from comity.seal.fingerprints import key_id
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.scenarios.test_onward import find
from tests.support.pair import JPN, KOR, USA, entitle, gsomia
from tests.support.three import Three, _minister, three

TISA = digest(gsomia("TISA-2014"))
PARK, KIM, ADAMS, BAKER, CLARK = (
    PersonId(one) for one in ("park", "kim", "adams", "baker", "clark")
)
CONTENT = b"A fictional assessment of a launch."
HOPS = ((KOR, USA), (USA, JPN))


def sign_tisa(houses: Three) -> None:
    for one, other in HOPS:
        minister, by = _minister(one)
        treaty.propose(houses.nodes[one], gsomia("TISA-2014"), to=other, by=by, actor=minister)
    houses.carry()
    for one, other in HOPS:
        for party, peer in ((one, other), (other, one)):
            minister, by = _minister(party)
            treaty.sign(houses.nodes[party], TISA, to=peer, by=by, actor=minister)
    houses.carry()


@pytest.fixture
def houses() -> Three:
    found = three()
    sign_tisa(found)
    entitle(found.nodes[USA], "adams", level="USA:secret", subject="dprk.missile")
    return found


def wish(to: Party = USA, **more: object) -> releases.Wish:
    made = releases.Wish(
        to=to,
        offices=(Office(f"{to}/DIA" if to == USA else "JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=CONTENT,
        title="Launch assessment",
        agreement=TISA,
    )
    return structs.replace(made, **more)


def share(houses: Three, **more: object) -> Entered:
    laid = releases.lay_before(houses.nodes[KOR], wish(**more), drafter=KIM)
    return deciding.approve(houses.nodes[KOR], [laid.deed], authority=PARK)[0]


def objections(houses: Three, **more: object) -> set[str]:
    with pytest.raises(RefusedAct) as refused:
        share(houses, **more)
    return {one.reason.code for one in refused.value.assessment.objections}


def held(houses: Three) -> ItemOf:
    """Seoul's item at Washington: registered, marked SECRET, given to a desk officer."""
    entered = share(houses)
    houses.carry()
    washington = houses.nodes[USA]
    item = find(washington, KOR, entered)
    receiving.register(washington, item, officer=CLARK)
    receiving.re_mark(washington, item, level=Level("USA:secret"), officer=CLARK)
    receiving.assign(washington, item, person=ADAMS, officer=CLARK)
    return item


def consent(houses: Three, item: ItemOf, *, asked_as: Mode | None = None, **given: Mode) -> str:
    terms = consents.Terms(uses=Uses.THIRD_PARTY, third_party=JPN)
    if asked_as is not None:
        terms = structs.replace(terms, mode=asked_as)
    asked = consents.ask(houses.nodes[USA], item, terms, officer=ADAMS)
    houses.carry()
    with houses.nodes[KOR].store.reading() as tx:
        question = consents.find_ask(tx, f"{asked.position.log}#{asked.position.index}")
    entered = granting.grant(houses.nodes[KOR], question, authority=PARK, **given)
    assert entered is not None
    houses.carry()
    return f"{entered.position.log}#{entered.position.index}"


def pass_on(houses: Three, item: ItemOf) -> Entered:
    washington = houses.nodes[USA]
    made = passing.wish(washington, item, to=JPN, offices=(Office("JPN/DIH"),), person=ADAMS)
    laid = releases.lay_before(washington, structs.replace(made, agreement=TISA), drafter=ADAMS)
    return deciding.approve(washington, [laid.deed], authority=BAKER)[0]


@pytest.mark.obligation("SEED-6")
@pytest.mark.obligation("TISA-2")
@pytest.mark.obligation("TISA-4")
def test_the_route_from_seoul_to_tokyo_leads_through_washington(houses: Three) -> None:
    item = held(houses)
    consent(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    tokyo = houses.nodes[JPN]
    got = find(tokyo, USA, entered)
    assert (got.originator, got.provider, got.level) == (KOR, USA, "KOR:mil-2")
    assert got.agreement == TISA
    assert reading.opened(tokyo, got, holder=Office("JPN/DIH"))[0] == CONTENT
    receiving.register(tokyo, got, officer=PersonId("suzuki"))
    # Mapped from Seoul's own second grade, not from what Washington wrote on it.
    with pytest.raises(RefusedAct):
        receiving.re_mark(tokyo, got, level=Level("JPN:hi"), officer=PersonId("suzuki"))
    receiving.re_mark(tokyo, got, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences
        with node.store.reading() as tx:
            for one, other in houses.ways():
                assert not tx.within(RefusedByPeer, correspondence(one, other))


def test_what_was_shared_under_it_proves_itself_with_its_parents(houses: Three) -> None:
    item = held(houses)
    roots = {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in houses.nodes.items()
    }
    raw = proving.evidence_for(houses.nodes[USA], item)
    assert verify(houses.nodes[USA].suite, raw, roots={KOR: roots[KOR], USA: roots[USA]}).confirmed


@pytest.mark.obligation("TISA-4")
def test_without_seouls_approval_the_hub_does_not_pass_it_on(houses: Three) -> None:
    item = held(houses)
    with pytest.raises(RefusedAct) as refused:
        pass_on(houses, item)
    found = [(one.agreement, one.reason.code) for one in refused.value.assessment.objections]
    assert found[0] == ("TISA", "third-party.approval")


@pytest.mark.obligation("TISA-5")
def test_a_consent_says_whether_the_hub_uses_it_or_only_passes_it_on(houses: Three) -> None:
    """The hub asked for its own use; Seoul lets it through for passing on, and later for use."""
    item = held(houses)
    assert used(houses, item) == set()
    given = consent(houses, item, asked_as=Mode.OWN_USE, mode=Mode.ONWARD_ONLY)
    assert used(houses, item) == {"third-party.pass-on-only"}
    entered = pass_on(houses, item)
    houses.carry()
    assert (
        reading.opened(
            houses.nodes[JPN], find(houses.nodes[JPN], USA, entered), holder=Office("JPN/DIH")
        )[0]
        == CONTENT
    )
    # Taking the approval back leaves the restriction; another word that allows use lifts it.
    with houses.nodes[KOR].store.reading() as tx:
        first = consents.find_consent(tx, given)
    consents.withdraw(houses.nodes[KOR], first, authority=PARK)
    houses.carry()
    assert used(houses, item) == {"third-party.pass-on-only"}
    again = consent(houses, item, asked_as=Mode.OWN_USE)
    assert used(houses, item) == set()
    for party in (KOR, USA):
        with houses.nodes[party].store.reading() as tx:
            rows = {one: consents.find_consent(tx, one) for one in (given, again)}
        assert [rows[one].mode for one in (given, again)] == ["pass-on-only", "own-use"]
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences


def used(houses: Three, item: ItemOf) -> set[str]:
    """What stands in the way of reading the item at Washington."""
    try:
        reading.read(houses.nodes[USA], item, person=ADAMS)
    except RefusedAct as refused:
        return {one.reason.code for one in refused.assessment.objections}
    return set()


@pytest.mark.obligation("TISA-1")
def test_a_subject_outside_its_scope_is_refused(houses: Three) -> None:
    outside = Subject("regional.naval.movement")
    assert objections(houses, subject=outside) == {"scope.subject"}
    # The agreement that it rests on covers it: under that one it goes.
    share(houses, subject=outside, agreement=houses.texts[(USA, KOR)])


@pytest.mark.obligation("TISA-2")
def test_nothing_goes_past_the_hub(houses: Three) -> None:
    minister, by = _minister(KOR)
    treaty.propose(houses.nodes[KOR], gsomia("TISA-2014"), to=JPN, by=by, actor=minister)
    houses.carry()
    for party, peer in ((KOR, JPN), (JPN, KOR)):
        minister, by = _minister(party)
        treaty.sign(houses.nodes[party], TISA, to=peer, by=by, actor=minister)
    houses.carry()
    assert "hub.direct" in objections(houses, to=JPN)


@pytest.mark.obligation("SEED-6")
@pytest.mark.obligation("TISA-3")
def test_protection_is_borrowed_from_the_parents(houses: Three) -> None:
    # The arrangement asks for no assurance itself; the agreement of 1987 does.
    with pytest.raises(RefusedAct) as refused:
        share(houses, offices=(Office("USA/DOD"),))
    found = {(one.agreement, one.clause) for one in refused.value.assessment.objections}
    assert found == {("USA-KOR-GSOMIA", "assurance")}
    entered = share(houses)
    owed = {(one.agreement, one.what) for one in entered.assessment.common.duties}
    assert ("USA-KOR-GSOMIA", "delivery.receipt") in owed


@pytest.mark.obligation("GSOMIA-5-1")
@pytest.mark.obligation("TISA-3")
@pytest.mark.parametrize(("one", "other"), [(USA, KOR), (USA, JPN)])
def test_it_is_dead_where_its_parent_is(houses: Three, one: Party, other: Party) -> None:
    text = houses.texts[(one, other)]
    minister, by = _minister(one)
    houses.clock.turn(86400)
    treaty.instrument(
        houses.nodes[one],
        "treaty.give-notice",
        {"text": text, "on": "2026-11-25", "channel": "diplomatic"},
        to=other,
        by=by,
        actor=minister,
    )
    houses.carry()
    houses.clock.turn(366 * 86400)
    houses.beat()
    houses.beat()
    with houses.nodes[one].store.reading() as tx:
        agreement = treaty.find(houses.nodes[one], tx, text)
        views = dict(
            treaty.views_of(houses.nodes[one], tx, agreement, at=houses.clock.now(), peer=other)
        )
    assert views[other] is Standing.SURVIVAL
    said = {KOR: objections(houses), JPN: own_item_of_washington(houses)}
    assert {peer for peer, codes in said.items() if "depends-on.parent" in codes} == {other}
    node = houses.nodes[one]
    with node.store.reading() as tx:
        told = supplements.tree(one, treaty.known(node, tx))
    below = {each["id"]: child for each in told for child in each["below"]}
    assert {child["id"] for child in below.values()} == {"TISA"}
    assert below[agreement.id]["falls_with"] == [agreement.id]


def own_item_of_washington(houses: Three) -> set[str]:
    """What Washington is told when it would hand an item of its own to Tokyo."""
    made = wish(JPN, by=Office("USA/DIA"), level=Level("USA:secret"))
    with pytest.raises(RefusedAct) as refused:
        laid = releases.lay_before(houses.nodes[USA], made, drafter=ADAMS)
        deciding.approve(houses.nodes[USA], [laid.deed], authority=BAKER)
    return {one.reason.code for one in refused.value.assessment.objections}


@pytest.mark.obligation("GSOMIA-17-1")
@pytest.mark.obligation("GSOMIA-17-4")
def test_a_loss_at_the_end_of_the_chain_is_told_up_to_its_originator(houses: Three) -> None:
    """Tokyo tells Washington, and Washington owes the word to Seoul until it has told it."""
    item = held(houses)
    consent(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    tokyo, washington = houses.nodes[JPN], houses.nodes[USA]
    got = find(tokyo, USA, entered)
    receiving.register(tokyo, got, officer=PersonId("suzuki"))
    lost = {"suspected": False, "discovered": houses.clock.now(), "copies": [1]}
    told_first = protecting.protect(tokyo, got, "incident.report", lost, officer=PersonId("suzuki"))
    houses.clock.turn(60)
    houses.carry()
    assert owed(houses, USA) == [("USA", "")]
    assert owed(houses, JPN) == []
    told = protecting.protect(washington, item, "incident.report", lost, officer=CLARK)
    assert owed(houses, USA) == [("USA", f"{told.position.log}#{told.position.index}")]
    # Each hop's notice stands with its own time: Tokyo's in Washington, Washington's in Seoul.
    houses.carry()
    assert reports(houses, USA) == [("JPN", told_first.entry.at), ("USA", told.entry.at)]
    assert reports(houses, KOR) == [("USA", told.entry.at)]


def reports(houses: Three, party: Party) -> list[tuple[str, str]]:
    with houses.nodes[party].store.reading() as tx:
        found = [row for row in tx.page(Matter, limit=1000) if row.kind == "incident.report"]
    return sorted((row.author, row.at) for row in found)


def owed(houses: Three, party: Party) -> list[tuple[str, str]]:
    with houses.nodes[party].store.reading() as tx:
        rows = [row for row in tx.page(DutyOf, limit=1000) if row.what == "incident.report"]
    return [(row.who, row.discharged) for row in rows]
