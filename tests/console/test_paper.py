"""A counterpart on paper by the console and by the API: entered as attested, never as signed."""

import re
from base64 import b64encode

import pytest

from comity.console import sessions
from comity.node import kept, people, receiving, treaty
from comity.node.node import Node
from comity.vocabulary.names import Article, Level, Office, PersonId
from tests.scenarios.test_paper import KEPT, MINISTER, MND, begin, join, released
from tests.support.browser import Browser
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, LATER, Pair, digest, gsomia, pair
from tests.support.programs import Program

SCAN = b"%PDF- a scanned letter"
PAPER = {"by": "JPN/MOD", "on": "2016-11-23", "number": "防防第7号"}
DAY = "2027-06-30"


def signed_in(node: Node, person: str) -> Browser:
    client = Browser(node)
    client.get(f"/enter/{sessions.make_link(node, PersonId(person))}")
    return client


@pytest.fixture
def two() -> Pair:
    """Seoul began to keep a log for Tokyo, proposed and signed."""
    houses = pair(suite=FAST)
    text = gsomia()
    houses.text = digest(text)
    begin(houses)
    treaty.propose(houses.seoul, text, to=JPN, by=MND, actor=MINISTER)
    treaty.sign(houses.seoul, houses.text, to=JPN, by=MND, actor=MINISTER)
    return houses


def put(client: Browser, path: str, fields: dict[str, object]) -> None:
    told = client.post(path, data=fields, files={"scan": ("letter.pdf", SCAN, "application/pdf")})
    assert (told.status_code, told.headers.get("location")) == (303, "/paper/JPN"), told.text


def agreed(two: Pair) -> Browser:
    """The console's way into force: signature, notification and word of Tokyo, from paper."""
    choi = signed_in(two.seoul, "choi")
    put(choi, "/paper/JPN/new?act=treaty.sign", PAPER | {"act": "treaty.sign", "text": two.text})
    treaty.notify(two.seoul, two.text, to=JPN, by=MND, actor=MINISTER)
    act = "treaty.notify-requirements-met"
    put(choi, f"/paper/JPN/new?act={act}", PAPER | {"act": act, "text": two.text})
    treaty.notify_authorities(two.seoul, to=JPN, by=MND, actor=MINISTER)
    word = {"offices": "JPN/DIH", "level": "JPN:gokuhi", "until": DAY, "by": "JPN/DIH"}
    word |= dict.fromkeys(("cleared", "needed", "protected"), "yes")
    act = "people.assure"
    put(choi, f"/paper/JPN/new?act={act}", PAPER | word | {"act": act})
    people.assure(
        two.seoul,
        JPN,
        agreement=two.text,
        article=Article("7(5)"),
        offices=(Office("KOR/KDIA"),),
        level=Level("KOR:mil-2"),
        until=LATER,
        by=Office("KOR/KDIA"),
        actor=MINISTER,
    )
    return choi


def test_from_the_signature_to_the_receipt_in_the_browser(two: Pair) -> None:
    choi = agreed(two)
    # The desk finds the counterpart among its recipients, with the offices of its note.
    kim = signed_in(two.seoul, "kim")
    assert 'value="JPN"' in kim.get("/release").text
    item = released(two)
    receipt = {"act": "delivery.receipt", "item": item.reference, "stage": "document"}
    receipt |= {"copy": "1", "pages": "4", "annexes": "0", "by": "JPN/DIH", "number": "情受第12号"}
    put(choi, "/paper/JPN/new?act=delivery.receipt", PAPER | receipt)
    page = choi.get("/paper/JPN").text
    assert "情受第12号" in page
    assert "not signed by Japan" in page
    # The note that began the log, two of the pact, the word, the receipt: attested, each of them.
    assert page.count("attested, not cosigned") == 5
    assert ">cosigned<" not in page
    (first, *_) = re.findall(r'href="(/paper/JPN/\d+/scan)"', page)
    assert choi.get("/paper/JPN/4/scan").content == SCAN
    assert first == "/paper/JPN/0/scan"
    assert "情受第12号" in choi.get(f"/register/{item.reference}").text


def test_an_item_that_came_is_entered_and_found_by_its_number(two: Pair) -> None:
    choi = agreed(two)
    handed = {"offices": "KOR/KDIA", "level": "JPN:gokuhi", "subject": "dprk.missile.launch"}
    handed |= {"purpose": "defence.missile-warning", "title": "Observation", "pages": "2"}
    put(choi, "/paper/JPN/item", PAPER | handed | {"by": "JPN/DIH", "number": "情電第7号"})
    with two.seoul.store.reading() as tx:
        item = receiving.find_item(tx, KOR, "情電第7号")
    assert (item.provider, item.pages) == (JPN, 2)
    assert "attested by" in choi.get(f"/register/{item.reference}").text


def test_what_the_agreement_refuses_is_refused_and_what_was_typed_stays(two: Pair) -> None:
    choi = signed_in(two.seoul, "choi")
    word = {"act": "people.assure", "offices": "JPN/DIH", "level": "JPN:gokuhi", "until": DAY}
    told = choi.post(
        "/paper/JPN/new?act=people.assure",
        data=PAPER | word,
        files={"scan": ("letter.pdf", SCAN, "application/pdf")},
    )
    assert told.status_code == 403
    assert 'role="alert"' in told.text
    assert 'value="防防第7号"' in told.text
    without = choi.post("/paper/JPN/new?act=people.assure", data=PAPER | word)
    assert without.status_code == 422
    with two.seoul.store.reading() as tx:
        assert tx.frontier("comity/KOR/for/JPN").size == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/paper", "/paper/JPN", "/paper/JPN/new", "/paper/JPN/0/scan"])
def test_for_others_than_the_registry_there_is_no_paper(two: Pair, path: str) -> None:
    kim = signed_in(two.seoul, "kim")
    assert kim.get(path).content == kim.get("/nowhere").content
    program = Program(two.seoul, "kim")
    assert program.get(path).content == program.get("/nowhere").content
    if path == "/paper/JPN/new":
        body = {"act": "people.assure", "by": "JPN/DIH", "on": "2016", "scan": "YQ=="}
        assert program.post("/paper/JPN/acts", body).status_code == 404
        assert kim.post(path, data=PAPER).content == kim.get("/nowhere").content


def test_the_api_enters_lists_and_gives_back_the_scan(two: Pair) -> None:
    choi = Program(two.seoul, "choi")
    body = PAPER | {"scan": b64encode(SCAN).decode()}
    told = choi.post(
        "/paper/JPN/acts",
        body | {"act": "treaty.sign", "stated": {"text": "KOR-JPN-GSOMIA"}},
    )
    assert told.status_code == 200, told.text
    assert told.json()["position"] == "comity/KOR/for/JPN#1"
    (listed,) = choi.get("/paper").json()["items"]
    assert (listed["party"], listed["open"], listed["entries"]) == ("JPN", True, 2)
    entries = choi.get("/paper/JPN").json()["items"]
    assert [one["kind"] for one in entries] == ["treaty.notify-authority", "treaty.sign"]
    assert entries[1]["attested_by"] == "KOR"
    assert choi.get("/paper/JPN/1/scan").content == SCAN
    assert choi.get("/paper/JPN/99/scan").status_code == 404
    assert choi.post("/paper/USA/acts", body | {"act": "treaty.sign"}).status_code == 403


@pytest.mark.parametrize("place", ["nonsense", "a#b", "comity/KOR/to/JPN#" + "9" * 20, 7, {}])
def test_what_is_no_place_is_said_and_nothing_is_entered(two: Pair, place: object) -> None:
    body = PAPER | {"scan": b64encode(SCAN).decode(), "act": "consent.grant"}
    told = Program(two.seoul, "choi").post("/paper/JPN/acts", body | {"stated": {"ask": place}})
    assert (told.status_code, told.json()["code"]) == (422, "invalid.argument")
    with two.seoul.store.reading() as tx:
        assert tx.frontier(KEPT).size == 1


def test_who_joins_disputes_what_was_attested_of_it(two: Pair) -> None:
    agreed(two)
    join(two)
    with two.seoul.store.reading() as tx:
        assert not kept.is_open(tx, KOR, JPN)
    for place in ("", "/item", "/new?act=delivery.receipt", "/register"):
        assert "has joined" in signed_in(two.seoul, "choi").get(f"/paper/JPN{place}").text
    minister = signed_in(two.tokyo, "minister-jpn")
    assert "/attested/KOR" in minister.get("/paper").text
    told = minister.post("/paper/KOR/1/dispute", data={"on": "2016-11-22"})
    assert (told.status_code, told.headers.get("location")) == (303, "/attested/KOR")
    assert "22 Nov 2016" in minister.get("/attested/KOR").text
    listed = Program(two.tokyo, "minister-jpn").get("/paper/KOR/of-us").json()["items"]
    (one,) = listed[1]["disputed"]
    assert one["on"] == "2016-11-22"
    sato = signed_in(two.tokyo, "sato")
    assert sato.get("/attested/KOR").content == sato.get("/nowhere").content
