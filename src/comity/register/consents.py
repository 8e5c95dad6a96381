"""Consents and requests: asked, granted, used, taken back, answered. Every fact has one writer.

A consent and its end are folded from the originator's log, its uses and the acknowledgement
from the holder's. What both came to is read from the rows and never kept.
"""

from typing import Final

from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.acts.deeds import Deed, kind_of
from comity.acts.judgements import Duty
from comity.acts.parts import Position
from comity.register.leaves import Leaf
from comity.register.rows import (
    AskOf,
    ConsentAcknowledged,
    ConsentOf,
    ConsentRefused,
    ConsentUse,
    DutyOf,
    ItemOf,
    Needs,
    RequestEnd,
    RequestOf,
    Row,
    Rows,
    key_of,
)
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import party_of

ACKNOWLEDGE: Final = "consent.acknowledge-withdrawal"
ANSWER: Final = "request.answer"

_TOLD: Final = (deeds.OnwardReleased, deeds.Access)
"""Acts whose use of a grant :func:`used` writes, with where the item went."""


def named(deed: Deed) -> Position | None:
    """Return the earlier consent act or request that a deed speaks of, if it names one."""
    match deed:
        case deeds.Grant(ask=position) | deeds.Refuse(ask=position):
            found = position
        case deeds.Withdraw(consent=position) | deeds.AcknowledgeWithdrawal(consent=position):
            found = position
        case (
            deeds.Answer(request=position)
            | deeds.DeclineRequest(request=position)
            | deeds.WithdrawRequest(request=position)
        ):
            found = position
        case _:
            return None
    return None if isinstance(found, UnsetType) else found


def cited(deed: Deed) -> tuple[Position, ...]:
    """Return the grants that an act says it uses."""
    match deed:
        case deeds.OnwardReleased():
            return deed.consents
        case (
            deeds.HandToContractor(approval=position)
            | deeds.Regrade(approval=position)
            | deeds.Extract(approval=position)
            | deeds.Translate(approval=position)
            | deeds.Derive(approval=position)
        ):
            return () if isinstance(position, UnsetType) else (position,)
        case deeds.Access(consent=position):
            return () if isinstance(position, UnsetType) else (position,)
        case _:
            return ()


def needs(ask: Needs, deed: Deed) -> None:
    """Say what the folds of consents and requests ask, and what their judgement looks at."""
    if isinstance(deed, deeds.OfDirective):
        return  # it rests on no consent, and none is for it
    position = named(deed)
    item = getattr(deed, "item", None)
    spoken = [] if position is None else [position]
    spoken += cited(deed)
    for key in map(key_of, spoken):
        ask.key(key, AskOf, ConsentOf, RequestOf)
        ask.scope(key, RequestEnd, DutyOf, ConsentUse, ConsentAcknowledged, ConsentRefused)
    if isinstance(item, Position) and not isinstance(deed, deeds.Receipt):
        ask.scope(key_of(item), AskOf, ConsentOf)
    if isinstance(deed, deeds.Answer):
        for one in deed.releases:
            ask.key(key_of(one), ItemOf)


def asked(rows: Rows, leaf: Leaf, deed: deeds.Ask, duties: tuple[Duty, ...]) -> list[Row]:
    """The holder asked."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    return [
        AskOf(
            key=leaf.key,
            scope=key_of(deed.item),
            log=leaf.log,
            index=leaf.index,
            at=leaf.entry.at,
            uses=deed.uses.value,
            third_party=_text(deed.third_party),
            purpose=_text(deed.purpose),
            contractor=_text(deed.contractor),
            level=_text(deed.level),
            until=deed.until,
            times=deed.times,
            mode="" if isinstance(deed.mode, UnsetType) else deed.mode.value,
        )
    ]


def granted(rows: Rows, leaf: Leaf, deed: deeds.Grant, duties: tuple[Duty, ...]) -> list[Row]:
    """The originator approved: it counts from this position of its log."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in asked()
    return [
        ConsentOf(
            key=leaf.key,
            scope=key_of(deed.item),
            log=leaf.log,
            index=leaf.index,
            at=leaf.entry.at,
            ask="" if isinstance(deed.ask, UnsetType) else key_of(deed.ask),
            uses=deed.uses.value,
            third_party=_text(deed.third_party),
            purpose=_text(deed.purpose),
            contractor=_text(deed.contractor),
            level=_text(deed.level),
            until=deed.until,
            times=deed.times,
            mode="" if isinstance(deed.mode, UnsetType) else deed.mode.value,
            ended=-1,
            ended_seen=0,
            ended_at="",
        )
    ]


def refused(rows: Rows, leaf: Leaf, deed: deeds.Refuse, duties: tuple[Duty, ...]) -> list[Row]:
    """The originator did not approve."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in asked()
    return [
        ConsentRefused(
            key=leaf.key,
            scope=key_of(deed.ask),
            log=leaf.log,
            index=leaf.index,
            at=leaf.entry.at,
        )
    ]


def withdrawn(rows: Rows, leaf: Leaf, deed: deeds.Withdraw, duties: tuple[Duty, ...]) -> list[Row]:
    """The originator took it back: it counts until this position of its log."""
    entry = leaf.entry
    assert entry is not None  # noqa: S101 - as in asked()
    consent = rows.get(ConsentOf, key_of(deed.consent))
    if consent is None:
        return []
    seen = entry.seen
    put: list[Row] = [
        structs.replace(
            consent,
            ended=leaf.index,
            ended_seen=0 if isinstance(seen, UnsetType) else seen.size,
            ended_at=entry.at,
        )
    ]
    put += [
        DutyOf(
            key=f"{leaf.key}|{duty.what}",
            scope=consent.key,
            who=duty.who,
            what=duty.what,
            office="",
            agreement=duty.agreement,
            article=duty.article,
            since=entry.at,
            due="" if isinstance(duty.within, UnsetType) else plus_seconds(entry.at, duty.within),
            discharged="",
        )
        for duty in duties
        if duty.what == ACKNOWLEDGE
    ]
    return put


def acknowledged(
    rows: Rows, leaf: Leaf, deed: deeds.AcknowledgeWithdrawal, duties: tuple[Duty, ...]
) -> list[Row]:
    """The holder has seen the withdrawal; its duty to say so ends."""
    del duties
    assert leaf.entry is not None  # noqa: S101 - as in asked()
    consent = key_of(deed.consent)
    return [
        ConsentAcknowledged(
            key=leaf.key, scope=consent, log=leaf.log, index=leaf.index, at=leaf.entry.at
        ),
        *_discharged(rows, leaf, consent, ACKNOWLEDGE),
    ]


def used(rows: Rows, leaf: Leaf, deed: deeds.OnwardReleased, duties: tuple[Duty, ...]) -> list[Row]:
    """The holder passed the item on and says under which consent, having seen how much."""
    del rows, duties
    entry = leaf.entry
    assert entry is not None  # noqa: S101 - as in asked()
    return [
        ConsentUse(
            key=f"{leaf.key}|{scope}",
            scope=scope,
            log=leaf.log,
            index=leaf.index,
            at=entry.at,
            seen=0 if isinstance(entry.seen, UnsetType) else entry.seen.size,
            item=key_of(deed.item),
            third_party=deed.third_party,
            purpose=deed.purpose,
            release=deed.release,
        )
        for scope in (*map(key_of, deed.consents),) or (key_of(deed.item),)
    ]


def used_by(leaf: Leaf, deed: Deed) -> list[Row]:
    """The holder did what a grant allows, at home or before the originator: one use of it."""
    if isinstance(deed, _TOLD):
        return []  # used() writes it, with where the item went
    entry = leaf.entry
    assert entry is not None  # noqa: S101 - as in asked()
    item = getattr(deed, "item", None)
    return [
        ConsentUse(
            key=f"{leaf.key}|{key_of(position)}",
            scope=key_of(position),
            log=leaf.log,
            index=leaf.index,
            at=entry.at,
            seen=0 if isinstance(entry.seen, UnsetType) else entry.seen.size,
            item=key_of(item) if isinstance(item, Position) else "",
            third_party="",
            purpose="",
            release="",
        )
        for position in cited(deed)
    ]


def concurrent(consent: ConsentOf, use: ConsentUse) -> bool:
    """Tell whether a use and the withdrawal crossed: neither had seen the other."""
    return 0 <= use.seen <= consent.ended and consent.ended_seen <= use.index


def requested(rows: Rows, leaf: Leaf, deed: deeds.Request, duties: tuple[Duty, ...]) -> list[Row]:
    """An office asked for items; the answer is due when it said."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in asked()
    return [
        RequestOf(
            key=leaf.key,
            scope=leaf.log,
            log=leaf.log,
            index=leaf.index,
            at=leaf.entry.at,
            office=deed.by,
            offices=deed.offices,
            subject=deed.subject,
            purpose=deed.purpose,
            due=deed.due,
            particulars=deed.particulars,
        ),
        DutyOf(
            key=f"{leaf.key}|{ANSWER}",
            scope=leaf.key,
            who=deed.to,
            what=ANSWER,
            office=deed.offices[0],
            agreement=_text(deed.agreement),
            article=deed.article,
            since=leaf.entry.at,
            due=deed.due,
            discharged="",
        ),
    ]


def ended(
    rows: Rows,
    leaf: Leaf,
    deed: deeds.Answer | deeds.DeclineRequest | deeds.WithdrawRequest,
    duties: tuple[Duty, ...],
) -> list[Row]:
    """A request was answered, declined or withdrawn; any word discharges the clock."""
    del duties
    assert leaf.entry is not None  # noqa: S101 - as in asked()
    request = key_of(deed.request)
    answer = deed if isinstance(deed, deeds.Answer) else None
    return [
        RequestEnd(
            key=leaf.key,
            scope=request,
            log=leaf.log,
            index=leaf.index,
            at=leaf.entry.at,
            act=kind_of(deed),
            extent="" if answer is None else answer.extent.value,
            releases=() if answer is None else tuple(key_of(one) for one in answer.releases),
            by=party_of(deed.by),
        ),
        *_discharged(rows, leaf, request, ANSWER),
    ]


def _discharged(rows: Rows, leaf: Leaf, scope: str, what: str) -> list[Row]:
    return [
        structs.replace(duty, discharged=leaf.key)
        for duty in rows.within(DutyOf, scope)
        if duty.what == what and not duty.discharged
    ]


def _text(value: str | UnsetType) -> str:
    return "" if value is UNSET else str(value)
