"""Where an item went on from its first recipient: on the page, by the API, at the command line."""

from comity.cli.words import result_lines
from comity.node import receiving, views
from tests.console.test_custody import signed_in
from tests.console.test_keeping import main
from tests.scenarios.test_onward import approved, made, pass_on, received
from tests.support.pair import JPN, KOR, USA
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
    # Told under the article on third parties, and not under that on what outlives the text.
    assert "Article 6(a)" in timeline.partition("→ the United States")[2].partition("</li>")[0]
    told = Program(seoul, "kim").get(f"/register/{item.reference}/timeline").json()["items"]
    went = {one["kind"]: one["third_party"] for one in told}
    assert went.pop("release.onward-released") == "USA"
    assert set(went.values()) == {""}
    with seoul.store.reading() as tx:
        shown = views.item_life(tx, item, house=KOR, now=seoul.clock.now())
    said = "\n".join(result_lines("register.show", shown, "en"))
    assert said.count("JPN/DIH → USA") == 1


def test_what_the_third_party_refused_is_told_to_people_wherever_it_stands() -> None:
    houses = made(links=((KOR, JPN), (USA, JPN)))
    tokyo, item = houses.nodes[JPN], received(houses)
    approved(houses, item)
    entered = pass_on(houses, item)
    houses.carry()
    houses.clock.turn(40 * 86400)
    number = entered.entry.deed.item.reference
    browser = signed_in(tokyo, "sato")
    page = main(browser.get(f"/register/{number}?lang=en").text)
    assert "the United States refused it: it has no effect there" in page
    assert "Enrol the originator there first" in page
    assert "in transit" not in page
    # A receipt that cannot come is waited for by nobody: it is never overdue.
    today = main(browser.get("/?lang=en").text)
    row = today.partition(f'href="/register/{number}"')[2].partition("</tr>")[0]
    assert "refused there" in row
    assert "overdue" not in row
    assert "refused there" in main(browser.get("/register?lang=en&direction=out").text)
    api = Program(tokyo, "sato")
    owed = [one for one in api.get("/duties").json()["items"] if one["reference"] == number]
    assert [(one["refused"], one["overdue"]) for one in owed] == [(True, False)]
    with tokyo.store.reading() as tx:
        row_of = receiving.find_item(tx, JPN, number)
        shown = views.item_life(tx, row_of, house=JPN, now=tokyo.clock.now())
        states = {one["about"]: one["state"] for one in views.duties(tx, tokyo.clock.now())}
    assert states[row_of.key] == "refused"
    said = "\n".join(result_lines("register.show", shown, "en"))
    assert "refused it: it has no effect there" in said
    assert "Enrol the originator there first" in said
