"""A person registers a passkey: invited by a link that works once, or signed in already.

No attestation is asked for: which device it is was not judged, that its person was verified was.
The library reads what the browser brought; what peers will rely on, the key itself, is looked at
by ``seal`` before it is entered.
"""

from typing import Final, NamedTuple

from comity.acts.canonical import digest
from comity.console import challenges, sessions
from comity.console.ceremonies import (
    MILLISECONDS,
    Place,
    Wish,
    bound,
    bytes_of,
    challenge_in,
    require_domain,
    require_origin,
    text_of,
)
from comity.console.forms import Fields
from comity.node import passkeys
from comity.node.node import Node
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.node.sitting import Sitting, sitting
from comity.seal.fingerprints import key_id
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import PersonId

_ALGORITHMS: Final = (-7, -8, -257)
"""ES256, EdDSA, RS256: what :func:`comity.seal.cose.cose_key` knows."""


class Made(NamedTuple):
    """A passkey that an authenticator made.

    Attributes:
        copied: Whether copies of the private key may exist beyond one device.
    """

    public: bytes
    credential: bytes
    copied: bool
    challenge: bytes


def registration_wish(
    node: Node, tx: Reading, place: Place, person: PersonId, *, secret: str
) -> Wish:
    """Return what registers a passkey for a person, bound to an invitation or to a session.

    Raises:
        Refused: ``refused.passkey.domain``: this console has no host name.
    """
    require_domain(place)
    card = card_of(tx, person)
    handle = digest(node.vault.storage(node.party) + f"\nuser handle\n{person}".encode())
    return {
        "challenge": text_of(challenges.make(node, bound("register", secret))),
        "rp": {"id": place.domain, "name": f"comity {node.party}"},
        "user": {
            "id": text_of(digest_to_bytes(handle)),
            "name": person,
            "displayName": person if card is None else card.name,
        },
        "algorithms": list(_ALGORITHMS),
        "exclude": [text_of(one.credential) for one in passkeys.living(tx, person)],
        "timeout": MILLISECONDS,
    }


def accept_invitation(node: Node, place: Place, secret: str, fields: Fields) -> str:
    """Register the passkey of a person who was invited; return the secret of a session.

    The invitation, the passkey's entry and the session change together: if the process dies
    before the commit, the invitation is still good and nothing is registered.

    Raises:
        Refused: ``refused.session.link``; as :func:`comity.node.passkeys.register_in`.
        Invalid: ``invalid.passkey``, ``invalid.key``.
    """
    made = registered(place, fields)
    with sitting(node) as session:
        now = node.clock.now()
        person = sessions.use_link(session.tx, secret, kind="invitation", now=now)
        _enter(session, node, place, person, made, use=bound("register", secret))
        return sessions.open_session(session.tx, person, now=now, key=key_id(made.public))


def register(node: Node, place: Place, secret: str, fields: Fields) -> None:
    """Register a further passkey of a person who is signed in, and was just shown to be there.

    Raises:
        Refused: ``refused.session.proof``; and, with Invalid, as :func:`accept_invitation`.
    """
    made = registered(place, fields)
    sessions.require_proven(node, secret)
    with sitting(node) as session:
        person = sessions.session_of(session.tx, secret, now=node.clock.now()).person
        _enter(session, node, place, person, made, use=bound("register", secret))


def _enter(  # noqa: PLR0913 - whose, where, and for which use
    session: Sitting, node: Node, place: Place, person: PersonId, made: Made, *, use: str
) -> None:
    challenges.spend(node, session.tx, made.challenge, use=use, person=person)
    passkeys.register_in(
        session,
        person,
        public=made.public,
        relying_party=place.domain,
        credential=made.credential,
        copied=made.copied,
    )


def registered(place: Place, fields: Fields) -> Made:
    """Return the passkey that a browser brought, made here, by a present and verified person.

    Raises:
        Invalid: ``invalid.passkey``.
        Refused: ``refused.passkey.domain``.
    """
    # Imported where it is needed: a quarter of a second that no other command waits for.
    from webauthn import verify_registration_response  # noqa: PLC0415
    from webauthn.helpers.cose import COSEAlgorithmIdentifier  # noqa: PLC0415
    from webauthn.helpers.structs import AttestationFormat  # noqa: PLC0415

    require_domain(place)
    client_data = bytes_of(fields.one("client_data"))
    require_origin(place, client_data)
    name = fields.one("credential")
    try:
        found = verify_registration_response(
            credential={
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {
                    "clientDataJSON": fields.one("client_data"),
                    "attestationObject": text_of(bytes_of(fields.one("attestation"))),
                },
            },
            expected_challenge=challenge_in(client_data),
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(one) for one in _ALGORITHMS],
        )
    except Exception as error:  # a reader of foreign bytes: what it cannot read is no passkey
        raise Invalid("invalid.passkey", "not a passkey that was made here") from error
    if found.fmt != AttestationFormat.NONE or found.credential_id != bytes_of(name):
        raise Invalid("invalid.passkey", "attested unasked, or under another name")
    copied = found.credential_device_type.value == "multi_device"
    return Made(found.credential_public_key, found.credential_id, copied, challenge_in(client_data))
