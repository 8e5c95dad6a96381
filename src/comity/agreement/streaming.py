"""What the rows say of a standing directive and its stream on a cut: facts for the clauses."""

from typing import Literal

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.parts import Label
from comity.agreement.case import DirectiveFacts, ItemFacts
from comity.agreement.cut import Cut
from comity.register.rows import (
    DirectiveTurn,
    ItemOf,
    LaneOf,
    Needs,
    Regrading,
    Rows,
    StandingOf,
    key_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Caveat,
    Level,
    Office,
    Party,
    Purpose,
    Reference,
    Regime,
    Subject,
)


def needs(ask: Needs, deed: deeds.OfDirective) -> None:
    """Say what :func:`directive_facts` asks."""
    key = key_of(deed.item)
    ask.key(key, ItemOf, StandingOf)
    ask.scope(key, DirectiveTurn, LaneOf, Regrading)


def directive_facts(rows: Rows, deed: deeds.Deed, cut: Cut) -> DirectiveFacts | UnsetType:
    """Return the directive that an act is about; absent where its author has given none there.

    What was given is counted from the lane, of which both sides fold the same leaves.
    """
    if not isinstance(deed, deeds.OfDirective) or deed.item.log != cut.mine:
        return UNSET
    key = key_of(deed.item)
    row, item = rows.get(StandingOf, key), rows.get(ItemOf, key)
    if row is None or item is None or not cut.holds(row.log, row.index):
        return UNSET
    lane = next(iter(rows.within(LaneOf, key)), None)
    return DirectiveFacts(
        reference=Reference(row.reference),
        label=label_of(item),
        subject=Subject(item.subject),
        since=Instant(row.since),
        until=Instant(row.until),
        most=row.most,
        agreement=Digest(item.agreement) if item.agreement else UNSET,
        state=_state(rows, key, cut),
        given=0 if lane is None else lane.given,
        next=0 if lane is None else lane.next,
    )


def _state(rows: Rows, key: str, cut: Cut) -> Literal["stands", "suspended", "withdrawn"]:
    """Return what the author's last word within the cut made of it; withdrawn is for ever."""
    turns = [one for one in rows.within(DirectiveTurn, key) if cut.holds(one.log, one.index)]
    if any(one.act == "directive.withdraw" for one in turns):
        return "withdrawn"
    last = max(turns, key=lambda one: one.index, default=None)
    return "suspended" if last is not None and last.act == "directive.suspend" else "stands"


def label_of(item: ItemOf) -> Label:
    """Return the label that a stream's directive was signed for."""
    return Label(
        level=Level(item.level),
        releasable=tuple(Party(one) for one in item.releasable),
        caveats=tuple(Caveat(one) for one in item.caveats),
        regime=Regime(item.regime) if item.regime else UNSET,
    )


def observed(rows: Rows, deed: deeds.Observations, cut: Cut) -> ItemFacts | UnsetType:
    """Return what is given: as the leaf states it, to whom and for what its directive says."""
    item = rows.get(ItemOf, key_of(deed.item)) if deed.item.log == cut.mine else None
    if item is None or not cut.holds(item.log, item.index):
        return UNSET
    return ItemFacts(
        originator=Party(item.originator),
        provider=Party(item.provider),
        receiver=deed.to,
        level=deed.label.level,
        subject=deed.subject,
        form=Form.ELECTRONIC,
        purpose=Purpose(item.purpose),
        offices=tuple(Office(one) for one in item.offices),
        regime=deed.label.regime,
        releasable=deed.label.releasable,
        caveats=deed.label.caveats,
    )
