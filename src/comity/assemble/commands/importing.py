"""Commands of the import of an existing register: reading it, and entering its next batch."""

from typing import Any, Final

from comity.assemble.commands.said import Arguments, content_of, size_of
from comity.assemble.house import House
from comity.formats import register_csv
from comity.formats.register_csv import Map, Read
from comity.node import importing
from comity.node.importing import Signers
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import PersonId, parse_person


def _read(house: House, args: Arguments) -> tuple[Read, Map]:
    if size_of(args["file"]) > register_csv.LIMIT:
        raise Invalid("invalid.import.file", f"more than {register_csv.LIMIT >> 20} MiB")
    terms = register_csv.parse_map(content_of(args["map"]))
    found = register_csv.parse_register(content_of(args["file"]), terms, house=house.node.party)
    return found, terms


def read(house: House, args: Arguments) -> dict[str, Any]:
    """Read a register and enter nothing: how many lines, which are bad, which are in the book."""
    found, terms = _read(house, args)
    with house.store.reading() as tx:
        bad = sorted((*found.bad, *importing.taken(house.node, tx, found, terms)))
        already = importing.already(house.node, tx, found)
    return {
        "party": found.party,
        "lines": len(found.lines),
        "already": already,
        "bad": [one._asdict() for one in bad],
    }


def batch(house: House, args: Arguments) -> dict[str, Any]:
    """Enter the next lines of a register in one transaction."""
    done = importing.enter_batch(
        house.node,
        _read(house, args)[0],
        Signers(
            officer=parse_person(args["as"]),
            drafter=_person(args, "drafter"),
            authority=_person(args, "authority"),
            custodian=_person(args, "custodian"),
        ),
        first=int(args.get("first", 0)),
    )
    return done._asdict()


def _person(args: Arguments, name: str) -> PersonId | None:
    return parse_person(args[name]) if args.get(name) else None


IMPORTING: Final = {"register.import-batch": batch, "register.import-read": read}
"""By the names of the table of commands."""
