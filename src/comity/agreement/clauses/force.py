"""Force, term and survival: when acts are lawful at all (Korea-Japan 2016, Article 21)."""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.acts.kinds import Family, kind
from comity.agreement.case import Case, ItemFacts, Standing
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.conditions import counts_unless, counts_while
from comity.vocabulary.names import AgreementId
from comity.vocabulary.phrases import Phrase, phrase

_HOLDERS_ACTS: Final = (
    deeds.Register | deeds.Designate | deeds.ReMark | deeds.Assign | deeds.Access | deeds.OfHolder
)
"""What only who was given an item does with it."""

_OF_HOLDINGS: Final = deeds.AskHoldings | deeds.StateHoldings
"""What concerns all that was provided, and goes on after the end."""

_OF_NO_ITEM: Final = deeds.RaiseDispute | deeds.Consult | deeds.Settle
"""What protects, and need not be about an item."""


class EntryIntoForce(Clause, frozen=True, kw_only=True, tag="entry-into-force"):
    """In force by the later of two notifications (Korea-Japan 2016, Article 21(1)).

    Attributes:
        by: What brings it into force.
        assurances_first: Nothing operates before assurances were received (EU).
        visit_first: Nor before an assessment visit.
        arrangement_first: Nor before these agreements are in force between the two, in both
            views: an implementing arrangement that is concluded later. Each is named by its id,
            of whichever version; a text that is there already is named by ``depends-on``.
    """

    by: Literal["later-of-two-notes", "signature", "exchange-of-notes"]
    assurances_first: bool = False
    visit_first: bool = False
    arrangement_first: Annotated[tuple[AgreementId, ...], Meta(max_length=16)] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Providing needs every party's view in force; other acts the author's own."""
        views = dict(case.views)
        family = kind(entry.deed).family
        if family is Family.PROVIDING:
            waiting = None
            for party, standing in sorted(views.items()):
                if standing is Standing.SURVIVAL:
                    # What no act heals is said first, whatever waits in another view.
                    return self._not_in_force(case, party, standing)
                if standing is not Standing.IN_FORCE and waiting is None:
                    waiting = party, standing
            if waiting is not None:
                return self._not_in_force(case, *waiting)
            return self._first(entry, case) if views else self.forbids("unknown")
        if family is Family.OTHER:
            standing = views.get(case.acting, Standing.UNKNOWN)
            # What was given is still held, so its giver may ask how much, and is told.
            provided = isinstance(entry.deed, _OF_HOLDINGS) or (
                isinstance(case.item, ItemFacts) and case.item.provided
            )
            if standing is Standing.IN_FORCE or (standing is Standing.SURVIVAL and provided):
                return self.permits("in-force")
            return self._not_in_force(case, case.acting, standing)
        return None

    def _first(self, entry: Entry, case: Case) -> Finding | None:
        """What must have happened before anything is handed over at all."""
        if not hands_over(entry):
            return None
        if self.assurances_first and not case.assurances:
            return self.requires(
                "no-assurance", act="people.assure", by=case.counterpart, to=case.acting
            )
        if self.visit_first and not case.visited:
            return self.requires("no-visit", act="visit.done", by=case.acting, to=case.counterpart)
        for one in self.arrangement_first:
            if one not in case.concluded:
                return self.requires(
                    "no-arrangement",
                    act="treaty.propose",
                    by=case.acting,
                    to=case.counterpart,
                    other=one,
                )
        return None

    def explain(self) -> Phrase:
        """Say what brings it into force."""
        return phrase(f"explain.entry-into-force.{self.by}")

    def besides(self) -> tuple[Phrase, ...]:
        """Say what comes before anything is provided."""
        if not self.arrangement_first:
            return ()
        others = " ".join(self.arrangement_first)[:120]
        return (phrase("explain.entry-into-force.arrangement-first", others=others),)

    def _not_in_force(self, case: Case, party: str, standing: Standing) -> Finding:
        if standing is Standing.SURVIVAL:
            return self.forbids("lapsed", party=party)
        act = {
            Standing.UNKNOWN: "treaty.propose",
            Standing.PROPOSED: "treaty.sign",
        }.get(standing, "treaty.notify-requirements-met")
        return self.requires(
            "not-in-force", act=act, by=case.acting, party=party, standing=standing.value
        )


class Term(Clause, frozen=True, kw_only=True, tag="term"):
    """How long, how it is extended, how notice is given (Korea-Japan 2016, Article 21(3)).

    Attributes:
        years: Length of one term; 0: indefinite.
        renewal: What happens at its end.
        notice_days: How many days before the end notice is given.
        notice_months: How many months before, where it is told in months: the same day of an
            earlier month, or its last day.
        channel: By which channel.
        counts: Whether a notice counts when it is sent or received.
        counting: How days are reckoned back from the end of a term: the day of the end not
            counted (``days``), neither that of the end nor that of the notice
            (``clear-days``); ``open``: the text does not say, and both are read.
    """

    of_instruments: ClassVar[bool] = True

    years: Annotated[int, Meta(ge=0, le=100)]
    renewal: Annotated[Literal["automatic", "by-agreement", "none"], counts_unless(years=0)] = (
        "none"
    )
    notice_days: Annotated[int, Meta(ge=0, le=3660), counts_while(notice_months=0)] = 0
    notice_months: Annotated[int, Meta(ge=0, le=120)] = 0
    channel: Literal["diplomatic", "written"] = "diplomatic"
    counts: Literal["dispatch", "receipt"] = "receipt"
    counting: Literal["days", "clear-days", "open"] = "open"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A notice goes by the channel that was agreed; whether it is in time is said of it.

        A late one is lawful, as is all that a sovereign writes; it ends nothing, by the reading
        that is acted by (:class:`comity.agreement.notices.Rules`, ``late``).
        """
        deed = entry.deed
        if not isinstance(deed, deeds.GiveNotice):
            return None
        if self.channel == "diplomatic" and deed.channel is not deeds.Channel.DIPLOMATIC:
            return self.forbids("channel")
        if isinstance(case.life, UnsetType):
            return None
        match case.life.notice:
            case "timely":
                return self.permits("notice-timely")
            case "late":
                return self.permits("notice-late")
            case _:
                return self.permits("notice-disputed")

    def explain(self) -> Phrase:
        """Say how long it lasts and how it is ended."""
        unit = "-months" if self.notice_months else ""
        notice = str(self.notice_months or self.notice_days)
        if self.years == 0:
            return phrase(f"explain.term.indefinite{unit}", notice=notice)
        return phrase(f"explain.term.{self.renewal}{unit}", years=str(self.years), notice=notice)


class Survival(Clause, frozen=True, kw_only=True, tag="survival"):
    """What was provided stays protected without end (Korea-Japan 2016, Article 21(4)).

    Attributes:
        lasts: Until when protection goes on after the end. An item that its originator has
            taken out of the table is protected no more in either case.
    """

    lasts: Literal["for-ever", "until-declassified"] = "for-ever"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What protects is lawful while any view is in force, and in survival."""
        if kind(entry.deed).family is not Family.PROTECTIVE:
            return None
        item = case.item
        if isinstance(entry.deed, _OF_NO_ITEM):
            return self._protects(case)
        if not isinstance(item, ItemFacts) or not item.provided:
            return self.forbids("not-provided")
        if isinstance(entry.deed, _HOLDERS_ACTS) and item.receiver != case.acting:
            return self.forbids("not-the-holder")
        return self._protects(case)

    def _protects(self, case: Case) -> Finding:
        if any(standing in (Standing.IN_FORCE, Standing.SURVIVAL) for _, standing in case.views):
            return self.permits("protects")
        return self.forbids("never-in-force")

    def explain(self) -> Phrase:
        """Say how long protection goes on."""
        return phrase(f"explain.survival.{self.lasts}")
