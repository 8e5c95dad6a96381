"""Reproduction, extract, translation, regrading, disposition: what is done with copies."""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause
from comity.agreement.clauses.clocks import HOUR, Days, Hours, after_days
from comity.agreement.clauses.conditions import counts_unless, counts_while
from comity.agreement.clauses.consents import weigh
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.names import Level, Party, scheme_of
from comity.vocabulary.phrases import Phrase, phrase

_TAKEN: Final = (deeds.Extract, deeds.Derive, deeds.Translate)
"""What makes a document of its own of an item."""


Count = Annotated[int, Meta(ge=0, le=1000)]


def consented(
    case: Case, item: ItemFacts, uses: str, *, third_party: Party | UnsetType = UNSET
) -> bool:
    """Tell whether the originator approved a use of an item before, and still does.

    For a third party it is asked whether for that one. Nobody else verifies it, so one on paper
    that the house entered itself holds; how often it was used is counted where acts name it.
    """
    return any(
        one.originator == item.originator
        and one.uses == uses
        and one.third_party == third_party
        and one.same_item
        and one.state == "granted"
        and not one.withdrawn
        and one.used < one.times
        and (isinstance(one.until, UnsetType) or case.at < one.until)
        for one in case.consents
    )


class Reproduction(Clause, frozen=True, kw_only=True, tag="reproduction"):
    """Numbered, marked, no more than official need (Korea-Japan 2016, Article 14).

    Attributes:
        consent_levels: The originators' levels of which no copy is made without its approval.
        most: How many copies there may be at a time; 0: as official need asks.
    """

    of_crossing: ClassVar[bool] = False

    consent_levels: tuple[Level, ...] = ()
    most: Count = 0

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A new copy has a number of its own, is made of one that is held, and is one of few."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, deeds.Reproduce) or not isinstance(item, ItemFacts):
            return None
        states = dict(item.copies)
        if states.get(deed.copy) not in ("held", "on-loan"):
            return self.forbids("not-held", copy=str(deed.copy))
        if deed.number in states:
            return self.forbids("number-taken", copy=str(deed.number))
        alive = sum(state in ("held", "on-loan", "in-transit") for state in states.values())
        if self.most and alive >= self.most:
            return self.forbids("too-many", most=str(self.most))
        if item.level in self.consent_levels and not consented(case, item, "reproduction"):
            return self.requires(
                "consent",
                act="consent.ask",
                by=case.acting,
                to=item.originator,
                originator=item.originator,
                level=item.level,
            )
        return None

    def explain(self) -> Phrase:
        """Say how many copies there may be."""
        return phrase(
            f"explain.reproduction.{'most' if self.most else 'need'}", most=str(self.most)
        )


class Extract(Clause, frozen=True, kw_only=True, tag="extract"):
    """Parts and derivatives are marked as their source (Korea-Japan 2016, Article 4(4)).

    Attributes:
        consent: What an extract needs.
        lower: Whether a part may stand at another level than the whole: never, or with the
            originator's approval.
    """

    of_crossing: ClassVar[bool] = False

    consent: Literal["none", "prior-written"] = "none"
    lower: Literal["never", "originator"] = "never"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What is taken from an item has the item's own marking."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, _TAKEN):
            return None
        if not isinstance(item, ItemFacts):
            return None
        if not isinstance(item.marked, str):
            return self.requires("unmarked", act="register.re-mark", by=case.acting)
        if deed.level != item.marked:
            if self.lower == "never":
                return self.forbids("level", level=deed.level)
            reason = weigh(case, item.originator, "lowering", lambda one: one.level == deed.level)
            if reason == "approval":
                return self._ask(case, item, "lowering")
            if reason is not None:
                return self._ask(case, item, reason, level=deed.level)
        if (
            self.consent == "prior-written"
            and isinstance(deed, deeds.Extract)
            and not consented(case, item, "extract")
        ):
            return self._ask(case, item, "consent")
        return None

    def _ask(self, case: Case, item: ItemFacts, code: str, **said: str) -> Finding:
        return self.requires(
            code,
            act="consent.ask",
            by=case.acting,
            to=item.originator,
            originator=item.originator,
            **said,
        )

    def explain(self) -> Phrase:
        """Say what an extract needs."""
        return phrase(f"explain.extract.{self.consent}")


class Translation(Clause, frozen=True, kw_only=True, tag="translation"):
    """By cleared persons, with a note, few copies (Korea-Japan 2016, Article 15).

    Attributes:
        note: The translation says in its language that it holds the originator's information.
        machine: Whether a machine may translate.
        by_receiver: Whether the receiver may have one made at all.
        most: How many translations there may be of an item; 0: as official need asks.
    """

    of_crossing: ClassVar[bool] = False

    note: Annotated[bool, counts_while(by_receiver=True)] = True
    machine: Annotated[Literal["never", "accredited", "any"], counts_while(by_receiver=True)] = (
        "accredited"
    )
    by_receiver: bool = True
    most: Count = 0

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Who translates is judged under the access clause; here, how, and how often."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, deeds.Translate):
            return None
        if self.most and isinstance(item, ItemFacts) and item.translations >= self.most:
            return self.forbids("too-many", most=str(self.most))
        if not self.by_receiver:
            return self.forbids("originator-only")
        if self.note and not deed.note:
            return self.forbids("no-note")
        other = deed.machine is deeds.Machine.OTHER
        if (other and self.machine != "any") or (
            deed.machine is deeds.Machine.ACCREDITED and self.machine == "never"
        ):
            return self.forbids("machine", machine=deed.machine.value)
        return None

    def explain(self) -> Phrase:
        """Say by whom or what."""
        return phrase(f"explain.translation.{self.machine}")


class Regrading(Clause, frozen=True, kw_only=True, tag="regrading"):
    """A change of level is told and followed (Korea-Japan 2016, Articles 4(4) and 6(g)).

    Attributes:
        acknowledge_days: In how many days the holder says which copies it altered.
        levels: The levels that an item may be given; empty: any of its originator's scheme.
        scheduled: What a date on the item is: notice of the change, which its holder follows; or
            a reminder to its originator, who gives notice then.
    """

    acknowledge_days: Days = 30
    levels: tuple[Level, ...] = ()
    scheduled: Literal["notice", "reminder"] = "reminder"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A level is changed in the originator's own scheme; by whom, the ground rules say."""
        deed, item = entry.deed, case.item
        if isinstance(deed, deeds.Release) and isinstance(item, ItemFacts):
            return self._planned(item, case)
        if not isinstance(deed, deeds.Regrade) or not isinstance(item, ItemFacts):
            return None
        if scheme_of(deed.level) != item.originator:
            return self.forbids("scheme", level=deed.level)
        if self.levels and deed.level not in self.levels:
            return self.forbids("level", level=deed.level)
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The holder alters what it holds, and says so; who lowers with consent marks it anew."""
        if isinstance(entry.deed, deeds.Release) and isinstance(case.item, ItemFacts):
            return self._due(case.item, case)
        if not isinstance(entry.deed, deeds.Regrade):
            return ()
        within = after_days(self.acknowledge_days)
        if isinstance(case.item, ItemFacts) and case.item.originator != case.acting:
            return (self.duty(case.acting, "register.re-mark", within),)
        return (
            self.duty(case.counterpart, "register.acknowledge-regrading", within),
            self.duty(case.counterpart, "register.re-mark", within),
        )

    def _planned(self, item: ItemFacts, case: Case) -> Finding | None:
        """A planned change is of the originator's own scheme, and lies ahead."""
        plan = item.schedule
        if isinstance(plan, UnsetType):
            return None
        if scheme_of(plan.level) != item.originator:
            return self.forbids("scheme", level=plan.level)
        if isinstance(plan.on, UnsetType) == isinstance(plan.event, UnsetType):
            return self.forbids("schedule")
        if not isinstance(plan.on, UnsetType) and plan.on <= case.at:
            return self.forbids("schedule")
        return None

    def _due(self, item: ItemFacts, case: Case) -> tuple[Duty, ...]:
        """At the date the holder follows what stands on the item, or its originator gives notice.

        Of an event nobody knows the day: its originator gives notice when it has come.
        """
        plan = item.schedule
        if isinstance(plan, UnsetType):
            return ()
        if isinstance(plan.on, UnsetType):
            return (self.duty(case.acting, "register.regrade"),)
        left = int(seconds_between(case.at, plan.on))
        if self.scheduled == "reminder":
            return (self.duty(case.acting, "register.regrade", left),)
        within = left + after_days(self.acknowledge_days)
        return (self.duty(case.counterpart, "register.acknowledge-regrading", within),)

    def explain(self) -> Phrase:
        """Say in how many days it is acknowledged, and what a date on the item is."""
        return phrase(f"explain.regrading.{self.scheduled}", days=str(self.acknowledge_days))


class Disposition(Clause, frozen=True, kw_only=True, tag="disposition"):
    """Returned or destroyed when no longer required (Korea-Japan 2016, Articles 6(h) and 13).

    Attributes:
        methods: By which means copies are destroyed.
        equipment: By which means equipment is, beyond recognition; none named: as copies are.
        witnesses: Before how many witnesses at least.
        certificate: Whether a certificate is made at all, kept, or sent.
        certificate_days: In how many days one is sent.
        top_levels: The originators' levels of which ``top`` speaks.
        top: What is done with copies of these levels.
        top_witnesses: Before how many witnesses these are destroyed.
        emergency: In an emergency copies may be destroyed by any means, and the provider is
            told afterwards; or the text is silent, and an emergency changes nothing.
        tell_hours: In how many hours it is told.
        recall_days: In how many days a recalled item goes back.
    """

    of_crossing: ClassVar[bool] = False

    methods: Annotated[tuple[deeds.Method, ...], Meta(min_length=1)]
    equipment: tuple[deeds.Method, ...] = ()
    witnesses: Count = 0
    certificate: Literal["none", "kept", "sent"] = "none"
    certificate_days: Annotated[Days, counts_while(certificate="sent")] = 30
    top_levels: tuple[Level, ...] = ()
    top: Annotated[
        Literal["destroy", "return-only", "originator-consent"], counts_unless(top_levels=())
    ] = "destroy"
    top_witnesses: Annotated[
        Count, counts_unless(top_levels=()), counts_unless(top="return-only")
    ] = 2
    emergency: Literal["tell-afterwards", "silent"] = "silent"
    tell_hours: Annotated[Hours, counts_while(emergency="tell-afterwards")] = 24
    recall_days: Days = 30

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A copy that is here ends by the agreed means, before enough witnesses."""
        deed, item = entry.deed, case.item
        if not isinstance(item, ItemFacts):
            return None
        if isinstance(deed, deeds.Recall) and item.provider != case.acting:
            return self.forbids("not-the-provider")
        if not isinstance(deed, deeds.Destroy):
            return None
        if dict(item.copies).get(deed.copy) not in ("held", "on-loan"):
            return self.forbids("not-held", copy=str(deed.copy))
        if deed.emergency and self.emergency == "tell-afterwards":
            return None
        top = item.level in self.top_levels
        if top and self.top == "return-only":
            return self.forbids("return-only", level=item.level)
        if top and self.top == "originator-consent" and not consented(case, item, "destruction"):
            return self.requires(
                "consent",
                act="consent.ask",
                by=case.acting,
                to=item.originator,
                originator=item.originator,
                level=item.level,
            )
        if item.form is Form.EQUIPMENT and self.equipment and deed.method not in self.equipment:
            return self.forbids("recognisable", method=deed.method.value)
        if deed.method not in self.methods:
            return self.forbids("method", method=deed.method.value)
        wanted = max(self.witnesses, self.top_witnesses) if top else self.witnesses
        if deed.witnesses < wanted:
            return self.forbids("witnesses", witnesses=str(wanted))
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """A certificate is sent; an emergency is told; what is recalled goes back."""
        deed = entry.deed
        if isinstance(deed, deeds.Recall):
            return (self.duty(case.counterpart, "delivery.return", after_days(self.recall_days)),)
        if not isinstance(deed, deeds.Destroy):
            return ()
        if deed.emergency and self.emergency == "tell-afterwards":
            return (self.duty(case.acting, "delivery.certificate", self.tell_hours * HOUR),)
        if self.certificate == "sent":
            within = after_days(self.certificate_days)
            return (self.duty(case.acting, "delivery.certificate", within),)
        return ()

    def explain(self) -> Phrase:
        """Say how copies end, and whether that is certified."""
        return phrase(f"explain.disposition.{self.certificate}", witnesses=str(self.witnesses))
