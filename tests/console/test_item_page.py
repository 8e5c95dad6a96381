"""An item's page and its resource: every act with its article, and what was refused at home."""

import re

import pytest

from comity.acts.deeds import Release
from comity.register.rows import Copy
from tests.console.test_custody import crossed, signed_in
from tests.console.test_keeping import main
from tests.scenarios.test_onward import approved, made, pass_on, received
from tests.support.pair import JPN, KOR, Pair, entitle
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


def test_lines_of_approvals_say_for_what_and_an_onward_item_and_its_origin_name_each_other() -> (
    None
):
    houses = made()
    item = received(houses)
    asked = approved(houses, item)
    went = pass_on(houses, item).entry.deed
    assert isinstance(went, Release)
    tokyo = houses.nodes[JPN]
    sato = signed_in(tokyo, "sato")
    page = sato.get(f"/register/{item.reference}?lang=en").text
    said = [one for one in timeline(page) if one.startswith(("approval asked", "approval granted"))]
    assert len(said) == 2
    assert all("third party: the United States · 1 " in one for one in said)
    assert f'href="/register/{went.item.reference}"' in main(page)
    # Who lays a release before the authority may know of it; who opened the origin, too.
    onward = sato.get(f"/register/{went.item.reference}?lang=en").text
    assert f'href="/register/{item.reference}"' in main(onward)
    assert sato.get(re.findall(r'href="(/consents/[^"]+)"', main(onward))[0]).status_code == 200
    told = Program(tokyo, "sato").get(f"/register/{went.item.reference}").json()
    assert told["came_from"] == item.reference
    assert len(told["consents"]) == 1
    # Who decides on releases knows of what leaves, and not of what was received.
    tanaka = Program(tokyo, "tanaka")
    assert tanaka.get(f"/register/{item.reference}").status_code == 404
    seen = tanaka.get(f"/register/{went.item.reference}").json()
    assert (seen["came_from"], seen["consents"]) == ("", [])
    # At the originator's the terms of what it granted stand, too.
    kept = Program(houses.nodes[KOR], "park").get(f"/register/{item.reference}/timeline").json()
    terms = {one["kind"]: one["terms"] for one in kept["items"] if one["terms"]}
    assert set(terms) == {"consent.ask", "consent.grant"}
    assert {one["what"] for one in terms.values()} == {"USA"}
    assert asked


def test_who_may_is_told_to_the_registry_and_to_nobody_else(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    suzuki = signed_in(two.tokyo, "suzuki")
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject="dprk.missile")
    entitle(two.tokyo, "sato", level="JPN:gokuhi", subject=None)
    entitle(two.tokyo, "minister-jpn", level="JPN:gokuhi", subject="dprk.missile")
    registry = Program(two.tokyo, "suzuki")
    (abe,) = registry.get(place).json()["entitled"]
    assert (abe["person"], abe["assigned"]) == ("abe", False)
    assert [one["what"] for one in abe["cleared"]] == ["JPN:gokuhi"]
    assert [one["what"] for one in abe["needs"]] == ["dprk.missile"]
    page = main(suzuki.get(f"{place}?lang=en").text)
    assert "may be given it" in page
    suzuki.post(f"{place}/assign", {"person": "abe"})
    assert [one["assigned"] for one in registry.get(place).json()["entitled"]] == [True]
    assert Program(two.tokyo, "abe").get(place).json()["entitled"] == []
    assert "Who may" not in main(signed_in(two.tokyo, "abe").get(f"{place}?lang=en").text)
    # Of what went out, the offices that it went to answer.
    out = main(signed_in(two.seoul, "park").get(f"{place}?lang=en").text)
    assert "JPN/DIH" in out.partition("Who may")[2].partition("</section>")[0]


def test_a_copy_that_came_and_was_not_receipted_for_is_said_to_have_arrived(
    crossed: tuple[Pair, str],
) -> None:
    two, place = crossed
    suzuki, registry = signed_in(two.tokyo, "suzuki"), Program(two.tokyo, "suzuki")
    assert registry.get(place).json()["item"]["copies"][0]["state"] == "in-transit"
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    assert registry.get(place).json()["item"]["copies"][0]["state"] == "arrived"
    assert "arrived, not receipted for" in main(suzuki.get(f"{place}?lang=en").text)
    with two.tokyo.store.reading() as tx:
        assert [one.state for one in tx.page(Copy)] == ["in-transit"]
    # The provider has no word of it yet.
    there = Program(two.seoul, "park").get(place).json()
    assert there["item"]["copies"][0]["state"] == "in-transit"
    counted = {"stage": "document", "copy": "1", "pages": "4", "annexes": "0"}
    signed_in(two.tokyo, "ito").post(f"{place}/receipt", counted)
    assert registry.get(place).json()["item"]["copies"][0]["state"] == "held"


def test_the_title_heads_the_page_of_who_may_read_the_item(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    head = signed_in(two.seoul, "park").get(place).text
    assert re.search(r"<h1><span data-said>Launch assessment</span> <span", head)
    assert "Launch assessment" not in signed_in(two.tokyo, "suzuki").get(place).text
    # It was not opened for that.
    assert Program(two.seoul, "park").get(place).json()["read_by"] == []
