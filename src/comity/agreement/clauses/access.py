"""Access: who may see an item (Korea-Japan 2016, Article 7)."""

from typing import Annotated, Literal, assert_never

from msgspec import Meta, field

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, HouseFacts, ItemFacts, PersonFacts
from comity.agreement.clauses.base import Clause, Voice
from comity.agreement.clauses.conditions import counts_unless
from comity.agreement.clauses.copies import consented
from comity.vocabulary.names import Caveat, Level, Party, is_within, party_of, scheme_of
from comity.vocabulary.phrases import Phrase, phrase

_OPENS = deeds.Assign | deeds.Access | deeds.Translate
"""Who translates an item has it open."""


class Access(Clause, frozen=True, kw_only=True, tag="access"):
    """Cleared, and with need-to-know; rank never suffices (Korea-Japan 2016, Article 7).

    Attributes:
        need_to_know: Whether the person's duties must require the item.
        clearance: The holder's own; only one whose granting authority was notified
            (``certificate``); or only of persons on the forwarded list, which is the roster of
            their facility (``lists``).
        attested: Only clearances count whose vetting authority attested that its decision rests
            on all information available (Article 7(3) and (4)).
        nationality: Any; nationals of the parties; nationals of the acting party and of no other.
        dual: What a person is who is a national of a third state, besides or only: as any other
            national; one of that state, so that the originator approves it as a third party
            first; or nobody who ever gets an item. Whose nationality is not known is not admitted
            then.
        eyes: Caveats that keep an item to nationals of these states, and of no other (national
            eyes only).
        briefing_levels: Levels as marked for which a briefing stands in a clearance's place
            (RESTRICTED).
        ladders: Each party's levels from the lowest to the highest: who is cleared to one is
            cleared to those before it.
        covers: For a level of an item, the clearance that it asks for where it is not the same.
    """

    voice = Voice.DOMESTIC

    need_to_know: bool = True
    clearance: Literal["own", "certificate", "lists"] = "own"
    attested: bool = False
    nationality: Literal["none", "parties", "sole"] = "none"
    dual: Annotated[
        Literal["as-nationals", "third-party", "never"], counts_unless(nationality="sole")
    ] = "as-nationals"
    eyes: dict[Caveat, Annotated[tuple[Party, ...], Meta(min_length=1)]] = field(
        default_factory=dict
    )
    briefing_levels: tuple[Level, ...] = ()
    ladders: tuple[tuple[Level, ...], ...]
    covers: dict[Level, Level] = field(default_factory=dict)

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Nobody is entitled by rank, appointment or clearance alone."""
        deed = entry.deed
        if not isinstance(deed, _OPENS):
            return None
        item, house = case.item, case.house
        if not isinstance(item, ItemFacts) or not isinstance(house, HouseFacts):
            return self.forbids("no-item")
        if item.receiver != case.acting:
            return self.forbids("not-received")
        person = house.person
        if not isinstance(person, PersonFacts) or party_of(person.office) != case.acting:
            return self.forbids("not-of-this-house")
        level = item.marked if isinstance(item.marked, str) else None
        if not self._admits(person, case):
            return self.forbids("nationality")
        if elsewhere := self._of_third_states(person, case, item):
            return elsewhere
        briefed = level in self.briefing_levels and house.facility.briefed
        cleared = level is not None and (briefed or self._cleared(person, level))
        if self.clearance == "lists" and not house.facility.rostered:
            return self.requires("not-on-list", act="people.enrol-on-roster", by=case.acting)
        needed = any(is_within(item.subject, one) for one in person.needs)
        if self.need_to_know and not needed:
            code = "rank-never-suffices" if cleared else "no-need-to-know"
            return self.requires(
                code, act="people.need-to-know", by=case.acting, subject=item.subject
            )
        if level is not None and not cleared:
            return self.requires("not-cleared", act="people.clear", by=case.acting, level=level)
        if person.office not in item.offices or not _names_office(deed, person):
            return self.forbids("not-addressed", office=person.office)
        if not isinstance(deed, deeds.Assign) and not house.assigned:
            return self.requires("not-assigned", act="register.assign", by=case.acting)
        # Before it is marked there is no level to be cleared to; the marking clause asks for it.
        return None if level is None else self.permits("entitled")

    def _cleared(self, person: PersonFacts, level: Level) -> bool:
        wanted = self.covers.get(level, level)
        for ladder in self.ladders:
            if wanted in ladder:
                enough = ladder[ladder.index(wanted) :]
                held = person.certified if self.clearance == "certificate" else person.cleared
                if self.attested:
                    held = tuple(one for one in held if one in person.attested)
                return any(one in enough for one in held)
        return False

    def _of_third_states(self, person: PersonFacts, case: Case, item: ItemFacts) -> Finding | None:
        """Say what keeps an item from a national of a state that it is not for."""
        held = set(person.nationalities)
        for caveat in item.caveats:
            if caveat in self.eyes and not (held and held <= set(self.eyes[caveat])):
                return self.forbids("eyes", caveat=caveat)
        if self.dual == "as-nationals":
            return None
        if not held:
            return self.forbids("nationality")
        for state in sorted(held - self._parties()):
            if self.dual == "never":
                return self.forbids("dual", party=state)
            if not consented(case, item, "third-party", third_party=state):
                return self.requires(
                    "dual-approval",
                    act="consent.ask",
                    by=case.acting,
                    to=item.originator,
                    originator=item.originator,
                    party=state,
                )
        return None

    def _parties(self) -> set[Party]:
        return {scheme_of(one) for ladder in self.ladders for one in ladder}

    def besides(self) -> tuple[Phrase, ...]:
        """Say what is asked of a person's nationality."""
        found = []
        if self.dual != "as-nationals":
            found.append(phrase(f"explain.access.dual-{self.dual}"))
        if self.eyes:
            caveats = " ".join(self.eyes)[:120]
            found.append(phrase("explain.access.eyes", caveats=caveats))
        return tuple(found)

    def _admits(self, person: PersonFacts, case: Case) -> bool:
        """Whose nationality is not known is admitted only where none is asked for."""
        match self.nationality:
            case "none":
                return True
            case "parties":
                return bool(self._parties() & set(person.nationalities))
            case "sole":
                return person.nationalities == (case.acting,)
        assert_never(self.nationality)


def _names_office(deed: deeds.Assign | deeds.Access | deeds.Translate, person: PersonFacts) -> bool:
    """Tell whether an assignment states the office that the person really is of."""
    return not isinstance(deed, deeds.Assign) or deed.office == person.office
