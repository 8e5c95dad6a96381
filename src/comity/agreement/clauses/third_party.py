"""Third parties: nothing goes on without the originator's approval (Article 6(a))."""

from typing import Annotated, Literal, assert_never

from msgspec import Meta

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_on
from comity.agreement.clauses.consents import weigh
from comity.vocabulary.names import Party
from comity.vocabulary.phrases import Phrase, phrase


class ThirdParty(Clause, frozen=True, kw_only=True, tag="third-party"):
    """Onward release to a third party (Korea-Japan 2016, Article 6(a)).

    Attributes:
        consent: What a receiver needs to hand an item on.
        per: What one approval covers.
        counts: Whom the agreement calls a third party.
        standing: Parties on a standing list, where there is one.
        acknowledge_hours: In how many hours the holder acknowledges a withdrawal.
    """

    travels = True

    consent: Literal["none", "prior-written", "standing-list"]
    per: Literal["item", "category", "pass-through"] = "item"
    counts: Literal["any-other-state", "own-agencies-too", "not-members"] = "any-other-state"
    standing: tuple[Party, ...] = ()

    acknowledge_hours: Annotated[int, Meta(ge=1, le=8784)] = 24

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A party other than the originator hands on only what the originator approved before."""
        item = case.item
        if not hands_on(entry) or not isinstance(item, ItemFacts):
            return None
        if item.releasable and item.receiver not in item.releasable:
            return self.forbids("not-releasable", party=item.receiver)
        if item.originator in (case.acting, item.receiver):
            return None
        match self.consent:
            case "none":
                return self.forbids("never", originator=item.originator)
            case "prior-written" | "standing-list":
                if self.consent == "standing-list" and item.receiver in self.standing:
                    return self.permits("standing", party=item.receiver)
                return self._weighed(case, item)
        assert_never(self.consent)

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The holder acknowledges a withdrawal: from then on it uses the approval no more."""
        if not isinstance(entry.deed, deeds.Withdraw):
            return ()
        hours = self.acknowledge_hours
        return (self.duty(case.counterpart, "consent.acknowledge-withdrawal", hours * 3600),)

    def _weighed(self, case: Case, item: ItemFacts) -> Finding:
        reason = weigh(
            case, item.originator, "third-party", lambda one: one.third_party == item.receiver
        )
        if reason is None:
            return self.permits("approved", party=item.receiver)
        return self.requires(
            reason,
            act="release.onward-released" if reason == "consent-not-cited" else "consent.ask",
            by=case.acting,
            to=item.originator,
            originator=item.originator,
            party=item.receiver,
        )

    def explain(self) -> Phrase:
        """Say which approval is needed."""
        return phrase(f"explain.third-party.{self.consent}")
