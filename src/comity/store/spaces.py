"""What every store refuses in the same words."""

from collections.abc import Mapping
from typing import Final

from comity.node.ports import WRITE_ONCE, Space
from comity.vocabulary.errors import Unavailable

NEVER_DROPPED: Final = WRITE_ONCE - {Space.CONTENT, Space.WORDS}
"""Spaces whose keys are kept for ever; a sealed content goes when its time has come, words when
both parties have erased them."""


def require_droppable(space: Space) -> None:
    """Return if keys of this space may be forgotten.

    Raises:
        Unavailable: ``unavailable.conflict``.
    """
    if space in NEVER_DROPPED:
        raise Unavailable("unavailable.conflict", "what is written once is never dropped")


def new_in(kept: Mapping[str, bytes], items: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the items of a write-once space that are not kept yet.

    Raises:
        Unavailable: ``unavailable.conflict``: other bytes stand under one of the keys.
    """
    if any(raw != items[key] for key, raw in kept.items()):
        raise Unavailable("unavailable.conflict", "other bytes stand there")
    return {key: raw for key, raw in items.items() if key not in kept}


def require_size(kept: int, *, first: int, count: int, becomes: int) -> None:
    """Return if a log of ``kept`` leaves grows by ``count``, from ``first`` to ``becomes``.

    Raises:
        Unavailable: ``unavailable.conflict``: somebody appended in the meantime.
    """
    if kept != first or becomes != first + count:
        raise Unavailable("unavailable.conflict", "the log has another size")
