"""Passkeys: those of the person who looks, and of the house for its administrator."""

from typing import Any

from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import passkeys as kept
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.register.rows import PasskeyOf, PersonOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import PersonId

_PREFIX = "sha384:"


def passkeys(visit: visits.Visit) -> dict[str, Any]:
    """Return the person's own passkeys, and to an administrator those of everybody else."""
    row = visit.tx.get(PersonOf, visit.person)
    return {
        "mine": [_line(visit.tx, one) for one in kept.passkeys_of(visit.tx, visit.person)],
        "custodied": row is not None and bool(row.approval_key),
        "others": _others(visit) if _administers(visit.tx, visit.person) else None,
        "domain": visit.domain,
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def _administers(tx: Reading, person: PersonId) -> bool:
    return Role.ADMINISTRATOR.value in visits.roles(tx, person)


def _others(visit: visits.Visit) -> list[dict[str, Any]]:
    return [
        _line(visit.tx, one)
        for person in visit.tx.within(PersonOf, "persons")
        if person.key != visit.person
        for one in kept.passkeys_of(visit.tx, PersonId(person.key))
    ]


def _line(tx: Reading, one: PasskeyOf) -> dict[str, Any]:
    card = card_of(tx, PersonId(one.scope))
    return {
        "called": one.scope if card is None else card.name,
        "name": one.key.removeprefix(_PREFIX),
        "domain": one.relying_party,
        "at": one.at,
        "copied": one.copied,
        "revoked": one.revoked,
    }


def revoke(order: Order) -> str:
    """Revoke a passkey of one's own; an administrator, anybody's. Counterparts are told.

    Raises:
        Refused: ``refused.passkey.unknown``: another's, revoked, or none: one answer.
    """
    key = Digest(_PREFIX + order.place["key"])
    with order.node.store.reading() as tx:
        row = tx.get(PasskeyOf, key)
        mine = row is not None and row.scope == order.person
        if row is None or not (mine or _administers(tx, order.person)):
            raise kept.unknown()
    kept.revoke(order.node, PersonId(row.scope), key, actor=order.person)
    kept.tell(order.node)
    return "/passkeys"
