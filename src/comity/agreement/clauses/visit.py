"""Visits: asked for, permitted, made; surveys and what they find (Articles 8 and 18)."""

from typing import ClassVar

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, MatterFacts
from comity.agreement.clauses.base import Clause
from comity.agreement.clauses.clocks import Days, after_days
from comity.vocabulary.instants import to_datetime
from comity.vocabulary.names import Level, Office, party_of
from comity.vocabulary.phrases import Phrase, phrase


class Visit(Clause, frozen=True, kw_only=True, tag="visit"):
    """Official, permitted, within its level (Korea-Japan 2016, Articles 8 and 18).

    Attributes:
        lead_days: How long before a visit it is asked for; an emergency excepted where allowed.
        emergency: Whether an emergency visit may be asked for at any time.
        recurring: Whether one permission may serve for several.
        answer_days: In how many days the host answers.
        survey: Whether surveys of security are foreseen.
        listed: A list of the visitors with their clearances comes with the request, its names
            are checked before the permission, and a closing list names what was disclosed.
        follow_up_days: In how many days the host says what was done about findings.
        through: The authorities by which visits are asked for and permitted, from authority to
            authority; of a party that has none here, any office that may act.
        direct_levels: Levels at which the facilities agree between themselves: a visit at one of
            them is asked for and permitted by any office that may act, without lead days. A
            survey is never agreed in this way.
    """

    of_crossing: ClassVar[bool] = False

    lead_days: Days = 0
    emergency: bool = True
    recurring: bool = False
    answer_days: Days = 14
    survey: bool = True
    listed: bool = False
    follow_up_days: Days = 60
    through: tuple[Office, ...] = ()
    direct_levels: tuple[Level, ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Asked in time by the visitor, permitted by the host, kept below what was permitted."""
        deed = entry.deed
        match deed:
            case deeds.RequestVisit():
                return self._request(deed, case)
            case deeds.PermitVisit() | deeds.DeclineVisit():
                if not self._refers(case, "visit.request"):
                    return self.forbids("no-request")
                if elsewhere := self._past_authority(deed, case):
                    return elsewhere
                if self.listed and isinstance(deed, deeds.PermitVisit) and deed.checked is not True:
                    return self.forbids("unchecked")
                return None
            case deeds.CloseVisit():
                return self._closed(deed, case)
            case deeds.FollowUp():
                return None if self._refers(case, "visit.done") else self.forbids("no-visit")
            case deeds.OpenInspection():
                return self._opened(deed, case)
            case _:
                return None

    def _closed(self, deed: deeds.CloseVisit, case: Case) -> Finding | None:
        about = case.about
        if not isinstance(about, MatterFacts) or not self._refers(case, "visit.approve"):
            return self.forbids("not-permitted")
        if deed.level != about.level:
            return self.forbids("level", level=deed.level)
        named = () if isinstance(deed.items, UnsetType) else deed.items
        if len(named) != case.shown or (self.listed and deed.disclosed != len(named)):
            return self.forbids("closing-list")
        return None

    def _opened(self, deed: deeds.OpenInspection, case: Case) -> Finding | None:
        """The host opens a view for a visit that it has permitted, of a facility of its own."""
        about = case.about
        if not self.survey:
            return self.forbids("survey")
        own = isinstance(about, MatterFacts) and about.author == case.acting
        if not own or not isinstance(about, MatterFacts) or about.act != "visit.approve":
            return self.forbids("not-permitted")
        if party_of(deed.facility) != case.acting or deed.until <= case.at:
            return self.forbids("no-view")
        return None

    def _request(self, deed: deeds.RequestVisit, case: Case) -> Finding | None:
        if deed.recurring and not self.recurring:
            return self.forbids("recurring")
        if deed.survey and not self.survey:
            return self.forbids("survey")
        if self.listed and isinstance(deed.particulars, UnsetType):
            return self.forbids("no-list")
        direct = deed.level in self.direct_levels and not deed.survey
        if not direct and (elsewhere := self._through(deed.by)):
            return elsewhere
        lead = (to_datetime(deed.begins) - to_datetime(case.at)).days
        if not direct and lead < self.lead_days and not (deed.emergency and self.emergency):
            return self.forbids("lead", days=str(self.lead_days))
        return None

    def _through(self, office: Office) -> Finding | None:
        """Return what is said of an office that is none of its party's authorities."""
        own = [one for one in self.through if party_of(one) == party_of(office)]
        if not own or office in own:
            return None
        return self.forbids("through", office=own[0])

    def _past_authority(
        self, deed: deeds.PermitVisit | deeds.DeclineVisit, case: Case
    ) -> Finding | None:
        """A facility permits by itself only what its facilities may agree on."""
        asked = case.about.level if isinstance(case.about, MatterFacts) else ""
        given = deed.level if isinstance(deed, deeds.PermitVisit) else asked
        if {asked, given} <= set(self.direct_levels):
            return None
        return self._through(deed.by)

    def _refers(self, case: Case, act: str) -> bool:
        about = case.about
        return (
            isinstance(about, MatterFacts) and about.act == act and about.author == case.counterpart
        )

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The host answers, and follows up what a visit found."""
        deed = entry.deed
        if isinstance(deed, deeds.CloseVisit) and not isinstance(deed.findings, UnsetType):
            within = after_days(self.follow_up_days)
            return (self.duty(case.counterpart, "visit.follow-up", within),) * bool(deed.findings)
        if not isinstance(deed, deeds.RequestVisit):
            return ()
        return (self.duty(case.counterpart, "visit.approve", after_days(self.answer_days)),)

    def explain(self) -> Phrase:
        """Say how long before a visit it is asked for."""
        return phrase("explain.visit", days=str(self.lead_days))

    def besides(self) -> tuple[Phrase, ...]:
        """Say by whom it is asked for, and at which levels facilities agree."""
        found = []
        if self.through:
            offices = " ".join(self.through)[:120]
            found.append(phrase("explain.visit.through", offices=offices))
        if self.direct_levels:
            levels = " ".join(self.direct_levels)[:120]
            found.append(phrase("explain.visit.direct", levels=levels))
        return tuple(found)
