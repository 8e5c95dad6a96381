"""What answers differently, or to nothing: contradictions and terms without use.

Part of the second reading (:mod:`comity.agreement.check`). Which term counts beside which is
declared with the terms (:mod:`comity.agreement.clauses.conditions`), never here; what is
here lies between clauses of different headings.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from comity.agreement.clauses import Clause
from comity.agreement.clauses.access import Access
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.conditions import conditions
from comity.agreement.clauses.copies import Disposition, Reproduction
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.force import EntryIntoForce
from comity.agreement.clauses.forms import Supplementary, Termination
from comity.agreement.clauses.incidents import Contractor
from comity.agreement.clauses.network import (
    DependsOn,
    Exercise,
    Hub,
    Logistics,
)
from comity.agreement.clauses.places import Custody, Facility, Muster, Storage
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.standing import StandingRelease
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.clauses.visit import Visit
from comity.agreement.complaints import Complaint
from comity.agreement.placed import Placed
from comity.agreement.text import Agreement
from comity.agreement.unused import without_effect
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Level, Office, Party, is_within, party_of, scheme_of


def unused(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """A parameter that nothing uses would let its readers believe in a rule that is none."""
    for one in placed:
        clause = one.clause
        for name in sorted(without_effect(type(clause)) & one.stated):
            yield one.complaint("unused", f"nothing uses {name}", "Leave it out")
        for name, declared in conditions(type(clause)).items():
            for each in declared:
                value = getattr(clause, each.term)
                if name in one.stated and not each.holds(clause):
                    yield one.complaint(
                        "unused",
                        f"nothing uses {name} while {each.term} is {_said(value)}",
                        f"Leave {name} out, or {_otherwise(each.term, each.value, each.unless)}",
                    )
                elif each.needed and each.holds(clause) and not getattr(clause, name):
                    yield one.complaint(
                        "needed",
                        f"{each.term} is {_said(value)}, and there is no {name}",
                        f"State {name}, or let {each.term} be another",
                    )
        yield from _beside_others(agreement, one)
        for said, instead in _idle(clause):
            yield one.complaint("unused", said, instead)


def _said(value: object) -> str:
    """Write a value as a file does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return "empty" if value == () else f"'{value}'"


def _otherwise(term: str, value: object, unless: bool) -> str:  # noqa: FBT001 - of the declaration
    if not unless:
        return f"let {term} be {_said(value)}"
    return f"state {term}" if value == () else f"let {term} be another than {_said(value)}"


def _beside_others(agreement: Agreement, one: Placed) -> Iterator[Complaint]:
    """Terms that another clause of the text leaves without use."""
    clause = one.clause
    scope = agreement.clause("scope")
    forms = scope.forms if isinstance(scope, Scope) else tuple(Form)
    if isinstance(clause, Equivalence) and clause.electronic_cap and Form.ELECTRONIC not in forms:
        yield one.complaint(
            "unused", "nothing uses electronic_cap: the scope leaves electronic items out",
            "Leave it out, or let the scope hold the form",
        )  # fmt: skip
    for name, form in _carried(one):
        if form not in forms:
            yield one.complaint(
                "unused", f"nothing uses {name}: the scope leaves {form.value} items out",
                f"Leave {form.value} out of {name}, or let the scope hold the form",
            )  # fmt: skip
    if isinstance(clause, Authorities) and clause.registries == "accredited":
        place = agreement.clause("facility")
        if not isinstance(place, Facility) or not place.receives:
            yield one.complaint(
                "no-accreditation", "nothing asks for the accreditation of these registries",
                "Let receives be true under a facility clause, or registries be 'named'",
            )  # fmt: skip
    if isinstance(clause, DependsOn):
        for parent in clause.on:
            if len(set(parent.between) & set(agreement.parties)) < 2:  # noqa: PLR2004 - a link has two ends
                yield one.complaint(
                    "unused", f"nothing uses {parent.id}: no two parties are between its own",
                    "Let between name two parties of this text at least",
                )  # fmt: skip


def _carried(one: Placed) -> Iterator[tuple[str, Form]]:
    """Give the forms that terms which the file states make a rule for.

    What a node may carry and the scope leaves out contradicts it, and is told there.
    """
    match one.clause:
        case Disposition(equipment=methods) if methods:
            yield "equipment", Form.EQUIPMENT
        case Transmission() as way:
            for name, named in (("chained", way.chained), ("planned", way.planned)):
                yield from ((name, form) for form in named if name in one.stated)
        case _:
            return


def _idle(clause: Clause) -> Iterator[tuple[str, str]]:
    """Terms that are about something that other terms of their clause leave out."""
    match clause:
        case Visit(through=(), lead_days=0) if clause.direct_levels:
            yield (
                "nothing uses direct_levels: any office may ask, on any day",
                "State through or lead_days, or leave it out",
            )
        case Transmission():
            for courier in clause.certified:
                if courier not in clause.couriers:
                    yield (
                        f"nothing uses the certificate of {courier}: it carries nothing",
                        "Name it in couriers, or leave it out",
                    )
            for form in clause.planned:
                if form in (*clause.by_node, Form.ORAL, Form.VISUAL):
                    yield (
                        f"nothing uses the plan for {form.value}: it is not carried",
                        "Let planned hold forms that go by courier",
                    )
        case _:
            return


def _article(clause: Clause) -> str:
    return f"Article {clause.article} ({clause.type})"


def strangers(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """Whoever is named must be a party; a level that is named must stand in the table."""
    table = agreement.clause("equivalence")
    known = _levels(table, capped=False)
    crossing = _levels(table, capped=True)
    parties = ", ".join(agreement.parties)
    for one in placed:
        for said, party in _named_parties(one.clause):
            if party not in agreement.parties:
                yield one.complaint("no-party", said, f"The parties: {parties}")
        for level in _named_levels(one.clause):
            if known and level not in known:
                yield one.complaint(
                    "no-such-level", f"{level} stands in no row of the table",
                    "Name levels of the table",
                )  # fmt: skip
            elif known and level not in crossing:
                yield one.complaint(
                    "no-such-level", f"{level} stands above the cap: no item at it ever crosses",
                    "Leave it out, or raise the cap",
                )  # fmt: skip


def _levels(table: Clause | None, *, capped: bool) -> frozenset[Level]:
    if not isinstance(table, Equivalence):
        return frozenset()
    limit = table.rank_of(table.cap) if capped else None
    return frozenset(
        cell.level
        for tier in table.tiers
        if limit is None or tier.rank <= limit
        for cell in tier.levels
    )


def _named_parties(clause: Clause) -> Iterator[tuple[str, Party]]:
    """Give whom a clause names who must be a party, and what is said of who is not."""
    match clause:
        case Hub():
            yield f"the hub {clause.through} is no party", clause.through
        case Exercise():
            for party in clause.participants:
                yield f"the participant {party} is no party", party
        case Access():
            for level in dict.fromkeys(one for ladder in clause.ladders for one in ladder):
                yield f"the clearance {level} is of no party", Party(scheme_of(level))
        case _:
            for what, offices in _named_offices(clause):
                for office in offices:
                    yield f"the {what} {office} is of no party", party_of(office)


def _named_offices(clause: Clause) -> tuple[tuple[str, tuple[Office, ...]], ...]:
    match clause:
        case Authorities():
            return (("registry", clause.entry), ("office", clause.offices))
        case Visit():
            return (("authority", clause.through),)
        case Equivalence():
            return (("office", tuple(clause.office_caps)),)
        case _:
            return ()


def _named_levels(clause: Clause) -> tuple[Level, ...]:
    """Return the originators' levels that a clause makes a rule for."""
    match clause:
        case Disposition():
            return clause.top_levels
        case Reproduction():
            return clause.consent_levels
        case Muster() | Contractor() | StandingRelease():
            return clause.levels
        case Storage():
            return tuple(clause.places)
        case Visit():
            return clause.direct_levels
        case Transmission():
            return clause.commercial_levels
        case _:
            return ()


def contradictions(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """Two clauses that answer differently for one act: neither could be kept."""
    table = agreement.clause("equivalence")
    for one in placed:
        found = [*_contradicting(agreement, one.clause)]
        if isinstance(one.clause, Access):
            found += _ladders(one.clause, table)
        if isinstance(one.clause, Assurance):
            found += _covering(one.clause, table)
        for said, instead in found:
            yield one.complaint("contradiction", said, instead)


def _contradicting(agreement: Agreement, clause: Clause) -> Iterator[tuple[str, str]]:
    match clause:
        case Hub(through=hub) if len(agreement.parties) == 2 and hub in agreement.parties:  # noqa: PLR2004 - a hub is between two
            yield (
                "with two parties one of them is the hub, and nothing goes past it",
                "Leave the hub out, or name the third party",
            )
        case Authorities(offices=named) if named:
            for office in clause.entry:
                own = [one for one in named if party_of(one) == party_of(office)]
                if own and office not in own:
                    yield (
                        f"the registry {office} is none of the offices that alone are addressed",
                        "Put it among offices, or leave it out of entry",
                    )
        case Logistics():
            for category in sorted(set(clause.excluded) & set(clause.categories)):
                yield f"{category} is both a category and excluded", "Let it be one of the two"
        case Scope():
            yield from _scope(clause, agreement)
        case EntryIntoForce():
            yield from _force(clause, agreement)
        case StandingRelease() | Termination(dispose="protect"):
            custody = agreement.clause("custody")
            if isinstance(custody, Custody) and custody.extract == custody.holdings == "none":
                yield (
                    f"holdings are to be stated, and {_article(custody)} forbids to state any",
                    "Let holdings be 'count' or 'office' there, or leave that clause out",
                )
        case _:
            return


def _force(clause: EntryIntoForce, agreement: Agreement) -> Iterator[tuple[str, str]]:
    visit, further = agreement.clause("visit"), agreement.clause("supplementary")
    if clause.visit_first and isinstance(visit, Visit) and not visit.survey:
        yield (
            f"visit_first waits for a survey, and {_article(visit)} foresees none",
            "Let survey be true there, or visit_first be false",
        )
    awaited = clause.arrangement_first
    if agreement.id in awaited:
        yield "it waits for itself before anything is provided", "Leave its own id out"
    if awaited and isinstance(further, Supplementary) and not further.allowed:
        yield (
            f"it waits for {' '.join(awaited)}, and {_article(further)} allows no arrangement",
            "Let allowed be true there, or leave arrangement_first out",
        )


def _scope(clause: Scope, agreement: Agreement) -> Iterator[tuple[str, str]]:
    for left in clause.excluded:
        for subject in clause.subjects:
            if is_within(subject, left.subject):
                yield f"{subject} is both covered and excluded", "Let it be one of the two"
    sends, drill = agreement.clause("transmission"), agreement.clause("exercise")
    if isinstance(sends, Transmission):
        for form in sends.by_node:
            if form not in clause.forms:
                yield (
                    f"a node may carry {form.value}, which the scope leaves out",
                    "Let by_node hold forms of the scope only",
                )
    access = agreement.clause("access")
    if isinstance(access, Access):
        for caveat in sorted(set(access.eyes) & set(clause.caveats_excluded)):
            yield (
                f"nothing marked {caveat} crosses, and {_article(access)} says who sees it",
                "Take it out of caveats_excluded, or out of eyes",
            )
    if isinstance(drill, Exercise) and drill.caveat in clause.caveats_excluded:
        yield (
            f"nothing marked {drill.caveat} crosses, and {_article(drill)} asks for that marking",
            "Take it out of caveats_excluded",
        )


def _ladders(access: Access, table: Clause | None) -> Iterator[tuple[str, str]]:
    """A ladder that goes down where the table goes up would clear people for what is above them."""
    for ladder in access.ladders:
        for place, level in enumerate(ladder):
            if level in ladder[:place]:
                yield f"{level} stands twice on its ladder", "Leave one of the two out"
        for lower, higher in pairwise(ladder):
            if lower != higher and _ranks(table, lower)[0] > _ranks(table, higher)[1]:
                yield (
                    f"{higher} stands above {lower} on its ladder, and below it in the table",
                    "Begin the ladder with its lowest level",
                )


def _covering(clause: Assurance, table: Clause | None) -> Iterator[tuple[str, str]]:
    """A word for a lower level that covers a higher one would vouch for nobody who is cleared."""
    for level, covering in clause.covers.items():
        for one in covering:
            if _ranks(table, one)[1] < _ranks(table, level)[0]:
                yield (
                    f"a word for {one} covers {level}, which stands above it in the table",
                    f"Name levels of the row of {level} or above it in covers",
                )


def _ranks(table: Clause | None, level: Level) -> tuple[int | float, int | float]:
    """Return the lowest and the highest rank of a level; of one that stands nowhere, any."""
    tiers = table.tiers if isinstance(table, Equivalence) else ()
    ranks = [tier.rank for tier in tiers for cell in tier.levels if cell.level == level]
    return (min(ranks), max(ranks)) if ranks else (-inf, inf)
