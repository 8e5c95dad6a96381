"""A loan is no change of custody; a post that holds copies is never left by one alone."""

import pytest

from comity.acts.deeds import Role
from comity.node import custody, people, protecting, receiving, replay, setup, views
from comity.node.chancery import RefusedAct
from comity.register.rows import Copy, LoanOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId
from tests.scenarios.test_protection_seen import houses, in_tokyo, release
from tests.support.pair import ADMIN, JPN, KOR, START, Pair, assure, epochs, where

SUZUKI, ITO, MORI = PersonId("suzuki"), PersonId("ito"), PersonId("mori")
DAY = 86400
CUSTODY = ("joint_relief = false", "joint_relief = true")


@pytest.fixture
def two() -> Pair:
    made = houses(CUSTODY)
    assure(made)
    return made


def held(two: Pair):
    """Let Tokyo hold an item, with a second copy of it."""
    item = in_tokyo(two, release(two))
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    copied = {"copy": 1, "number": 2, "reason": "official-need"}
    protecting.protect(two.tokyo, item, "register.reproduce", copied, officer=ITO)
    two.carry()
    return item


def lend(two: Pair, item, copy: int, days: int) -> None:
    until = plus_seconds(two.clock.now(), days * DAY)
    said = {"copy": copy, "person": "abe", "until": until, "signed": True}
    protecting.protect(two.tokyo, item, "register.loan", said, officer=ITO)


def standing(two: Pair) -> dict[int, tuple]:
    with two.tokyo.store.reading() as tx:
        lent = views.loans(tx, two.clock.now())
        owed = {
            one["about"].rpartition("/")[2]: one["state"]
            for one in views.duties(tx, two.clock.now())
            if one["what"] == "register.give-back"
        }
    return {
        one["copy"]: (one["borrower"], one["custodian"], one["overdue"], owed[str(one["copy"])])
        for one in lent
    }


@pytest.mark.obligation("REG-3")
def test_a_loan_has_a_borrower_and_an_end_and_the_custodian_stays(two: Pair) -> None:
    item = held(two)
    lend(two, item, 1, 10)
    lend(two, item, 2, 30)
    assert standing(two) == {
        1: ("abe", "JPN/DIH", False, "open"),
        2: ("abe", "JPN/DIH", False, "open"),
    }
    two.clock.turn(11 * DAY)
    assert standing(two) == {
        1: ("abe", "JPN/DIH", True, "overdue"),
        2: ("abe", "JPN/DIH", False, "open"),
    }
    # The copy that comes back ends its own loan, not the oldest one.
    protecting.protect(two.tokyo, item, "register.give-back", {"copy": 2}, officer=ITO)
    assert standing(two) == {1: ("abe", "JPN/DIH", True, "overdue")}
    # A copy that is destroyed is owed by nobody any more.
    burnt = {"copy": 1, "method": "burn", "witnesses": 1, "emergency": False}
    protecting.protect(two.tokyo, item, "register.destroy", burnt, officer=ITO)
    assert standing(two) == {}
    with two.tokyo.store.reading() as tx:
        assert all(one.ended for one in tx.within(LoanOf, item.key))
        assert {one.custodian for one in tx.within(Copy, item.key)} == {"JPN/DIH"}
    two.carry()
    # Whom Tokyo lends to is Tokyo's own business: Seoul sees neither loan nor duty.
    with two.seoul.store.reading() as tx:
        assert views.loans(tx, two.clock.now(), everything=True) == []
        assert "register.give-back" not in {one["what"] for one in views.duties(tx, START)}
    for node in two.nodes.values():
        assert replay.rebuild(node).differences == ()


def appoint(two: Pair, person: str, office: str, *roles: Role) -> None:
    people.add_person(
        two.tokyo,
        PersonId(person),
        name=person,
        office=Office(office),
        roles=roles,
        key=two.tokyo.suite.signing_public(two.tokyo.vault.person(person)),
        actor=ADMIN,
    )
    at = two.clock.now()
    setup.publish_directory(two.tokyo, KOR, where=where(JPN), epochs=epochs(JPN, at))
    two.carry()


@pytest.mark.obligation("REG-4")
def test_a_custodian_is_relieved_after_a_joint_muster_that_both_sign(two: Pair) -> None:
    item = held(two)
    with pytest.raises(Refused, match=r"person\.holds"):
        appoint(two, "ito", "JPN/DIH", Role.OFFICIAL)
    with pytest.raises(Refused, match=r"person\.holds"):
        appoint(two, "ito", "JPN/MOD", Role.CUSTODIAN)
    with pytest.raises(Refused, match=r"person\.role"):
        custody.relieve(two.tokyo, item, copy=1, custodian=ITO, successor=MORI)
    appoint(two, "mori", "JPN/MOD", Role.DESIGNATING, Role.CUSTODIAN)
    alone = {"copy": 1, "custodian": "JPN/MOD", "joint": False}
    with pytest.raises(RefusedAct, match=r"custody\.not-joint"):
        protecting.protect(two.tokyo, item, "register.relieve", alone, officer=ITO)
    with pytest.raises(RefusedAct, match=r"custody\.one-signs"):
        protecting.protect(
            two.tokyo, item, "register.relieve", alone | {"joint": True}, officer=ITO
        )
    custody.relieve(two.tokyo, item, copy=1, custodian=ITO, successor=MORI)
    with pytest.raises(Refused, match=r"person\.holds"):
        appoint(two, "ito", "JPN/DIH", Role.OFFICIAL)
    custody.relieve(two.tokyo, item, copy=2, custodian=ITO, successor=MORI)
    with two.tokyo.store.reading() as tx:
        assert {one.custodian for one in tx.within(Copy, item.key)} == {"JPN/MOD"}
    # Nothing is held by the post any more: its custodian may leave it.
    appoint(two, "ito", "JPN/DIH", Role.OFFICIAL)
    with pytest.raises(Refused, match=r"relief\.same"):
        custody.relieve(two.tokyo, item, copy=1, custodian=MORI, successor=MORI)
    assert replay.rebuild(two.tokyo).differences == ()
