"""Commands over a house's own persons, and the word given for them."""

from typing import Any

from comity.acts.deeds import Role
from comity.assemble.commands.said import Arguments, entered_of, office_of
from comity.assemble.house import ADMINISTRATOR, House
from comity.node import people, treaty
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import (
    Article,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_subject,
)


def person_add(house: House, args: Arguments) -> dict[str, Any]:
    """Enter a person; who releases, receipts or signs gets an approval key, kept as a file."""
    person = parse_person(args["person"])
    roles = tuple(Role(role) for role in args["roles"])
    signs = {Role.RELEASING, Role.CUSTODIAN} & set(roles)
    key = house.vault.add_person(person) if signs else None
    entered = people.add_person(
        house.node,
        person,
        name=args["name"],
        title=args.get("title", ""),
        office=parse_office(args["office"]),
        roles=roles,
        key=key,
        actor=ADMINISTRATOR,
    )
    return entered_of(entered) | {"person": person, "approval_key": key is not None}


def person_clear(house: House, args: Arguments) -> dict[str, Any]:
    """Record a clearance."""
    return entered_of(
        people.clear(
            house.node,
            parse_person(args["person"]),
            level=parse_level(args["level"]),
            since=house.node.clock.now(),
            until=parse_instant(args["until"]),
            authority=house.node.registry,
            actor=ADMINISTRATOR,
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


def assure(house: House, args: Arguments) -> dict[str, Any]:
    """Give the word before the first release."""
    peer = parse_party(args["to"])
    actor = parse_person(args["as"])
    with house.store.reading() as tx:
        found = treaty.between(house.node, tx, peer)
    if found is None:
        raise Refused("refused.treaty.none-in-force", f"no agreement with {peer} is in force")
    return entered_of(
        people.assure(
            house.node,
            peer,
            agreement=found.digest,
            article=Article("7(5)"),
            offices=tuple(parse_office(one) for one in args["offices"]),
            level=parse_level(args["level"]),
            until=parse_instant(args["until"]),
            by=office_of(house, actor),
            actor=actor,
        )
    )


def link(house: House, args: Arguments) -> dict[str, Any]:
    """Make a link that signs a person in at the console; demonstration nodes only."""
    from comity.assemble.desk import console_link  # noqa: PLC0415

    return console_link(house, args["person"])
