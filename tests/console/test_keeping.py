"""Streams, loans, visits, facilities and figures: on pages and by the API, for who answers."""

import re

import pytest

from comity.node import protecting
from tests.console.test_paper import signed_in
from tests.console.test_streams import directive
from tests.scenarios.test_custodians import CUSTODY, held, lend
from tests.scenarios.test_inspections import ask, permit
from tests.scenarios.test_protection_seen import houses
from tests.support.pair import ADMIN, KOR, LATER, Pair, assure, conclude, enrol, pair
from tests.support.programs import Program
from tests.support.streams import gsomia_with_streams

PAGES = ("/keeping", "/facilities", "/reports")
PERIOD = "since=2026-01-01T00:00:00.000Z&until=2027-01-01T00:00:00.000Z"


@pytest.fixture(scope="module")
def two() -> Pair:
    """Tokyo lent a copy, permitted a visit, and has a facility; nothing of it is late."""
    made = houses(CUSTODY)
    assure(made)
    lend(made, held(made), 2, 30)
    permit(made, ask(made))
    level = {"facility": "JPN/MOD", "level": "JPN:gokuhi", "until": LATER}
    protecting.at_facility(made.tokyo, "people.accredit", level, officer=ADMIN)
    return made


def main(told: str) -> str:
    return told.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_the_registry_sees_what_the_house_answers_for(two: Pair, lang: str) -> None:
    suzuki = signed_in(two.tokyo, "suzuki")
    kept, places, figures = (main(suzuki.get(path, params={"lang": lang}).text) for path in PAGES)
    assert kept.count("<tr>") == 2 + 1 + 1 + 1  # heads and lines: a loan; a request, a permission
    assert "abe" in kept
    assert "JPN/MOD" in places
    assert "極秘" in places
    assert "KOR-JPN" not in kept
    # One item went from Seoul to Tokyo, none the other way.
    assert re.search(r'<code class="small">dprk\.missile\.launch</code> 1', figures)
    assert f'value="{two.clock.now()[:4]}"' in figures
    before = main(suzuki.get("/reports", params={"year": "2019"}).text)
    assert "dprk.missile.launch" not in before
    for year in ("x", "0", "99999", "-1"):
        assert suzuki.get("/reports", params={"year": year}).status_code == 422


def test_what_is_empty_says_so(two: Pair) -> None:
    choi = signed_in(two.seoul, "choi")
    kept = main(choi.get("/keeping", params={"lang": "en"}).text)
    assert "No standing directive" in kept
    assert "No copy is on loan" in kept
    assert "No facility has a line yet" in choi.get("/facilities", params={"lang": "en"}).text


def test_others_see_streams_alone_and_no_facility_or_figure(two: Pair) -> None:
    for person in ("sato", "ito", "tanaka", "minister-jpn"):
        client, program = signed_in(two.tokyo, person), Program(two.tokyo, person)
        kept = main(client.get("/keeping", params={"lang": "en"}).text)
        assert "loan" not in kept, person
        assert "/facilities" not in kept
        nowhere = program.get("/nowhere").content
        for path in ("/facilities", "/reports"):
            assert client.get(path).content == client.get("/nowhere").content
        for path in ("/loans", "/matters", "/facilities", f"/reports/oversight?{PERIOD}"):
            assert program.get(path).content == nowhere, (person, path)


def test_the_api_tells_what_the_pages_show(two: Pair) -> None:
    suzuki = Program(two.tokyo, "suzuki")
    (loan,) = suzuki.get("/loans").json()["items"]
    assert (loan["borrower"], loan["copy"], loan["overdue"]) == ("abe", 2, False)
    matters = {one["kind"]: one for one in suzuki.get("/matters").json()["items"]}
    assert set(matters) == {"visit.request", "visit.approve"}
    assert matters["visit.approve"]["to"] == KOR
    assert matters["visit.approve"]["about"] == matters["visit.request"]["leaf"]
    places = {one["facility"]: one for one in suzuki.get("/facilities").json()["items"]}
    assert places["JPN/MOD"]["accredited"] == ["JPN:gokuhi"]
    assert places["JPN/DIH"]["copies"] == 2
    found = suzuki.get(f"/reports/reciprocity?party=KOR&{PERIOD}").json()
    assert [(one["from"], one["to"], one["items"]) for one in found["ways"]] == [
        ("JPN", "KOR", 0),
        ("KOR", "JPN", 1),
    ]
    assert suzuki.get(f"/reports/oversight?{PERIOD}").json()["incidents_told"] == 0
    turned = "since=2027-01-01T00:00:00.000Z&until=2026-01-01T00:00:00.000Z"
    ended = suzuki.get(f"/reports/oversight?{turned}")
    assert ended.json()["code"] == "invalid.argument"
    assert suzuki.get("/reports/oversight?since=yesterday&until=today").status_code == 422


def test_a_stream_is_shown_with_its_account_to_whose_business_it_is() -> None:
    two = pair()
    enrol(two)
    two.carry()
    conclude(two, gsomia_with_streams())
    assure(two)
    number = directive(two)
    for person, sees in (("kim", True), ("park", True), ("choi", True), ("han", False)):
        kept = main(signed_in(two.seoul, person).get("/keeping", params={"lang": "en"}).text)
        assert (number in kept) == sees, person
        assert ("0 of 9 observations given" in kept) == sees
        # Who ends a stream is offered to, and nobody else.
        assert (f"/directives/{number}/suspend" in kept) == (person == "park")
    for number_of, person, status in (
        (number, "kim", 403),
        (number, "han", 404),
        ("X", "park", 404),
    ):
        client = signed_in(two.seoul, person)
        for end in ("suspend", "withdraw"):
            told = client.post(f"/directives/{number_of}/{end}", {})
            assert told.status_code == status, (person, end)
    park = signed_in(two.seoul, "park")
    for end, state, offered in (("suspend", "suspended", True), ("withdraw", "withdrawn", False)):
        told = park.post(f"/directives/{number}/{end}", {})
        assert told.headers["location"] == "/keeping"
        kept = main(park.get("/keeping", params={"lang": "en"}).text)
        assert state in kept
        assert ("/withdraw" in kept) == offered
