"""The page of a pact's history: what it was, why, what was lawful; each record, each procedure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import UnsetType

from comity.agreement.history import Permitted
from comity.agreement.notices import Notice, Timeliness
from comity.agreement.procedure import Attempt
from comity.agreement.records import EVER, Record
from comity.agreement.sorts import sort_of
from comity.agreement.timeline import Told, skipped
from comity.console.pages.chart import picture
from comity.console.pages.course import Seen, seen
from comity.console.pages.pact import title
from comity.console.pages.visit import Visit
from comity.console.words import marking_of_all
from comity.vocabulary.dates import day_of


def history(visit: Visit) -> dict[str, Any]:
    """Return the page of a pact's history."""
    found = seen(visit, _given(visit))
    told, asked, zone = found.told, found.asked, found.told.zone
    first = day_of(found.begin, zone)
    day = day_of(asked.at, zone)
    lines = _records(found)
    return {
        "name_of_page": told.pact,
        "named": title(told.texts[-1], visit.lang) if told.texts else "",
        "pact": told.pact,
        "tab": "history",
        "parties": told.parties,
        "tellings": found.tellings,
        "asked": asked,
        "day": day,
        "known_day": "" if asked.known == EVER else day_of(asked.known, zone),
        "zone": told.zone_name,
        "zone_of_text": told.rules.zone_name,
        "otherwise": [one.value for one in found.answer.otherwise or found.answer.states],
        "late": bool(found.answer.otherwise) or _is_late(found.answer.notice),
        "woken": None if isinstance(found.answer.woken, UnsetType) else found.answer.woken.date,
        "slider": {
            "first": first,
            "day": _days(first, day),
            "last": _days(first, day_of(found.end, zone)),
        },
        "answer": found.answer,
        "states_then": [one.value for one in found.answer.states],
        "lawful": [one.value for one in found.answer.permitted],
        "unlawful": [one.value for one in Permitted if one not in found.answer.permitted],
        "notice": None if isinstance(found.answer.notice, UnsetType) else found.answer.notice,
        "why": [line(one, told) for one in found.answer.why],
        "records": lines,
        "before": _turn(found, later=False),
        "after": _turn(found, later=True),
        "table": _table(found),
        "attempted": any(each for _, each in told.attempts),
        "attempts": [(party, _attempts(each)) for party, each in told.attempts],
        "picture": picture(found, visit),
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }


def _given(visit: Visit) -> dict[str, str]:
    """Return what was typed; without script the slider counts unless the date was changed."""
    given = {name: visit.asked.get(name, "").strip() for name in ("told", "known", "view", "at")}
    first, slid = visit.asked.get("first", ""), visit.asked.get("day", "")
    if given["at"] == visit.asked.get("shown", "") and first and slid:
        try:
            given["at"] = (date.fromisoformat(first) + timedelta(days=int(slid))).isoformat()
        except (ValueError, OverflowError):
            return given  # no slider of ours: the date stands as it was shown
    return given


def _days(first: str, day: str) -> int:
    return (date.fromisoformat(day) - date.fromisoformat(first)).days


def _is_late(notice: Notice | UnsetType) -> bool:
    return isinstance(notice, Notice) and notice.timeliness is Timeliness.LATE


def line(one: Record, told: Told) -> dict[str, Any]:
    """Return a record as a page shows it."""
    return {
        "date": one.date,
        "partial": one.since != one.until and len(one.date) < len("2012-06-29"),
        "party": one.party,
        "event": one.event,
        "note": one.note,
        "sort": sort_of(one, told.parties).value,
        "outside": one.party not in (*told.parties, "both", "all"),
    }


def _records(found: Seen) -> list[dict[str, Any]]:
    """Return every record in order, each skipped step before the later step that shows it."""
    told, asked = found.told, found.asked
    shown: dict[int, list[dict[str, Any]]] = {}
    for party, attempts in told.attempts:
        for step, later in skipped(attempts):
            shown.setdefault(id(later), []).append(
                {"skipped": step, "by": later.event, "party": party, "date": later.date}
            )
    lines = []
    for one in told.records:
        said = line(one, told) | {
            "skipped": "",
            "later": one.since > asked.at,
            "unknown": one.learnt > asked.known,
        }
        lines += [each | {"later": said["later"]} for each in shown.get(id(one), [])]
        lines.append(said)
    return lines


def _turn(found: Seen, *, later: bool) -> str:
    """Return the day of the record before, or after, the one asked about."""
    zone = found.told.zone
    today = day_of(found.asked.at, zone)
    days = {day_of(one.until, zone) for one in found.told.records}
    if later:
        return min((one for one in days if one > today), default="")
    return max((one for one in days if one < today), default="")


def _table(found: Seen) -> list[dict[str, Any]]:
    """Return from when on it was what in every view, as lines of one table.

    While a date leaves two states open, it is the date that is told and not its first and last
    instant: the line after it says from when the one state was certain.
    """
    turns = sorted({one.begins for _, spans in found.views for one in spans})
    known = [one for one in found.told.records if one.learnt <= found.asked.known]
    lines: list[dict[str, Any]] = []
    open_since = ""
    for turn in turns:
        states = {
            party: next(one.states for one in spans if one.begins <= turn < one.ends)
            for party, spans in found.views
        }
        if any(len(one) > 1 for one in states.values()):
            open_since = open_since or turn
            continue
        since = open_since or turn
        lines.append(
            {
                "begins": since,
                "first": turn == turns[0],
                "date": next((one.date for one in known if one.since == since), ""),
                "states": {party: [one.value for one in each] for party, each in states.items()},
            }
        )
        open_since = ""
    return lines


def _attempts(attempts: Sequence[Attempt]) -> dict[str, Any]:
    """Return the procedure of one party as a table: a line per step, a column per attempt."""
    steps = [one.step for one in attempts[0].steps] if attempts else []
    return {
        "opened": [one.opened for one in attempts],
        "steps": [
            {
                "step": step,
                "assumed": attempts[0].steps[rank].assumed,
                "marks": [
                    {
                        "mark": one.steps[rank].mark.value,
                        "date": getattr(one.steps[rank].record, "date", ""),
                    }
                    for one in attempts
                ],
            }
            for rank, step in enumerate(steps)
        ],
    }
