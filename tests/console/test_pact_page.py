"""The page of a pact's history: by its books and by the public record, at any date, in any view."""

import re
from itertools import pairwise
from typing import Any

import pytest

from comity.vocabulary.instants import plus_seconds
from tests.console.test_console import TONGUES, signed_in
from tests.support.browser import Browser
from tests.support.pair import Pair, conclude, enrol, pair
from tests.support.programs import Program

PACT = "/pact/KOR-JPN-GSOMIA"
RAW = re.compile(r"\b(?:pact|console\.page|standing)\.[a-z]")


@pytest.fixture(scope="module")
def two() -> Pair:
    found = pair()
    enrol(found)
    conclude(found)
    return found


@pytest.fixture(scope="module")
def client(two: Pair) -> Browser:
    return signed_in(two.seoul, "kim")


def words(page: str) -> str:
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def then(client: Browser, **asked: str) -> str:
    """Return what a page says that the pact was."""
    told = client.get(PACT, params={"told": "shipped", **asked})
    assert told.status_code == 200
    found = re.search(r'role="status">(.*?)</p>', told.text, re.DOTALL)
    assert found is not None
    return words("<main" + found[1]).strip()


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2011-01-10", "under negotiation"),
        ("2012-06-30", "signature postponed"),
        ("2016-11-22", "text initialled"),
        ("2016-11-23", "in force"),
        ("2019-08-22", "in force"),
        ("2019-08-23", "in force, notice of termination given"),
        ("2019-11-22", "in force, the notice&#39;s effect suspended"),
        ("2023-03-21", "in force"),
    ],
)
def test_the_page_says_what_the_pact_was_at_a_date(client: Browser, day: str, state: str) -> None:
    assert then(client, at=day, view="JPN").endswith(f"In the view of Japan: {state}")


def test_within_a_date_that_is_a_month_both_states_are_told(client: Browser) -> None:
    assert then(client, at="2012-04-10").endswith("under negotiation or text initialled")


def test_who_had_not_heard_of_the_note_saw_the_pact_in_force(client: Browser) -> None:
    assert then(client, at="2019-08-30", known="2019-08-22").endswith(": in force")
    page = words(client.get(f"{PACT}?told=shipped&at=2019-08-30&known=2019-08-22").text)
    assert "not known then" in page


def test_the_slider_counts_without_script_unless_the_date_was_changed(client: Browser) -> None:
    slid = {"first": "2011-01-01", "shown": "2026-01-01", "day": "3156"}
    assert then(client, at="2026-01-01", **slid).startswith("23 Aug 2019")
    assert then(client, at="2012-06-30", **slid).startswith("30 Jun 2012")
    wild = slid | {"day": "9" * 12}
    assert then(client, at="2026-01-01", **wild).startswith("1 Jan 2026")


@pytest.mark.parametrize("lang", TONGUES)
def test_the_step_that_2012_skipped_is_plain_to_see(two: Pair, lang: str) -> None:
    client = signed_in(two.seoul, "kim")
    page = client.get(f"{PACT}?told=shipped&lang={lang}").text
    assert page.count('class="refused') == 1
    assert page.count('class="mark skipped"') == 1
    assert RAW.findall(re.sub(r"<code>.*?</code>", "", page)) == []
    steps = re.search(r'<table class="steps">.*?</table>', page, re.DOTALL)
    assert steps is not None
    assert steps[0].count('class="late"') == 1


def test_a_record_that_has_no_step_of_a_party_does_not_say_that_it_skipped_any(
    client: Browser,
) -> None:
    page = client.get(f"{PACT}?told=shipped").text
    home = page.split("<h2>Procedure at home")[1]
    assert "<h3>Korea</h3>" in home
    assert "<h3>Japan</h3>" in home
    assert "skipped" not in home.split("<h3>Japan</h3>")[1].split("</table>")[0]


def test_what_has_no_effect_is_said_to_have_none(client: Browser) -> None:
    page = client.get(f"{PACT}?told=shipped").text
    beside = re.findall(r'<li class="beside.*?</li>', page, re.DOTALL)
    assert len(beside) == 3  # two announcements and a change of law
    assert all("without effect on the state" in one for one in beside)


def test_the_deeds_of_this_house_are_told_by_the_same_page(client: Browser) -> None:
    page = words(client.get(PACT).text)
    assert "requirements notified as met" in page
    assert "2012" not in page
    assert "the public record that ships" in page


def test_a_pact_of_which_nothing_is_told_is_absent(client: Browser) -> None:
    nowhere = client.get("/nowhere")
    for path in (
        "/pact/NO-SUCH-PACT",
        "/pact/x%20y",
        "/pact/sha384:00",
        "/pact/NO-SUCH/articles",
        "/pact/NO-SUCH/compare",
        "/pact/TISA?told=book",
    ):
        told = client.get(path)
        assert (told.status_code, told.content) == (404, nowhere.content)


@pytest.mark.parametrize("asked", ["at=2012-02-30", "at=soon", "view=USA", "known=x"])
def test_a_date_that_is_none_and_a_view_of_nobody_are_refused(client: Browser, asked: str) -> None:
    told = client.get(f"{PACT}?told=shipped&{asked}")
    assert told.status_code in (403, 422)
    assert RAW.findall(told.text) == []


def asked(two: Pair, path: str, **given: str) -> dict[str, Any]:
    told = Program(two.seoul, "kim").get(f"{PACT}{path}", params={"told": "shipped", **given})
    assert told.status_code == 200, told.text
    return dict(told.json())


def test_a_program_is_told_the_same(two: Pair) -> None:
    told = asked(two, "/history", at="2019-08-23", view="JPN")
    assert (told["states"], told["certain"]) == (["notice-given"], True)
    assert told["lawful"] == ["provide", "protect", "instruments"]
    assert told["notice"]["was"] == "timely"
    assert [one["event"] for one in told["why"]][-1] == "termination-note"
    assert {one["sort"] for one in told["without_effect"]} == {"home", "beside"}
    heard = asked(two, "/history", at="2019-08-23", known="2019-08-22")
    assert (heard["states"], "notice" in heard) == (["in-force"], False)
    told = asked(two, "/history", at="2012-04-10")
    assert (told["states"], told["certain"]) == (["negotiation", "initialled"], False)


def test_the_states_through_time_have_no_gap_and_agree_with_the_state_at_each_date(
    two: Pair,
) -> None:
    for view in asked(two, "/timeline")["views"]:
        spans = view["spans"]
        for one, after in pairwise(spans):
            assert one["ends"] == after["begins"]
            assert one["states"] != after["states"]
            for at in (one["begins"], plus_seconds(one["ends"], -0.001)):
                told = asked(two, "/history", at=at, view=view["party"])
                assert told["states"] == one["states"], at


def test_a_program_sees_the_step_that_was_skipped(two: Pair) -> None:
    told = asked(two, "/procedure")["procedures"]
    (korea,) = (one for one in told if one["party"] == "KOR")
    first, second = korea["attempts"]
    assert (first["regular"], second["regular"]) == (False, True)
    marks = {one["step"]: one["mark"] for one in first["steps"]}
    assert (marks["vice-ministers"], marks["cabinet"]) == ("skipped", "done")


def test_a_pact_is_found_by_the_digest_of_its_text_too(two: Pair) -> None:
    program = Program(two.seoul, "kim")
    told = program.get(f"/pact/{two.text}/history")
    assert told.json() == program.get(f"{PACT}/history").json()
    assert told.json()["told"] == "book"


@pytest.mark.parametrize("lang", TONGUES)
def test_articles_and_versions_compared_read_in_every_language(two: Pair, lang: str) -> None:
    client = signed_in(two.seoul, "kim")
    for path in ("/articles", "/compare", "/articles?version=2012"):
        page = client.get(f"{PACT}{path}", params={"lang": lang} if "?" not in path else None)
        assert page.status_code == 200
        assert RAW.findall(re.sub(r"<code>.*?</code>", "", page.text)) == []


def test_each_article_says_what_it_is_now(two: Pair) -> None:
    program = Program(two.seoul, "kim")
    told = program.get(PACT).json()
    states = {one["number"]: one["state"] for one in told["articles"]}
    assert (states["1"], states["17"], states["5"]) == ("in-force", "in-force", "words")
    draft = program.get(PACT, params={"version": "2012"}).json()
    assert {one["state"] for one in draft["articles"]} == {"text", "words"}
    assert len(told["versions"]) == 2
    page = signed_in(two.seoul, "kim").get(f"{PACT}/articles").text
    assert 'id="article-17"' in page
    assert "in force" in words(page)


def test_a_text_that_rests_on_others_says_what_those_are(two: Pair) -> None:
    told = Program(two.seoul, "kim").get("/pact/TISA").json()
    assert {one["id"]: one["standing"] for one in told["parents"]} == {
        "USA-KOR-GSOMIA": "unknown",
        "USA-JPN-GSOMIA": "unknown",
    }


def test_versions_are_compared_by_meaning(two: Pair) -> None:
    program = Program(two.seoul, "kim")
    told = program.get(f"{PACT}/compare", params={"old": "2012", "new": "2016"}).json()
    four = next(one for one in told["articles"] if one["article"] == "4")
    found = {(one["effect"], tuple(one["where"].get("level", ()))) for one in four["changes"]}
    assert ("wider", ("JPN:tokutei-himitsu",)) in found
    assert ("narrower", ("JPN:boei-himitsu",)) in found
    page = words(signed_in(two.seoul, "kim").get(f"{PACT}/compare?old=2012&new=2016").text)
    assert "Wider; no longer in the way" in page
    assert "特定秘密" in page
    # A clause that only the new text has is told in plain words.
    assert "New clause" in page
    # What a clause says otherwise is told in plain words too, and what is due at once says so.
    assert "Then it says : What a receipt differs in" in page
    assert "So far it says : The custodian of the addressed office counts" in page
    assert "at once" in page
    assert "within 0" not in page
    back = words(signed_in(two.seoul, "kim").get(f"{PACT}/compare?old=2016&new=2012").text)
    assert "Clause no longer there" in back
    same = program.get(f"{PACT}/compare", params={"old": "2016", "new": "2016"}).json()
    assert same["articles"] == []
    assert program.get(f"{PACT}/compare", params={"old": "1999"}).status_code == 404
