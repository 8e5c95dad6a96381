"""Items: provided, receipted, registered, designated, marked, assigned, read."""

from typing import Final

from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.entries import Entry
from comity.acts.judgements import Duty
from comity.acts.kinds import KINDS, Log
from comity.acts.parts import Item, Position
from comity.register.leaves import Leaf
from comity.register.rows import (
    AccessOf,
    Assignment,
    Copy,
    Designation,
    Draft,
    DutyOf,
    Holding,
    ItemOf,
    Needs,
    Number,
    ReceiptOf,
    Regrading,
    Row,
    Rows,
    key_of,
)
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import author, owner
from comity.vocabulary.names import Party, party_of

_VISIBLE = frozenset(
    str(one.__struct_config__.tag)
    for one, where in KINDS.items()
    if where.log is Log.CORRESPONDENCE
) | {deeds.QUERY}
"""Duties whose discharge a counterpart can see. Others are kept only by the party that owes them:
a duty that can never be seen to end would stand open for ever."""


HAND_OVER = "hand-over"
"""The stage of a receipt that a courier, or the next office, gives on the way."""

_OWN = (deeds.Release, deeds.Receipt, deeds.ReMark, deeds.Observations)
"""Acts whose duties are folded with them, office by office; of observations, with the directive."""


def matter_of(leaf: Leaf, deed: deeds.Deed) -> str:
    """Return what an act's duties hang on: its item, what it is about, or itself.

    A visit that is closed ends nothing that is about its permission: who follows up its findings
    answers the closing.
    """
    if isinstance(deed, deeds.CloseVisit):
        return leaf.key
    for name in ("item", "about"):
        position = getattr(deed, name, None)
        if isinstance(position, Position):
            return key_of(position)
    return leaf.key if isinstance(deed, deeds.Outward) else ""


def owed(rows: Rows, leaf: Leaf, deed: deeds.Deed, duties: tuple[Duty, ...]) -> list[Row]:
    """An act discharges the oldest open duty of its kind that its author owes, and makes its own.

    A duty that the same act makes again (a muster is due each year) begins with it.
    """
    if isinstance(deed, _OWN) or not isinstance(deed, deeds.Outward):
        return []
    scope, what = matter_of(leaf, deed), kind_of(deed)
    due = [
        one
        for one in rows.within(DutyOf, scope)
        if one.what == what
        and not one.discharged
        and one.who == party_of(deed.by)
        # What follows from a query about a copy ends with that query, and with no other.
        and not (one.office and one.what == "incident.report")
    ]
    oldest = sorted(due, key=lambda one: (one.since, one.key))[:1]
    put: list[Row] = [structs.replace(one, discharged=leaf.key) for one in oldest]
    for duty in duties:
        if _kept(leaf, duty) and not (_is_passed_on(duty, deed) and duty.who != leaf.house):
            made = duty_of(leaf, duty, "")
            hangs = _up_the_chain(rows, scope) if _is_passed_on(duty, deed) else scope
            put.append(structs.replace(made, key=f"{leaf.key}|{duty.what}|{duty.who}", scope=hangs))
    return put


def _is_passed_on(duty: Duty, deed: deeds.Deed) -> bool:
    """Tell whether who hears of an incident owes the word of it to the originator in turn."""
    return isinstance(deed, deeds.ReportIncident) and duty.what == kind_of(deed)


def _up_the_chain(rows: Rows, item: str) -> str:
    """Return the item as the hub itself got it: its own report, that ends the duty, is about that.

    What the hub tells its originator goes over a link that the reporter does not see.
    """
    row = rows.get(ItemOf, item)
    return item if row is None or not row.origin else row.origin


def needs(ask: Needs, item: str) -> None:
    """Say what the folds of an item ask."""
    ask.key(item, Holding)
    ask.scope(item, Copy, DutyOf, ReceiptOf, Designation, Assignment)


def released(rows: Rows, leaf: Leaf, deed: deeds.Release, duties: tuple[Duty, ...]) -> list[Row]:
    """An item is provided: one numbered copy in transit to each addressed office."""
    entry = leaf.entry
    assert entry is not None  # noqa: S101 - fold() gives decoded leaves only
    item = deed.item
    provider = author(leaf.log)
    put: list[Row] = [
        ItemOf(
            key=leaf.key,
            scope=leaf.log,
            log=leaf.log,
            index=leaf.index,
            at=entry.at,
            reference=item.reference,
            originator=item.originator,
            provider=provider,
            receiver=deed.to,
            level=item.label.level,
            regime=_text(item.label.regime),
            releasable=item.label.releasable,
            caveats=item.label.caveats,
            subject=item.subject,
            form=item.form.value,
            purpose=deed.purpose,
            offices=deed.offices,
            pages=item.pages,
            annexes=item.annexes,
            plaintext=item.plaintext,
            ciphertext=_text(entry.ciphertext),
            particulars=deed.particulars,
            agreement=_text(deed.agreement),
            origin=key_of(deed.origin) if isinstance(deed.origin, Position) else "",
        ),
        *_numbered(rows, f"{provider}:{item.reference}", leaf.key),
        *_written(rows, leaf, leaf.key),
    ]
    for number, office in enumerate(deed.offices, start=1):
        if not _leaves_nothing(entry, deed):
            put.append(
                Copy(
                    key=f"{leaf.key}/{number}",
                    scope=leaf.key,
                    copy=number,
                    office=office,
                    custodian="",
                    state="in-transit",
                )
            )
        put += [
            duty_of(leaf, duty, office)
            for duty in duties
            if _kept(leaf, duty) and duty.what not in _ONCE
        ]
    put += [duty_of(leaf, duty, "") for duty in duties if duty.what in _ONCE]
    put += _scheduled(leaf, item, duties)
    if leaf.house == provider and (draft := rows.get(Draft, deeds.deed_digest(deed))) is not None:
        put.append(structs.replace(draft, state="entered", entered=leaf.key))
    return put


def _leaves_nothing(entry: Entry, deed: deeds.Release) -> bool:
    """Tell whether an item was spoken or shown and not sent: then there is no copy of it."""
    shown = deed.item.form in (Form.ORAL, Form.VISUAL)
    return shown and isinstance(entry.ciphertext, UnsetType)


_ONCE: Final = frozenset({"register.regrade", "register.acknowledge-regrading"})
"""Duties of a release that are about the item and not about a copy of it."""


def _scheduled(leaf: Leaf, item: Item, duties: tuple[Duty, ...]) -> list[Row]:
    """Note the level that an item has from a date on, where the agreement takes that as notice.

    That it does so shows in the duty of its holder to follow it.
    """
    plan = item.schedule
    notice = any(one.what == "register.acknowledge-regrading" for one in duties)
    if isinstance(plan, UnsetType) or isinstance(plan.on, UnsetType) or not notice:
        return []
    return [
        Regrading(
            key=f"{leaf.key}|scheduled",
            scope=leaf.key,
            log=leaf.log,
            index=leaf.index,
            level=plan.level,
            since=plan.on,
        )
    ]


def _numbered(rows: Rows, number: str, item: str) -> list[Row]:
    """Note whose number this is. The first that has it keeps it: none takes another's place."""
    return [] if rows.get(Number, number) else [Number(key=number, scope=item)]


def _written(rows: Rows, leaf: Leaf, item: str) -> list[Row]:
    """Note the numbers that stand on paper, as the registries write them."""
    assert leaf.entry is not None  # noqa: S101 - as in released()
    paper = leaf.entry.paper
    if isinstance(paper, UnsetType):
        return []
    put: list[Row] = []
    for party, number in ((author(leaf.log), paper.number), (owner(leaf.log), paper.own)):
        if not isinstance(number, UnsetType):
            put += _numbered(rows, f"{party}:{number}", item)
    return put


def _kept(leaf: Leaf, duty: Duty) -> bool:
    return duty.who == leaf.house or duty.what in _VISIBLE


def duty_of(leaf: Leaf, duty: Duty, office: str, *, since: str = "") -> DutyOf:
    """Return what an act makes due as a row; ``since`` where it begins later than the act."""
    assert leaf.entry is not None  # noqa: S101 - as in released()
    at = Instant(since) if since else leaf.entry.at
    return DutyOf(
        key=f"{leaf.key}|{duty.what}|{office}",
        scope=leaf.key,
        who=duty.who,
        what=duty.what,
        office=office,
        agreement=duty.agreement,
        article=duty.article,
        since=at,
        due="" if isinstance(duty.within, UnsetType) else plus_seconds(at, duty.within),
        discharged="",
    )


def _discharged(rows: Rows, leaf: Leaf, item: str, what: str, office: str) -> list[Row]:
    """Discharge the open duties of one kind; an empty ``office`` means every office's."""
    return [
        DutyOf(
            key=duty.key,
            scope=duty.scope,
            who=duty.who,
            what=duty.what,
            office=duty.office,
            agreement=duty.agreement,
            article=duty.article,
            since=duty.since,
            due=duty.due,
            discharged=leaf.key,
        )
        for duty in rows.within(DutyOf, item)
        if duty.what == what and not duty.discharged and office in ("", duty.office)
    ]


def receipted(rows: Rows, leaf: Leaf, deed: deeds.Receipt, duties: tuple[Duty, ...]) -> list[Row]:
    """A receipt: the document receipt moves custody and discharges the provider's open duty.

    What came to the wrong place is held by nobody here: it goes back. What a receipt itself makes
    due is the query's (:mod:`comity.register.queries`).
    """
    del duties
    entry = leaf.entry
    assert entry is not None  # noqa: S101 - as in released()
    item = key_of(deed.item)
    put: list[Row] = [
        ReceiptOf(
            key=leaf.key,
            scope=item,
            log=leaf.log,
            index=leaf.index,
            at=entry.at,
            stage=deed.stage.value,
            office=deed.by,
            number=deed.number,
            copy=deed.copy,
            reserve=tuple(reserve.value for reserve in deed.reserve),
        ),
        *_numbered(rows, f"{party_of(deed.by)}:{deed.number}", item),
        *_written(rows, leaf, item),
    ]
    if deeds.Reserve.MISDIRECTED in deed.reserve:
        return [*put, *_discharged(rows, leaf, item, "delivery.receipt", "")]
    if deed.stage is deeds.Stage.DOCUMENT:
        put += [
            Copy(
                key=copy.key,
                scope=copy.scope,
                copy=copy.copy,
                office=copy.office,
                custodian=deed.by,
                state="held",
            )
            for copy in rows.within(Copy, item)
            if copy.copy == deed.copy
        ]
        # The office that was addressed: a successor signs for it in its place.
        addressed = {copy.copy: copy.office for copy in rows.within(Copy, item)}
        own = deed.by in addressed.values()
        office = deed.by if own else addressed.get(deed.copy, deed.by)
        put += _discharged(rows, leaf, item, "delivery.receipt", office)
    return put


def handed_over(
    rows: Rows, leaf: Leaf, deed: deeds.HandOver, duties: tuple[Duty, ...]
) -> list[Row]:
    """A copy that is carried passed into other hands: one line of its chain."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in released()
    return [
        ReceiptOf(
            key=leaf.key,
            scope=key_of(deed.item),
            log=leaf.log,
            index=leaf.index,
            at=leaf.entry.at,
            stage=HAND_OVER,
            office=_text(deed.taker),
            number=str(deed.step),
            copy=deed.copy,
            reserve=(),
        )
    ]


def registered(rows: Rows, leaf: Leaf, deed: deeds.Register, duties: tuple[Duty, ...]) -> list[Row]:
    """The receiving registry's own number."""
    del duties
    item = key_of(deed.item)
    return [
        Holding(key=item, scope=deed.to, number=deed.number, level="", regime="", marked_at=""),
        Number(key=f"{leaf.house}:{deed.number}", scope=item),
        *_written(rows, leaf, item),
    ]


def designated(
    rows: Rows, leaf: Leaf, deed: deeds.Designate, duties: tuple[Duty, ...]
) -> list[Row]:
    """A designation, with its term."""
    del rows, duties
    return [
        Designation(
            key=leaf.key,
            scope=key_of(deed.item),
            log=leaf.log,
            index=leaf.index,
            regime=deed.regime,
            level=deed.level,
            until=deed.until,
            officer=deed.by,
        )
    ]


def marked(rows: Rows, leaf: Leaf, deed: deeds.ReMark, duties: tuple[Duty, ...]) -> list[Row]:
    """The receiving party's level stands on the item; the duty to mark it ends."""
    del duties
    assert leaf.entry is not None  # noqa: S101 - as in released()
    item = key_of(deed.item)
    before = rows.get(Holding, item)
    return [
        Holding(
            key=item,
            scope=deed.to,
            number=before.number if before else "",
            level=deed.level,
            regime=_text(deed.regime),
            marked_at=leaf.entry.at,
        ),
        *_discharged(rows, leaf, item, "register.re-mark", ""),
    ]


def assigned(rows: Rows, leaf: Leaf, deed: deeds.Assign, duties: tuple[Duty, ...]) -> list[Row]:
    """The registry gave the item to a person."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in released()
    item = key_of(deed.item)
    return [
        Assignment(
            key=f"{item}|{deed.person}",
            scope=item,
            person=deed.person,
            office=deed.office,
            at=leaf.entry.at,
        )
    ]


def accessed(rows: Rows, leaf: Leaf, deed: deeds.Access, duties: tuple[Duty, ...]) -> list[Row]:
    """A person opened it."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in released()
    return [AccessOf(key=leaf.key, scope=key_of(deed.item), person=deed.person, at=leaf.entry.at)]


def provider_of(item: ItemOf) -> Party:
    """Return who handed an item over."""
    return Party(item.provider)


def _text(value: str | UnsetType) -> str:
    return "" if value is UNSET else str(value)
