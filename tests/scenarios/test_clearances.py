"""Clearances bite at once and end by themselves; roles go with the item and not with the party."""

import pytest

from comity.node import deciding, people, receiving, releases
from comity.node.chancery import RefusedAct
from comity.register.rows import Clearance, ItemOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.support.pair import (
    JPN,
    KOR,
    LATER,
    Pair,
    enlist,
    under_the_pact,
)

SUZUKI, ABE = PersonId("suzuki"), PersonId("abe")
DAY = 86400


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


WAYS = {
    KOR: ("kim", "park", "KOR/KDIA", "KOR:mil-2", JPN, "JPN/DIH"),
    JPN: ("sato", "tanaka", "JPN/DIH", "JPN:gokuhi", KOR, "KOR/KDIA"),
}


def provide(two: Pair, party: Party) -> ItemOf:
    drafter, authority, by, level, to, office = WAYS[party]
    wish = releases.Wish(
        to=to,
        offices=(Office(office),),
        by=Office(by),
        level=Level(level),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
    )
    laid = releases.lay_before(two.nodes[party], wish, drafter=PersonId(drafter))
    entered = deciding.approve(two.nodes[party], [laid.deed], authority=PersonId(authority))
    two.carry()
    with two.nodes[to].store.reading() as tx:
        return receiving.find_item(tx, party, entered[0].entry.deed.item.reference)


@pytest.mark.obligation("GSOMIA-2-5")
def test_a_clearance_is_recorded_with_its_term_and_authority_and_ends_with_it(two: Pair) -> None:
    tokyo, item = two.tokyo, provide(two, KOR)
    receiving.register(tokyo, item, officer=SUZUKI)
    receiving.re_mark(tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    people.grant_need_to_know(
        tokyo, ABE, subject=Subject("dprk"), until=LATER, actor=PersonId("admin")
    )
    enlist(tokyo, ABE)
    with pytest.raises(RefusedAct) as refusal:
        receiving.assign(tokyo, item, person=ABE, officer=SUZUKI)
    assert refusal.value.code == "refused.access.not-cleared"

    now = two.clock.now()
    since, until = plus_seconds(now, DAY), plus_seconds(now, 30 * DAY)
    people.clear(
        tokyo,
        ABE,
        level=Level("JPN:gokuhi"),
        since=since,
        until=until,
        authority=Office("JPN/MOD"),
        actor=PersonId("admin"),
    )
    with tokyo.store.reading() as tx:
        (row,) = tx.within(Clearance, ABE)
    assert (row.level, row.since, row.until) == ("JPN:gokuhi", since, until)
    assert row.authority == "JPN/MOD"
    for seconds, cleared in ((0, False), (2 * DAY, True), (29 * DAY, False)):
        two.clock.turn(seconds)
        if cleared:
            receiving.assign(tokyo, item, person=ABE, officer=SUZUKI)
            continue
        with pytest.raises(RefusedAct) as refusal:
            receiving.assign(tokyo, item, person=ABE, officer=SUZUKI)
        assert refusal.value.code == "refused.access.not-cleared"


@pytest.mark.obligation("GSOMIA-2-3")
def test_each_party_originates_one_item_and_receives_the_other(two: Pair) -> None:
    items = {party: provide(two, party) for party in (KOR, JPN)}
    roles = {
        party: (item.originator, item.provider, item.receiver) for party, item in items.items()
    }
    assert roles == {KOR: ("KOR", "KOR", "JPN"), JPN: ("JPN", "JPN", "KOR")}
    receiving.register(two.tokyo, items[KOR], officer=SUZUKI)
    receiving.register(two.seoul, items[JPN], officer=PersonId("choi"))
    # Who gave an item is not its receiver, although it receives others.
    for node, party, officer in ((two.seoul, KOR, "choi"), (two.tokyo, JPN, "suzuki")):
        with pytest.raises(Refused, match="not given to this house"):
            receiving.register(node, items[party], officer=PersonId(officer))
