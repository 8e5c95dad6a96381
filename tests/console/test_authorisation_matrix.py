"""Every route about a thing, every role; own, foreign and random: forbidden is absent to the byte.

The routes come from the application itself: a new one whose address or body has no row here fails.
"""

import re
from typing import Any, NamedTuple

import pytest
from starlette.routing import Mount, Route

from comity.acts.deeds import Role
from comity.console import sessions
from comity.console.api import tokens
from comity.console.app import cookie_name, make_app
from comity.console.pages.approvals import QUESTIONS
from comity.node import consents, people, receiving, releases, requests, sheets, uploads
from comity.node.node import Node
from comity.seal.fingerprints import key_id
from comity.vocabulary.names import Office, Party, PersonId, Purpose, Subject
from tests.console.test_streams import directive
from tests.support.asked import Question, ask
from tests.support.authenticator import registered as registered_passkey
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    LATER,
    PERSONS,
    Pair,
    assure,
    conclude,
    enrol,
    entitle,
    give,
    pair,
)
from tests.support.programs import UNHURRIED, WISH, released
from tests.support.streams import gsomia_with_streams

ROOT = "/api/v1"
MORE = {KOR: {"lee": ("KOR/KDIA", Role.DESK), "yoon": ("KOR/REGISTRY", Role.SECURITY)}, JPN: {}}

KNOWS: dict[tuple[Party, str], set[str]] = {
    (KOR, "item"): {"kim", "park", "choi", "yoon"},
    (JPN, "item"): {"suzuki", "ito", "mori", "abe", "sato"},
    (KOR, "directive"): {"kim", "park", "choi", "yoon"},
    (JPN, "directive"): {"suzuki", "ito", "mori"},
    (KOR, "sheet"): {"kim"},
    (KOR, "draft"): {"kim", "park"},
    (KOR, "list"): {"kim", "park"},
    (KOR, "request"): {"kim", "lee", "park", "choi", "yoon"},
    (JPN, "request"): {"sato", "tanaka", "suzuki"},
    (KOR, "consent"): {"kim", "park", "choi"},
    (JPN, "consent"): {"suzuki", "sato"},
    (KOR, "person"): {"choi", "yoon", "admin"},
    (JPN, "person"): {"suzuki", "admin"},
    (KOR, "token"): {"kim"},
    (KOR, "passkey"): {"kim", "admin"},
}
"""Who may know of which thing: written down here, and asked of the application below."""

RANDOM = {
    "number": "KOR-2026-0123456789",
    "directive": "KOR-2026-0123456789",
    "sheet": "0123456789abcdef",
    "draft": "0123456789abcdef",
    "list": "0123456789abcdef",
    "person": "nobody",
    "token": "0123456789abcdef",
    "passkey": "0123456789abcdef" * 6,
}

POSITION = {"log": "comity/KOR/to/JPN", "index": 0}
BODIES: dict[str, Any] = {
    "designate": {"regime": "JPN:tokutei-himitsu", "level": "JPN:tokutei-himitsu", "until": LATER},
    "mark": {"level": "JPN:gokuhi"},
    "assign": {"person": "abe"},
    "need": {"person": "abe", "until": LATER},
    "consents": {"uses": "purpose", "purpose": "defence.training"},
    "pass-on": {"to": "USA", "offices": ["USA/DIA"]},
    "delivery-certificate": {
        "copies": [1],
        "method": "burn",
        "witnesses": 2,
        "emergency": False,
    },
    "delivery-hand-over": {
        "copy": 1,
        "step": 1,
        "sealed": True,
        "covered": True,
        "signed": True,
        "taker": "JPN/DIH",
    },
    "delivery-return": {"copy": 1},
    "contractor-hand-over": {
        "copy": 1,
        "contractor": "kor-c-1",
        "met": [],
        "inspected": LATER,
        "letter": True,
    },
    "evaluate-item": {"worth": "new"},
    "incident-report": {"suspected": True, "discovered": "2026-11-24T00:00:00.000Z", "copies": [1]},
    "incident-investigate": {"about": POSITION, "joint": False},
    "incident-results": {"about": POSITION, "stated": ["facts"]},
    "incident-close": {"about": POSITION},
    "register-acknowledge-regrading": {"altered": [1], "unreached": []},
    "register-derive": {"number": "JPN-D-1", "level": "JPN:gokuhi"},
    "register-destroy": {"copy": 1, "method": "burn", "witnesses": 2, "emergency": False},
    "register-extract": {"number": "JPN-E-1", "level": "JPN:gokuhi", "pages": 1},
    "register-give-back": {"copy": 1},
    "register-loan": {"copy": 1, "person": "abe", "until": LATER, "signed": True},
    "register-muster": {"found": [1], "missing": [], "persons": 2},
    "register-regrade": {"level": "KOR:mil-3"},
    "register-relieve": {"copy": 1, "custodian": "JPN/DIH", "joint": True},
    "register-reproduce": {"copy": 1, "number": 2, "reason": "need"},
    "register-store": {"copy": 1, "place": "vault"},
    "register-translate": {
        "number": "JPN-T-1",
        "level": "JPN:gokuhi",
        "language": "ja",
        "person": "abe",
        "note": True,
        "machine": "none",
    },
    "release-recall": {},
    "answer": {"releases": ["NUMBER"]},
    "approve": {"questions": dict.fromkeys(QUESTIONS, True)},
    "clearances": {"level": "KOR:mil-2", "until": LATER},
    "needs": {"subject": "dprk.missile", "until": LATER},
    "sign": {"to": "JPN"},
    "notify": {"to": "JPN"},
}
"""The body of an act on a thing, by the last part of its address; none where it is not here."""

EMPTY = {
    "number", "read", "receipt", "lay", "judge", "take-back", "decline", "withdraw", "grant",
    "{passkey}", "change", "{list}", "revise",
    "suspend", "refuse", "acknowledge", "{sheet}", "{token}", "erase",
}  # fmt: skip
"""Acts on a thing that need no body."""

LOOKS = {"/ledger/rebuild"}
"""What is asked by POST and changes nothing: who may, is answered."""

RECEIPT = {"stage": "document", "copy": "1", "pages": "1", "annexes": "0"}

FORMS: dict[str, dict[str, str]] = {
    "/read/{number:path}": {},
    "/release/{sheet:str}/judge": {"title": "A title"},
    "/release/{sheet:str}/keep": {"title": "A title"},
    "/release/{sheet:str}/lay": {"title": "A title"},
    "/release/{sheet:str}/drop": {},
    "/release/laid/{draft:str}/back": {},
    "/series/{list:str}/lay": {},
    "/series/{list:str}/drop": {},
    "/series/{list:str}/approve": {f"question-{one}": "yes" for one in QUESTIONS},
    "/series/{list:str}/approve/sign": {f"question-{one}": "yes" for one in QUESTIONS},
    "/approvals/{draft:str}/approve": {f"question-{one}": "yes" for one in QUESTIONS},
    "/approvals/{draft:str}/decline": {},
    "/approvals/{draft:str}/approve/sign": {f"question-{one}": "yes" for one in QUESTIONS},
    "/directives/{number:path}/suspend": {},
    "/directives/{number:path}/withdraw": {},
    "/onward/{number:path}": {"to": "USA", "offices": "USA/DIA"},
    "/approvals/{draft:str}/change": {"title": "A title"},
    "/approvals/{draft:str}/revise": {"title": "A title"},
    "/register/{number:path}/number": {},
    "/register/{number:path}/designate": {"level": "JPN:gokuhi|JPN:gokuhi", "until": "2027-01-01"},
    "/register/{number:path}/mark": {"level": "JPN:gokuhi"},
    "/register/{number:path}/assign": {"person": "abe"},
    "/register/{number:path}/need": {"person": "abe", "until": "2027-01-01"},
    "/register/{number:path}/receipt": RECEIPT,
    "/register/{number:path}/receipt/sign": RECEIPT,
    "/requests/{key:path}/answer": {"extent": "full", "number": RANDOM["number"]},
    "/requests/{key:path}/decline": {},
    "/requests/{key:path}/withdraw": {},
    **{
        f"/{place}/erase{sign}": {}
        for place in ("register/{number:path}", "requests/{key:path}")
        for sign in ("", "/sign")
    },
    "/consents/{key:path}/grant": {"times": "1"},
    "/consents/{key:path}/grant/sign": {"times": "1"},
    "/consents/{key:path}/refuse": {},
    "/consents/{key:path}/refuse/sign": {},
    "/consents/{key:path}/withdraw": {},
    "/consents/{key:path}/withdraw/sign": {},
    "/consents/{key:path}/acknowledge": {},
    "/passkeys/{key:str}/revoke": {},
}
"""What is sent with the console's forms about a thing."""


class World(NamedTuple):
    two: Pair
    apps: dict[Party, Any]
    things: dict[Party, dict[str, str]]
    tokens: dict[tuple[Party, str], str]
    cookies: dict[tuple[Party, str], str]


def persons(party: Party) -> list[str]:
    return [*PERSONS[party], *MORE[party], ADMIN]


@pytest.fixture(scope="module")
def world() -> World:
    two = pair()
    enrol(two)
    two.carry()
    conclude(two, gsomia_with_streams())  # as that of 2016, and with standing directives
    assure(two)
    for name, (office, role) in MORE[KOR].items():
        people.add_person(
            two.seoul, PersonId(name), name=name, office=Office(office), roles=(role,),
            key=None, actor=ADMIN,
        )  # fmt: skip
    number = released(two)
    tokyo, seoul = two.tokyo, two.seoul
    with tokyo.store.reading() as tx:
        item = receiving.find_item(tx, JPN, number)
    suzuki = PersonId("suzuki")
    give(tokyo, item, "abe", level="JPN:gokuhi", subject="dprk.missile", officer="suzuki")
    entitle(tokyo, "sato", level="JPN:gokuhi", subject="dprk.missile")
    receiving.assign(tokyo, item, person=PersonId("sato"), officer=suzuki)
    streamed = directive(two)  # Seoul's own; in Tokyo another's
    asked = consents.ask(
        tokyo,
        item,
        consents.Terms(uses=consents.Uses.PURPOSE, purpose=Purpose("defence.training")),
        officer=suzuki,
    )
    wanted = requests.ask(
        tokyo,
        requests.Wanted(
            to=KOR,
            offices=(Office("KOR/KDIA"),),
            subject=Subject("dprk.missile"),
            purpose=Purpose("defence.missile-warning"),
            title="Wanted",
        ),
        officer=PersonId("sato"),
    )
    two.carry()
    apps = {
        node.party: make_app(node, demonstration=True, pace=UNHURRIED) for node in (seoul, tokyo)
    }
    made: dict[tuple[Party, str], str] = {}
    cookies: dict[tuple[Party, str], str] = {}
    for node in (seoul, tokyo):
        for name in persons(node.party):
            person = PersonId(name)
            made[node.party, name], _ = tokens.add(node, person, name="test", until=LATER)
            cookies[node.party, name] = sessions.enter(node, sessions.make_link(node, person))
    _, own = tokens.add(seoul, PersonId("kim"), name="another", until=LATER)
    device = registered_passkey(seoul, "kim")
    key = key_id(device.public).removeprefix("sha384:")
    things = {
        party: {
            "number": number,
            "directive": streamed,
            "request": f"JPN/KOR/{wanted.position.index}",
            "consent": f"JPN/KOR/{asked.position.index}",
            "person": "kim" if party == KOR else "abe",
            "sheet": _sheet(seoul),
            "draft": _draft(seoul),
            "list": _list(seoul),
            "token": own.id,
            "passkey": key,
        }
        for party in (KOR, JPN)
    }
    return World(two, apps, things, made, cookies)


def _sheet(node: Node) -> str:
    sheet = sheets.Sheet(
        to=JPN,
        changed=node.clock.now(),
        offices=("JPN/DIH",),
        level=WISH["level"],
        subject=WISH["subject"],
        purpose=WISH["purpose"],
        title="A third",
        text="A third fictional assessment.",
    )
    return sheets.begin(node, sheet, person=PersonId("kim"))


def _draft(node: Node) -> str:
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=WISH["level"],
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"Another fictional assessment.",
        title="Another",
    )
    laid = releases.lay_before(node, wish, drafter=PersonId("kim"))
    return laid.deed.removeprefix("sha384:")[:16]


def _list(node: Node) -> str:
    """Lay the first line of a list, and keep what was sent in for the second."""
    row = f"JPN,JPN/DIH,KOR:mil-2,{WISH['subject']},{WISH['purpose']},Listed,A fictional line."
    raw = f"to,offices,level,subject,purpose,title,text\n{row}\n{row}\n".encode()
    sent = uploads.Sent(csv=raw, files={}, at=node.clock.now())
    name = uploads.keep(node, sent, person=PersonId("kim"))
    uploads.lay(node, sent, person=PersonId("kim"), demonstration=True, most=1)
    return name.removeprefix("sha384:")[:16]


def api_routes(app: Any) -> list[tuple[str, str]]:
    (mount,) = [one for one in app.routes if isinstance(one, Mount)]
    return [
        (method, one.path) for one in mount.app.routes for method in sorted(one.methods - {"HEAD"})
    ]


def page_routes(app: Any) -> list[tuple[str, str]]:
    return [
        (method, one.path)
        for one in app.routes
        if isinstance(one, Route)
        for method in sorted(one.methods - {"HEAD"})
    ]


def thing_of(path: str) -> str:
    """Return what an address is about; empty where it is about no thing of its own."""
    named = re.findall(r"\{(\w+)", path)
    if path.startswith("/directives/"):
        return "directive"
    if named == ["key"]:
        return path.split("/")[1].removesuffix("s")
    if {"by", "to", "index"} <= set(named):
        return "request" if "/requests/" in path else "consent"
    if "party" in named:
        return ""  # a counterpart on paper: test_paper_matrix.py
    (name,) = named or [""]
    if name in ("agreement", "name", "secret"):
        return ""
    kinds = {"number": "item", "sheet": "sheet", "draft": "draft", "person": "person"}
    kinds |= {"list": "list"}
    kinds |= {"token": "token", "passkey": "passkey", "": ""}
    assert name in kinds, f"{path}: no row here says who may know of a {name}"
    return kinds[name]


def at(path: str, things: dict[str, str] | None) -> str:
    """Return an address of a thing that is there, or of one that never was."""
    if "{by}" in path:
        kind = "request" if "/requests/" in path else "consent"
        place = "JPN/KOR/999" if things is None else things[kind]
        return path.replace("{by}/{to}/{index}", place)
    values = {"party": "JPN", "index": "0"} | dict(RANDOM if things is None else things)
    if "{key" in path:
        kind = path.split("/")[1].removesuffix("s")
        place = values[kind] if kind == "passkey" or things is not None else "JPN/KOR/999"
        values["key"] = re.sub(r"^(\w+)/(\w+)/(\d+)$", r"comity/\1/to/\2%23\3", place)
    if path.startswith("/directives/"):
        values["number"] = values["directive"]
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: values[found[1]], path)


def body_of(method: str, path: str, number: str = RANDOM["number"]) -> Any:
    last = path.removesuffix("/sign").rpartition("/")[2]
    if method == "GET":
        return None
    assert last in BODIES or last in EMPTY, f"{method} {path}: its body has no row here"
    found = BODIES.get(last, {})
    return {"releases": [number]} if last == "answer" else found


def of_program(world: World, party: Party, person: str) -> dict[str, str]:
    return {"authorization": f"Bearer {world.tokens[party, person]}"}


def in_browser(world: World, party: Party, person: str) -> dict[str, str]:
    name = cookie_name(world.two.nodes[party])
    return {
        "cookie": f"{name}={world.cookies[party, person]}",
        "origin": "http://127.0.0.1",
    }


PARTIES = (KOR, JPN)


@pytest.mark.parametrize("party", PARTIES)
def test_by_the_api_what_is_forbidden_cannot_be_told_from_what_is_not_there(
    world: World, party: Party
) -> None:
    app, things = world.apps[party], world.things[party]
    for person in persons(party):
        headers = of_program(world, party, person)
        (absent,) = ask(app, [Question("GET", f"{ROOT}/no-such-place", headers)])
        assert absent.status == 404
        questions: list[Question] = []
        named: list[str] = []
        for method, path in api_routes(app):
            kind = thing_of(path)
            if not kind or person in KNOWS.get((party, kind), set()):
                continue
            for where in (things, None):
                body = body_of(method, path)
                questions.append(Question(method, ROOT + at(path, where), headers, json=body))
                named.append(f"{person}: {method} {path}")
        answers = ask(app, questions)
        differing = [one for one, told in zip(named, answers, strict=True) if told != absent]
        assert not differing


@pytest.mark.parametrize("party", PARTIES)
def test_an_operation_for_other_roles_is_answered_as_an_address_that_is_none(
    world: World, party: Party
) -> None:
    app = world.apps[party]
    found: dict[str, set[str]] = {}
    for person in persons(party):
        headers = of_program(world, party, person)
        routes = [(method, path) for method, path in api_routes(app) if "{" not in path]
        asked = [
            Question(method, f"{ROOT}{path}", headers, json={} if method == "POST" else None)
            for method, path in [("GET", "/none"), *routes]
        ]
        absent, *answers = ask(app, asked)
        for (method, path), told in zip(routes, answers, strict=True):
            assert told.status < 500, (person, method, path)
            if told.status == 404:
                assert told == absent, (person, method, path)
                found.setdefault(f"{method} {path}", set()).add(person)
            elif method == "POST" and path not in LOOKS:
                # Nothing that is empty is done: who may, is told what is missing.
                assert told.status in (400, 403, 422), (person, path, told.status)
    reads = ("/ledger", "/status", "/persons", "/approvals", "/sheets", "/recipients")
    assert found.keys() >= {f"GET {path}" for path in reads}
    # What begins something is no secret: that it may be asked for stands in the description.
    assert {one for one in found if one.startswith("POST")} == {f"POST {one}" for one in LOOKS}


def test_every_role_has_somebody_who_asks() -> None:
    roles = {role for party in PARTIES for _, held in PERSONS[party].values() for role in held}
    roles |= {role for party in PARTIES for _, role in MORE[party].values()}
    assert roles | {Role.ADMINISTRATOR} == set(Role)


@pytest.mark.parametrize("party", PARTIES)
def test_in_the_console_what_is_forbidden_cannot_be_told_from_what_is_not_there(
    world: World, party: Party
) -> None:
    app, things = world.apps[party], world.things[party]
    for person in persons(party):
        headers = in_browser(world, party, person)
        pairs: list[tuple[str, Question, Question]] = []
        for method, path in page_routes(app):
            kind = thing_of(path)
            if not kind or person in KNOWS.get((party, kind), set()):
                continue
            assert method == "GET" or path in FORMS, f"{path}: what is sent has no row here"
            sent = FORMS.get(path) if method == "POST" else None
            there, nowhere = (
                Question(method, at(path, where), headers, data=sent) for where in (things, None)
            )
            pairs.append((f"{person}: {method} {path}", there, nowhere))
        answers = ask(app, [one for _, *both in pairs for one in both])
        told = zip(pairs, answers[::2], answers[1::2], strict=True)
        differing = [
            (name, one.status, other.status)
            for (name, _, _), one, other in told
            if one != other or (one.status == 200 and not name.endswith("/sign"))
        ]
        assert not differing


NAMED = (
    ("/consents/new?item=NUMBER", None),
    ("/consents/new?item=NUMBER&uses=purpose", None),
    ("/release?like=NUMBER", None),
    ("/paper/JPN/new?act=delivery.receipt&item=NUMBER", None),
    ("/register?q=NUMBER", None),
    ("/consents/new", {"item": "NUMBER", "uses": "purpose", "purpose": "defence.training"}),
    ("/release/new", {"to": "JPN", "like": "NUMBER"}),
    ("/release/new", {"to": "KOR", "like": "NUMBER"}),
)
"""Where an item is named by a query or in a form, and not by the address."""


@pytest.mark.parametrize("party", PARTIES)
def test_an_item_that_a_query_or_a_form_names_is_there_for_who_may_know_of_it(
    world: World, party: Party
) -> None:
    app, number = world.apps[party], world.things[party]["number"]
    differing, told = [], set()
    for person in persons(party):
        headers = in_browser(world, party, person)
        for path, form in NAMED:
            there, nowhere = (
                Question(
                    "GET" if form is None else "POST",
                    path.replace("NUMBER", one),
                    headers,
                    data=form
                    and {key: value.replace("NUMBER", one) for key, value in form.items()},
                )
                for one in (number, RANDOM["number"])
            )
            here, other = ask(app, [there, nowhere])
            same = here.body.replace(number.encode(), b"?") == other.body.replace(
                RANDOM["number"].encode(), b"?"
            )
            if here.status == other.status and same:
                continue
            told.add(path)
            if person not in KNOWS[party, "item"]:
                differing.append((person, path, here.status, other.status))
    assert not differing
    assert told, "the item is there for nobody"


@pytest.mark.parametrize("party", PARTIES)
def test_each_route_about_a_thing_is_there_for_somebody(world: World, party: Party) -> None:
    """Without this the matrix could pass by answering nobody anything."""
    app, node = world.apps[party], world.two.nodes[party]
    missing = []
    for method, path in api_routes(app):
        kind = thing_of(path)
        knowing = KNOWS.get((party, kind), set())
        if not knowing:
            continue
        found = []
        for person in sorted(knowing):
            things = dict(world.things[party])
            if kind in ("sheet", "draft"):
                things |= {"sheet": _sheet(node), "draft": _draft(node)}
            if kind == "passkey":
                device = registered_passkey(node, person)
                things["passkey"] = key_id(device.public).removeprefix("sha384:")
            if kind == "token":
                _, one = tokens.add(node, PersonId(person), name="test", until=LATER)
                things["token"] = one.id
            question = Question(
                method,
                ROOT + at(path, things),
                of_program(world, party, person),
                json=body_of(method, path, things["number"]),
            )
            found += [one.status for one in ask(app, [question])]
        assert max(found) < 500, (method, path)
        if set(found) <= {404, 422}:
            missing.append((method, path, found))
    assert not missing


@pytest.mark.parametrize("party", PARTIES)
def test_the_register_lists_what_may_be_seen_and_nothing_else(world: World, party: Party) -> None:
    app, number = world.apps[party], world.things[party]["number"]
    for person in persons(party):
        headers = of_program(world, party, person)
        for query in ("", f"?q={number}", "?q=launch", "?direction=in", "?direction=out"):
            (told,) = ask(app, [Question("GET", f"{ROOT}/register{query}", headers)])
            listed = number.encode() in told.body
            assert not listed or person in KNOWS[party, "item"], (person, query)
            if query in ("", f"?q={number}"):
                assert listed == (person in KNOWS[party, "item"]), (person, query)


def test_a_canary_is_told_to_nobody_who_may_not_read(world: World) -> None:
    """The title of an item stands in no answer to whoever may see its number alone."""
    for party, may in ((KOR, {"kim", "park"}), (JPN, {"abe", "ito", "sato"})):
        app, things = world.apps[party], world.things[party]
        for person in persons(party):
            questions = [
                Question("GET", ROOT + at(path, things), of_program(world, party, person))
                for method, path in api_routes(app)
                if method == "GET" and thing_of(path) in ("", "item") and "agreement" not in path
            ]
            told = any(b"Launch assessment" in one.body for one in ask(app, questions))
            assert told == (person in may), person
