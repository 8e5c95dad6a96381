"""A world in which a house's database is put back to an older copy, at any moment, and recovers.

What was under way from it ends with its process. Where its counterpart has heard of a checkpoint
for entries that never came to it, the copy is of no use, and the house goes on as it was.
"""

from collections.abc import Callable

from comity.ledger.checkpoints import checkpoint_of
from comity.node.lost import find
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.recovering import enter_again
from comity.store.memory import MemoryStore
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party
from tests.simulation.world import PEER, Crash, World
from tests.support.pair import Hand


class PutBack(World):
    """A world in which copies are made, and put back."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.copies: dict[Party, MemoryStore] = {}
        self.recovered = self.useless = 0
        self.whole = MemoryStore()

    def acts(self) -> tuple[tuple[Callable[[Party], None], ...], tuple[int, ...]]:
        """Return what may happen: copies are made and put back, too."""
        names, weights = super().acts()
        return (*names, self.put_back), (*weights, 1)

    def hour(self, party: Party) -> None:
        """Strike an hour: a register ledger that was shown is nowhere else, so no copy is older."""
        self.copies.pop(party, None)
        super().hour(party)

    def put_back(self, party: Party) -> None:
        """Make a copy, or put the one that was made in the place of the database."""
        if party not in self.copies:
            self.copies[party] = self.stores[party].clone()
            return
        whole, older = self.stores[party], self.copies.pop(party)
        self.whole = whole
        log = correspondence(party, PEER[party])
        with whole.reading() as tx:
            witness = tx.load(Space.LATEST, f"{log}|acked")
        self.letters.clear()
        self._open(party, older)
        while self.stores[party] is not whole and not self._recovered(party, witness):
            self._open(party, self.stores[party])
        self._promise(party)

    def _recovered(self, party: Party, witness: bytes | None) -> bool:
        """Recover; tell whether it came to an end. A copy that is of no use is given up."""
        node = self.node(party)
        known = [witness] if witness else []
        try:
            found = find(node, PEER[party], Hand(self.two.nodes, party), remembered=known)
            enter_again(node, PEER[party], found)
        except Crash:
            return False
        except Refused as error:
            if error.code != "refused.recover.for-good":
                raise
            self.useless += 1
            self._open(party, self.whole)
            return True
        self.recovered += not found.nothing
        return True

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
            store=store,
            vault=old.vault,
            clock=old.clock,
        )
