"""Where an item went on from its first recipient: on the page, by the API, at the command line."""

from comity.cli.words import result_lines
from comity.node import views
from tests.console.test_custody import signed_in
from tests.console.test_keeping import main
from tests.scenarios.test_onward import approved, made, pass_on, received
from tests.support.pair import KOR
from tests.support.programs import Program


def test_the_timeline_says_to_whom_an_item_went_on() -> None:
    houses = made()
    item = received(houses)
    approved(houses, item)
    pass_on(houses, item)
    houses.carry()
    seoul = houses.nodes[KOR]
    page = main(signed_in(seoul, "kim").get(f"/register/{item.reference}?lang=en").text)
    timeline = page.partition('<ol class="timeline')[2].partition("</ol>")[0]
    assert timeline.count("→ the United States") == 1
    told = Program(seoul, "kim").get(f"/register/{item.reference}/timeline").json()["items"]
    went = {one["kind"]: one["third_party"] for one in told}
    assert went.pop("release.onward-released") == "USA"
    assert set(went.values()) == {""}
    with seoul.store.reading() as tx:
        shown = views.item_life(tx, item, house=KOR, now=seoul.clock.now())
    said = "\n".join(result_lines("register.show", shown, "en"))
    assert said.count("JPN/DIH → USA") == 1
