"""Which level of one party corresponds to which of another, dated, from the highest down.

Every mapping starts from the originator's own level, never from an intermediate marking, so no
chain of parties lowers it and none ratchets it up.
"""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.agreement.times import Clocks, Day, start_of
from comity.vocabulary.instants import EPOCH, Instant
from comity.vocabulary.names import Level, Party, Regime, scheme_of

Tier = Annotated[str, Meta(pattern=r"^[A-Z][A-Z -]{1,39}\Z")]
"""The agreement's own name for one line of its table: ``SECRET``."""

_END: Final = Instant("9999-12-31T23:59:59.999Z")


class Cell(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One level in one line of the table.

    Attributes:
        level: The level, in its party's scheme.
        regime: The national law it is under, where it has one of its own.
        fallback: Where a party has several: the one that needs no designation.
        since: From which day it stands in the table.
        until: The first day on which it no longer does (renamed or replaced).
    """

    level: Level
    regime: Regime | UnsetType = UNSET
    fallback: bool = False
    since: Day | UnsetType = UNSET
    until: Day | UnsetType = UNSET


class Row(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of the table: levels that correspond; the highest line comes first."""

    tier: Tier
    levels: Annotated[tuple[Cell, ...], Meta(min_length=1, max_length=64)]


class Rung(Struct, frozen=True, kw_only=True):
    """A cell where it stands: 0 is the highest line."""

    rank: int
    tier: Tier
    party: Party
    level: Level
    regime: Regime | UnsetType
    fallback: bool
    since: Instant
    until: Instant

    def holds(self, at: Instant) -> bool:
        """Tell whether the cell is in the table at an instant."""
        return self.since <= at < self.until


class Ladder(Struct, frozen=True, kw_only=True):
    """The whole table, ready to be asked."""

    rungs: tuple[Rung, ...] = ()

    def rung(self, level: Level, at: Instant) -> Rung | None:
        """Return where a level stands at an instant, or nothing."""
        for one in self.rungs:
            if one.level == level and one.holds(at):
                return one
        return None

    def line(self, rank: int, party: Party, at: Instant) -> tuple[Rung, ...]:
        """Return what one line offers to a party, in the order of the table."""
        return tuple(
            one for one in self.rungs if one.rank == rank and one.party == party and one.holds(at)
        )

    def suffices(self, level: Level, rank: int, at: Instant) -> bool:
        """Tell whether a level is that of a line or higher."""
        one = self.rung(level, at)
        return one is not None and one.rank <= rank


def ladder_of(rows: tuple[Row, ...], clocks: Clocks) -> Ladder:
    """Return the table of an equivalence clause, its days as instants of the agreement's clock."""
    return Ladder(
        rungs=tuple(
            Rung(
                rank=rank,
                tier=row.tier,
                party=scheme_of(cell.level),
                level=cell.level,
                regime=cell.regime,
                fallback=cell.fallback,
                since=EPOCH if isinstance(cell.since, UnsetType) else start_of(cell.since, clocks),
                until=_END if isinstance(cell.until, UnsetType) else start_of(cell.until, clocks),
            )
            for rank, row in enumerate(rows)
            for cell in row.levels
        )
    )
