"""The desk: sheets that are being typed, drafts that wait, and a draft that is taken back."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from comity.acts.deeds import Role
from comity.acts.documents import FileName, MediaType
from comity.console.api.answers import Judged, taken
from comity.console.api.operation import (
    Doing,
    Listing,
    Nothing,
    Operation,
    Page,
    known_as,
    requires,
)
from comity.console.api.paging import paged
from comity.console.forms import Fields, File, Order
from comity.console.pages import release as pages
from comity.console.pages.visit import Visit
from comity.node import releases, sheets, window
from comity.node.reading import authorise_drafts
from comity.register.rows import Draft
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import REFERENCE, Party


class Begun(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """To whom a sheet is; and the number of an earlier release to take its fields from."""

    to: Party
    like: Annotated[str, Meta(pattern=rf"^\Z|{REFERENCE}")] = ""


class Typed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was typed; a field that is left out stays as it was.

    Attributes:
        file: The bytes of a file, in base64; empty bytes take the file away.
    """

    offices: Annotated[tuple[sheets.Word, ...], Meta(max_length=64)] | None = None
    level: sheets.Word | None = None
    subject: sheets.Word | None = None
    purpose: sheets.Word | None = None
    title: sheets.Word | None = None
    remarks: sheets.Text | None = None
    text: sheets.Text | None = None
    pages: sheets.Word | None = None
    annexes: sheets.Word | None = None
    file: bytes | None = None
    file_name: FileName = "file"
    media_type: MediaType = "application/octet-stream"


class SheetLine(Struct, frozen=True, kw_only=True):
    """A sheet that was begun."""

    name: str
    to: str
    title: str
    changed: str


class There(Struct, frozen=True, kw_only=True):
    """How the recipient will have the item.

    Attributes:
        tier: What the agreement calls the row of its table.
        choices: The recipient's levels in that row; who chooses is the ``chooser``.
    """

    tier: str
    choices: tuple[str, ...]
    chooser: str
    banner: str


class SheetOf(Struct, frozen=True, kw_only=True):
    """A sheet as it stands, what is still missing, and what the agreement says of it.

    Attributes:
        changed_by: The authority that sent it back with changes; empty: nobody did.
        size: Bytes of the file; 0 where none was put in.
        judgement: Absent until there is enough to judge.
    """

    name: str
    to: str
    changed: str
    offices: tuple[str, ...]
    level: str
    subject: str
    purpose: str
    title: str
    remarks: str
    text: str
    file_name: str
    media_type: str
    size: int
    pages: str
    annexes: str
    changed_by: str
    marking: str
    missing: tuple[str, ...]
    judgement: Judged | None
    there: There | None


class DraftLine(Struct, frozen=True, kw_only=True):
    """A draft that waits.

    Attributes:
        leaves: It is decided and leaves then; empty: it waits for its decision.
    """

    draft: str
    drafter: str
    at: str
    leaves: str


class TakenBack(Struct, frozen=True, kw_only=True):
    """The sheet that a draft is again; none where it was another's item that would go on."""

    sheet: str


def listed(visit: Visit, asked: Listing) -> Page[SheetLine]:
    """List the sheets that this person keeps."""
    known_as(visit.tx, visit.person, Role.DESK)
    return paged(
        sheets.all_of(visit.node, visit.tx, visit.person),
        asked,
        key=lambda one: (one[1].changed, one[0]),
        shown=lambda one: SheetLine(
            name=one[0], to=one[1].to, title=one[1].title, changed=one[1].changed
        ),
        latest_first=True,
    )


def sheet(visit: Visit, asked: Nothing) -> SheetOf:
    """Show a sheet of one's own, with its judgement."""
    del asked
    shown = pages.sheet(visit)
    kept: sheets.Sheet = shown["sheet"]
    judgement, there = shown["judgement"], shown["there"]
    return SheetOf(
        name=shown["name"],
        to=kept.to,
        changed=kept.changed,
        offices=kept.offices,
        level=kept.level,
        subject=kept.subject,
        purpose=kept.purpose,
        title=kept.title,
        remarks=kept.remarks,
        text=kept.text,
        file_name=kept.file_name,
        media_type=kept.media_type,
        size=len(kept.file),
        pages=kept.pages,
        annexes=kept.annexes,
        changed_by=kept.changed_by,
        marking=shown["marking"],
        missing=tuple(shown["missing"]),
        judgement=None if judgement is None else taken(judgement, Judged),
        there=None if there is None else taken(there, There),
    )


def _order(doing: Doing[Any], fields: Fields) -> Order:
    return Order(doing.node, doing.person, doing.lang, doing.demonstration, doing.place, fields)


def _own(doing: Doing[Any]) -> None:
    """Return if the sheet that the address names is this person's.

    Raises:
        Refused: ``refused.absent``.
    """
    requires(doing, Role.DESK)
    with doing.node.store.reading() as tx:
        sheets.of(doing.node, tx, doing.place["sheet"], person=doing.person)


def _shown(doing: Doing[Any], name: str) -> SheetOf:
    with doing.node.store.reading() as tx:
        now = doing.node.clock.now()
        place = {"sheet": name}
        visit = Visit(doing.node, tx, doing.person, doing.lang, now, doing.demonstration, place, {})
        return sheet(visit, Nothing())


def begin(doing: Doing[Begun]) -> SheetOf:
    """Begin a sheet for one recipient; of a series, with the fields of an earlier release."""
    requires(doing, Role.DESK)
    values = {"to": (str(doing.body.to),), "like": (doing.body.like,)}
    name = pages.start(_order(doing, Fields(values, None))).rpartition("/")[2]
    return _shown(doing, name)


def keep(doing: Doing[Typed]) -> SheetOf:
    """Keep what was typed; the answer has the judgement of it."""
    _own(doing)
    _keep(doing)
    return _shown(doing, doing.place["sheet"])


def _keep(doing: Doing[Typed]) -> None:
    pages.kept(_order(doing, fields_of(doing.body)))


def fields_of(body: Typed) -> Fields:
    """Return what was typed as the console's form would send it."""
    values: dict[str, tuple[str, ...]] = {}
    words = (
        "level", "subject", "purpose", "title", "remarks", "text", "pages", "annexes",
    )  # fmt: skip
    for name in words:
        value = getattr(body, name)
        if value is not None:
            values[name] = (value,)
    if body.offices is not None:
        values |= {"offices-shown": ("1",), "offices": body.offices}
    file = None
    if body.file:
        file = File(body.file_name, body.media_type, body.file)
    elif body.file is not None:
        values["no-file"] = ("1",)
    return Fields(values, file)


def lay_sheet(doing: Doing[Nothing]) -> Nothing:
    """Lay a sheet before the releasing authority; it is a sheet no more."""
    _own(doing)
    pages.lay(_order(doing, Fields({}, None)))
    return Nothing()


def drop(doing: Doing[Nothing]) -> Nothing:
    """Throw a sheet away."""
    _own(doing)
    pages.throw_away(_order(doing, Fields({}, None)))
    return Nothing()


def waiting(visit: Visit, asked: Listing) -> Page[DraftLine]:
    """List the drafts that wait: a person's own, and all of them to a releasing authority."""
    known_as(visit.tx, visit.person, Role.DESK, Role.RELEASING)
    leaves = window.leaving(visit.node, visit.tx)

    def shown(row: Draft) -> DraftLine:
        at = leaves.get(Digest(row.key), "")
        return DraftLine(draft=row.key, drafter=row.drafter, at=row.at, leaves=at)

    rows = authorise_drafts(visit.tx, visit.person, releases.waiting(visit.tx))
    return paged(rows, asked, key=lambda row: (row.at, row.key), shown=shown)


def take_back(doing: Doing[Nothing]) -> TakenBack:
    """Take back a draft of one's own that has not left yet; it is a sheet again."""
    requires(doing, Role.DESK)
    place = pages.take_back(_order(doing, Fields({}, None)))
    return TakenBack(sheet=place.removeprefix("/release").removeprefix("/"))


_SHEET = "/sheets/{sheet}"
OPERATIONS = (
    Operation("sheetList", "release", "GET", "/sheets", listed, Page[SheetLine], Listing),
    Operation(
        "sheetBegin", "release", "POST", "/sheets", begin, SheetOf, Begun, page="/release/new"
    ),
    Operation("sheetShow", "release", "GET", _SHEET, sheet, SheetOf),
    Operation(
        "sheetKeep",
        "release",
        "PATCH",
        _SHEET,
        keep,
        SheetOf,
        Typed,
        page="/release/{sheet:str}/keep",
    ),
    Operation(
        "sheetDrop", "release", "DELETE", _SHEET, drop, Nothing, page="/release/{sheet:str}/drop"
    ),
    Operation(
        "sheetLay",
        "release",
        "POST",
        f"{_SHEET}/lay",
        lay_sheet,
        Nothing,
        page="/release/{sheet:str}/lay",
    ),
    Operation(
        "sheetJudge",
        "release",
        "POST",
        f"{_SHEET}/judge",
        keep,
        SheetOf,
        Typed,
        page="/release/{sheet:str}/judge",
    ),
    Operation("draftList", "release", "GET", "/drafts", waiting, Page[DraftLine], Listing),
    Operation(
        "draftTakeBack",
        "release",
        "POST",
        "/drafts/{draft}/take-back",
        take_back,
        TakenBack,
        page="/release/laid/{draft:str}/back",
    ),
)
"""Of the desk."""
