"""Every copy that was made is in one state, whatever is done with copies, and both books say so."""

import pytest
from msgspec import UNSET

from comity.acts.entries import decode_entry
from comity.agreement.text import bundle_bytes
from comity.node import deciding, protecting, receiving, releases, replay, views
from comity.node.chancery import RefusedAct
from comity.register.rows import Copy, ItemOf, key_of
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.pair import ADMIN, JPN, LATER, assure, conclude, enrol, entitle, pair
from tests.unit.agreement.test_remaining_clauses import BARE, MORE

# One case per article that has terms: without them neither side would sign the text.
CASES = "".join(
    f"""
[[case]]
article = "{article}"
says = "A report, decided, assured and in force, goes to Tokyo."
act = {{ kind = "release.release", by = "KOR/KDIA", to = "JPN", offices = ["JPN/DIH"] }}
given.level = "KOR:mil-2"
given.subject = "dprk.missile.launch"
given.purpose = "defence.missile-warning"
given.assured = "JPN:gokuhi"
expect = {{ verdict = "lawful" }}
"""
    for article in ("1", "2", "3", "4", "6(a)", "7", "12", "21(1)", "30")
)
FULL = bundle_bytes((BARE + MORE).encode(), CASES.encode(), {})

DAY = 86400
SUZUKI, ITO = PersonId("suzuki"), PersonId("ito")


def crossed():
    """Return two houses and an item that lies, registered, in Tokyo."""
    two = pair()
    enrol(two)
    two.carry()
    conclude(two, FULL)
    assure(two)
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    two.carry()
    return two, key_of(entered.position)


def item_at(node, key: str) -> ItemOf:
    with node.store.reading() as tx:
        found = tx.get(ItemOf, key)
    assert found is not None
    return found


def states(node, key: str) -> dict[int, str]:
    with node.store.reading() as tx:
        return {one.copy: one.state for one in tx.within(Copy, key)}


def received(two, key: str) -> None:
    """Register, mark and receipt the item in Tokyo."""
    item = item_at(two.tokyo, key)
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), regime=UNSET, officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    two.carry()


@pytest.mark.obligation("GSOMIA-6-f")
@pytest.mark.obligation("GSOMIA-14-1")
@pytest.mark.obligation("GSOMIA-13-1")
@pytest.mark.obligation("GSOMIA-6-g1")
@pytest.mark.obligation("GSOMIA-6-h")
@pytest.mark.obligation("GSOMIA-6-g2")
@pytest.mark.obligation("GSOMIA-17-1")
@pytest.mark.obligation("GSOMIA-17-2")
@pytest.mark.obligation("GSOMIA-17-3")
def test_what_becomes_of_an_item_and_its_copies() -> None:
    two, key = crossed()
    received(two, key)
    seoul, tokyo = item_at(two.seoul, key), item_at(two.tokyo, key)
    assert states(two.tokyo, key) == {1: "held"}

    # Nobody but the originator changes the level, and the holder owes its answer.
    with pytest.raises(RefusedAct):
        protecting.protect(
            two.tokyo, tokyo, "register.regrade", {"level": "KOR:mil-3"}, officer=SUZUKI
        )
    protecting.protect(
        two.seoul, seoul, "register.regrade", {"level": "KOR:mil-3"}, officer=PersonId("choi")
    )
    two.carry()
    owed = [one for one in duties(two.tokyo, two.clock.now()) if one["who"] == "JPN"]
    whats = {one["what"] for one in owed}
    assert {"register.acknowledge-regrading", "register.re-mark"} <= whats
    two.clock.turn(11 * DAY)
    assert [
        one["what"] for one in duties(two.seoul, two.clock.now()) if one["state"] == "overdue"
    ] == ["register.acknowledge-regrading"]
    receiving.re_mark(two.tokyo, tokyo, level=Level("JPN:hi"), regime=UNSET, officer=SUZUKI)
    protecting.protect(
        two.tokyo,
        tokyo,
        "register.acknowledge-regrading",
        {"altered": [1], "unreached": []},
        officer=SUZUKI,
    )
    two.carry()
    for node in (two.seoul, two.tokyo):
        whats = {one["what"] for one in duties(node, two.clock.now())}
        assert "register.acknowledge-regrading" not in whats

    # At the new level a copy needs no consent: made, one of the two destroyed, the other lost.
    copied = {"copy": "1", "number": "2", "reason": "official-need"}
    protecting.protect(two.tokyo, tokyo, "register.reproduce", copied, officer=ITO)
    with pytest.raises(RefusedAct):
        protecting.protect(two.tokyo, tokyo, "register.reproduce", copied, officer=ITO)
    assert states(two.tokyo, key) == {1: "held", 2: "held"}
    burnt = {"copy": "1", "method": "burn", "witnesses": "1", "emergency": "false"}
    protecting.protect(two.tokyo, tokyo, "register.destroy", burnt, officer=ITO)
    with pytest.raises(RefusedAct):
        protecting.protect(two.tokyo, tokyo, "register.destroy", burnt, officer=ITO)
    # One is left, and is counted each year.
    assert "register.muster" in {one["what"] for one in duties(two.tokyo, two.clock.now())}
    lost = {"suspected": "false", "copies": ["2"], "discovered": two.clock.now()}
    report = protecting.protect(two.tokyo, tokyo, "incident.report", lost, officer=ITO)
    assert states(two.tokyo, key) == {1: "destroyed", 2: "lost"}
    two.carry()

    about = {"about": {"log": report.position.log, "index": report.position.index}}
    protecting.protect(
        two.tokyo, tokyo, "incident.investigate", {**about, "joint": False}, officer=ITO
    )
    with pytest.raises(RefusedAct):
        protecting.protect(
            two.tokyo, tokyo, "incident.results", {**about, "stated": ["facts"]}, officer=ITO
        )
    results = protecting.protect(
        two.tokyo, tokyo, "incident.results", {**about, "stated": ["facts", "measures"]},
        officer=ITO,
    )  # fmt: skip
    two.carry()
    on = {"about": {"log": results.position.log, "index": results.position.index}}
    with pytest.raises(RefusedAct):
        protecting.protect(two.tokyo, tokyo, "incident.close", on, officer=ITO)
    protecting.protect(two.seoul, seoul, "incident.close", on, officer=PersonId("choi"))
    two.carry()
    left = {one["what"] for one in duties(two.tokyo, two.clock.now())}
    assert left == {"delivery.certificate"}  # what is not there any more is not counted
    for node in (two.seoul, two.tokyo):
        assert replay.rebuild(node).differences == ()


@pytest.mark.obligation("GSOMIA-15-2")
def test_translations_are_counted_and_kept_to_as_many_as_the_text_allows() -> None:
    two, key = crossed()
    received(two, key)
    item = item_at(two.tokyo, key)
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject="dprk.missile")
    at_office = {"facility": "JPN/DIH", "person": "abe", "until": LATER}
    protecting.at_facility(two.tokyo, "people.appoint-officer", at_office, officer=ADMIN)
    protecting.at_facility(two.tokyo, "people.enrol-on-roster", at_office, officer=ADMIN)
    protecting.at_facility(two.tokyo, "people.brief", {"person": "abe"}, officer=ADMIN)
    protecting.at_facility(
        two.tokyo,
        "people.accredit",
        {"facility": "JPN/DIH", "level": "JPN:gokuhi", "until": LATER},
        officer=ADMIN,
    )
    receiving.assign(two.tokyo, item, person=PersonId("abe"), officer=SUZUKI)
    made = {
        "number": "JPN-T-1",
        "level": "JPN:gokuhi",
        "language": "ja",
        "person": "abe",
        "note": True,
        "machine": "none",
    }
    with pytest.raises(RefusedAct, match="no-note"):
        protecting.protect(
            two.tokyo, item, "register.translate", made | {"note": False}, officer=ITO
        )
    # One that was refused is none: the first that stands is counted.
    protecting.protect(two.tokyo, item, "register.translate", made, officer=ITO)
    with pytest.raises(RefusedAct, match="too-many"):
        protecting.protect(
            two.tokyo, item, "register.translate", made | {"number": "JPN-T-2"}, officer=ITO
        )


@pytest.mark.obligation("GSOMIA-13-2")
def test_what_is_destroyed_is_in_the_book_with_method_time_and_witnesses() -> None:
    two, key = crossed()
    received(two, key)
    burnt = {"copy": "1", "method": "burn", "witnesses": "2", "emergency": "false"}
    done = protecting.protect(
        two.tokyo, item_at(two.tokyo, key), "register.destroy", burnt, officer=ITO
    )
    with two.tokyo.store.reading() as tx:
        raw = tx.leaves(done.position.log, done.position.index, done.position.index + 1)[0]
    stands = decode_entry(raw)
    assert (stands.deed.method.value, stands.deed.witnesses) == ("burn", 2)
    assert stands.at == two.clock.now()
    assert states(two.tokyo, key) == {1: "destroyed"}


def duties(node, now) -> list[dict]:
    with node.store.reading() as tx:
        return views.duties(tx, now)


def test_an_act_that_is_none_is_refused() -> None:
    two, key = crossed()
    item = item_at(two.tokyo, key)
    for act in ("release.release", "people.clear", "no.such"):
        with pytest.raises(Invalid):
            protecting.protect(two.tokyo, item, act, {}, officer=ITO)
    with pytest.raises(Invalid):
        protecting.protect(two.tokyo, item, "register.destroy", {"copy": "x"}, officer=ITO)
    with pytest.raises(Refused):
        protecting.protect(two.tokyo, item, "release.recall", {}, officer=PersonId("abe"))
