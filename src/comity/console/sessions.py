"""Sign-in by a link that works once, and the session that it opens.

Secrets are 256 bits from the operating system and are kept by their digest only: who reads the
store can sign in as nobody.
"""

from secrets import token_urlsafe
from typing import Final, Literal

from msgspec import Struct, json

from comity.acts.canonical import digest
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Space, Transaction
from comity.register.rows import PersonOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import PersonId

LINK_SECONDS: Final = 15 * 60
"""How long a link waits to be used."""

SESSION_SECONDS: Final = 60 * 60
"""How long a session lasts, used or not."""

_BYTES: Final = 32


class Kept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands under the digest of a secret."""

    kind: Literal["link", "session"]
    person: PersonId
    until: Instant


def make_link(node: Node, person: PersonId) -> str:
    """Return a secret that signs a person in, once, within :data:`LINK_SECONDS`.

    Raises:
        Refused: ``refused.person.unknown``.
    """
    with node.store.transaction() as tx:
        require_person(tx, person)
        now = node.clock.now()
        _forget_ended(tx, now)
        until = plus_seconds(now, LINK_SECONDS)
        return _keep(tx, Kept(kind="link", person=person, until=until))


def enter(node: Node, secret: str) -> str:
    """Use a link up; return the secret of the session that it opens.

    Link and session change places in one transaction: if the process dies before it is
    committed the link is still good, and afterwards it is gone.

    Raises:
        Refused: ``refused.session.link``: never made, used, or ended; the same answer for each.
    """
    key = digest(secret.encode())
    with node.store.transaction() as tx:
        now = node.clock.now()
        link = _read(tx.load(Space.SESSION, key))
        if link is None or link.kind != "link" or link.until <= now:
            raise Refused("refused.session.link", "this link was used, has ended, or never was")
        tx.drop(Space.SESSION, [key])
        until = plus_seconds(now, SESSION_SECONDS)
        return _keep(tx, Kept(kind="session", person=link.person, until=until))


def person_of(node: Node, secret: str) -> PersonId:
    """Return whose session a secret opens now.

    Raises:
        Refused: ``refused.session.none``: no session, or it has ended.
    """
    with node.store.reading() as tx:
        kept = _read(tx.load(Space.SESSION, digest(secret.encode()))) if secret else None
        known = kept is not None and tx.get(PersonOf, kept.person) is not None
    if kept is None or not known or kept.kind != "session" or kept.until <= node.clock.now():
        raise Refused("refused.session.none", "nobody is signed in")
    return kept.person


def leave(node: Node, secret: str) -> None:
    """End a session; to end one that is not there changes nothing."""
    with node.store.transaction() as tx:
        tx.drop(Space.SESSION, [digest(secret.encode())])


def _keep(tx: Transaction, kept: Kept) -> str:
    secret = token_urlsafe(_BYTES)
    tx.save(Space.SESSION, {digest(secret.encode()): json.encode(kept)})
    return secret


def _read(raw: bytes | None) -> Kept | None:
    return None if raw is None else json.decode(raw, type=Kept)


def _forget_ended(tx: Transaction, now: Instant) -> None:
    found = tx.load_many(Space.SESSION, tx.keys(Space.SESSION, "sha384:"))
    ended = [key for key, raw in found.items() if json.decode(raw, type=Kept).until <= now]
    if ended:
        tx.drop(Space.SESSION, ended)
