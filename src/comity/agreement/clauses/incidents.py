"""Incidents, contractors, disputes, demands of law: when something is not as it should be."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, UnsetType

from comity.acts import deeds
from comity.acts.deeds import Precondition, Stated
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts, MatterFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.clocks import HOUR, Days, Hours, after_days
from comity.agreement.clauses.conditions import counts_while
from comity.agreement.clauses.consents import weigh
from comity.agreement.clauses.copies import consented
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.names import Level
from comity.vocabulary.phrases import Phrase, phrase


class Incident(Clause, frozen=True, kw_only=True, tag="incident"):
    """Loss and compromise, also a possible one (Korea-Japan 2016, Article 17).

    Attributes:
        clock: Whether the notice has a figure, or is given promptly and called neither late nor
            in time.
        within_hours: From the discovery to the notice; 0: at once. A late notice is entered all
            the same, and is called late.
        suspected: Whether a possible loss is told too.
        results_days: In how many days the results of the inquiry are told.
        content: What they must speak of.
        joint: Whether the originator takes part in the inquiry.
        suspend: Whether the provider's releases wait until the results are told.
        up_the_chain: Who is not the originator tells the originator in its turn.
        unanswered: Who tells a possible loss where what a receipt holds a reserve about is not
            cleared up in time, or what came to the wrong place is not returned in time.
    """

    clock: Literal["hours", "promptly"] = "hours"
    within_hours: Annotated[Hours, counts_while(clock="hours")] = 0
    suspected: bool = True
    results_days: Days = 30
    content: Annotated[tuple[Stated, ...], Meta(max_length=3)] = ()
    joint: bool = False
    suspend: Literal["none", "until-results"] = "none"
    up_the_chain: bool = True
    unanswered: Literal["nobody", "receiver", "provider"] = "nobody"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Told in time, looked into as agreed, answered in full; what is open may stop releases."""
        deed = entry.deed
        if hands_over(entry) and self.suspend == "until-results" and case.incidents:
            return self.requires(
                "open", act="incident.results", by=case.counterpart, to=case.acting
            )
        match deed:
            case deeds.ReportIncident() if self.clock == "promptly":
                return self.permits("told")
            case deeds.ReportIncident():
                hours = max(self.within_hours, 1)
                late = seconds_between(deed.discovered, case.at) > hours * HOUR
                return self.permits("late" if late else "in-time")
            case deeds.Investigate() if self.joint and not deed.joint:
                return self.forbids("not-joint")
            case deeds.IncidentResults():
                if not set(self.content) <= set(deed.stated):
                    return self.forbids("incomplete")
                return None if isinstance(case.about, MatterFacts) else self.forbids("no-report")
            case deeds.CloseIncident():
                about = case.about
                if not isinstance(about, MatterFacts) or about.act != "incident.results":
                    return self.forbids("no-results")
                if about.author == case.acting:
                    return self.forbids("own-results")
                return None
            case _:
                return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """An inquiry, its results, and the word up the chain; and what an open query may mean."""
        deed = entry.deed
        if isinstance(deed, deeds.Receipt):
            return self._possible_loss(deed, case)
        if not isinstance(deed, deeds.ReportIncident) or (deed.suspected and not self.suspected):
            return ()
        found = [
            self.duty(case.acting, "incident.investigate"),
            self.duty(case.acting, "incident.results", after_days(self.results_days)),
        ]
        item = case.item
        if (
            self.up_the_chain
            and isinstance(item, ItemFacts)
            and (item.originator not in (case.acting, case.counterpart))
        ):
            within = self.within_hours * HOUR if self.clock == "hours" else None
            found.append(self.duty(case.counterpart, "incident.report", within))
        return tuple(found)

    def _possible_loss(self, deed: deeds.Receipt, case: Case) -> tuple[Duty, ...]:
        """What a receipt says is not there, and nobody finds in time, may be lost.

        Without a query in the text there is nothing that this could follow; what is misdirected
        is owed back under every text.
        """
        if not deed.reserve or self.unanswered == "nobody":
            return ()
        who = case.acting if self.unanswered == "receiver" else case.counterpart
        back = deeds.Reserve.MISDIRECTED in deed.reserve
        after = "delivery.return" if back else deeds.QUERY
        within = self.within_hours * HOUR if self.clock == "hours" else None
        return (self.duty(who, "incident.report", within, after=after),)

    def explain(self) -> Phrase:
        """Say how soon, and whether suspicions count."""
        code = "suspected" if self.suspected else "confirmed"
        if self.clock == "promptly":
            return phrase(f"explain.incident.promptly-{code}", days=str(self.results_days))
        return phrase(
            f"explain.incident.{code}",
            hours=str(self.within_hours),
            days=str(self.results_days),
        )

    def besides(self) -> tuple[Phrase, ...]:
        """Say who tells what a query became."""
        if self.unanswered == "nobody":
            return ()
        return (phrase(f"explain.incident.unanswered-{self.unanswered}"),)


class Contractor(Clause, frozen=True, kw_only=True, tag="contractor"):
    """What is met before a contractor gets anything (Korea-Japan 2016, Article 16).

    Attributes:
        needs: Which of the fifteen preconditions, by paragraph.
        levels: The originators' levels from which they are asked for; empty: all.
        inspected_days: How old the last inspection may be.
        letter: A security aspects letter is part of the contract.
        veto: The originator approves each contractor, beforehand and for each item.
        subcontractors: Whether items go on to subcontractors, under the same conditions.
        foreign_owned: What a firm is that a third state, or its nationals, own or control: as
            any other; a third party, so that the originator approves it first; or none that
            ever gets an item. Of each firm it is stated then whose it is.
    """

    of_crossing: ClassVar[bool] = False

    needs: Annotated[tuple[Precondition, ...], Meta(max_length=15)]
    levels: tuple[Level, ...] = ()
    inspected_days: Days = 366
    letter: bool = False
    veto: bool = False
    subcontractors: Literal["same-conditions", "never"] = "same-conditions"
    foreign_owned: Literal["as-others", "third-party", "never"] = "as-others"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Each precondition is checked at the moment an item is handed to a contractor."""
        deed, item = entry.deed, case.item
        if isinstance(deed, deeds.ApproveContractor | deeds.DeclineContractor):
            about = case.about
            if isinstance(about, MatterFacts) and about.act == "contractor.propose":
                return None
            return self.forbids("no-proposal")
        if not isinstance(deed, deeds.HandToContractor) or not isinstance(item, ItemFacts):
            return None
        if dict(item.copies).get(deed.copy) not in ("held", "on-loan"):
            # One that left is elsewhere; of one that nobody signed for nobody knows that it came.
            return self.forbids("not-held", copy=str(deed.copy))
        if self.foreign_owned != "as-others":
            if isinstance(deed.owned, UnsetType):
                return self.forbids("owner-unstated")
            if self.foreign_owned == "never" and self._is_foreign(deed, case):
                return self.forbids("foreign-owned", party=deed.owned)
        conditions = self._conditions(deed, case, item)
        if conditions is not None:
            return conditions
        below = bool(self.levels) and item.level not in self.levels
        # A grant that is cited is looked at, also where the text asks for none.
        asked = not below and (self.veto or not isinstance(deed.approval, UnsetType))
        if not asked and not (self.foreign_owned == "third-party" and self._is_foreign(deed, case)):
            return None
        return self._approval(deed, case, item)

    def _is_foreign(self, deed: deeds.HandToContractor, case: Case) -> bool:
        """Tell whether a firm is owned in a state that is none of the two."""
        return deed.owned not in (case.acting, case.counterpart)

    def _conditions(
        self, deed: deeds.HandToContractor, case: Case, item: ItemFacts
    ) -> Finding | None:
        """What must be met at any contractor for an item at these levels."""
        if self.levels and item.level not in self.levels:
            return None
        if not isinstance(deed.under, UnsetType) and self.subcontractors == "never":
            return self.forbids("no-subcontractor")
        if missing := [one.value for one in self.needs if one not in deed.met]:
            return self.forbids("lacks", paragraphs=" ".join(sorted(missing)))
        days = self.inspected_days
        if seconds_between(deed.inspected, case.at) > after_days(days):
            return self.forbids("inspection-old", days=str(days))
        return self.forbids("no-letter") if self.letter and not deed.letter else None

    def _approval(self, deed: deeds.HandToContractor, case: Case, item: ItemFacts) -> Finding:
        # A grant names it as registers do, in capitals; the house's own code is the same in small.
        reason = weigh(
            case,
            item.originator,
            "contractor",
            lambda one: str(one.contractor).lower() == deed.contractor,
        )
        if reason is None:
            return self.permits("approved", contractor=deed.contractor)
        return self.requires(
            reason,
            act="consent.ask",
            by=case.acting,
            to=item.originator,
            originator=item.originator,
            contractor=deed.contractor,
        )

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who is asked about a contractor answers."""
        if not self.veto or not isinstance(entry.deed, deeds.ProposeContractor):
            return ()
        return (self.duty(case.counterpart, "contractor.approve", after_days(30)),)

    def explain(self) -> Phrase:
        """Say how many preconditions, and whether the originator has a say."""
        code = "veto" if self.veto else "conditions"
        return phrase(f"explain.contractor.{code}", count=str(len(self.needs)))

    def besides(self) -> tuple[Phrase, ...]:
        """Say what a firm is that is owned elsewhere."""
        if self.foreign_owned == "as-others":
            return ()
        return (phrase(f"explain.contractor.owned-{self.foreign_owned}"),)


class Dispute(Clause, frozen=True, kw_only=True, tag="dispute"):
    """By consultation only, protection goes on (Korea-Japan 2016, Article 20).

    Attributes:
        by: The one way; the system never adjudicates.
        answer_days: In how many days the other side consults.
    """

    of_crossing: ClassVar[bool] = False

    by: Literal["consultation"] = "consultation"
    answer_days: Days = 30

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """An answer refers to a difference, or a change of law; a settlement to a difference."""
        if not isinstance(entry.deed, deeds.Consult | deeds.Settle):
            return None
        act = case.about.act if isinstance(case.about, MatterFacts) else ""
        told = act == "treaty.law-change" and isinstance(entry.deed, deeds.Consult)
        if act == "dispute.raise" or told:
            return None
        return self.forbids("not-raised")

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The other side consults."""
        if not isinstance(entry.deed, deeds.RaiseDispute):
            return ()
        within = after_days(self.answer_days)
        return (self.duty(case.counterpart, "dispute.consult", within),)

    def explain(self) -> Phrase:
        """Say in how many days."""
        return phrase("explain.dispute", days=str(self.answer_days))


class CompelledDisclosure(Clause, frozen=True, kw_only=True, tag="compelled-disclosure"):
    """What is done when a court, a parliament or an information law asks for an item.

    Attributes:
        rule: The originator is consulted, or must approve, or national law prevails.
    """

    of_crossing: ClassVar[bool] = False

    rule: Literal["consult", "originator-consent", "national-law"] = "consult"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A reproduction for a demand of law follows what the originator was promised."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, deeds.Reproduce) or deed.reason != "compelled-disclosure":
            return None
        if not isinstance(item, ItemFacts) or self.rule == "national-law":
            return None
        if consented(case, item, "disclosure"):
            return self.permits("approved")
        return self.requires(
            "consult" if self.rule == "consult" else "approval",
            act="consent.ask",
            by=case.acting,
            to=item.originator,
            originator=item.originator,
        )

    def explain(self) -> Phrase:
        """Say which it is."""
        return phrase(f"explain.compelled-disclosure.{self.rule}")
