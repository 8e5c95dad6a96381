"""Commands over standing directives: laid before the authority, suspended, lifted, withdrawn."""

from typing import Any, Final

from msgspec import structs

from comity.assemble.commands.release import laid, wish_of
from comity.assemble.commands.said import Arguments, Command, entered_of
from comity.assemble.house import House
from comity.node import directives, releases
from comity.node.directives import View
from comity.register.rows import ItemOf
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import parse_person
from comity.vocabulary.reading import whole


def lay(house: House, args: Arguments) -> dict[str, Any]:
    """Lay a directive before the releasing authority, who approves it as any release."""
    wish = wish_of(house, args)
    since = args.get("from")
    standing = releases.Standing(
        since=house.node.clock.now() if since is None else parse_instant(since),
        until=parse_instant(args["until"]),
        most=whole(args["most"], "--most"),
    )
    wish = directives.beforehand(house.node, structs.replace(wish, standing=standing))
    return laid(house, wish, drafter=parse_person(args["as"]))


def suspend(house: House, args: Arguments) -> dict[str, Any]:
    """Let nothing more be given, at once."""
    return entered_of(
        directives.suspend(house.node, _named(house, args), officer=parse_person(args["as"]))
    )


def resume(house: House, args: Arguments) -> dict[str, Any]:
    """Lift a suspension; as many authorities sign as decide a release."""
    authorities = [parse_person(one) for one in (args["as"], *args.get("also", ()))]
    return entered_of(directives.resume(house.node, _named(house, args), authorities=authorities))


def withdraw(house: House, args: Arguments) -> dict[str, Any]:
    """End a directive for ever, at once."""
    return entered_of(
        directives.withdraw(house.node, _named(house, args), officer=parse_person(args["as"]))
    )


def show(house: House, args: Arguments) -> dict[str, Any]:
    """Show the directives with their accounts; or the one that is named."""
    named = args.get("directive")
    key = _named(house, {"directive": named}).key if named else ""
    found = [one for one in directives.listed(house.node) if not named or one.row.key == key]
    return {"directives": [said(one) for one in found]}


def _named(house: House, args: Arguments) -> ItemOf:
    with house.store.reading() as tx:
        return directives.find(tx, house.node.party, args["directive"])


def said(one: View) -> dict[str, Any]:
    """Return a directive and the account of its stream as plain values."""
    item, row, lane = one.item, one.row, one.lane
    return {
        "reference": row.reference,
        "state": one.state,
        "from": item.provider,
        "to": item.receiver,
        "offices": list(item.offices),
        "level": item.level,
        "subject": item.subject,
        "purpose": item.purpose,
        "since": row.since,
        "until": row.until,
        "most": row.most,
        "given": 0 if lane is None else lane.given,
        "leaves": 0 if lane is None else lane.batches,
        "left_out": 0 if lane is None else lane.left_out,
        "late": 0 if lane is None else lane.late,
        "last": "" if lane is None else lane.at,
        "gaps": [{"from": gap.first, "to": gap.until - 1} for gap in one.gaps],
        "turns": [{"act": turn.act, "at": turn.at, "by": turn.by} for turn in one.turns],
        "log": row.log,
        "index": row.index,
        "lane": row.lane,
    }


DIRECTIVES: Final[dict[str, Command]] = {
    "directive.lay": lay,
    "directive.list": show,
    "directive.resume": resume,
    "directive.show": show,
    "directive.suspend": suspend,
    "directive.withdraw": withdraw,
}
"""Commands of a house over standing directives."""
