"""Assurance: the word given before the first release (Korea-Japan 2016, Article 7(5))."""

from typing import ClassVar, Literal

from msgspec import UnsetType, field

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import AssuranceFact, Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.clocks import Days, after_days
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.names import Level, Office, Reason
from comity.vocabulary.phrases import Phrase, phrase


class Assurance(Clause, frozen=True, kw_only=True, tag="assurance"):
    """Nothing is provided before the receiver has given its word (Korea-Japan 2016, 7(5)).

    Attributes:
        per: Whose word: for the representatives of offices, or of the state as a whole.
        effective: From when it counts: once it lies within the cut.
        limbs: What it must say.
        covers: Per level of an item, the receiver's levels that an assurance must name one of.
        controls: Per level of an item, what the word must say is done to protect it: as much as
            the originator does (Article 6(b)).
        inspected_days: How old the provider's last visit to see it done may be; 0: none is asked.
    """

    of_providing: ClassVar[bool] = True

    per: Literal["representative", "state"] = "representative"
    effective: Literal["when-received"] = "when-received"
    limbs: tuple[Literal["cleared", "needed", "protected"], ...]
    covers: dict[Level, tuple[Level, ...]]
    controls: dict[Level, tuple[Reason, ...]] = field(default_factory=dict)
    inspected_days: Days = 0

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Every addressed office is covered by an assurance on the cut, of a sufficient level."""
        item = case.item
        if not hands_over(entry) or not isinstance(item, ItemFacts):
            return None
        levels = self.covers.get(item.level)
        if levels is None:
            return None  # a level without a row: the equivalence clause speaks of that
        for office in item.offices:
            held = [one for one in case.assurances if self._covers(one, office, levels, case)]
            if not held:
                return self.requires(
                    "missing",
                    act="people.assure",
                    by=case.counterpart,
                    to=case.acting,
                    office=office,
                    level=item.level,
                )
            wanted = set(self.controls.get(item.level, ()))
            if wanted and not any(wanted <= set(one.controls) for one in held):
                return self.requires(
                    "controls",
                    act="people.assure",
                    by=case.counterpart,
                    to=case.acting,
                    level=item.level,
                    controls=" ".join(sorted(wanted))[:120],
                )
        return self._seen(case)

    def _seen(self, case: Case) -> Finding | None:
        """What the word says is done was seen to be done, not too long ago."""
        if not self.inspected_days:
            return None
        last, old = case.surveyed, after_days(self.inspected_days)
        if not isinstance(last, UnsetType) and seconds_between(last, case.at) <= old:
            return None
        return self.requires(
            "not-inspected",
            act="visit.done",
            by=case.acting,
            to=case.counterpart,
            days=str(self.inspected_days),
        )

    def _covers(
        self, one: AssuranceFact, office: Office, levels: tuple[Level, ...], case: Case
    ) -> bool:
        said = {"cleared": one.cleared, "needed": one.needed, "protected": one.protected}
        return (
            (self.per == "state" or office in one.offices)
            and one.level in levels
            and not isinstance(one.until, UnsetType)
            and case.at < one.until
            and all(said[limb] for limb in self.limbs)
        )

    def explain(self) -> Phrase:
        """Say whose word comes first."""
        return phrase(f"explain.assurance.{self.per}")
