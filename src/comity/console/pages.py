"""What each page shows to one person, gathered from the node in one reading.

Whatever tells of an item goes through :func:`comity.node.reading.authorise`, one by one: a list,
a count or a duty shows no more than the item's own page would.
"""

import re
from typing import Any, Final, NamedTuple

from comity.acts.deeds import Role
from comity.agreement.text import Agreement
from comity.console.words import (
    catalogue,
    has_words,
    known_schemes,
    marking_of,
    marking_of_all,
    prose,
    spellings,
)
from comity.ledger.checkpoints import checkpoint_of
from comity.marking.banner import origin_line
from comity.node import reading, receiving, releases, setup, treaty
from comity.node.alarms import alarms
from comity.node.node import Node
from comity.node.outgoing import acknowledged
from comity.node.ports import Reading, Space
from comity.node.views import duty_view, item_life, item_view
from comity.register.rows import DutyOf, Holding, ItemOf, PersonOf, position_of
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party, PersonId
from comity.wording import render

MOST_ITEMS: Final = 500
"""The most items that the register shows on one page."""

_KEEPS_BOOKS: Final = frozenset(
    {Role.REGISTRY.value, Role.SECURITY.value, Role.ADMINISTRATOR.value}
)
"""Roles that see the logs themselves: how many leaves they have tells how much is going on."""


_REFUSALS: Final = frozenset({"journal.refuse", "link.refuse", "link.diverge"})
"""Acts that record what had no effect."""


class Visit(NamedTuple):
    """One page view: whose house, what it reads, who looks, in which language, and when."""

    node: Node
    tx: Reading
    person: PersonId
    lang: str
    now: Instant
    demonstration: bool


def _roles(tx: Reading, person: PersonId) -> frozenset[str]:
    row = tx.get(PersonOf, person)
    return frozenset() if row is None else frozenset(row.roles)


def keeps_books(tx: Reading, person: PersonId) -> bool:
    """Tell whether the logs are this person's business."""
    return bool(_KEEPS_BOOKS & _roles(tx, person))


def _may_see(visit: Visit, item: ItemOf) -> bool:
    try:
        reading.authorise(visit.tx, visit.person, reading.Deal.SEE, item, house=visit.node.party)
    except Refused:
        return False
    return True


def _seen(visit: Visit) -> list[ItemOf]:
    found = [one for one in visit.tx.page(ItemOf, limit=100_000) if _may_see(visit, one)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _duties(visit: Visit) -> list[dict[str, Any]]:
    seen = {one.key: one for one in _seen(visit)}
    return [
        _duty(one, visit.now) | {"reference": seen[one.scope].reference}
        for one in visit.tx.page(DutyOf, limit=100_000)
        if not one.discharged and one.scope in seen
    ]


def _duty(one: DutyOf, now: Instant) -> dict[str, Any]:
    overdue = bool(one.due) and not one.discharged and one.due < now
    return duty_view(one) | {"overdue": overdue, "reference": ""}


def today(visit: Visit) -> dict[str, Any]:
    """Duties, drafts, agreements, links, alarms: each as far as it is this person's business."""
    node, tx = visit.node, visit.tx
    duties = _duties(visit)
    concerned = [
        one for one in _seen(visit) if any(d["reference"] == one.reference for d in duties)
    ]
    return {
        "now": visit.now,
        "duties": sorted(duties, key=lambda one: (one["due"] or "~", one["reference"])),
        "drafts": _drafts(visit),
        "agreements": [_head(one) for one in treaty.known(node, tx)],
        "links": [_link(visit, Party(row.key)) for row in setup.peers(tx)],
        "alarms": _alarms(tx) if keeps_books(visit.tx, visit.person) else None,
        "marking": marking_of_all(
            [(one, tx.get(Holding, one.key)) for one in concerned],
            house=node.party,
            demonstration=visit.demonstration,
        ),
    }


def _drafts(visit: Visit) -> list[dict[str, str]] | None:
    """Return the drafts that wait: all to a releasing authority, their own to others."""
    roles = _roles(visit.tx, visit.person)
    if not roles & {Role.RELEASING.value, Role.DESK.value}:
        return None
    decides = Role.RELEASING.value in roles
    return [
        {"draft": row.key, "drafter": row.drafter, "at": row.at}
        for row in releases.waiting(visit.tx)
        if decides or row.drafter == visit.person
    ]


def _link(visit: Visit, peer: Party) -> dict[str, Any]:
    """Return whether a link is in step; by how much it is behind would tell of traffic."""
    mine = visit.tx.frontier(correspondence(visit.node.party, peer)).size
    return {"peer": peer, "behind": mine > acknowledged(visit.tx, visit.node.party, peer)}


def _alarms(tx: Reading) -> list[dict[str, Any]]:
    found = []
    for name, one in alarms(tx).items():
        peer, _, code = name.partition("|")
        worded = code if has_words(code) else "console.alarm.other"
        found.append({"peer": peer, "code": worded, "count": one["count"], "last": one["last"]})
    return found


def _head(one: treaty.Known) -> dict[str, Any]:
    return {
        "id": one.agreement.id,
        "version": one.agreement.version,
        "digest": one.agreement.digest,
        "views": [(party, view.value) for party, view in one.views],
    }


_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_HEADING: Final = re.compile(
    r"^## (?:제\s?(\d{1,3}[a-z]?)\s?조|第\s?(\d{1,3}[a-z]?)\s?条) · (.+?)(?: \{#\S+\})?$",
    re.MULTILINE,
)


def pact(visit: Visit) -> dict[str, Any]:
    """Return every agreement: its words, what its terms mean, and the duties open under it."""
    duties = _duties(visit)
    return {
        "agreements": [
            _head(one)
            | {"name": _title(one.agreement, visit.lang)}
            | {"articles": _articles(one.agreement, visit.lang, duties)}
            for one in treaty.known(visit.node, visit.tx)
        ],
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }


def _title(agreement: Agreement, lang: str) -> str:
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


def register(visit: Visit) -> dict[str, Any]:
    """Return the items that this person may see, the latest first."""
    seen = _seen(visit)
    shown = seen[:MOST_ITEMS]
    return {
        "items": [item_view(visit.tx, one, house=visit.node.party) for one in shown],
        "more": len(seen) > len(shown),
        "marking": marking_of_all(
            [(one, visit.tx.get(Holding, one.key)) for one in shown],
            house=visit.node.party,
            demonstration=visit.demonstration,
        ),
    }


def item(visit: Visit, number: str) -> dict[str, Any]:
    """Return one item's life and proofs; title and content are read elsewhere, as an act.

    Raises:
        Refused: ``refused.absent``: it is not here, or the person may not know that it is.
    """
    tx, party = visit.tx, visit.node.party
    row = receiving.find_item(tx, party, number)
    reading.authorise(tx, visit.person, reading.Deal.SEE, row, house=party)
    life = item_life(tx, row, house=party)
    life["duties"] = [_duty(one, visit.now) for one in tx.within(DutyOf, row.key)]
    for line in life["timeline"]:
        # A line keeps the code of a reason and not its values: worded where it needs none.
        line["why"] = _why(line["code"], visit.lang)
        # The leaf that records a refusal is lawful itself; what it tells of was not.
        line["records"] = line["kind"] in _REFUSALS
        line["refused"] = line["records"] or line["outcome"] not in ("lawful", "")
    return {
        "name": row.reference,
        "item": life,
        "origin": origin_line(Party(row.originator), known_schemes(), language=visit.lang),
        "proofs": [_proof(tx, line) for line in life["timeline"]],
        "marking": marking_of(row, tx.get(Holding, row.key), demonstration=visit.demonstration),
    }


def _why(code: str, lang: str) -> str:
    known = catalogue().template(code, lang) if code and has_words(code) else None
    return known or ""


def _proof(tx: Reading, line: dict[str, Any]) -> dict[str, Any]:
    position = position_of(line["leaf"])
    return {
        "kind": line["kind"],
        "log": position.log,
        "index": position.index,
        "cosigned": _cosigned(tx, position.log),
    }


def _cosigned(tx: Reading, log: LogName) -> int:
    note = tx.load(Space.LATEST, f"{log}|acked") or tx.load(Space.LATEST, f"{log}|cosigned")
    return 0 if note is None else checkpoint_of(note).size


def ledger(visit: Visit) -> dict[str, Any]:
    """Return where every log stands.

    Raises:
        Refused: ``refused.absent``: the logs are not this person's business.
    """
    if not keeps_books(visit.tx, visit.person):
        raise receiving.absent()
    logs = []
    for log in visit.tx.logs():
        frontier = visit.tx.frontier(log)
        logs.append(
            {
                "log": log,
                "size": frontier.size,
                "root": frontier.root.hex(),
                "cosigned": _cosigned(visit.tx, log),
            }
        )
    return {
        "logs": logs,
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }
