"""The pact: its articles in plain words, what they mean here, and what is open under each."""

import re
from typing import Any, Final

from comity.agreement.shipped import chronicled, versions
from comity.agreement.text import Agreement
from comity.console.pages import visit as visits
from comity.console.pages.today import head
from comity.console.words import catalogue, marking_of_all, prose, spellings
from comity.node import treaty
from comity.node.receiving import absent
from comity.wording import render

_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_HEADING: Final = re.compile(
    r"^## (?:제\s?(\d{1,3}[a-z]?)\s?조|第\s?(\d{1,3}[a-z]?)\s?条) · (.+?)(?: \{#\S+\})?$",
    re.MULTILINE,
)


def pacts(visit: visits.Visit) -> dict[str, Any]:
    """Return every pact: those that this house knows, and those whose history ships."""
    known = [
        head(one) | {"name": title(one.agreement, visit.lang)}
        for one in treaty.known(visit.node, visit.tx)
    ]
    return {
        "agreements": known,
        "shipped": [
            {"id": name, "names": sorted({title(one, visit.lang) for one in versions(name)})}
            for name in chronicled()
        ],
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }


def pact(visit: visits.Visit) -> dict[str, Any]:
    """Return every agreement: its words, what its terms mean, and the duties open under it."""
    found = visits.duties(visit)
    return {
        "agreements": [
            head(one)
            | {"name": title(one.agreement, visit.lang)}
            | {"articles": _articles(one.agreement, visit.lang, found)}
            for one in treaty.known(visit.node, visit.tx)
        ],
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }


def articles(visit: visits.Visit) -> dict[str, Any]:
    """Return the articles of every version of one pact that this house knows.

    Raises:
        Refused: ``refused.absent``: it knows none.
    """
    name = visit.place["agreement"]
    found = pact(visit)
    mine = [one for one in found["agreements"] if one["id"] == name]
    if not mine:
        raise absent()
    return found | {
        "agreements": mine,
        "pact": name,
        "name_of_page": name,
        "tab": "articles",
        "named": "",
    }


def title(agreement: Agreement, lang: str) -> str:
    """Return what an agreement is called in a language, or in its own."""
    found = _TITLE.search(agreement.translations.get(lang, agreement.source))
    return found[1] if found else agreement.id


def _articles(
    agreement: Agreement, lang: str, duties: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    told = _translated(agreement.translations.get(lang, ""))
    found = []
    for one in agreement.articles:
        title, words = told.get(one.number, (one.title, one.prose))
        mine = [
            duty
            for duty in duties
            if duty["agreement"] == agreement.digest
            and duty["article"].partition("(")[0] == one.number
        ]
        terms = [
            render(catalogue(), clause.explain(), lang, names=spellings())
            for clause in agreement.clauses
            if clause.article.partition("(")[0] == one.number
        ]
        found.append(
            {
                "number": one.number,
                "title": title,
                "prose": prose(words),
                "terms": terms,
                "open": len(mine),
                "overdue": sum(duty["overdue"] for duty in mine),
            }
        )
    return found


def _translated(text: str) -> dict[str, tuple[str, str]]:
    """Return title and words of each article of a translation, by number."""
    parts = list(_HEADING.finditer(text))
    ends = ([one.start() for one in parts] + [len(text)])[1:]
    return {
        one[1] or one[2]: (one[3], text[one.end() : end].strip())
        for one, end in zip(parts, ends, strict=True)
    }
