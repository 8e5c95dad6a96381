"""What is spoken has a record; a change of level that is planned travels with its item."""

import pytest
from msgspec import structs

from comity.acts.deeds import Uses
from comity.acts.parts import Disclosed, Schedule
from comity.node import consents, granting, protecting, reading, receiving, replay, views
from comity.node.chancery import RefusedAct
from comity.register.rows import ItemOf
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import Level, PersonId, Purpose, Reason
from tests.scenarios.test_protection_seen import houses, in_tokyo, release
from tests.support.pair import KOR, START, Pair, assure

CHOI, SUZUKI = PersonId("choi"), PersonId("suzuki")
PARK, SATO = PersonId("park"), PersonId("sato")
PLANNING = Purpose("defence.planning")
DAY = 86400
SAID = Disclosed(
    at=plus_seconds(START, -DAY), level_said=True, attendees=3, cleared=True, needed=True
)
WORDS = ("Attended: three officers of the intelligence headquarters.", "Points: trajectory.")


@pytest.fixture
def two() -> Pair:
    made = houses()
    assure(made)
    return made


def spoken(two: Pair, **changed) -> str:
    record = structs.replace(SAID, **changed)
    return release(two, content=b"", form=Form.ORAL, disclosed=record, lines=WORDS)


@pytest.mark.obligation("ORAL-1")
def test_a_briefing_is_recorded_with_persons_points_and_authority(two: Pair) -> None:
    for wrong, code in (
        ({"level_said": False}, "level-unsaid"),
        ({"attendees": 0}, "unchecked"),
        ({"cleared": False}, "unchecked"),
        ({"needed": False}, "unchecked"),
        ({"at": plus_seconds(START, DAY)}, "no-record"),
    ):
        with pytest.raises(RefusedAct, match=rf"disclosure\.{code}"):
            spoken(two, **wrong)
    with pytest.raises(RefusedAct, match=r"disclosure\.no-record"):
        release(two, content=b"", form=Form.ORAL)
    # Levels, subjects and the authority are asked for as of every release.
    with pytest.raises(RefusedAct, match=r"equivalence\.unmapped"):
        release(two, content=b"", form=Form.ORAL, disclosed=SAID, level=Level("KOR:mil-1"))
    key = spoken(two)
    item = in_tokyo(two, key)
    assert (item.form, item.ciphertext) == ("oral", "")
    with two.seoul.store.reading() as tx:
        kept = tx.get(ItemOf, key)
        shown = views.item_life(tx, kept, house=KOR, now=two.clock.now())
        core = reading.core_of(tx, kept)
    # Who was there and what was said stays sealed with who said it; the record is in both books.
    assert reading.opened(two.seoul, kept, holder=KOR)[1].lines == WORDS
    assert core.disclosed == SAID
    assert [one["signed"] for one in shown["timeline"]] == [["key-file"]]
    for node in two.nodes.values():
        assert replay.rebuild(node).differences == ()


@pytest.mark.obligation("ORAL-1")
def test_a_late_record_is_entered_and_called_late(two: Pair) -> None:
    key = spoken(two, at=plus_seconds(START, -4 * DAY))
    assert in_tokyo(two, key).form == "oral"


SHIPPED = 'acknowledge_days = 30\nscheduled = "reminder"'
NOTICE = (SHIPPED, 'acknowledge_days = 10\nscheduled = "notice"')
PLAN = Schedule(level=Level("KOR:mil-3"), on=plus_seconds(START, 30 * DAY))


def owed(node, what: str) -> list[tuple[str, str]]:
    with node.store.reading() as tx:
        return [
            (one["who"], one["due"])
            for one in views.duties(tx, node.clock.now())
            if one["what"] == what
        ]


@pytest.mark.obligation("REG-7")
def test_a_date_on_the_item_is_notice_where_the_agreement_says_so() -> None:
    two = houses(NOTICE)
    assure(two)
    item = in_tokyo(two, release(two, schedule=PLAN))
    due = plus_seconds(START, 40 * DAY)
    for node in two.nodes.values():
        assert owed(node, "register.acknowledge-regrading") == [("JPN", due)]
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    with pytest.raises(RefusedAct, match="not-corresponding"):
        receiving.re_mark(two.tokyo, item, level=Level("JPN:hi"), officer=SUZUKI)
    two.clock.turn(30 * DAY)
    two.carry()
    # From that day on the lower level is its level, and no further word is needed.
    receiving.re_mark(two.tokyo, item, level=Level("JPN:hi"), officer=SUZUKI)
    said = {"altered": [1], "unreached": []}
    protecting.protect(two.tokyo, item, "register.acknowledge-regrading", said, officer=SUZUKI)
    two.carry()
    for node in two.nodes.values():
        assert owed(node, "register.acknowledge-regrading") == []
        assert replay.rebuild(node).differences == ()


@pytest.mark.parametrize("days", [1, 31], ids=["before the date", "after it"])
def test_a_consent_about_it_leaves_like_any_other(days: int) -> None:
    two = houses(NOTICE)
    assure(two)
    item = in_tokyo(two, release(two, schedule=PLAN))
    two.clock.turn(days * DAY)
    two.carry()
    asked = consents.ask(
        two.tokyo, item, consents.Terms(uses=Uses.PURPOSE, purpose=PLANNING), officer=SATO
    )
    two.carry()
    with two.seoul.store.reading() as tx:
        question = consents.find_ask(tx, f"{asked.position.log}#{asked.position.index}")
    assert granting.grant(two.seoul, question, authority=PARK) is not None
    # The last look before the pouch leaves reads the level from the release and its date.
    two.carry()
    assert consents.listed(two.tokyo)[0].state == "granted"


@pytest.mark.obligation("REG-7")
def test_elsewhere_it_reminds_the_originator_and_changes_nothing_by_itself() -> None:
    two = houses()
    assure(two)
    key = release(two, schedule=PLAN)
    item = in_tokyo(two, key)
    for node in two.nodes.values():
        assert owed(node, "register.regrade") == [("KOR", PLAN.on)]
    receiving.register(two.tokyo, item, officer=SUZUKI)
    two.clock.turn(31 * DAY)
    two.carry()
    with pytest.raises(RefusedAct, match="not-corresponding"):
        receiving.re_mark(two.tokyo, item, level=Level("JPN:hi"), officer=SUZUKI)
    with two.seoul.store.reading() as tx:
        kept = tx.get(ItemOf, key)
    protecting.protect(two.seoul, kept, "register.regrade", {"level": "KOR:mil-3"}, officer=CHOI)
    two.carry()
    receiving.re_mark(two.tokyo, item, level=Level("JPN:hi"), officer=SUZUKI)
    assert owed(two.seoul, "register.regrade") == []


@pytest.mark.obligation("REG-7")
@pytest.mark.parametrize(
    "plan",
    [
        structs.replace(PLAN, on=Instant("2026-01-01T00:00:00.000Z")),
        structs.replace(PLAN, event=Reason("end-of-exercise")),
        structs.replace(PLAN, level=Level("JPN:hi")),
    ],
)
def test_a_plan_is_of_the_own_scheme_and_names_a_date_ahead_or_an_event(plan) -> None:
    two = houses(NOTICE)
    assure(two)
    with pytest.raises(RefusedAct, match=r"regrading\."):
        release(two, schedule=plan)
    by_event = Schedule(level=Level("KOR:mil-3"), event=Reason("end-of-exercise"))
    release(two, schedule=by_event)
    assert owed(two.seoul, "register.regrade") == [("KOR", "")]
