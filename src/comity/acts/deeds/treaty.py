"""Instruments: what makes an agreement and changes its state; and what is done at home for it.

What was done on paper has the date on which it was done (``on``), as far as it is known, in the
days of the text; when it was entered the entry says. An announcement changes nothing.
"""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Inward, Outward
from comity.acts.parts import Position
from comity.vocabulary.dates import Dated
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import AgreementId, Party, Reason


class Talks(Enum):
    """Where negotiations are."""

    OPENED = "opened"
    RESUMED = "resumed"
    SHELVED = "shelved"


class Channel(Enum):
    """By which channel a note goes."""

    DIPLOMATIC = "diplomatic"
    WRITTEN = "written"


class DomesticStep(Enum):
    """A step of a party's own procedure."""

    WORKING_LEVEL = "working-level"
    LEGAL_REVIEW = "legal-review"
    VICE_MINISTERS = "vice-ministers"
    CABINET = "cabinet"
    PRESIDENT = "president"
    SIGNATURE = "signature"
    GAZETTE = "gazette"
    PUBLIC_NOTICE = "public-notice"


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


class Negotiate(Outward, frozen=True, kw_only=True, tag="treaty.negotiate"):
    """Negotiations are opened or resumed, or the pact is put on the back burner."""

    pact: AgreementId
    step: Talks
    on: Dated


class Announce(Outward, frozen=True, kw_only=True, tag="treaty.announce"):
    """Something was said in public about a pact. It has no legal effect whatever it says."""

    pact: AgreementId
    on: Dated
    document: Digest | UnsetType = UNSET


class Initial(Outward, frozen=True, kw_only=True, tag="treaty.initial"):
    """The author's delegates initialled a text: it is what was negotiated, and binds nobody."""

    text: Digest
    on: Dated


class PostponeSignature(Outward, frozen=True, kw_only=True, tag="treaty.postpone-signature"):
    """The author does not sign a text at the time that was meant for it."""

    text: Digest
    on: Dated


class GiveNotice(Outward, frozen=True, kw_only=True, tag="treaty.give-notice"):
    """The author ends a text with the end of its term (Korea-Japan 2016, Article 21(3)).

    Attributes:
        channel: By which channel the note goes.
        on: When the note was sent or handed over.
    """

    text: Digest
    channel: Channel
    on: Dated
    document: Digest | UnsetType = UNSET


class AcknowledgeNotice(Outward, frozen=True, kw_only=True, tag="treaty.acknowledge-notice"):
    """Who was given a notice says when it was received."""

    text: Digest
    notice: Position
    on: Dated


class SuspendNotice(Outward, frozen=True, kw_only=True, tag="treaty.suspend-notice"):
    """The effect of the author's notice is suspended."""

    text: Digest
    notice: Position
    on: Dated


class ResumeNotice(Outward, frozen=True, kw_only=True, tag="treaty.resume-notice"):
    """The author lifts the suspension of its notice."""

    text: Digest
    notice: Position
    on: Dated


class WithdrawNotice(Outward, frozen=True, kw_only=True, tag="treaty.withdraw-notice"):
    """The author takes its notice back: it is as if it had not been given from then on."""

    text: Digest
    notice: Position
    on: Dated


class Amend(Outward, frozen=True, kw_only=True, tag="treaty.amend"):
    """The author consents that another version takes a text's place (Article 21(2))."""

    text: Digest
    new: Digest
    on: Dated


class LawChange(Outward, frozen=True, kw_only=True, tag="treaty.law-change"):
    """The author's law on protection changes (Korea-Japan 2016, Article 3)."""

    text: Digest
    on: Dated
    document: Digest | UnsetType = UNSET


class AskLaw(Outward, frozen=True, kw_only=True, tag="treaty.ask-law"):
    """The author asks which law on protection is in force with the other (Article 3)."""

    text: Digest


class StateLaw(Outward, frozen=True, kw_only=True, tag="treaty.state-law"):
    """Who was asked says which law is in force: the document travels with the entry."""

    text: Digest
    about: Position
    document: Digest


class Revalidate(Outward, frozen=True, kw_only=True, tag="treaty.revalidate"):
    """The author looked again at the text after a change of law that it told, or was told of.

    Attributes:
        about: The leaf that told of the change.
        holds: What the text says still gives the agreed protection; else it is to be amended.
    """

    text: Digest
    about: Position
    holds: bool


class AdoptProfile(Inward, frozen=True, kw_only=True, tag="domestic.adopt-profile"):
    """The house's own national profile from here on."""

    profile: Digest


class TakeStep(Inward, frozen=True, kw_only=True, tag="domestic.take-step"):
    """A step of the domestic procedure was taken: by whom entered, on which document.

    A step that is missing or late blocks no sovereign; it is marked for ever.
    """

    pact: AgreementId
    step: DomesticStep
    on: Dated
    document: Digest | UnsetType = UNSET


class Chronicle(Inward, frozen=True, kw_only=True, tag="domestic.chronicle"):
    """The house writes down what it learnt of a pact: who did or said what, and when.

    It stands in the house's history, attributed, and no judgement reads it: who writes down
    that somebody signed has no signature.
    """

    pact: AgreementId
    parties: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=16)]
    event: Reason
    on: Dated
    document: Digest | UnsetType = UNSET
