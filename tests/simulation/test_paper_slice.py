"""Three houses of which one keeps paper, then joins: loss, doubling, and a crash at every commit.

Seoul and Tokyo have nodes; Washington keeps paper towards Tokyo until, at some step of the
schedule, it joins. Whatever was attested before crosses then, is judged again, and stays told from
what Washington signs itself.
"""

import random
from functools import lru_cache
from typing import Any

import pytest

from comity.acts.canonical import digest
from comity.agreement.profile import open_profile
from comity.exchange.answers import Word
from comity.ledger.notes import parse_note
from comity.node import (
    attesting,
    deciding,
    handing,
    kept,
    outgoing,
    paper,
    people,
    receiving,
    releases,
    replay,
    setup,
    treaty,
)
from comity.node.node import Node
from comity.node.paper import Handed, Sheet
from comity.node.ports import Space
from comity.register.rows import ItemOf, ReceiptOf, RefusedByPeer
from comity.vocabulary.dates import Dated
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import Article, Level, Office, Party, PersonId, Purpose, Subject
from tests.simulation.world import Crash
from tests.support.fast_suite import seeded
from tests.support.pair import (
    ADMIN,
    ADMIN2,
    JPN,
    KOR,
    LATER,
    USA,
    Hand,
    TurnedClock,
    epochs,
    gsomia,
    text_of,
    where,
)
from tests.support.three import Three, three

SUZUKI, SATO, TANAKA = (PersonId(one) for one in ("suzuki", "sato", "tanaka"))
DIA, DOD, DIH = Office("USA/DIA"), Office("USA/DOD"), Office("JPN/DIH")
KEPT = standing_in(JPN, USA)
SCHEDULES, STEPS, CHUNK = 60, 24, 20
REACHED = ("crashes", "lost", "attested", "released", "joined")


def sheet(number: str = "I-26/1") -> Sheet:
    return Sheet(scan=b"%PDF- scanned", on=Dated("2026-11-20"), number=number)


@lru_cache(maxsize=1)
def _base() -> Three:
    """Return three houses: two linked, and Washington on paper, its pact in force by signature."""
    houses = three(links=((KOR, JPN),))
    tokyo, text = houses.nodes[JPN], gsomia("USA-JPN-GSOMIA-2007")
    mod, minister = Office("JPN/MOD"), PersonId("minister-jpn")
    paper.begin(
        tokyo,
        USA,
        profile=open_profile(text_of("profile-USA.md")),
        sheet=sheet(),
        by=DOD,
        officer=SUZUKI,
        where=where(JPN),
        epochs=epochs(JPN, houses.clock.now()),
    )
    treaty.propose(tokyo, text, to=USA, by=mod, actor=minister)
    treaty.sign(tokyo, digest(text), to=USA, by=mod, actor=minister)
    signed = {"text": digest(text)}
    attesting.enter(tokyo, USA, "treaty.sign", signed, by=DOD, sheet=sheet(), officer=SUZUKI)
    treaty.notify_authorities(tokyo, to=USA, by=mod, actor=minister)
    word: dict[str, Any] = {"offices": (DIA,), "level": "USA:secret", "until": LATER}
    word |= dict.fromkeys(("cleared", "needed", "protected"), True)
    attesting.enter(tokyo, USA, "people.assure", word, by=DIA, sheet=sheet(), officer=SUZUKI)
    people.assure(
        tokyo,
        USA,
        agreement=digest(text),
        article=Article("7"),
        offices=(DIH,),
        level=Level("JPN:gokuhi"),
        until=LATER,
        by=DIH,
        actor=PersonId("minister-jpn"),
    )
    return houses


class Losing(Hand):
    """A courier that is robbed: of the pouch before it arrives, or of the answer on its way."""

    def __init__(self, world: "PaperWorld", sender: Party) -> None:
        super().__init__(world.nodes, sender)
        self.world = world

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        drawn = self.world.random.random()
        if drawn < self.world.loss_rate:
            self._lost()
        told = super().send(peer, path, body)
        if drawn < 2 * self.world.loss_rate:
            self._lost()
        return told

    def _lost(self) -> None:
        self.world.reached["lost"] += 1
        raise Unavailable("unavailable.peer", "nobody answered")


class PaperWorld:
    """Seoul, Tokyo, and a Washington that joins when the schedule says so."""

    def __init__(self, seed: int) -> None:
        """Begin with a copy of the houses."""
        self.random = random.Random(seed)
        base = _base()
        self.clock = TurnedClock(base.clock.at)
        suite = seeded(seed.to_bytes(8, "big"))
        self.nodes = {
            party: Node(
                party=party,
                registry=node.registry,
                suite=suite,
                store=node.store.clone(),  # type: ignore[attr-defined]
                vault=node.vault,
                clock=self.clock,
            )
            for party, node in base.nodes.items()
        }
        self.crash_rate = self.random.choice((0.0, 0.03, 0.1))
        self.loss_rate = self.random.choice((0.0, 0.1, 0.3))
        self.join_at = self.random.randrange(4, STEPS)
        self.joined = False
        self.count = 0
        self.reached = dict.fromkeys(REACHED, 0)
        for node in self.nodes.values():
            node.store.on_commit = self._maybe_crash  # type: ignore[attr-defined]

    def _maybe_crash(self, moment: str) -> None:
        if self.random.random() < self.crash_rate:
            self.reached["crashes"] += 1
            raise Crash(moment)

    def run(self) -> None:
        """Take the steps, join at one of them, then heal, and check everything."""
        for step in range(STEPS):
            self.clock.turn(self.random.random() * 60)
            act = self.random.choice((self.receipt, self.hand_in, self.release, self.exchange))
            if step >= self.join_at and not self.joined:
                act = self.join
            try:
                act()
            except (Crash, Refused, Unavailable):
                # A process that died begins anew from what is kept; what was refused stays undone.
                continue
        self.crash_rate = 0.0
        while not self.joined:
            self.join()
        self._rest()
        self._check()

    def release(self) -> None:
        """Tokyo releases to Washington, or Seoul to Tokyo."""
        by, to, person, authority, office = self.random.choice(
            (
                (JPN, USA, SATO, TANAKA, DIA),
                (KOR, JPN, PersonId("kim"), PersonId("park"), DIH),
            )
        )
        wish = releases.Wish(
            to=to,
            offices=(office,),
            by=DIH if by == JPN else Office("KOR/KDIA"),
            level=Level("JPN:gokuhi" if by == JPN else "KOR:mil-2"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            content=self.random.randbytes(40),
            title="Fictional",
            pages=2,
        )
        laid = releases.lay_before(self.nodes[by], wish, drafter=person)
        deciding.approve(self.nodes[by], [laid.deed], authority=authority)
        self.reached["released"] += 1

    def receipt(self) -> None:
        """Tokyo enters Washington's receipt, on paper, for something it handed over."""
        tokyo = self.nodes[JPN]
        with tokyo.store.reading() as tx:
            open_ = [
                one
                for one in tx.within(ItemOf, correspondence(JPN, USA))
                if not tx.within(ReceiptOf, one.key)
            ]
        if not open_ or self.joined:
            return
        self.count += 1
        counted = {"copy": 1, "pages": 2, "annexes": 0}
        attesting.enter(
            tokyo,
            USA,
            "delivery.receipt",
            counted,
            by=DIA,
            item=self.random.choice(open_).reference,
            sheet=sheet(f"R-26/{self.count}"),
            officer=SUZUKI,
        )
        self.reached["attested"] += 1

    def hand_in(self) -> None:
        """Tokyo enters an item that came on paper, and gives it its number."""
        self.count += 1
        handed = Handed(
            by=DIA,
            offices=(DIH,),
            level=Level("USA:secret"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            title="Fictional",
            content=self.random.randbytes(30),
        )
        number = f"I-26/{self.count}x"
        handing.item(self.nodes[JPN], USA, handed, sheet=sheet(number), officer=SUZUKI)
        with self.nodes[JPN].store.reading() as tx:
            item = receiving.find_item(tx, JPN, number)
        receiving.register(self.nodes[JPN], item, officer=SUZUKI)
        self.reached["attested"] += 1

    def join(self) -> None:
        """Both enrol each other; an enrolment that a crash cut short is done again."""
        at = self.clock.now()
        for party, peer in ((JPN, USA), (USA, JPN)):
            node = self.nodes[party]
            other = setup.enrolment_file(
                self.nodes[peer], party, where=where(peer), epochs=epochs(peer, at)
            )
            with node.store.reading() as tx:
                known = any(one.key == peer for one in setup.peers(tx))
            if not known:
                _, digits = setup.read_enrolment(other)
                setup.enrol(
                    node,
                    other,
                    fingerprint=digits,
                    compared_by=(ADMIN, ADMIN2),
                    by=node.registry,
                )
        self.joined = True
        self.reached["joined"] += 1

    def _ways(self) -> tuple[tuple[Party, Party], ...]:
        links = ((KOR, JPN), (JPN, USA)) if self.joined else ((KOR, JPN),)
        return tuple(way for one, other in links for way in ((one, other), (other, one)))

    def exchange(self) -> None:
        """One exchange on some link; the answer is lost now and then, or the pouch comes twice."""
        party, peer = self.random.choice(self._ways())
        for _ in range(2 if self.random.random() < 0.2 else 1):
            outgoing.exchange(self.nodes[party], peer, Losing(self, party))

    def _rest(self) -> None:
        for _ in range(400):
            for party, peer in self._ways():
                said = outgoing.exchange(self.nodes[party], peer, Hand(self.nodes, party))
                assert said.word in (Word.COSIGNED, Word.ELSEWHERE)
            if not any(outgoing.next_pouch(self.nodes[a], b) for a, b in self._ways()):
                return
        raise AssertionError("the houses do not come to rest")

    def _check(self) -> None:
        tokyo, washington = self.nodes[JPN], self.nodes[USA]
        for node in self.nodes.values():
            assert replay.rebuild(node).differences == ()
        with tokyo.store.reading() as mine, washington.store.reading() as theirs:
            assert not kept.is_open(mine, JPN, USA)
            for log in (correspondence(JPN, USA), correspondence(USA, JPN), KEPT):
                size = mine.frontier(log).size
                assert mine.leaves(log, 0, size) == theirs.leaves(log, 0, theirs.frontier(log).size)
                assert not mine.within(RefusedByPeer, log)
            # Both signed the closed log; nothing of it is said by Washington's own.
            note = mine.load(Space.LATEST, f"{KEPT}|acked")
            assert note is not None
            assert {one.name for one in parse_note(note).lines} == {JPN, USA}
            assert len(theirs.page(ItemOf, limit=999)) >= len(mine.within(ItemOf, KEPT))


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
def test_schedules(first: int) -> None:
    reached = dict.fromkeys(REACHED, 0)
    for seed in range(first, first + CHUNK):
        try:
            world = PaperWorld(seed)
            world.run()
        except BaseException as error:
            raise AssertionError(f"seed {seed} fails") from error
        for name, count in world.reached.items():
            reached[name] += count
    assert all(reached.values()), reached
