"""The ceremonies of a passkey: signing in, showing that its person is there, signing.

Each has a wish, which a browser is given, and an answer, which it brings back as a form. What a
passkey belongs to is the host name under which people's browsers see the console: that name and
the whole origin are the node's configuration, never what a request says of itself.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from comity.acts.canonical import digest
from comity.console import challenges, sessions
from comity.console.forms import Fields
from comity.ledger.approvals import approval_root
from comity.node import passkeys
from comity.node.node import Node
from comity.node.people import require_person
from comity.register.rows import PasskeyOf
from comity.seal.passkeys import Answer, verify_assertion
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import PersonId

Wish = dict[str, Any]
"""What a browser is asked for, as JSON; empty: nothing needs to be shown."""

SIGN_IN: Final = "sign-in"
MILLISECONDS: Final = challenges.SECONDS * 1000
"""How long a browser waits for its person."""

_LONGEST: Final = 16384


class Place(NamedTuple):
    """Where people's browsers see the console.

    Attributes:
        origin: Scheme, host and port, as browsers write it.
        domain: The host, which passkeys belong to; empty where it is no name (an address has no
            passkeys), or nothing is configured.
    """

    origin: str
    domain: str


def place_of(origin: str) -> Place:
    """Return a console's place from its origin."""
    host = urlsplit(origin).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Place(origin, host)
    return Place(origin, "")


def sign_in_wish(node: Node, place: Place) -> Wish:
    """Return what signs anybody in: no name is asked for, so none can be tried."""
    return _wish(place, challenges.make(node, SIGN_IN), [])


def sign_in(node: Node, place: Place, fields: Fields) -> str:
    """Return the secret of the session that a passkey opens.

    Raises:
        Refused: ``refused.passkey.unknown``, ``refused.passkey.challenge``,
            ``refused.passkey.counter``.
        Invalid: ``invalid.passkey``, ``invalid.signature``.
    """
    found = brought(place, fields)
    row = _shown(node, found)
    with node.store.transaction() as tx:
        person = PersonId(row.scope)
        require_person(tx, person)
        passkeys.by_credential(tx, found.credential)  # not revoked meanwhile
        challenges.spend(node, tx, challenge_in(found.client_data), use=SIGN_IN, person=person)
        return sessions.open_session(tx, person, now=node.clock.now(), key=Digest(row.key))


def proof_wish(node: Node, place: Place, secret: str) -> Wish:
    """Return what shows that a session's person is there; nothing, if that was just shown."""
    now = node.clock.now()
    with node.store.reading() as tx:
        session = sessions.session_of(tx, secret, now=now)
        if sessions.is_proven(tx, session, now=now):
            return {}
        known = passkeys.living(tx, session.person)
    return _wish(place, challenges.make(node, bound("prove", secret)), known)


def prove(node: Node, place: Place, secret: str, fields: Fields) -> None:
    """Keep with a session that its person showed a passkey.

    Raises:
        Refused, Invalid: as :func:`sign_in`; another person's passkey proves nothing.
    """
    found = brought(place, fields)
    row = _shown(node, found)
    with node.store.transaction() as tx:
        now = node.clock.now()
        person = sessions.session_of(tx, secret, now=now).person
        if row.scope != person:
            raise passkeys.unknown()
        use = bound("prove", secret)
        challenges.spend(node, tx, challenge_in(found.client_data), use=use, person=person)
        sessions.prove(tx, secret, now=now)


def signature_wish(node: Node, place: Place, person: PersonId, names: tuple[Digest, ...]) -> Wish:
    """Return what signs deeds; nothing, where there are none or the house keeps a key file."""
    if not names:
        return {}
    with node.store.reading() as tx:
        known = passkeys.living(tx, person)
    if not known:
        return {}
    return _wish(place, digest_to_bytes(approval_root(names)), known)


def _wish(place: Place, challenge: bytes, known: Sequence[PasskeyOf]) -> Wish:
    require_domain(place)
    return {
        "challenge": text_of(challenge),
        "rpId": place.domain,
        "allow": [text_of(one.credential) for one in known],
        "timeout": MILLISECONDS,
    }


def bound(use: str, secret: str) -> str:
    """Return a use that is one session's, or one invitation's, and no other's."""
    return f"{use}|{digest(secret.encode())}"


def require_domain(place: Place) -> None:
    """Return if passkeys can belong to this console.

    Raises:
        Refused: ``refused.passkey.domain``: it is reached by an address, not by a host name.
    """
    if not place.domain:
        raise Refused("refused.passkey.domain", f"a passkey needs a host name, not {place.origin}")


def _shown(node: Node, found: Answer) -> PasskeyOf:
    """Return the passkey that answered a challenge of this house's making, verified.

    Whether the challenge is one of this house, and not used, is asked in the transaction.
    """
    with node.store.reading() as tx:
        row = passkeys.by_credential(tx, found.credential)
    said = verify_assertion(
        row.public,
        relying_party=row.relying_party,
        challenge=challenge_in(found.client_data),
        client_data=found.client_data,
        authenticator=found.authenticator,
        signature=found.signature,
    )
    passkeys.use(node, row, said)
    return row


def brought(place: Place, fields: Fields) -> Answer:
    """Return what a browser brought, of this console's origin and no other.

    A peer takes every origin of the domain and below it; this house takes its own console alone.

    Raises:
        Invalid: ``invalid.passkey``.
    """
    found = Answer(
        credential=bytes_of(fields.one("credential")),
        client_data=bytes_of(fields.one("client_data")),
        authenticator=bytes_of(fields.one("authenticator")),
        signature=bytes_of(fields.one("signature")),
    )
    require_origin(place, found.client_data)
    return found


def require_origin(place: Place, client_data: bytes) -> None:
    """Return if a browser says that it was at this console.

    Raises:
        Invalid: ``invalid.passkey``.
    """
    said = _said(client_data)
    if said.get("origin") != place.origin or said.get("crossOrigin", False) is not False:
        raise Invalid("invalid.passkey", "signed at another origin")


def challenge_in(client_data: bytes) -> bytes:
    """Return the challenge that a browser says it was given.

    Raises:
        Invalid: ``invalid.passkey``.
    """
    return bytes_of(str(_said(client_data).get("challenge", "")))


def _said(client_data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(client_data.decode())
    except (ValueError, RecursionError) as error:
        raise Invalid("invalid.passkey", "the client data is no JSON") from error
    if not isinstance(said, dict):
        raise Invalid("invalid.passkey", "the client data is no object")
    return said


def text_of(raw: bytes) -> str:
    """Return bytes in base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Return what is written in base64url without padding.

    Raises:
        Invalid: ``invalid.passkey``.
    """
    if len(text) > _LONGEST or not text.isascii():
        raise Invalid("invalid.passkey", "too long, or no base64url")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64Error as error:
        raise Invalid("invalid.passkey", "no base64url") from error
