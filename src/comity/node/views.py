"""The register as plain values, for the command line and the console alike.

Nothing here decides who may see: :func:`comity.node.reading.authorise` does, before.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from comity.acts import deeds
from comity.node import erasing
from comity.node.overlay import Overlay
from comity.node.ports import Reading
from comity.node.timeline import attested_by, line_view
from comity.register.rows import (
    AccessOf,
    Assignment,
    Copy,
    DutyOf,
    ErasureOf,
    Holding,
    ItemOf,
    Line,
    LoanOf,
    Matter,
    Needs,
    Number,
    ReceiptOf,
    RefusedByPeer,
    Rows,
)
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, reader
from comity.vocabulary.names import Party


def item_view(tx: Rows, item: ItemOf, *, house: Party) -> dict[str, Any]:
    """Return what the register shows of an item: numbers, levels, copies, receipts."""
    held = tx.get(Holding, item.key)
    receipts = tx.within(ReceiptOf, item.key)
    refusal = tx.get(RefusedByPeer, item.key)
    return {
        "reference": item.reference,
        "number": held.number if held else "",
        "direction": "out" if item.provider == house else "in",
        "from": item.provider,
        "to": item.receiver,
        "originator": item.originator,
        "level": item.level,
        "marked": held.level if held else "",
        "regime": held.regime if held else "",
        "subject": item.subject,
        "at": item.at,
        "offices": list(item.offices),
        "copies": [
            {
                "copy": one.copy,
                "office": one.office,
                "state": state_of(one, held, receipts, refused=refusal is not None),
                "custodian": one.custodian,
            }
            for one in tx.within(Copy, item.key)
        ],
        "receipts": [
            {"stage": one.stage, "office": one.office, "at": one.at, "reserve": list(one.reserve)}
            for one in receipts
        ],
        "refused": "" if refusal is None else refusal.code,
        "attested": attested_by(item.key),
        "erased": erasing.under(tx, item.key),
        "position": item.key,
    }


ARRIVED: Final = "arrived"
"""How a copy is shown that came and was not receipted for: no state of the register's own."""

REFUSED: Final = "refused"
"""How a copy is shown whose item the counterpart refused: it is awaited by nobody there."""


def state_of(
    copy: Copy, held: Holding | None, receipts: Sequence[ReceiptOf] = (), *, refused: bool = False
) -> str:
    """Return where a copy is, as this house's register says: its state, or that it arrived.

    Custody passes with the receipt, so a copy is in transit until then. Where the house has
    registered it, or a receipt for the package is signed, it is on its way no more; nor where
    its item was refused on arrival.
    """
    if refused and copy.state == "in-transit":
        return REFUSED
    here = held is not None and bool(held.number)
    here = here or any(one.stage == deeds.Stage.PACKAGE.value for one in receipts)
    astray = any(deeds.Reserve.MISDIRECTED.value in one.reserve for one in receipts)
    return ARRIVED if copy.state == "in-transit" and here and not astray else copy.state


def read_ahead(tx: Reading, items: Sequence[ItemOf]) -> Overlay:
    """Return the register with what :func:`item_view` asks of these items read at once."""
    ask = Needs()
    for one in items:
        ask.key(one.key, Holding, RefusedByPeer)
        ask.scope(one.key, Copy, ErasureOf, ReceiptOf)
    rows = Overlay(tx)
    rows.fetch(ask)
    return rows


def item_life(tx: Reading, item: ItemOf, *, house: Party, now: Instant) -> dict[str, Any]:
    """Return an item with its timeline, the duties that have begun, assignments and readings."""
    lines = sorted(tx.within(Line, item.key), key=lambda one: (one.at, one.log, one.index))
    return item_view(tx, item, house=house) | {
        "purpose": item.purpose,
        "agreement": item.agreement,
        "erasing": [
            {"by": one.by, "at": one.at, "leaf": one.key} for one in tx.within(ErasureOf, item.key)
        ],
        "numbers": [row.key for row in tx.page(Number, scope=item.key, limit=16)],
        "timeline": [line_view(tx, one) for one in lines],
        "duties": [duty_view(one) for one in begun(tx.within(DutyOf, item.key), now)],
        "assigned": [one.person for one in tx.within(Assignment, item.key)],
        "read_by": [{"person": one.person, "at": one.at} for one in tx.within(AccessOf, item.key)],
    }


def loans(tx: Reading, now: Instant, *, everything: bool = False) -> list[dict[str, Any]]:
    """Return which copies are lent to whom and until when, what is overdue first.

    Args:
        tx: The register.
        now: The reader's clock.
        everything: Also those that came back.
    """
    found = []
    for one in tx.page(LoanOf, limit=100_000):
        if one.ended and not everything:
            continue
        item, copy = tx.get(ItemOf, one.scope), tx.get(Copy, one.key)
        found.append(
            {
                "item": "" if item is None else item.reference,
                "copy": one.copy,
                "borrower": one.person,
                "since": one.since,
                "until": one.until,
                "signed": one.signed,
                "custodian": "" if copy is None else copy.custodian,
                "overdue": not one.ended and one.until <= now,
                "ended": one.ended,
            }
        )
    return sorted(found, key=lambda one: (not one["overdue"], one["until"], one["item"]))


def matters(tx: Reading, *, limit: int = 100_000) -> list[dict[str, Any]]:
    """Return acts that later ones refer to (visits, incidents, contractors …), the latest first."""
    # That a text was proposed is told with the text.
    found = [one for one in tx.page(Matter, limit=100_000) if one.kind != "treaty.propose"]
    rows = sorted(found, key=lambda one: (one.at, one.key), reverse=True)
    ask = Needs()
    for one in rows[:limit]:
        if one.item:
            ask.key(one.item, ItemOf)
    items = tx.fetch(ask)[0]
    return [
        {
            "leaf": one.key,
            "at": one.at,
            "kind": one.kind,
            "author": one.author,
            "to": reader(LogName(one.log)) or "",
            "reference": getattr(items.get((ItemOf, one.item)), "reference", ""),
            "about": one.about,
            "level": one.level,
            "until": one.until,
        }
        for one in rows[:limit]
    ]


def begun(duties: Iterable[DutyOf], now: Instant) -> tuple[DutyOf, ...]:
    """Return the duties that have begun: one that follows another begins when that is overdue."""
    return tuple(one for one in duties if one.since and one.since <= now)


def duty_view(one: DutyOf) -> dict[str, Any]:
    """Return a duty as plain values."""
    return {
        "who": one.who,
        "what": one.what,
        "office": one.office,
        "article": one.article,
        "agreement": one.agreement,
        "about": one.scope,
        "due": one.due,
        "discharged": one.discharged,
    }


def refused_among(tx: Reading, scopes: Iterable[str]) -> frozenset[str]:
    """Return those of some entries that the counterpart refused: what they oblige to binds nobody.

    A duty of theirs is never overdue, whoever shows it.
    """
    wanted = dict.fromkeys(scopes)
    ask = Needs()
    for one in wanted:
        ask.key(one, RefusedByPeer)
    found = tx.fetch(ask)[0]
    return frozenset(one for one in wanted if found.get((RefusedByPeer, one)) is not None)


def duties(tx: Reading, now: Instant, *, everything: bool = False) -> list[dict[str, Any]]:
    """Return the duties: overdue ones first, then those with a time, then those without.

    Args:
        tx: The register.
        now: The reader's clock: overdue is a view, never kept.
        everything: Also those that were discharged.

    The state of one that is about what the counterpart refused is ``refused``.
    """
    rows = [
        one
        for one in begun(tx.page(DutyOf, limit=100_000), now)
        if everything or not one.discharged
    ]
    refused = refused_among(tx, (one.scope for one in rows))
    found = [
        duty_view(one)
        | {
            "since": one.since,
            "state": "discharged"
            if one.discharged
            else "refused"
            if one.scope in refused
            else "overdue"
            if one.due and one.due < now
            else "open",
        }
        for one in rows
    ]
    order = {"overdue": 0, "open": 1, "refused": 2, "discharged": 3}
    return sorted(found, key=lambda one: (order[one["state"]], one["due"] or "~", one["what"]))
