"""Commands that print: covers, labels, receipt forms and muster sheets, as PDF."""

from typing import Any, Final

from comity.acts.deeds import Role
from comity.assemble.commands.said import Arguments, Command, item_named, require_place, write_out
from comity.assemble.house import House
from comity.node import reading
from comity.node.people import require_person
from comity.printing import data, render
from comity.vocabulary.names import parse_office, parse_person


def _sheet(sheet: str) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        require_place(args["out"])
        item, person = item_named(house, args), parse_person(args["as"])
        lang = str(args.get("lang", "en"))
        with house.store.reading() as tx:
            reading.authorise(tx, person, reading.Deal.SEE, item, house=house.node.party)
            found = data.of_item(
                house.node,
                tx,
                item,
                sheet,
                lang=lang,
                demonstration=house.config.demonstration,
                stage=str(args.get("stage", "document")),
            )
        made = render.pdf(sheet, found, lang=lang, at=house.node.clock.now())
        write_out(args["out"], made)
        return {"file": args["out"], "size": len(made)}

    return command


def muster(house: House, args: Arguments) -> dict[str, Any]:
    """Write the sheet on which two persons check every copy that is held."""
    require_place(args["out"])
    lang, now = str(args.get("lang", "en")), house.node.clock.now()
    with house.store.reading() as tx:
        require_person(tx, parse_person(args["as"]), Role.REGISTRY)
        found = data.of_muster(
            tx,
            house=house.node.party,
            lang=lang,
            at=now,
            office=parse_office(args["only"]) if args.get("only") else None,
            demonstration=house.config.demonstration,
        )
    made = render.pdf("muster", found, lang=lang, at=now)
    write_out(args["out"], made)
    return {"file": args["out"], "size": len(made)}


PRINTING: Final[dict[str, Command]] = {
    "print.cover": _sheet("cover"),
    "print.label": _sheet("label"),
    "print.receipt": _sheet("receipt"),
    "print.certificate": _sheet("certificate"),
    "print.muster": muster,
}
"""By the names of the table of commands."""
