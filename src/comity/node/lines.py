"""Lines of own logs, read again as bytes by what looks last before anything leaves."""

from collections.abc import Iterable
from typing import Final, TypeVar

from comity.acts import deeds
from comity.acts.entries import decode_entry
from comity.ledger.proofs import NodeId
from comity.ledger.tiles import tile_reader
from comity.ledger.tree import leaf_hash
from comity.node.ports import Reading
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName

D = TypeVar("D", bound=deeds.Deed)

TOGETHER: Final = 256
"""Lines that are read at once: drafts of one list stand one after the other."""


def deeds_at(tx: Reading, log: LogName, indexes: Iterable[int], kind: type[D]) -> list[D]:
    """Return the deeds of leaves, which must be of a kind.

    Raises:
        Invalid: ``invalid.dispatch``: a leaf is not there, or says something else.
    """
    found: list[D] = []
    for leaf in leaves_at(tx, log, indexes):
        deed = decode_entry(leaf).deed
        if not isinstance(deed, kind):
            raise wrong("a line that says something else")
        found.append(deed)
    return found


def leaves_at(tx: Reading, log: LogName, indexes: Iterable[int]) -> list[bytes]:
    """Return leaves, each as the tree of its log has it; neighbours are read together.

    Raises:
        Invalid: ``invalid.dispatch``: one is not there, or is another than was entered.
    """
    wanted = list(indexes)
    size = tx.frontier(log).size
    if any(not 0 <= index < size for index in wanted):
        raise wrong("a line that is not in the log")
    leaves: dict[int, bytes] = {}
    last = max(wanted, default=0)
    for index in sorted(set(wanted)):
        if index not in leaves:
            stop = min(last + 1, index + TOGETHER)
            leaves.update(enumerate(tx.leaves(log, index, stop), start=index))
    asked = sorted(set(wanted))
    hashes = tile_reader(lambda tiles: tx.tiles(log, tiles), size)([NodeId(0, at) for at in asked])
    if any(leaf_hash(leaves[at]) != there for at, there in zip(asked, hashes, strict=True)):
        raise wrong("a line that is not as it was entered")
    return [leaves[index] for index in wanted]


def wrong(what: str) -> Invalid:
    """Return the error of what must not leave."""
    return Invalid("invalid.dispatch", f"{what} was about to leave")
