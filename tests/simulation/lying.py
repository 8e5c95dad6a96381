"""A world in which one of the two houses lies, over a line that fails, to one that dies at commits.

The liar's machine never dies and never refuses to send: it signs what it likes and sends it as it
is. What must hold is asked of the honest house alone, out of the leaves that it keeps.
"""

import json
from collections.abc import Callable, Collection
from contextlib import nullcontext, suppress
from typing import Final

from comity.acts.entries import entry_or_opaque
from comity.exchange.answers import Word, decode_answer
from comity.exchange.pouch import by_digest
from comity.node import outgoing, replay
from comity.node.alarms import alarms
from comity.node.incoming import receive
from comity.node.named import kept_of
from comity.node.ports import Space
from comity.node.sitting import sitting
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party
from tests.simulation import book, history, hostile
from tests.simulation.world import Letter, World
from tests.support.pair import JPN, KOR, Hand

_ROUNDS: Final = 8


_ITS_OWN_AFFAIR: Final = suppress(Invalid, Refused, Unavailable)
"""What the liar's own software complains of harms nobody."""


class Lying(World):
    """Whose seed is even, Seoul lies; else Tokyo."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.liar, self.honest = ((KOR, JPN), (JPN, KOR))[seed % 2]
        self.stores[self.liar].on_commit = _lives
        self.lies: set[bytes] = set()
        self.old: list[Letter] = []
        self.arrived = self.believed = 0
        self.told = correspondence(self.liar, self.honest)
        self.answered_in = correspondence(self.honest, self.liar)

    def run(self, steps: int) -> None:
        """Take a number of steps, then heal, then check the honest house."""
        for _ in range(steps):
            self.step()
        self.heal()
        self.check()
        if self.seed % 5 < 2:  # of either liar
            self._forks()

    def acts(self) -> tuple[tuple[Callable[[Party], object], ...], tuple[int, ...]]:
        """Return what may happen: lies and old letters, too."""
        return (
            (
                self.send,
                self.deliver,
                self.release,
                self.handle,
                self.weather,
                self.lie,
                self.again,
            ),
            (6, 8, 2, 3, 1, 4, 1),
        )

    def lie(self, party: Party) -> None:
        """Tell a lie; whether it is sent at once is another matter."""
        del party
        liar = self.node(self.liar)
        with liar.store.reading() as tx:
            before = tx.frontier(self.told).size
        self.random.choice(hostile.LIES)(liar, self.random)
        with liar.store.reading() as tx:
            self.lies.update(tx.leaves(self.told, before, tx.frontier(self.told).size))

    def again(self, party: Party) -> None:
        """Send an old letter to the honest house once more."""
        del party
        if self.old:
            self._post(self.random.choice(self.old))

    def send(self, party: Party) -> None:
        """Put a pouch on its way; the liar's holds whatever was not acknowledged, as it is."""
        if party == self.honest:
            super().send(party)
            return
        letter = self._told()
        self.old.append(letter)
        self._post(letter)

    def _told(self) -> Letter:
        node = self.node(self.liar)
        with sitting(node) as session:
            old = outgoing.acknowledged(session.tx, self.liar, self.honest)
            size = session.size(self.told)
            leaves = session.tx.leaves(self.told, old, size)
            note = session.roots.sign(self.told, at=session.now)
            entries = [one for one in map(entry_or_opaque, leaves) if one is not None]
            documents = by_digest(kept_of(session.tx, entries).values())
            sealed = [one.ciphertext for one in entries if isinstance(one.ciphertext, str)]
            contents = by_digest(session.tx.load_many(Space.CONTENT, sealed).values())
            wire = hostile.pouch(node, session, old, note, leaves, documents, contents)
        return Letter(0, 0, self.honest, wire, outgoing.Sent(wire, self.told, old, size))

    def deliver(self, party: Party) -> None:
        """Let something arrive; at the liar's whatever comes of it."""
        if self.letters and self.letters[0].to == self.liar:
            with _ITS_OWN_AFFAIR:
                super().deliver(party)
        else:
            super().deliver(party)

    def release(self, party: Party) -> None:
        """Release something; the liar does so, too, as if nothing were."""
        with _ITS_OWN_AFFAIR if party == self.liar else nullcontext():
            super().release(party)

    def handle(self, party: Party, *, but: Collection[str] = ()) -> bool:
        """Take in what arrived; at the liar's as far as it gets."""
        with _ITS_OWN_AFFAIR if party == self.liar else nullcontext():
            return super().handle(party, but=but)
        return False

    def heal(self) -> None:
        """Let everything arrive; the liar says all that it has to say."""
        self.crash_rate = self.loss = 0.0
        self.partitioned = False
        while self.letters:
            with _ITS_OWN_AFFAIR:
                self.deliver(self.honest)
        for _ in range(_ROUNDS):
            self._exchange()

    def _exchange(self) -> None:
        letter = self._told()
        answer = receive(self.node(self.honest), self.liar, letter.body)
        with _ITS_OWN_AFFAIR:
            outgoing.took(self.node(self.liar), self.honest, letter.sent, answer)
        hand = Hand(self.two.nodes, self.honest)
        outgoing.exchange(self.node(self.honest), self.liar, hand, heartbeat=True)

    def check(self, *, final: bool = False) -> None:
        """Nothing of a lie had any effect, each was answered once, and the link goes on."""
        del final
        honest = self.node(self.honest)
        with honest.store.reading() as tx:
            logs = {str(log): history.leaves_of(tx, log) for log in (self.told, self.answered_in)}
            own, theirs = logs[self.answered_in], logs[self.told]
            history.check_ledgers(tx, logs, {KOR, JPN})
            history.check_once({self.answered_in: own})
            history.check_stamps({self.answered_in: own})
            refused = self._refused(own)
            book.check_book(tx, {self.answered_in: own, self.told: _but(theirs, refused)})
        history.require(
            {index for index, leaf in enumerate(theirs) if leaf in self.lies and not _silent(leaf)}
            <= refused,
            "refusal",
            "a lie that nobody spoke of",
        )
        said = replay.rebuild(honest)
        history.require(not said.differences, "V6", str(said.differences[:3]))
        self.arrived = sum(leaf in self.lies for leaf in theirs)
        with honest.store.reading() as tx:
            self.believed = len(tx.within(ItemOf, self.told))
        self._goes_on()

    def _refused(self, own: list[bytes]) -> set[int]:
        """Return the liar's leaves that the honest house says have no effect, each said once."""
        found: list[int] = []
        for raw in own:
            deed = json.loads(raw)["deed"]
            if deed["kind"] == "link.refuse" and deed["log"] == self.told:
                found += [one["index"] for one in deed["refused"]]
            if deed["kind"] == "link.diverge":
                found.append(deed["leaf"]["index"])
        history.require(len(found) == len(set(found)), "refusal", "one leaf was refused twice")
        return set(found)

    def _goes_on(self) -> None:
        """An honest act crosses after all this, and is acknowledged."""
        self.two.clock.turn(1)
        for _ in range(_ROUNDS):
            self._exchange()
        World.release(self, self.honest)
        for _ in range(_ROUNDS):
            self._exchange()
        with self.node(self.honest).store.reading() as tx:
            size = tx.frontier(self.answered_in).size
            came = outgoing.acknowledged(tx, self.honest, self.liar)
        history.require(came == size, "V11", f"acknowledged {came} of {size} after all")

    def _forks(self) -> None:
        """After all that it shows another history: that is refused, kept, and told for ever."""
        honest = self.node(self.honest)
        with honest.store.reading() as tx:
            before = history.leaves_of(tx, self.told)
        answer = decode_answer(hostile.fork(self.node(self.liar), honest))
        history.require(answer.word is Word.FORKED, "V5", f"a fork was answered {answer.word}")
        with honest.store.reading() as tx:
            after = history.leaves_of(tx, self.told)
            kept = tx.load(Space.LATEST, f"fork|{self.liar}")
            told = f"{self.liar}|fork" in alarms(tx)
        history.require(after == [*before, b"the first history"], "V5", "a second history is held")
        history.require(kept is not None and told, "V5", "a fork is neither kept nor told")


def _lives(moment: str) -> None:
    del moment


def _silent(leaf: bytes) -> bool:
    """Tell whether a lie is a refusal: that is never refused in turn, or it would never end."""
    try:
        return bool(json.loads(leaf)["deed"]["kind"] == "link.refuse")
    except ValueError:
        return False


def _but(leaves: list[bytes], without: set[int]) -> list[bytes]:
    """Return leaves, of which some say nothing."""
    nothing = json.dumps({"deed": {"kind": "nothing"}}).encode()
    return [nothing if index in without else leaf for index, leaf in enumerate(leaves)]
