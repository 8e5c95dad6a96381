"""Every kind of deed, one struct each, tagged ``heading.kind``. Frozen once published.

A deed names the office that acts (``by``) and the agreement and article it acts under. What
goes to a counterpart names the counterpart (``to``); persons appear in deeds that stay in the
house only. Free text is never here: it is in the particulars, whose salted digest is.
"""

from comity.acts.deeds.base import Deed, Inward, Outward, deed_digest
from comity.acts.deeds.consent import (
    AcknowledgeWithdrawal,
    Ask,
    Grant,
    Mode,
    Refuse,
    Uses,
    Withdraw,
)
from comity.acts.deeds.contractor import (
    ApproveContractor,
    DeclineContractor,
    HandToContractor,
    Precondition,
    ProposeContractor,
)
from comity.acts.deeds.copies import (
    AcknowledgeRegrading,
    AskHoldings,
    CertifyDestruction,
    Derive,
    Destroy,
    Extract,
    GiveBack,
    Keep,
    Loan,
    Machine,
    Method,
    Muster,
    OfHolder,
    Place,
    Recall,
    Regrade,
    Relieve,
    Reproduce,
    Return,
    StateHoldings,
    Translate,
)
from comity.acts.deeds.delivery import QUERY, Courier, HandOver, Receipt, Reserve, Stage
from comity.acts.deeds.dispute import Consult, RaiseDispute, Settle
from comity.acts.deeds.exercise import BeginExercise, EndExercise, Evaluate, Worth
from comity.acts.deeds.expenses import NoteExpense
from comity.acts.deeds.house import Leaves, Recovered, RefuseAct
from comity.acts.deeds.incident import (
    CloseIncident,
    IncidentResults,
    Investigate,
    ReportIncident,
    Stated,
)
from comity.acts.deeds.link import (
    Diverge,
    EnrolRoot,
    EraseParticulars,
    PublishDirectory,
    RefuseLeaves,
    Revoke,
)
from comity.acts.deeds.logistics import Payment, RequestSupport, SettleSupport, TransferSupport
from comity.acts.deeds.people import (
    Assure,
    Clear,
    EnterPasskey,
    EnterPerson,
    GrantNeedToKnow,
    RevokePasskey,
    Role,
    WithdrawLine,
)
from comity.acts.deeds.places import Accredit, AppointOfficer, Brief, Debrief, EnrolOnRoster
from comity.acts.deeds.register import Access, Assign, Blank, Designate, Register, ReMark
from comity.acts.deeds.release import (
    Approve,
    Decline,
    LayBefore,
    OnwardReleased,
    Release,
)
from comity.acts.deeds.request import Answer, DeclineRequest, Extent, Request, WithdrawRequest
from comity.acts.deeds.standing import (
    MOST_TOGETHER,
    Observations,
    OfDirective,
    ResumeDirective,
    StandingDirective,
    SuspendDirective,
    Turn,
    WithdrawDirective,
)
from comity.acts.deeds.treaty import (
    AcknowledgeNotice,
    AdoptProfile,
    Amend,
    Announce,
    AskLaw,
    Channel,
    Chronicle,
    DomesticStep,
    GiveNotice,
    Initial,
    LawChange,
    Negotiate,
    NotifyAuthority,
    NotifyRequirementsMet,
    PostponeSignature,
    Propose,
    ResumeNotice,
    Revalidate,
    Sign,
    StateLaw,
    SuspendNotice,
    TakeStep,
    Talks,
    WithdrawNotice,
)
from comity.acts.deeds.visit import (
    CloseVisit,
    DeclineVisit,
    FollowUp,
    OpenInspection,
    PermitVisit,
    RequestVisit,
)
from comity.vocabulary.names import Reason

__all__ = [
    "MOST_TOGETHER",
    "QUERY",
    "Access",
    "Accredit",
    "AcknowledgeNotice",
    "AcknowledgeRegrading",
    "AcknowledgeWithdrawal",
    "AdoptProfile",
    "Amend",
    "Announce",
    "Answer",
    "AnyDeed",
    "AppointOfficer",
    "Approve",
    "ApproveContractor",
    "Ask",
    "AskHoldings",
    "AskLaw",
    "Assign",
    "Assure",
    "BeginExercise",
    "Blank",
    "Brief",
    "CertifyDestruction",
    "Channel",
    "Chronicle",
    "Clear",
    "CloseIncident",
    "CloseVisit",
    "Consult",
    "Courier",
    "Debrief",
    "Decline",
    "DeclineContractor",
    "DeclineRequest",
    "DeclineVisit",
    "Deed",
    "Derive",
    "Designate",
    "Destroy",
    "Diverge",
    "DomesticStep",
    "EndExercise",
    "EnrolOnRoster",
    "EnrolRoot",
    "EnterPasskey",
    "EnterPerson",
    "EraseParticulars",
    "Evaluate",
    "Extent",
    "Extract",
    "FollowUp",
    "GiveBack",
    "GiveNotice",
    "Grant",
    "GrantNeedToKnow",
    "HandOver",
    "HandToContractor",
    "IncidentResults",
    "Initial",
    "Investigate",
    "Inward",
    "Keep",
    "LawChange",
    "LayBefore",
    "Leaves",
    "Loan",
    "Machine",
    "Method",
    "Mode",
    "Muster",
    "Negotiate",
    "NoteExpense",
    "NotifyAuthority",
    "NotifyRequirementsMet",
    "Observations",
    "OfDirective",
    "OfHolder",
    "OnwardReleased",
    "OpenInspection",
    "Outward",
    "Payment",
    "PermitVisit",
    "Place",
    "PostponeSignature",
    "Precondition",
    "Propose",
    "ProposeContractor",
    "PublishDirectory",
    "RaiseDispute",
    "ReMark",
    "Recall",
    "Receipt",
    "Recovered",
    "Refuse",
    "RefuseAct",
    "RefuseLeaves",
    "Register",
    "Regrade",
    "Release",
    "Relieve",
    "ReportIncident",
    "Reproduce",
    "Request",
    "RequestSupport",
    "RequestVisit",
    "Reserve",
    "ResumeDirective",
    "ResumeNotice",
    "Return",
    "Revalidate",
    "Revoke",
    "RevokePasskey",
    "Role",
    "Settle",
    "SettleSupport",
    "Sign",
    "Stage",
    "StandingDirective",
    "StateHoldings",
    "StateLaw",
    "Stated",
    "SuspendDirective",
    "SuspendNotice",
    "TakeStep",
    "Talks",
    "TransferSupport",
    "Translate",
    "Turn",
    "Uses",
    "Withdraw",
    "WithdrawDirective",
    "WithdrawLine",
    "WithdrawNotice",
    "WithdrawRequest",
    "Worth",
    "deed_digest",
    "kind_of",
]

AnyDeed = (
    PublishDirectory
    | RefuseLeaves
    | Diverge
    | EraseParticulars
    | EnrolRoot
    | Revoke
    | Propose
    | Sign
    | NotifyRequirementsMet
    | NotifyAuthority
    | AdoptProfile
    | Release
    | StandingDirective
    | SuspendDirective
    | ResumeDirective
    | WithdrawDirective
    | Observations
    | OnwardReleased
    | LayBefore
    | Approve
    | Decline
    | Receipt
    | HandOver
    | Register
    | Designate
    | ReMark
    | Assign
    | Access
    | Blank
    | EnterPerson
    | EnterPasskey
    | RevokePasskey
    | Clear
    | GrantNeedToKnow
    | WithdrawLine
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
    | Recovered
    | AcknowledgeRegrading
    | AskHoldings
    | CertifyDestruction
    | Derive
    | Destroy
    | Extract
    | GiveBack
    | Keep
    | Loan
    | Muster
    | Recall
    | Regrade
    | Relieve
    | Reproduce
    | Return
    | StateHoldings
    | Translate
    | CloseIncident
    | IncidentResults
    | Investigate
    | ReportIncident
    | CloseVisit
    | DeclineVisit
    | PermitVisit
    | RequestVisit
    | FollowUp
    | OpenInspection
    | ApproveContractor
    | DeclineContractor
    | HandToContractor
    | ProposeContractor
    | Accredit
    | AppointOfficer
    | Brief
    | Debrief
    | EnrolOnRoster
    | Consult
    | RaiseDispute
    | Settle
    | RequestSupport
    | SettleSupport
    | TransferSupport
    | NoteExpense
    | BeginExercise
    | EndExercise
    | Evaluate
    | Negotiate
    | Announce
    | Initial
    | PostponeSignature
    | GiveNotice
    | AcknowledgeNotice
    | SuspendNotice
    | ResumeNotice
    | WithdrawNotice
    | Amend
    | LawChange
    | AskLaw
    | StateLaw
    | Revalidate
    | TakeStep
    | Chronicle
)
"""Every kind of deed of this version."""


def kind_of(deed: Deed) -> Reason:
    """Return the tag of a deed: ``release.release``."""
    return Reason(str(deed.__struct_config__.tag))
