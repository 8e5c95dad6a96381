"""A world of two nodes, a seeded clock, a courier that fails, and crashes at every commit."""

import heapq
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache

from comity.acts.deeds import Stage
from comity.exchange.answers import Word, decode_answer
from comity.node import (
    deciding,
    erasing,
    hours,
    outgoing,
    receiving,
    releases,
    replay,
    setup,
    showing,
)
from comity.node.ahead import Ahead, Made
from comity.node.clocks import BOUND
from comity.node.incoming import receive
from comity.node.node import Node
from comity.register.rows import Holding, ItemOf, ReceiptOf, RefusedByPeer
from comity.seal.real import REAL
from comity.seal.suite import Suite
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant, plus_seconds, seconds_between
from comity.vocabulary.logs import LogKind, correspondence, journal, kind_of, register_ledger
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.simulation import book, history, words
from tests.support.fast_suite import seeded
from tests.support.pair import (
    JPN,
    KOR,
    START,
    Hand,
    HeldVault,
    Pair,
    TurnedClock,
    epochs,
    under_the_pact,
    where,
)

PEER = {KOR: JPN, JPN: KOR}
LOGS = (correspondence(KOR, JPN), correspondence(JPN, KOR))
BOOKS = {KOR: register_ledger(KOR, JPN), JPN: register_ledger(JPN, KOR)}


class Crash(BaseException):
    """The process dies here."""


@dataclass(order=True)
class Letter:
    """Something under way: a pouch, or the answer to one."""

    due: float
    order: int
    to: Party = field(compare=False)
    body: bytes = field(compare=False)
    sent: outgoing.Sent = field(compare=False)
    answer: bool = field(compare=False, default=False)


@lru_cache(2)
def founded(*, real: bool) -> Pair:
    """Two houses with the pact in force between them: where every schedule begins.

    Founded once in a process: nothing goes wrong in it, and it takes longer than a schedule.
    """
    two = under_the_pact(suite=REAL if real else seeded(b"foundation"))
    two.clock.turn(3600)  # what was founded then is founded whichever way the clock turns
    return two


def _copied(base: Pair, suite: Suite) -> tuple[dict[Party, MemoryStore], Pair]:
    """Return the houses once more, with stores, keys and a clock of their own."""
    clock = TurnedClock(base.clock.now())
    stores: dict[Party, MemoryStore] = {}
    nodes: dict[Party, Node] = {}
    for party, old in base.nodes.items():
        assert isinstance(old.store, MemoryStore)
        assert isinstance(old.vault, HeldVault)
        stores[party] = old.store.clone()
        nodes[party] = Node(
            party=party,
            registry=old.registry,
            suite=suite,
            store=stores[party],
            vault=HeldVault(suite, dict(old.vault.keys)),
            clock=clock,
        )
    return stores, Pair(clock, nodes, base.text)


class Aside:
    """A thread apart that works when the dice say so, or when it is waited for."""

    def __init__(self) -> None:
        self.to_do: Callable[[], Made] | None = None
        self.done: Made | None = None

    def begin(self, work: Callable[[], Made]) -> Callable[[], Made]:
        self.to_do, self.done = work, None

        def wait() -> Made:
            return self.done if self.done is not None else work()

        return wait

    def work(self) -> None:
        work, self.to_do = self.to_do, None
        if work is not None:
            self.done = work()


class World:
    """Two houses under one pact, and everything that can go wrong between and inside them."""

    def __init__(self, seed: int, *, base: Pair | None = None) -> None:
        self.random = random.Random(seed)
        self.turning = random.Random(f"clock {seed}")
        self.seed = seed
        real = seed % 20 == 7
        suite: Suite = REAL if real else seeded(seed.to_bytes(8, "big"))
        self.stores, self.two = _copied(base or founded(real=real), suite)
        self.furthest = self.two.clock.now()
        self.letters: list[Letter] = []
        self.order = 0
        self.time = 0.0
        self.crash_rate = self.random.choice((0.0, 0.02, 0.1))
        self.loss = self.random.choice((0.0, 0.1, 0.4))
        self.partitioned = False
        self.promised: dict[tuple[Party, str], int] = {}
        self.crashes = self.lost = self.doubled = self.renewed = self.left_over = 0
        self.erased = 0
        self.epochs = {party: epochs(party, START) for party in PEER}
        self.trace: list[str] = []
        self.aside = {party: Aside() for party in PEER}
        self.ahead: dict[Party, tuple[Node, Ahead]] = {}
        for store in self.stores.values():
            store.on_commit = self._maybe_crash

    def _maybe_crash(self, moment: str) -> None:
        if self.random.random() < self.crash_rate:
            self.crashes += 1
            raise Crash(moment)

    def ahead_of(self, party: Party) -> Ahead:
        """Return what makes pouches ahead in a process; what another one made is gone with it."""
        node = self.node(party)
        if party not in self.ahead or self.ahead[party][0] is not node:
            self.aside[party] = Aside()
            self.ahead[party] = node, Ahead(node, PEER[party], self.aside[party].begin)
        return self.ahead[party][1]

    def node(self, party: Party) -> Node:
        return self.two.nodes[party]

    def restart(self, party: Party) -> None:
        """Begin anew from what is kept: nothing of a process outlives it."""
        old = self.node(party)
        self.two.nodes[party] = Node(
            party=old.party,
            registry=old.registry,
            suite=old.suite,
            store=old.store,
            vault=old.vault,
            clock=old.clock,
        )
        # V9: what was acknowledged before the crash is there after it.
        with old.store.reading() as tx:
            for (holder, log), size in self.promised.items():
                if holder == party:
                    history.require(
                        tx.frontier(log).size >= size,  # type: ignore[arg-type]
                        "V9",
                        f"{party} acknowledged {size} of {log} and lost some",
                    )

    def run(self, steps: int) -> None:
        """Take a number of steps, then heal, then check everything.

        In every fourth schedule whoever received something takes it in afterwards, to the last
        item: then each copy is held, at both ends.
        """
        for _ in range(steps):
            self.step()
        self.heal()
        if self.seed % 4 == 0:
            self.check_books(final=False)
            self.finish()
        self.check(final=self.seed % 4 == 0)

    def finish(self) -> None:
        """Register, mark and receipt for everything that arrived, and let the word of it arrive."""
        for party in (KOR, JPN):
            while self.handle(party, but=self.for_good()):
                pass
        self.two.carry(rounds=60)

    def for_good(self) -> set[str]:
        """Return the items of which nobody has the key any more: here there are none."""
        return set()

    def step(self) -> None:
        """Do one thing at one house, or let one letter arrive."""
        self.time += self.random.random()
        self.two.clock.turn(self.random.random() * 2)
        self.furthest = max(self.furthest, self.two.clock.now())
        party = self.random.choice((KOR, JPN))
        act = self.random.choices(*self.acts())[0]
        try:
            act(party)
        except Crash as crash:
            self.trace.append(f"{party} crash {crash} in {act.__name__}")
            self.restart(KOR)
            self.restart(JPN)
        except (Refused, Unavailable, Invalid) as error:
            self.trace.append(f"{party} {act.__name__}: {error.code}")
            if isinstance(error, Invalid):
                raise

    def acts(self) -> tuple[tuple[Callable[[Party], object], ...], tuple[int, ...]]:
        """Return what may happen, and how often."""
        return (
            (
                self.send,
                self.deliver,
                self.release,
                self.handle,
                self.weather,
                self.hour,
                self.renew,
                self.meanwhile,
                self.erase,
            ),
            (6, 8, 3, 4, 1, 1, 1, 2, 2),
        )

    def weather(self, party: Party) -> None:
        """Break the line or mend it; now and then the clock is set back, within the bound."""
        del party
        if self.turning.random() < 0.3:
            back = self.turning.random() * 120
            # Twice in a row it would be out of the bound: then nothing is stamped, and rightly.
            if seconds_between(self.two.clock.now(), self.furthest) + back < BOUND / 2:
                self.two.clock.turn(-back)
        self.partitioned = not self.partitioned and self.random.random() < 0.5

    def send(self, party: Party) -> None:
        """Put the next pouch on its way."""
        sent = self.ahead_of(party).next_pouch(heartbeat=self.random.random() < 0.2)
        if sent is not None:
            self._post(Letter(0, 0, PEER[party], sent.wire, sent))

    def meanwhile(self, party: Party) -> None:
        """Make the pouch after the one that is under way, sooner or later."""
        self.ahead_of(party).news()
        self.aside[party].work()

    def hour(self, party: Party) -> None:
        """Strike a fixed hour if one is due (or let one be due), and show where the book stands."""
        if not self.letters and self.random.random() < 0.5:
            # With a letter under way it would be an answer of an hour ago: clocks that are apart.
            self.two.clock.turn(3600)
        hours.strike(self.node(party))
        sent = showing.next_showing(self.node(party), PEER[party])
        if sent is not None:
            self._post(Letter(0, 0, PEER[party], sent.wire, sent))

    def _post(self, letter: Letter) -> None:
        if self.partitioned or self.random.random() < self.loss:
            self.lost += 1
            return
        for _ in range(2 if self.random.random() < 0.15 else 1):
            self.order += 1
            heapq.heappush(
                self.letters,
                Letter(
                    self.time + self.random.random() * 5,
                    self.order,
                    letter.to,
                    letter.body,
                    letter.sent,
                    letter.answer,
                ),
            )
        self.doubled += 1

    def deliver(self, party: Party) -> None:
        """Let what is due arrive, in whatever order it does."""
        del party
        if not self.letters:
            return
        letter = heapq.heappop(self.letters)
        shown = kind_of(letter.sent.log) is LogKind.REGISTER
        if letter.answer:
            self.answered(letter, shown=shown)
            return
        answer = receive(self.node(letter.to), PEER[letter.to], letter.body)
        said = decode_answer(answer)
        if said.word is Word.COSIGNED and not shown:
            # Promised the moment the answer exists: it may be on the wire before a crash.
            at = (letter.to, said.log)
            self.promised[at] = max(self.promised.get(at, 0), letter.sent.new)
        self._post(Letter(0, 0, PEER[letter.to], answer, letter.sent, answer=True))

    def answered(self, letter: Letter, *, shown: bool) -> None:
        """Take an answer that has come."""
        took = showing.took if shown else outgoing.took
        took(self.node(letter.to), PEER[letter.to], letter.sent, letter.body)

    def release(self, party: Party) -> None:
        """Draft and approve, one item or several under one approval.

        Or decide on what a process that died left waiting.
        """
        node = self.node(party)
        with node.store.reading() as tx:
            left = [Digest(row.key) for row in tx.waiting_drafts()]
        if left and self.random.random() < 0.5:
            authority = PersonId({KOR: "park", JPN: "tanaka"}[party])
            if self.random.random() < 0.8:
                deciding.approve(node, left[: self.random.choice((1, 3))], authority=authority)
                self.left_over += 1
            else:
                deciding.decline(node, left[0], authority=authority)
            return
        terms = {
            KOR: ("KOR/KDIA", "KOR:mil-2", "JPN/DIH", "kim", "park"),
            JPN: ("JPN/DIH", "JPN:gokuhi", "KOR/KDIA", "sato", "tanaka"),
        }[party]
        names = [
            releases.lay_before(
                node,
                releases.Wish(
                    to=PEER[party],
                    offices=(Office(terms[2]),),
                    by=Office(terms[0]),
                    level=Level(terms[1]),
                    subject=Subject("dprk.missile.launch"),
                    purpose=Purpose("defence.missile-warning"),
                    content=self.random.randbytes(self.random.randrange(1, 300)),
                    title="Fictional",
                ),
                drafter=PersonId(terms[3]),
            ).deed
            for _ in range(self.random.choice((1, 1, 1, 3)))
        ]
        deciding.approve(node, names, authority=PersonId(terms[4]))

    def handle(self, party: Party, *, but: Collection[str] = ()) -> bool:
        """Register, mark or receipt for something that arrived; tell whether there was any."""
        node = self.node(party)
        log = correspondence(PEER[party], party)
        registry, custodian, level = {
            KOR: ("choi", "han", "KOR:mil-2"),
            JPN: ("suzuki", "ito", "JPN:gokuhi"),
        }[party]
        with node.store.reading() as tx:
            items = [
                item
                for item in tx.within(ItemOf, log)
                if item.key not in but
                and not any(one.stage == "document" for one in tx.within(ReceiptOf, item.key))
            ]
            if not items:
                return False
            item = self.random.choice(items)
            held = tx.get(Holding, item.key)
        if held is None:
            receiving.register(node, item, officer=PersonId(registry))
        elif not held.level:
            receiving.re_mark(node, item, level=Level(level), officer=PersonId(registry))
        else:
            receiving.receipt(node, item, custodian=PersonId(custodian), stage=Stage.DOCUMENT)
        return True

    def erase(self, party: Party) -> None:
        """Say that the words of an item are to go, mostly of one that the other said it of."""
        node = self.node(party)
        with node.store.reading() as tx:
            asked = [one.entry for one in erasing.waiting(tx) if one.said.author != party]
            items = [row.key for log in LOGS for row in tx.within(ItemOf, log)]
        if asked and self.random.random() < 0.7:
            items = asked
        if items:
            registry = PersonId({KOR: "choi", JPN: "suzuki"}[party])
            erasing.say(node, self.random.choice(items), officer=registry)

    def renew(self, party: Party) -> None:
        """Make new keys, begin a new epoch of the offices, or neither; announce what there is."""
        vault = self.vault(party)
        for kind in ("ledger", "transport"):
            if self.random.random() < 0.4:
                vault.renew(kind)
        if self.random.random() < 0.3:
            # It keeps its beginning in every directory after, as an office's epoch does.
            since = plus_seconds(self.two.clock.now(), -BOUND)
            self.epochs[party] += [
                (office, epoch + 1, since) for office, epoch, _ in self.last(party)
            ]
        self.announce(party)
        self.renewed += 1

    def vault(self, party: Party) -> HeldVault:
        vault = self.node(party).vault
        assert isinstance(vault, HeldVault)
        return vault

    def last(self, party: Party) -> list[tuple[Office, int, Instant]]:
        """Return the latest epoch of every office of a house."""
        return list({office: one for one in self.epochs[party] for office in one[:1]}.values())

    def announce(self, party: Party) -> None:
        """Publish a directory with the newest keys of a house."""
        setup.publish_directory(
            self.node(party), PEER[party], where=where(party), epochs=self.epochs[party]
        )

    def _names_newest(self, party: Party) -> bool:
        """Tell whether the latest directory of a house names its newest keys."""
        node = self.node(party)
        with node.store.reading() as tx:
            own = setup.own_directory(node, tx, PEER[party])
        assert own is not None
        public = node.suite.signing_public(node.vault.ledger())
        transport = node.suite.kem_public(node.vault.transport())
        return (own[0].ledger, own[0].transport) == (public, transport)

    def heal(self) -> None:
        """Let everything arrive that is under way, and carry until both are at rest."""
        self.crash_rate = self.loss = 0.0
        self.partitioned = False
        while self.letters:
            try:
                self.deliver(KOR)
            except (Unavailable, Refused):
                continue
        self.two.carry(rounds=60)
        for party in (KOR, JPN):
            # A fresh word on the clocks first: without one a node that missed it stamps nothing.
            hand = Hand(self.two.nodes, party)
            outgoing.exchange(self.node(party), PEER[party], hand, heartbeat=True)
            if not self._names_newest(party):
                # As a node does when it begins: keys made before a crash become known.
                self.announce(party)
                self.two.carry(rounds=60)
            hours.strike(self.node(party))
            while sent := showing.next_showing(self.node(party), PEER[party]):
                answer = receive(self.node(PEER[party]), party, sent.wire)
                showing.took(self.node(party), PEER[party], sent, answer)

    def check_books(self, *, final: bool) -> None:
        """Both registers say what the leaves say, which are the same at both ends."""
        with self.two.seoul.store.reading() as one, self.two.tokyo.store.reading() as two:
            logs = {str(log): history.leaves_of(one, log) for log in LOGS}
            for tx, party in ((one, KOR), (two, JPN)):
                book.check_book(tx, logs, final=final, but=self.for_good())
                received = str(correspondence(PEER[party], party))
                items = [f"{received}#{index}" for index in range(len(logs[received]))]
                own = history.leaves_of(tx, BOOKS[party])
                book.check_holdings(tx, own, items)
        self.erased = sum(words.check_words(node, logs) for node in self.two.nodes.values())

    def check(self, *, final: bool = False) -> None:
        """Ask the history checker, and fold everything again."""
        self.check_books(final=final)
        seoul, tokyo = self.two.seoul, self.two.tokyo
        with seoul.store.reading() as one, tokyo.store.reading() as two:
            logs = {str(log): history.leaves_of(one, log) for log in LOGS}
            history.check_once(logs)
            history.check_agreed(logs)
            history.check_stamps(logs)
            for tx, party in ((one, KOR), (two, JPN)):
                own = BOOKS[party]
                books = {own: history.leaves_of(tx, own)}
                history.check_ledgers(tx, logs | books, {KOR, JPN})
                history.check_stamps(books | {"journal": history.leaves_of(tx, journal(party))})
            history.check_register(one, two, BOOKS[KOR])
            history.check_register(two, one, BOOKS[JPN])
            history.check_acknowledged(one, two, LOGS[0], healed=True)
            history.check_acknowledged(two, one, LOGS[1], healed=True)
            history.check_same_book(one, two, LOGS)
            for tx in (one, two):
                for log in LOGS:
                    history.require(
                        not tx.within(RefusedByPeer, log),
                        "V12",
                        "a lawful act refused",
                    )
        for node in (seoul, tokyo):  # V6
            rebuilt = replay.rebuild(node)
            history.require(not rebuilt.differences, "V6", str(rebuilt.differences[:3]))
