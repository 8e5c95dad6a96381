"""Which leaves the judgement of an item's acts rests on: what an evidence file has to hold.

From the leaves of an item the way goes on to what each of them is judged by: the texts and their
instruments, the acts that it refers to, and, where a text asks a release for a visit made before
or for the results of every report, to these. What is left out would show: a stranger would compute
another judgement than the one that both nodes committed to.
"""

from collections.abc import Iterable, Mapping

from comity.acts import deeds
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Position
from comity.agreement.clauses import Clause
from comity.agreement.clauses.assurance import Assurance as Word
from comity.agreement.clauses.force import EntryIntoForce
from comity.agreement.clauses.incidents import Incident
from comity.agreement.clauses.network import DependsOn
from comity.agreement.cut import PROVIDES, Asked, Cut, cut_of
from comity.agreement.ground import GROUND
from comity.agreement.matters import reported, visits
from comity.agreement.text import Agreement, open_bundle
from comity.node.ports import Reading, Space
from comity.register.rows import (
    Assurance,
    Authority,
    DirectiveTurn,
    DirectoryOf,
    ErasureOf,
    Instrument,
    ItemOf,
    Matter,
    ReceiptOf,
    key_of,
    position_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName, author, reader


def indexes(
    tx: Reading, item: ItemOf, subject: Position, sizes: Mapping[LogName, int]
) -> dict[LogName, set[int]]:
    """Return the leaves of each log that an item's evidence holds.

    Args:
        tx: A reading.
        item: The item.
        subject: The leaf that the file is about: the item's own, or one that gave of its stream.
        sizes: The logs of the file, each with the size of the tree that both signed.
    """
    found = _Resting(tx, sizes)
    found.of_item(item.key)
    found.leaf(subject)
    for log in sizes:
        held = [one.index for one in tx.within(DirectoryOf, log)]
        held += [one.index for one in tx.within(Authority, log)]
        held += [one.index for one in tx.within(Assurance, log)]
        for index in held:
            found.leaf(Position(log=log, index=index))
    if item.agreement:
        found.text(Digest(item.agreement))
    found.walk()
    return found.leaves


class _Resting:
    """Follows what rests on what, each leaf and each text once."""

    def __init__(self, tx: Reading, sizes: Mapping[LogName, int]) -> None:
        self._tx, self._sizes = tx, sizes
        self.leaves: dict[LogName, set[int]] = {log: set() for log in sizes}
        self._waiting: list[Position] = []
        self._texts: set[Digest] = set()
        self._items: set[str] = set()

    def leaf(self, position: Position) -> None:
        """Take a leaf, if it is of this link and of the trees that both signed."""
        held = self.leaves.get(position.log)
        if held is None or position.index in held or position.index >= self._sizes[position.log]:
            return
        held.add(position.index)
        self._waiting.append(position)

    def of_item(self, key: str) -> None:
        """Take an item: its leaf, its receipts, what became of its stream and of its words."""
        if key in self._items:
            return
        self._items.add(key)
        self.leaf(position_of(key))
        places = [(one.log, one.index) for one in self._tx.within(DirectiveTurn, key)]
        places += [(one.log, one.index) for one in self._tx.within(ReceiptOf, key)]
        places += [(one.log, one.index) for one in self._tx.within(ErasureOf, key)]
        for log, index in places:
            self.leaf(Position(log=LogName(log), index=index))

    def text(self, name: Digest) -> None:
        """Take the instruments of a text, of those that it rests on, and of those it waits for."""
        if name in self._texts or name == GROUND.digest:
            return
        self._texts.add(name)
        for one in self._tx.within(Instrument, name):
            self.leaf(Position(log=LogName(one.log), index=one.index))
        agreement = self._agreement(name)
        if agreement is None:
            return
        for clause in agreement.clauses:
            if isinstance(clause, DependsOn):
                for parent in clause.on:
                    self.text(parent.text)
            if isinstance(clause, EntryIntoForce) and clause.arrangement_first:
                for awaited in self._awaited(clause):
                    self.text(awaited)

    def walk(self) -> None:
        """Go on from each leaf to what its act is judged by."""
        while self._waiting:
            position = self._waiting.pop()
            log, index = LogName(position.log), position.index
            entry = decode_entry(self._tx.leaves(log, index, index + 1)[0])
            self._judged_by(log, index, entry)

    def _judged_by(self, log: LogName, index: int, entry: Entry) -> None:
        deed = entry.deed
        if isinstance(name := getattr(deed, "agreement", None), str):
            self.text(Digest(name))
        if isinstance(about := getattr(deed, "about", None), Position):
            self.leaf(about)
        items = [getattr(deed, "item", None)]
        if isinstance(deed, deeds.CloseVisit) and isinstance(deed.items, tuple):
            items += deed.items
        for one in items:
            if isinstance(one, Position) and self._tx.get(ItemOf, key_of(one)) is not None:
                self.of_item(key_of(one))
        other = reader(log)
        if isinstance(deed, PROVIDES) and other is not None:
            asked = Asked(
                house=other,
                acting=author(log),
                counterpart=other,
                log=log,
                index=index,
                entry=entry,
            )
            self._before(deed, cut_of(asked))

    def _before(self, deed: deeds.Release | deeds.Observations, cut: Cut) -> None:
        """Take what a text asks to have happened before anything is handed over."""
        clauses = self._clauses(deed)
        if any(_asks_a_visit(one) for one in clauses):
            made = max(visits(self._tx, cut), key=lambda one: (one.at, one.index), default=None)
            if made is not None:
                self.leaf(position_of(made.key))
        if any(isinstance(one, Incident) and one.suspend == "until-results" for one in clauses):
            for one in reported(self._tx, cut):
                self.leaf(position_of(one.key))

    def _clauses(self, deed: deeds.Release | deeds.Observations) -> tuple[Clause, ...]:
        """Return the clauses by which a release is judged: its text's, and what that borrows."""
        text = None if not isinstance(deed.agreement, str) else self._agreement(deed.agreement)
        if text is None:
            return ()
        parents = [
            self._agreement(one.text)
            for clause in text.clauses
            if isinstance(clause, DependsOn)
            for one in clause.on
        ]
        return tuple(one for each in (text, *parents) if each is not None for one in each.clauses)

    def _agreement(self, name: Digest) -> Agreement | None:
        raw = self._tx.load(Space.DOCUMENT, name)
        return None if raw is None else open_bundle(raw)

    def _awaited(self, force: EntryIntoForce) -> Iterable[Digest]:
        """Return the texts by which the agreements are in force that a text waits for."""
        rows = [
            self._tx.get(Instrument, one.key)
            for log in self._sizes
            for one in self._tx.within(Matter, f"{log}|treaty")
            if one.kind == "treaty.propose"
        ]
        found = (one for one in rows if one is not None and one.pact in force.arrangement_first)
        return dict.fromkeys(Digest(one.text) for one in found)


def _asks_a_visit(clause: Clause) -> bool:
    if isinstance(clause, EntryIntoForce):
        return clause.visit_first
    return isinstance(clause, Word) and bool(clause.inspected_days)
