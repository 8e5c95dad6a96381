"""What is done with an item: number, regime, mark, assignment, receipt, and what protects it.

The acts that protect state their own fields; the structs that describe them are made from the
deeds themselves, so that the two cannot differ.
"""

from typing import Annotated, Any, Final, get_type_hints

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.deeds import Reserve, Role, Stage
from comity.console.api.answers import Done, done
from comity.console.api.items import found
from comity.console.api.operation import Doing, Nothing, Operation, requires
from comity.console.api.signing import Signed
from comity.console.pages.people import RECORD
from comity.node import people, protecting, receiving
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Level, PersonId, Regime, Subject

_STATED: Final = frozenset({"by", "to", "article", "agreement", "not_after", "item", "actor"})
"""Fields of a deed that the house fills in itself."""

_PLACE: Final = "/register/{number}"


class Designation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Under which regime and level a received item is put, and until when."""

    regime: Regime
    level: Level
    until: Instant


class Mark(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The receiving party's level, and the regime it rests on where there is one."""

    level: Level
    regime: Regime | UnsetType = UNSET


class To(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """To whom an item is assigned."""

    person: PersonId


class Needing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose duties require the subject of an item, until when."""

    person: PersonId
    until: Instant


class Counted(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was counted; what is left out is as the provider says."""

    stage: Stage = Stage.DOCUMENT
    copy: Index | UnsetType = UNSET
    pages: Index | UnsetType = UNSET
    annexes: Index | UnsetType = UNSET
    reserve: Annotated[tuple[Reserve, ...], Meta(max_length=8)] = ()


def register(doing: Doing[Nothing]) -> Done:
    """Give a received item the registry's own number."""
    return done(
        doing.node, receiving.register(doing.node, found(doing), officer=doing.person), doing.lang
    )


def designate(doing: Doing[Designation]) -> Done:
    """Put a received item under a regime, for a term."""
    body = doing.body
    entered = receiving.designate(
        doing.node,
        found(doing),
        regime=body.regime,
        level=body.level,
        until=body.until,
        officer=doing.person,
    )
    return done(doing.node, entered, doing.lang)


def mark(doing: Doing[Mark]) -> Done:
    """Mark a received item with this party's level."""
    entered = receiving.re_mark(
        doing.node,
        found(doing),
        level=doing.body.level,
        regime=doing.body.regime,
        officer=doing.person,
    )
    return done(doing.node, entered, doing.lang)


def assign(doing: Doing[To]) -> Done:
    """Give an item to a person of an addressed office."""
    entered = receiving.assign(
        doing.node, found(doing), person=doing.body.person, officer=doing.person
    )
    return done(doing.node, entered, doing.lang)


def receipt(doing: Doing[Counted]) -> Done:
    """Sign a receipt after counting."""
    body = doing.body
    entered = receiving.receipt(
        doing.node,
        found(doing),
        custodian=doing.person,
        stage=body.stage,
        copy=_or_none(body.copy),
        pages=_or_none(body.pages),
        annexes=_or_none(body.annexes),
        reserve=body.reserve,
        sign=doing.sign,
    )
    return done(doing.node, entered, doing.lang)


def need(doing: Doing[Needing]) -> Done:
    """Record that a person's duties require the subject of an item."""
    row, body = found(doing), doing.body
    with doing.node.store.reading() as tx:
        people.require_person(tx, doing.person, Role.REGISTRY, Role.SECURITY)
        people.require_person(tx, body.person)
    entered = people.grant_need_to_know(
        doing.node,
        body.person,
        subject=Subject(row.subject),
        until=body.until,
        actor=doing.person,
    )
    return done(doing.node, entered, doing.lang)


def _or_none(value: int | UnsetType) -> int | None:
    return None if isinstance(value, UnsetType) else value


def _body_of(made: type[Struct]) -> type[Struct]:
    """Return the struct of what an act states itself, made from its deed."""
    fields: list[Any] = []
    kinds = get_type_hints(made, include_extras=True)
    for one in msgspec.structs.fields(made):
        if one.name in _STATED:
            continue
        fields.append(
            (one.name, kinds[one.name])
            if one.required
            else (one.name, kinds[one.name], one.default)
        )
    return msgspec.defstruct(
        made.__name__,
        fields,
        frozen=True,
        forbid_unknown_fields=True,
        kw_only=True,
        namespace={"__doc__": made.__doc__, "__module__": __name__},
    )


def _plain(body: Struct) -> dict[str, Any]:
    return msgspec.to_builtins(body)  # type: ignore[no-any-return]


def _on_item(act: str, made: type[Struct]) -> Operation:
    def run(doing: Doing[Struct]) -> Done:
        row = found(doing)
        entered = protecting.protect(doing.node, row, act, _plain(doing.body), officer=doing.person)
        return done(doing.node, entered, doing.lang)

    run.__doc__ = made.__doc__
    name = f"item{made.__name__}"
    path = f"{_PLACE}/{act.replace('.', '-')}"
    return Operation(name, "protection", "POST", path, run, Done, _body_of(made))


def _at_facility(act: str, made: type[Struct]) -> Operation:
    def run(doing: Doing[Struct]) -> Done:
        requires(doing, *RECORD)
        entered = protecting.at_facility(doing.node, act, _plain(doing.body), officer=doing.person)
        return done(doing.node, entered, doing.lang)

    run.__doc__ = made.__doc__
    name = f"facility{made.__name__}"
    path = f"/facilities/{act.rpartition('.')[2]}"
    page = "/facilities/enter" if "facility" in made.__struct_fields__ else "/people/told"
    return Operation(name, "facilities", "POST", path, run, Done, _body_of(made), page=page)


def _protecting() -> tuple[Operation, ...]:
    """Return an operation for every act that protects an item, as the table of kinds has it."""
    on_items = [
        _on_item(act, made)
        for act, made in sorted(protecting.BY_TAG.items())
        if protecting.is_on_an_item(act)
    ]
    facilities = [_at_facility(act, protecting.BY_TAG[act]) for act in sorted(protecting.FACILITY)]
    return (*on_items, *facilities)


OPERATIONS = (
    Operation(
        "itemNumber",
        "register",
        "POST",
        f"{_PLACE}/number",
        register,
        Done,
        page="/register/{number:path}/number",
    ),
    Operation(
        "itemDesignate",
        "register",
        "POST",
        f"{_PLACE}/designate",
        designate,
        Done,
        Designation,
        page="/register/{number:path}/designate",
    ),
    Operation(
        "itemMark",
        "register",
        "POST",
        f"{_PLACE}/mark",
        mark,
        Done,
        Mark,
        page="/register/{number:path}/mark",
    ),
    Operation(
        "itemAssign",
        "register",
        "POST",
        f"{_PLACE}/assign",
        assign,
        Done,
        To,
        page="/register/{number:path}/assign",
    ),
    Operation(
        "itemReceipt",
        "register",
        "POST",
        f"{_PLACE}/receipt",
        receipt,
        Done,
        Counted,
        signs=True,
        page="/register/{number:path}/receipt",
    ),
    Operation(
        "itemNeed",
        "register",
        "POST",
        f"{_PLACE}/need",
        need,
        Done,
        Needing,
        page="/register/{number:path}/need",
    ),
    *_protecting(),
)
"""Of what is done with an item."""
