"""Facilities, rosters, storage, custody, musters: where items are and who answers for them."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, HouseFacts, ItemFacts
from comity.agreement.clauses.base import Clause, Voice, hands_over, is_release
from comity.agreement.clauses.clocks import Days, after_days
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Level
from comity.vocabulary.phrases import Phrase, phrase

_OPENS = deeds.Assign | deeds.Access | deeds.Translate


class Facility(Clause, frozen=True, kw_only=True, tag="facility"):
    """Each facility has an officer and a ceiling (Korea-Japan 2016, Article 10).

    Attributes:
        officer: Nothing is given out where no qualified person answers for security.
        accredited: The facility must be accredited to the item's level as marked: its ceiling.
        briefed: Who gets an item was told of the responsibilities and signed.
        sends: What is sent electronically leaves from an office whose systems are accredited to
            the item's level at that moment (Article 12).
        receives: What is received is marked by a registry that is accredited to the level it is
            marked with (an accredited sub-registry).
        contractors: What goes to a contractor goes to a facility of its own that is accredited to
            the item's level as marked: the holder's party has entered it under the contractor's
            code (a facility clearance certificate).
    """

    voice = Voice.DOMESTIC

    officer: bool = True
    accredited: bool = False
    briefed: bool = False
    sends: bool = False
    receives: bool = False
    contractors: bool = False

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What the facility of the concerned person lacks, or that which sends."""
        if self.sends and hands_over(entry):
            return self._sends(case)
        if self.receives and isinstance(entry.deed, deeds.ReMark):
            return self._holds(case, entry.deed.level)
        marked = case.item.marked if isinstance(case.item, ItemFacts) else UNSET
        if self.contractors and isinstance(entry.deed, deeds.HandToContractor):
            return self._holds(case, marked)
        if not isinstance(entry.deed, _OPENS) or not isinstance(case.house, HouseFacts):
            return None
        here = case.house.facility
        if self.officer and not here.officer:
            return self.requires("no-officer", act="people.appoint-officer", by=case.acting)
        if self.accredited and (above := self._holds(case, marked)):
            return above
        if self.briefed and not here.briefed:
            return self.requires("not-briefed", act="people.brief", by=case.acting)
        return None

    def _sends(self, case: Case) -> Finding | None:
        item = case.item
        if not isinstance(item, ItemFacts) or not isinstance(case.house, HouseFacts):
            return None
        return self._holds(case, item.level) if item.form is Form.ELECTRONIC else None

    def _holds(self, case: Case, level: Level | UnsetType) -> Finding | None:
        """Ask for an accreditation of the facility at hand to a level, where there is one."""
        if isinstance(level, UnsetType) or not isinstance(case.house, HouseFacts):
            return None
        if level in case.house.facility.accredited:
            return None
        return self.requires("not-accredited", act="people.accredit", by=case.acting, level=level)

    def besides(self) -> tuple[Phrase, ...]:
        """Say which other facilities are accredited."""
        said = {"receives": self.receives, "contractors": self.contractors}
        return tuple(phrase(f"explain.facility.{one}") for one, holds in said.items() if holds)


class Roster(Clause, frozen=True, kw_only=True, tag="roster"):
    """A list of who is cleared and authorised, per facility (Korea-Japan 2016, Article 6(e)).

    A list is kept for each facility by itself.
    """

    of_crossing: ClassVar[bool] = False

    voice = Voice.DOMESTIC

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Who is on no list at this instant gets nothing."""
        if not isinstance(entry.deed, _OPENS) or not isinstance(case.house, HouseFacts):
            return None
        if case.house.facility.rostered:
            return None
        return self.requires("not-listed", act="people.enrol-on-roster", by=case.acting)


class Storage(Clause, frozen=True, kw_only=True, tag="storage"):
    """Kept so that only those authorised have access (Korea-Japan 2016, Article 11).

    Attributes:
        places: For each originator's level, in what it may be kept; a level that is not named
            may be kept anywhere that the holder's law allows.
    """

    of_crossing: ClassVar[bool] = False

    places: dict[Level, tuple[deeds.Place, ...]]

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A copy is kept only in what its level allows."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, deeds.Keep) or not isinstance(item, ItemFacts):
            return None
        allowed = self.places.get(item.level)
        if allowed is not None and deed.place not in allowed:
            return self.forbids("place", level=item.level, place=deed.place.value)
        return None


class Custody(Clause, frozen=True, kw_only=True, tag="custody"):
    """Identification, location, inventory (Korea-Japan 2016, Article 6(f)).

    Attributes:
        extract: Whether the provider gets an extract of the register: never, when it asks, or
            each year besides.
        holdings: What an answer about holdings says.
        answer_days: In how many days one is given.
        joint_relief: A copy passes from one custodian to another after a muster that both make,
            and both sign; or the holder's own rules decide.
    """

    of_crossing: ClassVar[bool] = False

    extract: Literal["none", "on-request", "yearly"] = "none"
    holdings: Literal["none", "count", "office"] = "none"
    answer_days: Days = 30
    joint_relief: bool = True

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Nobody asks for, or tells, more than was agreed; no post is left by one alone."""
        deed = entry.deed
        if isinstance(deed, deeds.Relieve):
            return self._relieved(deed, case) if self.joint_relief else None
        if isinstance(deed, deeds.AskHoldings):
            limit = self.extract if deed.extract else self.holdings
            return self.forbids("not-agreed") if limit == "none" else None
        if not isinstance(deed, deeds.StateHoldings):
            return None
        if self.extract == "none" and self.holdings == "none":
            return self.forbids("not-agreed")
        if deed.offices and self.holdings != "office":
            return self.forbids("no-offices")
        return None

    def _relieved(self, deed: deeds.Relieve, case: Case) -> Finding | None:
        if not deed.joint:
            return self.forbids("not-joint")
        signed = {one.office for one in case.approvals if deeds.Role.CUSTODIAN in one.roles}
        if not {deed.by, deed.custodian} <= signed:
            return self.requires("one-signs", act="register.relieve", by=case.acting)
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who is asked answers; a yearly extract is due from each release and statement on."""
        deed = entry.deed
        if isinstance(deed, deeds.AskHoldings):
            within = after_days(self.answer_days)
            return (self.duty(case.counterpart, "custody.state", within),)
        if self.extract == "yearly" and isinstance(deed, deeds.StateHoldings):
            return (self.duty(case.acting, "custody.state", after_days(365)),)
        return ()

    def explain(self) -> Phrase:
        """Say what is told of holdings."""
        return phrase(f"explain.custody.{self.extract}", days=str(self.answer_days))


class Muster(Clause, frozen=True, kw_only=True, tag="muster"):
    """Every copy is checked by sight or hash, again and again.

    Attributes:
        every_days: How often.
        levels: The originators' levels it is due for; empty: all.
        persons: By how many persons.
    """

    of_crossing: ClassVar[bool] = False

    every_days: Annotated[int, Meta(ge=1, le=3660)]
    levels: tuple[Level, ...] = ()
    persons: Annotated[int, Meta(ge=1, le=4)] = 1

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A muster accounts for every copy, before enough eyes."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, deeds.Muster) or not isinstance(item, ItemFacts):
            return None
        if deed.persons < self.persons:
            return self.forbids("persons", persons=str(self.persons))
        told = {*deed.found, *deed.missing}
        here = {number for number, state in item.copies if state in ("held", "on-loan")}
        if not here <= told:
            return self.forbids("incomplete")
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The next one is due; what is missing is told at once."""
        deed, item = entry.deed, case.item
        if not isinstance(item, ItemFacts) or (self.levels and item.level not in self.levels):
            return ()
        within = after_days(self.every_days)
        if is_release(entry):
            return (self.duty(case.counterpart, "register.muster", within),)
        if isinstance(deed, deeds.Muster):
            again = self.duty(case.acting, "register.muster", within)
            return (
                (again, self.duty(case.acting, "incident.report", 0)) if deed.missing else (again,)
            )
        return ()

    def explain(self) -> Phrase:
        """Say how often, by how many."""
        return phrase("explain.muster", days=str(self.every_days), persons=str(self.persons))
