"""National profiles: a second document of the same shape, which can only forbid or add."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from markdown_it import MarkdownIt
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.deeds import Role
from comity.acts.documents import PublicOffice, PublicProfile, decode_public_profile
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Remedy, Verdict
from comity.agreement.case import Case, ItemFacts
from comity.agreement.procedure import StepName
from comity.agreement.succession import standing_now
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Office,
    Party,
    Reason,
    Subject,
    is_within,
    party_of,
)
from comity.vocabulary.phrases import phrase
from comity.vocabulary.reading import plainly
from comity.vocabulary.zones import PATTERN as RULE

_DECIDED_BY: Final[Mapping[type[deeds.Deed], Reason]] = {
    deeds.Release: Reason("release.approve"),
    deeds.StandingDirective: Reason("release.approve"),
    deeds.Grant: Reason("consent.grant"),
    deeds.ResumeDirective: Reason("directive.resume"),
}
"""What a further person does where two decide."""

_Decided = deeds.Release | deeds.Grant | deeds.ResumeDirective
"""What lets something go, and is decided as a release is."""


class OfficeTerms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An office: its names by language, its dates, its successor, what it may do."""

    office: Office
    names: dict[str, str]
    since: Instant
    until: Instant | UnsetType = UNSET
    successor: Office | UnsetType = UNSET
    designating: bool = False
    registry: bool = False


class Absence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """While an office is absent, its deputy decides for it."""

    office: Office
    deputy: Office
    since: Instant
    until: Instant


class Delegation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may release what to whom: levels and subjects by office and counterpart.

    Attributes:
        to: Towards whom; empty: everybody.
        subjects: About what, each with everything below it; empty: everything.
        approvals: How many distinct persons of the office decide; 2: the two-person rule.
    """

    office: Office
    levels: tuple[Level, ...]
    to: tuple[Party, ...] = ()
    subjects: tuple[Subject, ...] = ()
    approvals: Annotated[int, Meta(ge=1, le=2)] = 1


class Profile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A party's own rules (national profile).

    Attributes:
        rule: When the zone's clocks are turned (:mod:`comity.vocabulary.zones`); it may be left out
            where they are not.
        clearances: Names of the clearances, lowest first, by level.
        procedure: Steps of the domestic procedure, in order.
        assumed: Those of them that are assumed, and published nowhere.
        absences: Which office decides for which other one, and when.
        window_minutes: How long a release that is decided can still be taken back at home; it
            is stamped and leaves when that time is over.
    """

    party: Party
    zone: str
    rule: Annotated[str, Meta(pattern=RULE, max_length=100)] | UnsetType = UNSET
    working_days: tuple[int, ...]
    holidays: tuple[str, ...]
    registry: Office
    offices: tuple[OfficeTerms, ...]
    delegations: tuple[Delegation, ...]
    clearances: tuple[Level, ...]
    procedure: tuple[StepName, ...] = ()
    assumed: tuple[StepName, ...] = ()
    absences: tuple[Absence, ...] = ()
    window_minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    digest: Digest = Digest("")

    def __hash__(self) -> int:
        """Hash the digest: equal profiles have equal digests, and the rest is long."""
        return hash(self.digest)

    def judge(self, entry: Entry, case: Case) -> tuple[Finding, ...]:
        """Return what the profile adds: it forbids or requires, and permits nothing."""
        deed = entry.deed
        if isinstance(deed, deeds.EnterPerson) and party_of(deed.office) != self.party:
            return (self._forbids("office", office=deed.office),)
        if isinstance(deed, _Decided) and isinstance(case.item, ItemFacts):
            finding = self._decided(deed, case, case.item, entry.at)
            return () if finding is None else (finding,)
        return ()

    def delegated(self, level: Level, to: Party, subject: Subject) -> tuple[Delegation, ...]:
        """Return to which offices a release is delegated: its level, its subject, to whom."""
        return tuple(
            one
            for one in self.delegations
            if level in one.levels
            and (not one.to or to in one.to)
            and (not one.subjects or any(is_within(subject, each) for each in one.subjects))
        )

    def standing_for(self, office: Office, at: Instant) -> frozenset[Office]:
        """Return the offices that decide what is delegated to an office, at an instant.

        Itself while it exists, its successor from its end on (and that one's successor in turn),
        and the deputy while it is absent.
        """
        now = standing_now(self.offices, office, at)
        if now is None:
            return frozenset()
        away = {
            one.deputy for one in self.absences if one.office == now and one.since <= at < one.until
        }
        return frozenset({now} | away)

    def suffices(self, one: Delegation, offices: Sequence[Office], at: Instant) -> bool:
        """Tell whether so many persons, each given by the office, decide what is delegated."""
        standing = self.standing_for(one.office, at)
        return sum(office in standing for office in offices) >= one.approvals

    def towards(self, deed: _Decided, level: Level, subject: Subject) -> tuple[Party, ...]:
        """Return towards whom an act is decided as a release of the item would be.

        Towards its receiver. A consent lets the item go to the third party too, so it is decided
        as a release to that one as well, where the profile delegates any: to a party with which
        the house has no pact it releases nothing itself, and may yet consent.
        """
        third = deed.third_party if isinstance(deed, deeds.Grant) else UNSET
        if isinstance(third, UnsetType) or not self.delegated(level, third, subject):
            return (deed.to,)
        return (deed.to, third)

    def lacking(
        self, level: Level, to: Party, subject: Subject, offices: Sequence[Office], at: Instant
    ) -> str:
        """Return what a decision by so many persons, each given by the office, lacks.

        Nothing (empty), ``second-approval``, or ``not-delegated``.
        """
        delegated = self.delegated(level, to, subject)
        if any(self.suffices(one, offices, at) for one in delegated):
            return ""
        theirs = any(self.standing_for(one.office, at) & set(offices) for one in delegated)
        return "second-approval" if theirs else "not-delegated"

    def _decided(self, deed: _Decided, case: Case, item: ItemFacts, at: Instant) -> Finding | None:
        """A release is decided by an office to which its level is delegated for this party."""
        releasing = [one for one in case.approvals if Role.RELEASING in one.roles]
        if not releasing:
            return None  # the agreement itself asks for the approval
        offices = list({who.person: who.office for who in releasing}.values())
        for to in self.towards(deed, item.level, item.subject):
            lacks = self.lacking(item.level, to, item.subject, offices, at)
            if lacks == "second-approval":
                return self._requires(case, "second-approval", act=_DECIDED_BY[type(deed)])
            if lacks:
                return self._forbids("not-delegated", level=item.level)
        return None

    def _forbids(self, code: str, **parameters: str) -> Finding:
        return Finding(
            agreement=AgreementId("PROFILE"),
            article=Article("1"),
            clause=Reason("profile"),
            verdict=Verdict.FORBIDS,
            reason=phrase(f"profile.{code}", **parameters),
        )

    def _requires(self, case: Case, code: str, *, act: Reason) -> Finding:
        return Finding(
            agreement=AgreementId("PROFILE"),
            article=Article("1"),
            clause=Reason("profile"),
            verdict=Verdict.REQUIRES,
            reason=phrase(f"profile.{code}"),
            remedy=Remedy(act=act, by=case.acting),
        )


@lru_cache(maxsize=16)
def open_profile(raw: bytes) -> Profile:
    """Return the profile of a Markdown file: its ``toml profile`` blocks, taken together.

    Raises:
        Invalid: ``invalid.profile``, with the line and what would be right.
    """
    try:
        source = raw.decode()
    except UnicodeDecodeError as error:
        raise Invalid("invalid.profile", "not UTF-8") from error
    table: dict[str, Any] = {}
    for token in MarkdownIt("commonmark").parse(source):
        if token.type != "fence" or token.info.strip() != "toml profile":
            continue
        line = (token.map[0] if token.map else 0) + 1
        try:
            block = tomllib.loads(token.content)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            at = line + int(found[1]) if found else line
            raise Invalid("invalid.profile", f"line {at}: {error}") from error
        except (RecursionError, ValueError) as error:
            raise Invalid("invalid.profile", f"line {line}: nested too deeply") from error
        if again := table.keys() & block.keys():
            raise Invalid("invalid.profile", f"line {line}: {min(again)!r} stands twice")
        table |= block
    table["digest"] = digest(raw)
    try:
        profile = msgspec.convert(table, Profile)
    except msgspec.ValidationError as error:
        known = ", ".join(one for one in Profile.__struct_fields__ if one != "digest")
        said = f"{plainly(error, Profile)}; a profile has: {known}"
        raise Invalid("invalid.profile", said) from error
    _require_offices(profile)
    try:
        # What the other side could not read must not be notified to it.
        decode_public_profile(encode(public_part(profile)))
    except Invalid as error:
        raise Invalid("invalid.profile", f"its public part is not right: {error.detail}") from error
    return profile


def _require_offices(profile: Profile) -> None:
    """Refuse a profile that speaks of offices, or of steps, that it does not name."""
    if not set(profile.assumed) <= set(profile.procedure):
        raise Invalid("invalid.profile", "it assumes a step that is none of its procedure")
    if any(party_of(one.office) != profile.party for one in profile.offices):
        raise Invalid("invalid.profile", "it names an office of another party")
    if not any(one.office == profile.registry for one in profile.offices):
        raise Invalid("invalid.profile", "its registry is none of its offices")
    offices = {one.office for one in profile.offices}
    named = {one.office for one in profile.absences} | {one.deputy for one in profile.absences}
    named |= {one.successor for one in profile.offices if isinstance(one.successor, str)}
    if not named <= offices:
        raise Invalid(
            "invalid.profile", "it names a deputy or successor that is none of its offices"
        )
    if any(one.office not in offices for one in profile.delegations):
        raise Invalid("invalid.profile", "it delegates to an office that it does not name")


def public_part(profile: Profile) -> PublicProfile:
    """Return the only part that the common judgement reads: offices, zone, working days."""
    return PublicProfile(
        party=profile.party,
        zone=profile.zone,
        rule=profile.rule,
        working_days=profile.working_days,
        holidays=profile.holidays,
        offices=tuple(
            PublicOffice(
                office=one.office,
                names=one.names,
                since=one.since,
                until=one.until,
                successor=one.successor,
                designating=one.designating,
            )
            for one in profile.offices
        ),
    )


__all__ = ["Profile", "open_profile", "public_part"]
