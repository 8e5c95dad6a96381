"""Consents: the originator's prior written approval, asked for, given, used, taken back."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from msgspec import UNSET, UnsetType

from comity.acts.deeds import Mode, Role, Uses
from comity.console.days import day_of, end_of, zone_of
from comity.console.forms import Fields, Order
from comity.console.pages import release
from comity.console.pages import visit as visits
from comity.console.words import known_schemes
from comity.marking.schemes import Scheme
from comity.node import consents, granting, reading, receiving
from comity.node.consents import View
from comity.node.ports import Reading
from comity.register.rows import ItemOf, Peer
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import (
    Level,
    Party,
    Reference,
    parse_level,
    parse_party,
    parse_purpose,
    parse_reference,
)

_MAY: Final = (Role.DESK, Role.REGISTRY, Role.RELEASING)
_OVER: Final = frozenset({"refused", "expired", "used-up", "withdrawn"})
_MOST_TIMES: Final = 1_000_000
_ASKS: Final = frozenset({Role.DESK.value, Role.REGISTRY.value})


def consents_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the consents about items that this person may see, by whom they wait on."""
    visits.require(visit, *_MAY)
    found = [_line(visit, one) for one in _seen(visit)]
    return {
        "ours": [one for one in found if one["waits"] == "us"],
        "theirs": [one for one in found if one["waits"] == "them"],
        "rest": [one for one in found if not one["waits"]],
        "marking": visits.marked(visit, [one["item"] for one in found]),
    }


def waiting(visit: visits.Visit) -> list[dict[str, Any]]:
    """Return what of the consents waits on this house or on the other, for this person."""
    if not visits.roles(visit.tx, visit.person) & {one.value for one in _MAY}:
        return []
    return [one for one in (_line(visit, view) for view in _seen(visit)) if one["waits"]]


def _seen(visit: visits.Visit) -> list[View]:
    return [
        one
        for one in consents.views(visit.tx, now=visit.now)
        if one.item is not None and visits.may(visit, reading.Deal.SEE, one.item)
    ]


def _line(visit: visits.Visit, view: View) -> dict[str, Any]:
    row = view.consent or view.ask
    item = view.item
    assert row is not None  # noqa: S101 - a view has one of the two
    assert item is not None  # noqa: S101 - what is shown was seen first
    ours = item.provider == visit.node.party
    return {
        "key": view.key,
        "item": item,
        "uses": row.uses,
        "what": row.third_party or row.purpose or row.contractor or row.level,
        "until": row.until,
        "times": row.times,
        "mode": row.mode,
        "used": len(view.uses),
        "state": view.state,
        "at": row.at,
        "granted_by_us": ours,
        "other": item.receiver if ours else item.provider,
        "waits": _waits(view, ours=ours),
    }


def _waits(view: View, *, ours: bool) -> str:
    """Tell on whom a consent waits: its originator for an answer, its holder for an echo."""
    if view.state == "asked":
        return "us" if ours else "them"
    if view.state == "withdrawn" and not view.acknowledged:
        return "them" if ours else "us"
    return ""


def consent(visit: visits.Visit) -> dict[str, Any]:
    """Return one consent: its terms, its uses, and what this person may do about it."""
    visits.require(visit, *_MAY)
    view = _visible(visit, visit.tx)
    line = _line(visit, view)
    known = visits.roles(visit.tx, visit.person)
    ours, releasing = line["granted_by_us"], Role.RELEASING.value in known
    before = granting.waiting(visit.node, visit.tx, view.key) if ours and view.approved else ()
    return line | {
        "asked_at": "" if view.ask is None else view.ask.at,
        "granted_at": "" if view.consent is None else view.consent.at,
        "withdrawn_at": "" if view.consent is None else view.consent.ended_at,
        "used_by": [{"at": one.at, "to": one.third_party, "item": one.item} for one in view.uses],
        "concurrent": len(view.concurrent),
        "acknowledged": view.acknowledged,
        "decides": ours and releasing and view.state == "asked",
        "withdraws": ours and releasing and view.state in ("granted", "used-up"),
        "echoes": not ours
        and bool(_ASKS & known)
        and view.state == "withdrawn"
        and not view.acknowledged,
        # Where the answer was no, or is over, or is used: another may be asked for.
        "again": _theirs(line) and bool(_ASKS & known) and view.state in _OVER,
        "onward": _theirs(line)
        and line["uses"] == Uses.THIRD_PARTY.value
        and view.state == "granted"
        and Role.DESK.value in known
        and visits.may(visit, reading.Deal.READ, line["item"]),
        "given": [
            (
                visits.called(visit.tx, one.person),
                one.deed.until,
                one.deed.times,
                granting.mode_said(one.deed),
            )
            for one in before
        ],
        "modes": [one.value for one in Mode],
        "seen": _settled(before),
        "about": line["item"].reference,
        "day": day_of(plus_seconds(line["until"], -1), zone_of(visit.node, visit.tx)),
        "marking": visits.marked(visit, [line["item"]]),
    }


def _theirs(line: dict[str, Any]) -> bool:
    """Tell whether the other house decides on it: it provided the item, and originated it."""
    item: ItemOf = line["item"]
    return not line["granted_by_us"] and item.originator == item.provider


def _settled(before: Sequence[granting.Waiting]) -> str:
    """Return what names the deed that waits; empty where none or several do."""
    names = {granting.digest_seen(one) for one in before}
    return names.pop() if len(names) == 1 else ""


def _visible(place: visits.Visit | Order, tx: Reading) -> View:
    """Return the consent that the address names.

    Raises:
        Refused: ``refused.absent``: it is not here, or its item is not this person's business.
    """
    view = consents.view(tx, place.place["key"], now=place.node.clock.now())
    if view is None or view.item is None:
        raise receiving.absent()
    visits.authorise(place.node, tx, place.person, view.item)
    return view


def ask_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the form to ask with, filled in as far as the address says."""
    visits.require(visit, Role.DESK, Role.REGISTRY)
    item = _own_received(visit, visit.tx, visit.asked.get("item", ""))
    scheme = known_schemes().get(Party(item.provider))
    zone = zone_of(visit.node, visit.tx)
    later = plus_seconds(visit.now, consents.DEFAULT_DAYS * 86400)
    return {
        "item": item,
        "uses": visit.asked.get("uses", Uses.THIRD_PARTY.value),
        "what": visit.asked.get("for", ""),
        "kinds": [one.value for one in Uses],
        "modes": [one.value for one in Mode],
        "parties": sorted(
            {Party(row.key) for row in visit.tx.within(Peer, "")} - {Party(item.provider)}
        ),
        "purposes": release.purposes(visit, Party(item.provider)),
        "levels": _lower(scheme, Level(item.level)),
        "day": day_of(later, zone),
        "first_day": day_of(visit.now, zone),
        "about": item.reference,
        "marking": visits.marked(visit, [item]),
    }


def _lower(scheme: Scheme | None, level: Level) -> list[Level]:
    """Return the levels of the originator's scheme below an item's, the highest first."""
    if scheme is None:
        return []
    own = next((one.rank for one in scheme.level if one.level == level), None)
    return [one.level for one in scheme.level if own is None or one.rank < own]


def _own_received(place: visits.Visit | Order, tx: Reading, number: str) -> ItemOf:
    """Return a received item that the person may see.

    Raises:
        Refused: ``refused.absent``.
    """
    item = receiving.find_item(tx, place.node.party, number)
    visits.authorise(place.node, tx, place.person, item)
    if item.receiver != place.node.party:
        raise receiving.absent()
    return item


def ask(order: Order) -> str:
    """Ask the originator for an approval.

    Raises:
        Refused: ``refused.absent``; the person is no desk officer or registry officer.
        RefusedAct: the agreement does not let it be asked.
        Invalid: what it is for is not named as it should be.
    """
    fields = order.fields
    with order.node.store.reading() as tx:
        item = _own_received(order, tx, fields.one("item"))
        until = end_of(fields.one("until"), zone_of(order.node, tx))
    if fields.one("uses") not in {one.value for one in Uses}:
        raise Invalid("invalid.form.uses", "say what the approval is for")
    uses = Uses(fields.one("uses"))
    terms = consents.Terms(
        uses=uses,
        third_party=parse_party(fields.one("party")) if uses is Uses.THIRD_PARTY else UNSET,
        purpose=parse_purpose(fields.one("purpose")) if uses is Uses.PURPOSE else UNSET,
        contractor=_contractor(fields) if uses is Uses.CONTRACTOR else UNSET,
        level=parse_level(fields.one("level")) if uses is Uses.LOWERING else UNSET,
        until=until,
        times=_times(fields) or 1,
        mode=_mode(fields) if uses is Uses.THIRD_PARTY else UNSET,
    )
    consents.ask(order.node, item, terms, officer=order.person)
    return "/consents"


def _contractor(fields: Fields) -> Reference:
    try:
        return parse_reference(fields.one("contractor"))
    except Invalid as error:
        raise Invalid("invalid.form.contractor", error.detail) from None


def _times(fields: Fields) -> int | None:
    """Return how often it may be used; nothing where that was left empty."""
    said = fields.one("times")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and 0 < int(said) <= _MOST_TIMES):
        raise Invalid("invalid.form.times", said)
    return int(said)


def _mode(fields: Fields) -> Mode | UnsetType:
    said = fields.one("mode")
    return Mode(said) if said else UNSET


def grant(order: Order) -> str:
    """Approve what was asked, for as long and as often as the form says.

    Where one approved before, the form names the deed that was shown, and the second approves
    exactly that.

    Raises:
        Refused: ``refused.consent.changed``: another deed waits by now.
    """
    view, until = _decided(order)
    if view.ask is None:
        raise receiving.absent()
    times = _times(order.fields)
    entered = granting.grant(
        order.node,
        view.ask,
        authority=order.person,
        until=until,
        times=times,
        mode=_mode(order.fields),
        seen=order.fields.one("seen"),
        sign=order.sign,
    )
    return "/consents" if entered else f"/consents/{quote(view.key)}"


def refuse(order: Order) -> str:
    """Do not approve. No reason is asked for."""
    view, _ = _decided(order)
    if view.ask is None:
        raise receiving.absent()
    consents.refuse(order.node, view.ask, authority=order.person, sign=order.sign)
    return "/consents"


def withdraw(order: Order) -> str:
    """Take an approval back."""
    view, _ = _decided(order)
    if view.consent is None:
        raise receiving.absent()
    consents.withdraw(order.node, view.consent, authority=order.person, sign=order.sign)
    return "/consents"


def acknowledge(order: Order) -> str:
    """Say that a withdrawal was seen."""
    view, _ = _decided(order)
    if view.consent is None:
        raise receiving.absent()
    consents.acknowledge(order.node, view.consent, officer=order.person)
    return "/consents"


def _decided(order: Order) -> tuple[View, Any]:
    with order.node.store.reading() as tx:
        view = _visible(order, tx)
        until = end_of(order.fields.one("until"), zone_of(order.node, tx))
    return view, until
