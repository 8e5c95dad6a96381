"""Signatures: by the key file that the house keeps for a person, or by a passkey.

A program cannot touch an authenticator; whoever drives one asks what is to be signed, has it
signed, and sends the same request again with what came of it. What is to be signed is found by
running the same use case up to where it would sign: nothing else can be signed.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.console.api.operation import Doing, Operation
from comity.console.ceremonies import text_of
from comity.ledger.approvals import approval_root
from comity.node import passkeys, signing
from comity.seal.passkeys import Answer
from comity.vocabulary.digests import digest_to_bytes

Raw = Annotated[bytes, Meta(min_length=1, max_length=16384)]


class Signature(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an authenticator answered, each part in base64 (Web Authentication, section 5.2.2)."""

    credential: Raw
    client_data: Raw
    authenticator: Raw
    signature: Raw


class Signed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The signature of a passkey; left out where the house keeps a key file for the person."""

    signature: Signature | UnsetType = UNSET


class ToSign(Struct, frozen=True, kw_only=True):
    """What is to be signed, as an authenticator is asked for it.

    Attributes:
        custodied: No passkey is registered: the house signs with the key file that it keeps.
        deeds: Digests of the deeds, in order.
        challenge: The root over them, in base64url.
        relying_party: The domain that the passkeys belong to.
        allow: The credentials of this person, in base64url.
    """

    custodied: bool
    deeds: tuple[str, ...]
    challenge: str
    relying_party: str
    allow: tuple[str, ...]


def brought(body: Struct) -> Answer | None:
    """Return what a body holds of a passkey, or nothing."""
    found = getattr(body, "signature", UNSET)
    if not isinstance(found, Signature):
        return None
    return Answer(**msgspec.structs.asdict(found))


def wish_of(one: Operation) -> Operation:
    """Return the operation that says what another one would have its person sign."""

    def wish(doing: Doing[Any]) -> ToSign:
        try:
            one.run(doing._replace(sign=signing.only_ask))
        except signing.ToSignError as asked:
            with doing.node.store.reading() as tx:
                known = passkeys.living(tx, doing.person)
            return ToSign(
                custodied=not known,
                deeds=asked.names,
                challenge=text_of(digest_to_bytes(approval_root(asked.names))),
                relying_party=known[0].relying_party if known else "",
                allow=tuple(text_of(row.credential) for row in known),
            )
        raise AssertionError(one.name)

    wish.__doc__ = f"Say what is to be signed: {one.summary[0].lower()}{one.summary[1:]}"
    return Operation(
        f"{one.name}Sign",
        one.heading,
        "POST",
        f"{one.path}/sign",
        wish,
        ToSign,
        one.asked,
        page=" ".join(f"{page}/sign" for page in one.page.split()),
    )
