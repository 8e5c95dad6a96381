"""Figures: by direction and period, and what is told outside shows no single item."""

import json

import pytest

from comity.acts.deeds import Extent
from comity.node import receiving, reporting, requests, treaty
from comity.register.rows import RequestOf
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.scenarios.test_protection_seen import houses, in_tokyo, release
from tests.support.pair import JPN, KOR, START, Pair, assure

SUZUKI, ITO = PersonId("suzuki"), PersonId("ito")
DAY, HOUR = 86400, 3600
YEAR = reporting.Period(START, plus_seconds(START, 365 * DAY))


def asked(two: Pair) -> RequestOf:
    wanted = requests.Wanted(
        to=KOR,
        offices=(Office("KOR/KDIA"),),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        title="Launches",
    )
    done = requests.ask(two.tokyo, wanted, officer=PersonId("sato"))
    two.carry()
    with two.seoul.store.reading() as tx:
        return requests.find(tx, f"{done.position.log}#{done.position.index}")


@pytest.fixture
def two() -> Pair:
    """One item that was asked for and one that was not; a request that was declined."""
    made = houses()
    assure(made)
    first, second = asked(made), asked(made)
    made.clock.turn(6 * HOUR)
    made.carry()
    item = in_tokyo(made, release(made))
    release(made, subject=Subject("regional.naval.movement"))
    requests.answer(made.seoul, first, releases=[item], extent=Extent.FULL, officer=PersonId("kim"))
    requests.decline(made.seoul, second, officer=PersonId("kim"))
    made.carry()
    made.clock.turn(2 * HOUR)
    receiving.register(made.tokyo, item, officer=SUZUKI)
    receiving.re_mark(made.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(made.tokyo, item, custodian=ITO)
    made.carry()
    return made


@pytest.mark.obligation("SEED-10")
def test_who_gave_what_is_told_by_direction_and_period_and_alike_in_both_books(two: Pair) -> None:
    told = {}
    for node, peer in two.links():
        with node.store.reading() as tx:
            found = reporting.reciprocity(node, tx, peer, YEAR)["ways"]
            nothing = reporting.reciprocity(
                node, tx, peer, reporting.Period(YEAR.until, plus_seconds(YEAR.until, DAY))
            )["ways"]
        told[node.party] = {f"{one['from']} {one['to']}": one for one in found}
        assert [(one["items"], one["requests"]) for one in nothing] == [(0, 0), (0, 0)]
    assert told[KOR] == told[JPN]
    gave, got = told[KOR]["KOR JPN"], told[KOR]["JPN KOR"]
    assert (gave["items"], gave["own"]) == (2, 2)
    assert gave["subjects"] == {"dprk.missile.launch": 1, "regional.naval.movement": 1}
    assert gave["requests_by_state"] == {"answered": 1, "declined": 1}
    assert (gave["hours_to_answer"], gave["hours_to_receipt"]) == (6.0, 2.0)
    assert (got["items"], got["requests"], got["hours_to_answer"]) == (0, 0, None)


@pytest.mark.obligation("SEED-11")
def test_what_the_public_is_told_shows_the_pacts_and_no_item(two: Pair) -> None:
    with two.seoul.store.reading() as tx:
        told = reporting.public(two.seoul, tx, YEAR)
    assert [(one["id"], one["standing"], one["articles"]) for one in told["pacts"]] == [
        ("KOR-JPN-GSOMIA", "in-force", 21)
    ]
    # Two items are as good as none: the figure of a year with none is the same.
    assert (told["items"], told["incidents"]) == ("fewer than 10", "fewer than 10")
    for word in ("KOR-20", "dprk", "naval", "mil-2", "KDIA", "JPN/DIH", "park", "kim"):
        assert word not in json.dumps(told)
    for _ in range(10):
        release(two)
    with two.seoul.store.reading() as tx:
        assert reporting.public(two.seoul, tx, YEAR)["items"] == "10 or more"


@pytest.mark.obligation("SEED-11")
def test_oversight_sees_what_was_skipped_and_what_is_late_and_no_item(two: Pair) -> None:
    for step, on in (("working-level", "2026-01-01"), ("cabinet", "2026-02-01")):
        treaty.at_home(
            two.seoul,
            "domestic.take-step",
            {"pact": "KOR-JPN-GSOMIA", "step": step, "on": on},
            actor=PersonId("minister-kor"),
        )
    begun = {"pact": "KOR-JPN-GSOMIA", "parties": ["KOR"], "event": "negotiation-opened"}
    treaty.at_home(
        two.seoul, "domestic.chronicle", begun | {"on": "2025-12"}, actor=PersonId("minister-kor")
    )
    two.clock.turn(30 * DAY)
    two.carry()
    with two.seoul.store.reading() as tx:
        told = reporting.oversight(two.seoul, tx, YEAR)
    assert [(one["step"], one["mark"]) for one in told["procedure"]] == [
        ("vice-ministers", "skipped"),
        ("president", "skipped"),
    ]
    # One of the two items was never receipted for.
    assert told["overdue"] == {"JPN delivery.receipt": 1}
    assert (told["incidents_told"], told["incidents_open"]) == (0, 0)
    for word in ("KOR-20", "dprk", "naval", "mil-2", "DIH", "park", "kim"):
        assert word not in json.dumps(told)
