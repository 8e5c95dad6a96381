"""The web of agreements as a drawing: parties on a ring, agreements between them, hubs marked.

A few agreements bear their names; many bear a number that the table beside the drawing resolves.
"""

from collections.abc import Iterable, Sequence
from math import cos, pi, sin
from typing import Any, Final, NamedTuple

from comity.agreement.clauses.network import Hub
from comity.agreement.net import Route
from comity.agreement.text import Agreement
from comity.vocabulary.names import Party

_FEW: Final = 7
"""So many agreements are drawn with their names."""

_UP: Final = -pi / 2
_NAMED, _NUMBERED = (172, 30), (38, 24)
_PLACES: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)
_STEPS: Final = 12


class _Ring(NamedTuple):
    """Where parties stand.

    Attributes:
        across: Half of the width, ``down``: half of the height.
        dot: The radius of a party.
    """

    across: int
    down: int
    dot: int


def drawn(
    texts: Sequence[Agreement],
    routes: Iterable[Route],
    *,
    origin: str,
    ended: str = "",
    joined: str = "",
) -> dict[str, Any]:
    """Return where everything stands.

    Args:
        texts: The agreements, each identifier once.
        routes: What leads through them, to be shown.
        origin: The party whose item it is.
        ended: The agreement that is taken as ended.
        joined: The one that is added.
    """
    parties = sorted({party for one in texts for party in one.parties})
    few = len(texts) <= _FEW
    ring = _ring(len(parties), few=few)
    at = _around(parties, ring)
    found = [hop for route in routes for hop in route.hops]
    used = {(hop.provider, hop.receiver, hop.agreement) for hop in found}
    hubs = hubs_of(texts)
    wide, high = _NAMED if few else _NUMBERED
    taken = [(x, y, ring.dot + 4, ring.dot + 4) for x, y in at.values()]
    lines, boxes = [], []
    for number, one in enumerate(texts, start=1):
        x, y = _free([at[party] for party in one.parties], taken, wide // 2, high // 2)
        taken.append((x, y, wide // 2, high // 2))
        walked = {party for p, r, name in used if name == one.id for party in (p, r)}
        looks = {"ended": one.id == ended, "joined": one.id == joined}
        lines += [
            {"x1": at[party][0], "y1": at[party][1], "x2": x, "y2": y, "on": party in walked}
            | looks
            for party in one.parties
        ]
        said = f"{one.id} {one.version}"
        boxes.append(
            {"x": x, "y": y, "said": said if few else str(number), "name": said}
            | {"on": bool(walked), "wide": wide - 8}
            | looks
        )
    return {
        "wide": 2 * (ring.across + ring.dot + 60),
        # An odd number of parties does not reach down to the ring's own foot.
        "high": max(y for _, y, *_ in taken) + ring.dot + 14,
        "dot": ring.dot,
        "lines": lines,
        "boxes": boxes,
        "parties": [
            {
                "x": at[party][0],
                "y": at[party][1],
                "name": party,
                "origin": party == origin,
                "hub": party in hubs,
                "reached": any(hop.receiver == party for hop in found),
            }
            for party in parties
        ],
    }


def hubs_of(texts: Iterable[Agreement]) -> dict[Party, tuple[str, ...]]:
    """Return through whom everything goes under some agreement, and under which."""
    found: dict[Party, tuple[str, ...]] = {}
    for text in texts:
        for clause in text.clauses:
            if isinstance(clause, Hub):
                found[clause.through] = (*found.get(clause.through, ()), text.id)
    return found


def _ring(parties: int, *, few: bool) -> _Ring:
    """Return a ring with room for so many parties side by side."""
    if few and parties <= _FEW:
        return _Ring(across=205, down=150, dot=30)
    down = max(150, 20 * parties)
    return _Ring(across=round(1.25 * down), down=down, dot=26)


def _around(parties: Sequence[Party], ring: _Ring) -> dict[Party, tuple[int, int]]:
    middle = ring.across + ring.dot + 60, ring.down + ring.dot + 14
    turns = [_UP + 2 * pi * number / len(parties) for number in range(len(parties))]
    return {
        party: (
            round(middle[0] + ring.across * cos(turn)),
            round(middle[1] + ring.down * sin(turn)),
        )
        for party, turn in zip(parties, turns, strict=True)
    }


def _free(
    ends: Sequence[tuple[int, int]],
    taken: Sequence[tuple[int, int, int, int]],
    across: int,
    down: int,
) -> tuple[int, int]:
    """Return a place for an agreement that hides no other: along its line, else beside it."""
    x = sum(one for one, _ in ends) / len(ends)
    y = sum(one for _, one in ends) / len(ends)
    places = [(x, y)]
    if len(ends) == 2:  # noqa: PLR2004 - a line has two ends
        (left, top), (right, bottom) = ends
        places = [(left + (right - left) * t, top + (bottom - top) * t) for t in _PLACES]
    # Then below, above, and to both sides, farther and farther off.
    for step in range(1, _STEPS):
        off = step * 2 * down
        places += [(x, y + off), (x, y - off), (x + off * 2, y), (x - off * 2, y)]
    for place in places:
        if not any(
            abs(place[0] - one) < across + half and abs(place[1] - other) < down + high
            for one, other, half, high in taken
        ):
            return round(place[0]), round(place[1])
    return round(x), round(y)
