"""Register: what is held and what went out, searched by number, level, subject and known titles."""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from msgspec import structs

from comity.acts.deeds import Role
from comity.console.pages import visit as visits
from comity.console.words import known_schemes, spellings, subjects_called
from comity.marking.banner import search_fold
from comity.node import kept
from comity.node.finding import Answer, Hit, find
from comity.node.reading import seer_of
from comity.node.searching import Search
from comity.node.views import item_view, read_ahead
from comity.register.rows import Number, Rows

MOST_ITEMS: Final = 50
"""The most items that the register shows on one page."""

EXPORTED: Final = 100_000
"""The most lines of an export."""

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

_NUMBERS: Final = 200

_SUBJECTS: Final = 5
"""The most subjects that are offered for what was typed."""


def register(visit: visits.Visit) -> dict[str, Any]:
    """Return a page of the items that this person may see and asked for, the latest first."""
    asked = _asked(visit)
    page = _found(visit, asked, limit=MOST_ITEMS)
    return {
        "items": lines(visit, page.found),
        "after": "" if page.after is None else "|".join(page.after),
        "later": bool(asked["after"]),
        "levels": _levels(visit),
        "asked": asked,
        "subjects": subjects_called(asked["q"], most=_SUBJECTS),
        "marking": visits.marked(visit, [one.item for one in page.found]),
        "musters": Role.REGISTRY.value in visits.roles(visit.tx, visit.person),
    }


def _asked(visit: visits.Visit) -> dict[str, str]:
    names = ("q", "direction", "level", "open", "after")
    return {name: visit.asked.get(name, "").strip()[:200] for name in names}


def _levels(visit: visits.Visit) -> list[str]:
    """Return the levels that there can be here: of this house and of its counterparts."""
    parties = [visit.node.party, *kept.counterparts(visit.tx, visit.node.party)]
    schemes = [scheme for name, scheme in known_schemes().items() if name in parties]
    return [one.level for scheme in schemes for one in scheme.level]


def lines(visit: visits.Visit, found: Sequence[Hit]) -> list[dict[str, Any]]:
    """Return the lines of the register as they are shown."""
    rows = read_ahead(visit.tx, [one.item for one in found])
    return [_line(visit, rows, one) for one in found]


def _line(visit: visits.Visit, rows: Rows, one: Hit) -> dict[str, Any]:
    view = item_view(rows, one.item, house=visit.node.party)
    return view | {"title": one.title, "clear": all(not r["reserve"] for r in view["receipts"])}


class _Wanted(NamedTuple):
    """A search, and the words that stand in no column: they are looked for in titles."""

    search: Search
    words: tuple[str, ...]


def _wanted(visit: visits.Visit, asked: dict[str, str]) -> _Wanted | None:
    """Return what was asked as a search; nothing where nothing can fit it."""
    search = Search(
        seer=seer_of(visit.tx, visit.person, house=visit.node.party),
        direction=asked["direction"] if asked["direction"] in ("in", "out") else "",
        levels=(asked["level"],) if asked["level"] else (),
        open=bool(asked["open"]),
        before=_place(asked["after"]),
    )
    words = []
    for word in search_fold(asked["q"]).split():
        numbered = _numbered(visit, word)
        levels = tuple(
            one for one, spelt in spellings().items() if word in (search_fold(spelt), one.lower())
        )
        if numbered:
            among = numbered if search.among is None else numbered & frozenset(search.among)
            search = structs.replace(search, among=tuple(sorted(among)))
        elif levels:
            both = [one for one in levels if not search.levels or one in search.levels]
            if not both:
                return None
            search = structs.replace(search, levels=tuple(both))
        elif "." in word and not search.subject:
            search = structs.replace(search, subject=word.rstrip("."))
        else:
            words.append(word)
    return _Wanted(search, tuple(words))


def _place(text: str) -> tuple[str, str] | None:
    at, stroke, key = text.partition("|")
    return (at, key) if stroke else None


def _numbered(visit: visits.Visit, word: str) -> frozenset[str]:
    """Return the items whose number at either registry begins with a word.

    Which of them the person may see is asked with everything else.
    """
    registries = [visit.node.party, *kept.counterparts(visit.tx, visit.node.party)]
    found: list[str] = []
    for registry in registries:
        first = f"{registry}:{word.upper()}"
        exact = visit.tx.get(Number, first)
        found += [exact.scope] if exact is not None else []
        for one in visit.tx.page(Number, after=first, limit=_NUMBERS):
            if not one.key.startswith(first):
                break
            found.append(one.scope)
    return frozenset(found)


def matching(
    visit: visits.Visit, *, limit: int = EXPORTED, after: tuple[str, str] | None = None
) -> Answer:
    """Return the items that this person may see and asked for, after a place in their order."""
    asked = _asked(visit)
    if after is not None:
        asked["after"] = "|".join(after)
    return _found(visit, asked, limit=limit)


def _found(visit: visits.Visit, asked: dict[str, str], *, limit: int) -> Answer:
    wanted = _wanted(visit, asked)
    if wanted is None:
        return Answer([], None)
    search = structs.replace(wanted.search, limit=limit)
    return find(visit.node, visit.tx, search, wanted.words)


def export(visit: visits.Visit) -> bytes:
    """Return the same items as comma-separated values (RFC 4180), in UTF-8 with its mark.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    paper = io.StringIO()
    writer = csv.writer(paper)
    found = matching(visit).found
    writer.writerow(("marking", visits.marked(visit, [one.item for one in found])))
    writer.writerow(COLUMNS)
    for row in lines(visit, found):
        writer.writerow([_cell(str(row[name])) for name in COLUMNS])
    return paper.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
