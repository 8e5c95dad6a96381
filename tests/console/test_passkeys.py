"""Passkeys at the console: invited, signed in, asked once more, signing; and every way to cheat."""

from typing import Any

import pytest

from comity.acts import deeds
from comity.acts.entries import decode_entry
from comity.console import challenges, sessions
from comity.console.app import cookie_name
from comity.node import deciding, passkeys
from comity.node.node import Node
from comity.node.ports import Space
from comity.register.rows import PersonOf
from comity.seal.fingerprints import key_id
from comity.seal.passkeys import PRESENT
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import PersonId
from tests.support.authenticator import Authenticator, registered
from tests.support.browser import Browser
from tests.support.pair import JPN, KOR, Pair, under_the_pact
from tests.unit.node.test_two_persons import laid

SEOUL = "http://seoul.localhost:7501"
ANSWERED = {f"question-{one}": "yes" for one in ("policy", "security", "protection", "benefit")}
ANSWERED |= {"question-need": "yes"}


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def browser(node: Node) -> Browser:
    return Browser(node, origin=SEOUL, demo=False)


def invited(node: Node, person: str = "park", device: Authenticator | None = None) -> Any:
    """Register by invitation; return the browser that is signed in, and the device."""
    client, made = browser(node), Authenticator() if device is None else device
    link = f"/invited/{sessions.make_link(node, PersonId(person), kind='invitation')}"
    told = client.post(link, made.create(client.post(f"{link}/wish").json()))
    assert told.status_code == 303, told.text
    return client, made


def signed_in(node: Node, device: Authenticator) -> Browser:
    client = browser(node)
    told = client.post("/sign-in", device.answer(client.post("/passkey/sign-in").json()))
    assert told.status_code == 303, told.text
    return client


def code(told: Any) -> str:
    """Return the code of an error as a page shows it; empty where it shows none."""
    block = told.text.partition('<div class="failure" role="alert">')[2].partition("</div>")[0]
    return block.rpartition("<code>")[2].partition("</code>")[0]


def test_an_invitation_registers_one_passkey_once_and_signs_in(two: Pair) -> None:
    node = two.seoul
    client = browser(node)
    link = f"/invited/{sessions.make_link(node, PersonId('park'), kind='invitation')}"
    assert "park" in client.get(link).text
    assert "park" in client.get(link).text  # a look uses nothing up
    wish = client.post(f"{link}/wish").json()
    assert wish["rp"]["id"] == "seoul.localhost"
    assert client.post(link, Authenticator().create(wish)).status_code == 303
    assert client.get("/approvals").status_code == 200
    for again in (client.get(link), client.post(link, Authenticator().create(wish))):
        assert again.status_code == 403
    with node.store.reading() as tx:
        assert len(passkeys.living(tx, PersonId("park"))) == 1
        assert tx.get(PersonOf, "park").approval_key == b""
        own = passkeys.up_to_date(node, tx, JPN)
    assert own


def test_an_invitation_ends_and_signs_nobody_in(two: Pair) -> None:
    node = two.seoul
    secret = sessions.make_link(node, PersonId("park"), kind="invitation")
    with pytest.raises(Refused, match=r"refused\.session\.link"):
        sessions.enter(node, secret)
    client = browser(node)
    wish = client.post(f"/invited/{secret}/wish").json()
    two.clock.turn(sessions.LINK_SECONDS)
    assert client.post(f"/invited/{secret}", Authenticator().create(wish)).status_code == 403
    link = sessions.make_link(node, PersonId("park"))
    assert client.post(f"/invited/{link}", Authenticator().create(wish)).status_code == 403


BENT = {
    "another domain": lambda one: setattr(one, "domain", "tokyo.localhost"),
    "another origin": lambda one: setattr(one, "origin", "http://evil.localhost:7501"),
    "another port": lambda one: setattr(one, "origin", "http://seoul.localhost:7502"),
    "a person who was not verified": lambda one: setattr(one, "flags", PRESENT),
}


@pytest.mark.parametrize("bent", BENT)
def test_a_passkey_of_elsewhere_is_not_registered_and_signs_nobody_in(two: Pair, bent: str) -> None:
    node, client = two.seoul, browser(two.seoul)
    secret = sessions.make_link(node, PersonId("park"), kind="invitation")
    device = Authenticator()
    BENT[bent](device)
    wish = client.post(f"/invited/{secret}/wish").json()
    assert client.post(f"/invited/{secret}", device.create(wish)).status_code == 422
    good = Authenticator()
    assert client.post(f"/invited/{secret}", good.create(wish)).status_code == 303
    BENT[bent](good)
    other = browser(node)
    told = other.post("/sign-in", good.answer(other.post("/passkey/sign-in").json()))
    assert code(told) == "invalid.passkey"
    assert other.get("/").status_code == 401


def test_an_answer_signs_in_once_and_in_its_time(two: Pair) -> None:
    _, device = invited(two.seoul)
    client = browser(two.seoul)
    wish = client.post("/passkey/sign-in").json()
    answer = device.answer(wish)
    assert client.post("/sign-in", answer).status_code == 303
    device.counter = 7
    again = device.answer(wish)
    assert code(browser(two.seoul).post("/sign-in", again)) == "refused.passkey.challenge"
    late = browser(two.seoul)
    wish = late.post("/passkey/sign-in").json()
    two.clock.turn(challenges.SECONDS)
    assert code(late.post("/sign-in", device.answer(wish))) == "refused.passkey.challenge"


def test_a_clock_that_is_set_back_brings_no_used_challenge_back(two: Pair) -> None:
    _, device = invited(two.seoul)
    client = browser(two.seoul)
    wish = client.post("/passkey/sign-in").json()
    assert client.post("/sign-in", device.answer(wish)).status_code == 303
    two.clock.turn(challenges.SECONDS)
    signed_in(two.seoul, device)  # forgets what has ended
    two.clock.turn(-challenges.SECONDS)
    again = browser(two.seoul).post("/sign-in", device.answer(wish))
    assert code(again) == "refused.passkey.challenge"


def test_a_session_asks_the_api_for_nothing_without_a_proof(two: Pair) -> None:
    client, device = invited(two.seoul)
    body = {"drafts": [laid(two)]}
    two.clock.turn(sessions.PROOF_SECONDS)
    asked = {"headers": {"origin": SEOUL}, "json": body}
    told = client.ask("POST", "/api/v1/approvals", **asked)
    assert told.json()["code"] == "refused.session.proof"
    client.post("/passkey/proven", device.answer(client.post("/passkey/prove").json()))
    told = client.ask("POST", "/api/v1/approvals", **asked)
    assert told.json()["code"] != "refused.session.proof"


def test_a_challenge_is_for_one_use_and_of_one_session(two: Pair) -> None:
    client, device = invited(two.seoul)
    two.clock.turn(sessions.PROOF_SECONDS)
    wish = client.post("/passkey/prove").json()
    other = browser(two.seoul)
    assert code(other.post("/sign-in", device.answer(wish))) == "refused.passkey.challenge"
    second = signed_in(two.seoul, device)
    assert second.post("/passkey/proven", device.answer(wish)).status_code == 403
    assert client.post("/passkey/proven", device.answer(wish)).status_code == 200
    name = laid(two)
    approval = client.post(f"/approvals/{name[7:23]}/approve/sign", ANSWERED).json()
    assert code(other.post("/sign-in", device.answer(approval))) == "refused.passkey.challenge"


def test_a_release_is_laid_by_who_was_just_there(two: Pair) -> None:
    client, device = invited(two.seoul, "kim")
    assert client.post("/passkey/prove").json() == {}
    two.clock.turn(sessions.PROOF_SECONDS)
    started = client.post("/release/new", {"to": "JPN"})
    sheet = started.headers["location"]
    refused = client.post(f"{sheet}/lay", {"title": "Typed for an hour"})
    assert code(refused) == "refused.session.proof"
    assert "Typed for an hour" in refused.text
    assert "Typed for an hour" in client.get(sheet).text
    wish = client.post("/passkey/prove").json()
    assert client.post("/passkey/proven", device.answer(wish)).status_code == 200
    assert code(client.post(f"{sheet}/lay", {"title": "x"})) != "refused.session.proof"


def test_another_persons_passkey_proves_nothing(two: Pair) -> None:
    client, _ = invited(two.seoul, "kim")
    _, others = invited(two.seoul, "park")
    two.clock.turn(sessions.PROOF_SECONDS)
    wish = client.post("/passkey/prove").json()
    assert client.post("/passkey/proven", others.answer(wish)).status_code == 403


def test_an_approval_is_signed_and_what_is_entered_is_what_was_shown(two: Pair) -> None:
    client, device = invited(two.seoul)
    name = laid(two)
    path = f"/approvals/{name[7:23]}/approve"
    assert client.post(f"{path}/sign", {}).json() == {}  # the questions come first
    wish = client.post(f"{path}/sign", ANSWERED).json()
    assert wish["allow"] == [device.answer(wish)["credential"]]
    other = laid(two)
    wrong = client.post(f"/approvals/{other[7:23]}/approve", ANSWERED | device.answer(wish))
    assert code(wrong) == "invalid.passkey"
    assert code(client.post(path, ANSWERED)) == "refused.passkey.wanted"
    done = client.post(path, ANSWERED | device.answer(wish))
    assert done.status_code == 303
    page = client.get(done.headers["location"], params={"lang": "en"}).text
    assert "signed by passkey" in page
    two.carry()
    with two.tokyo.store.reading() as tx:
        log = correspondence(KOR, JPN)
        size = tx.frontier(log).size
        entry = decode_entry(tx.leaves(log, size - 1, size)[0])
    assert isinstance(entry.deed, deeds.Release)
    assert deeds.deed_digest(entry.deed) == name


def test_a_key_file_is_shown_as_custodied(two: Pair) -> None:
    node = two.seoul
    client = Browser(node, origin=SEOUL)
    client.get(f"/enter/{sessions.make_link(node, PersonId('park'))}")
    name = laid(two)
    page = client.get(f"/approvals/{name[7:23]}", params={"lang": "en"}).text
    assert "custodied" in page
    wish = client.post(f"/approvals/{name[7:23]}/approve/sign", ANSWERED)
    assert wish.json() == {}
    done = client.post(f"/approvals/{name[7:23]}/approve", ANSWERED)
    assert "signed by a custodied key file" in client.get(done.headers["location"]).text


def test_a_further_passkey_is_registered_by_who_was_just_there(two: Pair) -> None:
    client, device = invited(two.seoul)
    second = Authenticator()
    two.clock.turn(sessions.PROOF_SECONDS)
    wish = client.post("/passkeys/new/wish").json()
    assert len(wish["exclude"]) == 1
    assert client.post("/passkeys/new", second.create(wish)).status_code == 403
    client.post("/passkey/proven", device.answer(client.post("/passkey/prove").json()))
    assert client.post("/passkeys/new", second.create(wish)).status_code == 303
    assert signed_in(two.seoul, second).get("/").status_code == 200
    third = client.post("/passkeys/new/wish").json()
    assert client.post("/passkeys/new", device.create(third)).status_code == 403


def test_a_revoked_passkey_ends_its_sessions_and_signs_nobody_in(two: Pair) -> None:
    client, device = invited(two.seoul)
    second = registered(two.seoul, "park")
    key = key_id(device.public).removeprefix("sha384:")
    other, _ = invited(two.seoul, "kim")
    assert code(other.post(f"/passkeys/{key}/revoke")) == "refused.passkey.unknown"
    assert client.post(f"/passkeys/{key}/revoke").status_code == 303
    assert client.get("/").status_code == 401
    late = browser(two.seoul)
    told = late.post("/sign-in", device.answer(late.post("/passkey/sign-in").json()))
    never = late.post("/sign-in", Authenticator().answer(late.post("/passkey/sign-in").json()))
    assert code(told) == code(never) == "refused.passkey.unknown"
    assert told.content == never.content
    assert signed_in(two.seoul, second).get("/").status_code == 200


def test_an_administrator_sees_and_revokes_those_of_others(two: Pair) -> None:
    boss, _ = invited(two.seoul, "admin")
    _, device = invited(two.seoul, "park")
    key = key_id(device.public).removeprefix("sha384:")
    assert key[:12] in boss.get("/passkeys").text
    desk, _ = invited(two.seoul, "kim")
    assert key[:12] not in desk.get("/passkeys").text
    assert boss.post(f"/passkeys/{key}/revoke").status_code == 303
    with two.seoul.store.reading() as tx:
        assert passkeys.living(tx, PersonId("park")) == ()


def test_a_console_without_a_host_name_registers_nothing(two: Pair) -> None:
    client = Browser(two.seoul)
    client.get(f"/enter/{sessions.make_link(two.seoul, PersonId('park'))}")
    assert client.post("/passkeys/new/wish").status_code == 403
    assert "data-passkey" not in client.get("/passkeys").text.partition("<main")[2]


def test_who_asks_for_challenges_fills_no_disk(two: Pair) -> None:
    client = browser(two.seoul)
    with two.seoul.store.reading() as tx:
        before = tx.keys(Space.SESSION)
    made = {client.post("/passkey/sign-in").json()["challenge"] for _ in range(9)}
    assert len(made) == 9
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.SESSION) == before


def test_forms_of_another_page_open_no_session(two: Pair) -> None:
    _, device = invited(two.seoul)
    client = browser(two.seoul)
    answer = device.answer(client.post("/passkey/sign-in").json())
    elsewhere = {"origin": "http://tokyo.localhost:7501"}
    assert client.post("/sign-in", answer, headers=elsewhere).status_code == 403
    assert cookie_name(two.seoul) not in client.cookies


def test_the_cookie_of_a_console_behind_tls_travels_over_tls_only(two: Pair) -> None:
    client = Browser(two.seoul, origin="https://comity.example", demo=False)
    device = Authenticator(origin="https://comity.example", domain="comity.example")
    secret = sessions.make_link(two.seoul, PersonId("park"), kind="invitation")
    wish = client.post(f"/invited/{secret}/wish").json()
    told = client.post(f"/invited/{secret}", device.create(wish))
    assert "secure" in told.headers["set-cookie"].lower()
    name = laid(two)
    wish = client.post(f"/approvals/{name[7:23]}/approve/sign", ANSWERED).json()
    done = client.post(f"/approvals/{name[7:23]}/approve", ANSWERED | device.answer(wish))
    assert done.status_code == 303
    two.carry()


def test_a_custodian_of_two_passkeys_signs_a_list_with_either(two: Pair) -> None:
    first, second = (registered(two.seoul, "park") for _ in range(2))
    client = signed_in(two.seoul, first)
    name = laid(two)
    wish = client.post(f"/approvals/{name[7:23]}/approve/sign", ANSWERED).json()
    assert len(wish["allow"]) == 2
    done = client.post(f"/approvals/{name[7:23]}/approve", ANSWERED | second.answer(wish))
    assert done.status_code == 303
    with two.seoul.store.reading() as tx:
        assert deciding.given(two.seoul, tx, name) == ()
