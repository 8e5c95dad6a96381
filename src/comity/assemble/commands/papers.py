"""Commands for a counterpart on paper: what it did is entered here as attested."""

from pathlib import Path
from typing import Any, Final

from msgspec import UNSET, UnsetType

from comity.agreement.profile import Profile, open_profile
from comity.agreement.shipped import profile_bytes
from comity.assemble.commands.importing import IMPORTING
from comity.assemble.commands.printing import PRINTING
from comity.assemble.commands.said import Arguments, content_of, entered_of, write_out
from comity.assemble.epochs import current
from comity.assemble.house import House
from comity.node import attesting, handing, kept, paper, papers
from comity.node.paper import Handed, Sheet
from comity.vocabulary.dates import parse_dated
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import standing_in
from comity.vocabulary.names import (
    Caveat,
    Party,
    Regime,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_purpose,
    parse_subject,
)
from comity.vocabulary.reading import whole


def begin(house: House, args: Arguments) -> dict[str, Any]:
    """Begin to keep a log for a counterpart on paper, with the note of its authorities."""
    absent = parse_party(args["party"])
    entered = paper.begin(
        house.node,
        absent,
        profile=_profile(absent, args["profile"]),
        sheet=sheet_of(args),
        by=parse_office(args["by"]),
        officer=parse_person(args["as"]),
        where=house.where(),
        epochs=current(house, house.node.clock.now()),
    )
    return entered_of(entered[0])


def _profile(party: Party, name: str) -> Profile:
    if name != "shipped":
        return open_profile(content_of(name))
    return open_profile(profile_bytes(party))


def sheet_of(args: Arguments) -> Sheet:
    """Return the paper that a command names: scan, date, number."""
    number = args.get("number")
    return Sheet(
        scan=content_of(args["scan"]),
        on=parse_dated(args["on"]),
        number=number or UNSET,
    )


def enter(house: House, args: Arguments) -> dict[str, Any]:
    """Enter a note, a signature, a receipt, a consent or a refusal of a counterpart on paper."""
    return entered_of(
        attesting.enter(
            house.node,
            parse_party(args["party"]),
            str(args["act"]),
            fields_of(args.get("say") or ()),
            by=parse_office(args["by"]),
            item=str(args.get("item") or ""),
            sheet=sheet_of(args),
            officer=parse_person(args["as"]),
        )
    )


def fields_of(said: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """Return what an act states, from FIELD=VALUE.

    Raises:
        Invalid: ``invalid.argument``.
    """
    found: dict[str, Any] = {}
    for one in said:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise Invalid("invalid.argument", f"{one}: say FIELD=VALUE")
        found[name] = value
    return found


def item(house: House, args: Arguments) -> dict[str, Any]:
    """Enter an item that a counterpart handed over on paper."""
    name = str(args["file"])
    handed = Handed(
        by=parse_office(args["by"]),
        offices=tuple(parse_office(one) for one in args["offices"]),
        level=parse_level(args["level"]),
        subject=parse_subject(args["subject"]),
        purpose=parse_purpose(args["purpose"]),
        title=args["title"],
        content=content_of(name),
        pages=whole(args.get("pages", 1), "--pages"),
        annexes=whole(args.get("annexes", 0), "--annexes"),
        regime=_regime(args.get("regime")),
        caveats=tuple(Caveat(parse_level(one)) for one in args.get("caveat") or ()),
        file_name=Path(name).name,
    )
    sheet = sheet_of({**args, "scan": name})
    absent, officer = parse_party(args["party"]), parse_person(args["as"])
    entered = handing.item(house.node, absent, handed, sheet=sheet, officer=officer)
    deed = entered.entry.deed
    reference = getattr(getattr(deed, "item", None), "reference", "")
    return entered_of(entered) | {"reference": reference}


def _regime(text: str | None) -> Regime | UnsetType:
    return Regime(parse_level(text)) if text else UNSET


def show(house: House, args: Arguments) -> dict[str, Any]:
    """List what is attested: of one counterpart, or of all that keep or kept paper."""
    node = house.node
    with node.store.reading() as tx:
        named = [parse_party(args["party"])] if args.get("party") else kept.on_paper(tx, node.party)
        return {
            "parties": [
                {
                    "party": one,
                    "log": paper.log_of(node, one),
                    "open": kept.is_open(tx, node.party, one),
                    "entries": papers.entries(tx, standing_in(node.party, one)),
                }
                for one in named
            ]
        }


def scan(house: House, args: Arguments) -> dict[str, Any]:
    """Write the scanned paper behind an attested entry to a file."""
    node = house.node
    with node.store.reading() as tx:
        raw = papers.scan(
            node,
            tx,
            parse_party(args["party"]),
            whole(args["index"], "--index"),
            parse_person(args["as"]),
        )
    write_out(args["out"], raw)
    return {"file": args["out"], "size": len(raw)}


def dispute(house: House, args: Arguments) -> dict[str, Any]:
    """Dispute an entry that another party attested of this one: it was not so, or not then."""
    return entered_of(
        papers.dispute(
            house.node,
            attesting.place_of(str(args["leaf"])),
            on=parse_dated(args["on"]) if args.get("on") else UNSET,
            actor=parse_person(args["as"]),
        )
    )


PAPERS: Final = {
    "paper.begin": begin,
    "paper.dispute": dispute,
    "paper.enter": enter,
    "paper.item": item,
    "paper.scan": scan,
    "paper.show": show,
    **IMPORTING,
    **PRINTING,
}
"""By the names of the table of commands."""
