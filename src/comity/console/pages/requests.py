"""Requests: one house asks for items; the other answers in full or in part, or declines."""

from typing import Any, Final

from comity.acts.deeds import Extent, Role
from comity.console.days import day_of, end_of, zone_of
from comity.console.forms import Order
from comity.console.pages import erasing, release
from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import erasing as words
from comity.node import reading, receiving, requests, treaty
from comity.node.ports import Reading
from comity.node.requests import View
from comity.register.rows import ItemOf, Peer, RequestOf
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.logs import LogName, counterpart, owner
from comity.vocabulary.names import (
    Party,
    parse_office,
    parse_party,
    parse_purpose,
    parse_subject,
)

_MAY: Final = (Role.DESK, Role.RELEASING, Role.REGISTRY, Role.SECURITY)
_OPEN: Final = frozenset({"open", "in-part"})
_OFFERED: Final = 12
"""Releases that a page offers to answer with; others are named by their numbers."""


def requests_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the requests that are this person's business, by whom they wait on."""
    visits.require(visit, *_MAY)
    found = [_line(visit, one) for one in _seen(visit)]
    return {
        "ours": [one for one in found if one["waits"] == "us"],
        "theirs": [one for one in found if one["waits"] == "them"],
        "rest": [one for one in found if not one["waits"]],
        "peers": _peers(visit),
        "asks": Role.DESK.value in visits.roles(visit.tx, visit.person),
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def waiting(visit: visits.Visit) -> list[dict[str, Any]]:
    """Return what of the requests waits on this house or on the other, for this person."""
    if not visits.roles(visit.tx, visit.person) & {one.value for one in _MAY}:
        return []
    return [one for one in (_line(visit, view) for view in _seen(visit)) if one["waits"]]


def _peers(visit: visits.Visit) -> list[dict[str, str]]:
    found = []
    for row in visit.tx.within(Peer, ""):
        text = treaty.between(visit.node, visit.tx, Party(row.key))
        name = "" if text is None else f"{text.id} {text.version}"
        found.append({"party": row.key, "agreement": name})
    return found


def _seen(visit: visits.Visit) -> list[View]:
    found = []
    for one in requests.views(visit.tx, now=visit.now):
        try:
            reading.authorise_asking(visit.tx, visit.person, one.request)
        except Refused:
            continue
        found.append(one)
    return found


def _line(visit: visits.Visit, view: View) -> dict[str, Any]:
    request = view.request
    log = LogName(request.log)
    asked_by_us = owner(log) == visit.node.party
    other = counterpart(log) if asked_by_us else owner(log)
    return {
        "key": request.key,
        "request": request,
        "asked_for": "" if view.words is None else view.words.title,
        "erased": view.erased,
        "other": other,
        "asked_by_us": asked_by_us,
        "state": view.state,
        "overdue": view.overdue,
        "waits": ("them" if asked_by_us else "us") if view.state in _OPEN else "",
    }


def request(visit: visits.Visit) -> dict[str, Any]:
    """Return one request: its words, its answers, and what this person may do about it."""
    visits.require(visit, *_MAY)
    row = _visible(visit, visit.tx)
    view = requests.view(visit.tx, row, now=visit.now)
    line = _line(visit, view)
    known = visits.roles(visit.tx, visit.person)
    answers = (
        not line["asked_by_us"]
        and view.state in _OPEN
        and bool(known & {Role.DESK.value, Role.RELEASING.value})
    )
    return line | {
        "lines": () if view.words is None else view.words.lines,
        "ends": [
            {
                "at": one.at,
                "act": one.act,
                "extent": one.extent,
                "releases": [_named(visit, key) for key in one.releases],
            }
            for one in view.ends
        ],
        "answers": answers,
        "desk": Role.DESK.value in known,
        "erases": erasing.offered(visit, row.key),
        "offered": _offered(visit, line, view) if answers else [],
        # What was answered in part is answered in part again, until somebody says that it is all.
        "extent": (Extent.PART if view.ends else Extent.FULL).value,
        "withdraws": line["asked_by_us"] and view.state in _OPEN and Role.DESK.value in known,
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def _named(visit: visits.Visit, key: str) -> str:
    """Return the number of an item that answers, where this person may see it."""
    item = visit.tx.get(ItemOf, key)
    if item is None or not visits.may(visit, reading.Deal.SEE, item):
        return ""
    return item.reference


def _offered(visit: visits.Visit, line: dict[str, Any], view: View) -> list[ItemOf]:
    """Return own releases to the asker, those on the subject first, the latest first.

    Those that answer the request already are not offered again.
    """
    given = {key for one in view.ends for key in one.releases}
    like: dict[str, Any] = {"direction": "out", "other": str(line["other"])}
    like |= {"limit": _OFFERED + len(given)}
    first = visits.seen(visit, subject=line["request"].subject, **like)
    rest = [one for one in visits.seen(visit, **like) if one not in first]
    return [one for one in (*first, *rest) if one.key not in given][:_OFFERED]


def _visible(place: visits.Visit | Order, tx: Reading) -> RequestOf:
    """Return the request that the address names.

    Raises:
        Refused: ``refused.absent``.
    """
    row = tx.get(RequestOf, place.place["key"])
    if row is None:
        raise receiving.absent()
    reading.authorise_asking(tx, place.person, row)
    return row


def ask_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the form to ask one party with.

    Raises:
        Refused: ``refused.absent``: no such counterpart, or no desk officer.
    """
    visits.require(visit, Role.DESK)
    peer = visit.asked.get("to", "")
    if visit.tx.get(Peer, peer) is None:
        raise receiving.absent()
    zone = zone_of(visit.node, visit.tx)
    later = plus_seconds(visit.now, requests.DEFAULT_DAYS * 86400)
    return {
        "to": peer,
        "peer_offices": release.offices_of(visit.tx, visit.node, Party(peer), visit.lang),
        "subjects": release.subjects(visit, Party(peer)),
        "purposes": release.purposes(visit, Party(peer)),
        "day": day_of(later, zone),
        "first_day": day_of(visit.now, zone),
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def ask(order: Order) -> str:
    """Ask another party for items.

    Raises:
        Refused: no desk officer; no agreement is in force with that party.
        RefusedAct: the agreement refuses it.
        Invalid: a field does not hold what it should.
    """
    fields = order.fields
    with order.node.store.reading() as tx:
        due = end_of(fields.one("due"), zone_of(order.node, tx))
    offices = tuple(parse_office(one) for one in fields.all("offices"))
    if not offices:
        raise Invalid("invalid.form.offices", "name the offices that are asked")
    if not fields.one("title"):
        raise Invalid("invalid.form.title", "name a short title")
    wanted = requests.Wanted(
        to=parse_party(fields.one("to")),
        offices=offices,
        subject=parse_subject(fields.one("subject")),
        purpose=parse_purpose(fields.one("purpose")),
        title=fields.one("title"),
        lines=tuple(one for one in fields.one("remarks").splitlines() if one.strip()),
        due=due,
    )
    requests.ask(order.node, wanted, officer=order.person)
    return "/requests"


def answer(order: Order) -> str:
    """Answer with releases that were made before, in full or in part.

    Raises:
        Refused: ``refused.absent``: one of the numbers is none, or not this person's to see.
        RefusedAct: it was answered, declined or withdrawn before.
    """
    fields = order.fields
    numbers = [*fields.all("release"), *fields.one("numbers").replace(",", " ").split()]
    if not numbers:
        raise Invalid("invalid.form.releases", "name the releases that answer it")
    with order.node.store.reading() as tx:
        row = _visible(order, tx)
        items = []
        for number in dict.fromkeys(numbers):
            item = receiving.find_item(tx, order.node.party, number)
            visits.authorise(order.node, tx, order.person, item)
            items.append(item)
    extent = Extent.PART if fields.one("extent") == "part" else Extent.FULL
    requests.answer(order.node, row, releases=items, extent=extent, officer=order.person)
    return "/requests"


def decline(order: Order) -> str:
    """Decline a request. No reason is asked for."""
    with order.node.store.reading() as tx:
        row = _visible(order, tx)
    requests.decline(order.node, row, officer=order.person)
    return "/requests"


def erase(order: Order) -> str:
    """Say that a request's words are to be erased; who says it second has agreed to it."""
    with order.node.store.reading() as tx:
        row = _visible(order, tx)
    words.say(order.node, row.key, officer=order.person, sign=order.sign)
    return "/requests"


def withdraw(order: Order) -> str:
    """Withdraw a request of this house."""
    with order.node.store.reading() as tx:
        row = _visible(order, tx)
    requests.withdraw(order.node, row, officer=order.person)
    return "/requests"
