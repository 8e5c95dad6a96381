"""A counterpart on paper: what it did is entered as attested, with the scan; never as signed by it.

All of it is the registry's business: its officer has the paper in hand and signs the entry. For
others there is no such address.
"""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from comity.acts.deeds import Role
from comity.acts.documents import FileName, MediaType
from comity.acts.parts import WRITTEN, Position
from comity.console.api.answers import Done, done, taken
from comity.console.api.drafts import Count, Offices, Title
from comity.console.api.operation import (
    FILE,
    Body,
    Doing,
    Listing,
    Nothing,
    Operation,
    Page,
    requires,
)
from comity.console.api.paging import paged
from comity.console.api.signing import Signed
from comity.console.pages import papers as pages
from comity.console.pages.visit import Visit
from comity.node import attesting, handing, paper, papers
from comity.node.paper import SCAN_LIMIT, Handed, Sheet
from comity.vocabulary.dates import Dated
from comity.vocabulary.logs import standing_in
from comity.vocabulary.names import Caveat, Level, Office, Party, Purpose, Regime, Subject

Scan = Annotated[bytes, Meta(min_length=1, max_length=SCAN_LIMIT)]
Number = Annotated[str, Meta(pattern=WRITTEN)]


class OnPaper(Struct, frozen=True, kw_only=True):
    """A party that keeps paper, or kept it until it joined.

    Attributes:
        log: Where what it did stands here.
        open: It has not joined.
        entries: How many there are.
    """

    party: str
    log: str
    open: bool
    entries: int


class Disputed(Struct, frozen=True, kw_only=True):
    """How the other side disputes an entry: from where, when, and its own date."""

    leaf: str
    at: str
    on: str


class Attested(Struct, frozen=True, kw_only=True):
    """An entry that one party made of what another did on paper.

    Attributes:
        on: The day on the paper, as far as it can be read; ``number`` and ``own``: the numbers
            that its author, and the keeper, wrote on it.
        attested_by: Whose word it is; it is never the acting party's own.
        scanned: The paper itself is kept here.
    """

    index: int
    at: str
    kind: str
    by: str
    outcome: str
    on: str
    number: str
    own: str
    attested_by: str
    scanned: bool
    disputed: tuple[Disputed, ...]


class InHand(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper: the office that acted, the day and the number on it."""

    by: Office
    on: Dated
    number: Number | UnsetType = UNSET


class PaperAct(InHand, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a party did on paper: a note, a signature, a receipt, a consent.

    Attributes:
        act: Its kind: ``treaty.sign``, ``people.assure``, ``delivery.receipt`` …
        item: The number of the item that it is about, at either registry.
        stated: The fields of the act; a text by its identifier, a place as ``LOG#INDEX``.
        scan: The scanned paper, in base64.
    """

    act: Annotated[str, Meta(pattern=r"^[a-z-]{1,40}\.[a-z-]{1,40}\Z")]
    scan: Scan
    item: Annotated[str, Meta(max_length=60)] = ""
    stated: dict[str, Any] = field(default_factory=dict)


class PaperBegun(InHand, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The note that names a party's competent authorities; its log begins with it.

    Attributes:
        scan: The scanned note, in base64.
        profile: The party's profile with its offices, in base64; left out: the one that ships.
    """

    scan: Scan
    profile: Annotated[bytes, Meta(min_length=1, max_length=1 << 20)] | UnsetType = UNSET


class PaperItem(InHand, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An item that a party handed over on paper, as its cover says.

    Attributes:
        offices: The addressed offices of this house.
        title: Unclassified by rule.
        scan: The scanned document, in base64: it is the item's content.
    """

    offices: Offices
    level: Level
    subject: Subject
    purpose: Purpose
    title: Title
    scan: Scan
    pages: Count = 1
    annexes: Count = 0
    regime: Regime | UnsetType = UNSET
    caveats: Annotated[tuple[Caveat, ...], Meta(max_length=16)] = ()
    file_name: FileName = ""
    media_type: MediaType = "application/pdf"


class Differently(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The own date of what is disputed, where that differs."""

    on: Dated | UnsetType = UNSET


def parties(visit: Visit, asked: Listing) -> Page[OnPaper]:
    """List the counterparts that keep paper, or kept it until they joined."""
    found = pages.papers(visit)["parties"]
    return paged(
        found, asked, key=lambda one: (one["party"],), shown=lambda one: taken(one, OnPaper)
    )


def entries(visit: Visit, asked: Listing) -> Page[Attested]:
    """List what is attested of a party, in order."""
    found = pages.paper(visit)["entries"]
    return paged(found, asked, key=lambda one: (f"{one['index']:015d}",), shown=_shown)


def of_us(visit: Visit, asked: Listing) -> Page[Attested]:
    """List what a party attested of this house before this house joined."""
    found = pages.of_us(visit)
    return paged(found, asked, key=lambda one: (f"{one['index']:015d}",), shown=_shown)


def _shown(one: dict[str, Any]) -> Attested:
    return taken(one | {"scanned": bool(one["evidence"])}, Attested)  # type: ignore[no-any-return]


def begin(doing: Doing[PaperBegun]) -> Done:
    """Begin to keep a log for a party that keeps paper, with the note of its authorities."""
    requires(doing, Role.REGISTRY)
    body = doing.body
    entered = paper.begin_here(
        doing.node,
        Party(doing.place["party"]),
        None if isinstance(body.profile, UnsetType) else body.profile,
        sheet=_sheet(body, body.scan),
        by=body.by,
        officer=doing.person,
        sign=doing.sign,
    )
    return done(doing.node, entered[0], doing.lang)


def enter(doing: Doing[PaperAct]) -> Done:
    """Enter what a party on paper did; the officer who has the paper in hand signs."""
    requires(doing, Role.REGISTRY)
    body = doing.body
    entered = attesting.enter(
        doing.node,
        Party(doing.place["party"]),
        body.act,
        body.stated,
        by=body.by,
        item=body.item,
        sheet=_sheet(body, body.scan),
        officer=doing.person,
        sign=doing.sign,
    )
    return done(doing.node, entered, doing.lang)


def item(doing: Doing[PaperItem]) -> Done:
    """Enter an item that a party handed over on paper."""
    requires(doing, Role.REGISTRY)
    body = doing.body
    handed = Handed(
        by=body.by,
        offices=body.offices,
        level=body.level,
        subject=body.subject,
        purpose=body.purpose,
        title=body.title,
        content=body.scan,
        pages=body.pages,
        annexes=body.annexes,
        regime=body.regime,
        caveats=body.caveats,
        file_name=body.file_name,
        media_type=body.media_type,
    )
    entered = handing.item(
        doing.node,
        Party(doing.place["party"]),
        handed,
        sheet=_sheet(body, body.scan),
        officer=doing.person,
        sign=doing.sign,
    )
    return done(doing.node, entered, doing.lang)


def _sheet(body: InHand, scan: bytes) -> Sheet:
    return Sheet(scan=scan, on=body.on, number=body.number)


def scan(visit: Visit, asked: Nothing) -> Body:
    """Give the scanned paper behind an entry back."""
    del asked
    raw, name = pages.scan(visit)
    return Body(raw, name)


def dispute(doing: Doing[Differently]) -> Done:
    """Dispute what a party attested of this house: it was not so, or not then."""
    requires(doing, *pages.DISPUTES)
    leaf = Position(
        log=standing_in(Party(doing.place["party"]), doing.node.party),
        index=int(doing.place["index"]),
    )
    entered = papers.dispute(doing.node, leaf, on=doing.body.on, actor=doing.person)
    return done(doing.node, entered, doing.lang)


_PARTY = "/paper/{party}"
OPERATIONS = (
    Operation("paperList", "paper", "GET", "/paper", parties, Page[OnPaper], Listing),
    Operation("paperEntries", "paper", "GET", _PARTY, entries, Page[Attested], Listing),
    Operation("paperOfUs", "paper", "GET", f"{_PARTY}/of-us", of_us, Page[Attested], Listing),
    Operation(
        "paperBegin",
        "paper",
        "POST",
        f"{_PARTY}/begin",
        begin,
        Done,
        PaperBegun,
        page="/paper/begin",
        signs=True,
    ),
    Operation(
        "paperEnter",
        "paper",
        "POST",
        f"{_PARTY}/acts",
        enter,
        Done,
        PaperAct,
        page="/paper/{party:str}/new",
        signs=True,
    ),
    Operation(
        "paperItem",
        "paper",
        "POST",
        f"{_PARTY}/items",
        item,
        Done,
        PaperItem,
        page="/paper/{party:str}/item",
        signs=True,
    ),
    Operation(
        "paperScan",
        "paper",
        "GET",
        f"{_PARTY}/{{index}}/scan",
        scan,
        Body,
        media=FILE,
        page="/paper/{party:str}/{index:int}/scan",
    ),
    Operation(
        "paperDispute",
        "paper",
        "POST",
        f"{_PARTY}/{{index}}/dispute",
        dispute,
        Done,
        Differently,
        page="/paper/{party:str}/{index:int}/dispute",
    ),
)
"""Of counterparts on paper."""
