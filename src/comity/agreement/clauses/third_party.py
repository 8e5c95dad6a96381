"""Third parties: nothing goes on without the originator's approval (Article 6(a))."""

from typing import Literal, assert_never

from msgspec import UnsetType

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, is_release
from comity.vocabulary.names import Party
from comity.vocabulary.phrases import Phrase, phrase


class ThirdParty(Clause, frozen=True, kw_only=True, tag="third-party"):
    """Onward release to a third party (Korea-Japan 2016, Article 6(a)).

    Attributes:
        consent: What a receiver needs to hand an item on.
        per: What one approval covers.
        counts: Whom the agreement calls a third party.
        standing: Parties on a standing list, where there is one.
    """

    travels = True

    consent: Literal["none", "prior-written", "standing-list"]
    per: Literal["item", "category", "pass-through"] = "item"
    counts: Literal["any-other-state", "own-agencies-too", "not-members"] = "any-other-state"
    standing: tuple[Party, ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A party other than the originator hands on only what the originator approved before."""
        item = case.item
        if not is_release(entry) or not isinstance(item, ItemFacts):
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
                if self._approved(case, item):
                    return self.permits("approved", party=item.receiver)
                return self.requires(
                    "approval",
                    act="consent.ask",
                    by=case.acting,
                    to=item.originator,
                    originator=item.originator,
                    party=item.receiver,
                )
        assert_never(self.consent)

    def _approved(self, case: Case, item: ItemFacts) -> bool:
        return any(
            one.originator == item.originator
            and one.uses == "third-party"
            and one.third_party == item.receiver
            and (isinstance(one.until, UnsetType) or case.at < one.until)
            for one in case.consents
        )

    def explain(self) -> Phrase:
        """Say which approval is needed."""
        return phrase(f"explain.third-party.{self.consent}")
