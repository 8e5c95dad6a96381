"""The network page: the picture, routes with their articles, and what if a text had ended."""

import re

import pytest

from tests.console.test_console import signed_in
from tests.support.pair import Pair, conclude, enrol, pair


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
    answer = client.get("/network?origin=KOR&level=KOR:mil-2&subject=dprk&to=JPN")
    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert "KOR-JPN-GSOMIA 2016" in answer.text
    assert "極秘" in answer.text
    assert re.search(r"\b(?:network|console\.page|standing)\.[a-z]", answer.text) is None


def test_as_if_the_pact_had_ended_tokyo_is_reached_by_washington_with_consent(two: Pair) -> None:
    client = signed_in(two.seoul, "kim")
    asked = "/network?origin=KOR&level=KOR:mil-2&subject=dprk&to=JPN"
    direct = client.get(asked).text
    assert '<li>Korea → Japan · <span class="data">KOR-JPN-GSOMIA 2016' in direct
    left = client.get(f"{asked}&without=KOR-JPN-GSOMIA").text
    assert "<li>Korea → Japan" not in left
    assert '<li>the United States → Japan · <span class="data">USA-JPN-GSOMIA 2007' in left
    assert "with the prior consent of Korea" in left


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
