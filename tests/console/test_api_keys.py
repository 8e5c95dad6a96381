"""Idempotency keys: nothing is entered twice, wherever the process dies."""

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from comity.console.api.once import KEPT_SECONDS, Kept, Once
from comity.node.node import Node
from comity.node.ports import Space, Store
from comity.store.sqlite import SqliteStore
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import Party, PersonId
from tests.support.pair import (
    JPN,
    KOR,
    LATER,
    Pair,
    enlist,
    under_the_pact,
)
from tests.support.programs import WISH, YES, Program, leaves, released

KEY = {"idempotency-key": "one"}
NEED = {"subject": "dprk.missile", "until": LATER}


@pytest.fixture(params=["memory", "sqlite"])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    stores: dict[Party, Store] = {}
    if request.param == "sqlite":
        stores = {party: SqliteStore(tmp_path / party) for party in (KOR, JPN)}
    found = under_the_pact(stores=stores)
    yield found
    for store in stores.values():
        store.close()


def kept(node: Node) -> dict[str, bytes]:
    with node.store.reading() as tx:
        return tx.load_many(Space.SESSION, tx.keys(Space.SESSION, "key|"))


def test_the_same_key_and_body_act_once_and_answer_alike(two: Pair) -> None:
    admin = Program(two.tokyo, "admin")
    first = admin.post("/persons/abe/needs", NEED, headers=KEY)
    before = leaves(two.tokyo)
    again = admin.post("/persons/abe/needs", NEED, headers=KEY)
    assert (first.status_code, first.content) == (200, again.content)
    assert leaves(two.tokyo) == before
    # Another console over the same store, as after a restart.
    anew = Program(two.tokyo, "admin")
    assert anew.post("/persons/abe/needs", NEED, headers=KEY).content == first.content
    assert leaves(two.tokyo) == before


def test_without_a_key_every_request_acts(two: Pair) -> None:
    admin = Program(two.tokyo, "admin")
    before = leaves(two.tokyo)
    for _ in range(2):
        assert admin.post("/persons/abe/needs", NEED).status_code == 200
    assert leaves(two.tokyo) == before + 2


def test_a_key_is_refused_with_another_body_or_address(two: Pair) -> None:
    admin = Program(two.tokyo, "admin")
    admin.post("/persons/abe/needs", NEED, headers=KEY)
    for path, body in (
        ("/persons/abe/needs", NEED | {"subject": "dprk.nuclear"}),
        ("/persons/ito/needs", NEED),
    ):
        told = admin.post(path, body, headers=KEY)
        assert (told.status_code, told.json()["code"]) == (422, "refused.api.key-reused")


def test_another_persons_same_key_is_another_key(two: Pair) -> None:
    one, other = Program(two.tokyo, "admin"), Program(two.tokyo, "deputy-admin")
    before = leaves(two.tokyo)
    for program in (one, other):
        assert program.post("/persons/abe/needs", NEED, headers=KEY).status_code == 200
    assert leaves(two.tokyo) == before + 2


def test_a_refused_act_leaves_its_key_free(two: Pair) -> None:
    kim, park = Program(two.seoul, "kim"), Program(two.seoul, "park")
    above = WISH | {"level": "KOR:mil-1"}
    assert kim.post("/releases", above, headers=KEY).status_code == 403
    assert kept(two.seoul) == {}
    laid = kim.post("/releases", WISH, headers=KEY)
    assert laid.status_code == 200
    name = laid.json()["draft"].removeprefix("sha384:")
    no = {"questions": YES["questions"] | {"need": False}}
    assert park.post(f"/approvals/{name}/approve", no, headers=KEY).status_code == 403
    assert park.post(f"/approvals/{name}/approve", YES, headers=KEY).status_code == 200


def test_answers_are_kept_sealed_and_contents_not_at_all(two: Pair) -> None:
    kim = Program(two.seoul, "kim")
    typed = {"title": "A canary title", "text": "A canary text."}
    sheet = kim.post("/sheets", {"to": "JPN"}).json()["name"]
    kim.ask("PATCH", f"/sheets/{sheet}", json=typed, headers=KEY)
    assert kept(two.seoul)
    assert all(b"canary" not in raw for raw in kept(two.seoul).values())
    number = released(two)
    suzuki = Program(two.tokyo, "suzuki")
    suzuki.post(f"/register/{number}/number")
    admin = Program(two.tokyo, "admin")
    admin.post("/persons/ito/clearances", {"level": "JPN:gokuhi", "until": LATER})
    admin.post("/persons/ito/needs", NEED)
    suzuki.post(f"/register/{number}/mark", {"level": "JPN:gokuhi"})
    enlist(two.tokyo, "ito")
    told = suzuki.post(f"/register/{number}/assign", {"person": "ito"})
    assert told.status_code == 200, told.text
    ito = Program(two.tokyo, "ito")
    assert ito.post(f"/register/{number}/read", headers=KEY).status_code == 200
    before = leaves(two.tokyo)
    again = ito.post(f"/register/{number}/read", headers=KEY)
    assert (again.status_code, again.json()["code"]) == (409, "refused.api.key-spent")
    assert leaves(two.tokyo) == before


class Dead(BaseException):
    """The process ends here."""


def needs(program: Program) -> str:
    return program.post("/persons/abe/needs", NEED, headers=KEY).text


def test_death_before_the_act_is_entered_lets_the_key_act(two: Pair) -> None:
    node = two.tokyo
    once = Once(node)

    def dies(_: Node) -> tuple[int, bytes]:
        raise Dead

    with pytest.raises(Dead):
        once.run(PersonId("admin"), "k", b"r", dies, keep=True)
    (raw,) = kept(node).values()
    assert msgspec.json.decode(raw, type=Kept).state == "begun"
    ran = []

    def acts(_: Node) -> tuple[int, bytes]:
        ran.append(1)
        return 200, b"{}"

    assert Once(node).run(PersonId("admin"), "k", b"r", acts, keep=True) == (200, b"{}")
    assert Once(node).run(PersonId("admin"), "k", b"r", acts, keep=True) == (200, b"{}")
    assert ran == [1]


def test_death_after_the_act_is_entered_never_lets_it_act_again(two: Pair) -> None:
    from comity.node import people
    from comity.vocabulary.names import Subject

    node = two.tokyo
    before = leaves(node)

    def acts_and_dies(marked: Node) -> tuple[int, bytes]:
        people.grant_need_to_know(
            marked,
            PersonId("abe"),
            subject=Subject("dprk.missile"),
            until=LATER,
            actor=PersonId("admin"),
        )
        raise Dead

    with pytest.raises(Dead):
        Once(node).run(PersonId("admin"), "k", b"r", acts_and_dies, keep=True)
    assert leaves(node) == before + 1
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"unavailable\.api\.unknown.*comity/JPN/journal#"):
            Once(node).run(PersonId("admin"), "k", b"r", acts_and_dies, keep=True)
    assert leaves(node) == before + 1


def test_a_key_whose_first_request_is_under_way_is_told_so(two: Pair) -> None:
    once, entered, leave = Once(two.tokyo), threading.Event(), threading.Event()

    def waits(_: Node) -> tuple[int, bytes]:
        entered.set()
        leave.wait(10)
        return 200, b"{}"

    first = threading.Thread(
        target=once.run, args=(PersonId("admin"), "k", b"r", waits), kwargs={"keep": True}
    )
    first.start()
    assert entered.wait(10)
    with pytest.raises(Unavailable, match=r"unavailable\.api\.busy"):
        once.run(PersonId("admin"), "k", b"r", waits, keep=True)
    leave.set()
    first.join(10)
    assert once.run(PersonId("admin"), "k", b"r", waits, keep=True) == (200, b"{}")


def test_keys_are_forgotten_after_their_time_and_not_before(two: Pair) -> None:
    admin = Program(two.tokyo, "admin")
    first = needs(admin)
    two.clock.turn(KEPT_SECONDS - 10)
    assert needs(admin) == first
    two.clock.turn(3700)
    assert needs(admin) != first


def test_a_key_reads_within_bounds(two: Pair) -> None:
    admin = Program(two.tokyo, "admin")
    for key in ("", "k" * 256):
        told = admin.post("/persons/abe/needs", NEED, headers={"idempotency-key": key})
        assert (told.status_code, told.json()["code"]) == (422, "invalid.api.key")


def test_a_refusal_by_judgement_is_no_act(two: Pair) -> None:
    """The refusal itself stands in the journal; the key is free all the same."""
    number = released(two)
    suzuki = Program(two.tokyo, "suzuki")
    suzuki.post(f"/register/{number}/number")
    before = leaves(two.tokyo)
    told = suzuki.post(f"/register/{number}/assign", {"person": "abe"}, headers=KEY)
    assert told.status_code == 403
    assert leaves(two.tokyo) == before + 1
    assert kept(two.tokyo) == {}
