"""Approvals: what waits, with everything that a second person decides on; the decision."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.console.api.answers import Done, Judged, done, taken
from comity.console.api.desk import Typed, fields_of
from comity.console.api.operation import (
    FILE,
    Body,
    Doing,
    Listing,
    Nothing,
    Operation,
    Page,
    known_as,
    requires,
)
from comity.console.api.paging import paged
from comity.console.api.signing import Signed
from comity.console.forms import Order
from comity.console.pages import approvals as pages
from comity.console.pages.visit import Visit
from comity.node import deciding, releases
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused

Name = Annotated[str, Meta(pattern=r"^(sha384:)?[0-9a-f]{8,96}\Z")]


class Waiting(Struct, frozen=True, kw_only=True):
    """A draft that waits.

    Attributes:
        own: Whether this person drafted it: then another decides.
        leaves: It is decided and leaves then; empty: it waits for its decision.
    """

    name: str
    digest: str
    at: str
    drafter: str
    own: bool
    to: str
    title: str
    own_level: str
    leaves: str


class Delegation(Struct, frozen=True, kw_only=True):
    """The delegation of this house's profile that the decision rests on."""

    office: str
    levels: tuple[str, ...]
    approvals: int


class Bounds(Struct, frozen=True, kw_only=True):
    """How long a standing directive lets observations be given, and how many."""

    since: str
    until: str
    most: int


class Approval(Struct, frozen=True, kw_only=True):
    """A draft with everything that a second person decides on.

    Attributes:
        given: Who approved it already.
        questions: All of them are answered with yes before it can be approved.
        content: The text, where it is text; the bytes are fetched by themselves.
        standing: Of a standing directive, its bounds: nobody decides on what goes under it.
    """

    draft: Waiting
    marking: str
    agreement: str
    offices: tuple[str, ...]
    subject: str
    purpose: str
    lines: tuple[str, ...]
    file_name: str
    media_type: str
    size: int
    content: str
    delegation: Delegation | None
    judgement: Judged
    given: tuple[str, ...]
    questions: tuple[str, ...]
    precedents: tuple[str, ...]
    standing: Bounds | None


class Questions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The five questions of a disclosure decision: is it so?

    Attributes:
        policy: The release serves the house's policy.
        security: The recipient protects it as this house does.
        protection: The information can bear to be known there.
        benefit: The house gains by it.
        need: The recipient needs it, and no more than it needs is released.
    """

    policy: bool
    security: bool
    protection: bool
    benefit: bool
    need: bool


class Decision(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answers to the five questions."""

    questions: Questions


class Several(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Drafts that are approved with one signature, and the answers for all of them."""

    drafts: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=4096)]
    questions: Questions


class Decided(Struct, frozen=True, kw_only=True):
    """What was released, and what waits on for another person."""

    released: tuple[Done, ...]
    waiting: tuple[str, ...]


class Revised(Struct, frozen=True, kw_only=True):
    """The digest of the draft that a changed one became."""

    draft: str


def listed(visit: Visit, asked: Listing) -> Page[Waiting]:
    """List the drafts that wait for a decision, and those in their window, the oldest first."""
    shown = pages.waiting(visit)
    return paged(
        [*({**one, "leaves": ""} for one in shown["waiting"]), *shown["leaving"]],
        asked,
        key=lambda one: (one["at"], one["digest"]),
        shown=lambda one: taken(one, Waiting),
    )


def approval(visit: Visit, asked: Nothing) -> Approval:
    """Show one draft: everything that a second person decides on."""
    del asked
    shown = pages.approval(visit)
    deed, words, delegation = shown["deed"], shown["words"], shown["delegation"]
    return Approval(
        draft=taken(shown, Waiting),
        marking=shown["marking"],
        agreement=shown["agreement"],
        offices=deed.offices,
        subject=deed.item.subject,
        purpose=deed.purpose,
        lines=words.lines,
        file_name=words.file_name,
        media_type=words.media_type,
        size=shown["size"],
        content=shown["content"] or "",
        delegation=None if delegation is None else taken(delegation, Delegation),
        judgement=taken(shown["judgement"], Judged),
        given=tuple(shown["given"]),
        questions=tuple(shown["questions"]),
        precedents=tuple(one.reference for one in shown["precedents"]),
        standing=Bounds(since=deed.since, until=deed.until, most=deed.most)
        if shown["standing"]
        else None,
    )


def content(visit: Visit, asked: Nothing) -> Body:
    """Give the bytes of a draft as they would leave."""
    del asked
    known_as(visit.tx, visit.person, Role.RELEASING)
    return Body(*pages.content(visit))


def answered(questions: Questions) -> None:
    """Return if all five questions are answered with yes.

    Raises:
        Refused: ``refused.release.questions``.
    """
    if not all(getattr(questions, one) for one in pages.QUESTIONS):
        raise Refused("refused.release.questions", "all five questions are answered first")


def _found(doing: Doing[Any], name: str) -> Digest:
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, Role.RELEASING)
        return releases.find_draft(tx, name)


def approve(doing: Doing[Decision]) -> Decided:
    """Approve one draft, all five questions answered with yes: it is released, or waits on."""
    name = _found(doing, doing.place["draft"])
    return _approved(doing, [name], doing.body.questions)


def approve_list(doing: Doing[Several]) -> Decided:
    """Approve several drafts with one signature over their list."""
    names = [_found(doing, one) for one in dict.fromkeys(doing.body.drafts)]
    return _approved(doing, list(dict.fromkeys(names)), doing.body.questions)


def _approved(doing: Doing[Any], names: list[Digest], questions: Questions) -> Decided:
    answered(questions)
    entered = deciding.approve(doing.node, names, authority=doing.person, sign=doing.sign)
    with doing.node.store.reading() as tx:
        waiting = {row.key for row in releases.waiting(tx)}
    return Decided(
        released=tuple(
            done(doing.node, one, doing.lang)
            for one in entered
            if isinstance(one.entry.deed, deeds.Release)
        ),
        waiting=tuple(name for name in names if name in waiting),
    )


def change(doing: Doing[Typed]) -> Nothing:
    """Send a draft back with changes: it is a sheet of its drafter again, and no draft."""
    _found(doing, doing.place["draft"])
    place, fields = doing.place, fields_of(doing.body)
    pages.change(Order(doing.node, doing.person, doing.lang, doing.demonstration, place, fields))
    return Nothing()


def revise(doing: Doing[Typed]) -> Revised:
    """Approve with changes: a new draft of this person, on which another authority decides."""
    _found(doing, doing.place["draft"])
    place, fields = doing.place, fields_of(doing.body)
    order = Order(doing.node, doing.person, doing.lang, doing.demonstration, place, fields)
    return Revised(draft=pages.revised(order))


def decline(doing: Doing[Nothing]) -> Done:
    """Decline one draft, or take back one that is decided. No reason is asked for."""
    requires(doing, Role.RELEASING)
    name = _found(doing, doing.place["draft"])
    return done(doing.node, deciding.decline(doing.node, name, authority=doing.person), doing.lang)


_DRAFT = "/approvals/{draft}"
OPERATIONS = (
    Operation("approvalList", "approvals", "GET", "/approvals", listed, Page[Waiting], Listing),
    Operation(
        "approveList", "approvals", "POST", "/approvals", approve_list, Decided, Several, signs=True
    ),
    Operation("approvalShow", "approvals", "GET", _DRAFT, approval, Approval),
    Operation(
        "approvalContent",
        "approvals",
        "GET",
        f"{_DRAFT}/content",
        content,
        Body,
        media=FILE,
        page="/approvals/{draft:str}/content",
    ),
    Operation(
        "approve",
        "approvals",
        "POST",
        f"{_DRAFT}/approve",
        approve,
        Decided,
        Decision,
        page="/approvals/{draft:str}/approve",
        signs=True,
    ),
    Operation(
        "approvalChange",
        "approvals",
        "POST",
        f"{_DRAFT}/change",
        change,
        Nothing,
        Typed,
        page="/approvals/{draft:str}/change",
    ),
    Operation(
        "approvalRevise",
        "approvals",
        "POST",
        f"{_DRAFT}/revise",
        revise,
        Revised,
        Typed,
        page="/approvals/{draft:str}/revise",
    ),
    Operation(
        "decline",
        "approvals",
        "POST",
        f"{_DRAFT}/decline",
        decline,
        Done,
        page="/approvals/{draft:str}/decline",
    ),
)
"""Of the releasing authority."""
