"""Commands over a house's own persons, and the word given for them."""

from collections.abc import Sequence
from typing import Any

from comity.acts.deeds import Role
from comity.assemble.commands.said import Arguments, content_of, entered_of, office_of
from comity.assemble.house import ADMINISTRATOR, House
from comity.node import passkeys, people, treaty
from comity.node.articles import article_of
from comity.node.ports import Reading
from comity.register.rows import FacilityLine, PersonOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import (
    Office,
    PersonId,
    Reason,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_subject,
)
from comity.vocabulary.reading import one_of


def person_add(house: House, args: Arguments) -> dict[str, Any]:
    """Enter a person; who releases or receipts gets an approval key, kept as a file (custodied).

    None is made for who signs with a passkey, or is going to.
    """
    person = parse_person(args["person"])
    roles = tuple(one_of(Role, role, "--role") for role in args["roles"])
    signs = {Role.RELEASING, Role.CUSTODIAN, Role.REGISTRY} & set(roles)
    office = parse_office(args["office"])
    with house.store.reading() as tx:
        if _is_entered(tx, person, args, office, roles):
            return {"already": True, "person": person}
        passkey = args.get("no_file") or passkeys.living(tx, person)
    key = house.vault.add_person(person) if signs and not passkey else None
    entered = people.add_person(
        house.node,
        person,
        name=args["name"],
        title=args.get("title", ""),
        office=office,
        roles=roles,
        key=key,
        actor=ADMINISTRATOR,
    )
    return entered_of(entered) | {"person": person, "approval_key": key is not None}


def _is_entered(
    tx: Reading, person: PersonId, args: Arguments, office: Office, roles: tuple[Role, ...]
) -> bool:
    """Tell whether a person is entered just so; else it is a change, and is entered."""
    row, card = tx.get(PersonOf, person), people.card_of(tx, person)
    if row is None or card is None:
        return False
    stated = (str(args["name"]), str(args.get("title", "")), office, {one.value for one in roles})
    return stated == (card.name, card.title, row.office, set(row.roles)) and not args.get("no_file")


def person_invite(house: House, args: Arguments) -> dict[str, Any]:
    """Make a link by which a person registers a passkey, once."""
    from comity.assemble.desk import invitation  # noqa: PLC0415

    return invitation(house, args["person"])


def person_passkeys(house: House, args: Arguments) -> dict[str, Any]:
    """Say which passkeys a person registered, and whether the house keeps a key file."""
    person = parse_person(args["person"])
    with house.store.reading() as tx:
        row = people.require_person(tx, person)
        return {
            "person": person,
            "custodied": bool(row.approval_key),
            "passkeys": [
                {
                    "key": one.key,
                    "relying_party": one.relying_party,
                    "at": one.at,
                    "copied": one.copied,
                    "revoked": one.revoked,
                }
                for one in passkeys.passkeys_of(tx, person)
            ],
        }


def person_revoke(house: House, args: Arguments) -> dict[str, Any]:
    """Revoke a passkey by the beginning of its key's identifier, and tell the counterparts."""
    person = parse_person(args["person"])
    with house.store.reading() as tx:
        found = [
            one.key
            for one in passkeys.living(tx, person)
            if one.key.removeprefix("sha384:").startswith(args["which"].removeprefix("sha384:"))
        ]
    if len(found) != 1 or not args["which"]:
        raise passkeys.unknown()
    entered = passkeys.revoke(house.node, person, Digest(found[0]), actor=ADMINISTRATOR)
    return entered_of(entered) | {"key": found[0], "told": list(passkeys.tell(house.node))}


def person_clear(house: House, args: Arguments) -> dict[str, Any]:
    """Record a clearance."""
    return entered_of(
        people.clear(
            house.node,
            parse_person(args["person"]),
            level=parse_level(args["level"]),
            since=house.node.clock.now(),
            until=parse_instant(args["until"]),
            authority=parse_office(args["authority"])
            if args.get("authority")
            else house.node.registry,
            actor=ADMINISTRATOR,
            attestation=content_of(args["attestation"]) if args.get("attestation") else None,
        )
    )


def person_need(house: House, args: Arguments) -> dict[str, Any]:
    """Record a need-to-know."""
    return entered_of(
        people.grant_need_to_know(
            house.node,
            parse_person(args["person"]),
            subject=parse_subject(args["subject"]),
            until=parse_instant(args["until"]),
            actor=ADMINISTRATOR,
        )
    )


def person_withdraw(house: House, args: Arguments) -> dict[str, Any]:
    """End what is recorded of a person: what is named, or all of it."""
    person = parse_person(args["person"])
    if sum(bool(args.get(one)) for one in ("level", "subject", "facility")) > 1:
        raise Invalid("invalid.argument", "a level, a subject or a facility, not several")
    with house.store.reading() as tx:
        people.require_person(tx, person)
        found = people.living(
            tx,
            house.node.clock.now(),
            person=person,
            facility=args.get("facility") or "",
            level=args.get("level") or "",
            subject=args.get("subject") or "",
        )
    return _withdrawn(house, args, found)


def facility_withdraw(house: House, args: Arguments) -> dict[str, Any]:
    """End what is recorded of a facility: what is named, or all of it."""
    with house.store.reading() as tx:
        found = people.living(
            tx,
            house.node.clock.now(),
            facility=parse_office(args["facility"]),
            level=args.get("level") or "",
        )
    return _withdrawn(house, args, found)


def _withdrawn(house: House, args: Arguments, found: Sequence[people.Line]) -> dict[str, Any]:
    actor = parse_person(args["as"]) if args.get("as") else ADMINISTRATOR
    people.withdraw(house.node, [one.key for one in found], actor=actor)
    return {
        "withdrawn": [
            {
                "line": one.key,
                "person": one.person if isinstance(one, FacilityLine) else one.scope,
                "level": getattr(one, "level", ""),
                "subject": getattr(one, "subject", ""),
                "facility": getattr(one, "facility", ""),
            }
            for one in found
        ]
    }


def assure(house: House, args: Arguments) -> dict[str, Any]:
    """Give the word before the first release."""
    peer = parse_party(args["to"])
    actor = parse_person(args["as"])
    with house.store.reading() as tx:
        found = treaty.between(house.node, tx, peer)
    if found is None:
        raise Refused("refused.treaty.none-in-force", peer)
    return entered_of(
        people.assure(
            house.node,
            peer,
            agreement=found.digest,
            article=article_of(found, "people.assure"),
            offices=tuple(parse_office(one) for one in args["offices"]),
            level=parse_level(args["level"]),
            until=parse_instant(args["until"]),
            by=office_of(house, actor),
            actor=actor,
            controls=[Reason(parse_subject(one)) for one in args.get("control") or ()],
        )
    )


def link(house: House, args: Arguments) -> dict[str, Any]:
    """Make a link that signs a person in at the console; demonstration nodes only."""
    from comity.assemble.desk import console_link  # noqa: PLC0415

    return console_link(house, args["person"])
