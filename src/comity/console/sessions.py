"""Sessions of the console: opened by a passkey, or by a link that works once.

Secrets are 256 bits from the operating system and are kept by their digest only: who reads the
store can sign in as nobody.
"""

from secrets import token_urlsafe
from typing import Final, Literal

from msgspec import Struct, json

from comity.acts.canonical import digest
from comity.node.node import Node
from comity.node.passkeys import living
from comity.node.people import require_person
from comity.node.ports import Reading, Space, Transaction
from comity.register.rows import PasskeyOf, PersonOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import PersonId

LINK_SECONDS: Final = 15 * 60
"""How long a link waits to be used."""

SESSION_SECONDS: Final = 60 * 60
"""How long a session lasts, used or not."""

PROOF_SECONDS: Final = 5 * 60
"""How long it holds that the person was there, for what asks for it again (release, destroy)."""

_BYTES: Final = 32

LinkKind = Literal["link", "invitation"]


class Kept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands under the digest of a secret.

    Attributes:
        kind: A link signs in; an invitation lets a person register a passkey; a challenge that
            was used is ``spent``.
        key: The passkey that opened a session; empty where a link did.
        proven: When a passkey last showed that the person was there; empty: never.
    """

    kind: Literal["link", "invitation", "session", "spent"]
    person: PersonId
    until: Instant
    key: str = ""
    proven: str = ""


def make_link(node: Node, person: PersonId, kind: LinkKind = "link") -> str:
    """Return a secret that signs a person in, or invites one, once, within :data:`LINK_SECONDS`.

    Raises:
        Refused: ``refused.person.unknown``.
    """
    with node.store.transaction() as tx:
        require_person(tx, person)
        now = node.clock.now()
        _forget_ended(tx, now)
        until = plus_seconds(now, LINK_SECONDS)
        return _secret(tx, Kept(kind=kind, person=person, until=until))


def enter(node: Node, secret: str) -> str:
    """Use a link up; return the secret of the session that it opens.

    Link and session change places in one transaction: if the process dies before it is
    committed the link is still good, and afterwards it is gone.

    Raises:
        Refused: ``refused.session.link``: never made, used, or ended; the same answer for each.
    """
    with node.store.transaction() as tx:
        person = use_link(tx, secret, kind="link", now=node.clock.now())
        return open_session(tx, person, now=node.clock.now())


def use_link(tx: Transaction, secret: str, *, kind: LinkKind, now: Instant) -> PersonId:
    """Use a link up in a transaction; return whose it is.

    Raises:
        Refused: ``refused.session.link``, as :func:`enter`.
    """
    person = link_of(tx, secret, kind=kind, now=now)
    tx.drop(Space.SESSION, [digest(secret.encode())])
    return person


def link_of(tx: Reading, secret: str, *, kind: LinkKind, now: Instant) -> PersonId:
    """Return whose link it is, without using it up: a browser may look twice.

    Raises:
        Refused: ``refused.session.link``, as :func:`enter`.
    """
    link = _read(tx.load(Space.SESSION, digest(secret.encode())))
    if link is None or link.kind != kind or link.until <= now:
        raise Refused("refused.session.link", "this link was used, has ended, or never was")
    return link.person


def open_session(tx: Transaction, person: PersonId, *, now: Instant, key: str = "") -> str:
    """Return the secret of a new session; of one that a passkey opens, its person is proven."""
    _forget_ended(tx, now)
    until = plus_seconds(now, SESSION_SECONDS)
    proven = now if key else ""
    return _secret(tx, Kept(kind="session", person=person, until=until, key=key, proven=proven))


def person_of(node: Node, secret: str) -> PersonId:
    """Return whose session a secret opens now.

    Raises:
        Refused: ``refused.session.none``: no session, it has ended, or the passkey that opened
            it was revoked.
    """
    with node.store.reading() as tx:
        return session_of(tx, secret, now=node.clock.now()).person


def session_of(tx: Reading, secret: str, *, now: Instant) -> Kept:
    """Return the session that a secret opens (see :func:`person_of`)."""
    kept = _read(tx.load(Space.SESSION, digest(secret.encode()))) if secret else None
    nobody = Refused("refused.session.none", "nobody is signed in")
    if kept is None or kept.kind != "session" or kept.until <= now:
        raise nobody
    opened_by = tx.get(PasskeyOf, kept.key) if kept.key else None
    if kept.key and (opened_by is None or opened_by.revoked):
        raise nobody
    if tx.get(PersonOf, kept.person) is None:
        raise nobody
    return kept


def require_proven(node: Node, secret: str) -> None:
    """Return if the person showed a passkey a short while ago, or has none to show.

    Without a passkey a session comes from a link, which demonstration nodes alone give.

    Raises:
        Refused: ``refused.session.none``, ``refused.session.proof``.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        session = session_of(tx, secret, now=now)
        if not is_proven(tx, session, now=now):
            raise Refused("refused.session.proof", "show your passkey once more")


def is_proven(tx: Reading, session: Kept, *, now: Instant) -> bool:
    """Tell whether a session's person needs to show no passkey now."""
    if not living(tx, session.person):
        return True
    return bool(session.proven) and plus_seconds(Instant(session.proven), PROOF_SECONDS) > now


def prove(tx: Transaction, secret: str, *, now: Instant) -> None:
    """Keep with a session that its person was there just now."""
    was = session_of(tx, secret, now=now)
    keep(
        tx,
        digest(secret.encode()),
        Kept(kind="session", person=was.person, until=was.until, key=was.key, proven=now),
    )


def leave(node: Node, secret: str) -> None:
    """End a session; to end one that is not there changes nothing."""
    with node.store.transaction() as tx:
        tx.drop(Space.SESSION, [digest(secret.encode())])


def is_kept(tx: Reading, key: Digest) -> bool:
    """Tell whether something stands under a key."""
    return tx.load(Space.SESSION, key) is not None


def keep(tx: Transaction, key: Digest, kept: Kept) -> None:
    """Keep something under the digest of a secret."""
    tx.save(Space.SESSION, {key: json.encode(kept)})


def _secret(tx: Transaction, kept: Kept) -> str:
    secret = token_urlsafe(_BYTES)
    keep(tx, digest(secret.encode()), kept)
    return secret


def _read(raw: bytes | None) -> Kept | None:
    return None if raw is None else json.decode(raw, type=Kept)


def _forget_ended(tx: Transaction, now: Instant) -> None:
    found = tx.load_many(Space.SESSION, tx.keys(Space.SESSION, "sha384:"))
    ended = [key for key, raw in found.items() if json.decode(raw, type=Kept).until <= now]
    if ended:
        tx.drop(Space.SESSION, ended)
