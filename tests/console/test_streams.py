"""Directives by the API: seen by whose business they are, ended by who may, at once."""

import pytest

from comity.console import sessions
from comity.node import deciding, directives, releases
from comity.register.rows import ItemOf, key_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.browser import Browser
from tests.support.pair import JPN, Pair, assure, conclude, enrol, pair
from tests.support.programs import Program
from tests.support.streams import gsomia_with_streams


@pytest.fixture
def two() -> Pair:
    found = pair()
    enrol(found)
    found.carry()
    conclude(found, gsomia_with_streams())
    assure(found)
    return found


def laid_directive(two: Pair) -> Digest:
    now = two.clock.now()
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A stream. Fictional.",
        title="Stream",
        standing=releases.Standing(since=now, until=plus_seconds(now, 86400), most=9),
    )
    asked = directives.beforehand(two.seoul, wish)
    return releases.lay_before(two.seoul, asked, drafter=PersonId("kim")).deed


def directive(two: Pair) -> str:
    entered = deciding.approve(two.seoul, [laid_directive(two)], authority=PersonId("park"))
    two.carry()
    with two.seoul.store.reading() as tx:
        item = tx.get(ItemOf, key_of(entered[0].position))
    assert item is not None
    return item.reference


def listed(program: Program) -> list[dict[str, object]]:
    told = program.get("/directives")
    assert told.status_code == 200, told.text
    return told.json()["items"]


def test_a_directive_is_seen_and_ended_by_the_api(two: Pair) -> None:
    number = directive(two)
    park, ito = Program(two.seoul, "park"), Program(two.tokyo, "ito")
    for program in (park, ito):
        (one,) = listed(program)
        assert (one["reference"], one["state"], one["given"], one["most"]) == (
            number,
            "stands",
            0,
            9,
        )
    assert Program(two.seoul, "kim").post(f"/directives/{number}/suspend").status_code == 403
    assert park.post(f"/directives/{number}/suspend").status_code == 200
    told = park.post(f"/directives/{number}/suspend")
    assert told.status_code == 403
    assert "suspended-already" in told.text
    assert park.post(f"/directives/{number}/withdraw").status_code == 200
    two.carry()
    assert [one["state"] for one in listed(ito)] == ["withdrawn"]


def test_whose_business_a_stream_is_not_sees_none_and_is_told_that_there_is_none(
    two: Pair,
) -> None:
    number = directive(two)
    stranger = Program(two.tokyo, "abe")
    assert listed(stranger) == []
    there = stranger.post(f"/directives/{number}/withdraw")
    nowhere = stranger.post("/directives/KOR-2026-0000000000/withdraw")
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    assert Program(two.tokyo, "ito").post(f"/directives/{number}/withdraw").status_code != 200


def test_who_decides_on_a_directive_sees_its_bounds_and_cannot_make_a_release_of_it(
    two: Pair,
) -> None:
    name = laid_directive(two)
    park = Program(two.seoul, "park")
    place = f"/approvals/{name.removeprefix('sha384:')[:16]}"
    shown = park.get(place).json()
    assert (shown["standing"]["most"], shown["agreement"]) == (9, "KOR-JPN-STREAMS 2016")
    change = {"title": "Another", "level": "KOR:mil-2", "purpose": "defence.missile-warning"}
    assert park.post(f"{place}/change", change).status_code == 404
    browser = Browser(two.seoul)
    browser.get(f"/enter/{sessions.make_link(two.seoul, PersonId('park'))}")
    for lang, words in (
        ("en", "9 observations at most"),
        ("ko", "관측 9건"),
        ("ja", "観測9件まで"),
    ):
        page = browser.get(f"{place}?lang={lang}").text
        assert words in page
        assert f"{place}/change" not in page
