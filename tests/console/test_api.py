"""The API over two real nodes: who gets what, once and no faster; from desk to receipt."""

from base64 import b64decode, b64encode, urlsafe_b64encode

import pytest

from comity.console import sessions
from comity.console.api import Pace, tokens
from comity.console.app import cookie_name
from comity.node.ports import Space
from comity.seal.authenticator import raw
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import PersonId
from tests.support import authenticator
from tests.support.pair import LATER, Pair, enlist, under_the_pact
from tests.support.programs import WISH, YES, Program, leaves, released


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def test_a_release_goes_from_desk_to_receipt_by_the_api_alone(two: Pair) -> None:
    kim = Program(two.seoul, "kim")
    judged = kim.post("/releases/judge", WISH).json()
    assert judged["word"] == "decide"
    number = released(two)
    suzuki, ito = Program(two.tokyo, "suzuki"), Program(two.tokyo, "ito")
    assert [one["reference"] for one in suzuki.get("/register").json()["items"]] == [number]
    place = f"/register/{number}"
    assert suzuki.post(f"{place}/number").status_code == 200
    special = "JPN:tokutei-himitsu"
    mori = Program(two.tokyo, "mori")
    regime = {"regime": special, "level": special, "until": LATER}
    # Who designates knows of the number, and not of what is in it.
    assert mori.get(place).json()["item"]["title"] == ""
    assert mori.post(f"{place}/read").status_code == 403
    assert mori.post(f"{place}/designate", regime).status_code == 200
    told = suzuki.post(f"{place}/mark", {"level": special, "regime": special})
    assert told.status_code == 200, told.text
    administrator = Program(two.tokyo, "admin")
    for path, body in (
        ("clearances", {"level": special, "until": LATER}),
        ("needs", {"subject": "dprk.missile", "until": LATER}),
    ):
        told = administrator.post(f"/persons/abe/{path}", body)
        assert told.status_code == 200, told.text
    enlist(two.tokyo, "abe")
    assert suzuki.post(f"{place}/assign", {"person": "abe"}).status_code == 200
    abe = Program(two.tokyo, "abe")
    opened = abe.post(f"{place}/read").json()
    assert b64decode(opened["content"]) == b"A fictional assessment."
    assert opened["title"] == "Launch assessment"
    assert ito.post(f"{place}/receipt").status_code == 200
    two.carry()
    whole = suzuki.get(place).json()
    assert whole["assigned"] == ["abe"]
    assert [one["person"] for one in whole["read_by"]] == ["abe"]
    kinds = [one["kind"] for one in suzuki.get(f"{place}/timeline").json()["items"]]
    assert {"release.release", "register.register", "delivery.receipt"} <= set(kinds)
    raw = Program(two.seoul, "park").get(f"{place}/evidence").content
    told = abe.post("/evidence/verify", {"file": b64encode(raw).decode()})
    assert told.status_code == 200, told.text
    assert not told.json()["confirmed"]
    found = told.json()["statements"]
    assert {one["kind"] for one in found} >= {"release.release", "delivery.receipt"}


def test_a_refusal_names_article_reason_and_remedy_in_the_language_asked_for(two: Pair) -> None:
    kim = Program(two.seoul, "kim")
    above = WISH | {"level": "KOR:mil-1"}
    told = kim.post("/releases", above, headers={"accept-language": "ja"})
    assert told.status_code == 403
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["code"].startswith("refused.")
    assert problem["type"] == f"urn:comity:{problem['code']}"
    assert any(one["article"] and one["reason"] for one in problem["objections"])
    assert any("\u3040" <= letter <= "\u30ff" for letter in told.text)


def test_a_token_is_shown_once_kept_by_digest_and_ends_at_once(two: Pair) -> None:
    node = two.tokyo
    secret, one = tokens.add(node, PersonId("abe"), name="export", until=LATER)
    with node.store.reading() as tx:
        kept = tx.load_many(Space.SESSION, tx.keys(Space.SESSION))
    assert secret not in str(kept)
    program = Program(node)
    program.token = secret
    assert program.get("/me").json()["person"] == "abe"
    listed = program.get("/tokens").json()["items"]
    assert [each["id"] for each in listed] == [one.id]
    assert secret not in program.get("/tokens").text
    # Another's token is no token.
    assert Program(node, "ito").ask("DELETE", f"/tokens/{one.id}").status_code == 404
    assert program.ask("DELETE", f"/tokens/{one.id}").status_code == 200
    told = program.get("/me")
    assert (told.status_code, told.headers["www-authenticate"]) == (401, 'Bearer realm="comity"')


def test_a_token_ends_with_its_time_and_is_not_made_for_nobody(two: Pair) -> None:
    node = two.tokyo
    end = plus_seconds(two.clock.now(), 60)
    secret, _ = tokens.add(node, PersonId("abe"), name="export", until=end)
    two.clock.turn(59)
    assert tokens.person_of(node, secret)[0] == "abe"
    two.clock.turn(1)
    with pytest.raises(Refused, match=r"refused\.session\.none"):
        tokens.person_of(node, secret)
    with pytest.raises(Refused, match=r"refused\.person\.unknown"):
        tokens.add(node, PersonId("nobody"), name="export", until=LATER)
    with pytest.raises(Invalid, match=r"invalid\.api\.token"):
        tokens.add(node, PersonId("abe"), name="export", until=end)


def test_a_token_is_no_session_and_a_session_no_token(two: Pair) -> None:
    node = two.tokyo
    session = sessions.enter(node, sessions.make_link(node, PersonId("abe")))
    secret, _ = tokens.add(node, PersonId("abe"), name="export", until=LATER)
    with pytest.raises(Refused, match=r"refused\.session\.none"):
        tokens.person_of(node, session)
    with pytest.raises(Refused, match=r"refused\.session\.none"):
        sessions.person_of(node, secret)
    # Sessions that ended are forgotten, and tokens stay.
    two.clock.turn(2 * sessions.SESSION_SECONDS)
    sessions.make_link(node, PersonId("abe"))
    assert tokens.person_of(node, secret)[0] == "abe"


def test_a_session_reads_and_acts_only_from_a_page_of_this_house(two: Pair) -> None:
    node = two.seoul
    session = sessions.enter(node, sessions.make_link(node, PersonId("kim")))
    cookie = {"cookie": f"{cookie_name(node)}={session}"}
    program = Program(node)
    assert program.get("/me", headers=cookie).json()["person"] == "kim"
    elsewhere = cookie | {"origin": "http://127.0.0.1:9999"}
    assert program.post("/sheets", {"to": "JPN"}, headers=elsewhere).status_code == 403
    assert program.post("/sheets", {"to": "JPN"}, headers=cookie).status_code == 403
    here = cookie | {"origin": "http://127.0.0.1"}
    assert program.post("/sheets", {"to": "JPN"}, headers=here).status_code == 200
    # A wrong token is not excused by a good cookie.
    wrong = here | {"authorization": "Bearer comity_wrong"}
    assert program.get("/me", headers=wrong).status_code == 401


def test_a_list_is_read_page_by_page_while_it_grows(two: Pair) -> None:
    numbers = [released(two) for _ in range(3)]
    park = Program(two.seoul, "park")
    first = park.get("/register?limit=2").json()
    assert len(first["items"]) == 2
    numbers.append(released(two))
    second = park.get("/register", params={"limit": 2, "cursor": first["next"]}).json()
    seen = [one["reference"] for one in first["items"] + second["items"]]
    assert sorted(seen) == sorted(numbers[:3])
    assert second["next"] == ""
    assert park.get("/register?limit=201").status_code == 422
    assert park.get("/register?limit=0").status_code == 422
    assert park.get("/register?cursor=never").json()["code"] == "invalid.api.cursor"
    assert park.get("/register?limit=2&limit=3").json()["code"] == "invalid.api.query"
    assert park.get("/register?wrong=1").json()["code"] == "invalid.api.query"
    assert park.get("/register?q=%00").json()["code"] == "invalid.api.query"
    zero = urlsafe_b64encode(b'["\\u0000", "a"]').decode().rstrip("=")
    assert park.get(f"/register?cursor={zero}").json()["code"] == "invalid.api.cursor"


def test_what_is_unchanged_is_not_sent_again(two: Pair) -> None:
    number = released(two)
    park = Program(two.seoul, "park")
    first = park.get(f"/register/{number}")
    tag = {"if-none-match": first.headers["etag"]}
    again = park.get(f"/register/{number}", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-store"
    suzuki, ito = Program(two.tokyo, "suzuki"), Program(two.tokyo, "ito")
    suzuki.post(f"/register/{number}/number")
    suzuki.post(f"/register/{number}/mark", {"level": "JPN:gokuhi"})
    assert ito.post(f"/register/{number}/receipt").status_code == 200
    two.carry()
    assert park.get(f"/register/{number}", headers=tag).status_code == 200


def test_who_asks_too_fast_waits_and_nobody_else(two: Pair) -> None:
    kim = Program(two.seoul, "kim", pace=Pace(burst=3, each_second=0.5))
    park = Program(two.seoul, "park")
    park.app = kim.app
    assert [kim.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    told = kim.get("/me")
    assert told.headers["retry-after"] == "2"
    assert told.json()["code"] == "refused.api.rate"
    assert park.get("/me").status_code == 200
    two.clock.turn(-3600)
    assert kim.get("/me").status_code == 429
    two.clock.turn(2)
    assert kim.get("/me").status_code == 200


def test_bodies_are_bounded_and_json(two: Pair) -> None:
    kim = Program(two.seoul, "kim")
    told = kim.ask("POST", "/releases", content=b"{}", headers={"content-type": "text/plain"})
    assert told.status_code == 415
    told = kim.ask("POST", "/releases", content=b"{" + b" " * (29 << 20) + b"}")
    assert told.status_code == 413
    for sent in (b"{", b"\xff", b"[" * 100_000, b'{"to": "JPN", "more": 1}', b"null"):
        told = kim.ask(
            "POST", "/releases", content=sent, headers={"content-type": "application/json"}
        )
        assert (told.status_code, told.json()["code"]) == (422, "invalid.api.body")


def test_a_method_that_is_not_taken_says_which_are(two: Pair) -> None:
    told = Program(two.seoul, "kim").ask("PUT", "/sheets")
    assert told.status_code == 405
    assert set(told.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST"}
    assert Program(two.seoul).ask("PUT", "/sheets").status_code == 401


def test_a_passkey_signs_what_the_same_request_would_have_signed(two: Pair) -> None:
    device = authenticator.registered(two.seoul, "park")
    kim = Program(two.seoul, "kim")
    park = Program(two.seoul, "park", origin=device.origin)
    names = [
        kim.post("/releases", WISH | {"title": title}).json()["draft"].removeprefix("sha384:")
        for title in ("One", "Two")
    ]
    place = f"/approvals/{names[0]}/approve"
    before = leaves(two.seoul)
    wish = park.post(f"{place}/sign", YES).json()
    assert (wish["custodied"], wish["relying_party"]) == (False, device.domain)
    assert wish["deeds"] == [f"sha384:{names[0]}"]
    assert leaves(two.seoul) == before
    told = park.post(place, YES)
    assert (told.status_code, told.json()["code"]) == (403, "refused.passkey.wanted")
    brought = device.sign(raw(wish["challenge"]))
    signature = {name: b64encode(value).decode() for name, value in brought._asdict().items()}
    # What was signed for one draft signs no other, and not at another origin.
    other = park.post(f"/approvals/{names[1]}/approve", YES | {"signature": signature})
    assert (other.status_code, other.json()["family"]) == (422, "invalid")
    elsewhere = Program(two.seoul, "park", origin="http://seoul.localhost:9")
    told = elsewhere.post(place, YES | {"signature": signature})
    assert (told.status_code, told.json()["code"]) == (422, "invalid.passkey")
    told = park.post(place, YES | {"signature": signature})
    assert told.status_code == 200, told.text
    assert len(told.json()["released"]) == 1
    assert Program(two.tokyo, "tanaka").post(f"{place}/sign", YES).status_code == 404


def test_what_was_typed_wrongly_is_said_when_it_is_laid(two: Pair) -> None:
    kim = Program(two.seoul, "kim")
    name = kim.post("/sheets", {"to": "JPN"}).json()["name"]
    typed = {key: WISH[key] for key in ("offices", "level", "subject", "purpose", "title")}
    sheet = kim.ask("PATCH", f"/sheets/{name}", json=typed | {"text": "A text.", "pages": "many"})
    assert sheet.status_code == 200
    assert kim.get(f"/sheets/{name}").json()["judgement"]["word"] == "unreadable"
    told = kim.post(f"/sheets/{name}/lay")
    assert (told.status_code, told.json()["code"]) == (422, "invalid.number")
    again = kim.post(f"/sheets/{name}/judge", {"pages": "4"})
    assert again.json()["judgement"]["word"] == "decide"
    assert kim.post(f"/sheets/{name}/lay").status_code == 200
    (draft,) = kim.get("/drafts").json()["items"]
    back = kim.post(f"/drafts/{draft['draft'].removeprefix('sha384:')}/take-back").json()
    assert kim.get(f"/sheets/{back['sheet']}").json()["pages"] == "4"
    assert kim.get("/drafts").json()["items"] == []


def test_a_fault_is_answered_and_its_words_are_written_nowhere(two: Pair, caplog) -> None:
    class Broken:
        def reading(self) -> None:
            raise RuntimeError("a canary")

    kim = Program(two.seoul, "kim")
    kept, two.seoul.store = two.seoul.store, Broken()  # type: ignore[assignment]
    told = kim.get("/me")
    two.seoul.store = kept
    assert (told.status_code, told.json()["code"]) == (500, "bug")
    assert told.headers["content-type"] == "application/problem+json"
    assert "canary" not in told.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_an_address_with_a_line_end_is_one_of_the_api(two: Pair) -> None:
    told = Program(two.seoul, "kim").get("/register/%0AKOR-2026-1")
    assert (told.status_code, told.json()["code"]) == (404, "refused.absent")
