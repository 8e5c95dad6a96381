"""Equivalence: whose level corresponds to whose (Korea-Japan 2016, Article 4)."""

from collections.abc import Iterable
from math import ceil
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.conditions import counts_while
from comity.register.copies import ENDED
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, seconds_between
from comity.vocabulary.names import Level, Office, Party, Regime, scheme_of
from comity.vocabulary.phrases import Phrase, phrase

TierName = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9 -]{0,39}\Z")]
"""The name of a row. It stands in findings, so it is plain."""


class Corresponding(Struct, frozen=True, forbid_unknown_fields=True):
    """One level of one party in a row, dated; with the regime it is under, if it has its own."""

    level: Level
    regime: Regime | UnsetType = UNSET
    since: Instant | UnsetType = UNSET
    until: Instant | UnsetType = UNSET


class Tier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of the table: levels that correspond, under the name both use.

    Attributes:
        name: ``SECRET``.
        rank: Greater is more sensitive.
        fallback: What a received item falls to when a designation ends, by party.
        levels: All parties' levels of this row; several of one party are a choice.
    """

    name: TierName
    rank: int
    fallback: tuple[Level, ...] = ()
    levels: tuple[Corresponding, ...]


class Equivalence(Clause, frozen=True, kw_only=True, tag="equivalence"):
    """The table of corresponding levels (Korea-Japan 2016, Article 4(1) to (3)).

    Attributes:
        tiers: The rows.
        cap: The highest row that may cross; empty: the table's highest.
        electronic_cap: The highest row that may cross by electronic means.
        office_caps: The highest row that may be addressed to an office.
        origins: Other parties whose own levels stand in the table: what they originated is
            passed on under this agreement, and mapped from their level.
        unmapped: Where the receiver has no level in a row: nothing crosses, or it is protected
            in the next row up where the receiver has one, or under the originator's own level
            with a handling instruction. A level that stands in no row never crosses.
        chooser: Who chooses where several levels of the receiver correspond: the officer whom
            its law empowers, by a designation; its registry, by marking; or the originator, by
            the regime on the label. Until then the item is at the fallback.
        per: What a designation is for: one item; or a category, so that the registry marks other
            items of the same originator, level and subject by it as long as it holds.
        again: Whether a designation is owed again when its term ends, as long as a copy is held.
    """

    travels = True

    tiers: tuple[Tier, ...]
    cap: str = ""
    electronic_cap: str = ""
    office_caps: dict[Office, TierName] = field(default_factory=dict)
    origins: tuple[Party, ...] = ()
    unmapped: Literal["refuse", "one-up", "handling"] = "refuse"
    chooser: Literal["registry", "designating-officer", "originator"] = "registry"
    per: Annotated[Literal["item", "category"], counts_while(chooser="designating-officer")] = (
        "item"
    )
    again: bool = False

    def __post_init__(self) -> None:
        """Return if the caps name rows, and the rows are distinct.

        Raises:
            ValueError: for the parser to complain of.
        """
        names = [one.name for one in self.tiers]
        for cap in (self.cap, self.electronic_cap, *self.office_caps.values()):
            # A cap that names no row would cap nothing.
            if cap and cap not in names:
                raise ValueError(f"the cap {cap!r} is none of the rows {', '.join(names)}")
        if len({one.rank for one in self.tiers}) < len(names) or len(set(names)) < len(names):
            raise ValueError("two rows have one name or one rank")

    def explain(self) -> Phrase:
        """Say how far up the table items may cross."""
        highest = max(self.tiers, key=lambda tier: tier.rank, default=None)
        return phrase("explain.equivalence", cap=self.cap or (highest.name if highest else "-"))

    def besides(self) -> tuple[Phrase, ...]:
        """Say what a designation is for."""
        if self.per == "item" or self.chooser != "designating-officer":
            return ()
        return (phrase("explain.equivalence.category"),)

    def _as_category(self, deed: deeds.ReMark, item: ItemFacts) -> bool:
        """Tell whether a marking follows the designation of another item of the category."""
        return (
            self.per == "category"
            and self.chooser == "designating-officer"
            and isinstance(deed.regime, str)
            and (item.category_regime, item.category_level) == (deed.regime, deed.level)
        )

    def is_of(self, level: Level, parties: Iterable[Party]) -> bool:
        """Tell whether a level is of one of these parties, or of an origin that is named."""
        return scheme_of(level) in (*parties, *self.origins)

    def tier_of(self, level: Level, at: Instant) -> Tier | None:
        """Return the row that a level stands in at an instant, or none."""
        for tier in self.tiers:
            if any(one.level == level and _holds(one, at) for one in tier.levels):
                return tier
        return None

    def choices(self, tier: Tier, party: Party, at: Instant) -> tuple[Corresponding, ...]:
        """Return the levels of a party that correspond to a row at an instant."""
        return tuple(
            one for one in tier.levels if scheme_of(one.level) == party and _holds(one, at)
        )

    def fallback(self, tier: Tier, party: Party) -> Level | None:
        """Return the level that a party's item falls to without a designation."""
        return next((one for one in tier.fallback if scheme_of(one) == party), None)

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Every mapping starts from the originator's own level, and none goes above the cap."""
        item = case.item
        if not isinstance(item, ItemFacts):
            return None
        deed = entry.deed
        if hands_over(entry):
            return self._crossing(case, item)
        if isinstance(deed, deeds.Designate | deeds.ReMark):
            tier = self.tier_of(item.level, case.at)
            if tier is None:
                return self.forbids("unmapped", level=item.level)
            choices = self.received_as(tier, case.acting, case.at, own=item.level)
            if isinstance(deed, deeds.Designate):
                return self._designating(deed, case, choices)
            return self._marking(deed, case, item, tier, choices)
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Whoever designates for a term owes the next designation at its end.

        Until then the item is not less protected: at the end it falls to the fallback, which is
        of the same row.
        """
        deed, item = entry.deed, case.item
        if not self.again or not isinstance(deed, deeds.Designate):
            return ()
        if not isinstance(item, ItemFacts) or all(one[1] in ENDED for one in item.copies):
            return ()  # of what is not held, or not any more, nothing is owed again
        within = ceil(seconds_between(case.at, deed.until))
        return (self.duty(case.acting, "register.designate", within),)

    def received_as(
        self, tier: Tier, party: Party, at: Instant, *, own: Level
    ) -> tuple[Corresponding, ...]:
        """Return the levels by which a party protects an item of a row.

        Args:
            tier: The row that the originator's level stands in.
            party: Who receives it.
            at: When.
            own: The originator's own level: what it is under handling, and back at its originator.
        """
        if party == scheme_of(own):
            # Back with its originator an item has its own level again.
            return tuple(one for one in tier.levels if one.level == own)
        found = self.choices(tier, party, at)
        if found or self.unmapped == "refuse":
            return found
        if self.unmapped == "handling":
            return tuple(one for one in tier.levels if one.level == own)
        return self._one_up(tier, party, at)

    def _one_up(self, tier: Tier, party: Party, at: Instant) -> tuple[Corresponding, ...]:
        above = sorted((one for one in self.tiers if one.rank > tier.rank), key=lambda t: t.rank)
        return next((found for one in above if (found := self.choices(one, party, at))), ())

    def _crossing(self, case: Case, item: ItemFacts) -> Finding | None:
        tier = self.tier_of(item.level, case.at)
        if tier is None:
            return self.forbids("unmapped", level=item.level)
        limit = self.rank_of(self.cap)
        if limit is not None and tier.rank > limit:
            return self.forbids("above-cap", level=item.level, cap=self.cap)
        electronic = self.rank_of(self.electronic_cap)
        if electronic is not None and item.form is Form.ELECTRONIC and tier.rank > electronic:
            return self.forbids("above-electronic-cap", level=item.level, cap=self.electronic_cap)
        for office in item.offices:
            own = self.rank_of(self.office_caps.get(office, ""))
            if own is not None and tier.rank > own:
                return self.forbids("above-office-cap", level=item.level, office=office)
        if self._leaves_receiver_out(tier, item.receiver, case.at):
            return self.forbids("no-level-there", level=item.level, party=item.receiver)
        return None

    def _leaves_receiver_out(self, tier: Tier, party: Party, at: Instant) -> bool:
        """Tell whether a party of this table has no level for a row. Of others it says nothing."""
        if self.unmapped == "handling" or self.choices(tier, party, at):
            return False
        known = any(scheme_of(one.level) == party for row in self.tiers for one in row.levels)
        return known and (self.unmapped == "refuse" or not self._one_up(tier, party, at))

    def rank_of(self, name: str) -> int | None:
        """Return the rank of a named row, or none."""
        if not name:
            return None
        return next((one.rank for one in self.tiers if one.name == name), None)

    def _designating(
        self, deed: deeds.Designate, case: Case, choices: Iterable[Corresponding]
    ) -> Finding | None:
        if deed.by not in case.designating:
            return self.forbids("not-designating", office=deed.by)
        if not any((one.level, one.regime) == (deed.level, deed.regime) for one in choices):
            return self.forbids("regime", regime=deed.regime, level=deed.level)
        if deed.until <= case.at:
            return self.forbids("term-over")
        return self.permits("designated", regime=deed.regime)

    def _marking(
        self,
        deed: deeds.ReMark,
        case: Case,
        item: ItemFacts,
        tier: Tier,
        choices: tuple[Corresponding, ...],
    ) -> Finding | None:
        if not any((one.level, one.regime) == (deed.level, deed.regime) for one in choices):
            return self.forbids("not-corresponding", level=deed.level, tier=tier.name)
        if len(choices) == 1:
            return self.permits("marked", level=deed.level)
        if isinstance(item.designated, str):
            if (item.designated_level, item.designated) == (deed.level, deed.regime) and (
                not isinstance(deed.designation, UnsetType)
            ):
                return self.permits("marked-as-designated", level=deed.level)
            return self.forbids("other-than-designated", level=deed.level)
        if self._as_category(deed, item):
            return self.permits("marked-as-category", level=deed.level)
        if deed.level == self.fallback(tier, case.acting):
            return self.permits("marked-as-fallback", level=deed.level)
        if self.chooser == "registry":
            return self.permits("marked-by-registry", level=deed.level)
        if self.chooser == "originator":
            if item.regime == deed.regime:
                return self.permits("marked-as-stated", level=deed.level)
            return self.forbids("other-than-stated", level=deed.level)
        # One-to-many: the officer whom national law empowers chooses, never the registry.
        return self.requires(
            "designation", act="register.designate", by=case.acting, level=deed.level
        )


def _holds(one: Corresponding, at: Instant) -> bool:
    since, until = one.since, one.until
    return (isinstance(since, UnsetType) or since <= at) and (
        isinstance(until, UnsetType) or at < until
    )
