"""A log for a counterpart on paper begins in the console and by the API, where a node is served."""

from base64 import b64encode

import pytest

from comity.console import sessions
from comity.node import kept
from comity.node.node import Node
from comity.node.ports import Face
from comity.vocabulary.names import PersonId
from tests.console.test_paper import SCAN, signed_in
from tests.console.test_paper_passkeys import at_desk, code, signed
from tests.scenarios.test_paper import KEPT
from tests.support.browser import Browser
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, Pair, epochs, pair, text_of, where
from tests.support.programs import Program

NOTE = {"party": "JPN", "by": "JPN/MOD", "on": "2016-11-23", "number": "防防第7号"}
SCANNED = {"files": {"scan": ("note.pdf", SCAN, "application/pdf")}}
BODY = {"by": "JPN/MOD", "on": "2016-11-23", "scan": b64encode(SCAN).decode()}


@pytest.fixture
def two() -> Pair:
    """Two houses that know nothing of each other; Seoul's node is served."""
    houses = pair(suite=FAST)
    at = where(KOR)

    def face() -> Face:
        return Face(at.address, at.certificate, tuple(epochs(KOR, houses.clock.now())))

    houses.seoul.face = face
    return houses


def begun(node: Node) -> int:
    with node.store.reading() as tx:
        assert kept.is_open(tx, KOR, JPN)
        return tx.frontier(KEPT).size


def test_it_begins_in_the_browser_and_goes_on_there(two: Pair) -> None:
    choi = signed_in(two.seoul, "choi")
    assert 'href="/paper/begin"' in choi.get("/paper").text
    assert '<option value="JPN">' in choi.get("/paper/begin").text
    itself = choi.post("/paper/begin", NOTE | {"party": "KOR"}, **SCANNED)
    assert code(itself) == "refused.paper.own"
    told = choi.post("/paper/begin", NOTE, **SCANNED)
    assert (told.status_code, told.headers.get("location")) == (303, "/paper/JPN"), told.text
    assert begun(two.seoul) == 1
    assert "防防第7号" in choi.get("/paper/JPN").text
    assert '<option value="JPN">' not in choi.get("/paper/begin").text
    again = choi.post("/paper/begin", NOTE, **SCANNED)
    assert code(again) == "refused.paper.again"
    assert 'value="防防第7号"' in again.text


def test_a_passkey_signs_it(two: Pair) -> None:
    choi, device = at_desk(two, "choi")
    assert code(choi.post("/paper/begin", NOTE, **SCANNED)) == "refused.passkey.wanted"
    told = signed(choi, device, "/paper/begin", NOTE, **SCANNED)
    assert told.status_code == 303, told.text
    assert begun(two.seoul) == 1


def test_a_profile_of_ones_own_and_the_api(two: Pair) -> None:
    profile = b64encode(text_of("profile-JPN.md")).decode()
    told = Program(two.seoul, "choi").post("/paper/JPN/begin", BODY | {"profile": profile})
    assert told.status_code == 200, told.text
    assert begun(two.seoul) == 1
    other = Program(two.seoul, "choi").post("/paper/USA/begin", BODY | {"profile": profile})
    assert other.json()["code"] == "invalid.profile"
    none = Program(two.seoul, "choi").post("/paper/FRA/begin", BODY)
    assert none.json()["code"] == "refused.pact.profile"


def test_a_node_that_is_not_served_says_so(two: Pair) -> None:
    two.seoul.face = None
    told = Program(two.seoul, "choi").post("/paper/JPN/begin", BODY)
    assert (told.status_code, told.json()["code"]) == (503, "unavailable.face")


def test_others_than_the_registry_find_nothing(two: Pair) -> None:
    for person in ("kim", "park", "han", "minister-kor"):
        client = Browser(two.seoul)
        client.get(f"/enter/{sessions.make_link(two.seoul, PersonId(person))}")
        nowhere = client.get("/nowhere")
        assert client.get("/paper/begin").content == nowhere.content
        for path in ("/paper/begin", "/paper/begin/sign"):
            assert client.post(path, NOTE, **SCANNED).content in (nowhere.content, b"{}"), path
        assert Program(two.seoul, person).post("/paper/JPN/begin", BODY).status_code == 404
    with two.seoul.store.reading() as tx:
        assert not kept.is_kept(tx, KOR, JPN)
