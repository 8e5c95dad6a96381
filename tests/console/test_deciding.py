"""Release and approvals in the browser's way: typed, judged, laid, decided; nobody else knows."""

import re

import httpx
import pytest

from comity.console import sessions
from comity.console.pages.approvals import QUESTIONS
from comity.node import releases, sheets
from comity.node.node import Node
from comity.node.ports import Space
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import PersonId
from tests.support.browser import Browser
from tests.support.pair import Pair, under_the_pact

TYPED = {
    "offices-shown": "1",
    "offices": "JPN/DIH",
    "level": "KOR:mil-2",
    "subject": "dprk.missile.launch",
    "purpose": "defence.missile-warning",
    "title": "Launch assessment",
    "text": "A fictional assessment.",
    "pages": "4",
}


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def signed_in(node: Node, person: str) -> Browser:
    client = Browser(node)
    assert client.get(f"/enter/{sessions.make_link(node, PersonId(person))}").status_code == 303
    return client


def begun(client: Browser, **more: str) -> str:
    told = client.post("/release/new", {"to": "JPN", **more})
    assert told.status_code == 303, told.text
    return told.headers["location"]


def laid(client: Browser) -> None:
    told = client.post(f"{begun(client)}/lay", TYPED)
    assert (told.status_code, told.headers.get("location")) == (303, "/release"), told.text


def waiting(client: Browser) -> list[str]:
    return re.findall(r'href="(/approvals/[0-9a-f]{16})"', client.get("/approvals").text)


def answered() -> dict[str, str]:
    return {f"question-{one}": "yes" for one in QUESTIONS}


def test_a_release_goes_from_desk_to_decision(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    shown = park.get(draft).text
    assert "A fictional assessment." in shown
    assert "KOR/KDIA: 군사Ⅱ급비밀, 군사Ⅲ급비밀" in shown
    told = park.post(f"{draft}/approve", answered())
    assert told.status_code == 303
    assert "Launch assessment" in park.get("/register?q=launch").text
    # A place that no page gave is told as what it is, not as a bug.
    assert park.get("/register?q=launch&after=index%7CAAAA").status_code == 422
    assert told.headers["location"].startswith("/register/KOR-2026-")
    two.carry()
    with two.tokyo.store.reading() as tx:
        assert len(tx.page(ItemOf)) == 1


def test_the_judgement_beside_the_sheet_follows_what_is_typed(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    place = begun(kim)
    good = kim.post(f"{place}/judge", TYPED).text
    assert "Lawful once a releasing authority has decided." in good
    assert "군사Ⅱ급비밀 · SECRET · 極秘" in good
    assert "作成元: 大韓民国" in good
    above = kim.post(f"{place}/judge", TYPED | {"level": "KOR:mil-1"}).text
    assert "Unlawful." in above
    assert 'href="#level"' in above
    assert "<html" not in above
    two_lines = kim.post(f"{place}/judge", TYPED | {"text": "A fictional assessment.\r\nTwo."})
    assert two_lines.status_code == 200
    # What was typed is there again when the page is opened afresh.
    assert "A fictional assessment." in kim.get(place).text


def test_what_is_typed_is_kept_sealed_and_for_one_person(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    place = begun(kim)
    kim.post(f"{place}/keep", TYPED)
    name = place.removeprefix("/release/")
    with two.seoul.store.reading() as tx:
        raw = b"".join(tx.load_many(Space.DRAFT, tx.keys(Space.DRAFT)).values())
        assert b"fictional" not in raw
        with pytest.raises(Refused, match=r"refused\.absent"):
            sheets.of(two.seoul, tx, name, person=PersonId("park"))
    for person in ("park", "choi"):
        other = signed_in(two.seoul, person)
        assert other.get(place).status_code == 404
        assert other.get(place).content == other.get("/release/none").content


def test_a_refusal_keeps_what_was_typed_and_names_the_article(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    place = begun(kim)
    told = kim.post(f"{place}/lay", TYPED | {"level": "KOR:mil-1"})
    assert told.status_code == 403
    assert "Article 4" in told.text.split('role="alert"')[1].split("</div>")[0]
    assert "A fictional assessment." in told.text


def test_unanswered_questions_release_nothing(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    for one in QUESTIONS:
        partly = {key: word for key, word in answered().items() if not key.endswith(one)}
        told = park.post(f"{draft}/approve", partly)
        assert told.status_code == 403
        assert told.text.count(" checked") == len(QUESTIONS) - 1
    assert waiting(park) == [draft]


def test_a_draft_is_taken_back_until_it_is_decided(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    with two.seoul.store.reading() as tx:
        name = releases.waiting(tx)[0].key.removeprefix("sha384:")[:32]
    told = kim.post(f"/release/laid/{name}/back")
    assert told.status_code == 303
    assert "A fictional assessment." in kim.get(told.headers["location"]).text
    assert waiting(park) == []
    assert park.post(f"{draft}/approve", answered()).status_code == 403
    again = kim.post(f"/release/laid/{name}/back")
    assert again.status_code == 403


def test_a_declined_draft_is_gone_without_a_reason(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    assert park.post(f"{draft}/decline").headers["location"] == "/approvals"
    assert waiting(park) == []


def test_pages_of_others_are_absent(two: Pair) -> None:
    laid(signed_in(two.seoul, "kim"))
    (draft,) = waiting(signed_in(two.seoul, "park"))
    for person, paths in {
        "kim": ("/approvals", draft, f"{draft}/content"),
        "park": ("/release", "/release/none"),
        "choi": ("/approvals", draft, "/release", f"{draft}/content"),
    }.items():
        client = signed_in(two.seoul, person)
        absent = client.get("/nowhere").text
        for path in paths:
            assert client.get(path).text == absent, path
    choi = signed_in(two.seoul, "choi")
    forbidden = choi.post(f"{draft}/approve", answered())
    assert forbidden.content == choi.post("/approvals/0123456789abcdef/approve").content


def test_a_form_of_another_page_does_nothing(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    for origin in ("http://127.0.0.1:9", "null", "", "https://elsewhere.invalid"):
        told = kim.post("/release/new", {"to": "JPN"}, headers={"origin": origin})
        assert told.status_code == 403
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()


def test_a_file_goes_as_it_is(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    place = begun(kim)
    fields = {key: word for key, word in TYPED.items() if key != "text"}
    told = kim.post(f"{place}/lay", fields, files={"file": ("보고.bin", b"\x00\x01\xff")})
    assert told.status_code == 303, told.text
    (draft,) = waiting(park)
    got = park.get(f"{draft}/content")
    assert got.content == b"\x00\x01\xff"
    assert got.headers["content-disposition"].startswith("attachment")


def test_the_next_of_a_series_has_the_fields_of_the_last(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    reference = park.post(f"{waiting(park)[0]}/approve", answered()).headers["location"][10:]
    again = kim.get(begun(kim, like=reference)).text
    assert 'value="dprk.missile.launch"' in again
    assert "<aside" in again


def test_the_register_is_searched_and_exported(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    reference = park.post(f"{waiting(park)[0]}/approve", answered()).headers["location"][10:]

    def rows(client: Browser, query: str) -> int:
        return client.get(f"/register?{query}").text.count('<th scope="row" class="number">')

    assert rows(park, f"q={reference.lower()}") == 1
    assert rows(park, "q=군사II급비밀") == 1
    assert rows(park, "q=nothing-like-it") == 0
    assert rows(park, "direction=in") == 0
    assert rows(park, "direction=out&level=KOR:mil-2&open=1") == 1
    choi = signed_in(two.seoul, "choi")
    # The registry sees the number; the title follows need-to-know, in searches too.
    assert rows(choi, "q=launch+assessment") == 0
    assert rows(choi, f"q={reference}") == 1
    # A subject is found by what it is called, in any language: as a way on, never instead.
    told = park.get("/register?q=발사&lang=en").text
    (way, *_) = re.findall(r'href="(/register[?]q=dprk.missile.launch[^"]*)"', told)
    assert "missile launches · dprk.missile.launch" in told
    assert rows(park, way.partition("?")[2].replace("&amp;", "&")) == 1
    assert "By subject:" not in park.get("/register?q=nothing-like-it&lang=en").text
    sheet = park.get("/register.csv").text
    assert sheet.splitlines()[0].startswith("\ufeffmarking,군사Ⅱ급비밀")
    assert reference in sheet
    assert reference not in signed_in(two.seoul, "minister-kor").get("/register.csv").text


def test_a_form_that_is_none_is_refused(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    told: httpx.Response = kim.ask(
        "POST",
        "/release/new",
        content=b"{}",
        headers={"origin": "http://127.0.0.1", "content-type": "application/json"},
    )
    assert told.status_code == 403


def test_whoever_lays_a_sheet_shows_the_passkey_whichever_button_it_is(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    sheet = begun(kim, **TYPED)
    kim.post(f"{sheet}/keep", TYPED)
    buttons = re.findall(r'<button[^>]*formaction="[^"]*/lay"[^>]*>', kim.get(sheet).text)
    assert len(buttons) == 2
    assert all('data-passkey="prove"' in one for one in buttons)


def test_words_that_do_not_fit_are_said_at_the_desk_and_stop_no_page(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    sheet = begun(kim)
    long = {**TYPED, "remarks": "word " * 100}
    told = kim.post(f"{sheet}/lay?lang=en", long)
    assert told.status_code == 422
    assert "a line of the remarks at most 400" in told.text
    assert ("word " * 100).strip() in kim.get(sheet).text, "what was typed is lost"
    # Beside the sheet it is said while one types, and the pages of everybody stay as they were.
    beside = kim.post(f"{sheet}/judge", long, headers={"Accept-Language": "en"})
    assert "a line of the remarks at most 400" in beside.text
    assert kim.get("/release").status_code == 200
    assert signed_in(two.seoul, "park").get("/approvals").status_code == 200
    assert waiting(signed_in(two.seoul, "park")) == []
    # A long name of a file is no reason: its end is kept, which says the kind.
    named = {"file": ("n" * 250 + ".txt", b"A fictional table.", "text/plain")}
    fits = {**TYPED, "remarks": "word " * 79}
    assert kim.post(f"{sheet}/lay", fits, files=named).status_code == 303
    assert len(waiting(signed_in(two.seoul, "park"))) == 1
