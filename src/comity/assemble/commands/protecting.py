"""Commands that protect: incidents, copies, regradings, facilities; and the duties."""

from collections.abc import Callable
from typing import Any, Final

from comity.assemble.commands.said import Arguments, Command, entered_of, item_named
from comity.assemble.house import House
from comity.node import protecting, views
from comity.register.rows import position_of
from comity.vocabulary.names import parse_person

_NOT_FIELDS: Final = frozenset({"item", "as", "about", "node", "json", "lang"})


def _fields(args: Arguments) -> dict[str, Any]:
    """Return what an act states: each option is the field of its name."""
    fields = {name: value for name, value in args.items() if name not in _NOT_FIELDS}
    if args.get("about"):
        position = position_of(str(args["about"]))
        fields["about"] = {"log": position.log, "index": position.index}
    return fields


def _on_item(act: str, **always: object) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        entered = protecting.protect(
            house.node,
            item_named(house, args),
            act,
            {**always, **_fields(args)},
            officer=parse_person(args["as"]),
        )
        return entered_of(entered)

    return command


def _at_facility(act: str) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        officer = parse_person(args["as"])
        return entered_of(protecting.at_facility(house.node, act, _fields(args), officer=officer))

    return command


def duties(house: House, args: Arguments) -> dict[str, Any]:
    """List the duties, what is overdue first: who owes what, under which article, by when."""
    with house.store.reading() as tx:
        found = views.duties(tx, house.node.clock.now(), everything=bool(args.get("all")))
    return {"duties": found}


PROTECTING: Final[dict[str, Callable[[House, Arguments], dict[str, Any]]]] = {
    "destroy": _on_item("register.destroy"),
    "duties": duties,
    "facility accredit": _at_facility("people.accredit"),
    "facility brief": _at_facility("people.brief"),
    "facility officer": _at_facility("people.appoint-officer"),
    "facility roster": _at_facility("people.enrol-on-roster"),
    "incident close": _on_item("incident.close"),
    "incident investigate": _on_item("incident.investigate"),
    "incident report": _on_item("incident.report"),
    "incident results": _on_item("incident.results"),
    "muster": _on_item("register.muster"),
    "recall": _on_item("release.recall"),
    "regrade": _on_item("register.regrade"),
    "reproduce": _on_item("register.reproduce"),
    "return": _on_item("delivery.return"),
    "translate": _on_item("register.translate"),
}
"""By the words of the command line."""
