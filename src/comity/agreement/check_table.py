"""The second reading of the table of levels: rows, dates, choices, caps, and what crosses.

Part of :mod:`comity.agreement.check`.
"""

from collections.abc import Iterator

from msgspec import UnsetType

from comity.agreement.clauses.equivalence import Corresponding, Equivalence, Tier
from comity.agreement.complaints import Complaint
from comity.agreement.placed import Placed
from comity.agreement.text import Agreement
from comity.vocabulary.names import Level, scheme_of


def table(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """A level of no party, in two rows at once, or with a choice that nobody makes."""
    for one in placed:
        if not isinstance(one.clause, Equivalence):
            continue
        yield from _rows(agreement, one, one.clause)
        for tier in one.clause.tiers:
            yield from _choice(one, one.clause, tier)


def _rows(agreement: Agreement, one: Placed, table: Equivalence) -> Iterator[Complaint]:
    rows: dict[Level, tuple[str, Corresponding]] = {}
    for tier in table.tiers:
        for cell in tier.levels:
            level = cell.level
            if not table.is_of(level, agreement.parties):
                parties = ", ".join(agreement.parties)
                yield one.complaint(
                    "no-party", f"{level} is the level of no party", f"The parties: {parties}"
                )
            other = rows.setdefault(level, (tier.name, cell))
            if other[0] == tier.name and other[1] is not cell and _overlap(other[1], cell):
                yield one.complaint(
                    "two-rows", f"{level} stands twice in {tier.name}", "Leave one of the two out"
                )
            if other[0] != tier.name and _overlap(other[1], cell):
                yield one.complaint(
                    "two-rows",
                    f"{level} stands in {other[0]} and in {tier.name}",
                    "A level stands in one row; date both lines if it moved",
                )
            since, until = cell.since, cell.until
            if isinstance(since, str) and isinstance(until, str) and until <= since:
                yield one.complaint(
                    "dates", f"{level} ends before it begins", "Let until come after since"
                )
    for party in agreement.parties:
        if not any(scheme_of(level) == party for level in rows):
            yield one.complaint(
                "no-level", f"{party} has no level in the table", "Give it one in some row"
            )


def _choice(one: Placed, table: Equivalence, tier: Tier) -> Iterator[Complaint]:
    levels = {cell.level for cell in tier.levels}
    for level in tier.fallback:
        if level not in levels:
            yield one.complaint(
                "fallback", f"{tier.name} falls back to {level}, which is not in it",
                "Choose one of the row's own levels",
            )  # fmt: skip
    if table.chooser != "designating-officer":
        return
    for party in sorted({scheme_of(level) for level in levels}):
        several = [level for level in levels if scheme_of(level) == party]
        if len(several) > 1 and table.fallback(tier, party) is None:
            yield one.complaint(
                "no-fallback",
                f"{party} has {len(several)} levels in {tier.name} and falls back to none",
                "Say which holds while nobody has designated: fallback",
            )


def caps(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """A cap for some above the cap for all would never be reached."""
    del agreement
    for one in placed:
        levels = one.clause
        if not isinstance(levels, Equivalence):
            continue
        limit = levels.rank_of(levels.cap)
        narrower = {"electronic_cap": levels.electronic_cap} | {
            f"office_caps.{office}": cap for office, cap in levels.office_caps.items()
        }
        for name, cap in narrower.items():
            rank = levels.rank_of(cap)
            if limit is not None and rank is not None and rank > limit:
                yield one.complaint(
                    "cap", f"{name} is {cap}, above the cap {levels.cap} of the table",
                    "Let it be the cap itself or a row below",
                )  # fmt: skip


def levels_that_cross(agreement: Agreement) -> tuple[Level, ...]:
    """Return the levels that may cross, in the order of the table."""
    levels = agreement.clause("equivalence")
    if not isinstance(levels, Equivalence):
        return ()
    limit = levels.rank_of(levels.cap)
    return tuple(
        dict.fromkeys(
            cell.level
            for tier in levels.tiers
            if limit is None or tier.rank <= limit
            for cell in tier.levels
        )
    )


def _overlap(one: Corresponding, other: Corresponding) -> bool:
    """Tell whether two lines hold at one instant: a level that moved has a date on each."""
    return not (_over_before(one, other) or _over_before(other, one))


def _over_before(one: Corresponding, other: Corresponding) -> bool:
    ends, begins = one.until, other.since
    if isinstance(ends, UnsetType) or isinstance(begins, UnsetType):
        return False
    return ends <= begins
