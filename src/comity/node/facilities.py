"""The register of facilities: who answers, up to what they hold, who enters, what is there."""

from typing import Any

from comity.node.ports import Reading
from comity.register.rows import WITHDRAWN, Copy, FacilityLine
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, reader
from comity.vocabulary.names import Party


def facilities(tx: Reading, house: Party, *, now: Instant) -> list[dict[str, Any]]:
    """Return every facility of the house that has a line or holds a copy, by name.

    Each with who answers for its security, the levels it is accredited to, who is on its roster,
    how many copies are there, and what has ended: a house answers for all of its facilities
    (Korea-Japan 2016, Article 10).
    """
    lines = [one for one in tx.within(FacilityLine, "facilities") if one.facility]
    held = _copies(tx, house)
    return [
        _facility(name, [one for one in lines if one.facility == name], held.get(name, 0), now)
        for name in sorted({one.facility for one in lines} | held.keys())
    ]


def _facility(name: str, lines: list[FacilityLine], copies: int, now: Instant) -> dict[str, Any]:
    living = [one for one in lines if now < one.until]
    officers = sorted({one.person for one in living if one.what == "officer"})
    lacking = [] if officers else ["officer"]
    return {
        "facility": name,
        "officers": officers,
        "accredited": sorted({one.level for one in living if one.what == "accredited"}),
        "roster": sorted({one.person for one in living if one.what == "roster"}),
        "copies": copies,
        "living": [
            {"line": one.key, "what": one.what, "who": one.person or one.level, "until": one.until}
            for one in living
        ],
        "ended": [
            {
                "what": one.what,
                "who": one.person or one.level,
                "until": one.until,
                "withdrawn": one.until == WITHDRAWN,
            }
            for one in lines
            if one.until <= now
        ],
        "lacks": lacking,
    }


def _copies(tx: Reading, house: Party) -> dict[str, int]:
    """Count the copies that are in each office: of received items, those that have not ended."""
    found: dict[str, int] = {}
    for one in tx.page(Copy, limit=10_000_000):
        received = reader(LogName(one.scope.rpartition("#")[0])) == house
        if received and one.state in ("held", "on-loan"):
            place = one.custodian or one.office
            found[place] = found.get(place, 0) + 1
    return found
