"""The registry's own acts in the browser's way: each refused with its article where it must be."""

import re

import pytest

from comity.console import sessions
from comity.node import deciding, releases
from comity.node.node import Node
from comity.register.rows import Assignment, Holding, ItemOf, ReceiptOf
from comity.vocabulary.names import PersonId
from tests.browser.conftest import wish
from tests.support.browser import Browser
from tests.support.pair import Pair, entitle, under_the_pact


def signed_in(node: Node, person: str) -> Browser:
    client = Browser(node)
    assert client.get(f"/enter/{sessions.make_link(node, PersonId(person))}").status_code == 303
    return client


@pytest.fixture
def crossed() -> tuple[Pair, str]:
    two = under_the_pact()
    series = wish("Launch assessment", "dprk.missile.launch", "KOR:mil-2", 4)
    laid = releases.lay_before(two.seoul, series, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))
    two.carry()
    return two, f"/register/{entered[0].entry.deed.item.reference}"


def refusal(page: str) -> str:
    return page.split('role="alert"')[1].split("</div>", maxsplit=1)[0]


def test_an_item_is_numbered_marked_assigned_and_receipted(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    tokyo = two.tokyo
    suzuki, mori, ito = (signed_in(tokyo, one) for one in ("suzuki", "mori", "ito"))
    assert suzuki.post(f"{place}/number").status_code == 303
    assert suzuki.post(f"{place}/number").status_code == 403
    special = "JPN:tokutei-himitsu|JPN:tokutei-himitsu"
    early = suzuki.post(f"{place}/mark", {"level": special})
    assert early.status_code == 403
    assert "Article 4" in refusal(early.text)
    told = mori.post(f"{place}/designate", {"level": special, "until": "2027-11-23"})
    assert told.status_code == 303, told.text
    assert suzuki.post(f"{place}/mark", {"level": special}).status_code == 303
    entitle(tokyo, "abe", level="JPN:tokutei-himitsu", subject="dprk.missile")
    assert suzuki.post(f"{place}/assign", {"person": "abe"}).status_code == 303
    counted = {"stage": "document", "copy": "1", "pages": "4", "annexes": "0"}
    assert ito.post(f"{place}/receipt", counted).status_code == 303
    two.carry()
    with tokyo.store.reading() as tx:
        (item,) = tx.page(ItemOf)
        held = tx.get(Holding, item.key)
        (signed,) = tx.within(ReceiptOf, item.key)
    assert held is not None
    assert held.level == "JPN:tokutei-himitsu"
    assert (signed.stage, signed.reserve) == ("document", ())
    # What is done is offered no more.
    assert f"{place}/receipt" not in ito.get(place).text
    assert f"{place}/number" not in suzuki.get(place).text


def test_a_minister_is_refused_by_rank_and_his_name_is_kept(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    suzuki = signed_in(two.tokyo, "suzuki")
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    entitle(two.tokyo, "minister-jpn", level="JPN:gokuhi", subject=None)
    told = suzuki.post(f"{place}/assign", {"person": "minister-jpn"})
    assert told.status_code == 403
    said = refusal(told.text)
    assert "Article 7" in said
    assert "need-to-know" in said.lower() or "duties" in said
    assert re.search(r'value="minister-jpn" selected', told.text)
    with two.tokyo.store.reading() as tx:
        assert tx.page(Assignment) == ()
    minister = signed_in(two.tokyo, "minister-jpn")
    assert minister.get(place).content == minister.get("/nowhere").content
    assert minister.post(f"{place}/number").content == minister.post("/register/x/number").content


def test_a_need_to_know_is_the_remedy(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    suzuki = signed_in(two.tokyo, "suzuki")
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject=None)
    refused = suzuki.post(f"{place}/assign", {"person": "abe"})
    assert refused.status_code == 403
    assert 'href="#need"' in refusal(refused.text)
    form = {"person": "abe", "until": "2027-11-23"}
    for person in ("abe", "ito", "sato", "mori"):
        assert signed_in(two.tokyo, person).post(f"{place}/need", form).status_code in (403, 404)
    assert suzuki.post(f"{place}/need", form).status_code == 303
    assert suzuki.post(f"{place}/assign", {"person": "abe"}).status_code == 303


def test_a_receipt_says_what_was_counted(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    ito = signed_in(two.tokyo, "ito")
    counted = {"stage": "document", "copy": "1", "pages": "3", "annexes": "0"}
    early = ito.post(f"{place}/receipt", counted | {"reserve": "short"})
    assert early.status_code == 403
    suzuki = signed_in(two.tokyo, "suzuki")
    suzuki.post(f"{place}/number")
    suzuki.post(f"{place}/mark", {"level": "JPN:gokuhi|"})
    for wrong in ({"pages": ""}, {"pages": "-1"}, {"copy": "one"}, {"reserve": "lost"}):
        told = ito.post(f"{place}/receipt", counted | {"reserve": "short"} | wrong)
        assert told.status_code == 422, wrong
    assert suzuki.post(f"{place}/receipt", counted).status_code == 403
    assert ito.post(f"{place}/receipt", counted | {"reserve": "short"}).status_code == 303
    two.carry()
    assert "short" in signed_in(two.seoul, "park").get(place).text


def test_nobody_else_acts_on_an_item(crossed: tuple[Pair, str]) -> None:
    two, place = crossed
    for person in ("ito", "mori"):
        client = signed_in(two.tokyo, person)
        for act in ("number", "mark", "assign"):
            told = client.post(f"{place}/{act}", {"level": "JPN:gokuhi|", "person": "abe"})
            assert told.status_code == 403, (person, act)
    park = signed_in(two.seoul, "park")
    assert 'id="acts"' not in park.get(place).text
    with two.tokyo.store.reading() as tx:
        assert tx.page(Holding) == () or not tx.page(Holding)[0].number
