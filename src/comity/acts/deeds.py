"""Every kind of deed, one struct each, tagged ``heading.kind``. Frozen once published.

A deed names the office that acts (``by``) and the agreement and article it acts under. What
goes to a counterpart names the counterpart (``to``); persons appear in deeds that stay in the
house only. Free text is never here: it is in the particulars, whose salted digest is.
"""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.parts import Item, Offices, Position, RefusedLeaf
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Index,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reason,
    Reference,
    Regime,
    Subject,
)


class Deed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What every deed has: the office that acts."""

    by: Office


class Outward(Deed, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """A deed that concerns one counterpart.

    Attributes:
        to: The counterpart.
        agreement: Digest of the agreement's bundle, or of the ground rules for instruments and
            link acts. Absent only in a draft for which no agreement exists: never entered.
        article: The article it is done under.
        not_after: The approval lapses then.
    """

    to: Party
    article: Article
    agreement: Digest | UnsetType = UNSET
    not_after: Instant | UnsetType = UNSET


class Inward(Deed, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """A deed that stays in the house; ``actor`` did it."""

    actor: PersonId


# --- link ----------------------------------------------------------------------------------


class PublishDirectory(Outward, frozen=True, kw_only=True, tag="link.directory"):
    """The author's directory, the first leaf of every correspondence, later ones as they come."""

    directory: Digest
    version: Index


class RefuseLeaves(Outward, frozen=True, kw_only=True, tag="link.refuse"):
    """Which leaves of the counterpart's log have no effect here, and why. Itself never refused."""

    log: LogName
    old: Index
    new: Index
    refused: Annotated[tuple[RefusedLeaf, ...], Meta(min_length=1, max_length=65536)]


class Diverge(Outward, frozen=True, kw_only=True, tag="link.diverge"):
    """The two nodes computed different common judgements of one leaf: recorded, without effect."""

    leaf: Position
    claimed: Digest
    computed: Digest


class EnrolRoot(Inward, frozen=True, kw_only=True, tag="link.enrol-root"):
    """A counterpart's root, its fingerprint compared out of band by two persons of this house."""

    party: Party
    root: Digest
    directory: Digest
    compared_by: Annotated[tuple[PersonId, ...], Meta(min_length=2, max_length=2)]


# --- treaty --------------------------------------------------------------------------------


class Propose(Outward, frozen=True, kw_only=True, tag="treaty.propose"):
    """The text of an agreement is put before the counterpart."""

    text: Digest
    id: AgreementId
    version: Reason


class Sign(Outward, frozen=True, kw_only=True, tag="treaty.sign"):
    """The author signs a text: a hybrid signature over the bundle's exact bytes."""

    text: Digest
    signature: Annotated[bytes, Meta(max_length=8192)]


class NotifyRequirementsMet(
    Outward, frozen=True, kw_only=True, tag="treaty.notify-requirements-met"
):
    """The author's legal requirements for entry into force are met."""

    text: Digest


class NotifyAuthority(Outward, frozen=True, kw_only=True, tag="treaty.notify-authority"):
    """The public part of the author's national profile: offices, zone, working days."""

    profile: Digest


class AdoptProfile(Inward, frozen=True, kw_only=True, tag="domestic.adopt-profile"):
    """The house's own national profile from here on."""

    profile: Digest


# --- release -------------------------------------------------------------------------------


class Release(Outward, frozen=True, kw_only=True, tag="release.release"):
    """A copy of an item is handed over to offices of another party.

    Attributes:
        offices: The addressed offices of the receiving party.
        item: The item core.
        purpose: What it may be used for.
        particulars: Salted digest of the sealed words.
        origin: The leaf by which the providing party got it, when it is not the originator.
    """

    offices: Offices
    item: Item
    purpose: Purpose
    particulars: Digest
    origin: Position | UnsetType = UNSET


class LayBefore(Inward, frozen=True, kw_only=True, tag="release.propose"):
    """A drafted deed is laid before the releasing authority."""

    deed: Digest


class Approve(Inward, frozen=True, kw_only=True, tag="release.approve"):
    """A person approved a deed, or a list of deeds, with the named document."""

    document: Digest


class Decline(Inward, frozen=True, kw_only=True, tag="release.decline"):
    """A person declined a draft. No reason is owed, so none is asked for."""

    deed: Digest


# --- delivery ------------------------------------------------------------------------------


class Stage(Enum):
    """Which receipt: by the registry, or by the custodian of the addressed office."""

    PACKAGE = "package"
    DOCUMENT = "document"


class Reserve(Enum):
    """Why a receipt is under reserve."""

    SHORT = "short"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    MISDIRECTED = "misdirected"


class Receipt(Outward, frozen=True, kw_only=True, tag="delivery.receipt"):
    """The signed word that an item arrived.

    Attributes:
        item: The leaf that provided it.
        stage: Package (registry) or document (custodian of the addressed office).
        number: The receiving registry's own number.
        copy: Copy number, pages and annexes as counted by the signer.
        reserve: Empty: clear.
    """

    item: Position
    stage: Stage
    number: Reference
    copy: Index
    pages: Index
    annexes: Index
    reserve: Annotated[tuple[Reserve, ...], Meta(max_length=4)]


# --- register ------------------------------------------------------------------------------


class Register(Outward, frozen=True, kw_only=True, tag="register.register"):
    """A received item gets the receiving registry's own number."""

    item: Position
    number: Reference


class Designate(Outward, frozen=True, kw_only=True, tag="register.designate"):
    """The officer whom national law empowers puts a received item under a regime, for a term."""

    item: Position
    regime: Regime
    level: Level
    until: Instant


class ReMark(Outward, frozen=True, kw_only=True, tag="register.re-mark"):
    """A received item is marked with the originator's name and the receiving party's level."""

    item: Position
    level: Level
    regime: Regime | UnsetType = UNSET
    designation: Position | UnsetType = UNSET


class Assign(Outward, frozen=True, kw_only=True, tag="register.assign"):
    """The registry gives an item to a person of an addressed office."""

    item: Position
    office: Office
    person: PersonId


class Access(Outward, frozen=True, kw_only=True, tag="register.access"):
    """A person opened an item."""

    item: Position
    person: PersonId


class Blank(Deed, frozen=True, kw_only=True, tag="register.blank"):
    """Nothing happened: makes up the number, so that an idle hour looks like a busy one."""


# --- people and places -----------------------------------------------------------------------


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
    """A person is entered with office, roles and the public key of approvals, if any."""

    person: PersonId
    office: Office
    roles: Annotated[tuple[Role, ...], Meta(min_length=1, max_length=9)]
    card: Digest
    key: Annotated[bytes, Meta(max_length=8192)] | UnsetType = UNSET


class Clear(Inward, frozen=True, kw_only=True, tag="people.clear"):
    """A clearance under the holder's own national procedure."""

    person: PersonId
    level: Level
    since: Instant
    until: Instant
    authority: Office


class GrantNeedToKnow(Inward, frozen=True, kw_only=True, tag="people.need-to-know"):
    """Why this person: the subjects that the person's duties require, for a term."""

    person: PersonId
    subject: Subject
    until: Instant


class Assure(Outward, frozen=True, kw_only=True, tag="people.assure"):
    """The word given before the first release (Korea-Japan 2016, Article 7(5)).

    The representatives of ``offices`` are cleared to ``level``, need the information officially,
    and will protect it; until ``until``.
    """

    offices: Offices
    level: Level
    until: Instant
    cleared: bool
    needed: bool
    protected: bool


# --- the house's own lines -------------------------------------------------------------------


class RefuseAct(Inward, frozen=True, kw_only=True, tag="journal.refuse"):
    """An act of this house that the judgement refused: kept at home, never sent."""

    deed: Digest
    act: Reason
    judgement: Digest
    item: Position | UnsetType = UNSET


class Leaves(Deed, frozen=True, kw_only=True, tag="journal.leaves"):
    """A run of leaves that one transaction appended to another log: one line of the total order.

    Attributes:
        log: The log they were appended to.
        first: The index of the first.
        leaves: Their leaf hashes, 48 bytes each.
        common: Digests of their common judgements, 48 bytes each (zeros: not judged).
        domestic: Likewise of the domestic judgements.
    """

    log: LogName
    first: Index
    leaves: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=65536)]
    common: tuple[bytes, ...]
    domestic: tuple[bytes, ...]


AnyDeed = (
    PublishDirectory
    | RefuseLeaves
    | Diverge
    | EnrolRoot
    | Propose
    | Sign
    | NotifyRequirementsMet
    | NotifyAuthority
    | AdoptProfile
    | Release
    | LayBefore
    | Approve
    | Decline
    | Receipt
    | Register
    | Designate
    | ReMark
    | Assign
    | Access
    | Blank
    | EnterPerson
    | Clear
    | GrantNeedToKnow
    | Assure
    | RefuseAct
    | Leaves
)
"""Every kind of deed of this version."""


def kind_of(deed: Deed) -> Reason:
    """Return the tag of a deed: ``release.release``."""
    return Reason(str(deed.__struct_config__.tag))
