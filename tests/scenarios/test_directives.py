"""A standing directive: decided beforehand by the persons who decide, and ended at once."""

import pytest

from comity.acts.canonical import digest
from comity.node import deciding, directives, releases, replay
from comity.node.chancery import RefusedAct
from comity.node.directives import View
from comity.node.node import Node
from comity.register.rows import DutyOf, RefusedByPeer
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, PersonId, Subject
from tests.support.pair import KOR, USA, gsomia
from tests.support.streams import (
    DAY,
    KIM,
    LEE,
    PARK,
    sign_directive,
    stream,
    under_the_mechanism,
    wish,
)
from tests.support.three import Three


@pytest.fixture
def houses() -> Three:
    return under_the_mechanism()


def state(node: Node) -> str:
    return only(node).state


def only(node: Node) -> View:
    (found,) = directives.listed(node)
    return found


def at_rest(houses: Three) -> None:
    houses.carry()
    for node in houses.nodes.values():
        assert replay.rebuild(node).differences == ()
        with node.store.reading() as tx:
            assert tx.page(RefusedByPeer) == ()


def test_a_directive_stands_with_both_after_its_authority_signed(houses: Three) -> None:
    sign_directive(houses)
    assert [state(houses.nodes[one]) for one in (KOR, USA)] == ["stands", "stands"]
    at_rest(houses)


def test_the_receiver_accounts_for_it_thirty_days_after_its_end(houses: Three) -> None:
    item = sign_directive(houses)
    with houses.nodes[USA].store.reading() as tx:
        due = [one.due for one in tx.within(DutyOf, item.key) if one.what == "custody.state"]
    assert due == [plus_seconds(houses.clock.now(), 60 * DAY)]


@pytest.mark.obligation("WARN-1")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"level": Level("KOR:mil-1")}, "standing-release.level"),
        ({"subject": Subject("dprk.missile.programme")}, "standing-release.subject"),
        ({"until": "2028-11-24T00:00:00.000Z"}, "standing-release.too-long"),
        ({"until": "2020-11-24T00:00:00.000Z"}, "standing-release.no-time"),
        ({"agreement": digest(gsomia("USA-KOR-GSOMIA-1987"))}, "ground.standing.not-agreed"),
    ],
)
def test_what_the_text_does_not_allow_is_not_even_laid(
    houses: Three, more: dict[str, object], code: str
) -> None:
    with pytest.raises(RefusedAct) as refused:
        releases.lay_before(houses.nodes[KOR], wish(houses, **more), drafter=KIM)
    codes = {one.reason.code for one in refused.value.assessment.objections}
    assert code in codes


def test_two_persons_sign_where_the_profile_asks_for_two() -> None:
    houses = under_the_mechanism(persons=2)
    seoul = houses.nodes[KOR]
    laid = releases.lay_before(seoul, wish(houses), drafter=KIM)
    assert deciding.approve(seoul, [laid.deed], authority=PARK) == ()
    houses.carry()
    assert directives.listed(houses.nodes[USA]) == ()
    entered = deciding.approve(seoul, [laid.deed], authority=LEE)
    at_rest(houses)
    assert state(houses.nodes[USA]) == "stands"
    item = stream(seoul, entered[0])
    directives.suspend(seoul, item, officer=PARK)
    with pytest.raises(RefusedAct) as refused:
        directives.resume(seoul, item, authorities=[PARK])
    assert [one.reason.code for one in refused.value.assessment.objections] == [
        "profile.second-approval"
    ]
    directives.resume(seoul, item, authorities=[PARK, LEE])
    at_rest(houses)
    assert state(houses.nodes[USA]) == "stands"


def test_it_is_suspended_lifted_and_withdrawn_for_ever(houses: Three) -> None:
    seoul, washington = houses.nodes[KOR], houses.nodes[USA]
    item = sign_directive(houses)
    directives.suspend(seoul, item, officer=PARK)
    assert state(seoul) == "suspended"
    with pytest.raises(RefusedAct, match="Article 1"):
        directives.suspend(seoul, item, officer=PARK)
    houses.carry()
    assert state(washington) == "suspended"
    directives.resume(seoul, item, authorities=[PARK])
    houses.carry()
    assert state(washington) == "stands"
    directives.withdraw(seoul, item, officer=PARK)
    houses.carry()
    assert state(washington) == "withdrawn"
    with pytest.raises(RefusedAct) as refused:
        directives.resume(seoul, item, authorities=[PARK])
    assert "standing-release.over" in {
        one.reason.code for one in refused.value.assessment.objections
    }
    assert [one.act for one in only(washington).turns] == [
        "directive.suspend",
        "directive.resume",
        "directive.withdraw",
    ]
    at_rest(houses)


def test_it_is_over_when_its_time_is(houses: Three) -> None:
    sign_directive(houses)
    houses.clock.turn(31 * DAY)
    assert [state(houses.nodes[one]) for one in (KOR, USA)] == ["expired", "expired"]


def test_who_receives_a_stream_cannot_end_it(houses: Three) -> None:
    sign_directive(houses)
    washington = houses.nodes[USA]
    with pytest.raises(RefusedAct) as refused:
        directives.suspend(washington, only(washington).item, officer=PersonId("baker"))
    assert "standing-release.none" in {
        one.reason.code for one in refused.value.assessment.objections
    }


def test_a_desk_officer_does_not_end_it_and_an_item_is_no_stream(houses: Three) -> None:
    item = sign_directive(houses)
    with pytest.raises(Refused, match="role"):
        directives.suspend(houses.nodes[KOR], item, officer=KIM)
