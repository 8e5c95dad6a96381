"""What leaves when its window is over: entered, sealed and judged then, not when it was decided."""

from collections.abc import Sequence
from typing import Final

from comity.node import window
from comity.node.chancery import Entered, RefusedAct
from comity.node.deciding import enter_with_keys, given, keys_of_draft, sealed_act
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.releases import waiting_drafts
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant

_AT_ONCE: Final = 256
"""Drafts that leave in one transaction."""


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
