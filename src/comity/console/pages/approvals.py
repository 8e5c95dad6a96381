"""Approvals: what leaves, to whom, under what; the decision is made with the content in view."""

from collections.abc import Collection
from typing import Any

from msgspec import structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.hidden.looking import look
from comity.console.pages import release
from comity.console.pages import visit as visits
from comity.console.pages.judged import APPROVAL, judged
from comity.console.words import known_schemes, marking_of_all, spellings
from comity.marking.schemes import tier
from comity.node import deciding, lists, passkeys, people, releases, sheets, window
from comity.node.chancery import Act, judge_act
from comity.node.releases import Drafted
from comity.register.rows import Draft, ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused

QUESTIONS = ("policy", "security", "protection", "benefit", "need")
"""The five questions of a disclosure decision, in order."""

SHORT = 16
"""Hexadecimal digits of a draft's digest that name it in an address."""

_PRECEDENTS = 5
_LISTS = 20
_SHOWN = 200_000


def approvals(visit: visits.Visit) -> dict[str, Any]:
    """Return the drafts that wait for a decision, the oldest first, and those of a list as one."""
    visits.require(visit, Role.RELEASING)
    found, inside = listed(visit)
    return waiting(visit, but=inside) | {"lists": found}


def listed(visit: visits.Visit) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the lists of which lines wait, and these lines' drafts: of the latest lists.

    Those that this person laid or decides over.
    """
    inside: list[str] = []
    found = []
    known = lists.heads(visit.tx) if releases.waiting(visit.tx) else {}
    for name, head in list(known.items())[:_LISTS]:
        if not lists.may_see(visit.tx, head, visit.person):
            continue
        some, _ = lists.waiting(visit.node, visit.tx, name, count=head.lines)
        if some:
            inside += [line.draft for line in some]
            found.append(
                {
                    "name": name.removeprefix("sha384:")[:SHORT],
                    "at": head.at,
                    "drafter": visits.called(visit.tx, head.drafter),
                    "count": len(some),
                }
            )
    return found, tuple(inside)


def waiting(visit: visits.Visit, *, but: Collection[str] = ()) -> dict[str, Any]:
    """Return the drafts that wait for a decision, the oldest first, but for some."""
    visits.require(visit, Role.RELEASING)
    found = []
    leaves = window.leaving(visit.node, visit.tx)
    for row in releases.waiting(visit.tx):
        if row.key in but:
            continue
        draft = releases.open_draft(visit.node, visit.tx, Digest(row.key))
        found.append(_line(visit, row, draft) | {"leaves": leaves.get(Digest(row.key), "")})
    return {
        "waiting": [one for one in found if not one["leaves"]],
        "leaving": sorted((one for one in found if one["leaves"]), key=lambda one: one["leaves"]),
        "marking": _marking(visit, [one["own_level"] for one in found]),
    }


def _line(visit: visits.Visit, row: Draft, draft: Drafted) -> dict[str, Any]:
    return {
        "name": row.key.removeprefix("sha384:")[:SHORT],
        "digest": row.key,
        "at": row.at,
        "drafter": visits.called(visit.tx, row.drafter),
        "own": row.drafter == visit.person,
        "to": draft.deed.to,
        "title": draft.particulars.title,
        "own_level": draft.deed.item.label.level,
    }


def approval(visit: visits.Visit) -> dict[str, Any]:
    """Return one draft: everything that a second person decides on, content in view."""
    visits.require(visit, Role.RELEASING)
    name = _find(visit)
    draft = releases.open_draft(visit.node, visit.tx, name)
    row = visit.tx.get(Draft, name)
    if row is None:
        raise releases.absent_draft()
    deed = draft.deed
    act = Act(deed=deed, ciphertext=deed.item.plaintext)
    agreement = None
    if isinstance(deed.agreement, str):
        agreement = visit.node.agreement(visit.tx, deed.agreement)
    return _line(visit, row, draft) | {
        "deed": deed,
        "words": draft.particulars,
        "agreement": "" if agreement is None else f"{agreement.id} {agreement.version}",
        "delegation": _delegation(visit, draft),
        "judgement": judged(visit.node, judge_act(visit.node, act).without(APPROVAL), visit.lang),
        "given": [
            visits.called(visit.tx, one.person)
            for one in deciding.given(visit.node, visit.tx, name)
        ],
        "questions": QUESTIONS,
        "leaves": window.leaving(visit.node, visit.tx, [name]).get(name, ""),
        "window": _window(visit),
        "levels": release.levels_of(visit.node.party),
        "precedents": _precedents(visit, draft),
        "content": _text(draft),
        "changeable": releases.is_sheet(draft),
        "standing": isinstance(deed, deeds.StandingDirective),
        "editable": not draft.particulars.file_name and len(draft.content) <= _SHOWN,
        "hidden": look(draft.content) if draft.particulars.file_name else None,
        "size": len(draft.content),
        "custodied": not passkeys.living(visit.tx, visit.person),
        "marking": _marking(visit, [deed.item.label.level]),
    }


def _find(visit: visits.Visit) -> Digest:
    try:
        return releases.find_draft(visit.tx, visit.place["draft"])
    except Refused as error:
        # A draft that is decided and one that never was are one answer.
        raise releases.absent_draft() from error


def _window(visit: visits.Visit) -> int:
    profile = visit.node.profile(visit.tx, visit.tx)
    return 0 if profile is None else profile.window_minutes


def _delegation(visit: visits.Visit, draft: Drafted) -> dict[str, Any] | None:
    """Return the delegation of this house's profile that the decision rests on."""
    profile = visit.node.profile(visit.tx, visit.tx)
    deed = draft.deed
    for one in () if profile is None else profile.delegations:
        fits = one.office == deed.by and deed.item.label.level in one.levels
        if fits and (not one.to or deed.to in one.to):
            levels = [spellings().get(level, level) for level in one.levels]
            return {"office": one.office, "levels": levels, "approvals": one.approvals}
    return None


def _precedents(visit: visits.Visit, draft: Drafted) -> list[ItemOf]:
    """Return the latest releases on the same subject to the same party."""
    deed = draft.deed
    return visits.seen(
        visit,
        limit=_PRECEDENTS,
        direction="out",
        other=str(deed.to),
        subject=str(deed.item.subject),
    )


def _text(draft: Drafted) -> str | None:
    """Return the content as text, where it is text; a file is opened as it is."""
    if not draft.particulars.media_type.startswith("text/"):
        return None
    try:
        return draft.content.decode()[:_SHOWN]
    except UnicodeDecodeError:
        return None


def _marking(visit: visits.Visit, levels: list[str]) -> str:
    line = marking_of_all(
        [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
    )
    ladder = {str(one.level): one for one in known_schemes()[visit.node.party].level}
    known = [ladder[one] for one in levels if one in ladder]
    if not known:
        return line
    top = max(known, key=lambda one: one.rank)
    parts = [top.native, tier(known_schemes(), top.level), line]
    return " · ".join(part for part in parts if part)


def content(visit: visits.Visit) -> tuple[bytes, str]:
    """Return the bytes of a draft as they would leave, and their name."""
    visits.require(visit, Role.RELEASING)
    draft = releases.open_draft(visit.node, visit.tx, _find(visit))
    return draft.content, draft.particulars.file_name or "content.txt"


def approve(order: Order) -> str:
    """Approve one draft, all five questions answered with yes: it is released, or waits on."""
    if not all(order.fields.one(f"question-{one}") for one in QUESTIONS):
        raise Refused("refused.release.questions", "all five questions are answered first")
    with order.node.store.reading() as tx:
        name = releases.find_draft(tx, order.place["draft"])
    entered = deciding.approve(order.node, [name], authority=order.person, sign=order.sign)
    released = [one.entry.deed for one in entered if isinstance(one.entry.deed, deeds.Release)]
    return f"/register/{released[0].item.reference}" if released else "/approvals"


def change(order: Order) -> str:
    """Send a draft back with changes: it is a sheet of its drafter again, and no draft.

    What is laid anew is another deed with another digest, so no approval that was given counts
    for it. If the process dies between the two, the sheet is there and the draft waits still.

    Raises:
        Refused: the person is no releasing authority; the draft does not wait.
    """
    node, fields = order.node, order.fields
    with node.store.reading() as tx:
        people.require_person(tx, order.person, Role.RELEASING)
        name = releases.find_draft(tx, order.place["draft"])
        draft = releases.open_draft(node, tx, name)
    if not releases.is_sheet(draft):
        raise releases.absent_draft()
    again = release.sheet_of(draft, now=node.clock.now())
    changed = release.filled(again, fields, now=node.clock.now())
    sheets.begin(node, structs.replace(changed, changed_by=order.person), person=draft.drafter)
    deciding.decline(node, name, authority=order.person)
    return "/approvals"


def revise(order: Order) -> str:
    """Lay a draft with changes before another authority: who changed it has drafted it.

    Raises:
        Refused: as :func:`comity.node.deciding.revise`.
        RefusedAct: the agreement refuses what it would become.
    """
    revised(order)
    return "/approvals"


def revised(order: Order) -> Digest:
    """Return the draft that a changed one became."""
    node, fields = order.node, order.fields
    with node.store.reading() as tx:
        people.require_person(tx, order.person, Role.RELEASING)
        name = releases.find_draft(tx, order.place["draft"])
        draft = releases.open_draft(node, tx, name)
    now = node.clock.now()
    changed = release.filled(release.sheet_of(draft, now=now), fields, now=now)
    if releases.is_sheet(draft):
        sheets.require_content(changed)
    changes = sheets.changes_of(changed)
    return deciding.revise(node, name, changes, authority=order.person).deed


def decline(order: Order) -> str:
    """Decline one draft, or take back one that is decided. No reason is asked for."""
    with order.node.store.reading() as tx:
        name = releases.find_draft(tx, order.place["draft"])
    deciding.decline(order.node, name, authority=order.person)
    return "/approvals"
