"""Instruments: what makes an agreement and changes its state."""

from typing import Annotated

from msgspec import Meta

from comity.acts.deeds.base import Inward, Outward
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import AgreementId, Reason


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
