"""The pacts, and the articles of one: in plain words, what they are now, and what is open."""

import re
from typing import Any, Final, NamedTuple

from comity.agreement import shipped
from comity.agreement.bearing import bearing, clauses_of
from comity.agreement.case import Standing
from comity.agreement.clauses.network import DependsOn
from comity.agreement.life import State
from comity.agreement.records import EVER
from comity.agreement.text import Agreement
from comity.agreement.translated import articles_in
from comity.console.pages import visit as visits
from comity.console.pages.course import tellings_of
from comity.console.pages.today import head
from comity.console.words import catalogue, marking_of_all, prose, spellings
from comity.node import lived, treaty
from comity.node.receiving import absent
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import AgreementId, Party
from comity.wording import render

_TEXTS: Final = ("articles", "compare")
_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)


class Version(NamedTuple):
    """A text of a pact.

    Attributes:
        views: What it is in each party's view; none: it was not put before anybody here.
    """

    agreement: Agreement
    views: tuple[tuple[Party, Standing], ...]

    @property
    def standing(self) -> Standing:
        """The weakest of the views."""
        return treaty.weakest(self.views)


def pacts(visit: visits.Visit) -> dict[str, Any]:
    """Return every pact: those that this house knows, and those whose history ships."""
    return {
        "agreements": [
            head(one) | {"name": title(one.agreement, visit.lang)}
            for one in treaty.known(visit.node, visit.tx)
        ],
        "shipped": [
            {
                "id": name,
                "names": sorted({title(one, visit.lang) for one in shipped.versions(name)}),
            }
            for name in shipped.chronicled()
        ],
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def versions(visit: visits.Visit) -> tuple[Version, ...]:
    """Return the texts of the pact that an address names, those known here and those that ship.

    Raises:
        Refused: ``refused.absent``: there is none.
    """
    name = visit.place["agreement"]
    here = treaty.known(visit.node, visit.tx)
    if (by_digest := [one for one in here if one.agreement.digest == name]) != []:
        name = by_digest[0].agreement.id
    found = [Version(one.agreement, one.views) for one in here if one.agreement.id == name]
    held = {one.agreement.digest for one in found}
    found += [
        Version(one, ()) for one in shipped.versions(AgreementId(name)) if one.digest not in held
    ]
    if not found:
        raise absent()
    return tuple(sorted(found, key=lambda one: (one.agreement.version, one.agreement.digest)))


def chosen(found: tuple[Version, ...], wanted: str) -> Version:
    """Return the version that is asked for: by its name, or by the digest of its text.

    By default the one in force here; else the newest of those known here; else the newest.

    Raises:
        Refused: ``refused.absent``: none is called so.
    """
    if wanted:
        named = [one for one in found if wanted in (one.agreement.digest, one.agreement.version)]
        if not named:
            raise absent()
        return max(named, key=lambda one: bool(one.views))
    in_force = [one for one in found if one.standing is Standing.IN_FORCE]
    known = [one for one in found if one.views]
    return (in_force or known or list(found))[-1]


def articles(visit: visits.Visit) -> dict[str, Any]:
    """Return the articles of one version of a pact, and which versions there are."""
    found = versions(visit)
    named = visit.place["agreement"]
    wanted = visit.asked.get("version", "") or (named if named.startswith("sha384:") else "")
    version = chosen(found, wanted)
    text = version.agreement
    return {
        "name_of_page": text.id,
        "pact": text.id,
        "tab": "articles",
        "tabs": tabs(visit, text.id),
        "named": title(text, visit.lang),
        "versions": [
            {
                "version": one.agreement.version,
                "digest": one.agreement.digest,
                "here": one is version,
            }
            for one in found
        ],
        "text": {
            "id": text.id,
            "version": text.version,
            "digest": text.digest,
            "views": [(party, view.value) for party, view in version.views],
            "note": text.meta.note,
            "parents": parents(visit, text),
        },
        "articles": articles_of(visit, version),
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def parents(visit: visits.Visit, text: Agreement) -> list[dict[str, str]]:
    """Return what an agreement rests on, and what that is here: it falls with it."""
    found = []
    for clause in text.clauses:
        for parent in clause.on if isinstance(clause, DependsOn) else ():
            held = visit.node.agreement(visit.tx, parent.text)
            views = (
                () if held is None else treaty.views_of(visit.node, visit.tx, held, at=visit.now)
            )
            found.append({"id": parent.id, "standing": treaty.weakest(views).value})
    return found


def tabs(visit: visits.Visit, pact: AgreementId) -> tuple[str, ...]:
    """Return the pages of a pact: without a history where nothing tells of it."""
    return ("history", *_TEXTS) if tellings_of(visit, pact) else _TEXTS


def title(agreement: Agreement, lang: str) -> str:
    """Return what an agreement is called in a language, or in its own."""
    found = _TITLE.search(agreement.translations.get(lang, agreement.source))
    return found[1] if found else agreement.id


def titles(agreement: Agreement, lang: str) -> dict[str, str]:
    """Return what each article is called in a language, by its number."""
    return {number: name for number, (name, _) in articles_in(agreement, lang).items()}


def articles_of(visit: visits.Visit, version: Version) -> list[dict[str, Any]]:
    """Return each article: words, terms, what it is now, and the duties open under it."""
    agreement, lang = version.agreement, visit.lang
    duties = visits.duties(visit) if version.views else []
    state = _state(visit, agreement)
    told = articles_in(agreement, lang)
    found = []
    for one in agreement.articles:
        name, words = told[one.number]
        mine = [
            duty
            for duty in duties
            if duty["agreement"] == agreement.digest
            and duty["article"].partition("(")[0] == one.number
        ]
        found.append(
            {
                "number": one.number,
                "title": name,
                "prose": prose(words),
                "terms": [
                    render(catalogue(), said, lang, names=spellings())
                    for clause in clauses_of(agreement, one.number)
                    for said in clause.told()
                ],
                "state": bearing(agreement, one.number, version.standing, state).value,
                "open": len(mine),
                "overdue": sum(duty["overdue"] for duty in mine),
                "duties": mine,
            }
        )
    return found


def _state(visit: visits.Visit, agreement: Agreement) -> State:
    """Return what the pact is now by this house's books, for the notices that stand."""
    try:
        found = lived.answer(
            visit.node,
            visit.tx,
            agreement.id,
            at=visit.now,
            known=EVER,
            view=visit.node.party,
        )
    except Refused:
        return State.NONE  # nothing of it is in the books, or this house is no party
    return found.states[-1]
