"""Figures: what each side gave and asked, and what may be told to the public and to oversight.

Nothing here opens an item. What is told outside holds no reference, subject, level, office or
direction, and a number that is small is not told: that there is a sensitive item at all would
show in a count of one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Final

from msgspec import Struct

from comity.node import lived, requests, treaty
from comity.node.node import Node
from comity.node.ports import Reading
from comity.node.views import duties
from comity.register.rows import ItemOf, Line, Matter, ReceiptOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant, seconds_between
from comity.vocabulary.logs import LogName, author
from comity.vocabulary.names import Party

STEP: Final = 10
"""What is told to the public is rounded down to tens; below ten it is not told."""

_HOUR: Final = 3600
_MOST: Final = 10_000_000


class Period(Struct, frozen=True):
    """From an instant on, until before another."""

    since: Instant
    until: Instant

    def holds(self, at: str) -> bool:
        """Tell whether an instant lies within it."""
        return self.since <= at < self.until


def reciprocity(node: Node, tx: Reading, peer: Party, period: Period) -> dict[str, Any]:
    """Return what went which way between this house and a counterpart in a period.

    By direction: items, by subject; requests and what came of them; how long an answer and a
    receipt took, in hours, as the median. Own originals and passed-on items are told apart.
    """
    ways = ((node.party, peer), (peer, node.party))
    items = [one for one in tx.page(ItemOf, limit=_MOST) if period.holds(one.at)]
    asked = [
        one for one in requests.views(tx, now=node.clock.now()) if period.holds(one.request.at)
    ]
    return {
        "with": peer,
        "since": period.since,
        "until": period.until,
        "ways": [_way(tx, giver, taker, items, asked) for giver, taker in ways],
    }


def _way(
    tx: Reading,
    giver: Party,
    taker: Party,
    items: Iterable[ItemOf],
    asked: Iterable[requests.View],
) -> dict[str, Any]:
    gave = [one for one in items if (one.provider, one.receiver) == (giver, taker)]
    # What was asked of the giver: by the taker.
    wanted = [one for one in asked if author(LogName(one.request.log)) == taker]
    wanted = [one for one in wanted if one.request.log.endswith(f"/to/{giver}")]
    answers = [
        _hours(one.request.at, one.ends[0].at)
        for one in wanted
        if one.ends and one.ends[0].act == "request.answer"
    ]
    receipts = [
        _hours(one.at, signed.at)
        for one in gave
        for signed in tx.within(ReceiptOf, one.key)
        if signed.stage == "document"
    ]
    return {
        "from": giver,
        "to": taker,
        "items": len(gave),
        "own": sum(one.originator == giver for one in gave),
        "subjects": dict(sorted(Counter(one.subject for one in gave).items())),
        "requests": len(wanted),
        "requests_by_state": dict(sorted(Counter(one.state for one in wanted).items())),
        "hours_to_answer": _middle(answers),
        "hours_to_receipt": _middle(receipts),
    }


def _hours(since: str, until: str) -> float:
    return seconds_between(Instant(since), Instant(until)) / _HOUR


def _middle(hours: Sequence[float]) -> float | None:
    return round(median(hours), 2) if hours else None


def public(node: Node, tx: Reading, period: Period) -> dict[str, Any]:
    """Return what may be told to the public: which pacts stand, and figures that show nothing.

    Texts are named with their articles; of exchanges one rounded total over all counterparts,
    subjects, levels and both directions; nothing at all where it is below :data:`STEP`.
    """
    return {
        "house": node.party,
        "since": period.since,
        "until": period.until,
        "pacts": [
            {
                "id": one.agreement.id,
                "version": one.agreement.version,
                "parties": list(one.agreement.parties),
                "bindingness": one.agreement.meta.bindingness,
                "articles": len(one.agreement.articles),
                "standing": dict(one.views).get(node.party, one.views[0][1]).value,
            }
            for one in treaty.known(node, tx)
        ],
        "items": _rounded(sum(period.holds(one.at) for one in tx.page(ItemOf, limit=_MOST))),
        "incidents": _rounded(len(_incidents(tx, period))),
    }


def _rounded(count: int) -> str:
    return f"fewer than {STEP}" if count < STEP else f"{count // STEP * STEP} or more"


def _incidents(tx: Reading, period: Period) -> list[Matter]:
    return [
        one
        for one in tx.page(Matter, limit=_MOST)
        if one.kind == "incident.report" and period.holds(one.at)
    ]


def oversight(node: Node, tx: Reading, period: Period) -> dict[str, Any]:
    """Return what oversight is shown: whether the rules were kept, and where they were not.

    Steps of the domestic procedure that were skipped or late, for ever; duties that are overdue,
    by party and act; acts of either side that had no effect, by article; incidents without
    results. No item, subject, level or person is named.
    """
    lines = [one for one in tx.page(Line, limit=_MOST) if one.at and period.holds(one.at)]
    without = Counter(
        f"{author(LogName(one.log))} {one.kind} · Article {one.article or '—'}"
        for one in lines
        if one.code
    )
    late = Counter(
        f"{one['who']} {one['what']}"
        for one in duties(tx, node.clock.now())
        if one["state"] == "overdue"
    )
    answered = {
        one.about
        for one in tx.page(Matter, limit=_MOST)
        if one.kind in ("incident.results", "incident.close")
    }
    told = _incidents(tx, period)
    return public(node, tx, period) | {
        "procedure": [
            {"pact": pact, "opened": attempt.opened, "step": step.step, "mark": step.mark.value}
            for pact in sorted({one.agreement.id for one in treaty.known(node, tx)})
            for attempt in _attempts(node, tx, pact)
            for step in attempt.steps
            if step.mark.value in ("skipped", "out-of-order")
        ],
        "overdue": dict(sorted(late.items())),
        "without_effect": dict(sorted(without.items())),
        "incidents_told": len(told),
        "incidents_open": sum(one.key not in answered for one in told),
    }


def _attempts(node: Node, tx: Reading, pact: Any) -> Sequence[Any]:  # noqa: ANN401 - as lived has it
    try:
        return lived.attempts(node, tx, pact)
    except Refused:
        return ()  # nothing of it is in the house's own book
