"""Who may see what, and the word given to the other side about it."""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Inward, Outward
from comity.acts.parts import Offices, RelyingParty
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Level, Office, Party, PersonId, Reason, Subject


class Role(Enum):
    """What a person does in this house under an agreement."""

    DESK = "desk-officer"
    RELEASING = "releasing-authority"
    REGISTRY = "registry-officer"
    CUSTODIAN = "custodian"
    DESIGNATING = "designating-officer"
    SECURITY = "security-officer"
    SIGNATORY = "signatory"
    ADMINISTRATOR = "administrator"
    OFFICIAL = "official"


class EnterPerson(Inward, frozen=True, kw_only=True, tag="people.enter"):
    """A person is entered with office, roles and the public key of approvals, if any.

    Attributes:
        relying_party: The domain that the key, a passkey, belongs to; absent for a key file.
    """

    person: PersonId
    office: Office
    roles: Annotated[tuple[Role, ...], Meta(min_length=1, max_length=9)]
    card: Digest
    key: Annotated[bytes, Meta(max_length=8192)] | UnsetType = UNSET
    relying_party: RelyingParty | UnsetType = UNSET
    nationalities: Annotated[tuple[Party, ...], Meta(max_length=8)] | UnsetType = UNSET


class EnterPasskey(Inward, frozen=True, kw_only=True, tag="people.passkey"):
    """A person registered a passkey: it signs the person in, and signs what the person approves.

    From here on it stands in the place of a key file that the house kept for the person.

    Attributes:
        key: The public key, as COSE.
        relying_party: The domain that it belongs to: the host name of the house's console.
        credential: By what the authenticator finds it again.
        copied: Whether copies of the private key may exist beyond one device.
    """

    person: PersonId
    key: Annotated[bytes, Meta(min_length=1, max_length=1024)]
    relying_party: RelyingParty
    credential: Annotated[bytes, Meta(min_length=1, max_length=1023)]
    copied: bool


class RevokePasskey(Inward, frozen=True, kw_only=True, tag="people.revoke-passkey"):
    """A passkey signs nothing and nobody in from here on; what it signed before stands.

    Attributes:
        key: Identifier of the public key.
    """

    person: PersonId
    key: Digest


class Clear(Inward, frozen=True, kw_only=True, tag="people.clear"):
    """A clearance under the holder's own national procedure.

    Attributes:
        authority: Who granted it.
        attestation: Digest of the vetting authority's word that its decision rests on all
            information available; it stays at home (Korea-Japan 2016, Article 7(3) and (4)).
    """

    person: PersonId
    level: Level
    since: Instant
    until: Instant
    authority: Office
    attestation: Digest | UnsetType = UNSET


class GrantNeedToKnow(Inward, frozen=True, kw_only=True, tag="people.need-to-know"):
    """Why this person: the subjects that the person's duties require, for a term."""

    person: PersonId
    subject: Subject
    until: Instant


class WithdrawLine(Inward, frozen=True, kw_only=True, tag="people.withdraw"):
    """A clearance, a need-to-know, or a line about a facility holds no longer, from now on.

    Attributes:
        line: Where it stands in the journal.
    """

    line: Index


Controls = Annotated[tuple[Reason, ...], Meta(max_length=32)]
"""Codes of what is done to protect items."""


class Assure(Outward, frozen=True, kw_only=True, tag="people.assure"):
    """The word given before the first release (Korea-Japan 2016, Article 7(5)).

    The representatives of ``offices`` are cleared to ``level``, need the information officially,
    and will protect it; until ``until``.

    Attributes:
        controls: What is done to protect items of this level there, by codes: ``vault``,
            ``two-persons`` (Article 6(b)).
    """

    offices: Offices
    level: Level
    until: Instant
    cleared: bool
    needed: bool
    protected: bool
    controls: Controls | UnsetType = UNSET
