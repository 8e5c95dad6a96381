"""The checker of the registers itself: each difference that is put in by hand is seen."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from comity.vocabulary.names import Party
from tests.simulation import book, history
from tests.simulation.history import Broken
from tests.simulation.world import BOOKS, LOGS, World
from tests.support.pair import JPN, KOR

Logs = dict[str, list[bytes]]
GIVEN = str(LOGS[0])


@pytest.fixture(scope="module")
def world() -> World:
    """Two houses after a schedule in which everything was taken in."""
    world = World(4)
    world.run(60)
    return world


def logs_of(world: World, party: Party = JPN) -> Logs:
    with world.node(party).store.reading() as tx:
        return {str(log): history.leaves_of(tx, log) for log in LOGS}


def check(world: World, logs: Logs, *, final: bool = True) -> None:
    with world.node(JPN).store.reading() as tx:
        book.check_book(tx, logs, final=final)


def changed(logs: Logs, kind: str, change: Callable[[dict[str, Any]], object]) -> Logs:
    """Return the logs with the first leaf of a kind changed."""
    done = False
    found: Logs = {}
    for log, leaves in logs.items():
        found[log] = []
        for raw in leaves:
            leaf = json.loads(raw)
            if leaf["deed"]["kind"] == kind and not done:
                change(leaf)
                done = True
            found[log].append(json.dumps(leaf).encode())
    assert done
    return found


def test_registers_that_say_what_the_leaves_say_are_let_through(world: World) -> None:
    for party in (KOR, JPN):
        check(world, logs_of(world, party))


def test_a_ledger_that_says_otherwise_than_what_is_held_is_seen(world: World) -> None:
    with world.node(JPN).store.reading() as tx:
        own = history.leaves_of(tx, BOOKS[JPN])
        received = [f"{GIVEN}#{index}" for index in range(len(logs_of(world)[GIVEN]))]
        book.check_holdings(tx, own, received)
        with pytest.raises(Broken, match="V6"):
            book.check_holdings(tx, own[:-1], received)
        with pytest.raises(Broken, match="V2"):
            book.check_holdings(tx, [*own, *own], received)


RELEASE, RECEIPT = "release.release", "delivery.receipt"
DIFFERENCES: dict[str, tuple[str, Callable[[dict[str, Any]], object], str]] = {
    "an item that is not in the logs": (RELEASE, lambda one: one["deed"].update(kind="x"), "V"),
    "another level": (
        RELEASE,
        lambda one: one["deed"]["item"]["label"].update(level="KOR:mil-3"),
        "V6: level",
    ),
    "another purpose": (RELEASE, lambda one: one["deed"].update(purpose="x"), "V6: purpose"),
    "another content": (RELEASE, lambda one: one.update(ciphertext="x"), "V6: ciphertext"),
    "another time": (RELEASE, lambda one: one.update(at="2020"), "V6: at"),
    "one more office": (RELEASE, lambda one: one["deed"]["offices"].append("JPN/X"), "V6: offices"),
    "a copy that nobody signed for": (
        RECEIPT,
        lambda one: one["deed"].update(stage="package"),
        "V12: copies",
    ),
    "a receipt that is not in the logs": (
        RECEIPT,
        lambda one: one["deed"].update(kind="x"),
        "V12: copies",
    ),
    "a receipt for what is not there": (
        RECEIPT,
        lambda one: one["deed"]["item"].update(index=9_999),
        "V3",
    ),
    "a receipt before the item was there": (
        RECEIPT,
        lambda one: one["seen"].update(size=0),
        "V3: receipted",
    ),
    "a receipt of another office": (
        RECEIPT,
        lambda one: one["deed"].update(by="JPN/X"),
        "V3.*another office",
    ),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_a_register_that_says_otherwise_than_the_leaves_is_seen(world: World, what: str) -> None:
    kind, change, words = DIFFERENCES[what]
    with pytest.raises(Broken, match=words):
        check(world, changed(logs_of(world), kind, change))


def test_a_copy_on_its_way_is_no_end() -> None:
    world = World(4)
    world.heal()
    world.release(KOR)
    world.two.carry()
    world.check_books(final=False)
    with pytest.raises(Broken, match="V1"):
        world.check_books(final=True)
    world.finish()
    world.check_books(final=True)
