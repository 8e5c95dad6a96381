"""A link that fails in a way nobody foresaw, or whose peer is silent, does not hold up others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from comity.assemble.house import Config, House
from comity.assemble.links import Links
from comity.assemble.witness import FileWitness
from comity.keys.vault import FileVault
from comity.node import deciding, outgoing, releases
from comity.node.alarms import alarms
from comity.node.ports import Space
from comity.store.sqlite import SqliteStore
from comity.transport.client import HttpCourier
from comity.vocabulary.errors import ComityError, Refused, Unavailable
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import JPN, KOR, USA, Hand
from tests.support.three import Three, three


class _Courier:
    """Carries by hand to Tokyo; to Washington in a way of its own."""

    def __init__(self, houses: Three) -> None:
        self.hand = Hand(houses.nodes, KOR)
        self.error: Exception | None = None
        self.asked = threading.Event()
        self.closed = threading.Event()
        self.reached: list[Party] = []

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        self.reached.append(peer)
        if peer == JPN:
            return self.hand.send(peer, path, body)
        if self.error is not None:
            raise self.error
        self.asked.set()
        self.closed.wait(30)
        raise Unavailable("unavailable.peer", "it said nothing")


@pytest.fixture
def houses() -> Three:
    return three(links=((KOR, JPN), (USA, KOR)))


@contextmanager
def linked(houses: Three, folder: Path) -> Iterator[tuple[Links, _Courier]]:
    """Return Seoul's links."""
    node, courier, stop = houses.nodes[KOR], _Courier(houses), threading.Event()
    config = Config(party=KOR, registry=node.registry, exchange="x:1", console="x:2")
    house = House(
        folder,
        config,
        node,
        cast("FileVault", node.vault),
        cast("SqliteStore", node.store),
        FileWitness(folder / "witness"),
    )
    links = Links(house, cast("HttpCourier", courier), stop=stop, unsound=stop.set)
    try:
        yield links, courier
    finally:
        stop.set()
        courier.closed.set()
        links.end(within=10)


@pytest.mark.parametrize(
    ("error", "code"),
    [(ZeroDivisionError("x"), "unexpected"), (Refused("refused.form", "x"), "refused.form")],
)
def test_an_error_of_one_link_is_told_and_the_others_go_on(
    houses: Three, tmp_path: Path, error: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with linked(houses, tmp_path) as (links, courier):
        courier.error = error
        said = links.carry(heartbeat=True)
    assert said == [{"peer": JPN, "word": "cosigned"}, {"peer": USA, "word": code}]
    with houses.nodes[KOR].store.reading() as tx:
        assert f"USA|{code}" in alarms(tx)
    told = error.code if isinstance(error, ComityError) else "ZeroDivisionError"
    assert told in caplog.text


def test_a_silent_peer_delays_no_other(houses: Three, tmp_path: Path) -> None:
    with linked(houses, tmp_path) as (links, courier):
        links.keep()
        assert courier.asked.wait(20), "nobody spoke to the silent peer"
        laid = releases.lay_before(houses.nodes[KOR], wish(), drafter=KIM)
        deciding.approve(houses.nodes[KOR], [laid.deed], authority=PARK)
        log = correspondence(KOR, JPN)
        with houses.nodes[KOR].store.reading() as tx:
            size = tx.frontier(log).size
        pause = threading.Event()
        for _ in range(400):
            links.keep()
            with houses.nodes[KOR].store.reading() as tx:
                if outgoing.cosigned(tx, log) == size:
                    break
            pause.wait(0.05)
        assert not courier.closed.is_set()
        with houses.nodes[KOR].store.reading() as tx:
            assert outgoing.cosigned(tx, log) == size, "the silent peer held it up"
        assert courier.reached.count(USA) == 1


def test_after_a_rollback_was_found_nothing_more_is_said(houses: Three, tmp_path: Path) -> None:
    node, log = houses.nodes[KOR], correspondence(KOR, JPN)
    with linked(houses, tmp_path) as (links, courier):
        courier.error = Unavailable("unavailable.peer", "away")
        laid = releases.lay_before(node, wish(), drafter=KIM)
        deciding.approve(node, [laid.deed], authority=PARK)
        with node.store.transaction() as writing:
            # A register ledger that was not shown yet would be, after the correspondence.
            writing.save(Space.LATEST, {f"{log}|rolled-back": b"kept by the exchange before"})
        said = links.carry()
    assert said[0] == {"peer": JPN, "word": "unavailable.rollback"}
    assert courier.reached.count(JPN) == 1
