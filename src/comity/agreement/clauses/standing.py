"""Standing release: decided beforehand, bounded, accounted for afterwards (2023 mechanism)."""

from typing import Annotated

from msgspec import Meta, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, DirectiveFacts, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over, is_release
from comity.agreement.clauses.clocks import Days, after_days
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.names import Level, Subject, is_within
from comity.vocabulary.phrases import Phrase, phrase

_NEW = "release.standing-directive"


class StandingRelease(Clause, frozen=True, kw_only=True, tag="standing-release"):
    """The bounds of a standing flow, and its account (2023 mechanism).

    A releasing authority decides, for one item, for a list of many at once, or by a standing
    directive for what is to come; what goes keeps within these bounds whoever decided. A
    directive obliges to nothing, and its author ends it at any moment.

    Attributes:
        subjects: About what.
        levels: The originators' levels; empty: any that may cross.
        account_days: In how many days afterwards the receiver accounts for what it got.
        directive_days: How long a directive stands at most; 0: each item is decided by itself.
        directive_most: How many observations it covers at most; 0: as many as it says.
    """

    subjects: tuple[Subject, ...]
    levels: tuple[Level, ...] = ()
    account_days: Days = 30
    directive_days: Days = 0
    directive_most: Annotated[int, Meta(ge=0, le=999_999_999)] = 0

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What is given keeps to the bounds of the flow, and under a directive to that one's."""
        deed, item = entry.deed, case.item
        if isinstance(deed, deeds.Turn):
            return self._turn(deed, case)
        if not hands_over(entry) or not isinstance(item, ItemFacts):
            return self._unfounded(case) if isinstance(deed, deeds.Observations) else None
        if not any(is_within(item.subject, one) for one in self.subjects):
            return self.forbids("subject", subject=item.subject)
        if self.levels and item.level not in self.levels:
            return self.forbids("level", level=item.level)
        if isinstance(deed, deeds.StandingDirective):
            return self._directive(deed, case, item)
        if isinstance(deed, deeds.Observations):
            return self._under(deed, case, item)
        return None

    def _directive(
        self, deed: deeds.StandingDirective, case: Case, item: ItemFacts
    ) -> Finding | None:
        """Whoever decides beforehand says for how long, and for its own information alone."""
        if not self.directive_days:
            return self.forbids("no-directives")
        if item.originator != case.acting:
            return self.forbids("not-own", party=item.originator)
        if deed.until <= max(deed.since, case.at):
            return self.forbids("no-time")
        if seconds_between(deed.since, deed.until) > after_days(self.directive_days):
            return self.forbids("too-long", days=str(self.directive_days))
        if self.directive_most and deed.most > self.directive_most:
            return self.forbids("too-many", most=str(self.directive_most))
        return None

    def _turn(self, deed: deeds.Turn, case: Case) -> Finding | None:
        """A directive is moved by its author alone; after a withdrawal by nobody."""
        directive = case.directive
        if isinstance(directive, UnsetType):
            return self.forbids("none")
        if directive.state == "withdrawn":
            return self.forbids("over", reference=directive.reference)
        suspended = directive.state == "suspended"
        if isinstance(deed, deeds.SuspendDirective) and suspended:
            return self.forbids("suspended-already", reference=directive.reference)
        if isinstance(deed, deeds.ResumeDirective) and not suspended:
            return self.forbids("not-suspended", reference=directive.reference)
        return None

    def _under(self, deed: deeds.Observations, case: Case, item: ItemFacts) -> Finding:
        """What nobody decided by itself rests on a directive of its author, within its bounds."""
        directive = case.directive
        if not self.directive_days:
            return self.forbids("no-directives")
        if isinstance(directive, UnsetType):
            return self._unfounded(case)
        if item.originator != case.acting:
            return self.forbids("not-own", party=item.originator)
        if deed.first < directive.next:
            return self.forbids("number", number=str(deed.first))
        return (
            self._in_effect(deed, case, directive)
            or self._within(deed, case, directive)
            or self.permits("directive", reference=directive.reference)
        )

    def _unfounded(self, case: Case) -> Finding:
        return self.requires("no-directive", act=_NEW, by=case.acting)

    def _in_effect(
        self, deed: deeds.Observations, case: Case, directive: DirectiveFacts
    ) -> Finding | None:
        reference, acting = directive.reference, case.acting
        if directive.state == "withdrawn":
            return self.requires("withdrawn", act=_NEW, by=acting, reference=reference)
        if directive.state == "suspended":
            return self.requires(
                "suspended", act="directive.resume", by=acting, reference=reference
            )
        if case.at < directive.since:
            return self.forbids("not-yet", reference=reference, since=directive.since)
        if case.at >= directive.until:
            return self.requires(
                "expired", act=_NEW, by=acting, reference=reference, until=directive.until
            )
        if directive.given + deed.count > directive.most:
            most = str(directive.most)
            return self.requires("used-up", act=_NEW, by=acting, reference=reference, most=most)
        return None

    def _within(
        self, deed: deeds.Observations, case: Case, directive: DirectiveFacts
    ) -> Finding | None:
        """Another stream, text, label or subject was not decided on."""
        reference, acting = directive.reference, case.acting
        if deed.stream != reference or deed.agreement != directive.agreement:
            return self.requires("other", act=_NEW, by=acting, reference=reference)
        if deed.label != directive.label:
            return self.requires(
                "outside-level", act=_NEW, by=acting, reference=reference, level=deed.label.level
            )
        if not is_within(deed.subject, directive.subject):
            return self.requires(
                "outside-subject", act=_NEW, by=acting, reference=reference, subject=deed.subject
            )
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who gets a standing flow accounts for it: under a directive once that has ended."""
        if not is_release(entry):
            return ()
        within = after_days(self.account_days)
        if isinstance(entry.deed, deeds.StandingDirective):
            within += max(0, int(seconds_between(case.at, entry.deed.until)))
        return (self.duty(case.counterpart, "custody.state", within),)

    def explain(self) -> Phrase:
        """Say about what, and whether it may be decided beforehand."""
        subjects = " ".join(self.subjects)[:120]
        if not self.directive_days:
            return phrase("explain.standing-release", subjects=subjects)
        days = str(self.directive_days)
        return phrase("explain.standing-release.directive", subjects=subjects, days=days)
