"""Every kind of deed, one struct each, tagged ``heading.kind``. Frozen once published.

A deed names the office that acts (``by``) and the agreement and article it acts under. What
goes to a counterpart names the counterpart (``to``); persons appear in deeds that stay in the
house only. Free text is never here: it is in the particulars, whose salted digest is.
"""

from comity.acts.deeds.base import Deed, Inward, Outward, deed_digest
from comity.acts.deeds.consent import AcknowledgeWithdrawal, Ask, Grant, Refuse, Uses, Withdraw
from comity.acts.deeds.delivery import Receipt, Reserve, Stage
from comity.acts.deeds.house import Leaves, RefuseAct
from comity.acts.deeds.link import Diverge, EnrolRoot, PublishDirectory, RefuseLeaves
from comity.acts.deeds.people import Assure, Clear, EnterPerson, GrantNeedToKnow, Role
from comity.acts.deeds.register import Access, Assign, Blank, Designate, Register, ReMark
from comity.acts.deeds.release import (
    Approve,
    Decline,
    LayBefore,
    OnwardReleased,
    Release,
)
from comity.acts.deeds.request import Answer, DeclineRequest, Extent, Request, WithdrawRequest
from comity.acts.deeds.treaty import (
    AdoptProfile,
    NotifyAuthority,
    NotifyRequirementsMet,
    Propose,
    Sign,
)
from comity.vocabulary.names import Reason

__all__ = [
    "Access",
    "AcknowledgeWithdrawal",
    "AdoptProfile",
    "Answer",
    "AnyDeed",
    "Approve",
    "Ask",
    "Assign",
    "Assure",
    "Blank",
    "Clear",
    "Decline",
    "DeclineRequest",
    "Deed",
    "Designate",
    "Diverge",
    "EnrolRoot",
    "EnterPerson",
    "Extent",
    "Grant",
    "GrantNeedToKnow",
    "Inward",
    "LayBefore",
    "Leaves",
    "NotifyAuthority",
    "NotifyRequirementsMet",
    "OnwardReleased",
    "Outward",
    "Propose",
    "PublishDirectory",
    "ReMark",
    "Receipt",
    "Refuse",
    "RefuseAct",
    "RefuseLeaves",
    "Register",
    "Release",
    "Request",
    "Reserve",
    "Role",
    "Sign",
    "Stage",
    "Uses",
    "Withdraw",
    "WithdrawRequest",
    "deed_digest",
    "kind_of",
]

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
    | OnwardReleased
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
    | Ask
    | Grant
    | Refuse
    | Withdraw
    | AcknowledgeWithdrawal
    | Request
    | Answer
    | DeclineRequest
    | WithdrawRequest
    | RefuseAct
    | Leaves
)
"""Every kind of deed of this version."""


def kind_of(deed: Deed) -> Reason:
    """Return the tag of a deed: ``release.release``."""
    return Reason(str(deed.__struct_config__.tag))
