"""Offices come and go: an act is valid at its date, and a successor inherits what was left."""

import pytest

from comity.acts.deeds import Role
from comity.acts.documents import PublicOffice
from comity.agreement.succession import standing_now
from comity.node import people, reading, receiving, replay, setup, treaty, views
from comity.node.chancery import RefusedAct
from comity.register.rows import Copy
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId
from tests.scenarios.test_protection_seen import in_tokyo, release
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    START,
    Pair,
    enlist,
    entitle,
    epochs,
    text_of,
    under_the_pact,
    where,
)

DAY = 86400
ENDS = plus_seconds(START, DAY)
NEW = f"""
[[offices]]
office = "JPN/NIB"
names = {{ en = "New bureau (fictional)", ko = "신설국", ja = "新局" }}
since = "{ENDS}"

[[delegations]]
"""
SUZUKI, ITO, ABE = PersonId("suzuki"), PersonId("ito"), PersonId("abe")


def reorganised(two: Pair) -> None:
    """Tokyo tells that its intelligence headquarters ends tomorrow, and what takes its place."""
    own = text_of(f"profile-{JPN}.md").decode()
    since = 'since = "1997-01-19T15:00:00.000Z"\n\n[[offices]]\noffice = "JPN/REGISTRY"'
    assert since in own
    ended = since.replace(
        "\n\n[[offices]]", f'\nuntil = "{ENDS}"\nsuccessor = "JPN/NIB"\n\n[[offices]]', 1
    )
    own = own.replace(since, ended).replace("\n[[delegations]]\n", NEW, 1)
    setup.adopt_profile(two.tokyo, own.encode(), actor=ADMIN)
    treaty.notify_authorities(
        two.tokyo, to=KOR, by=Office("JPN/MOD"), actor=PersonId("minister-jpn")
    )
    two.carry()


def moved(two: Pair, person: str, *roles: Role) -> None:
    people.add_person(
        two.tokyo,
        PersonId(person),
        name=person,
        office=Office("JPN/NIB"),
        roles=roles,
        key=two.tokyo.suite.signing_public(two.tokyo.vault.person(person)),
        actor=ADMIN,
    )


@pytest.mark.obligation("AUTH-1")
def test_a_successor_signs_for_what_was_addressed_to_the_office_before_it() -> None:
    two = under_the_pact()
    item = in_tokyo(two, release(two))
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    reorganised(two)
    moved(two, "ito", Role.CUSTODIAN)
    moved(two, "abe", Role.OFFICIAL)
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject="dprk.missile")
    # Until the day the old office is the one that is named: the new one is none yet.
    with pytest.raises(RefusedAct):
        receiving.receipt(two.tokyo, item, custodian=ITO)
    with pytest.raises(RefusedAct):
        receiving.assign(two.tokyo, item, person=ABE, officer=SUZUKI)
    two.clock.turn(DAY)
    # Another office is another facility, with a list of its own.
    enlist(two.tokyo, "abe")
    # Whose key signs for which office stands in the directory.
    at = two.clock.now()
    setup.publish_directory(two.tokyo, KOR, where=where(JPN), epochs=epochs(JPN, at))
    two.carry()
    receiving.receipt(two.tokyo, item, custodian=ITO)
    receiving.assign(two.tokyo, item, person=ABE, officer=SUZUKI)
    assert reading.read(two.tokyo, item, person=ABE).content == b"A fictional assessment."
    two.carry()
    for node in two.nodes.values():
        with node.store.reading() as tx:
            (copy,) = tx.within(Copy, item.key)
            owed = {one["what"] for one in views.duties(tx, node.clock.now())}
        assert (copy.office, copy.custodian, copy.state) == ("JPN/DIH", "JPN/NIB", "held")
        assert "delivery.receipt" not in owed
        assert replay.rebuild(node).differences == ()


@pytest.mark.obligation("AUTH-1")
def test_an_office_acts_and_is_addressed_until_its_end_and_not_after() -> None:
    two = under_the_pact()
    reorganised(two)
    release(two)
    two.clock.turn(DAY)
    two.carry()
    with pytest.raises(RefusedAct, match=r"authorities\.not-notified"):
        release(two)


def test_successors_in_a_circle_and_an_end_without_one_leave_nobody() -> None:
    def office(name: str, **more: Office) -> PublicOffice:
        named = {"office": Office(name), "names": {"en": name}, "designating": False}
        return PublicOffice(**named, since=START, until=ENDS, **more)

    circle = (
        office("JPN/A", successor=Office("JPN/B")),
        office("JPN/B", successor=Office("JPN/A")),
    )
    assert standing_now(circle, Office("JPN/A"), ENDS) is None
    assert standing_now(circle, Office("JPN/A"), START) == "JPN/A"
    assert standing_now((office("JPN/A"),), Office("JPN/A"), ENDS) is None
