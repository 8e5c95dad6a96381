"""Release: judged as it is typed, kept as a sheet, laid before the authority, taken back."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from comity.acts.deeds import Role
from comity.acts.documents import FileName, MediaType
from comity.console.api.answers import Finding, Judged, finding, taken
from comity.console.api.items import found
from comity.console.api.operation import (
    Doing,
    Listing,
    Operation,
    Page,
    known_as,
    requires,
)
from comity.console.api.paging import paged
from comity.console.pages import release as pages
from comity.console.pages.judged import judged
from comity.console.pages.visit import Visit
from comity.node import kept, passing, releases
from comity.node.people import require_person
from comity.vocabulary.names import (
    Level,
    Office,
    Party,
    Purpose,
    Subject,
)

Offices = Annotated[tuple[Office, ...], Meta(min_length=1, max_length=64)]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Lines = Annotated[tuple[Annotated[str, Meta(max_length=400)], ...], Meta(max_length=200)]
Content = Annotated[bytes, Meta(min_length=1, max_length=releases.INLINE)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class Wish(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be released.

    Attributes:
        title: Unclassified by rule.
        content: The bytes, in base64.
    """

    to: Party
    offices: Offices
    level: Level
    subject: Subject
    purpose: Purpose
    title: Title
    content: Content
    lines: Lines = ()
    file_name: FileName = ""
    media_type: MediaType = "text/plain; charset=utf-8"
    pages: Count = 1
    annexes: Count = 0


class Laid(Struct, frozen=True, kw_only=True):
    """A draft that waits for its decision, and what the agreement says of it."""

    draft: str
    findings: tuple[Finding, ...]


class OfferedOffice(Struct, frozen=True, kw_only=True):
    """An office that the recipient named as its competent authority."""

    office: str
    name: str


class Recipient(Struct, frozen=True, kw_only=True):
    """To whom one may release, and what there is to choose from."""

    party: str
    agreement: str
    offices: tuple[OfferedOffice, ...]
    levels: tuple[str, ...]
    subjects: tuple[str, ...]
    purposes: tuple[str, ...]


class PassOn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """To whom a received item goes on; the purpose stays where none is said."""

    to: Party
    offices: Offices
    purpose: Purpose | None = None


def recipients(visit: Visit, asked: Listing) -> Page[Recipient]:
    """List to whom one may release, with the words that are known there."""
    known_as(visit.tx, visit.person, Role.DESK)
    return paged(
        kept.counterparts(visit.tx, visit.node.party),
        asked,
        key=lambda one: (one,),
        shown=lambda one: _recipient(visit, one),
    )


def _recipient(visit: Visit, peer: Party) -> Recipient:
    offered = pages.offered(visit, peer)
    return Recipient(
        party=peer,
        agreement=pages.peer_of(visit.node, visit.tx, peer)["agreement"],
        offices=tuple(taken(one, OfferedOffice) for one in offered["peer_offices"]),
        levels=tuple(one["level"] for one in offered["levels"]),
        subjects=tuple(offered["subjects"]),
        purposes=tuple(offered["purposes"]),
    )


def _wish(doing: Doing[Wish]) -> releases.Wish:
    body = doing.body
    with doing.node.store.reading() as tx:
        office = Office(require_person(tx, doing.person, Role.DESK).office)
    return releases.Wish(
        to=body.to,
        offices=body.offices,
        by=office,
        level=body.level,
        subject=body.subject,
        purpose=body.purpose,
        content=body.content,
        title=body.title,
        lines=body.lines,
        file_name=body.file_name,
        media_type=body.media_type,
        pages=body.pages,
        annexes=body.annexes,
        demonstration=doing.demonstration,
    )


def judge(doing: Doing[Wish]) -> Judged:
    """Judge a wish as the desk sees it; nothing is entered and nothing kept."""
    requires(doing, Role.DESK)
    assessment = releases.judge_wish(doing.node, _wish(doing), drafter=doing.person)
    return taken(judged(doing.node, assessment, doing.lang), Judged)  # type: ignore[no-any-return]


def lay(doing: Doing[Wish]) -> Laid:
    """Lay a release before the releasing authority."""
    requires(doing, Role.DESK)
    return _laid(doing, releases.lay_before(doing.node, _wish(doing), drafter=doing.person))


def pass_on(doing: Doing[PassOn]) -> Laid:
    """Lay before the authority that a received item goes on, as it is; it is read for that."""
    row = found(doing)
    requires(doing, Role.DESK)
    body = doing.body
    extra = {} if body.purpose is None else {"purpose": body.purpose}
    wish = passing.wish(
        doing.node, row, to=body.to, offices=body.offices, person=doing.person, **extra
    )
    return _laid(doing, releases.lay_before(doing.node, wish, drafter=doing.person))


def _laid(doing: Doing[Any], laid: releases.Laid) -> Laid:
    found = tuple(finding(doing.node, one, doing.lang) for one in laid.assessment.findings)
    return Laid(draft=laid.deed, findings=found)


OPERATIONS = (
    Operation(
        "recipientList", "release", "GET", "/recipients", recipients, Page[Recipient], Listing
    ),
    Operation("releaseJudge", "release", "POST", "/releases/judge", judge, Judged, Wish),
    Operation("releaseLay", "release", "POST", "/releases", lay, Laid, Wish),
    Operation(
        "itemPassOn",
        "release",
        "POST",
        "/register/{number}/pass-on",
        pass_on,
        Laid,
        PassOn,
        page="/onward/{number:path}",
    ),
)
"""Of what is released."""
