"""An existing register by console and API: each person who signs enters a part, in any order."""

import re
from base64 import b64encode

import httpx
import pytest

from comity.node import brought, receiving
from comity.node.ports import Space
from comity.register.rows import DutyOf, ReceiptOf
from comity.vocabulary.names import PersonId
from tests.console.test_paper import signed_in
from tests.scenarios.test_import import IN, register
from tests.scenarios.test_import import MAP as PLAIN
from tests.scenarios.test_paper import agreed, assured
from tests.support.browser import Browser
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, Pair, enrol, pair
from tests.support.programs import Program

PLACE = "/paper/JPN/register"
ROLES = ("registry-officer", "releasing-authority", "custodian")
MAP = PLAIN.replace(b'marked = ""', b'marked = "KOR:mil-2"')
RECEIPTED = IN.replace("3,,", "3,2026-03-05,").encode()


@pytest.fixture
def two() -> Pair:
    houses = pair(suite=FAST)
    agreed(houses)
    assured(houses)
    return houses


def body(raw: bytes) -> dict[str, str]:
    return {"file": b64encode(raw).decode(), "map": b64encode(MAP).decode()}


def rows(count: int) -> bytes:
    """A register with own releases, and the last received item receipted for by this house."""
    more = RECEIPTED.replace(b"{n:04d}", b"%04d" % (count + 1)).replace(b"{n}", b"%d" % (count + 1))
    return register(count) + more + b"\n"


def enter(program: Program) -> httpx.Response:
    """Enter the register that is shown now."""
    return program.post(f"{PLACE}/enter", {"seen": program.get(PLACE).json()["seen"]})


def pressed(client: Browser) -> dict[str, str]:
    """Return what the form on the page carries."""
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.get(PLACE).text)
    return {"first": "0", "seen": seen}


def left(program: Program) -> dict[str, int]:
    return program.get(PLACE).json()["left"]


@pytest.mark.parametrize("order", [("choi", "park", "han"), ("park", "choi", "han", "choi")])
def test_each_person_who_signs_enters_a_part(two: Pair, order: tuple[str, ...]) -> None:
    choi = Program(two.seoul, "choi")
    told = choi.post(PLACE, body(rows(9)))
    assert told.status_code == 200, told.text
    assert told.json() == {"lines": 10, "bad": []}
    assert left(choi) == {"registry-officer": 10, "releasing-authority": 3, "custodian": 1}
    for person in order:
        assert Program(two.seoul, person).get("/today").json()["registers"] == [JPN]
        done = enter(Program(two.seoul, person))
        assert done.status_code == 200, done.text
        assert done.json()["after"] == 10
    if order[0] == "choi":  # what the authority released since has its receipt still to come
        assert left(choi) == {"registry-officer": 3, "releasing-authority": 0, "custodian": 0}
        enter(choi)
    assert left(choi) == dict.fromkeys(ROLES, 0)
    with two.seoul.store.reading() as tx:
        size = {log: tx.frontier(log).size for log in tx.logs()}
        own = receiving.find_item(tx, KOR, "정보-2026-0010")
        assert [one.office for one in tx.within(ReceiptOf, own.key)] == ["KOR/KDIA"]
        out = receiving.find_item(tx, KOR, "정보-2026-0003")
        assert all(one.discharged for one in tx.within(DutyOf, out.key))
    again = enter(choi).json()
    assert (again["entered"], again["passed"]) == (0, 10)
    with two.seoul.store.reading() as tx:
        assert {log: tx.frontier(log).size for log in tx.logs()} == size
    assert choi.post(f"{PLACE}/forget").status_code == 200
    assert choi.get(PLACE).status_code == 404


def test_a_bad_line_is_named_and_nothing_is_kept(two: Pair) -> None:
    choi = Program(two.seoul, "choi")
    told = choi.post(PLACE, body(register(5) + b"x,y\n")).json()
    (bad,) = told["bad"]
    assert (bad["line"], bad["right"]) == (7, "11 columns, as the heading has")
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()
        assert brought.waits(tx) == ()


def test_who_signs_for_nothing_of_it_finds_nothing(two: Pair) -> None:
    Program(two.seoul, "choi").post(PLACE, body(register(5)))
    kim = Program(two.seoul, "kim")
    assert kim.get("/today").json()["registers"] == []
    nowhere = kim.get("/nowhere").content
    assert kim.get(PLACE).content == nowhere
    assert kim.post(f"{PLACE}/enter").content == nowhere
    park = Program(two.seoul, "park")
    assert park.post(PLACE, body(register(5))).status_code == 404
    assert park.post(f"{PLACE}/forget").status_code == 404


def test_the_officer_who_brought_it_does_not_release_it(two: Pair) -> None:
    from comity.acts.deeds import Role
    from comity.node import people
    from comity.vocabulary.names import Office
    from tests.support.pair import ADMIN

    seoul = two.seoul
    people.add_person(
        seoul,
        PersonId("choi"),
        name="choi",
        office=Office("KOR/REGISTRY"),
        roles=(Role.REGISTRY, Role.RELEASING),
        key=seoul.suite.signing_public(seoul.vault.person("choi")),
        actor=ADMIN,
    )
    choi = Program(seoul, "choi")
    choi.post(PLACE, body(register(6)))
    assert enter(choi).json()["entered"] == 4
    assert left(choi)["releasing-authority"] == 2


def test_the_browser_brings_it_and_the_authority_finds_it_today(two: Pair) -> None:
    choi = signed_in(two.seoul, "choi")
    assert "party = &#34;JPN&#34;" in choi.get(PLACE).text
    file = {"file": ("register.csv", register(70), "text/csv")}
    told = choi.post(PLACE, data={"map": MAP.decode()}, files=file)
    assert (told.status_code, told.headers.get("location")) == (303, PLACE), told.text
    told = choi.post(f"{PLACE}/enter", data=pressed(choi))
    assert told.headers["location"] == f"{PLACE}?first=70"
    park = signed_in(two.seoul, "park")
    assert f'href="{PLACE}"' in park.get("/").text
    assert "Own releases" in park.get(PLACE).text
    park.post(f"{PLACE}/enter", data=pressed(park))
    with two.seoul.store.reading() as tx:
        assert receiving.find_item(tx, KOR, "정보-2026-0003").receiver == JPN
    bad = {"file": ("register.csv", register(3) + b"x,y\n", "text/csv")}
    choi.post(f"{PLACE}/forget")
    told = choi.post(PLACE, data={"map": MAP.decode()}, files=bad)
    assert told.status_code == 422
    assert "11 columns" in told.text


def test_a_register_that_was_swapped_after_it_was_shown_is_not_signed_for(two: Pair) -> None:
    choi, park = Program(two.seoul, "choi"), Program(two.seoul, "park")
    choi.post(PLACE, body(register(6)))
    shown = park.get(PLACE).json()
    assert len(shown["shown"]) == shown["lines"] == 6
    own = next(one for one in shown["shown"] if not one["incoming"])
    assert own["number"] == "정보-2026-0003"
    page = signed_in(two.seoul, "park")
    assert own["number"] in page.get(PLACE).text
    assert own["title"] in page.get(PLACE).text
    form = pressed(page)
    other = MAP.replace(b"dprk.missile", b"dprk.nuclear")
    assert other != MAP
    swapped = body(register(6)) | {"map": b64encode(other).decode()}
    for again in (body(rows(6)), swapped):
        assert choi.post(PLACE, again).status_code == 200
        for seen in (shown["seen"], ""):
            told = park.post(f"{PLACE}/enter", {"seen": seen})
            assert (told.status_code, told.json()["code"]) == (403, "refused.import.changed")
        assert page.post(f"{PLACE}/enter", data=form).status_code == 403
        assert left(park)["releasing-authority"] == 2
    choi.post(PLACE, body(register(6)))
    assert park.post(f"{PLACE}/enter", {"seen": shown["seen"]}).json()["entered"] == 2


def test_the_lines_that_are_shown_are_those_that_come_next(two: Pair) -> None:
    choi = Program(two.seoul, "choi")
    choi.post(PLACE, body(register(brought.SHOWN + 3)))
    shown = choi.get(PLACE).json()["shown"]
    assert [one["line"] for one in shown] == list(range(2, brought.SHOWN + 2))
    after = choi.get(f"{PLACE}?first={brought.SHOWN}").json()["shown"]
    assert len(after) == 3
    assert f"정보-2026-{brought.SHOWN + 1:04d}" == after[0]["number"]


def test_of_a_party_that_joined_meanwhile_a_register_is_only_thrown_away(two: Pair) -> None:
    choi, park = Program(two.seoul, "choi"), Program(two.seoul, "park")
    choi.post(PLACE, body(rows(9)))
    enter(choi)
    assert park.get("/today").json()["registers"] == [JPN]
    two.clock.turn(86400.0)
    enrol(two)
    two.carry(rounds=80)
    assert park.get("/today").json()["registers"] == []
    assert choi.get("/today").json()["registers"] == [JPN]
    assert enter(park).json()["code"] == "refused.paper.joined"
    page = signed_in(two.seoul, "choi").get(PLACE).text
    assert 'data-passkey="sign"' not in page
    assert "/register/forget" in page
    assert choi.post(f"{PLACE}/forget").status_code == 200
    assert choi.get("/today").json()["registers"] == []
