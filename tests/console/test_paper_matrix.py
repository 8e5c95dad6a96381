"""Every route of a counterpart on paper, every role: forbidden, absent and never kept are the same.

The routes come from the application itself: a new one whose body has no row here fails.
"""

from base64 import b64encode
from typing import Any

import pytest

from comity.acts.deeds import Role
from comity.console import sessions
from comity.console.api import tokens
from comity.console.app import cookie_name, make_app
from comity.node import brought, people
from comity.node.node import Node
from comity.vocabulary.names import Office, PersonId
from tests.console.test_authorisation_matrix import ROOT, api_routes, page_routes
from tests.console.test_import import MAP, RECEIPTED
from tests.scenarios.test_import import register
from tests.scenarios.test_paper import agreed, assured, handed
from tests.support.asked import Question, ask
from tests.support.fast_suite import FAST
from tests.support.pair import ADMIN, JPN, KOR, LATER, PERSONS, pair
from tests.support.programs import UNHURRIED

MORE = {"lee": ("KOR/KDIA", Role.DESK), "yoon": ("KOR/REGISTRY", Role.SECURITY)}
PEOPLE = (*PERSONS[KOR], *MORE, ADMIN)

SIGNS = frozenset({"choi", "park", "han"})
"""Who signs for something of a register that waits: registry, authority, custodian."""

DISPUTES = frozenset({"choi", "minister"})
"""Who is told what another attested of us; of Seoul nobody attested anything."""

SCAN = b64encode(b"%PDF- a scanned letter").decode()
IN_HAND = {"by": "JPN/DIH", "on": "2026-04-05", "scan": SCAN}
BODIES: dict[str, dict[str, Any]] = {
    "acts": IN_HAND | {"act": "treaty.sign"},
    "begin": IN_HAND,
    "items": IN_HAND
    | {
        "offices": ["KOR/KDIA"],
        "level": "JPN:gokuhi",
        "subject": "dprk.missile",
        "purpose": "defence",
        "title": "A title",
        "pages": 1,
    },
    "dispute": {"on": "2026-04-05"},
    "register": {"file": SCAN, "map": b64encode(MAP).decode()},
    "enter": {"seen": "sha384:" + "0" * 96},
    "forget": {},
}
"""What is sent by a program, by the last part of an address that is no signature's."""

FORM = {"by": "JPN/DIH", "on": "2026-04-05", "act": "treaty.sign", "map": MAP.decode()}
"""What is sent by a browser to every form: one that has no such field does not look at it."""


def may(person: str, path: str) -> bool:
    """Say who may know of what an address of a counterpart on paper is about."""
    return person in (SIGNS if "/register" in path else {"choi"})


@pytest.fixture(scope="module")
def seoul() -> Node:
    """Tokyo keeps paper, an item came, and a register waits; of Washington nothing is kept."""
    two = pair(suite=FAST)
    agreed(two)
    assured(two)
    handed(two)
    node = two.seoul
    for name, (office, role) in MORE.items():
        people.add_person(
            node, PersonId(name), name=name, office=Office(office), roles=(role,),
            key=None, actor=ADMIN,
        )  # fmt: skip
    rows = register(3) + RECEIPTED.replace(b"{n:04d}", b"0004").replace(b"{n}", b"4") + b"\n"
    read = brought.bring(node, JPN, rows, MAP, officer=PersonId("choi"))
    assert not read.bad
    return node


def asked(path: str, party: str) -> str:
    place = path.replace("{party:str}", party).replace("{party}", party)
    return place.replace("{index:int}", "0").replace("{index}", "0")


def by_program(node: Node, person: str) -> dict[str, str]:
    token, _ = tokens.add(node, PersonId(person), name="test", until=LATER)
    return {"authorization": f"Bearer {token}"}


def in_browser(node: Node, person: str) -> dict[str, str]:
    session = sessions.enter(node, sessions.make_link(node, PersonId(person)))
    return {"cookie": f"{cookie_name(node)}={session}", "origin": "http://127.0.0.1"}


def test_by_the_api_paper_that_may_not_be_seen_is_not_there(seoul: Node) -> None:
    app = make_app(seoul, demonstration=True, pace=UNHURRIED)
    routes = [(method, path) for method, path in api_routes(app) if "{party}" in path]
    assert len(routes) > 8
    there: set[tuple[str, str]] = set()
    for person in PEOPLE:
        headers = by_program(seoul, person)
        (absent,) = ask(app, [Question("GET", f"{ROOT}/no-such-place", headers)])
        for method, path in routes:
            last = path.removesuffix("/sign").rpartition("/")[2]
            body = None if method == "GET" else BODIES[last]
            for party in (JPN, "USA"):
                allowed = person in DISPUTES if "of-us" in path or "dispute" in path else None
                allowed = may(person, path) if allowed is None else allowed
                if allowed and method == "POST":
                    continue  # what it does is told elsewhere; here it is only seen
                (told,) = ask(app, [Question(method, ROOT + asked(path, party), headers, body)])
                if allowed and party == JPN and told.status == 200:
                    there.add((method, path))
                else:
                    assert told == absent, (person, method, path, party, told.status)
    assert {path for _, path in there} == {
        "/paper/{party}",
        "/paper/{party}/register",
        "/paper/{party}/{index}/scan",
    }


def test_in_the_console_paper_that_may_not_be_seen_is_not_there(seoul: Node) -> None:
    app = make_app(seoul, demonstration=True, pace=UNHURRIED)
    routes = [(method, path) for method, path in page_routes(app) if "{party" in path]
    assert len(routes) > 12
    there: set[str] = set()
    for person in PEOPLE:
        headers = in_browser(seoul, person)
        for method, path in routes:
            allowed = may(person, path) and not path.startswith("/attested")
            if allowed and method == "POST":
                continue
            data = FORM if method == "POST" else None
            here, nowhere, other = ask(
                app,
                [
                    Question(method, asked(path, one), headers, data=data)
                    for one in (JPN, "USA", "PRK")
                ],
            )
            assert nowhere.status == other.status
            assert _without(nowhere.body, "USA") == _without(other.body, "PRK"), (person, path)
            if allowed and here.status == 200:
                there.add(path)
            else:
                same = _without(here.body, JPN) == _without(nowhere.body, "USA")
                assert here.status == nowhere.status, (person, method, path)
                assert same, (person, method, path)
    assert there == {
        path for method, path in routes if method == "GET" and not path.startswith("/attested")
    }


def _without(body: bytes, party: str) -> bytes:
    """Return a page without the name that was asked for, which the address itself has."""
    return body.replace(party.encode(), b"?")
