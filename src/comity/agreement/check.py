"""What an agreement that parses may still get wrong: a lawyer's second reading.

Each check reads the whole text and says, with line and article, what would surprise its
parties: a level that escapes the assurance, a choice that nobody makes, a rule that stands
twice. None of it stops a judgement; all of it should stop a signature.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import UnsetType

from comity.agreement.check_table import caps, levels_that_cross, table
from comity.agreement.clauses.access import Access
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.force import Term
from comity.agreement.clauses.receipt import Receipt
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.complaints import Complaint
from comity.agreement.contradictions import contradictions, strangers, unused
from comity.agreement.owing import never_discharged
from comity.agreement.parsing import Freshness, article_number, paragraphs_of
from comity.agreement.placed import Placed, complaint, placed
from comity.agreement.probing import dead_ends
from comity.agreement.scenarios import lines_of, parse_cases
from comity.agreement.text import Agreement
from comity.vocabulary.names import Article, Level
from comity.vocabulary.zones import is_counted

_PART: Final = re.compile(r"\(([^()]*)\)")
"""Each part of ``6(a)(1)`` behind the article's number."""

_ZONE: Final = re.compile(r"\s*zone\s*=")
_WHOSE: Final = re.compile(r"\s*parties\s*=")
_FRESH: Final = re.compile(r"\s*\[?\s*freshness\b")

_NEEDED: Final = {
    "discretion": "nothing would permit a release",
    "entry-into-force": "it would never be in force, and nobody could say since when",
    "survival": "nothing would permit what protects: receipts, marking, custody",
    "equivalence": "no level would correspond to another",
}


def check(agreement: Agreement) -> tuple[Complaint, ...]:
    """Return what a second reading finds, in the order of the file; nothing where all is well."""
    where = placed(agreement)
    found = [one for read in _READINGS for one in read(agreement, where)]
    if not any(one.code == "no-party" for one in found):
        # Past a hub that is no party nothing goes: the cause is told, and not each consequence.
        found += dead_ends(agreement, where)
        found += never_discharged(agreement, where)
    return tuple(sorted(found, key=lambda one: (one.file, one.line, one.code)))


def _parties(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """An agreement is between two different parties at least."""
    del placed
    parties = agreement.parties
    if len(set(parties)) == len(parties) > 1:
        return
    lines = agreement.source.split("\n")
    at = next((n for n, text in enumerate(lines, start=1) if _WHOSE.match(text)), 1)
    twice = next((one for one in parties if parties.count(one) > 1), "")
    said = f"{twice} is named twice among the parties" if twice else "it has one party alone"
    yield complaint(at, "", "parties", said, "Name two parties or more, each once")


_Reading = Callable[[Agreement, tuple[Placed, ...]], Iterator[Complaint]]


def _twice_or_never(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    del agreement
    seen: dict[str, str] = {}
    for one in placed:
        name: str = one.clause.type
        if name in seen and not one.clause.repeats:
            first = seen[name]
            yield one.complaint(
                "twice", f"a second {name!r} clause: Article {first} has one", "Keep one of the two"
            )
        seen.setdefault(name, one.clause.article)
    for needed, why in _NEEDED.items():
        if needed not in seen:
            said = f"there is no {needed!r} clause: {why}"
            yield complaint(1, "", "missing", said, "Write one")


def _paragraphs(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """Where the words mark paragraphs, terms are of one of them: of another nobody can read."""
    for one in placed:
        number = _base(one.clause.article)
        if others := _unmarked(agreement, one.clause.article):
            yield one.complaint(
                "paragraph",
                f"the words of Article {number} mark no {one.clause.article}",
                f'They mark {others}; or write article = "{number}"',
            )


def _unmarked(agreement: Agreement, article: Article) -> str:
    """Return which paragraphs the words mark, where they mark some and not the one cited."""
    number = _base(article)
    has = {
        each
        for one in agreement.articles
        if one.number == number
        for each in paragraphs_of(one.prose)
    }
    if all(part in has for part in _PART.findall(article)):
        return ""
    return ", ".join(f"{number}({each})" for each in sorted(has))


def _covered(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """A level that crosses and is forgotten in another clause would escape that clause."""
    crossing = levels_that_cross(agreement)
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


def _receipt(one: Placed, clause: Receipt, crossing: tuple[Level, ...]) -> Iterator[Complaint]:
    for level in clause.from_levels:
        if level not in crossing:
            yield one.complaint(
                "receipt-levels", f"no item at {level} ever crosses", "Name levels of the table"
            )


def _third(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    for one in placed:
        clause = one.clause
        if not isinstance(clause, ThirdParty):
            continue
        for party in clause.standing:
            # Among three parties or more each is a third one to what the other two exchange.
            if party in agreement.parties and len(agreement.parties) < 3:  # noqa: PLR2004
                yield one.complaint(
                    "standing", f"{party} is a party and no third party", "Leave it out"
                )


def _notice(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    del agreement
    for one in placed:
        clause = one.clause
        if not isinstance(clause, Term):
            continue
        if not one.stated & {"notice_days", "notice_months"}:
            yield one.complaint(
                "notice", "it does not say how long before the end notice is given",
                "State notice_days or notice_months",
            )  # fmt: skip
        days, months = clause.notice_days, clause.notice_months
        if clause.years and (days >= clause.years * 365 or months >= clause.years * 12):
            term = "notice_months" if months else "notice_days"
            yield one.complaint(
                "notice", "notice is as long as the term: it could never be given in time",
                f"Let {term} be shorter than the term",
            )  # fmt: skip


def _days(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """A zone that turns its clocks is counted by the rule that the text states, or as UTC."""
    del placed
    clocks = agreement.meta.clocks
    if isinstance(clocks, UnsetType) or is_counted(clocks.zone, clocks.rule):
        return
    lines = agreement.source.split("\n")
    at = next((n for n, text in enumerate(lines, start=1) if _ZONE.match(text)), 1)
    said = f"the days of {clocks.zone} cannot be counted without its rule; they count as UTC's"
    way = f"Write rule beside it, as 'comity agreement zone {clocks.zone}' says it"
    yield complaint(at, "", "zone", said, way)


def _cases(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    scenarios = parse_cases(agreement.cases)
    numbers = {one.number for one in agreement.articles}
    lines = lines_of(agreement.cases)
    for number, scenario in enumerate(scenarios, start=1):
        marked = _unmarked(agreement, scenario.article)
        if _base(scenario.article) not in numbers or marked:
            yield Complaint(
                file="cases.toml",
                line=lines[number - 1] if number <= len(lines) else 1,
                article=scenario.article,
                code="case-article",
                said=f"case {number} is of an article that the text does not have",
                instead=f"Cite one of {marked}" if marked else "Cite an article of the text",
            )
    tried = {_base(scenario.article) for scenario in scenarios}
    told: set[str] = set()
    for one in placed:
        base = _base(one.clause.article)
        if base not in tried and base not in told:
            told.add(base)
            yield one.complaint("no-case", "there are terms and no scenario case", "Write one")


def _base(article: str) -> str:
    return article.partition("(")[0]


def _words_alone(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """Terms of a translation bind nobody, and its readers would believe in them."""
    del placed
    for language, text in sorted(agreement.translations.items()):
        article = ""
        for number, line in enumerate(text.split("\n"), start=1):
            if line.startswith("## "):
                article = article_number(line.removeprefix("## "))
            elif line.startswith("```toml"):
                yield Complaint(
                    file=f"agreement.{language}.md",
                    line=number,
                    article=article,
                    code="unused",
                    said="nothing uses the terms of a translation: it holds words",
                    instead="State them in agreement.md alone",
                )


def _languages(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    del placed
    for language in agreement.meta.authentic:
        if language != "en" and language not in agreement.translations:
            yield complaint(
                1, "", "authentic", f"the {language} text is authentic and is not here",
                f"Put agreement.{language}.md beside it",
            )  # fmt: skip
    fresh = agreement.meta.freshness
    if isinstance(fresh, UnsetType):
        yield complaint(
            1, "", "freshness", "it does not say how old the other side's last word may be",
            "Write freshness, in seconds, in the head",
        )  # fmt: skip
    elif isinstance(fresh, Freshness) and fresh.media < fresh.network:
        lines = agreement.source.split("\n")
        at = next((n for n, text in enumerate(lines, start=1) if _FRESH.match(text)), 1)
        yield complaint(
            at, "", "contradiction", "a word that is carried must be newer than one that is sent",
            "Let media be as long as network at least: what is carried takes longer",
        )  # fmt: skip


_READINGS: Final[tuple[_Reading, ...]] = (
    _parties,
    _twice_or_never,
    _paragraphs,
    table,
    _covered,
    _third,
    _notice,
    _days,
    _cases,
    _languages,
    _words_alone,
    strangers,
    caps,
    unused,
    contradictions,
)
