"""Commands over items: the register, designation, marking, assignment, reading, receipt."""

import os
from pathlib import Path
from typing import Any

from msgspec import UNSET

from comity.acts.deeds import Reserve, Stage
from comity.assemble.commands.said import (
    Arguments,
    already_of,
    entered_of,
    item_named,
    require_place,
)
from comity.assemble.house import House
from comity.node import answering, erasing, people, reading, receiving, views
from comity.register.rows import ItemOf, ReceiptOf
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import PersonId, Regime, parse_level, parse_person
from comity.vocabulary.reading import one_of


def register_list(house: House, args: Arguments) -> dict[str, Any]:
    """List the register: every number with level, custodian and state; no title, no content."""
    del args
    with house.store.reading() as tx:
        items = [
            views.item_view(tx, item, house=house.node.party)
            for item in tx.page(ItemOf, limit=100_000)
        ]
    return {"items": sorted(items, key=lambda one: one["at"])}


def register_show(house: House, args: Arguments) -> dict[str, Any]:
    """Show an item with its timeline, duties and readers, to a person who may see it."""
    item = item_named(house, args)
    with house.store.reading() as tx:
        if args.get("as"):
            reading.authorise(
                tx, parse_person(args["as"]), reading.Deal.SEE, item, house=house.node.party
            )
        answers = answering.answers_for(house.node, tx, item)
        return views.item_life(tx, item, house=house.node.party, now=house.node.clock.now()) | {
            "answers": answers or "",
            "on_the_way": answering.on_the_way(tx, item),
        }


def register_enter(house: House, args: Arguments) -> dict[str, Any]:
    """Give a received item the registry's own number."""
    entered = receiving.register(
        house.node, item_named(house, args), officer=parse_person(args["as"])
    )
    return entered_of(entered) | {"number": getattr(entered.entry.deed, "number", "")}


def designate(house: House, args: Arguments) -> dict[str, Any]:
    """Designate a received item."""
    return entered_of(
        receiving.designate(
            house.node,
            item_named(house, args),
            regime=Regime(parse_level(args["regime"])),
            level=parse_level(args["level"]),
            until=parse_instant(args["until"]),
            officer=parse_person(args["as"]),
        )
    )


def re_mark(house: House, args: Arguments) -> dict[str, Any]:
    """Mark a received item with this party's level."""
    regime = args.get("regime")
    return entered_of(
        receiving.re_mark(
            house.node,
            item_named(house, args),
            level=parse_level(args["level"]),
            regime=Regime(parse_level(regime)) if regime else UNSET,
            officer=parse_person(args["as"]),
        )
    )


def assign(house: House, args: Arguments) -> dict[str, Any]:
    """Give an item to a person."""
    return entered_of(
        receiving.assign(
            house.node,
            item_named(house, args),
            person=parse_person(args["person"]),
            officer=parse_person(args["as"]),
        )
    )


def receipt(house: House, args: Arguments) -> dict[str, Any]:
    """Sign a receipt after counting; the same once more is answered with where it stands."""
    item, custodian = item_named(house, args), parse_person(args["as"])
    stage = one_of(Stage, args.get("stage", "document"), "--stage")
    counted: dict[str, Any] = {name: args.get(name) for name in ("copy", "pages", "annexes")}
    reserve = tuple(one_of(Reserve, one, "--reserve") for one in args.get("reserve") or ())
    if not reserve and not any(counted.values()):
        with house.store.reading() as tx:
            office = people.require_person(tx, custodian).office
            for one in tx.within(ReceiptOf, item.key):
                if (one.stage, one.office, one.reserve) == (stage.value, office, ()):
                    return already_of(one.log, one.index, one.at)
    return entered_of(
        receiving.receipt(
            house.node, item, custodian=custodian, stage=stage, reserve=reserve, **counted
        )
    )


def _read_into(house: House, item: ItemOf, person: PersonId, out: Path) -> reading.Opened:
    """Write the content beside its place, and rename it when all of it holds."""
    made = out.with_name(f".{out.name}.part")
    try:
        with made.open("wb") as file:
            opened = reading.read(house.node, item, person=person, into=file.write)
            file.flush()
            os.fsync(file.fileno())
        made.replace(out)
    finally:
        made.unlink(missing_ok=True)
    return opened


def read(house: House, args: Arguments) -> dict[str, Any]:
    """Open an item; the reading is entered first."""
    item, person = item_named(house, args), parse_person(args["as"])
    if args.get("out"):
        require_place(args["out"])  # before the reading is entered
        opened = _read_into(house, item, person, Path(args["out"]))
    else:
        opened = reading.read(house.node, item, person=person)
    words = opened.particulars
    with house.store.reading() as tx:
        gone = erasing.under(tx, item.key)
    return {
        "title": "" if words is None else words.title,
        "lines": [] if words is None else list(words.lines),
        "file_name": "" if words is None else words.file_name,
        "demonstration": words is not None and words.demonstration,
        "erased": gone,
        "size": opened.length,
        "text": opened.content.decode("utf-8", "replace") if not args.get("out") else "",
    }
