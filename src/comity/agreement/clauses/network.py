"""Hubs, parents, exercises, logistics, requests: beyond the one hop."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, UnsetType

from comity.acts import deeds
from comity.acts.deeds import Payment, kind_of
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts, MatterFacts, Standing
from comity.agreement.clauses.base import Clause, hands_over, is_release
from comity.agreement.clauses.clocks import Days, after_days
from comity.agreement.clauses.consents import is_own_use, mode_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, seconds_between
from comity.vocabulary.names import (
    AgreementId,
    Caveat,
    Party,
    Reason,
    Reference,
)
from comity.vocabulary.phrases import Phrase, phrase

Parties = Annotated[tuple[Party, ...], Meta(min_length=1, max_length=64)]


class Hub(Clause, frozen=True, kw_only=True, tag="hub"):
    """Everything goes through one party (TISA 2014: the US Department of Defense).

    Attributes:
        through: Which.
        use: Whether the hub uses what passes, or only passes it on; an originator's consent to
            pass an item on may say otherwise of that item.
    """

    through: Party
    use: Literal["own-use", "pass-on-only"] = "own-use"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Nothing goes past the hub, and the hub keeps to its part."""
        item = case.item
        if not isinstance(item, ItemFacts):
            return None
        if hands_over(entry) and self.through not in (case.acting, item.receiver):
            return self.forbids("direct", party=self.through)
        if (
            self.use == "pass-on-only"
            and is_own_use(entry, case, item)
            and case.acting == self.through
            and mode_of(case, item) != "own-use"
        ):
            return self.forbids("pass-on-only", party=self.through)
        return None

    def explain(self) -> Phrase:
        """Say through whom."""
        return phrase("explain.hub", party=self.through)


class Parent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An agreement that another rests on: its name, the digest of its bundle, its parties."""

    id: AgreementId
    text: Digest
    between: Annotated[tuple[Party, ...], Meta(min_length=2, max_length=64)]


class DependsOn(Clause, frozen=True, kw_only=True, tag="depends-on"):
    """The agreement falls with what it rests on (TISA 2014 on 1987 and 2007).

    Attributes:
        on: The parents; of each hop those between its two parties are looked at.
        where_both: Where this text and a parent both have a clause of a kind that protects: this
            text's holds alone; or an act answers to both, so that the stricter one decides.
            Where this text has none, the parent's holds in any case.
    """

    of_providing: ClassVar[bool] = True

    on: Annotated[tuple[Parent, ...], Meta(min_length=1, max_length=16)]
    where_both: Literal["own", "stricter"] = "own"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Nothing is provided while a parent between the two is not in force."""
        if not hands_over(entry):
            return None
        names = {one.text: one.id for one in self.on}
        for text, view in case.parents:
            if text in names and view is not Standing.IN_FORCE:
                return self.forbids("parent", parent=names[text], standing=view.value)
        return None

    def explain(self) -> Phrase:
        """Say on which."""
        return phrase("explain.depends-on", parents=" ".join(one.id for one in self.on)[:120])

    def besides(self) -> tuple[Phrase, ...]:
        """Say whose clause decides where both have one."""
        return () if self.where_both == "own" else (phrase("explain.depends-on.stricter"),)


class Request(Clause, frozen=True, kw_only=True, tag="request"):
    """Requests for information are answered, declined without a reason, or withdrawn.

    Attributes:
        answer_days: In how many days.
    """

    answer_days: Days = 30

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who is asked answers; to decline is an answer."""
        if kind_of(entry.deed) != "request.request":
            return ()
        return (self.duty(case.counterpart, "request.answer", after_days(self.answer_days)),)

    def explain(self) -> Phrase:
        """Say in how many days."""
        return phrase("explain.request", days=str(self.answer_days))


class Exercise(Clause, frozen=True, kw_only=True, tag="exercise"):
    """A time-boxed exchange whose traffic never mixes with the real one.

    Attributes:
        exercise: Which.
        begins: From when items may be handed over under it.
        ends: Until when; it ends by itself.
        caveat: The marking that everything under it bears.
        participants: Who takes part.
        dispose_days: In how many days after the end everything is returned or destroyed.
    """

    exercise: Reference
    begins: Instant
    ends: Instant
    caveat: Caveat
    participants: Parties
    dispose_days: Days = 30

    def __post_init__(self) -> None:
        """Return if the time has a length.

        Raises:
            ValueError: for the parser to complain of.
        """
        if self.ends <= self.begins:
            raise ValueError("the exercise ends before it begins")

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Within its time, among its participants, under its marking."""
        item = case.item
        if isinstance(entry.deed, deeds.BeginExercise) and entry.deed.ends > self.ends:
            return self.forbids("too-long")
        if not hands_over(entry) or not isinstance(item, ItemFacts):
            return None
        if not self.begins <= case.at < self.ends:
            return self.forbids("not-now")
        if item.receiver not in self.participants or case.acting not in self.participants:
            return self.forbids("no-participant", party=item.receiver)
        if self.caveat not in item.caveats:
            return self.forbids("unmarked")
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """What was handed over goes back or is destroyed after the end."""
        if not is_release(entry):
            return ()
        left = max(0, int(seconds_between(case.at, self.ends)))
        within = left + after_days(self.dispose_days)
        return (self.duty(case.counterpart, "register.destroy", within),)

    def explain(self) -> Phrase:
        """Say which, and how long things may be kept."""
        return phrase("explain.exercise", exercise=self.exercise, days=str(self.dispose_days))


class Logistics(Clause, frozen=True, kw_only=True, tag="logistics"):
    """Support, supplies and services, valued and settled (acquisition and cross-servicing).

    Attributes:
        categories: What may be asked for.
        excluded: What never is, whatever the categories say.
        settle_days: In how many days a transfer is settled.
        how: By which means.
    """

    categories: Annotated[tuple[Reason, ...], Meta(min_length=1)]
    excluded: tuple[Reason, ...] = ()
    settle_days: Days = 90
    how: Annotated[tuple[Payment, ...], Meta(min_length=1)]

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Asked for by category, handed over as asked, settled as agreed."""
        deed, about = entry.deed, case.about
        match deed:
            case (
                deeds.RequestSupport(category=category) | deeds.TransferSupport(category=category)
            ) if category in self.excluded or category not in self.categories:
                return self.forbids("category", category=category)
            case deeds.TransferSupport():
                return None if _is(about, "logistics.request") else self.forbids("not-asked")
            case deeds.SettleSupport(how=how):
                if not _is(about, "logistics.transfer"):
                    return self.forbids("nothing-to-settle")
                return None if how in self.how else self.forbids("means", means=how.value)
            case _:
                return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who got support settles."""
        if not isinstance(entry.deed, deeds.TransferSupport):
            return ()
        within = after_days(self.settle_days)
        return (self.duty(case.counterpart, "logistics.settle", within),)

    def explain(self) -> Phrase:
        """Say in how many days it is settled."""
        return phrase("explain.logistics", days=str(self.settle_days))


def _is(about: MatterFacts | UnsetType, act: str) -> bool:
    return isinstance(about, MatterFacts) and about.act == act
