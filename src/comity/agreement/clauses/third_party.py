"""Third parties: nothing goes on without the originator's approval (Article 6(a))."""

from collections.abc import Collection
from typing import Annotated, Literal, assert_never

from msgspec import Meta, field, structs

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ConsentFact, ItemFacts
from comity.agreement.clauses.base import Clause, hands_on
from comity.agreement.clauses.conditions import counts_unless, counts_while
from comity.agreement.clauses.consents import is_own_use, mode_of, weigh
from comity.vocabulary.names import Party, Subject, is_within
from comity.vocabulary.phrases import Phrase, phrase


class ThirdParty(Clause, frozen=True, kw_only=True, tag="third-party"):
    """Onward release to a third party (Korea-Japan 2016, Article 6(a)).

    Attributes:
        consent: What a receiver needs to hand an item on.
        per: What one approval covers: an item, as often as it says; or one passing through,
            however often it says.
        counts: Whom the agreement calls a third party: another state; offices of the receiver's
            own state as well that the item is not addressed to; or nobody who is a member.
        members: The members, where those are no third parties.
        standing: Parties on a standing list, where there is one.
        categories: The subjects that the list is for, each with everything below it; empty: all.
        groups: Parties that stand for several: where a label, a standing list, the members or an
            approval name one, each nation of it is meant (NATO and its member nations).
        acknowledge_hours: In how many hours the holder acknowledges a withdrawal.
    """

    travels = True

    consent: Literal["none", "prior-written", "standing-list"]
    per: Annotated[Literal["item", "pass-through"], counts_unless(consent="none")] = "item"
    counts: Literal["any-other-state", "own-agencies-too", "not-members"] = "any-other-state"
    standing: Annotated[tuple[Party, ...], counts_while(consent="standing-list", needed=True)] = ()
    categories: Annotated[tuple[Subject, ...], counts_while(consent="standing-list")] = ()
    members: Annotated[tuple[Party, ...], counts_while(counts="not-members", needed=True)] = ()
    groups: dict[Party, Annotated[tuple[Party, ...], Meta(min_length=1)]] = field(
        default_factory=dict
    )
    acknowledge_hours: Annotated[int, Meta(ge=1, le=8784)] = 24

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A party other than the originator hands on only what the originator approved before."""
        item = case.item
        if not isinstance(item, ItemFacts):
            return None
        if isinstance(entry.deed, deeds.Assign):
            return self._within(entry.deed, item)
        if is_own_use(entry, case, item) and mode_of(case, item) == "pass-on-only":
            return self.forbids("pass-on-only", originator=item.originator)
        if not hands_on(entry):
            return None
        if item.releasable and not self._means(item.releasable, item.receiver):
            return self.forbids("not-releasable", party=item.receiver)
        if item.originator in (case.acting, item.receiver):
            return None
        if self.counts == "not-members" and self._means(self.members, item.receiver):
            return self.permits("member", party=item.receiver)
        match self.consent:
            case "none":
                return self.forbids("never", originator=item.originator)
            case "prior-written" | "standing-list":
                if self._listed(item):
                    return self.permits("standing", party=item.receiver)
                return self._weighed(case, item)
        assert_never(self.consent)

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The holder acknowledges a withdrawal: from then on it uses the approval no more."""
        if not isinstance(entry.deed, deeds.Withdraw):
            return ()
        hours = self.acknowledge_hours
        return (self.duty(case.counterpart, "consent.acknowledge-withdrawal", hours * 3600),)

    def names_of(self, party: Party) -> tuple[Party, ...]:
        """Return by which names a party is meant: its own, and those of its groups."""
        return (party, *(group for group, nations in self.groups.items() if party in nations))

    def meant(self, consents: tuple[ConsentFact, ...], party: Party) -> tuple[ConsentFact, ...]:
        """Return approvals with a party in the place of each group that stands for it."""
        groups = self.names_of(party)[1:]
        return tuple(
            structs.replace(one, third_party=party) if one.third_party in groups else one
            for one in consents
        )

    def lists(self, party: Party) -> bool:
        """Tell whether a party is on the standing list, under its own name or a group's."""
        return self._means(self.standing, party)

    def _means(self, named: Collection[Party], party: Party) -> bool:
        return any(one in named for one in self.names_of(party))

    def _listed(self, item: ItemFacts) -> bool:
        """Tell whether the standing list covers an item and who would get it."""
        return (
            self.consent == "standing-list"
            and self.lists(item.receiver)
            and (
                not self.categories or any(is_within(item.subject, one) for one in self.categories)
            )
        )

    def _within(self, deed: deeds.Assign, item: ItemFacts) -> Finding | None:
        """Where own agencies count too, an office that is not addressed is a third party."""
        if self.counts != "own-agencies-too" or deed.office in item.offices:
            return None
        return self.forbids("own-agency", office=deed.office)

    def _weighed(self, case: Case, item: ItemFacts) -> Finding:
        given = case
        if self.per == "pass-through":
            # One approval, one passing: what it says of times counts for nothing.
            once = tuple(structs.replace(one, times=min(one.times, 1)) for one in case.consents)
            given = structs.replace(case, consents=once)
        reason = weigh(
            given,
            item.originator,
            "third-party",
            lambda one: one.third_party in self.names_of(item.receiver),
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

    def besides(self) -> tuple[Phrase, ...]:
        """Say who stands for several."""
        groups = " ".join(self.groups)[:120]
        return (phrase("explain.third-party.groups", groups=groups),) if groups else ()
