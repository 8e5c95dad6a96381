"""The network page: the picture, routes with their articles, and what if a text had ended."""

import re
from xml.etree import ElementTree as ET

import pytest

from comity.vocabulary.names import Party
from tests.console.test_console import signed_in
from tests.support.pair import Pair, conclude, enrol, pair
from tests.support.programs import Program

TABS = r'<li><a href="(/pact/[^"]+)"'


@pytest.fixture(scope="module")
def two() -> Pair:
    found = pair()
    enrol(found)
    conclude(found)
    return found


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_the_page_draws_the_web_and_names_the_way(two: Pair, lang: str) -> None:
    client = signed_in(two.seoul, "kim")
    answer = client.get(f"/network?origin=KOR&level=KOR:mil-2&subject=dprk&to=JPN&lang={lang}")
    assert f'<html lang="{lang}"' in answer.text
    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert "KOR-JPN-GSOMIA 2016" in answer.text
    assert "極秘" in answer.text
    assert re.search(r"\b(?:network|console\.page|standing)\.[a-z]", answer.text) is None


def test_as_if_the_pact_had_ended_tokyo_is_reached_by_washington_with_consent(two: Pair) -> None:
    client = signed_in(two.seoul, "kim")
    asked = "/network?origin=KOR&level=KOR:mil-2&subject=dprk&to=JPN"
    direct = client.get(asked).text
    assert "<li>Korea → Japan · <span>KOR-JPN-GSOMIA 2016" in direct
    left = client.get(f"{asked}&without=KOR-JPN-GSOMIA").text
    assert "<li>Korea → Japan" not in left
    assert "<li>the United States → Japan · <span>USA-JPN-GSOMIA 2007" in left
    assert "with the prior consent of Korea" in left


def test_as_if_a_parent_had_ended_the_overlay_leads_nowhere_either(two: Pair) -> None:
    client, program = signed_in(two.seoul, "kim"), Program(two.seoul, "kim")
    asked = {"origin": "KOR", "level": "KOR:mil-2", "subject": "dprk.missile", "to": "USA"}
    first = "<li>Korea → the United States · <span>TISA 2014"
    assert first in client.get("/network", params=asked).text
    ended = asked | {"without": "USA-KOR-GSOMIA"}
    assert first not in client.get("/network", params=ended).text
    told = program.get("/network/routes", params={k: ended[k] for k in ended if k != "origin"})
    under = {hop["agreement"] for r in told.json()["routes"] for hop in r["hops"][:1]}
    assert under == {"KOR-JPN-GSOMIA 2016"}


def test_a_level_that_nobody_may_be_given_reaches_nobody(two: Pair) -> None:
    client = signed_in(two.seoul, "kim")
    page = client.get("/network?origin=JPN&level=JPN:chui&subject=dprk").text
    assert "JPN:chui" in page
    assert 'class="hops"' not in page


def test_what_no_text_knows_is_taken_as_not_asked(two: Pair) -> None:
    client = signed_in(two.seoul, "kim")
    answer = client.get("/network?origin=%3Cb%3E&level=ZZZ:none&subject=../x&to=QQQ&without=no")
    assert answer.status_code == 200
    assert "<b>" not in answer.text.replace("<b>", "", 0).split("<main", 1)[1]


def test_today_sends_nobody_who_is_at_a_console_to_a_terminal(two: Pair) -> None:
    page = signed_in(two.seoul, "park").get("/?lang=en").text
    assert "A desk officer begins one under Release." in page
    assert "comity release" not in page


def test_as_if_a_text_were_in_force_too(two: Pair) -> None:
    client = signed_in(two.seoul, "kim")
    asked = "/network?origin=KOR&level=KOR:mil-2&subject=dprk"
    page = client.get(f"{asked}&joined=KOR-JPN-ACSA@2012").text
    assert "taken as in force too" in page
    assert "KOR-JPN-ACSA 2012</text>" in page
    assert "taken as in force too" not in client.get(f"{asked}&joined=NO-SUCH@1").text


def test_the_answer_goes_away_as_text_as_data_and_as_a_drawing(two: Pair) -> None:
    client, program = signed_in(two.seoul, "kim"), Program(two.seoul, "kim")
    asked = {"origin": "KOR", "level": "KOR:mil-2", "subject": "dprk", "without": "KOR-JPN-GSOMIA"}
    text = client.get("/network/as/txt", params=asked | {"to": "JPN"})
    assert "Korea → the United States" in text.text
    assert "with the prior consent of Korea" in text.text
    assert "attachment" in text.headers["content-disposition"]
    data = client.get("/network/as/json", params=asked | {"to": "JPN"}).json()
    assert {one["to"] for one in data["routes"]} == {"JPN"}
    drawing = client.get("/network/as/svg", params=asked)
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    root = ET.fromstring(drawing.content)  # noqa: S314 - made here
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert program.get("/network/drawing", params=asked).content == drawing.content
    assert program.get("/network/told", params=asked | {"to": "JPN"}).content == text.content
    told = program.get(
        "/network/routes",
        params={"level": "KOR:mil-2", "subject": "dprk", "to": "JPN", "without": "KOR-JPN-GSOMIA"},
    )
    assert told.json() == data


def test_what_if_by_a_program(two: Pair) -> None:
    program = Program(two.seoul, "kim")
    texts = program.get("/network").json()["items"]
    assert {one["id"]: one["hubs"] for one in texts if one["hubs"]} == {
        "TISA": ["USA"],
        "TRILATERAL-WARNING": ["USA"],
    }
    thing = {"level": "KOR:mil-2", "subject": "dprk"}
    assert program.get("/network/reach", params=thing | {"joined": "X@1"}).status_code == 404
    both = thing | {"joined": "KOR-JPN-GSOMIA@2012"}
    found = program.get("/network/reach", params=both).json()["routes"]
    assert any("KOR-JPN-GSOMIA 2012" in hop["agreement"] for one in found for hop in one["hops"])


def test_a_purpose_or_a_form_that_the_texts_do_not_serve_finds_another_way_or_none(
    two: Pair,
) -> None:
    client = signed_in(two.seoul, "kim")
    asked = "/network?origin=KOR&level=KOR:mil-2&subject=dprk&to=JPN"
    direct = "<li>Korea → Japan · <span>KOR-JPN-GSOMIA 2016"
    page = client.get(f"{asked}&purpose=defence&form=documentary").text
    assert direct in page
    assert '<option value="defence" selected data-said>defence</option>' in page
    other = client.get(f"{asked}&purpose=defence.missile-warning").text
    assert "selected data-said>missile warning · defence.missile-warning</option>" in other
    assert direct not in client.get(f"{asked}&purpose=analysis&joined=FIU-AA-FIU-BB@1").text


@pytest.mark.parametrize("house", ["KOR", "JPN"])
def test_no_page_of_a_text_that_the_network_names_leads_nowhere(two: Pair, house: str) -> None:
    client = signed_in(two.nodes[Party(house)], {"KOR": "kim", "JPN": "sato"}[house])
    texts = set(re.findall(r'href="(/pact/[^"#]+)"', client.get("/network").text))
    tabs = {one for text in texts for one in re.findall(TABS, client.get(text).text)}
    assert {f"/pact/USA-KOR-GSOMIA/{one}" for one in ("articles", "compare")} <= tabs
    dead = {one for one in texts | tabs if client.get(one).status_code != 200}
    assert dead == set()
    # Of a pact that only ships, neither the books nor a chronicle tell a history.
    assert "/pact/KOR-JPN-GSOMIA" in tabs
    assert "/pact/USA-KOR-GSOMIA" not in tabs
