"""What an officer reads off a paper becomes an act: what goes without saying is filled in.

Lists and places are given as text too, as a command line and a form have them; the deed is
checked as it is made, and judged as it is entered.
"""

from collections.abc import Mapping
from typing import Any, Final

from comity.acts.deeds import Stage
from comity.acts.parts import Position
from comity.node import handing, paper, receiving, treaty
from comity.node.articles import article_of
from comity.node.chancery import Entered
from comity.node.drawn import drawn
from comity.node.node import Node
from comity.node.paper import Sheet
from comity.node.signing import Signer, by_key_file
from comity.register.rows import position_of
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Office, Party, PersonId

_LISTS: Final = frozenset({"offices", "reserve", "limbs", "copies", "stated", "releases", "met"})
_POSITIONS: Final = frozenset({"consent", "ask", "request", "about", "notice", "leaf"})


def enter(  # noqa: PLR0913 - what a paper states
    node: Node,
    absent: Party,
    act: str,
    stated: Mapping[str, Any],
    *,
    by: Office,
    item: str = "",
    sheet: Sheet,
    officer: PersonId,
    sign: Signer = by_key_file,
) -> Entered:
    """Enter what a party on paper did, as its officer states it.

    Args:
        node: This node.
        absent: Whose act it is.
        act: Its kind: ``treaty.sign``.
        stated: What it states, by the names of its fields; a text by identifier or digest, a
            place as ``LOG#INDEX``, a list with commas.
        by: The office that acted.
        item: The number of the item that it is about, at either registry.
        sheet: The paper.
        officer: Who has it in hand.
        sign: How the officer signs.

    Raises:
        Invalid: ``invalid.argument``.
        Refused: ``refused.absent``: no such item; as :func:`comity.node.paper.enter`.
        RefusedAct: the agreement refuses it.
    """
    fields: dict[str, Any] = {name: _read(name, value) for name, value in stated.items()}
    fields["by"] = by
    with node.store.reading() as tx:
        paper.require_open(tx, node.party, absent)
        found = treaty.between(node, tx, absent)
        draw = drawn(
            node, handing.about(tx, node.party, absent, (act, repr(sorted(fields.items())), item))
        )
        if item:
            row = receiving.find_item(tx, node.party, item)
            fields["item"] = position_of(row.key)
            fields.setdefault("agreement", row.agreement)
        if "text" in fields:
            fields["text"] = treaty.find(node, tx, str(fields["text"]), peer=absent).digest
    if found is not None:
        fields.setdefault("agreement", found.digest)
    fields.setdefault("article", article_of(found, act))
    if act == "delivery.receipt":
        fields.setdefault("number", handing.opaque(node, absent, draw))
        fields.setdefault("reserve", ())
        fields.setdefault("stage", Stage.DOCUMENT.value)
    return paper.enter(node, absent, act, fields, sheet=sheet, officer=officer, sign=sign)


def _read(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in _LISTS:
        return tuple(part for part in value.split(",") if part)
    if name in _POSITIONS:
        position = place_of(value)
        return {"log": position.log, "index": position.index}
    return value


def place_of(text: str) -> Position:
    """Return a place that is written as ``LOG#INDEX``.

    Raises:
        Invalid: ``invalid.argument``: it is none.
    """
    try:
        return position_of(text)
    except ValueError as error:
        raise Invalid("invalid.argument", f"{text!r} is no place: LOG#INDEX") from error


__all__ = ["enter", "place_of"]
