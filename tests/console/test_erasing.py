"""Words that are to be erased, in the browser's and a program's way."""

import pytest

from comity.node import requests
from comity.register.rows import ItemOf
from comity.vocabulary.names import Office, PersonId, Purpose, Subject
from tests.console.test_asking import signed_in, sole
from tests.scenarios.test_crossing import provide
from tests.support.pair import JPN, KOR, Pair, under_the_pact
from tests.support.programs import Program

ERASED = "words erased by both parties under entry"


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


@pytest.fixture
def item(two: Pair) -> ItemOf:
    return provide(two)


def test_an_item_is_asked_for_and_agreed_to_on_its_page(two: Pair, item: ItemOf) -> None:
    page = f"/register/{item.reference}"
    suzuki, choi, park = (
        signed_in(two.nodes[party], who)
        for party, who in ((JPN, "suzuki"), (KOR, "choi"), (KOR, "park"))
    )
    assert "Ask to erase" in suzuki.get(page).text
    assert f'{page}/erase"' not in park.get(page).text
    assert suzuki.post(f"{page}/erase", {}).headers["location"] == page
    shown = suzuki.get(page).text
    assert "JPN/REGISTRY wants the words erased" in shown
    assert f'{page}/erase"' not in shown
    assert "waits for the other party" in suzuki.get("/").text
    two.carry()
    assert "waits for this house" in choi.get("/").text
    assert "Words to be erased" not in park.get("/").text
    assert "Launch assessment" in park.get("/register").text
    assert "Agree, and erase" in choi.get(page).text
    assert choi.post(f"{page}/erase", {}).status_code == 303
    assert "Words to be erased" not in choi.get("/").text
    for client in (choi, park):
        assert ERASED in client.get(page).text
        listed = client.get("/register").text
        assert ERASED in listed
        assert "Launch assessment" not in listed
    assert choi.post(f"{page}/erase", {}).status_code == 403


def test_a_request_is_asked_for_and_agreed_to_by_a_program(two: Pair) -> None:
    wanted = requests.Wanted(
        to=KOR,
        offices=(Office("KOR/KDIA"),),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        title="What of the launch",
    )
    requests.ask(two.tokyo, wanted, officer=PersonId("sato"))
    two.carry()
    suzuki, choi = Program(two.tokyo, "suzuki"), Program(two.seoul, "choi")
    place = f"/requests/{suzuki.get('/requests').json()['items'][0]['place']}"
    assert suzuki.post(f"{place}/erase", {}).json()["act"] == "link.erase-particulars"
    (waits,) = suzuki.get("/erasures").json()["items"]
    assert (waits["reference"], waits["by"], waits["ours"]) == ("", "JPN/REGISTRY", True)
    two.carry()
    (waits,) = choi.get("/erasures").json()["items"]
    assert waits["ours"] is False
    assert Program(two.seoul, "park").get("/erasures").status_code == 404
    assert choi.post(f"{place}/erase", {}).status_code == 200
    two.carry()
    for program in (suzuki, choi):
        said = program.get(place).json()
        assert (said["title"], said["lines"]) == ("", [])
        assert said["erased"].startswith("comity/KOR/to/JPN#")
        assert program.get("/erasures").json()["items"] == []
    page = signed_in(two.seoul, "choi")
    assert ERASED in page.get(sole(page, "/requests")).text
