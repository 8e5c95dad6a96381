"""The timeline of a pact as a drawing: lanes over one axis of time, made here and not in a browser.

Whatever it shows stands in the tables beside it too; the drawing is read at a glance.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from babel.dates import format_date

from comity.agreement.life import State
from comity.agreement.records import Record
from comity.agreement.sorts import Sort, sort_of
from comity.agreement.timeline import Span, skipped
from comity.console.pages.course import Seen
from comity.console.pages.visit import Visit
from comity.vocabulary.instants import Instant, instant_from_datetime, to_datetime
from comity.vocabulary.zones import Zone

_WIDE, _PAD, _HEAD, _LANE, _BAND = 1000, 8, 26, 46, 22
_MOST_TICKS: Final = 11
_STEPS: Final = (
    ("day", 1), ("day", 2), ("day", 7), ("month", 1), ("month", 3), ("year", 1), ("year", 2),
    ("year", 5), ("year", 10), ("year", 50),
)  # fmt: skip
_LENGTH: Final = {"day": 1.0, "month": 30.4, "year": 365.25}
_FORMS: Final = {
    "day": {"en": "d MMM", "ko": "M. d.", "ja": "M/d"},
    "month": {"en": "MMM y", "ko": "y. M.", "ja": "y/MM"},
    "year": {"en": "y", "ko": "y", "ja": "y"},
}
_LOOKS: Final = {
    State.NONE: "none",
    State.NEGOTIATION: "talks",
    State.INITIALLED: "talks",
    State.POSTPONED: "put-off",
    State.BACK_BURNER: "put-off",
    State.SIGNED: "talks",
    State.IN_FORCE: "force",
    State.NOTICE_GIVEN: "notice",
    State.NOTICE_SUSPENDED: "suspended",
    State.LAPSED: "ended",
}
_NARROW: Final = 3


class _Axis(NamedTuple):
    begin: datetime
    end: datetime
    zone: Zone

    def x(self, at: Instant) -> float:
        """Return where an instant lies, as a share of the drawing's width."""
        share = (to_datetime(at) - self.begin) / (self.end - self.begin)
        return round(_PAD + (_WIDE - 2 * _PAD) * min(max(share, 0.0), 1.0), 1)


def picture(found: Seen, visit: Visit) -> dict[str, Any]:
    """Return the lanes of a drawing: the state in each view, then what happened, by its sort."""
    axis = _Axis(to_datetime(found.begin), to_datetime(found.end), found.told.zone)
    lanes: list[dict[str, Any]] = [
        {"kind": "view", "party": party, "bands": [_band(axis, one, visit.lang) for one in spans]}
        for party, spans in found.views
    ]
    lanes += [one for one in _marked(found, axis) if one["marks"]]
    for rank, lane in enumerate(lanes):
        lane["y"] = _HEAD + rank * _LANE
    return {
        "wide": _WIDE,
        "high": _HEAD + len(lanes) * _LANE + 4,
        "lanes": lanes,
        "ticks": _ticks(axis, visit.lang),
        "at": axis.x(found.asked.at),
        "now": axis.x(visit.now),
    }


def _band(axis: _Axis, span: Span, lang: str) -> dict[str, Any]:
    left, right = axis.x(span.begins), axis.x(span.ends)
    looks = "open" if len(span.states) > 1 else _LOOKS[span.states[0]]
    wide = 11.5 if lang in ("ko", "ja") else 6.4
    return {
        "x": left,
        "wide": round(max(right - left, 0.5), 1),
        "looks": looks,
        "states": [one.value for one in span.states],
        # How many letters of the words fit in it.
        "room": int((right - left - 8) / wide),
    }


def _marked(found: Seen, axis: _Axis) -> list[dict[str, Any]]:
    """Return the lanes of what happened: instruments, each party's steps, what was beside."""
    told = found.told
    heard = [one for one in told.records if one.learnt <= found.asked.known]
    lanes: list[dict[str, Any]] = [
        {"kind": "instrument", "party": "", "marks": _marks(axis, heard, told.parties)},
    ]
    for party, attempts in told.attempts:
        steps = [
            one for one in heard if one.party == party and sort_of(one, told.parties) is Sort.HOME
        ]
        marks = [_mark(axis, one, "done") for one in steps]
        marks += [_mark(axis, later, "skipped") | {"step": s} for s, later in skipped(attempts)]
        lanes.append({"kind": "home", "party": party, "marks": marks})
    beside = [one for one in heard if sort_of(one, told.parties) is Sort.BESIDE]
    lanes.append(
        {"kind": "beside", "party": "", "marks": [_mark(axis, one, "beside") for one in beside]}
    )
    return lanes


def _marks(axis: _Axis, records: list[Record], parties: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        _mark(axis, one, "instrument")
        for one in records
        if sort_of(one, parties) is Sort.INSTRUMENT
    ]


def _mark(axis: _Axis, one: Record, looks: str) -> dict[str, Any]:
    """Return where a record stands: a stroke, or as wide as its date is open."""
    left, right = axis.x(one.since), axis.x(one.until)
    return {
        "x": left if right - left >= _NARROW else round((left + right) / 2, 1),
        "wide": round(right - left, 1) if right - left >= _NARROW else 0,
        "looks": looks,
        "date": one.date,
        "party": one.party,
        "event": one.event,
        "step": "",
    }


def _ticks(axis: _Axis, lang: str) -> list[dict[str, Any]]:
    """Return the marks of the axis: as fine as there is room for."""
    days = (axis.end - axis.begin).total_seconds() / 86400
    unit, step = next(
        (one for one in _STEPS if days / (_LENGTH[one[0]] * one[1]) <= _MOST_TICKS), _STEPS[-1]
    )
    here, there = (axis.zone.day(instant_from_datetime(one)) for one in (axis.begin, axis.end))
    found = []
    for day in _turns(here, there, unit, step):
        x = axis.x(axis.zone.midnight(day))
        if _PAD + 18 <= x <= _WIDE - _PAD - 18:
            said = format_date(day, _FORMS[unit][lang], locale=lang)
            found.append({"x": x, "said": said})
    return found


def _turns(begin: date, end: date, unit: str, step: int) -> list[date]:
    """Return the days, firsts of months or firsts of years between two days."""
    found = []
    if unit == "day":
        one = begin
        while one < end:
            found.append(one)
            one += timedelta(days=step)
        return found
    months = step * (12 if unit == "year" else 1)
    first = begin.year * 12 + (0 if unit == "year" else begin.month - 1)
    first -= first % months
    while True:
        one = date(first // 12, first % 12 + 1, 1)
        if one >= end:
            return found
        if one >= begin:
            found.append(one)
        first += months
