"""A counterpart on paper: what it did, entered as attested, and never shown as signed by it."""

from typing import Any, Final

from msgspec import UNSET

from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.deeds.consent import Uses
from comity.acts.parts import Position
from comity.agreement import shipped
from comity.console.days import day_of, end_of, zone_of
from comity.console.forms import Fields, Order
from comity.console.pages import release
from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import attesting, consents, handing, kept, treaty
from comity.node import paper as on_paper
from comity.node import papers as attested
from comity.node.paper import Handed, Sheet
from comity.node.receiving import absent
from comity.vocabulary.dates import parse_dated
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.logs import standing_in
from comity.vocabulary.names import (
    Party,
    Regime,
    parse_level,
    parse_office,
    parse_party,
    parse_purpose,
    parse_subject,
)

DISPUTES: Final = (Role.REGISTRY, Role.SIGNATORY)
"""Who disputes what another party attested of this house."""
ACTS: Final = (
    "treaty.sign",
    "treaty.notify-requirements-met",
    "people.assure",
    "delivery.receipt",
    "consent.grant",
    "consent.refuse",
)
"""Acts with a form of their own; every other is entered by the names of its fields."""
_TEXTS: Final = frozenset({"treaty.sign", "treaty.notify-requirements-met"})
_WORDS: Final = ("cleared", "needed", "protected")
_TERM_DAYS: Final = 365


def papers(visit: visits.Visit) -> dict[str, Any]:
    """Return the parties that keep or kept paper, and those that attested something of us."""
    visits.require(visit, *DISPUTES)
    house, tx = visit.node.party, visit.tx
    registry = Role.REGISTRY.value in visits.roles(tx, visit.person)
    return {
        "parties": [
            {
                "party": one,
                "log": standing_in(house, one),
                "open": kept.is_open(tx, house, one),
                "entries": tx.frontier(standing_in(house, one)).size,
            }
            for one in (kept.on_paper(tx, house) if registry else ())
        ],
        "begins": registry,
        "keepers": [one for one in kept.counterparts(tx, house) if _of_us(visit, one)],
        "marking": _unmarked(visit),
    }


def _of_us(visit: visits.Visit, keeper: Party) -> int:
    return visit.tx.frontier(standing_in(keeper, visit.node.party)).size


def _unmarked(visit: visits.Visit) -> str:
    # Kinds, offices, days and numbers of letters are shown, nothing of any item.
    return marking_of_all(
        [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
    )


def paper(visit: visits.Visit) -> dict[str, Any]:
    """Return what is attested of one party, and what may be entered of it.

    Raises:
        Refused: ``refused.absent``: it keeps no paper here, or this is not the registry.
    """
    absent_party = _party(visit)
    house = visit.node.party
    return {
        "absent": absent_party,
        "open": kept.is_open(visit.tx, house, absent_party),
        "entries": attested.entries(visit.tx, standing_in(house, absent_party)),
        "acts": ACTS,
        "name_of_page": "",
        "about": absent_party,
        "marking": _unmarked(visit),
    }


def of_us(visit: visits.Visit) -> list[dict[str, Any]]:
    """Return what a party attested of this house before it joined.

    Raises:
        Refused: ``refused.absent``: nothing, or it is not this person's business.
    """
    visits.require(visit, *DISPUTES)
    keeper = Party(visit.place["party"])
    if not _of_us(visit, keeper):
        raise absent()
    return attested.entries(visit.tx, standing_in(keeper, visit.node.party))


def keeper(visit: visits.Visit) -> dict[str, Any]:
    """Return the page of what another party attested of this house, to be disputed or left."""
    return {"keeper": visit.place["party"], "entries": of_us(visit), "marking": _unmarked(visit)}


def _party(visit: visits.Visit) -> Party:
    visits.require(visit, Role.REGISTRY)
    found = Party(visit.place["party"])
    if not kept.is_kept(visit.tx, visit.node.party, found):
        raise absent()
    return found


def scan(visit: visits.Visit) -> tuple[bytes, str]:
    """Return the scanned paper behind an entry, and what it is called.

    Raises:
        Refused: ``refused.absent``.
    """
    party, index = _party(visit), int(visit.place["index"])
    raw = attested.scan(visit.node, visit.tx, party, index, visit.person)
    return raw, f"{party}-{index}"


def begin_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the form by which a log for a party on paper begins."""
    visits.require(visit, Role.REGISTRY)
    house = visit.node.party
    known = {house, *kept.counterparts(visit.tx, house)}
    return {
        "parties": [one for one in shipped.parties_with_profiles() if one not in known],
        "marking": _unmarked(visit),
    }


def begin(order: Order) -> str:
    """Begin to keep a log for a party on paper, with the note that names its authorities.

    Raises:
        Invalid: a field does not hold what it should; ``invalid.profile``.
        Refused: ``refused.paper.joined``, ``refused.paper.again``; ``refused.pact.profile``.
        Unavailable: ``unavailable.face``.
    """
    with order.node.store.reading() as tx:
        if Role.REGISTRY.value not in visits.roles(tx, order.person):
            raise absent()
    files = {one.field: one for one in order.fields.files}
    profile, note = files.get("profile"), files.get("scan")
    party = parse_party(order.fields.one("party"))
    on_paper.begin_here(
        order.node,
        party,
        None if profile is None else profile.content,
        sheet=_sheet(order.fields._replace(file=note)),
        by=parse_office(order.fields.one("by")),
        officer=order.person,
        sign=order.sign,
    )
    return f"/paper/{party}"


def enter_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the form for one kind of act, with what there is to choose."""
    party = _party(visit)
    act = visit.asked.get("act", "")
    zone = zone_of(visit.node, visit.tx)
    return _paper_fields(visit, party) | {
        "act": act if act in ACTS else "",
        "others": [one for one in on_paper.ACTS if one not in ACTS],
        "texts": [
            (one.agreement.digest, f"{one.agreement.id} {one.agreement.version}")
            for one in treaty.known(visit.node, visit.tx, peer=party)
        ],
        "levels": release.levels_of(party),
        "words": _WORDS,
        "stages": [one.value for one in Stage],
        "reserves": [one.value for one in Reserve],
        "asks": _asked(visit, party),
        "item": visit.asked.get("item", ""),
        "term": day_of(plus_seconds(visit.now, _TERM_DAYS * 86400), zone),
    }


def _asked(visit: visits.Visit, party: Party) -> list[dict[str, Any]]:
    """Return the questions for a consent that wait for this party's answer."""
    return [
        {
            "key": one.key,
            "uses": one.ask.uses,
            "what": one.ask.third_party or one.ask.purpose or one.ask.contractor or one.ask.level,
            "reference": one.item.reference,
        }
        for one in consents.views(visit.tx, now=visit.now)
        if one.state == "asked" and one.ask and one.item and one.item.provider == party
    ]


def item_page(visit: visits.Visit) -> dict[str, Any]:
    """Return the form for an item that came on paper."""
    party = _party(visit)
    profile = visit.node.profile(visit.tx, visit.tx)
    own = [] if profile is None else profile.offices
    return _paper_fields(visit, party) | {
        "own": [(one.office, one.names.get(visit.lang, one.office)) for one in own],
        "levels": release.levels_of(party),
        "subjects": release.subjects(visit, party),
        "purposes": release.purposes(visit, party),
    }


def _paper_fields(visit: visits.Visit, party: Party) -> dict[str, Any]:
    return {
        "absent": party,
        "open": kept.is_open(visit.tx, visit.node.party, party),
        "theirs": release.offices_of(visit.tx, visit.node, party, visit.lang),
        "marking": _unmarked(visit),
    }


def enter(order: Order) -> str:
    """Enter what the party did, as the form and the scan say.

    Raises:
        Invalid: a field does not hold what it should.
        Refused: ``refused.paper.scan``, ``refused.paper.joined``.
        RefusedAct: the agreement refuses it, as it would refuse the act itself.
    """
    fields, party = order.fields, parse_party(order.place["party"])
    act = fields.one("act") or fields.one("other")
    attesting.enter(
        order.node,
        party,
        act,
        _stated(order, act),
        by=parse_office(fields.one("by")),
        item=fields.one("item"),
        sheet=_sheet(fields),
        officer=order.person,
        sign=order.sign,
    )
    return f"/paper/{party}"


def _stated(order: Order, act: str) -> dict[str, Any]:
    fields = order.fields
    with order.node.store.reading() as tx:
        until = end_of(fields.one("until"), zone_of(order.node, tx))
        if act in ("consent.grant", "consent.refuse"):
            return _answered(tx, fields, until)
    if act in _TEXTS:
        return {"text": fields.one("text")}
    if act == "people.assure":
        return {
            "offices": fields.all("offices"),
            "level": fields.one("level"),
            "until": until,
            **{one: fields.has(one) for one in _WORDS},
        }
    if act == "delivery.receipt":
        counted = {one: fields.one(one) for one in ("copy", "pages", "annexes")}
        return counted | {"stage": fields.one("stage"), "reserve": fields.all("reserve")}
    return _said(fields.one("fields"))


def _answered(tx: Any, fields: Fields, until: Any) -> dict[str, Any]:  # noqa: ANN401 - as read
    """Return the answer to a question of ours: its own terms, shorter where the paper says so."""
    ask = consents.find_ask(tx, fields.one("ask"))
    position = {"ask": ask.key, "item": _place(ask.scope)}
    if not fields.has("until"):
        return position
    named = {
        Uses.THIRD_PARTY.value: ("third_party", ask.third_party),
        Uses.PURPOSE.value: ("purpose", ask.purpose),
        Uses.CONTRACTOR.value: ("contractor", ask.contractor),
        Uses.LOWERING.value: ("level", ask.level),
    }
    name, value = named.get(ask.uses, ("", ""))
    times = fields.one("times") or str(ask.times)
    end = ask.until if until is UNSET else until
    return (
        position
        | {"uses": ask.uses, "until": end, "times": times}
        | ({name: value} if name else {})
    )


def _place(key: str) -> dict[str, Any]:
    log, _, index = key.rpartition("#")
    return {"log": log, "index": int(index)}


def _said(text: str) -> dict[str, Any]:
    """Return fields from lines of the form NAME=VALUE."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if line.strip() and not (equals and name.strip()):
            raise Invalid("invalid.argument", f"{line}: say FIELD=VALUE")
        if line.strip():
            found[name.strip()] = value.strip()
    return found


def _sheet(fields: Fields) -> Sheet:
    if fields.file is None:
        raise Invalid("invalid.form.file", "the scanned paper is put in as a file")
    return Sheet(
        scan=fields.file.content,
        on=parse_dated(fields.one("on")),
        number=fields.one("number") or UNSET,
    )


def item(order: Order) -> str:
    """Enter an item that the party handed over; its scan is its content."""
    fields, party = order.fields, parse_party(order.place["party"])
    sheet = _sheet(fields)
    regime = fields.one("regime")
    handed = Handed(
        by=parse_office(fields.one("by")),
        offices=tuple(parse_office(one) for one in fields.all("offices")),
        level=parse_level(fields.one("level")),
        subject=parse_subject(fields.one("subject")),
        purpose=parse_purpose(fields.one("purpose")),
        title=fields.one("title"),
        content=sheet.scan,
        pages=int(fields.one("pages") or "1"),
        annexes=int(fields.one("annexes") or "0"),
        regime=Regime(parse_level(regime)) if regime else UNSET,
        file_name="" if fields.file is None else fields.file.name,
        media_type="" if fields.file is None else fields.file.media_type,
    )
    if not handed.offices:
        raise Invalid("invalid.form.offices", "name the addressed offices")
    if not handed.title:
        raise Invalid("invalid.form.title", "name a short title")
    handing.item(order.node, party, handed, sheet=sheet, officer=order.person, sign=order.sign)
    return f"/paper/{party}"


def dispute(order: Order) -> str:
    """Dispute what another party attested of this house, with the own date if that differs."""
    with order.node.store.reading() as tx:
        known = visits.roles(tx, order.person)
    if not known & {one.value for one in DISPUTES}:
        raise absent()
    party = Party(order.place["party"])
    leaf = Position(log=standing_in(party, order.node.party), index=int(order.place["index"]))
    on = order.fields.one("on")
    attested.dispute(order.node, leaf, on=parse_dated(on) if on else UNSET, actor=order.person)
    return f"/attested/{party}"
