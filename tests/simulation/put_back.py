"""A world in which a house's database is put back to an older copy, at any moment, and recovers.

In every third one both houses have a second place, from which the copy becomes what it was, hours
and home affairs included; in the others they ask each other.

What was under way from it ends with its process. Where its counterpart has heard of a checkpoint
for entries that never came to it, the copy is of no use, and the house goes on as it was.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from comity.ledger.checkpoints import checkpoint_of
from comity.node.lost import fetch_contents, find
from comity.node.node import Node
from comity.node.ports import Space, Store
from comity.node.recovering import enter_again
from comity.register.rows import ItemOf
from comity.store.memory import MemoryStore
from comity.store.records import Record
from comity.store.second import TwoPlaces, entered_again
from comity.store.second_files import SecondPlace
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party
from tests.simulation import history
from tests.simulation.world import PEER, Crash, World
from tests.support.pair import Hand
from tests.support.stores import everything

SECRET = b"s" * 32


class HeldPlace(SecondPlace):
    """A second place in memory."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.last: Record | None = None

    def add(self, records: Sequence[Record]) -> None:
        self.records += records
        self.last = self.records[-1] if self.records else None

    def after(self, last: Record) -> Iterator[Record]:
        return (one for one in self.records if one.number > last.number)


class PutBack(World):
    """A world in which copies are made, and put back."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.copies: dict[Party, MemoryStore] = {}
        self.recovered = self.useless = 0
        self.without_key: set[str] = set()
        self.whole = MemoryStore()
        parties = PEER if seed % 3 == 0 else ()
        self.places = {party: HeldPlace() for party in parties}
        for party in self.places:
            self._open(party, self.stores[party])

    def acts(self) -> tuple[tuple[Callable[[Party], object], ...], tuple[int, ...]]:
        """Return what may happen: copies are made and put back, too."""
        names, weights = super().acts()
        return (*names, self.put_back), (*weights, 1)

    def hour(self, party: Party) -> None:
        """Strike an hour: a register ledger that was shown is nowhere else, so no copy is older."""
        if not self.places:
            self.copies.pop(party, None)
        super().hour(party)

    def restart(self, party: Party) -> None:
        """Begin anew: what was committed as the process died is written to the second place."""
        super().restart(party)
        store = self.node(party).store
        if isinstance(store, TwoPlaces):
            store.catch_up()

    def put_back(self, party: Party) -> None:
        """Make a copy, or put the one that was made in the place of the database."""
        if party not in self.copies:
            if not self.places or self.places[party].last is not None:
                self.copies[party] = self.stores[party].clone()
            return
        whole, older = self.stores[party], self.copies.pop(party)
        self.whole = whole
        log = correspondence(party, PEER[party])
        with whole.reading() as tx:
            witness = tx.load(Space.LATEST, f"{log}|acked")
        self.letters.clear()
        if self.places:
            self._entered_again(party, older)
            return
        self._open(party, older)
        while self.stores[party] is not whole and not self._recovered(party, witness):
            self._open(party, self.stores[party])
        self._promise(party)

    def _entered_again(self, party: Party, older: MemoryStore) -> None:
        """Enter again what the second place has, however often the process dies in it."""
        older.on_commit = self._maybe_crash
        while True:
            try:
                self.recovered += entered_again(older, self.places[party]) > 0
                break
            except Crash:
                continue
        same = everything(older) == everything(self.whole)
        history.require(same, "V9", f"{party} did not come back from its second place as it was")
        self._open(party, older)

    def _recovered(self, party: Party, witness: bytes | None) -> bool:
        """Recover; tell whether it came to an end. A copy that is of no use is given up."""
        node = self.node(party)
        known = [witness] if witness else []
        try:
            hand = Hand(self.two.nodes, party)
            found = find(node, PEER[party], hand, remembered=known)
            fetch_contents(node, PEER[party], hand, found.theirs)
            back = enter_again(node, PEER[party], found)
        except Crash:
            return False
        except Refused as error:
            if error.code != "refused.recover.for-good":
                raise
            self.useless += 1
            self._open(party, self.whole)
            return True
        self.recovered += not found.nothing
        with node.store.reading() as tx:
            own = tx.within(ItemOf, correspondence(party, PEER[party]))
        self.without_key |= {one.key for one in own if one.reference in back.without_key}
        return True

    def for_good(self) -> set[str]:
        """Return the items whose provider lost the key: it says so when it recovers."""
        found: set[str] = set()
        for party, peer in PEER.items():
            with self.node(party).store.reading() as tx:
                for item in tx.within(ItemOf, correspondence(party, peer)):
                    if tx.load(Space.KEY, f"{item.key}|{party}") is None:
                        found.add(item.key)
        history.require(found <= self.without_key, "V11", "a key is gone that nobody told of")
        return found

    def _promise(self, party: Party) -> None:
        """What was promised in an answer that was lost binds nobody; what was heard does."""
        log = correspondence(PEER[party], party)
        with self.node(PEER[party]).store.reading() as tx:
            heard = tx.load(Space.LATEST, f"{log}|acked")
        self.promised[party, log] = 0 if heard is None else checkpoint_of(heard).size

    def _open(self, party: Party, store: MemoryStore) -> None:
        old = self.node(party)
        store.on_commit = self._maybe_crash
        self.stores[party] = store
        self.two.nodes[party] = Node(
            party=old.party,
            registry=old.registry,
            suite=old.suite,
            store=self._in_its_places(party, store),
            vault=old.vault,
            clock=old.clock,
        )

    def _in_its_places(self, party: Party, store: MemoryStore) -> Store:
        place = self.places.get(party)
        return store if place is None else cast("Store", TwoPlaces(store, place, SECRET, SECRET))
