"""The register: searched, shown, proved, read; nothing here that the person may not see."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from comity.console.api.answers import Duty, taken
from comity.console.api.operation import CSV, FILE, Body, Doing, Listing, Nothing, Operation, Page
from comity.console.api.paging import paged, read_cursor, written
from comity.console.pages import item as pages
from comity.console.pages import register as registers
from comity.console.pages import visit as visits
from comity.console.pages.visit import Visit
from comity.console.words import marking_of
from comity.node import erasing, reading, receiving
from comity.node.proving import evidence_for
from comity.register.rows import Holding, ItemOf
from comity.vocabulary.errors import Invalid


class CopyOf(Struct, frozen=True, kw_only=True):
    """A numbered copy, where it is and who has it.

    Attributes:
        state: ``arrived``: it came here and was not receipted for; its custody has not passed.
    """

    copy: int
    office: str
    state: str
    custodian: str


class Receipt(Struct, frozen=True, kw_only=True):
    """A receipt that was signed."""

    stage: str
    office: str
    at: str
    reserve: tuple[str, ...]


class Item(Struct, frozen=True, kw_only=True):
    """What the register shows of an item.

    Attributes:
        reference: The provider's number; ``number`` is the receiver's own.
        title: Empty where the person may not read the item, or it is erased.
        erased: The act under which both parties erased its words; empty where they did not.
        marked: The receiver's level; empty until it is marked.
        refused: The code by which the counterpart refused it; empty where it did not.
    """

    reference: str
    number: str
    title: str
    direction: Literal["in", "out"]
    provider: str
    receiver: str
    originator: str
    level: str
    marked: str
    regime: str
    subject: str
    at: str
    offices: tuple[str, ...]
    copies: tuple[CopyOf, ...]
    receipts: tuple[Receipt, ...]
    refused: str
    erased: str


class ApprovalTerms(Struct, frozen=True, kw_only=True):
    """What an approval is asked for, given, not given or taken back for.

    Attributes:
        what: The third party, purpose, contractor or level; empty where the use names none.
    """

    uses: str
    what: str
    until: str
    times: int


class Line(Struct, frozen=True, kw_only=True):
    """One act in an item's life.

    Attributes:
        leaf: Where it stands.
        outcome: How it was judged.
        article: The one that objects, or that it was done under.
        tried: Which act the house refused itself, where the line records that.
        why: In words, where the reason needs no values, or its judgement is kept.
        refused: It had no effect, or records one that had none.
        third_party: To whom the item went on by it; empty: nobody.
        terms: Of an act that speaks of an approval.
        consents: The approvals that it is about or uses, to who may look at them.
    """

    at: str
    kind: str
    by: str
    third_party: str
    outcome: str
    code: str
    article: str
    tried: str
    leaf: str
    why: str
    refused: bool
    terms: ApprovalTerms | None
    consents: tuple[str, ...]


class Reader(Struct, frozen=True, kw_only=True):
    """Who opened it, and when."""

    person: str
    at: str


class HeldUntil(Struct, frozen=True, kw_only=True):
    """A level or a subject, and the end of what was recorded of it."""

    what: str
    until: str


class Entitled(Struct, frozen=True, kw_only=True):
    """A person who has the item, or may be given it now.

    Attributes:
        cleared: Clearances that hold now; ``needs``: those about this item.
    """

    person: str
    office: str
    assigned: bool
    cleared: tuple[HeldUntil, ...]
    needs: tuple[HeldUntil, ...]


class Whole(Struct, frozen=True, kw_only=True):
    """An item with everything around it.

    Attributes:
        came_from: The received item that it is; ``went_on``: those by which it went on.
        consents: The approvals by which it went on.
        entitled: To registry and security officers alone; of a received item.
        marking: The banner that belongs over it wherever it is shown.
        readable: Whether this person may open it.
    """

    item: Item
    marking: str
    origin: str
    purpose: str
    agreement: str
    numbers: tuple[str, ...]
    duties: tuple[Duty, ...]
    assigned: tuple[str, ...]
    read_by: tuple[Reader, ...]
    readable: bool
    came_from: str
    went_on: tuple[str, ...]
    consents: tuple[str, ...]
    entitled: tuple[Entitled, ...]


class Proof(Struct, frozen=True, kw_only=True):
    """Where a line stands, and how far the counterpart has cosigned that log."""

    kind: str
    log: str
    index: int
    cosigned: int


Words = Annotated[str, Meta(max_length=200)]
LevelAsked = Annotated[str, Meta(max_length=64)]


class Fitting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is looked for.

    Attributes:
        q: Words of numbers, subjects, titles and levels; all of them must be there.
        open: Items with a duty that is not discharged, if ``true``.
    """

    q: Words = ""
    direction: Literal["", "in", "out"] = ""
    level: LevelAsked = ""
    open: Literal["", "true"] = ""


class Search(Listing, frozen=True, kw_only=True):
    """What is looked for (:class:`Fitting`), and which page of what is found."""

    q: Words = ""
    direction: Literal["", "in", "out"] = ""
    level: LevelAsked = ""
    open: Literal["", "true"] = ""


class Opened(Struct, frozen=True, kw_only=True):
    """An item as it was read; the reading stands in the register.

    Attributes:
        content: The bytes, in base64.
        erased: The act under which both parties erased its words: title, lines, names are empty.
    """

    reference: str
    marking: str
    title: str
    lines: tuple[str, ...]
    file_name: str
    media_type: str
    content: bytes
    erased: str


def _item(row: dict[str, Any]) -> Item:
    row = {**row, "provider": row["from"], "receiver": row["to"]}
    return taken(row, Item)  # type: ignore[no-any-return]


def search(visit: Visit, asked: Search) -> Page[Item]:
    """List the items that this person may see and asked for, the latest first."""
    after = read_cursor(asked.cursor) if asked.cursor else ()
    if len(after) not in (0, 2):
        raise Invalid("invalid.api.cursor", "no page of this list gave this cursor")
    place = (after[0], after[1]) if after else None
    matched = registers.matching(visit, limit=asked.limit, after=place)
    return Page(
        items=tuple(_item(one) for one in registers.lines(visit, matched.found)),
        next="" if matched.after is None else written(matched.after),
    )


def export(visit: Visit, asked: Fitting) -> Body:
    """Export the same items as comma-separated values."""
    del asked
    return Body(registers.export(visit), "register.csv")


def item(visit: Visit, asked: Nothing) -> Whole:
    """Show an item: numbers, levels, copies, receipts, duties, readers."""
    del asked
    row = pages.visible(visit)
    found = pages.item(visit)
    life = found["item"]
    return Whole(
        item=_item(life | {"title": found["short"]}),
        marking=found["marking"],
        origin=found["origin"],
        purpose=life["purpose"],
        agreement=life["agreement"],
        numbers=tuple(life["numbers"]),
        duties=tuple(taken(one | {"reference": row.reference}, Duty) for one in life["duties"]),
        assigned=tuple(life["assigned"]),
        read_by=tuple(taken(one, Reader) for one in life["read_by"]),
        readable=found["readable"],
        came_from="" if found["came_from"] is None else found["came_from"].reference,
        went_on=tuple(one.reference for one in found["went_on"]),
        consents=tuple(found["by_consents"]),
        entitled=tuple(_entitled(one) for one in found["entitled"] or ()),
    )


def _entitled(one: dict[str, Any]) -> Entitled:
    ends = {
        name: tuple(HeldUntil(what=what, until=until) for what, until in one[name])
        for name in ("cleared", "needs")
    }
    return Entitled(person=one["person"], office=one["office"], assigned=one["assigned"], **ends)


def timeline(visit: Visit, asked: Listing) -> Page[Line]:
    """List an item's life, act by act, the earliest first."""
    lines = pages.item(visit)["item"]["timeline"]
    return paged(
        lines,
        asked,
        key=lambda one: (one["at"], one["leaf"].partition("#")[0], one["leaf"]),
        shown=lambda one: taken(one | {"terms": one["terms"] or None}, Line),
    )


def proofs(visit: Visit, asked: Nothing) -> Page[Proof]:
    """Say where each line of an item's life stands, and whether it is cosigned."""
    del asked
    return Page(items=tuple(taken(one, Proof) for one in pages.item(visit)["proofs"]), next="")


def evidence(visit: Visit, asked: Nothing) -> Body:
    """Give an item's evidence: one file that a stranger verifies offline."""
    del asked
    row = pages.visible(visit)
    return Body(evidence_for(visit.node, row), f"{row.reference}.evidence")


def found(doing: Doing[Any]) -> ItemOf:
    """Return the item that the address names, if who acts may know of it.

    Raises:
        Refused: ``refused.absent``: before anything else is looked at.
    """
    with doing.node.store.reading() as tx:
        row = receiving.find_item(tx, doing.node.party, doing.place["number"])
        visits.authorise(doing.node, tx, doing.person, row)
    return row


def read(doing: Doing[Nothing]) -> Opened:
    """Open an item; the reading is entered first, each time."""
    row = found(doing)
    opened = reading.read(doing.node, row, person=doing.person)
    words = opened.particulars
    with doing.node.store.reading() as tx:
        marking = marking_of(
            row, tx.get(Holding, row.key), demonstration=doing.demonstration, lang=doing.lang
        )
        gone = erasing.under(tx, row.key)
    return Opened(
        reference=row.reference,
        marking=marking,
        title="" if words is None else words.title,
        lines=() if words is None else words.lines,
        file_name="" if words is None else words.file_name,
        media_type="" if words is None else words.media_type,
        content=opened.content,
        erased=gone,
    )


_PLACE = "/register/{number}"
OPERATIONS = (
    Operation("registerSearch", "register", "GET", "/register", search, Page[Item], Search),
    Operation(
        "registerExport",
        "register",
        "GET",
        "/register.csv",
        export,
        Body,
        Fitting,
        CSV,
        page="/register.csv",
    ),
    Operation("itemShow", "register", "GET", _PLACE, item, Whole),
    Operation(
        "itemTimeline", "register", "GET", f"{_PLACE}/timeline", timeline, Page[Line], Listing
    ),
    Operation("itemProofs", "register", "GET", f"{_PLACE}/proofs", proofs, Page[Proof]),
    Operation(
        "itemEvidence",
        "register",
        "GET",
        f"{_PLACE}/evidence",
        evidence,
        Body,
        media=FILE,
        page="/evidence/{number:path}",
    ),
    Operation(
        "itemRead",
        "register",
        "POST",
        f"{_PLACE}/read",
        read,
        Opened,
        kept=False,
        page="/read/{number:path}",
    ),
)
"""Of the register."""
