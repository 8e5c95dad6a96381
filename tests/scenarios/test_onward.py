"""Seoul's item goes on to Washington with Seoul's consent, and every way that it must not."""

import pytest
from msgspec import structs

from comity.acts import deeds
from comity.acts.deeds import Uses
from comity.agreement.text import bundle_bytes, open_bundle
from comity.evidence.verify import verify
from comity.node import (
    consents,
    deciding,
    granting,
    passing,
    proving,
    reading,
    receiving,
    releases,
    replay,
)
from comity.node.chancery import Entered, RefusedAct
from comity.node.node import Node
from comity.node.ports import Space
from comity.register.rows import ItemOf, RefusedByPeer, key_of
from comity.seal.fingerprints import key_id
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.support.pair import AUS, JPN, KOR, USA, entitle, gsomia
from tests.support.three import ALL, Three, enrol, three

SATO, TANAKA, PARK, KIM = (PersonId(one) for one in ("sato", "tanaka", "park", "kim"))
TO_USA = consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA)
SECRET = b"A fictional assessment of a launch."


def made(links: tuple[tuple[Party, Party], ...] = ALL) -> Three:
    houses = three(links=links)
    entitle(houses.nodes[JPN], "sato", level="JPN:gokuhi", subject="dprk.missile")
    return houses


@pytest.fixture
def houses() -> Three:
    return made()


def received(houses: Three) -> ItemOf:
    """An item of Seoul that Tokyo has registered, marked and given to its desk officer."""
    laid = releases.lay_before(
        houses.nodes[KOR],
        releases.Wish(
            to=JPN,
            offices=(Office("JPN/DIH"),),
            by=Office("KOR/KDIA"),
            level=Level("KOR:mil-2"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            content=SECRET,
            title="Launch assessment",
        ),
        drafter=KIM,
    )
    entered = deciding.approve(houses.nodes[KOR], [laid.deed], authority=PARK)[0]
    houses.carry()
    item = find(houses.nodes[JPN], KOR, entered)
    tokyo = houses.nodes[JPN]
    receiving.register(tokyo, item, officer=PersonId("suzuki"))
    receiving.re_mark(tokyo, item, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    receiving.assign(tokyo, item, person=SATO, officer=PersonId("suzuki"))
    return item


def find(node: Node, provider: Party, entered: Entered) -> ItemOf:
    deed = entered.entry.deed
    assert isinstance(deed, deeds.Release)
    with node.store.reading() as tx:
        return receiving.find_item(tx, provider, deed.item.reference)


def approved(
    houses: Three,
    item: ItemOf,
    terms: consents.Terms = TO_USA,
    *,
    by: tuple[PersonId, ...] = (PARK,),
) -> str:
    asked = consents.ask(houses.nodes[JPN], item, terms, officer=SATO)
    houses.carry()
    with houses.nodes[KOR].store.reading() as tx:
        question = consents.find_ask(tx, f"{asked.position.log}#{asked.position.index}")
    given = [granting.grant(houses.nodes[KOR], question, authority=one) for one in by][-1]
    assert given is not None
    houses.carry()
    return f"{given.position.log}#{given.position.index}"


def pass_on(houses: Three, item: ItemOf, **terms: object) -> Entered:
    tokyo = houses.nodes[JPN]
    wish = passing.wish(
        tokyo,
        item,
        to=USA,
        offices=(Office("USA/DIA"),),
        person=SATO,
        **terms,  # type: ignore[arg-type]
    )
    laid = releases.lay_before(tokyo, wish, drafter=SATO)
    return deciding.approve(tokyo, [laid.deed], authority=TANAKA)[0]


def refusal(houses: Three, item: ItemOf, **terms: object) -> list[tuple[str, str]]:
    with pytest.raises(RefusedAct) as refused:
        pass_on(houses, item, **terms)
    return [(one.agreement, one.reason.code) for one in refused.value.assessment.objections]


def withdraw(houses: Three, at: str) -> None:
    seoul = houses.nodes[KOR]
    with seoul.store.reading() as tx:
        consent = consents.find_consent(tx, at)
    consents.withdraw(seoul, consent, authority=PARK)


@pytest.mark.obligation("GSOMIA-6-a")
def test_with_consent_it_goes_on_and_proves_to_seouls_root_what_it_is(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    washington = houses.nodes[USA]
    got = find(washington, JPN, entered)
    assert (got.originator, got.provider, got.level) == (KOR, JPN, "KOR:mil-2")
    assert got.plaintext == item.plaintext
    assert reading.opened(washington, got, holder=Office("USA/DIA"))[0] == SECRET
    view = consents.listed(houses.nodes[KOR])[0]
    assert (view.state, len(view.uses), view.uses[0].third_party) == ("used-up", 1, USA)
    assert not view.concurrent
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences
        with node.store.reading() as tx:
            for one, other in houses.ways():
                assert not tx.within(RefusedByPeer, correspondence(one, other))
    roots = {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in houses.nodes.items()
    }
    raw = proving.evidence_for(washington, got)
    assert verify(washington.suite, raw, roots=roots).confirmed
    assert not verify(washington.suite, raw, roots={JPN: roots[JPN], USA: roots[USA]}).confirmed


def test_washington_marks_it_from_seouls_own_level(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    washington = houses.nodes[USA]
    got = find(washington, JPN, entered)
    receiving.register(washington, got, officer=PersonId("clark"))
    with pytest.raises(RefusedAct):
        receiving.re_mark(
            washington, got, level=Level("USA:confidential"), officer=PersonId("clark")
        )
    receiving.re_mark(washington, got, level=Level("USA:secret"), officer=PersonId("clark"))


def test_without_a_consent_the_remedy_is_to_ask(houses: Three) -> None:
    item = received(houses)
    assert refusal(houses, item)[0] == ("KOR-JPN-GSOMIA", "third-party.approval")
    with pytest.raises(RefusedAct) as refused:
        pass_on(houses, item)
    way_out = refused.value.assessment.objections[0].remedy
    assert (way_out.act, way_out.by, way_out.to) == ("consent.ask", JPN, KOR)
    # And it is one: asked and granted, the same act is lawful.
    approved(houses, item)
    pass_on(houses, item)


def test_refused(houses: Three) -> None:
    item = received(houses)
    asked = consents.ask(houses.nodes[JPN], item, TO_USA, officer=SATO)
    houses.carry()
    with houses.nodes[KOR].store.reading() as tx:
        question = consents.find_ask(tx, f"{asked.position.log}#{asked.position.index}")
    consents.refuse(houses.nodes[KOR], question, authority=PARK)
    houses.carry()
    assert refusal(houses, item)[0] == (
        "KOR-JPN-GSOMIA",
        "third-party.consent-refused",
    )


def test_expired(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    houses.clock.turn(7 * 86400 + 1)
    houses.beat()
    houses.beat()
    assert ("KOR-JPN-GSOMIA", "third-party.consent-expired") in refusal(houses, item)


def test_used_up_by_one_use_and_good_for_two_where_it_says_so(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    pass_on(houses, item)
    assert refusal(houses, item) == [("KOR-JPN-GSOMIA", "third-party.consent-used-up")]
    other = received(houses)
    approved(houses, other, consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA, times=2))
    pass_on(houses, other)
    pass_on(houses, other)
    assert refusal(houses, other) == [("KOR-JPN-GSOMIA", "third-party.consent-used-up")]


def test_withdrawn_binds_when_seen_and_is_concurrent_before(houses: Three) -> None:
    first, second = received(houses), received(houses)
    crossed, seen = approved(houses, first), approved(houses, second)
    withdraw(houses, crossed)
    withdraw(houses, seen)
    pass_on(houses, first)  # Tokyo has not seen the withdrawal
    houses.carry()
    views = {view.consent.key: view for view in consents.listed(houses.nodes[KOR]) if view.consent}
    assert views[crossed].state == "withdrawn"
    assert len(views[crossed].concurrent) == 1
    assert refusal(houses, second) == [("KOR-JPN-GSOMIA", "third-party.consent-withdrawn")]
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences


def test_for_another_party_or_another_item(houses: Three) -> None:
    item = received(houses)
    approved(houses, item, consents.Terms(uses=Uses.THIRD_PARTY, third_party=AUS))
    assert refusal(houses, item)[0] == (
        "KOR-JPN-GSOMIA",
        "third-party.consent-other-use",
    )
    other = received(houses)
    assert refusal(houses, other)[0] == (
        "KOR-JPN-GSOMIA",
        "third-party.approval",
    )


@pytest.mark.obligation("GSOMIA-6-c")
def test_another_purpose_needs_a_consent_of_its_own(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    planning = Purpose("defence.planning")
    assert refusal(houses, item, purpose=planning) == [("KOR-JPN-GSOMIA", "purpose.approval")]
    approved(houses, item, consents.Terms(uses=Uses.PURPOSE, purpose=planning))
    entered = pass_on(houses, item, purpose=planning)
    houses.carry()
    assert find(houses.nodes[USA], JPN, entered).purpose == planning


def test_on_an_old_word_of_seoul_no_consent_is_used(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    houses.clock.turn(25 * 3600)
    assert "ground.seen.stale" in [code for _, code in refusal(houses, item)]


def test_where_seouls_root_is_not_enrolled_washington_refuses_and_the_consent_is_used() -> None:
    houses = made(links=((KOR, JPN), (USA, JPN)))
    washington = houses.nodes[USA]
    item = received(houses)
    approved(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    with houses.nodes[JPN].store.reading() as tx:
        found = tx.within(RefusedByPeer, correspondence(JPN, USA))
    assert [one.code for one in found] == ["origin.not-enrolled"]
    with pytest.raises(Refused, match=r"refused\.absent"):
        find(washington, JPN, entered)
    with washington.store.reading() as tx:
        assert tx.load(Space.KEY, f"{key_of(entered.position)}|USA/DIA") is None
    # Seoul has no part in that refusal, and the sealed content left: one use is one use.
    for party in (KOR, JPN):
        view = consents.listed(houses.nodes[party])[0]
        assert (view.state, len(view.uses)) == ("used-up", 1)
    assert refusal(houses, item) == [("KOR-JPN-GSOMIA", "third-party.consent-used-up")]
    # Enrolled, and with another consent, it goes on; what was refused stays so.
    enrol(houses, USA, KOR)
    houses.links = ALL
    approved(houses, item)
    again = pass_on(houses, item)
    houses.carry()
    assert find(washington, JPN, again).originator == KOR
    with pytest.raises(Refused, match=r"refused\.absent"):
        find(washington, JPN, entered)
    for node in houses.nodes.values():
        assert not replay.rebuild(node).differences


def test_what_goes_on_is_what_was_received(houses: Three) -> None:
    item = received(houses)
    approved(houses, item)
    tokyo = houses.nodes[JPN]
    wish = passing.wish(tokyo, item, to=USA, offices=(Office("USA/DIA"),), person=SATO)
    for changed in (
        structs.replace(wish, content=b"Something else."),
        structs.replace(wish, originator=AUS),
        structs.replace(wish, pages=9),
    ):
        with pytest.raises(RefusedAct) as refused:
            releases.lay_before(tokyo, changed, drafter=SATO)
        codes = [one.reason.code for one in refused.value.assessment.objections]
        assert "ground.origin.not-as-received" in codes


@pytest.mark.parametrize(("nations", "goes"), [('"USA", "GBR"', True), ('"GBR"', False)])
def test_an_approval_for_a_group_lets_it_go_on_to_each_of_its_nations(nations, goes) -> None:
    shipped = open_bundle(gsomia())
    source = shipped.source.replace(
        'counts = "any-other-state"', f'groups = {{ "NATO" = [{nations}] }}', 1
    )
    grouped = bundle_bytes(source.encode(), shipped.cases.encode(), {})
    houses = three(bundles={(KOR, JPN): grouped})
    entitle(houses.nodes[JPN], "sato", level="JPN:gokuhi", subject="dprk.missile")
    item = received(houses)
    approved(houses, item, consents.Terms(uses=Uses.THIRD_PARTY, third_party=Party("NATO")))
    if not goes:
        assert ("KOR-JPN-GSOMIA", "third-party.consent-other-use") in refusal(houses, item)
        return
    entered = pass_on(houses, item)
    houses.carry()
    # Washington judges the same from the proof of origin; Seoul's approval is used up.
    assert find(houses.nodes[USA], JPN, entered).originator == KOR
    assert consents.listed(houses.nodes[KOR])[0].state == "used-up"
