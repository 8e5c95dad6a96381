"""Commands over consents and requests, and passing on what was received."""

from typing import Any, Final

from msgspec import UNSET, UnsetType

from comity.acts.deeds import Extent, Mode, Uses
from comity.assemble.commands.said import Arguments, entered_of, finding_of, item_named
from comity.assemble.house import House
from comity.node import consents, granting, passing, receiving, releases, requests
from comity.register.rows import AskOf, ConsentOf
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import (
    Reference,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_purpose,
    parse_reference,
    parse_subject,
)

_WITHOUT_TARGET: Final = (Uses.EXTRACT, Uses.REPRODUCTION, Uses.DESTRUCTION, Uses.DISCLOSURE)
"""What a consent may be for that names nothing besides."""


def consent_ask(house: House, args: Arguments) -> dict[str, Any]:
    """Ask an item's originator for an approval; exactly one use is named."""
    target = {
        Uses.THIRD_PARTY: args.get("third_party"),
        Uses.PURPOSE: args.get("purpose"),
        Uses.CONTRACTOR: args.get("contractor"),
        Uses.LOWERING: args.get("level"),
        **{uses: args.get(uses.value) for uses in _WITHOUT_TARGET},
    }
    named = [uses for uses, value in target.items() if value]
    if len(named) != 1:
        raise Invalid(
            "invalid.argument",
            "name one thing that the approval is for",
        )
    party, purpose, contractor, level = list(target.values())[:4]
    terms = consents.Terms(
        uses=named[0],
        third_party=parse_party(party) if party else UNSET,
        purpose=parse_purpose(purpose) if purpose else UNSET,
        contractor=Reference(parse_reference(contractor)) if contractor else UNSET,
        level=parse_level(level) if level else UNSET,
        until=parse_instant(args["until"]) if args.get("until") else UNSET,
        times=_times(args) or 1,
        mode=_mode(args),
    )
    officer = parse_person(args["as"])
    return entered_of(consents.ask(house.node, item_named(house, args), terms, officer=officer))


def consent_grant(house: House, args: Arguments) -> dict[str, Any]:
    """Approve what was asked; a releasing authority signs, and a second one where it takes two."""
    entered = granting.grant(
        house.node,
        _ask(house, args),
        authority=parse_person(args["as"]),
        until=parse_instant(args["until"]) if args.get("until") else UNSET,
        times=_times(args),
        mode=_mode(args),
        seen=args.get("seen") or "",
    )
    return {"waiting": [args["consent"]]} if entered is None else entered_of(entered)


def consent_refuse(house: House, args: Arguments) -> dict[str, Any]:
    """Do not approve; no reason is asked for."""
    authority = parse_person(args["as"])
    return entered_of(consents.refuse(house.node, _ask(house, args), authority=authority))


def consent_withdraw(house: House, args: Arguments) -> dict[str, Any]:
    """Take an approval back."""
    authority = parse_person(args["as"])
    return entered_of(consents.withdraw(house.node, _consent(house, args), authority=authority))


def consent_acknowledge(house: House, args: Arguments) -> dict[str, Any]:
    """Say that a withdrawal was seen."""
    officer = parse_person(args["as"])
    return entered_of(consents.acknowledge(house.node, _consent(house, args), officer=officer))


def consent_list(house: House, args: Arguments) -> dict[str, Any]:
    """List the consents asked of this house and by it."""
    del args
    return {"consents": [_consent_said(house, one) for one in consents.listed(house.node)]}


def _consent_said(house: House, view: consents.View) -> dict[str, Any]:
    row = view.consent or view.ask
    assert row is not None  # noqa: S101 - a view has one of the two
    return {
        "consent": view.key,
        "item": "" if view.item is None else view.item.reference,
        "uses": row.uses,
        "for": row.third_party or row.purpose or row.contractor or row.level,
        "until": row.until,
        "times": row.times,
        "mode": row.mode,
        "state": view.state,
        "used": len(view.uses),
        "concurrent": [f"{one.log}#{one.index}" for one in view.concurrent],
        "acknowledged": view.acknowledged,
        "approved": list(view.approved),
        "waiting": _waiting(house, view),
    }


def _waiting(house: House, view: consents.View) -> list[dict[str, Any]]:
    """Return what waits for another person's approval: who signed which terms."""
    if not view.approved:
        return []
    with house.store.reading() as tx:
        found = granting.waiting(house.node, tx, view.key)
    return [
        {
            "person": one.person,
            "until": one.deed.until,
            "times": one.deed.times,
            "mode": granting.mode_said(one.deed),
            "seen": granting.digest_seen(one),
        }
        for one in found
    ]


def pass_on(house: House, args: Arguments) -> dict[str, Any]:
    """Lay before the authority that a received item goes on, as it is, to a third party."""
    drafter = parse_person(args["as"])
    wish = passing.wish(
        house.node,
        item_named(house, args),
        to=parse_party(args["to"]),
        offices=tuple(parse_office(one) for one in args["offices"]),
        person=drafter,
        purpose=parse_purpose(args["purpose"]) if args.get("purpose") else UNSET,
    )
    laid = releases.lay_before(house.node, wish, drafter=drafter)
    return {
        "draft": laid.deed,
        "findings": [finding_of(one) for one in laid.assessment.findings],
    }


def request_ask(house: House, args: Arguments) -> dict[str, Any]:
    """Ask another party for items."""
    wanted = requests.Wanted(
        to=parse_party(args["to"]),
        offices=tuple(parse_office(one) for one in args["offices"]),
        subject=parse_subject(args["subject"]),
        purpose=parse_purpose(args["purpose"]),
        title=args["title"],
        lines=tuple(args.get("lines", ())),
        due=parse_instant(args["due"]) if args.get("due") else UNSET,
    )
    return entered_of(requests.ask(house.node, wanted, officer=parse_person(args["as"])))


def request_answer(house: House, args: Arguments) -> dict[str, Any]:
    """Answer a request by releases that were made before."""
    with house.store.reading() as tx:
        request = requests.find(tx, args["request"])
        released = [receiving.find_item(tx, house.node.party, one) for one in args["release"]]
    return entered_of(
        requests.answer(
            house.node,
            request,
            releases=released,
            extent=Extent.PART if args.get("part") else Extent.FULL,
            officer=parse_person(args["as"]),
        )
    )


def request_decline(house: House, args: Arguments) -> dict[str, Any]:
    """Decline a request; no reason is asked for."""
    with house.store.reading() as tx:
        request = requests.find(tx, args["request"])
    return entered_of(requests.decline(house.node, request, officer=parse_person(args["as"])))


def request_withdraw(house: House, args: Arguments) -> dict[str, Any]:
    """Withdraw a request of this house."""
    with house.store.reading() as tx:
        request = requests.find(tx, args["request"])
    return entered_of(requests.withdraw(house.node, request, officer=parse_person(args["as"])))


def request_list(house: House, args: Arguments) -> dict[str, Any]:
    """List the requests to this house and by it."""
    del args
    return {
        "requests": [
            {
                "request": one.request.key,
                "office": one.request.office,
                "offices": list(one.request.offices),
                "subject": one.request.subject,
                "title": "" if one.words is None else one.words.title,
                "erased": one.erased,
                "due": one.request.due,
                "state": one.state,
                "overdue": one.overdue,
                "releases": [release for end in one.ends for release in end.releases],
            }
            for one in requests.listed(house.node)
        ]
    }


def _ask(house: House, args: Arguments) -> AskOf:
    with house.store.reading() as tx:
        return consents.find_ask(tx, args["consent"])


def _consent(house: House, args: Arguments) -> ConsentOf:
    with house.store.reading() as tx:
        return consents.find_consent(tx, args["consent"])


def _mode(args: Arguments) -> Mode | UnsetType:
    said = args.get("mode")
    if not said:
        return UNSET
    known = [one.value for one in Mode]
    if said not in known:
        raise Invalid("invalid.argument", f"mode is one of {', '.join(known)}")
    return Mode(said)


def _times(args: Arguments) -> int | None:
    said = args.get("times")
    if said is None:
        return None
    if not str(said).isdecimal() or not 1 <= int(said) <= 1_000_000:  # noqa: PLR2004 - of the deed
        raise Invalid("invalid.argument", "times is a whole number from 1 to 1000000")
    return int(said)
