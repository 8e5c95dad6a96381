"""Lists of releases in the console and by the API: looked at, laid, decided by one signature."""

import re
from base64 import b64encode

import pytest

from comity.acts.canonical import digest
from comity.console.pages.approvals import QUESTIONS
from comity.node import lists, uploads
from comity.node.node import Node
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import PersonId
from tests.console.test_deciding import answered, signed_in
from tests.support.browser import Browser
from tests.support.pair import Pair, under_the_pact
from tests.support.programs import Program

HEAD = "to,offices,level,subject,purpose,title,text,file,pages\n"
ROW = "JPN,JPN/DIH,{level},dprk.missile.launch,defence.missile-warning,Track {n},{text},{file},1\n"


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def table(count: int, *, level: str = "KOR:mil-2", wrong: str = "") -> bytes:
    rows = [ROW.format(level=level, n=n, text=f"text {n}", file="") for n in range(count)]
    return (HEAD + "".join(rows) + wrong).encode()


def send(client: Browser, raw: bytes, **files: bytes) -> str:
    parts = [("list", ("tracks.csv", raw))]
    parts += [("files", (name, content)) for name, content in files.items()]
    told = client.post("/series", files=parts)
    assert told.status_code == 303, told.text
    return told.headers["location"]


def seen(client: Browser, place: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', client.get(place).text)[1]


def entered(node: Node) -> int:
    with node.store.reading() as tx:
        return len(tx.page(ItemOf, limit=5000))


def test_a_list_goes_from_a_table_to_one_signature(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    place = send(kim, table(3))
    shown = kim.get(place).text
    assert "Track 2" in shown
    assert "0 of 3" in shown
    assert park.get(place).status_code == 404  # nothing is laid: nobody else knows of it
    assert kim.post(f"{place}/lay").headers["location"] == place
    assert "3 of 3" in kim.get(place).text
    assert f'href="{place}"' in park.get("/approvals").text
    assert park.get("/approvals").text.count("Track") == 0  # one line for all of them
    for person in (kim, park):
        today = person.get("/").text
        assert f'href="{place}"' in today
        assert not re.search(r'<li><a href="(/approvals/[0-9a-f]{16}|/release)"><code>', today)
    answers = answered() | {"seen": seen(park, place)}
    assert park.post(f"{place}/approve", answers).headers["location"] == place
    assert entered(two.seoul) == 3
    assert "Every line that was laid is decided" in park.get(place).text
    assert f'href="{place}"' not in park.get("/approvals").text
    two.carry()
    assert entered(two.tokyo) == 3


def test_a_wrong_line_is_named_and_nothing_is_laid(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    wrong = ROW.format(level="nothing like it", n=7, text="x", file="")
    wrong += ROW.format(level="KOR:mil-2", n=8, text="", file="absent.pdf")
    place = send(kim, table(2, wrong=wrong), **{"other.pdf": b"x"})
    shown = kim.get(place).text
    for said in ("<code>level</code>", "<code>file</code>", "cannot be read", "No file of this"):
        assert said in shown
    assert f'action="{place}/lay"' in shown
    assert "data-passkey" not in shown  # no button to lay it
    assert kim.post(f"{place}/lay").status_code == 403
    with two.seoul.store.reading() as tx:
        assert not lists.heads(tx)


def test_a_line_that_the_agreement_refuses_is_told_with_its_article(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    refused = ROW.format(level="KOR:mil-1", n=9, text="x", file="")
    place = send(kim, table(1, wrong=refused))
    shown = kim.get(place).text
    assert "The agreement refuses lines" in shown
    assert "Track 9" in shown
    assert "Article" in shown
    assert kim.post(f"{place}/lay").status_code == 403
    assert kim.post(f"{place}/drop").headers["location"] == "/series"
    assert kim.get(place).status_code == 404


def test_what_was_not_shown_is_not_approved(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    place = send(kim, table(3))
    kim.post(f"{place}/lay")
    before = answered() | {"seen": seen(park, place)}
    one = re.search(r'href="(/approvals/[0-9a-f]{16})"', park.get(place).text)[1]
    park.post(f"{one}/decline")
    told = park.post(f"{place}/approve", before)
    assert told.status_code == 403
    assert "Other lines wait" in told.text
    assert entered(two.seoul) == 0
    after = answered() | {"seen": seen(park, place)}
    assert park.post(f"{place}/approve", answered()).status_code == 403
    unanswered = {name: value for name, value in after.items() if name != "question-need"}
    assert park.post(f"{place}/approve", unanswered).status_code == 403
    assert park.post(f"{place}/approve", after).status_code == 303
    assert entered(two.seoul) == 2


def test_who_drafted_a_list_does_not_decide_over_it(two: Pair) -> None:
    kim = signed_in(two.seoul, "kim")
    place = send(kim, table(1))
    kim.post(f"{place}/lay")
    assert 'name="seen"' not in kim.get(place).text
    assert kim.post(f"{place}/approve", answered() | {"seen": ""}).status_code == 403


def test_a_list_that_was_cut_off_goes_on_where_it_stopped(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between two transactions: what was laid is, and the rest is laid once."""
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    kim = signed_in(two.seoul, "kim")
    place = send(kim, table(5))
    laid = lists.lay

    def once(*given: object, **named: object) -> None:
        monkeypatch.setattr(lists, "lay", dies)
        laid(*given, **named)  # type: ignore[arg-type]

    def dies(*_: object, **__: object) -> None:
        raise Unavailable("unavailable.disk", "cut off")

    monkeypatch.setattr(lists, "lay", once)
    assert kim.post(f"{place}/lay").status_code == 503
    monkeypatch.setattr(lists, "lay", laid)
    assert "2 of 5" in kim.get(place).text
    assert "Go on" in kim.get(place).text
    assert kim.post(f"{place}/lay").status_code == 303
    with two.seoul.store.reading() as tx:
        assert lists.laid(tx, digest(table(5))) == [1, 2, 3, 4, 5]
        assert not uploads.names(tx, PersonId("kim"))
    # Sent in once more it is all laid already.
    assert send(kim, table(5)) == place
    assert kim.post(f"{place}/lay").status_code == 303
    with two.seoul.store.reading() as tx:
        assert len(lists.laid(tx, digest(table(5)))) == 5


def test_lines_take_their_content_from_files(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    raw = (HEAD + ROW.format(level="KOR:mil-2", n=1, text="", file="a.pdf")).encode()
    place = send(kim, raw, **{"a.pdf": b"fictional bytes"})
    kim.post(f"{place}/lay")
    one = re.search(r'href="(/approvals/[0-9a-f]{16})"', park.get(place).text)[1]
    assert park.get(f"{one}/content").content == b"fictional bytes"


def body(raw: bytes, **files: bytes) -> dict[str, object]:
    return {
        "csv": b64encode(raw).decode(),
        "files": [
            {"name": name, "content": b64encode(content).decode()}
            for name, content in files.items()
        ],
    }


def test_the_api_lays_a_list_part_by_part_and_approves_what_it_showed(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    kim, park = programs(two)
    raw = body(table(3))
    looked = kim.post("/lists/check", raw).json()
    assert (looked["lines"], looked["clear"], looked["wrong"]) == (3, True, [])
    told = kim.post("/lists", raw).json()
    assert (told["now"], told["left"]) == (2, 1)
    assert kim.post("/lists", raw).json()["left"] == 0
    name = told["list"].removeprefix("sha384:")
    (line,) = park.get("/lists").json()["items"]
    assert line["states"] == {"waiting": 3, "leaving": 0, "entered": 0, "declined": 0}
    shown = park.get(f"/lists/{name}").json()
    assert [one["title"] for one in shown["waiting"]] == ["Track 0", "Track 1", "Track 2"]
    yes = dict.fromkeys(QUESTIONS, True)
    other = {"questions": yes, "seen": "sha384:" + "0" * 96}
    assert park.post(f"/lists/{name}/approve", other).json()["code"] == "refused.list.changed"
    done = park.post(f"/lists/{name}/approve", {"questions": yes, "seen": shown["seen"]}).json()
    assert len(done["released"]) == 3
    assert done["states"]["entered"] == 3
    assert entered(two.seoul) == 3


def test_the_api_says_what_is_wrong_line_by_line(two: Pair) -> None:
    kim, _ = programs(two)
    wrong = ROW.format(level="?", n=7, text="x", file="")
    looked = kim.post("/lists/check", body(table(1, wrong=wrong))).json()
    assert not looked["clear"]
    assert [(one["line"], one["column"]) for one in looked["wrong"]] == [(3, "level")]
    refused = ROW.format(level="KOR:mil-1", n=9, text="x", file="")
    looked = kim.post("/lists/check", body(table(1, wrong=refused))).json()
    assert [one["line"] for one in looked["refused"]] == [3]
    assert looked["refused"][0]["judgement"]["findings"]
    told = kim.post("/lists", body(table(1, wrong=wrong)))
    assert told.json()["code"] == "refused.list.lines"


def programs(two: Pair) -> tuple[Program, Program]:
    return Program(two.seoul, "kim"), Program(two.seoul, "park")
