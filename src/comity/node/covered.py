"""The last look before a lane's pouch leaves: all in it was decided beforehand.

Written apart from the judgement that admitted it, as :mod:`comity.node.dispatch` is: the directive
is read from its own leaf and its turns from the leaves behind it, and no row is believed.
"""

from collections.abc import Sequence
from typing import Final

from comity.acts import deeds
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Position
from comity.node.dispatch import require_decided
from comity.node.lines import TOGETHER, deeds_at, wrong
from comity.node.node import Node
from comity.node.ports import Reading
from comity.register.leaves import rests_on
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party, is_within

_TURNS: Final = b'"directive.'
"""In the bytes of every leaf that suspends, resumes or withdraws a directive: its kind."""


def require_under_directive(node: Node, tx: Reading, peer: Party, entries: Sequence[Entry]) -> None:
    """Return if all that leaves in a lane was decided beforehand, as its directive's leaf says.

    The directive is read from its own leaf and its approvals are verified again; the turns that
    the register knows of are read from theirs. How much was given before is not counted here.

    Raises:
        Invalid: ``invalid.dispatch``: something was not, and nothing of the pouch is sent.
    """
    own = correspondence(node.party, peer)
    known: dict[int, deeds.StandingDirective] = {}
    for entry in entries:
        deed = entry.deed
        if not isinstance(deed, deeds.Observations) or deed.item.log != own:
            raise wrong("something in a lane that no directive covers")
        index, head = deed.item.index, rests_on(entry, own)
        if index not in known:
            (known[index],) = deeds_at(tx, own, [index], deeds.StandingDirective)
            leaf = tx.leaves(own, index, index + 1)[0]
            # The same bytes at the same place were decided the same way: looked at once a start.
            place = (own, index, leaf)
            if place not in node.decided:
                require_decided(node, tx, peer, index, [decode_entry(leaf)])
                node.decided.add(place)
        _require_covered(known[index], deed, entry.at)
        if _ended(node, tx, own, deed.item, head):
            raise wrong("an observation under a directive that has ended")


def _require_covered(
    directive: deeds.StandingDirective, deed: deeds.Observations, at: Instant
) -> None:
    item = directive.item
    if (deed.stream, deed.label, deed.to) != (item.reference, item.label, directive.to):
        raise wrong("an observation that its directive does not cover")
    if not is_within(deed.subject, item.subject) or not directive.since <= at < directive.until:
        raise wrong("an observation that its directive does not cover")


def _ended(node: Node, tx: Reading, own: LogName, item: Position, head: int) -> bool:
    """Tell whether the last turn of a directive below a head lets nothing be given.

    The turns are read from the leaves behind the directive and not from rows: one that was
    deleted would let a stream go on that was withdrawn. What was read stays read in this process.
    """
    place = (own, item.index)
    first, turns = node.turned.get(place, (item.index + 1, ()))
    stop = min(head, tx.frontier(own).size)
    for start in range(first, stop, TOGETHER):
        page = tx.leaves(own, start, min(stop, start + TOGETHER))
        for index, leaf in enumerate(page, start=start):
            # Decoded where the bytes can say so at all: between lie many other leaves.
            deed = decode_entry(leaf).deed if _TURNS in leaf else None
            if isinstance(deed, deeds.OfDirective) and deed.item == item:
                turns = (*turns, (index, deed))
    if stop > first:
        node.turned[place] = stop, turns
    before = [turn for index, turn in turns if index < head]
    withdrawn = any(isinstance(turn, deeds.WithdrawDirective) for turn in before)
    return withdrawn or (bool(before) and isinstance(before[-1], deeds.SuspendDirective))
