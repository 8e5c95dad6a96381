"""Register: what is held and what went out, searched by number, subject and known titles."""

import csv
import io
from typing import Any, Final, NamedTuple

from comity.console.pages import visit as visits
from comity.console.words import catalogue, spellings
from comity.marking.banner import search_fold
from comity.node import titles
from comity.node.views import item_view
from comity.register.rows import Holding, ItemOf, Number
from comity.wording import words

MOST_ITEMS: Final = 500
"""The most items that the register shows on one page."""

COLUMNS: Final = (
    "reference",
    "number",
    "title",
    "direction",
    "from",
    "to",
    "originator",
    "level",
    "marked",
    "subject",
    "at",
)
"""What the export has, in order; named as the fields are, in every language alike."""


class _Found(NamedTuple):
    item: ItemOf
    title: str


def register(visit: visits.Visit) -> dict[str, Any]:
    """Return the items that this person may see and asked for, the latest first."""
    found = matching(visit)
    shown = found[:MOST_ITEMS]
    return {
        "items": [line(visit, one) for one in shown],
        "more": len(found) > len(shown),
        "levels": sorted({one.level for one in visits.seen(visit)}),
        "asked": _asked(visit),
        "marking": visits.marked(visit, [one.item for one in shown]),
    }


def _asked(visit: visits.Visit) -> dict[str, str]:
    return {name: visit.asked.get(name, "").strip() for name in ("q", "direction", "level", "open")}


def line(visit: visits.Visit, one: _Found) -> dict[str, Any]:
    """Return what the register shows of an item, its title with it."""
    view = item_view(visit.tx, one.item, house=visit.node.party)
    return view | {"title": one.title, "clear": all(not r["reserve"] for r in view["receipts"])}


def matching(visit: visits.Visit) -> list[_Found]:
    """Return the items that this person may see and that fit what was asked, the latest first."""
    asked = _asked(visit)
    wanted = search_fold(asked["q"]).split()
    found = []
    for item in visits.seen(visit):
        if not _fits(visit, item, asked):
            continue
        title = titles.title_of(visit.node, visit.tx, item, person=visit.person)
        text = search_fold(_text(visit, item, title)) if wanted else ""
        if all(word in text for word in wanted):
            found.append(_Found(item, title))
    return found


def _fits(visit: visits.Visit, item: ItemOf, asked: dict[str, str]) -> bool:
    direction = "out" if item.provider == visit.node.party else "in"
    if asked["direction"] in ("in", "out") and asked["direction"] != direction:
        return False
    if asked["level"] and asked["level"] != item.level:
        return False
    if asked["open"]:
        return any(not one.discharged for one in visits.duties_of(visit, item))
    return True


def _text(visit: visits.Visit, item: ItemOf, title: str) -> str:
    """Return what is searched: both registries' numbers, the subject, levels as they are spelt."""
    held = visit.tx.get(Holding, item.key)
    numbers = [row.key for row in visit.tx.page(Number, scope=item.key, limit=16)]
    levels = [item.level] + ([held.level] if held is not None else [])
    spelt = [spellings().get(one, one) for one in levels]
    subject = words(catalogue(), f"subject.{item.subject}", visit.lang)
    return " ".join((*numbers, item.reference, item.subject, subject, title, *levels, *spelt))


def export(visit: visits.Visit) -> bytes:
    """Return the same items as comma-separated values (RFC 4180), in UTF-8 with its mark.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(("marking", visits.marked(visit, [one.item for one in matching(visit)])))
    writer.writerow(COLUMNS)
    for one in matching(visit):
        row = line(visit, one)
        writer.writerow([_cell(str(row[name])) for name in COLUMNS])
    return paper.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
