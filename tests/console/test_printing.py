"""Sheets by the API and by the console are the same sheets, in the language asked for."""

import io
import re

import pytest
from pypdf import PdfReader

from comity.acts.deeds import Role
from comity.console import sessions
from comity.node import receiving
from comity.printing import data, render
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import Level, PersonId
from tests.scenarios.test_paper import CHOI, HAN, agreed, assured, handed, released
from tests.support.browser import Browser
from tests.support.fast_suite import FAST
from tests.support.pair import KOR, Pair, pair
from tests.support.programs import Program

try:
    render.font_folder()
except Unavailable:
    pytest.skip("no Noto CJK fonts here", allow_module_level=True)


@pytest.fixture(scope="module")
def two() -> Pair:
    houses = pair(suite=FAST)
    agreed(houses)
    assured(houses)
    return houses


@pytest.fixture(scope="module")
def given(two: Pair) -> ItemOf:
    return released(two)


def signed_in(two: Pair, person: str) -> Browser:
    client = Browser(two.seoul)
    client.get(f"/enter/{sessions.make_link(two.seoul, PersonId(person))}")
    return client


def words(raw: bytes) -> str:
    return "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(raw)).pages)


def said(code: str, lang: str) -> str:
    return "".join(data.say(code, lang).split())


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ("sheet=cover", "print.addressee-only"),
        ("sheet=receipt", "print.receipt.document"),
        ("sheet=receipt&stage=package", "print.receipt.package"),
        ("sheet=certificate", "print.certificate"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_a_sheet_is_printed_in_each_language(
    two: Pair, given: ItemOf, sheet: str, code: str, lang: str
) -> None:
    choi = Program(two.seoul, "choi")
    told = choi.get(f"/register/{given.reference}/print?{sheet}&lang={lang}")
    assert told.status_code == 200, told.text
    assert told.headers["content-type"] == "application/pdf"
    assert said(code, lang) in words(told.content)
    assert given.reference in words(told.content)


def test_the_item_page_offers_what_the_api_prints(two: Pair, given: ItemOf) -> None:
    page = signed_in(two, "choi").get(f"/register/{given.reference}").text
    offered = re.findall(r'href="(/print/[^"]+)"', page)
    assert len(offered) == 5 * 3
    for address in offered[::4]:
        told = signed_in(two, "choi").get(address.replace("&amp;", "&"))
        assert told.status_code == 200
        assert told.content.startswith(b"%PDF-")


def test_the_muster_sheet_is_the_registrys(two: Pair) -> None:
    item = handed(two, "情電第9号")
    receiving.register(two.seoul, item, officer=CHOI)
    receiving.re_mark(two.seoul, item, level=Level("KOR:mil-2"), officer=CHOI)
    told = Program(two.seoul, "choi").get("/muster?lang=ja")
    assert said("print.muster", "ja") in words(told.content)
    assert Program(two.seoul, "choi").get("/muster?only=KOR/NONE").status_code == 403
    nowhere = Program(two.seoul, "kim").get("/nowhere")
    assert Program(two.seoul, "kim").get("/muster").content == nowhere.content


def test_a_certificate_tells_what_the_register_says_was_destroyed(two: Pair) -> None:
    item = handed(two, "情電第10号")
    receiving.register(two.seoul, item, officer=CHOI)
    receiving.re_mark(two.seoul, item, level=Level("KOR:mil-2"), officer=CHOI)
    receiving.receipt(two.seoul, item, custodian=HAN)
    choi = Program(two.seoul, "choi")
    sheet = f"/register/{item.reference}/print?sheet=certificate&lang=en"
    assert "pulped" in words(choi.get(sheet).content)  # a box to tick among five
    told = choi.post(
        f"/register/{item.reference}/register-destroy",
        {"copy": 1, "method": "burn", "witnesses": 2, "emergency": False},
    )
    assert told.status_code == 200, told.text
    printed = words(choi.get(sheet).content)
    assert "burnt" in printed
    assert "pulped" not in printed
    for secret in ("군사", "SECRET", "dprk"):
        assert secret not in printed


def test_who_may_not_know_of_an_item_prints_nothing_of_it(two: Pair, given: ItemOf) -> None:
    from comity.node import people
    from comity.vocabulary.names import Office
    from tests.support.pair import ADMIN

    people.add_person(
        two.seoul,
        PersonId("oh"),
        name="oh",
        office=Office("KOR/MND"),
        roles=(Role.OFFICIAL,),
        key=None,
        actor=ADMIN,
    )
    oh = Program(two.seoul, "oh")
    real = oh.get(f"/register/{given.reference}/print?sheet=cover")
    never = oh.get("/register/KOR-2026-0000000000/print?sheet=cover")
    assert (real.status_code, real.content) == (404, never.content)
    assert two.seoul.party == KOR
