"""The console over two real nodes: who sees what, in three languages, without a raw code."""

import re

import pytest

from comity.acts.deeds import Stage
from comity.console import sessions
from comity.console.app import cookie_name
from comity.node import deciding, receiving, releases
from comity.node.chancery import RefusedAct
from comity.node.node import Node
from comity.node.ports import Space
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Regime, Subject
from tests.support.browser import Browser
from tests.support.pair import (
    JPN,
    KOR,
    LATER,
    Pair,
    entitle,
    pair,
    under_the_pact,
)

TONGUES = ("en", "ko", "ja")
FAMILIES = r"console(?!\.css|\.js)|refused|unavailable|outcome|standing|copy|stage|act|party"
RAW = re.compile(rf"\b(?:{FAMILIES})\.[a-z]")


@pytest.fixture(scope="module")
def crossing() -> tuple[Pair, str]:
    two = under_the_pact()
    laid = releases.lay_before(
        two.seoul,
        releases.Wish(
            to=JPN,
            offices=(Office("JPN/DIH"),),
            by=Office("KOR/KDIA"),
            level=Level("KOR:mil-2"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            content=b"A fictional assessment.",
            title="Launch assessment",
            media_type="text/plain",
            pages=4,
        ),
        drafter=PersonId("kim"),
    )
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))
    two.carry()
    reference = entered[0].entry.deed.item.reference
    tokyo = two.tokyo
    with tokyo.store.reading() as tx:
        item = receiving.find_item(tx, KOR, reference)
    suzuki, special = PersonId("suzuki"), "JPN:tokutei-himitsu"
    receiving.register(tokyo, item, officer=suzuki)
    receiving.designate(
        tokyo,
        item,
        regime=Regime(special),
        level=Level(special),
        until=LATER,
        officer=PersonId("mori"),
    )
    receiving.re_mark(tokyo, item, level=Level(special), regime=Regime(special), officer=suzuki)
    entitle(tokyo, "minister-jpn", level=special, subject=None)
    entitle(tokyo, "abe", level=special, subject="dprk.missile")
    receiving.assign(tokyo, item, person=PersonId("abe"), officer=suzuki)
    receiving.receipt(tokyo, item, custodian=PersonId("ito"), stage=Stage.DOCUMENT)
    two.carry()
    return two, reference


def signed_in(node: Node, person: str) -> Browser:
    client = Browser(node)
    secret = sessions.make_link(node, PersonId(person))
    assert client.get(f"/enter/{secret}").status_code == 303
    return client


def test_a_link_works_once(crossing: tuple[Pair, str]) -> None:
    node = crossing[0].tokyo
    client = Browser(node)
    secret = sessions.make_link(node, PersonId("abe"))
    first = client.get(f"/enter/{secret}")
    again = client.get(f"/enter/{secret}")
    never = client.get("/enter/never-made")
    assert (first.status_code, again.status_code) == (303, 403)
    assert again.content == never.content
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{cookie_name(node)}=")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


def test_links_and_sessions_end_with_their_time() -> None:
    two = pair()
    node = two.tokyo
    late = sessions.make_link(node, PersonId("abe"))
    two.clock.turn(sessions.LINK_SECONDS)
    with pytest.raises(Refused, match=r"refused\.session\.link"):
        sessions.enter(node, late)
    secret = sessions.enter(node, sessions.make_link(node, PersonId("abe")))
    two.clock.turn(sessions.SESSION_SECONDS - 1)
    assert sessions.person_of(node, secret) == "abe"
    two.clock.turn(1)
    with pytest.raises(Refused, match=r"refused\.session\.none"):
        sessions.person_of(node, secret)


def test_a_link_is_no_session_and_a_session_no_link() -> None:
    node = pair().tokyo
    link = sessions.make_link(node, PersonId("abe"))
    with pytest.raises(Refused, match=r"refused\.session\.none"):
        sessions.person_of(node, link)
    session = sessions.enter(node, link)
    with pytest.raises(Refused, match=r"refused\.session\.link"):
        sessions.enter(node, session)


def test_secrets_are_kept_by_digest_only() -> None:
    node = pair().tokyo
    link = sessions.make_link(node, PersonId("abe"))
    session = sessions.enter(node, sessions.make_link(node, PersonId("ito")))
    with node.store.reading() as tx:
        keys = tx.keys(Space.SESSION)
        kept = b"".join([tx.load(Space.SESSION, key) or b"" for key in keys])
    assert len(keys) == 2
    for secret in (link, session):
        assert secret not in "".join(keys)
        assert secret.encode() not in kept


def test_signing_out_ends_the_session(crossing: tuple[Pair, str]) -> None:
    node = crossing[0].tokyo
    client = signed_in(node, "abe")
    kept = client.cookies[cookie_name(node)]
    client.post("/leave")
    client.cookies.set(cookie_name(node), kept, domain="127.0.0.1")
    assert client.get("/").status_code == 401


def test_a_stranger_is_told_to_sign_in_wherever_he_looks(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    client = Browser(two.tokyo)
    paths = ("/", "/pact", "/register", "/ledger", f"/register/{reference}", "/no-such-page")
    answers = [client.get(path) for path in paths]
    assert {one.status_code for one in answers} == {401}
    assert len({one.content for one in answers}) == 1


def test_forbidden_is_absent_byte_for_byte(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    client = signed_in(two.tokyo, "minister-jpn")
    answers = [
        client.get(path)
        for path in (f"/register/{reference}", "/register/KOR-2026-NONE", "/ledger", "/nowhere")
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1
    assert len({tuple(sorted(one.headers.items())) for one in answers}) == 1


def test_no_list_or_count_tells_the_minister_more(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    client = signed_in(two.tokyo, "minister-jpn")
    for path in ("/", "/register", "/pact"):
        told = client.get(path)
        assert told.status_code == 200
        assert reference not in told.text
        assert "dprk.missile.launch" not in told.text
        assert "極秘" not in told.text.split("<main")[0]


@pytest.mark.parametrize("lang", TONGUES)
@pytest.mark.parametrize("party", [KOR, JPN])
def test_every_page_reads_in_every_language(
    crossing: tuple[Pair, str], party: str, lang: str
) -> None:
    two, reference = crossing
    for person in {KOR: ("choi", "park"), JPN: ("suzuki", "abe")}[party]:
        client = signed_in(two.nodes[party], person)
        mine = ("/passkeys", f"/register/{reference}")
        for path in ("/", "/pact", "/register", *mine, "/ledger", "/nowhere"):
            told = client.get(path, params={"lang": lang})
            assert told.status_code in (200, 404)
            assert f'<html lang="{lang}">' in told.text
            assert "<built-in" not in told.text.replace("&lt;", "<")
            assert not RAW.findall(re.sub(r"<code>.*?</code>", "", told.text)), path


def test_the_language_is_remembered(crossing: tuple[Pair, str]) -> None:
    client = signed_in(crossing[0].tokyo, "abe")
    client.get("/", params={"lang": "ja"})
    assert '<html lang="ja">' in client.get("/").text


def test_an_item_bears_its_marking_at_head_and_foot(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    told = signed_in(two.tokyo, "abe").get(f"/register/{reference}").text
    banners = re.findall(r'<div class="banner[^>]*>(.*?)</div>', told)
    assert len(banners) == 2
    assert banners[0] == banners[1]
    assert banners[0].startswith("군사Ⅱ급비밀 · SECRET · 特定秘密")


def test_a_list_bears_the_own_level_first(crossing: tuple[Pair, str]) -> None:
    two, _ = crossing
    for node, person, first in (
        (two.tokyo, "suzuki", "特定秘密 · SECRET · 군사Ⅱ급비밀"),
        (two.seoul, "choi", "군사Ⅱ급비밀 · SECRET"),
    ):
        told = signed_in(node, person).get("/register").text
        assert re.findall(r'<div class="banner[^>]*>(.*?)</div>', told)[0].startswith(first)


def test_a_recorded_refusal_does_not_read_as_lawful(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    with two.tokyo.store.reading() as tx:
        item = receiving.find_item(tx, JPN, reference)
    with pytest.raises(RefusedAct):
        receiving.assign(
            two.tokyo, item, person=PersonId("minister-jpn"), officer=PersonId("suzuki")
        )
    told = signed_in(two.tokyo, "suzuki").get(f"/register/{reference}").text
    line = told.split("<strong>act refused at home: ")[1].split("</li>")[0]
    assert "lawful" not in line
    assert "Article 7" in line


def test_an_item_shows_its_proofs_and_no_content(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    told = signed_in(two.tokyo, "abe").get(f"/register/{reference}").text
    assert "comity/KOR/to/JPN" in told
    assert "cosigned" in told
    assert "Launch assessment" in told  # to whom it is assigned
    assert "A fictional assessment." not in told
    other = signed_in(two.tokyo, "suzuki").get(f"/register/{reference}").text
    assert "cosigned" in other


def test_every_answer_forbids_script(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    client = signed_in(two.tokyo, "abe")
    for path in ("/", f"/register/{reference}", "/nowhere", "/static/console.css", "/enter/x"):
        told = client.get(path)
        policy = told.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert told.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?! src=\"/static/)", told.text)
        assert not re.search(r"\s(?:style|on[a-z]+)=", told.text)


def test_empty_pages_say_how_to_begin() -> None:
    client = signed_in(pair().tokyo, "suzuki")
    assert "comity agreement propose" in client.get("/pact").text
    assert "No duty is open" in client.get("/").text
    assert "shows you no item" in client.get("/register").text


def test_an_item_is_opened_as_an_act_and_with_a_watermark(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    abe = signed_in(two.tokyo, "abe")
    told = abe.post(f"/read/{reference}")
    assert told.status_code == 200
    assert "A fictional assessment." in told.text
    assert 'data-mark="abe · 2026-' in told.text
    assert "<li><span data-said>abe" in abe.get(f"/register/{reference}").text.split("Opened by")[1]
    suzuki = signed_in(two.tokyo, "suzuki").post(f"/read/{reference}")
    assert suzuki.status_code == 403
    assert "fictional assessment" not in suzuki.text
    minister = signed_in(two.tokyo, "minister-jpn")
    assert minister.post(f"/read/{reference}").text == minister.post("/read/KOR-2026-NONE").text


def test_the_evidence_of_an_item_is_taken_away(crossing: tuple[Pair, str]) -> None:
    two, reference = crossing
    told = signed_in(two.tokyo, "suzuki").get(f"/evidence/{reference}")
    assert told.headers["content-disposition"].startswith("attachment")
    assert len(told.content) > 1000
    minister = signed_in(two.tokyo, "minister-jpn")
    assert minister.get(f"/evidence/{reference}").text == minister.get("/evidence/none").text
