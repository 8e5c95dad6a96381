"""The third house in a real browser: what came through Tokyo, and what went on from there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from comity.node import requests
from comity.vocabulary.names import Office, PersonId, Purpose, Subject
from tests.browser.conftest import Served, consoles, in_full
from tests.browser.test_pages import kept, looked_at, windows_of
from tests.scenarios.test_onward import approved, find, pass_on, received
from tests.support.pair import JPN, KOR, USA, entitle, give
from tests.support.three import three

WALKS = {
    (USA, "clark"): ("/", "/register", "ITEM", "/pact", "/network", "/ledger"),
    (USA, "adams"): ("/", "/register", "ITEM", "/requests"),
    (JPN, "sato"): ("GONE", "/consents"),
}


@pytest.fixture(scope="module")
def washington() -> Iterator[tuple[Served, dict[str, str]]]:
    """Three houses of which two are served; an item of Seoul's went on to the third."""
    houses = three()
    in_full(*houses.nodes.values())
    entitle(houses.nodes[JPN], "sato", level="JPN:tokutei-himitsu", subject="dprk.missile")
    item = received(houses)
    approved(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    node = houses.nodes[USA]
    got = find(node, JPN, entered)
    give(node, got, "adams", level="USA:secret", subject="dprk.missile", officer="clark")
    requests.ask(
        node,
        requests.Wanted(
            to=KOR,
            offices=(Office("KOR/KDIA"),),
            subject=Subject("dprk.missile"),
            purpose=Purpose("defence.missile-warning"),
            title="Launches from the north-east site",
            lines=("Whatever was observed since the spring.",),
        ),
        officer=PersonId("adams"),
    )
    houses.carry()
    names = {"ITEM": f"/register/{got.reference}", "GONE": f"/register/{item.reference}"}
    with consoles(houses.nodes[USA], houses.nodes[JPN]) as at:
        yield Served(houses, at, got.reference, item.reference), names  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def window(chromium: Any, washington: Any) -> Iterator[Callable[[str, str, str], Any]]:
    yield from windows_of(chromium, washington[0])


PLACES = [
    pytest.param(party, person, name, id=f"{person}-{name.strip('/') or 'today'}")
    for (party, person), names in WALKS.items()
    for name in names
]


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize(("party", "person", "name"), PLACES)
def test_its_pages_are_well_set_and_accessible(  # noqa: PLR0913
    window: Any, washington: Any, axe: str, party: str, person: str, name: str, lang: str
) -> None:
    served, names = washington
    page = window(party, person, lang)
    looked_at(page, served.at[party] + names.get(name, name), axe, lang)
    kept(page, party, person, f"three-{name}", lang)


def test_both_names_stand_on_what_came_through_another(window: Any, washington: Any) -> None:
    served, names = washington
    page = window(USA, "adams", "en")
    page.goto(served.at[USA] + names["ITEM"])
    told = page.locator("main").inner_text()
    assert "Japan → the United States" in told
    assert "Originator\nRepublic of Korea" in told
    assert "It came through Japan. Only Korea decides" in told
    # Nothing is offered here that could only be refused: one hop (decision 0035).
    assert page.locator('a[href^="/onward/"], a[href^="/consents/new"]').count() == 0
    # In Tokyo both can be done, and the page of consents says to whom it may go.
    page = window(JPN, "sato", "en")
    page.goto(served.at[JPN] + names["GONE"])
    assert page.locator('a[href^="/onward/"], a[href^="/consents/new"]').count() == 2
    page.goto(f"{served.at[JPN]}/consents")
    assert "the United States" in page.locator("main").inner_text()


def test_a_form_that_is_pressed_twice_is_sent_once(window: Any, washington: Any) -> None:
    served, _ = washington
    page = window(JPN, "sato", "en")
    page.goto(f"{served.at[JPN]}/requests/new?to=KOR")
    page.locator('input[name="offices"]').first.check()
    page.fill("#title", "Pressed twice")
    page.fill("#subject", "dprk.missile")
    page.fill("#purpose", "defence.missile-warning")
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    # Pressed once more while the answer is on its way, which takes a node a moment.
    page.evaluate(
        """() => {
            const button = document.querySelector("main form button.main");
            button.form.requestSubmit(button);
            setTimeout(() => button.form.requestSubmit(button), 3);
        }"""
    )
    page.wait_for_url("**/requests")
    assert len(sent) == 1
    assert page.locator("main").inner_text().count("Pressed twice") == 1
