"""How far the two logs count for an act: the cut, and the act that is asked about."""

from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.agreement.case import ApprovalFact
from comity.register.leaves import rests_on
from comity.register.rows import DirectoryOf, Rows
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    is_attested,
    is_feed,
    owner,
    standing_in,
)
from comity.vocabulary.names import Party

EVERYTHING = 2**53
"""More leaves than a log can have: all of them count."""

PROVIDES = deeds.Release | deeds.Observations
"""What crosses: decided by itself, or under a standing directive."""


class Cut(Struct, frozen=True, kw_only=True):
    """How far each of the two correspondences counts for one entry.

    Attributes:
        mine: The author's correspondence, and how many of its leaves count.
        theirs: The counterpart's, likewise: the size at ``seen``.
        attested: The logs between the two in which one enters what the other did on paper, and
            how many of their leaves count; of others none does.
        everything: All that the house holds counts.
    """

    mine: LogName
    mine_size: int
    theirs: LogName
    theirs_size: int
    attested: tuple[tuple[LogName, int], ...] = ()
    everything: bool = False

    def holds(self, log: str, index: int) -> bool:
        """Tell whether a leaf lies within the cut. Leaves of private logs always do."""
        if log == self.mine:
            return index < self.mine_size
        if log == self.theirs:
            return index < self.theirs_size
        if self.everything or not is_attested(log):
            return True
        return any(log == one and index < size for one, size in self.attested)

    @property
    def mine_all(self) -> tuple[LogName, ...]:
        """The logs in which the author's acts stand: its own, and what is attested of it."""
        if not self.attested:
            return (self.mine,)
        return (self.mine, *(one for one, _ in self.attested if author(one) == owner(self.mine)))

    @property
    def theirs_all(self) -> tuple[LogName, ...]:
        """The logs in which the counterpart's acts stand."""
        if not self.attested:
            return (self.theirs,)
        return (self.theirs, *(one for one, _ in self.attested if author(one) != owner(self.mine)))


class Asked(Struct, frozen=True, kw_only=True):
    """One act to be judged, with what only the node can know of it.

    Attributes:
        house: Whose node judges.
        acting: Whose act it is.
        counterpart: The other party of the correspondence.
        log: Where the entry stands or would stand, and its index.
        approvals: Those that verified.
        cut_problem: A code of the ground rules, or unset.
        expired: A directory that the act rests on has ended.
        views: Each party's view of the agreement that judges, on this cut.
        bundle: The text that an instrument names is here and parses.
        signed_exactly: A signature on a text verifies.
    """

    house: Party
    acting: Party
    counterpart: Party
    log: LogName
    index: int
    entry: Entry
    approvals: tuple[ApprovalFact, ...] = ()
    cut_problem: str | UnsetType = UNSET
    expired: bool = False
    bundle: bool = False
    signed_exactly: bool = False


def cut_of(asked: Asked) -> Cut:
    """Return the cut of an entry: up to itself in its own log, up to ``seen`` in the other."""
    if asked.acting == asked.counterpart:
        # An act at home: everything that the house holds counts.
        return Cut(
            mine=asked.log,
            mine_size=EVERYTHING,
            theirs=asked.log,
            theirs_size=EVERYTHING,
            everything=True,
        )
    mine = correspondence(asked.acting, asked.counterpart)
    theirs = correspondence(asked.counterpart, asked.acting)
    seen, also = asked.entry.seen, asked.entry.also
    if isinstance(also, UnsetType) and not is_attested(asked.log):
        return Cut(
            mine=mine,
            mine_size=own_size(asked),
            theirs=theirs,
            theirs_size=0 if isinstance(seen, UnsetType) else seen.size,
        )
    heads = () if isinstance(also, UnsetType) else also
    ends = {one.log: one.size for one in heads if one.log in _standing(asked)}
    if is_attested(asked.log):
        # Its author has no log yet; what it had been told is what the keeper says it was.
        told = max((one.size for one in heads if one.log == theirs), default=0)
        ends[asked.log] = asked.index
        return Cut(
            mine=mine,
            mine_size=0,
            theirs=theirs,
            theirs_size=told,
            attested=tuple(sorted(ends.items())),
        )
    return Cut(
        mine=mine,
        mine_size=own_size(asked),
        theirs=theirs,
        theirs_size=0 if isinstance(seen, UnsetType) else seen.size,
        attested=tuple(sorted(ends.items())),
    )


def own_size(asked: Asked) -> int:
    """Return how many leaves of its author's correspondence count for an entry.

    Up to itself where it stands there; on a lane as many as it says that it rests on.
    """
    own = correspondence(asked.acting, asked.counterpart)
    if asked.log == own:
        return asked.index
    if not is_feed(asked.log):
        return EVERYTHING
    return rests_on(asked.entry, own)


def _standing(asked: Asked) -> tuple[LogName, ...]:
    """Return the logs in which one of the two may have entered what the other did on paper."""
    return (
        standing_in(asked.acting, asked.counterpart),
        standing_in(asked.counterpart, asked.acting),
    )


def attested_logs(asked: Asked) -> tuple[LogName, ...]:
    """Return those of these logs that an entry rests on, or stands in."""
    also = asked.entry.also
    named = () if isinstance(also, UnsetType) else tuple(one.log for one in also)
    return tuple(one for one in _standing(asked) if one in named or one == asked.log)


def speaks_here(asked: Asked) -> bool:
    """Tell whether the house that judges enters an act of its own: its own rules speak then."""
    return asked.acting == asked.house and not is_attested(asked.log)


def joined(rows: Rows, cut: Cut, kept: LogName, own: LogName) -> bool:
    """Tell whether a party that kept paper has joined within a cut: its directory is there."""
    return any(
        cut.holds(row.log, row.index)
        for log in (kept, own)
        for row in rows.within(DirectoryOf, log)
    )
