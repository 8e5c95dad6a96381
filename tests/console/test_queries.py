"""A query about a receipt on the pages and by the API: with its article and its clock."""

import re

import pytest

from comity.acts.deeds import Reserve
from tests.console.test_paper import signed_in
from tests.scenarios.test_queries import DAY, marked, signed
from tests.support.pair import Pair, under_the_pact
from tests.support.programs import Program

WORDS = {
    "en": ("query of a receipt under reserve", "report of an incident"),
    "ko": ("유보를 붙인 접수증", "보안사고 통보"),
    "ja": ("受領証の留保", "紛失又は漏せつの通報"),
}


@pytest.fixture(scope="module")
def two() -> Pair:
    made = under_the_pact()
    signed(made, marked(made), Reserve.SHORT, pages=0)
    return made


def listed(two: Pair, person: str) -> dict[str, tuple[str, str, str, bool]]:
    node = two.seoul if person in ("choi", "park") else two.tokyo
    found = Program(node, person).get("/duties").json()["items"]
    return {one["what"]: (one["who"], one["article"], one["due"], one["overdue"]) for one in found}


@pytest.mark.parametrize("lang", sorted(WORDS))
def test_who_owes_what_is_on_today_of_both(two: Pair, lang: str) -> None:
    query, report = WORDS[lang]
    for node, person in ((two.seoul, "choi"), (two.tokyo, "suzuki")):
        page = signed_in(node, person).get("/", params={"lang": lang}).text
        (row,) = [one for one in re.findall(r"(?s)<tr.*?</tr>", page) if query in one]
        assert "12" in row
        assert report not in page


def test_what_follows_begins_by_itself(two: Pair) -> None:
    due = "2026-12-08T00:00:00.000Z"
    for person in ("choi", "suzuki"):
        assert listed(two, person)["delivery.query"] == ("KOR", "12", due, False)
        assert "incident.report" not in listed(two, person)
    two.clock.turn(14 * DAY + 1)
    try:
        for person in ("choi", "suzuki"):
            found = listed(two, person)
            assert found["delivery.query"] == ("KOR", "12", due, True)
            assert found["incident.report"] == ("JPN", "17", due, True)
    finally:
        two.clock.turn(-14 * DAY - 1)
