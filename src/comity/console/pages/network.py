"""The network: parties and agreements as a picture, and what routes lead through it."""

from math import cos, pi, sin
from typing import Any, Final, NamedTuple

from comity.agreement.clauses.scope import Scope
from comity.agreement.network import Net, Route, Thing, reach, routes
from comity.agreement.shipped import newest
from comity.agreement.text import Agreement
from comity.console.pages.visit import Visit
from comity.console.words import known_schemes, marking_of_all, spellings
from comity.node import treaty
from comity.vocabulary.forms import Form
from comity.vocabulary.names import AgreementId, Level, Party, Purpose, Subject

_WIDE, _RADIUS, _MARGIN = 640, 150, 40
_UP: Final = -pi / 2
_PURPOSE: Final = Purpose("defence")
_ANYBODY: Final = ""


class Asked(NamedTuple):
    """What is asked of the web, as typed.

    Attributes:
        to: Whom it is to reach; empty: whoever could come to hold it.
        without: The agreement taken as ended; empty: none.
    """

    origin: str
    level: str
    subject: str
    to: str
    without: str


def network(visit: Visit) -> dict[str, Any]:
    """Return the picture of all texts known here, and the answer to what is asked of it."""
    known = {one.agreement.id: one for one in treaty.known(visit.node, visit.tx)}
    texts = {one.id: one for one in newest()} | {name: one.agreement for name, one in known.items()}
    net = Net(agreements=tuple(texts[name] for name in sorted(texts)), at=visit.now)
    asked = _asked(visit, net)
    if asked.without:
        net = net.without(AgreementId(asked.without))
    found = _found(net, asked)
    return {
        "asked": asked,
        "parties": _parties(texts),
        "levels": _levels(Party(asked.origin)),
        "subjects": _subjects(net),
        "texts": [
            {
                "id": one.id,
                "version": one.version,
                "parties": one.parties,
                "views": {who: view.value for who, view in known[one.id].views}
                if one.id in known
                else {},
                "ended": one.id == asked.without,
            }
            for one in texts.values()
        ],
        "routes": [_told(route) for route in found],
        "picture": _picture(texts, found, asked),
        "marking": marking_of_all([], house=visit.node.party, demonstration=visit.demonstration),
    }


def _asked(visit: Visit, net: Net) -> Asked:
    """Return what is asked; what no text knows is taken as not asked."""
    given = {name: visit.asked.get(name, "").strip() for name in Asked._fields}
    origin = given["origin"] if given["origin"] in net.parties else visit.node.party
    levels = _levels(Party(origin))
    subjects = _subjects(net)
    return Asked(
        origin=origin,
        level=given["level"] if given["level"] in levels else (levels[0] if levels else ""),
        subject=given["subject"]
        if given["subject"] in subjects
        else (subjects[0] if subjects else ""),
        to=given["to"] if given["to"] in net.parties and given["to"] != origin else _ANYBODY,
        without=given["without"] if given["without"] in {a.id for a in net.agreements} else "",
    )


def _found(net: Net, asked: Asked) -> tuple[Route, ...]:
    if not asked.level or not asked.subject:
        return ()
    thing = Thing(
        originator=Party(asked.origin),
        level=Level(asked.level),
        subject=Subject(asked.subject),
        purpose=_PURPOSE,
        form=Form.ELECTRONIC,
    )
    if asked.to:
        return routes(net, thing, Party(asked.to), limit=8, longest=4)
    return tuple(one.route for one in reach(net, thing))


def _told(route: Route) -> dict[str, Any]:
    return {
        "to": route.receiver,
        "hops": [
            {
                "provider": hop.provider,
                "receiver": hop.receiver,
                "agreement": f"{hop.agreement} {hop.version}",
                "articles": hop.articles,
                "called_as": " / ".join(spellings().get(one, one) for one in hop.called),
                "consents": hop.consents,
                "needs": [finding.reason for finding in hop.needs],
            }
            for hop in route.hops
        ],
    }


def _parties(texts: dict[Any, Agreement]) -> tuple[Party, ...]:
    return tuple(sorted({party for one in texts.values() for party in one.parties}))


def _levels(party: Party) -> tuple[Level, ...]:
    scheme = known_schemes().get(party)
    return () if scheme is None else tuple(one.level for one in scheme.level)


def _subjects(net: Net) -> tuple[Subject, ...]:
    return tuple(
        sorted(
            {
                subject
                for one in net.agreements
                for clause in one.clauses
                if isinstance(clause, Scope)
                for subject in clause.subjects
            }
        )
    )


class _Line(NamedTuple):
    x1: int
    y1: int
    x2: int
    y2: int
    on: bool
    ended: bool


def _picture(texts: dict[Any, Agreement], found: tuple[Route, ...], asked: Asked) -> dict[str, Any]:
    """Return where parties and agreements stand: parties on a circle, agreements between them.

    An agreement stands at the middle of its parties; several at one place step aside.
    """
    parties = _parties(texts)
    at = {
        party: (
            round(_WIDE / 2 + 1.35 * _RADIUS * cos(_UP + 2 * pi * number / len(parties))),
            round(_RADIUS + _MARGIN + _RADIUS * sin(_UP + 2 * pi * number / len(parties))),
        )
        for number, party in enumerate(parties)
    }
    used = {(hop.provider, hop.receiver, hop.agreement) for one in found for hop in one.hops}
    taken: set[tuple[int, int]] = set()
    lines, boxes = [], []
    for one in texts.values():
        x = round(sum(at[party][0] for party in one.parties) / len(one.parties))
        y = round(sum(at[party][1] for party in one.parties) / len(one.parties))
        while any(abs(x - left) < 170 and abs(y - top) < 30 for left, top in taken):  # noqa: PLR2004 - a box and its gap
            y += 32
        taken.add((x, y))
        walked = {party for p, r, name in used if name == one.id for party in (p, r)}
        ended = one.id == asked.without
        lines += [_Line(*at[party], x, y, party in walked, ended) for party in one.parties]
        boxes.append(
            {
                "x": x,
                "y": y,
                "name": f"{one.id}",
                "version": one.version,
                "on": bool(walked),
                "ended": ended,
            }
        )
    return {
        "wide": _WIDE,
        "high": max(y for _, y in at.values()) + _MARGIN,
        "lines": lines,
        "boxes": boxes,
        "parties": [
            {
                "x": at[party][0],
                "y": at[party][1],
                "name": party,
                "origin": party == asked.origin,
                "reached": any(hop.receiver == party for one in found for hop in one.hops),
            }
            for party in parties
        ],
    }
