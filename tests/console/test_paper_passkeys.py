"""Persons with passkeys enter what came on paper, and import a register, each part signed once."""

import re
from base64 import b64encode, urlsafe_b64decode
from typing import Any

import pytest

from comity.acts import deeds
from comity.acts.documents import PasskeyApproval, decode_approval
from comity.acts.entries import decode_entry
from comity.console import sessions
from comity.node import receiving
from comity.node.ports import Space
from comity.register.rows import ReceiptOf
from comity.vocabulary.logs import correspondence, journal, standing_in
from comity.vocabulary.names import PersonId
from tests.console.test_import import MAP, PLACE, rows
from tests.console.test_paper import PAPER, SCAN
from tests.console.test_passkeys import SEOUL, code
from tests.scenarios.test_paper import agreed, assured
from tests.support.authenticator import Authenticator, registered
from tests.support.browser import Browser
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, Pair, pair
from tests.support.programs import Program

SCANNED = {"files": {"scan": ("letter.pdf", SCAN, "application/pdf")}}
ITEM = PAPER | {"offices": "KOR/KDIA", "level": "JPN:gokuhi", "subject": "dprk.missile.launch"}
ITEM |= {"purpose": "defence.missile-warning", "title": "Observation", "pages": "2"}
ITEM |= {"by": "JPN/DIH", "number": "情電第7号"}


@pytest.fixture
def two() -> Pair:
    houses = pair(suite=FAST)
    agreed(houses)
    assured(houses)
    return houses


def at_desk(two: Pair, person: str) -> tuple[Browser, Authenticator]:
    """Return a person's browser and the device that has taken the key file's place."""
    device = registered(two.seoul, person)
    client = Browser(two.seoul, origin=SEOUL, demo=False)
    wish = client.post("/passkey/sign-in").json()
    assert client.post("/sign-in", device.answer(wish)).status_code == 303
    return client, device


def sizes(two: Pair) -> dict[str, int]:
    with two.seoul.store.reading() as tx:
        return {log: tx.frontier(log).size for log in tx.logs()}


def signed(client: Browser, device: Authenticator, path: str, fields: Any, **more: Any) -> Any:
    """Do what the script does: ask what is to be signed, sign it, send the form again."""
    wish = client.post(f"{path}/sign", fields, **more).json()
    return client.post(path, fields | device.answer(wish), **more)


def shown(client: Browser) -> dict[str, str]:
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.get(PLACE).text)
    return {"first": "0", "seen": seen}


def approvals_at(two: Pair, log: str) -> list[object]:
    """Return the documents by which the entries of a log were approved, newest last."""
    with two.seoul.store.reading() as tx:
        found = []
        for raw in tx.leaves(log, 0, tx.frontier(log).size):  # type: ignore[arg-type]
            for one in decode_entry(raw).approvals or ():
                document = tx.load(Space.DOCUMENT, one.document)
                assert document is not None
                found.append(decode_approval(document))
    return found


def test_an_item_on_paper_is_signed_as_it_is_entered(two: Pair) -> None:
    choi, device = at_desk(two, "choi")
    before = sizes(two)
    wish = choi.post("/paper/JPN/item/sign", ITEM, **SCANNED).json()
    assert choi.post("/paper/JPN/item/sign", ITEM, **SCANNED).json() == wish
    other = ITEM | {"title": "Another"}
    assert choi.post("/paper/JPN/item/sign", other, **SCANNED).json() != wish
    told = choi.post("/paper/JPN/item", other | device.answer(wish), **SCANNED)
    assert code(told) == "invalid.passkey"
    assert code(choi.post("/paper/JPN/item", ITEM, **SCANNED)) == "refused.passkey.wanted"
    assert sizes(two) == before  # to ask what would be signed enters nothing
    told = choi.post("/paper/JPN/item", ITEM | device.answer(wish), **SCANNED)
    assert told.status_code == 303, told.text
    with two.seoul.store.reading() as tx:
        assert receiving.find_item(tx, KOR, "情電第7号").provider == JPN
    assert isinstance(approvals_at(two, standing_in(KOR, JPN))[-1], PasskeyApproval)
    # The same paper once more is another thing, as it always was.
    again = choi.post("/paper/JPN/item/sign", ITEM, **SCANNED).json()
    assert again.get("challenge") != wish["challenge"]


def test_an_act_on_paper_is_signed_by_a_passkey(two: Pair) -> None:
    choi, device = at_desk(two, "choi")
    act = "people.assure"
    word = {"act": act, "offices": "JPN/DIH", "level": "JPN:gokuhi", "until": "2027-06-30"}
    word |= PAPER | dict.fromkeys(("cleared", "needed", "protected"), "yes") | {"by": "JPN/DIH"}
    told = signed(choi, device, "/paper/JPN/new", word, **SCANNED, params={"act": act})
    assert told.status_code == 303, told.text
    assert isinstance(approvals_at(two, standing_in(KOR, JPN))[-1], PasskeyApproval)


def test_each_signs_the_list_of_a_register_once(two: Pair) -> None:
    (choi, one), (park, other), (han, third) = (at_desk(two, x) for x in ("choi", "park", "han"))
    file = {"files": {"file": ("register.csv", rows(70), "text/csv")}}
    assert choi.post(PLACE, {"map": MAP.decode()}, **file).status_code == 303
    before = sizes(two)
    wish = park.post(f"{PLACE}/enter/sign", shown(park)).json()
    assert wish["challenge"]
    assert sizes(two) == before
    assert code(park.post(f"{PLACE}/enter", shown(park))) == "refused.passkey.wanted"
    # Signed by another person for the same list: nothing.
    wrong = park.post(f"{PLACE}/enter", shown(park) | third.answer(wish))
    assert code(wrong) == "refused.passkey.unknown"
    assert sizes(two) == before
    for client, device in ((park, other), (choi, one), (han, third)):
        told = signed(client, device, f"{PLACE}/enter", shown(client))
        assert told.status_code == 303, told.text
        # What is left for this person to sign is nothing, so nothing is asked.
        assert client.post(f"{PLACE}/enter/sign", shown(client)).json() == {}
    out = approvals_at(two, correspondence(KOR, JPN))
    given = [one for one in out if isinstance(one, PasskeyApproval)]
    assert len({one.root for one in given}) == 2  # the releases, and the one receipt
    with two.seoul.store.reading() as tx:
        own = receiving.find_item(tx, KOR, "정보-2026-0071")
        assert [row.office for row in tx.within(ReceiptOf, own.key)] == ["KOR/KDIA"]
        assert receiving.find_item(tx, KOR, "정보-2026-0003").receiver == JPN
        log = journal(KOR)
        deeds_of = [decode_entry(raw).deed for raw in tx.leaves(log, 0, tx.frontier(log).size)]
    mine = [one for one in deeds_of if isinstance(one, deeds.Approve) and one.actor == "park"]
    assert len(mine) == 1  # one line of the journal, over all own releases


def test_a_program_asks_what_a_register_has_signed_and_brings_the_signature(two: Pair) -> None:
    device = registered(two.seoul, "choi")
    choi = Program(two.seoul, "choi", origin=SEOUL)
    body = {"file": b64encode(rows(5)).decode(), "map": b64encode(MAP).decode()}
    assert choi.post(PLACE, body).status_code == 200
    seen = {"seen": choi.get(PLACE).json()["seen"]}
    wish = choi.post(f"{PLACE}/enter/sign", seen).json()
    assert len(wish["deeds"]) == 5  # four that came, and the one that is receipted for
    assert choi.post(f"{PLACE}/enter", seen).json()["code"] == "refused.passkey.wanted"
    found = device.sign(urlsafe_b64decode(wish["challenge"] + "=="))._asdict()
    signature = {name: b64encode(raw).decode() for name, raw in found.items()}
    told = choi.post(f"{PLACE}/enter", seen | {"signature": signature})
    assert told.json()["entered"] == 5, told.text


def test_what_changed_since_the_list_was_signed_is_not_entered(two: Pair) -> None:
    choi, _ = at_desk(two, "choi")
    (park, device), (second, more) = at_desk(two, "park"), at_desk(two, "park")
    file = {"files": {"file": ("register.csv", rows(9), "text/csv")}}
    choi.post(PLACE, {"map": MAP.decode()}, **file)
    wish = park.post(f"{PLACE}/enter/sign", shown(park)).json()
    assert signed(second, more, f"{PLACE}/enter", shown(second)).status_code == 303
    before = sizes(two)
    told = park.post(f"{PLACE}/enter", shown(park) | device.answer(wish))
    assert code(told) == "invalid.passkey"
    assert sizes(two) == before


def test_a_key_file_signs_as_before(two: Pair) -> None:
    client = Browser(two.seoul, origin=SEOUL)
    client.get(f"/enter/{sessions.make_link(two.seoul, PersonId('choi'))}")
    assert client.post("/paper/JPN/item/sign", ITEM, **SCANNED).json() == {}
    assert client.post("/paper/JPN/item", ITEM, **SCANNED).status_code == 303
