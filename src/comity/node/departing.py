"""What leaves when its window is over: entered, sealed and judged then, not when it was decided."""

from collections.abc import Sequence
from typing import Final

from comity.acts import deeds
from comity.acts.entries import decode_entry
from comity.node import window
from comity.node.chancery import Entered, RefusedAct
from comity.node.deciding import enter_with_keys, given, keys_of_draft, sealed_act
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.releases import absent_draft, waiting_drafts
from comity.register.rows import Draft
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import journal

_AT_ONCE: Final = 256
"""Drafts that leave in one transaction, and lines of the journal that are read at once."""
_ENDS: Final = f'"{deeds.Decline.__struct_config__.tag}"'.encode()


def depart(node: Node) -> tuple[Entered, ...]:
    """Enter every decided draft whose window is over by this house's clock.

    If the process dies before a transaction is committed those drafts wait still and leave when
    it runs again; after it they are gone from the drafts, so nothing leaves twice. A clock that
    jumps ahead ends a window early, as one that stands makes it long; neither lets anything out
    that was not decided. What the agreement refuses by now (a consent taken back, an assurance
    ended) does not leave: the refusal stands in the journal, its approvals are void, and the
    draft waits for a decision again.

    Raises:
        Unavailable: the disk, or the clocks of the two houses are apart: it leaves later.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        due = sorted(name for name, at in window.leaving(node, tx).items() if at <= now)
    entered: list[Entered] = []
    for start in range(0, len(due), _AT_ONCE):
        names = due[start : start + _AT_ONCE]
        try:
            entered += _leave(node, names)
        except Refused:
            # One of them was taken back meanwhile, or is not lawful any more: each by itself.
            for name in names:
                entered += _leave_alone(node, name)
    return tuple(entered)


def next_departure(node: Node) -> Instant | None:
    """Return when the next decided draft leaves; nothing where none does."""
    with node.store.reading() as tx:
        return min(window.leaving(node, tx).values(), default=None)


def _leave(node: Node, names: Sequence[Digest]) -> tuple[Entered, ...]:
    with node.store.reading() as tx:
        _require_not_ended(node, tx, names)
        drafts = waiting_drafts(node, tx, names)
        gave = [given(node, tx, name) for name in names]
    sealed = [
        sealed_act(draft, tuple(one.approval for one in those))
        for draft, those in zip(drafts, gave, strict=True)
    ]
    dropped = [
        key for name, those in zip(names, gave, strict=True) for key in keys_of_draft(name, those)
    ]
    return enter_with_keys(node, (), sealed, dropped, waiting=names)


def _require_not_ended(node: Node, tx: Reading, names: Sequence[Digest]) -> None:
    """Return if no line of the journal since they were laid says that a draft is not released.

    A row says that a draft waits, and rows of one that was taken back may have been put back:
    what was entered last counts.

    Raises:
        Refused: ``refused.release.no-draft``.
    """
    house, wanted = journal(node.party), set(names)
    laid = [row.line for name in names if (row := tx.get(Draft, name)) is not None]
    size = tx.frontier(house).size
    for start in range(min(laid, default=size), size, _AT_ONCE):
        for leaf in tx.leaves(house, start, min(size, start + _AT_ONCE)):
            # Decoded where the bytes can say so at all: between lie many other lines.
            deed = decode_entry(leaf).deed if _ENDS in leaf else None
            if isinstance(deed, deeds.Decline) and deed.deed in wanted:
                raise absent_draft()


def _leave_alone(node: Node, name: Digest) -> tuple[Entered, ...]:
    try:
        return _leave(node, [name])
    except RefusedAct:
        # If the process dies here, it is refused once more, and that is written down once more.
        with node.store.transaction() as tx:
            void = tx.keys(Space.DRAFT, prefix=f"{name}|")
            tx.drop(Space.DRAFT, [window.key_of_leaving(name), *void])
    except Refused:
        pass  # taken back meanwhile: nothing is left to do
    return ()
