"""Commands that protect: incidents, copies, regradings, facilities; and the duties."""

from collections.abc import Callable
from typing import Any, Final

from comity.assemble.commands.said import (
    Arguments,
    Command,
    content_of,
    entered_of,
    item_named,
    write_out,
)
from comity.assemble.house import House
from comity.node import consents, custody, facilities, inspecting, protecting, views
from comity.register.rows import position_of
from comity.vocabulary.names import parse_party, parse_person
from comity.vocabulary.reading import whole

_NOT_FIELDS: Final = frozenset({"item", "as", "about", "approval", "node", "json", "lang"})


_LISTS: Final = ("altered", "copies", "found", "missing", "offices", "unreached")


def _fields(house: House, args: Arguments, act: str) -> dict[str, Any]:
    """Return what an act states: each option is the field of its name; no list is an empty one."""
    fields = {name: value for name, value in args.items() if name not in _NOT_FIELDS}
    if above := fields.pop("subcontractor_of", None):
        fields["under"] = above
    if held := fields.pop("copies_held", None):
        fields["copies"] = held
    for name in _LISTS:
        if name in protecting.BY_TAG[act].__struct_fields__:
            fields.setdefault(name, [])
    if args.get("about"):
        position = position_of(str(args["about"]))
        fields["about"] = {"log": position.log, "index": position.index}
    if args.get("approval"):
        # The grant, or the question that it answers: people have the one or the other at hand.
        with house.store.reading() as tx:
            position = position_of(consents.find_consent(tx, str(args["approval"])).key)
        fields["approval"] = {"log": position.log, "index": position.index}
    return fields


def _on_item(act: str, **always: object) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        entered = protecting.protect(
            house.node,
            item_named(house, args),
            act,
            {**always, **_fields(house, args, act)},
            officer=parse_person(args["as"]),
        )
        return entered_of(entered)

    return command


def _towards(act: str) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        fields = _fields(house, args, act)
        peer = parse_party(str(fields.pop("to")))
        named = fields.pop("document", None)
        if "items" in fields:
            fields["items"] = [_leaf(house, str(one)) for one in fields["items"]]
        under = str(fields.pop("agreement", "") or "")
        officer = parse_person(args["as"])
        entered = protecting.towards(
            house.node,
            peer,
            act,
            fields,
            officer=officer,
            under=under,
            document=content_of(str(named)) if named else None,
        )
        return entered_of(entered)

    return command


def _leaf(house: House, number: str) -> dict[str, Any]:
    """Return the leaf of an item that is named by its number."""
    position = position_of(item_named(house, {"item": number}).key)
    return {"log": position.log, "index": position.index}


def _at_facility(act: str) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        officer = parse_person(args["as"])
        return entered_of(
            protecting.at_facility(house.node, act, _fields(house, args, act), officer=officer)
        )

    return command


def duties(house: House, args: Arguments) -> dict[str, Any]:
    """List the duties, what is overdue first: who owes what, under which article, by when."""
    with house.store.reading() as tx:
        found = views.duties(tx, house.node.clock.now(), everything=bool(args.get("all")))
    return {"duties": found}


def loans(house: House, args: Arguments) -> dict[str, Any]:
    """List the copies that are lent: to whom, until when, who is custodian."""
    with house.store.reading() as tx:
        found = views.loans(tx, house.node.clock.now(), everything=bool(args.get("all")))
    return {"loans": found}


def relieve(house: House, args: Arguments) -> dict[str, Any]:
    """Pass a copy to another post: the custodians of both sign, after a joint muster."""
    return entered_of(
        custody.relieve(
            house.node,
            item_named(house, args),
            copy=whole(args["copy"], "--copy"),
            custodian=parse_person(args["as"]),
            successor=parse_person(args["successor"]),
        )
    )


def facility_list(house: House, args: Arguments) -> dict[str, Any]:
    """List the facilities of the house: who answers, up to what, who enters, what is there."""
    del args
    with house.store.reading() as tx:
        found = facilities.facilities(tx, house.node.party, now=house.node.clock.now())
    return {"facilities": found}


def inspect(house: House, args: Arguments) -> dict[str, Any]:
    """Write how a visitor's items are treated, with proofs, while the view is open."""
    raw = inspecting.inspection(house.node, str(args["view"]), officer=parse_person(args["as"]))
    write_out(str(args["out"]), raw)
    return inspecting.told(raw)


def verify_inspection(house: House, args: Arguments) -> dict[str, Any]:
    """Verify what a host has shown against its register ledger as it is cosigned here."""
    return inspecting.verified(house.node, content_of(str(args["file"])))


PROTECTING: Final[dict[str, Callable[[House, Arguments], dict[str, Any]]]] = {
    "certificate": _on_item("delivery.certificate"),
    "contractor approve": _towards("contractor.approve"),
    "contractor decline": _towards("contractor.decline"),
    "contractor hand-over": _on_item("contractor.hand-over"),
    "contractor propose": _towards("contractor.propose"),
    "derive": _on_item("register.derive"),
    "destroy": _on_item("register.destroy"),
    "dispute consult": _towards("dispute.consult"),
    "dispute raise": _towards("dispute.raise"),
    "dispute settle": _towards("dispute.settle"),
    "evaluate": _on_item("evaluate.item"),
    "exercise begin": _towards("exercise.begin"),
    "exercise end": _towards("exercise.end"),
    "extract": _on_item("register.extract"),
    "give-back": _on_item("register.give-back"),
    "hand-over": _on_item("delivery.hand-over"),
    "holdings ask": _towards("custody.ask"),
    "holdings state": _towards("custody.state"),
    "loan": _on_item("register.loan"),
    "regrading acknowledge": _on_item("register.acknowledge-regrading"),
    "relieve": relieve,
    "loans": loans,
    "store": _on_item("register.store"),
    "support ask": _towards("logistics.request"),
    "support give": _towards("logistics.transfer"),
    "support settle": _towards("logistics.settle"),
    "visit ask": _towards("visit.request"),
    "visit decline": _towards("visit.decline"),
    "visit done": _towards("visit.done"),
    "visit follow-up": _towards("visit.follow-up"),
    "visit open-inspection": _towards("visit.open-inspection"),
    "visit inspect": inspect,
    "visit verify": verify_inspection,
    "visit permit": _towards("visit.approve"),
    "duties": duties,
    "facility accredit": _at_facility("people.accredit"),
    "facility brief": _at_facility("people.brief"),
    "facility list": facility_list,
    "expenses note": _towards("expenses.note"),
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
