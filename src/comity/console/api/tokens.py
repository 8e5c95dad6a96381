"""Tokens: a program acts for one person, with that person's roles, until an instant.

A token is shown once. It is 256 bits from the operating system and is kept by its digest only:
who reads the store can act as nobody. It is looked up again at every request, so that a revoked
one ends at once, and the person's roles are those of now.
"""

from secrets import token_urlsafe
from typing import Annotated, Final, NamedTuple

from msgspec import Meta, Struct, json

from comity.acts.canonical import check_text, digest
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space, Transaction
from comity.register.rows import PersonOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import PersonId

PREFIX: Final = "comity_"
"""What a token begins with, so that one that was published by mistake can be searched for."""

_BYTES: Final = 32
_SPACE: Final = "token|"
_NAMED: Final = 16


class Kept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands under the digest of a token."""

    person: PersonId
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    since: Instant
    until: Instant


class Listed(NamedTuple):
    """A token as lists show it: by the beginning of its digest, never by itself."""

    id: str
    kept: Kept


def add(node: Node, person: PersonId, *, name: str, until: Instant) -> tuple[str, Listed]:
    """Make a token and return it, the only time that it is shown.

    If the process dies before it is shown, a token is listed that nobody knows: revoke it.

    Raises:
        Refused: ``refused.person.unknown``.
        Invalid: ``invalid.api.token``: no name, or an end that is past.
    """
    check_text(name)
    now = node.clock.now()
    if not 1 <= len(name) <= 80 or until <= now:  # noqa: PLR2004 - as Kept says
        raise Invalid("invalid.api.token", "a token has a name, and an end that is still to come")
    kept = Kept(person=person, name=name, since=now, until=until)
    secret = PREFIX + token_urlsafe(_BYTES)
    key = digest(secret.encode())
    with node.store.transaction() as tx:
        require_person(tx, person)
        _forget_ended(tx, now)
        tx.save(Space.SESSION, {_SPACE + key: json.encode(kept)})
    return secret, Listed(_id(key), kept)


def person_of(node: Node, secret: str) -> tuple[PersonId, str]:
    """Return for whom a token acts now, and the digest that it is known by.

    Raises:
        Refused: ``refused.session.none``: never made, revoked, or ended; one answer for each.
    """
    key = digest(secret.encode())
    with node.store.reading() as tx:
        raw = tx.load(Space.SESSION, _SPACE + key)
        kept = None if raw is None else json.decode(raw, type=Kept)
        known = kept is not None and tx.get(PersonOf, kept.person) is not None
    if kept is None or not known or kept.until <= node.clock.now():
        raise Refused("refused.session.none", "nobody is signed in")
    return kept.person, key


def listed(tx: Reading, *, person: PersonId | None = None) -> tuple[Listed, ...]:
    """Return the tokens that are kept: of one person, or of all."""
    found = tx.load_many(Space.SESSION, tx.keys(Space.SESSION, _SPACE))
    rows = [
        Listed(_id(Digest(key.removeprefix(_SPACE))), json.decode(raw, type=Kept))
        for key, raw in found.items()
    ]
    return tuple(
        sorted(
            (one for one in rows if person in (None, one.kept.person)),
            key=lambda one: (one.kept.since, one.id),
        )
    )


def revoke(node: Node, name: str, *, person: PersonId | None = None) -> Listed:
    """End a token, at once and for good.

    Args:
        node: Whose.
        name: Its identifier, as lists show it.
        person: Whose it must be; anybody's where none is given.

    Raises:
        Refused: ``refused.api.token``: there is none, or it is another's; one answer for both.
    """
    with node.store.transaction() as tx:
        found = next((one for one in listed(tx, person=person) if one.id == name), None)
        if found is None:
            raise Refused("refused.api.token", "no such token")
        tx.drop(Space.SESSION, tx.keys(Space.SESSION, f"{_SPACE}sha384:{found.id}"))
    return found


def _id(key: Digest) -> str:
    return key.removeprefix("sha384:")[:_NAMED]


def _forget_ended(tx: Transaction, now: Instant) -> None:
    found = tx.load_many(Space.SESSION, tx.keys(Space.SESSION, _SPACE))
    ended = [key for key, raw in found.items() if json.decode(raw, type=Kept).until <= now]
    if ended:
        tx.drop(Space.SESSION, ended)
