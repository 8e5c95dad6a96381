"""Competent authorities: who may act, and be addressed (Korea-Japan 2016, Article 2(4))."""

from typing import Annotated, Literal

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.acts.kinds import Family, kind
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.conditions import counts_unless
from comity.vocabulary.names import Office, Party, party_of
from comity.vocabulary.phrases import Phrase, phrase


class Authorities(Clause, frozen=True, kw_only=True, tag="authorities"):
    """Only notified offices act and are addressed (Korea-Japan 2016, Article 2(4)).

    Attributes:
        notified: Through which channel.
        registries: Whether items enter by named (or accredited) registries only.
        entry: These registries; one of each release's offices is among them.
        offices: The offices that alone act and are addressed, whatever else was notified: two
            ministries, where a government as a whole is no party; of a party that has none here,
            any.
    """

    notified: Literal["diplomatic", "listed", "none"] = "diplomatic"
    registries: Literal["none", "named", "accredited"] = "none"
    entry: Annotated[tuple[Office, ...], counts_unless(registries="none", needed=True)] = ()
    offices: tuple[Office, ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """An office that was not notified neither acts nor is addressed."""
        deed, item = entry.deed, case.item
        if not isinstance(deed, deeds.Outward):
            return None
        if kind(deed).family not in (Family.PROVIDING, Family.PROTECTIVE, Family.OTHER):
            return None
        offices = [deed.by]
        if hands_over(entry) and isinstance(item, ItemFacts):
            offices += item.offices
        if self.registries != "none" and isinstance(deed, deeds.Release):
            own = [one for one in self.entry if party_of(one) == deed.to]
            if own and not set(own) & set(deed.offices):
                return self.forbids("registry", office=own[0])
        for office in offices:
            alone = [one for one in self.offices if party_of(one) == party_of(office)]
            if alone and office not in alone:
                return self.forbids("not-named", office=office)
        for office in offices if self.notified != "none" else ():
            if office not in case.notified:
                party = party_of(office)
                other = case.counterpart if party == case.acting else case.acting
                return self.requires(
                    "not-notified",
                    act="treaty.notify-authority",
                    by=party,
                    to=other,
                    office=office,
                )
        return None

    def addressed(self, party: Party) -> tuple[Office, ...]:
        """Return offices of a party that an act may come from, and be addressed to."""
        registries = self.entry if self.registries != "none" else ()
        found = [one for one in (*registries, *self.offices) if party_of(one) == party]
        return (found[0],) if found else (Office(f"{party}/OFFICE"),)

    def besides(self) -> tuple[Phrase, ...]:
        """Say which offices alone act."""
        named = " ".join(self.offices)[:120]
        return (phrase("explain.authorities.offices", offices=named),) if named else ()
