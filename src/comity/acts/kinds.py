"""Which kind of act goes to which log, and which family it is of: one literal table."""

from enum import Enum
from typing import Final, NamedTuple

from comity.acts import deeds
from comity.acts.deeds import Deed


class Log(Enum):
    """The logs a party writes."""

    CORRESPONDENCE = "correspondence"
    REGISTER = "register"
    JOURNAL = "journal"
    FEED = "feed"


class Family(Enum):
    """When an act of this kind can be lawful at all (4-protocol, "How a link begins").

    LINK and INSTRUMENT need no agreement in force: the ground rules judge them. PROVIDING needs
    it in force in every party's view. PROTECTIVE is lawful in any view, and in survival. OTHER
    needs it in the author's view. HOUSE is nobody else's business.
    """

    LINK = "link"
    INSTRUMENT = "instrument"
    PROVIDING = "providing"
    PROTECTIVE = "protective"
    OTHER = "other"
    HOUSE = "house"


class Kind(NamedTuple):
    """Where a kind is appended and what it is."""

    log: Log
    family: Family


KINDS: Final[dict[type[Deed], Kind]] = {
    deeds.PublishDirectory: Kind(Log.CORRESPONDENCE, Family.LINK),
    deeds.RefuseLeaves: Kind(Log.CORRESPONDENCE, Family.LINK),
    deeds.Diverge: Kind(Log.CORRESPONDENCE, Family.LINK),
    deeds.EraseParticulars: Kind(Log.CORRESPONDENCE, Family.LINK),
    deeds.EnrolRoot: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Revoke: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Propose: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.Sign: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.NotifyRequirementsMet: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.NotifyAuthority: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.Negotiate: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.Announce: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.Initial: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.PostponeSignature: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.GiveNotice: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.AcknowledgeNotice: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.SuspendNotice: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.ResumeNotice: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.WithdrawNotice: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.Amend: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.LawChange: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.AskLaw: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.StateLaw: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.Revalidate: Kind(Log.CORRESPONDENCE, Family.INSTRUMENT),
    deeds.TakeStep: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Chronicle: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.AdoptProfile: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Release: Kind(Log.CORRESPONDENCE, Family.PROVIDING),
    deeds.StandingDirective: Kind(Log.CORRESPONDENCE, Family.PROVIDING),
    deeds.SuspendDirective: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.ResumeDirective: Kind(Log.CORRESPONDENCE, Family.PROVIDING),
    deeds.WithdrawDirective: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Observations: Kind(Log.FEED, Family.PROVIDING),
    deeds.OnwardReleased: Kind(Log.CORRESPONDENCE, Family.PROVIDING),
    deeds.LayBefore: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Approve: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Decline: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Receipt: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.HandOver: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Register: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Designate: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.ReMark: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Assign: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Access: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Blank: Kind(Log.REGISTER, Family.HOUSE),
    deeds.EnterPerson: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.EnterPasskey: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.RevokePasskey: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Clear: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.GrantNeedToKnow: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.WithdrawLine: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Assure: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Ask: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Grant: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Refuse: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Withdraw: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.AcknowledgeWithdrawal: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Request: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Answer: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.DeclineRequest: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.WithdrawRequest: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.AcknowledgeRegrading: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.AskHoldings: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.CertifyDestruction: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Derive: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Destroy: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Extract: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.GiveBack: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Keep: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Loan: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Muster: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Recall: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Regrade: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Relieve: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Reproduce: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.Return: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.StateHoldings: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Translate: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.CloseIncident: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.IncidentResults: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Investigate: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.ReportIncident: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.CloseVisit: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.DeclineVisit: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.PermitVisit: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.RequestVisit: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.FollowUp: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.OpenInspection: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.ApproveContractor: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.DeclineContractor: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.HandToContractor: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.ProposeContractor: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Accredit: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.AppointOfficer: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Brief: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Debrief: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.EnrolOnRoster: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Consult: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.RaiseDispute: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.Settle: Kind(Log.CORRESPONDENCE, Family.PROTECTIVE),
    deeds.RequestSupport: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.SettleSupport: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.TransferSupport: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.NoteExpense: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.BeginExercise: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.EndExercise: Kind(Log.CORRESPONDENCE, Family.OTHER),
    deeds.Evaluate: Kind(Log.REGISTER, Family.PROTECTIVE),
    deeds.RefuseAct: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Leaves: Kind(Log.JOURNAL, Family.HOUSE),
    deeds.Recovered: Kind(Log.JOURNAL, Family.HOUSE),
}


def kind(deed: Deed) -> Kind:
    """Return where a deed is appended and which family it is of."""
    return KINDS[type(deed)]
