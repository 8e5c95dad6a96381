"""Acts that are alike for the agreement have one judgement, and it is made once.

A judgement holds nothing of one item. So an entry is first made *plain*: what only tells one
item from another (reference, digests, salt, the signatures' paths) is replaced by one value for
all. Only the plain entry is handed to the clauses, and it is, with the case and the texts, the
key under which the judgement is remembered. A clause cannot read what is not in the key, so a
remembered judgement is the one that would be made: the same function of the same values.

Times are part of the key as they stand (``at``, the age of the cut, the case's dates). Acts
that are stamped together are alike; those of another moment are judged anew.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Final, TypeVar, cast

from msgspec import UnsetType, structs

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Judgement
from comity.acts.parts import Position
from comity.agreement.case import Case
from comity.agreement.clauses import Voice
from comity.agreement.judge import Texts, judge
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Reference

T = TypeVar("T")

KEPT: Final = 1024
"""Judgements that are remembered; the one not asked for longest is forgotten first."""

_ANY: Final = Digest("sha384:" + 96 * "0")
_ANY_SALT: Final = bytes(16)
_ANY_REFERENCE: Final = Reference("ANY")
_ANY_LEAF: Final = Position(log=LogName("comity/ANY/to/OTHER"), index=0)


def plain(entry: Entry) -> Entry:
    """Return an entry without what tells one item from another: all that is judged of it.

    What the gathering has looked at and put into the case file is left out: the cut, the
    approvals, and whether there is a sealed content.
    """
    deed = entry.deed
    if isinstance(deed, deeds.Release):
        origin = deed.origin
        deed = structs.replace(
            deed,
            item=structs.replace(deed.item, reference=_ANY_REFERENCE, plaintext=_ANY),
            particulars=_ANY,
            origin=origin if isinstance(origin, UnsetType) else _ANY_LEAF,
        )
    return Entry(
        deed=deed,
        at=entry.at,
        salt=_ANY_SALT,
        also=entry.also,
        attested=entry.attested,
        evidence=entry.evidence,
    )


def judged(texts: Texts, entry: Entry, case: Case, *, voice: Voice) -> Judgement:
    """Judge an act in one voice; an act that is like one just judged has its judgement."""
    return _judged(texts, plain(entry), case, voice)


@lru_cache(maxsize=KEPT)
def _judged(texts: Texts, entry: Entry, case: Case, voice: Voice) -> Judgement:
    return judge(texts, entry, case, voice=voice)


class Alike:
    """What was worked out for the acts of one batch, whose documents are all in place.

    The case of an item that its own house releases holds, beside the plain entry, what was
    verified of this very entry and where its log stands; these are in the key. Everything else it
    holds comes from rows that a release never puts: when one of those is put, the turn moves on
    and all is forgotten. Folding everything again works without this, and must come to the same
    judgements.
    """

    def __init__(self, turn: Callable[[], int]) -> None:
        """Know nothing; ``turn`` counts the rows put that no release puts."""
        self._count = turn
        self._turn = -1
        self._known: dict[Hashable, object] = {}

    def begin(self) -> None:
        """Forget what was worked out on other rows."""
        turn = self._count()
        if turn != self._turn or len(self._known) >= KEPT:
            self._turn = turn
            self._known.clear()

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return what was worked out under this key, working it out the first time."""
        if key not in self._known:
            self._known[key] = work()
        return cast("T", self._known[key])
