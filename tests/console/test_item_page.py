"""An item's page and its resource: every act with its article, and what was refused at home."""

import re

import pytest

from tests.console.test_custody import crossed, signed_in
from tests.console.test_keeping import main
from tests.support.pair import Pair, entitle
from tests.support.programs import Program

__all__ = ["crossed"]


def timeline(page: str) -> list[str]:
    """Return the lines of the timeline as they are read, without markup."""
    part = main(page).partition('<ol class="timeline')[2].partition("</ol>")[0]
    lines = part.split("<li")[1:]
    return [" ".join(re.sub("<[^>]*>", " ", one.partition(">")[2]).split()) for one in lines]


def test_each_act_of_an_items_life_has_its_article(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    suzuki = signed_in(two.tokyo, "suzuki")
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    told = Program(two.tokyo, "suzuki").get(f"{place}/timeline").json()["items"]
    assert {one["kind"]: one["article"] for one in told} == {
        "release.release": "1",
        "register.register": "6(f)",
        "register.re-mark": "4",
    }
    assert all("Article" in one for one in timeline(suzuki.get(f"{place}?lang=en").text))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("act refused at home: assigned", "Article 7 KOR-JPN-GSOMIA", "dprk.missile")),
        ("ko", ("배정", "제7조", "dprk.missile")),
        ("ja", ("割当て", "第7条", "dprk.missile")),
    ],
)
def test_a_refusal_at_home_says_what_was_refused_and_why(
    crossed: tuple[Pair, str], lang: str, said: tuple[str, ...]
) -> None:
    two, place = crossed
    suzuki = signed_in(two.tokyo, "suzuki")
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject=None)
    assert suzuki.post(f"{place}/assign", {"person": "abe"}).status_code == 403
    lines = timeline(suzuki.get(f"{place}?lang={lang}").text)
    assert any(all(one in line for one in said) for line in lines), lines
    (told,) = (
        one
        for one in Program(two.tokyo, "suzuki").get(f"{place}/timeline").json()["items"]
        if one["kind"] == "journal.refuse"
    )
    assert (told["tried"], told["article"]) == ("register.assign", "7")
    assert told["code"] == "access.rank-never-suffices"
    assert told["why"]
