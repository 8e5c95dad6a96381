"""The life of every item as a fold: ``fold(rows, leaf, effect) -> rows to put``.

The same function runs when an act is entered, when a counterpart's leaf arrives and when
everything is folded again from the logs. It never asks whether an act was lawful: the effect
says so. A leaf without effect leaves a line on the timeline and moves the log's own state.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET, Struct

from comity.acts import deeds
from comity.acts.deeds import Deed
from comity.acts.judgements import Duty, Outcome
from comity.acts.parts import Position
from comity.register import consents, copies, house, items, links, queries, standing
from comity.register.leaves import Leaf
from comity.register.rows import (
    DutyOf,
    ErasureOf,
    ItemOf,
    Line,
    LogState,
    Needs,
    Number,
    Row,
    Rows,
    key_of,
)
from comity.vocabulary.logs import author
from comity.vocabulary.names import party_of


class Effect(Struct, frozen=True, kw_only=True):
    """What the judgements of a leaf came to.

    Attributes:
        outcome: As judged here; ``None`` for a leaf that does not decode.
        code: The gravest objection's reason; empty where lawful.
        article: The article that objects.
        duties: What the act obliges to, where lawful.
        diverged: The author's digest of the common judgement is not ours.
    """

    outcome: Outcome | None
    code: str = ""
    article: str = ""
    duties: tuple[Duty, ...] = ()
    diverged: bool = False

    @property
    def holds(self) -> bool:
        """Whether the act has effect."""
        return self.outcome is Outcome.LAWFUL and not self.diverged


_Fold = Callable[[Rows, Leaf, Any, tuple[Duty, ...]], list[Row]]


def _instrument_and_matter(
    rows: Rows, leaf: Leaf, deed: deeds.Outward, duties: tuple[Duty, ...]
) -> list[Row]:
    """An instrument that later acts refer to: a text, a change of law, what is said of it."""
    return [*links.instrument(rows, leaf, deed, duties), *copies.matter(rows, leaf, deed, duties)]


def _receipted(rows: Rows, leaf: Leaf, deed: deeds.Receipt, duties: tuple[Duty, ...]) -> list[Row]:
    """A receipt, and what its reserve makes due."""
    return [*items.receipted(rows, leaf, deed, duties), *queries.opened(rows, leaf, deed, duties)]


_FOLDS: Final[dict[type[Deed], _Fold]] = {
    deeds.PublishDirectory: links.directory,
    deeds.RefuseLeaves: links.refused,
    deeds.Diverge: links.diverged,
    deeds.EraseParticulars: links.erasing,
    deeds.EnrolRoot: links.enrolled,
    deeds.Revoke: links.revoked,
    deeds.Propose: _instrument_and_matter,
    deeds.Sign: links.instrument,
    deeds.NotifyRequirementsMet: links.instrument,
    deeds.Negotiate: links.instrument,
    deeds.Announce: links.instrument,
    deeds.Initial: links.instrument,
    deeds.PostponeSignature: links.instrument,
    deeds.GiveNotice: links.instrument,
    deeds.AcknowledgeNotice: links.instrument,
    deeds.SuspendNotice: links.instrument,
    deeds.ResumeNotice: links.instrument,
    deeds.WithdrawNotice: links.instrument,
    deeds.Amend: links.instrument,
    deeds.LawChange: _instrument_and_matter,
    deeds.AskLaw: _instrument_and_matter,
    deeds.StateLaw: _instrument_and_matter,
    deeds.Revalidate: _instrument_and_matter,
    deeds.TakeStep: links.chronicled,
    deeds.Chronicle: links.chronicled,
    deeds.NotifyAuthority: links.authority,
    deeds.Assure: links.assurance,
    deeds.Release: items.released,
    deeds.StandingDirective: standing.directed,
    deeds.SuspendDirective: standing.turned,
    deeds.ResumeDirective: standing.turned,
    deeds.WithdrawDirective: standing.turned,
    deeds.Observations: standing.observed,
    deeds.Receipt: _receipted,
    deeds.HandOver: items.handed_over,
    deeds.Register: items.registered,
    deeds.Designate: items.designated,
    deeds.ReMark: items.marked,
    deeds.Assign: items.assigned,
    deeds.Access: items.accessed,
    deeds.Ask: consents.asked,
    deeds.Grant: consents.granted,
    deeds.Refuse: consents.refused,
    deeds.Withdraw: consents.withdrawn,
    deeds.AcknowledgeWithdrawal: consents.acknowledged,
    deeds.OnwardReleased: consents.used,
    deeds.Request: consents.requested,
    deeds.Answer: consents.ended,
    deeds.DeclineRequest: consents.ended,
    deeds.WithdrawRequest: consents.ended,
    deeds.Reproduce: copies.reproduced,
    deeds.Loan: copies.lent,
    deeds.GiveBack: copies.came_back,
    deeds.Destroy: copies.came_back,
    deeds.Return: copies.came_back,
    deeds.HandToContractor: copies.came_back,
    deeds.Relieve: copies.relieved,
    deeds.Regrade: copies.regraded,
    deeds.ReportIncident: copies.reported,
    deeds.Investigate: copies.matter,
    deeds.IncidentResults: copies.matter,
    deeds.CloseIncident: copies.matter,
    deeds.RequestVisit: copies.matter,
    deeds.PermitVisit: copies.matter,
    deeds.DeclineVisit: copies.matter,
    deeds.CloseVisit: copies.matter,
    deeds.FollowUp: copies.matter,
    deeds.OpenInspection: copies.matter,
    deeds.ProposeContractor: copies.matter,
    deeds.ApproveContractor: copies.matter,
    deeds.DeclineContractor: copies.matter,
    deeds.RaiseDispute: copies.matter,
    deeds.Consult: copies.matter,
    deeds.Settle: copies.matter,
    deeds.AskHoldings: copies.matter,
    deeds.StateHoldings: copies.matter,
    deeds.RequestSupport: copies.matter,
    deeds.TransferSupport: copies.matter,
    deeds.SettleSupport: copies.matter,
    deeds.NoteExpense: copies.matter,
    deeds.BeginExercise: copies.matter,
    deeds.EndExercise: copies.matter,
    deeds.EnrolOnRoster: copies.facility,
    deeds.AppointOfficer: copies.facility,
    deeds.Accredit: copies.facility,
    deeds.Brief: copies.facility,
    deeds.Debrief: copies.facility,
    deeds.EnterPerson: house.person,
    deeds.EnterPasskey: house.passkey,
    deeds.RevokePasskey: house.passkey_revoked,
    deeds.Clear: house.cleared,
    deeds.GrantNeedToKnow: house.need_to_know,
    deeds.WithdrawLine: house.withdrawn,
    deeds.AdoptProfile: house.profile,
    deeds.LayBefore: house.laid_before,
    deeds.Approve: house.approved,
    deeds.Decline: house.declined,
}
"""Kinds that are not here (blank lines, refused acts, runs) change no row but the line."""

_RUNS: Final = (deeds.Leaves, deeds.Recovered)
"""Lines that only say which leaves of other logs came in."""


def fold(rows: Rows, leaf: Leaf, effect: Effect) -> list[Row]:
    """Return the rows that a leaf puts, the timeline's line first."""
    entry = leaf.entry
    if entry is None:
        return [_line(leaf, effect, at="", kind="", by="", scope="")]
    deed = entry.deed
    if isinstance(deed, _RUNS):
        return []
    if isinstance(deed, deeds.Blank):
        # No line on any timeline: it moves the log's own time, and nothing else.
        before = rows.get(LogState, leaf.log)
        seen = -1 if before is None else before.seen
        return [LogState(key=leaf.log, scope="", at=entry.at, seen=seen)]
    put: list[Row] = [
        _line(
            leaf,
            effect,
            at=entry.at,
            kind=deeds.kind_of(deed),
            by=deed.by,
            scope=item_of(leaf, deed),
        ),
        LogState(
            key=leaf.log,
            scope="",
            at=entry.at,
            seen=-1 if entry.seen is UNSET else entry.seen.size,
        ),
    ]
    if effect.holds and (change := _FOLDS.get(type(deed))) is not None:
        put += change(rows, leaf, deed, effect.duties)
    if effect.holds:
        put += consents.used_by(leaf, deed)
        put += items.owed(rows, leaf, deed, effect.duties)
        put += queries.cleared(rows, leaf, deed)
        put += queries.followed(rows, leaf, tuple(put))
    return put


def _line(  # noqa: PLR0913 - the columns of one line
    leaf: Leaf, effect: Effect, *, at: str, kind: str, by: str, scope: str
) -> Line:
    outcome = "opaque" if effect.outcome is None else effect.outcome.value
    return Line(
        key=leaf.key,
        scope=scope,
        log=leaf.log,
        index=leaf.index,
        at=at,
        kind=kind,
        by=by,
        outcome="divergence" if effect.diverged else outcome,
        code=effect.code,
        article=effect.article,
    )


def item_of(leaf: Leaf, deed: Deed) -> str:
    """Return the key of the item that a deed concerns, or nothing; of words, whose they are."""
    if isinstance(deed, deeds.Release):
        return leaf.key
    if isinstance(deed, deeds.Observations):
        # Hundreds of leaves a second are no lines of one item's story: the lane tells them.
        return ""
    position = (
        deed.leaf if isinstance(deed, deeds.EraseParticulars) else getattr(deed, "item", None)
    )
    return key_of(position) if isinstance(position, Position) else ""


def needs(ask: Needs, leaf: Leaf) -> None:
    """Say what :func:`fold` will ask for a leaf."""
    entry = leaf.entry
    if entry is None:
        return
    if isinstance(entry.deed, deeds.Release):
        # Nothing stands under a new item's key: there is nothing to read before it is put.
        ask.key(f"{author(leaf.log)}:{entry.deed.item.reference}", Number)
        house.needs(ask, leaf, entry.deed)
        return
    if isinstance(entry.deed, deeds.Observations):
        standing.needs(ask, entry.deed, leaf.log)
        return
    if key := item_of(leaf, entry.deed):
        if isinstance(entry.deed, deeds.EraseParticulars):
            ask.scope(key, ErasureOf)
        ask.key(key, ItemOf)
        items.needs(ask, key)
    if isinstance(entry.deed, deeds.Receipt):
        ask.key(f"{party_of(entry.deed.by)}:{entry.deed.number}", Number)
    consents.needs(ask, entry.deed)
    copies.needs(ask, entry.deed)
    if about := items.matter_of(leaf, entry.deed):
        ask.scope(about, DutyOf)
    house.needs(ask, leaf, entry.deed)
