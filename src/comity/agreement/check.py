"""What an agreement that parses may still get wrong: a lawyer's second reading.

Each check reads the whole text and says, with line and article, what would surprise its
parties: a level that escapes the assurance, a choice that nobody makes, a rule that stands
twice. None of it stops a judgement; all of it should stop a signature.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct, UnsetType, structs

from comity.agreement.cases import parse_cases
from comity.agreement.clauses import Clause
from comity.agreement.clauses.access import Access
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.copies import Disposition, Regrading, Reproduction
from comity.agreement.clauses.equivalence import Equivalence, Tier
from comity.agreement.clauses.force import Term
from comity.agreement.clauses.forms import JointInformation
from comity.agreement.clauses.incidents import Contractor, LawChange
from comity.agreement.clauses.network import Exercise, Hub, Logistics, StandingRelease
from comity.agreement.clauses.places import Muster, Storage
from comity.agreement.clauses.receipt import Receipt
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.text import Agreement, Complaint
from comity.agreement.unused import without_effect
from comity.vocabulary.names import Level, scheme_of

_ONCE: Final = (
    "discretion",
    "authorities",
    "equivalence",
    "access",
    "assurance",
    "receipt",
    "entry-into-force",
    "term",
    "survival",
    "contractor",
    "custody",
    "disposition",
    "extract",
    "facility",
    "hub",
    "incident",
    "muster",
    "regrading",
    "reproduction",
    "scope",
    "storage",
    "termination",
    "translation",
    "transmission",
    "visit",
)
"""Types of which a second one would contradict the first."""

_NEEDED: Final = {
    "discretion": "nothing would permit a release",
    "entry-into-force": "it would never be in force, and nobody could say since when",
    "survival": "nothing would permit what protects: receipts, marking, custody",
    "equivalence": "no level would correspond to another",
}


_CLAUSE: Final = re.compile(r"\s*\[\[\s*clause\s*\]\]")


class _Placed(Struct, frozen=True):
    """A clause, and the line of the file where it begins."""

    clause: Clause
    line: int

    def complaint(self, code: str, said: str, instead: str) -> Complaint:
        return _complaint(self.line, self.clause.article, code, said, instead)


def check(agreement: Agreement) -> tuple[Complaint, ...]:
    """Return what a second reading finds, in the order of the file; nothing where all is well."""
    lines = _lines(agreement.source)
    placed = tuple(
        _Placed(clause, lines[place] if place < len(lines) else 1)
        for place, clause in enumerate(agreement.clauses)
    )
    found = [one for read in _READINGS for one in read(agreement, placed)]
    return tuple(sorted(found, key=lambda one: (one.file, one.line, one.code)))


def _lines(source: str) -> list[int]:
    """Return the lines on which clauses begin, within the blocks of terms."""
    found, within = [], False
    for number, text in enumerate(source.split("\n"), start=1):
        if text.startswith("```"):
            within = text.strip() == "```toml terms"
        elif within and _CLAUSE.match(text):
            found.append(number)
    return found


def _complaint(line: int, article: str, code: str, said: str, instead: str) -> Complaint:
    return Complaint(
        file="agreement.md", line=line, article=article, code=code, said=said, instead=instead
    )


_Reading = Callable[[Agreement, tuple[_Placed, ...]], Iterator[Complaint]]


def _twice_or_never(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    del agreement
    seen: set[str] = set()
    for one in placed:
        name: str = one.clause.type
        if name in seen and name in _ONCE:
            yield one.complaint("twice", f"a second {name!r} clause", "Keep one of the two")
        seen.add(name)
    for needed, why in _NEEDED.items():
        if needed not in seen:
            said = f"there is no {needed!r} clause: {why}"
            yield _complaint(1, "", "missing", said, "Write one")


def _table(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    for one in placed:
        if not isinstance(one.clause, Equivalence):
            continue
        yield from _levels(agreement, one, one.clause)
        for tier in one.clause.tiers:
            yield from _choice(one, one.clause, tier)


def _levels(agreement: Agreement, one: _Placed, table: Equivalence) -> Iterator[Complaint]:
    rows: dict[Level, str] = {}
    for tier in table.tiers:
        for cell in tier.levels:
            level = cell.level
            if not table.is_of(level, agreement.parties):
                parties = ", ".join(agreement.parties)
                yield one.complaint(
                    "no-party", f"{level} is the level of no party", f"The parties: {parties}"
                )
            if rows.setdefault(level, tier.name) != tier.name:
                yield one.complaint(
                    "two-rows",
                    f"{level} stands in {rows[level]} and in {tier.name}",
                    "A level stands in one row; date both lines if it moved",
                )
            since, until = cell.since, cell.until
            if isinstance(since, str) and isinstance(until, str) and until <= since:
                yield one.complaint(
                    "dates", f"{level} ends before it begins", "Let until come after since"
                )
    for party in agreement.parties:
        if not any(scheme_of(level) == party for level in rows):
            yield one.complaint(
                "no-level", f"{party} has no level in the table", "Give it one in some row"
            )


def _choice(one: _Placed, table: Equivalence, tier: Tier) -> Iterator[Complaint]:
    levels = {cell.level for cell in tier.levels}
    for level in tier.fallback:
        if level not in levels:
            yield one.complaint(
                "fallback", f"{tier.name} falls back to {level}, which is not in it",
                "Choose one of the row's own levels",
            )  # fmt: skip
    if table.chooser != "designating-officer":
        return
    for party in sorted({scheme_of(level) for level in levels}):
        several = [level for level in levels if scheme_of(level) == party]
        if len(several) > 1 and table.fallback(tier, party) is None:
            yield one.complaint(
                "no-fallback",
                f"{party} has {len(several)} levels in {tier.name} and falls back to none",
                "Say which holds while nobody has designated: fallback",
            )


def _crossing(agreement: Agreement) -> tuple[Level, ...]:
    """Return the levels that may cross, in the order of the table."""
    table = agreement.clause("equivalence")
    if not isinstance(table, Equivalence):
        return ()
    limit = table.rank_of(table.cap)
    return tuple(
        dict.fromkeys(
            cell.level
            for tier in table.tiers
            if limit is None or tier.rank <= limit
            for cell in tier.levels
        )
    )


def _covered(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    """A level that crosses and is forgotten in another clause would escape that clause."""
    crossing = _crossing(agreement)
    for one in placed:
        clause = one.clause
        if isinstance(clause, Assurance):
            for level in crossing:
                if not clause.covers.get(level):
                    yield one.complaint(
                        "no-assurance",
                        f"items at {level} cross without an assurance",
                        f"Say which levels cover it: covers.{level!r}",
                    )
        if isinstance(clause, Access):
            known = {level for ladder in clause.ladders for level in ladder}
            for level in crossing:
                if clause.covers.get(level, level) not in known:
                    yield one.complaint(
                        "no-clearance",
                        f"no clearance covers {level}: nobody could ever be given it",
                        "Put it on its party's ladder, or into covers",
                    )
        if isinstance(clause, Receipt):
            yield from _receipt(one, clause, crossing)


def _receipt(one: _Placed, clause: Receipt, crossing: tuple[Level, ...]) -> Iterator[Complaint]:
    if (clause.due == "from-level") != bool(clause.from_levels):
        yield one.complaint(
            "receipt-levels",
            f"due is {clause.due!r} and from_levels names {len(clause.from_levels)} levels",
            "from_levels goes with due = 'from-level', and with nothing else",
        )
    for level in clause.from_levels:
        if level not in crossing:
            yield one.complaint(
                "receipt-levels", f"no item at {level} ever crosses", "Name levels of the table"
            )


def _third(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    for one in placed:
        clause = one.clause
        if not isinstance(clause, ThirdParty):
            continue
        if (clause.consent == "standing-list") != bool(clause.standing):
            yield one.complaint(
                "standing",
                f"consent is {clause.consent!r} and standing names {len(clause.standing)} parties",
                "standing goes with consent = 'standing-list', and with nothing else",
            )
        for party in clause.standing:
            # Among three parties or more each is a third one to what the other two exchange.
            if party in agreement.parties and len(agreement.parties) < 3:  # noqa: PLR2004
                yield one.complaint(
                    "standing", f"{party} is a party and no third party", "Leave it out"
                )


def _notice(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    del agreement
    for one in placed:
        clause = one.clause
        if isinstance(clause, Term) and clause.years and clause.notice_days >= clause.years * 365:
            yield one.complaint(
                "notice", "notice is as long as the term: it could never be given in time",
                "Let notice_days be shorter than the term",
            )  # fmt: skip


def _cases(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    scenarios = parse_cases(agreement.cases)
    numbers = {one.number for one in agreement.articles}
    for number, scenario in enumerate(scenarios, start=1):
        if _base(scenario.article) not in numbers:
            yield Complaint(
                file="cases.toml",
                line=1,
                article=scenario.article,
                code="case-article",
                said=f"case {number} is of an article that the text does not have",
                instead="Cite an article of the text",
            )
    tried = {_base(scenario.article) for scenario in scenarios}
    told: set[str] = set()
    for one in placed:
        base = _base(one.clause.article)
        if base not in tried and base not in told:
            told.add(base)
            yield one.complaint(
                "no-case", f"Article {base} has terms and no scenario case", "Write one"
            )


def _base(article: str) -> str:
    return article.partition("(")[0]


def _languages(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    del placed
    for language in agreement.meta.authentic:
        if language != "en" and language not in agreement.translations:
            yield _complaint(
                1, "", "authentic", f"the {language} text is authentic and is not here",
                f"Put agreement.{language}.md beside it",
            )  # fmt: skip
    if isinstance(agreement.meta.freshness, UnsetType):
        yield _complaint(
            1, "", "freshness", "it does not say how old the other side's last word may be",
            "Write freshness, in seconds, in the head",
        )  # fmt: skip


def _network(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    """Whoever is named must be a party; a level that is named must stand in the table."""
    known = {cell.level for table in _tables(agreement) for tier in table.tiers
             for cell in tier.levels}  # fmt: skip
    parties = ", ".join(agreement.parties)
    for one in placed:
        clause = one.clause
        if isinstance(clause, Hub) and clause.through not in agreement.parties:
            yield one.complaint(
                "no-party", f"the hub {clause.through} is no party", f"The parties: {parties}"
            )
        if isinstance(clause, Exercise):
            for party in clause.participants:
                if party not in agreement.parties:
                    yield one.complaint(
                        "no-party",
                        f"the participant {party} is no party",
                        f"The parties: {parties}",
                    )
        for level in _named_levels(clause):
            if known and level not in known:
                yield one.complaint(
                    "no-such-level", f"{level} stands in no row of the table",
                    "Name levels of the table",
                )  # fmt: skip


def _tables(agreement: Agreement) -> tuple[Equivalence, ...]:
    return tuple(one for one in agreement.clauses if isinstance(one, Equivalence))


def _named_levels(clause: Clause) -> tuple[Level, ...]:
    match clause:
        case Disposition():
            return clause.top_levels
        case Reproduction():
            return clause.consent_levels
        case Regrading() | Muster() | Contractor() | StandingRelease():
            return clause.levels
        case Storage():
            return tuple(clause.places)
        case Transmission():
            return clause.commercial_levels
        case _:
            return ()


def _caps(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    """A cap for some above the cap for all would never be reached."""
    del agreement
    for one in placed:
        table = one.clause
        if not isinstance(table, Equivalence):
            continue
        limit = table.rank_of(table.cap)
        narrower = {"electronic_cap": table.electronic_cap} | {
            f"office_caps.{office}": cap for office, cap in table.office_caps.items()
        }
        for name, cap in narrower.items():
            rank = table.rank_of(cap)
            if limit is not None and rank is not None and rank > limit:
                yield one.complaint(
                    "cap", f"{name} is {cap}, above the cap {table.cap} of the table",
                    "Let it be the cap itself or a row below",
                )  # fmt: skip


_GOES_WITH: Final[tuple[tuple[type[Clause], str, str, object], ...]] = (
    (Disposition, "certificate_days", "certificate", "sent"),
    (Disposition, "tell_hours", "emergency", "tell-afterwards"),
    (Transmission, "commercial_levels", "encryption", "commercial"),
    (JointInformation, "lead", "consent", "lead"),
    (LawChange, "days", "consult", True),
    (ThirdParty, "members", "counts", "not-members"),
)
"""A term that only counts where another has a value: clause, term, the other, its value."""


def _unused(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    """A parameter that nothing uses would let its readers believe in a rule that is none."""
    del agreement
    for one in placed:
        clause = one.clause
        for name in sorted(without_effect(type(clause))):
            yield one.complaint("unused", f"nothing uses {name}", "Leave it out")
        defaults = {field.name: field.default for field in structs.fields(type(clause))}
        for kind, name, other, value in _GOES_WITH:
            if not isinstance(clause, kind) or getattr(clause, other) == value:
                continue
            if getattr(clause, name) != defaults[name]:
                yield one.complaint(
                    "unused", f"nothing uses {name} while {other} is {getattr(clause, other)!r}",
                    f"Leave it out, or let {other} be {value!r}",
                )  # fmt: skip
        named = isinstance(clause, Authorities) and bool(clause.entry)
        if isinstance(clause, Authorities) and named == (clause.registries == "none"):
            yield one.complaint(
                "unused", f"registries is {clause.registries!r}, entry has {len(clause.entry)}",
                "entry goes with registries = 'named' or 'accredited', and with nothing else",
            )  # fmt: skip
        if isinstance(clause, Disposition) and clause.top != "destroy" and not clause.top_levels:
            yield one.complaint(
                "unused", f"nothing is at the top: top is {clause.top!r}", "Name top_levels"
            )


def _contradictions(agreement: Agreement, placed: tuple[_Placed, ...]) -> Iterator[Complaint]:
    """Two clauses that answer differently for one act: neither could be kept."""
    hub = next((one for one in placed if isinstance(one.clause, Hub)), None)
    if hub is not None and len(agreement.parties) == 2:  # noqa: PLR2004 - a hub is between two
        yield hub.complaint(
            "contradiction", "with two parties one of them is the hub, and nothing goes past it",
            "Leave the hub out, or name the third party",
        )  # fmt: skip
    for one in placed:
        clause = one.clause
        if isinstance(clause, Logistics):
            for category in sorted(set(clause.excluded) & set(clause.categories)):
                yield one.complaint(
                    "contradiction", f"{category} is both a category and excluded",
                    "Let it be one of the two",
                )  # fmt: skip
        if isinstance(clause, Scope):
            for left in clause.excluded:
                if left.subject in clause.subjects:
                    yield one.complaint(
                        "contradiction", f"{left.subject} is both covered and excluded",
                        "Let it be one of the two",
                    )  # fmt: skip
        if isinstance(clause, Scope) and (sends := agreement.clause("transmission")):
            assert isinstance(sends, Transmission)  # noqa: S101 - that is its type
            lost = [form for form in sends.by_node if form not in clause.forms]
            if lost:
                yield one.complaint(
                    "contradiction",
                    f"a node may carry {lost[0].value}, which the scope leaves out",
                    "Let by_node hold forms of the scope only",
                )


_READINGS: Final[tuple[_Reading, ...]] = (
    _twice_or_never,
    _table,
    _covered,
    _third,
    _notice,
    _cases,
    _languages,
    _network,
    _caps,
    _unused,
    _contradictions,
)
