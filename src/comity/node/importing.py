"""An existing register, read from CSV: every bad line is named, and nothing is entered twice.

Each line becomes what it tells of: an item that a party on paper handed over, entered as
attested, with the own number beside its own; or an item that this house handed over, which a
releasing authority signs for as one list. What is entered is judged as everything else is. A
batch is one transaction, so a run that was killed goes on where it was: a number that is in the
book is passed over.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import UNSET, Struct

from comity.acts import deeds
from comity.acts.canonical import check_text, digest, digest_of, encode, normalised
from comity.acts.deeds import Role, Stage
from comity.acts.documents import Particulars
from comity.acts.parts import WRITTEN, Item, Label, Paper, Position
from comity.ledger.approvals import approvals_of
from comity.node import paper, receiving, series, slips, treaty
from comity.node.chancery import Act, RefusedAct, enter_in
from comity.node.node import Node
from comity.node.paper import Handed, Sheet, attested
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signing import by_key_file
from comity.node.sitting import Sitting, sitting
from comity.node.slips import ItemKeys
from comity.register.rows import Number, key_of
from comity.seal.salted import Salted, salted_digest
from comity.vocabulary.dates import Dated, parse_dated
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import ComityError, Invalid, Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import (
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reference,
    Subject,
    parse_level,
    parse_office,
    parse_party,
    parse_purpose,
    parse_subject,
    party_of,
)

LIMIT: Final = 64 << 20
"""Bytes of a register that is read."""
BATCH: Final = 64
"""Lines of one transaction."""

FIELDS: Final = (
    "direction",
    "number",
    "their-number",
    "date",
    "title",
    "level",
    "subject",
    "purpose",
    "our-office",
    "their-office",
    "pages",
    "annexes",
    "marked",
    "receipt-date",
    "receipt-number",
)
"""What a line may tell. The map says in which column, or gives one value for all lines."""

_NEEDED: Final = (
    "direction",
    "number",
    "date",
    "title",
    "level",
    "subject",
    "purpose",
    "our-office",
    "their-office",
)
_NUMBER: Final = re.compile(WRITTEN).match


class Map(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a register says what.

    Attributes:
        party: The counterpart on paper.
        columns: For each field the heading of its column.
        always: For a field without a column, its value on every line.
        values: For a field, what its values in the file mean: ``{"수신": "in"}``.
        delimiter: Between the columns.
    """

    party: Party
    columns: dict[str, str] = {}
    always: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    delimiter: str = ","


class Line(NamedTuple):
    """One line of the register, as it is understood."""

    line: int
    incoming: bool
    number: str
    their_number: str
    on: Dated
    title: str
    level: Level
    subject: Subject
    purpose: Purpose
    ours: Office
    theirs: Office
    pages: int
    annexes: int
    marked: Level | None
    receipt_on: Dated | None
    receipt_number: str
    raw: bytes


class Bad(NamedTuple):
    """What is wrong on a line: where, what stands there, and what would be right."""

    line: int
    column: str
    value: str
    right: str


class Read(NamedTuple):
    """A register as it was read."""

    party: Party
    lines: tuple[Line, ...]
    bad: tuple[Bad, ...]


def parse_map(raw: bytes) -> Map:
    """Return the map of a register's columns.

    Raises:
        Invalid: ``invalid.import.map``, saying what would be right.
    """
    try:
        found = msgspec.convert(tomllib.loads(raw.decode()), Map)
    except (ValueError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid("invalid.import.map", str(error)) from error
    parse_party(found.party)
    for name in (*found.columns, *found.always, *found.values):
        if name not in FIELDS:
            raise Invalid("invalid.import.map", f"{name}: a field is one of {', '.join(FIELDS)}")
    missing = [one for one in _NEEDED if one not in found.columns and one not in found.always]
    if missing:
        raise Invalid("invalid.import.map", f"no column and no value for {', '.join(missing)}")
    if len(found.delimiter) != 1:
        raise Invalid("invalid.import.map", "a delimiter is one character")
    return found


def parse_register(raw: bytes, terms: Map, *, house: Party) -> Read:
    """Read a register; every line that cannot be taken is named, with what would be right.

    Raises:
        Invalid: ``invalid.import.file``: not UTF-8, too long, or a column of the map is missing.
    """
    if len(raw) > LIMIT:
        raise Invalid("invalid.import.file", f"more than {LIMIT >> 20} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("invalid.import.file", f"not UTF-8 at byte {error.start}") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=terms.delimiter, strict=True)
    try:
        headings = [one.strip() for one in next(reader, [])]
        missing = [one for one in terms.columns.values() if one not in headings]
        if missing:
            raise Invalid("invalid.import.file", f"no column is called {', '.join(missing)}")
        lines, bad = _lines(reader, headings, terms, house)
    except csv.Error as error:
        raise Invalid("invalid.import.file", f"line {reader.line_num}: {error}") from error
    return Read(terms.party, tuple(lines), tuple(bad))


def _lines(
    reader: Any,  # noqa: ANN401 - csv's own type has no name
    headings: Sequence[str],
    terms: Map,
    house: Party,
) -> tuple[list[Line], list[Bad]]:
    lines: list[Line] = []
    bad: list[Bad] = []
    seen: dict[str, int] = {}
    for cells in reader:
        if not any(one.strip() for one in cells):
            continue
        at = reader.line_num
        if len(cells) != len(headings):
            columns = f"{len(headings)} columns, as the heading has"
            bad.append(Bad(at, "", str(len(cells)), columns))
            continue
        one, wrong = _line(at, dict(zip(headings, cells, strict=True)), terms, house)
        bad += wrong
        if one is None:
            continue
        if one.number in seen:
            first = f"another number: this one is on line {seen[one.number]} already"
            bad.append(Bad(at, terms.columns.get("number", "number"), one.number, first))
            continue
        seen[one.number] = at
        lines.append(one)
    return lines, bad


class _Cells:
    """The values of one line by field; what is wrong with them is collected."""

    def __init__(self, at: int, cells: Mapping[str, str], terms: Map) -> None:
        self.at, self.cells, self.terms = at, cells, terms
        self.bad: list[Bad] = []

    def text(self, field: str) -> str:
        column = self.terms.columns.get(field)
        raw = self.terms.always.get(field, "") if column is None else self.cells[column]
        value = normalised(raw.strip())
        return self.terms.values.get(field, {}).get(value, value)

    def wrong(self, field: str, right: str) -> None:
        column = self.terms.columns.get(field, field)
        self.bad.append(Bad(self.at, column, self.cells.get(column, self.text(field)), right))

    def parsed(self, field: str, parse: Any, default: Any = None) -> Any:  # noqa: ANN401 - any value type
        value = self.text(field)
        if not value and default is not None:
            return default
        try:
            return parse(value)
        except ComityError as error:
            self.wrong(field, error.detail)
        except ValueError:
            self.wrong(field, "a whole number")
        return default


def _line(
    at: int, cells: Mapping[str, str], terms: Map, house: Party
) -> tuple[Line | None, list[Bad]]:
    of = _Cells(at, cells, terms)
    direction = of.text("direction")
    if direction not in ("in", "out"):
        known = " or ".join(sorted(terms.values.get("direction", {"in": "", "out": ""})))
        of.wrong("direction", known)
    for field, needed in (("number", True), ("their-number", False), ("receipt-number", False)):
        value = of.text(field)
        if (needed or value) and _NUMBER(value) is None:
            of.wrong(field, "a number of 1 to 60 characters")
    title = of.text("title")
    try:
        check_text(title)
    except Invalid as error:
        of.wrong("title", error.detail)
    if not 1 <= len(title) <= 200:  # noqa: PLR2004 - as particulars take
        of.wrong("title", "an unclassified short title of 1 to 200 characters")
    receipt = of.text("receipt-date")
    line = Line(
        line=at,
        incoming=direction == "in",
        number=of.text("number"),
        their_number=of.text("their-number"),
        on=of.parsed("date", parse_dated),
        title=title,
        level=of.parsed("level", parse_level),
        subject=of.parsed("subject", parse_subject),
        purpose=of.parsed("purpose", parse_purpose),
        ours=of.parsed("our-office", parse_office),
        theirs=of.parsed("their-office", parse_office),
        pages=of.parsed("pages", _count, 1),
        annexes=of.parsed("annexes", _count, 0),
        marked=of.parsed("marked", parse_level) if of.text("marked") else None,
        receipt_on=of.parsed("receipt-date", parse_dated) if receipt else None,
        receipt_number=of.text("receipt-number"),
        raw="\n".join(f"{name}: {value.strip()}" for name, value in cells.items()).encode(),
    )
    for field, office, party in (
        ("our-office", line.ours, house),
        ("their-office", line.theirs, terms.party),
    ):
        if office is not None and party_of(office) != party:
            of.wrong(field, f"an office of {party}: {party}/…")
    return (None if of.bad else line), of.bad


def _count(text: str) -> int:
    found = int(text)
    if not 0 <= found <= 1_000_000:  # noqa: PLR2004 - more pages than any document has
        raise ValueError(text)
    return found


class Signers(NamedTuple):
    """Who answers for what is entered.

    Attributes:
        officer: Of the registry: has the register in hand, signs what is attested.
        drafter: Laid the own releases before the authority.
        authority: Signs for the own releases, as one list a batch.
        custodian: Signs the own receipts that the register tells of.
    """

    officer: PersonId
    drafter: PersonId | None = None
    authority: PersonId | None = None
    custodian: PersonId | None = None


class Done(NamedTuple):
    """What one batch came to.

    Attributes:
        entered: Lines that were entered.
        passed: Lines whose number was in the book already.
        after: How many lines of the file are behind it.
    """

    entered: int
    passed: int
    after: int


def enter_batch(node: Node, read: Read, signers: Signers, *, first: int) -> Done:
    """Enter the next lines of a register, in one transaction: all of them or none.

    Args:
        node: This node.
        read: The register, without a bad line.
        signers: Who answers for it.
        first: How many of its lines are behind.

    Raises:
        Invalid: ``invalid.import.bad``: the register has bad lines; see the dry run.
        Refused: ``refused.import.line``: an act was refused; line, number, article.
        Unavailable: nothing of this batch was entered; run it again.
    """
    if read.bad:
        raise Invalid("invalid.import.bad", f"{len(read.bad)} bad lines; --dry-run names them")
    batch = read.lines[first : first + BATCH]
    with node.store.reading() as tx:
        paper.require_open(tx, node.party, read.party)
        found = treaty.between(node, tx, read.party)
        for person, role in (
            (signers.drafter, Role.DESK),
            (signers.authority, Role.RELEASING),
            (signers.custodian, Role.CUSTODIAN),
        ):
            if person is not None:
                require_person(tx, person, role)
    if found is None:
        raise Refused("refused.treaty.none-in-force", f"no agreement with {read.party} is in force")
    with sitting(node) as session:
        new = [
            one for one in batch if session.rows.get(Number, f"{node.party}:{one.number}") is None
        ]
        _enter(session, read.party, new, found.digest, signers)
        series.remember(session, [one.number for one in read.lines if one.incoming])
    return Done(len(new), len(batch) - len(new), min(first + BATCH, len(read.lines)))


def _enter(
    session: Sitting, party: Party, lines: Sequence[Line], agreement: Digest, signers: Signers
) -> None:
    for one in lines:
        acts = _incoming if one.incoming else _outgoing
        try:
            acts(session, party, one, agreement, signers)
        except RefusedAct as error:
            first = error.assessment.objections[0] if error.assessment.objections else None
            article = f", Article {first.article}" if first else ""
            raise Refused(
                "refused.import.line", f"line {one.line}, {one.number}: {error.code}{article}"
            ) from error


def _incoming(
    session: Sitting, party: Party, line: Line, agreement: Digest, signers: Signers
) -> None:
    """An item that the party handed over; registered, and receipted where the register says so."""
    node = session.node
    sheet = Sheet(
        scan=line.raw,
        on=line.on,
        number=line.their_number or UNSET,
        own=line.number,
    )
    handed = Handed(
        by=line.theirs,
        offices=(line.ours,),
        level=line.level,
        subject=line.subject,
        purpose=line.purpose,
        title=line.title,
        content=line.raw,
        pages=line.pages,
        annexes=line.annexes,
        file_name="register",
        media_type="text/plain",
    )
    act, keys = paper.handed_over(
        node, party, handed, agreement, sheet=sheet, officer=signers.officer
    )
    position = Position(
        log=standing_in(node.party, party), index=session.size(standing_in(node.party, party))
    )
    registry = act.attested[0].office
    number = receiving.fresh_number(node)
    acts = [
        act,
        Act(
            deed=deeds.Register(
                by=registry,
                to=party,
                article=Article("6(f)"),
                agreement=agreement,
                item=position,
                number=number,
            ),
            requested_by=signers.officer,
        ),
    ]
    if line.marked is not None:
        acts.append(
            Act(
                deed=deeds.ReMark(
                    by=registry,
                    to=party,
                    article=Article("4"),
                    agreement=agreement,
                    item=position,
                    level=line.marked,
                ),
                requested_by=signers.officer,
            )
        )
    if line.receipt_on is not None and signers.custodian is not None:
        acts.append(_own_receipt(node, party, line, agreement, position, number, signers.custodian))
    enter_in(session, acts)
    session.tx.save(Space.KEY, keys(key_of(position)))


def _own_receipt(  # noqa: PLR0913 - a receipt and its paper
    node: Node,
    party: Party,
    line: Line,
    agreement: Digest,
    position: Position,
    number: Reference,
    custodian: PersonId,
) -> Act:
    deed = deeds.Receipt(
        by=line.ours,
        to=party,
        article=Article("12"),
        agreement=agreement,
        item=position,
        stage=Stage.DOCUMENT,
        number=number,
        copy=1,
        pages=line.pages,
        annexes=line.annexes,
        reserve=(),
    )
    name = digest_of(deed)
    signed = by_key_file(node, custodian, [name])
    return Act(
        deed=deed,
        approvals=tuple(approvals_of(signed, [name])),
        keep={Space.DOCUMENT: {digest_of(signed): encode(signed)}},
        requested_by=custodian,
        paper=Paper(on=line.receipt_on or UNSET),
    )


def _outgoing(
    session: Sitting, party: Party, line: Line, agreement: Digest, signers: Signers
) -> None:
    """An item that this house handed over, with its receipt on paper where there is one."""
    node = session.node
    if signers.authority is None or signers.drafter is None:
        raise Refused(
            "refused.import.authority",
            f"line {line.line}: an own release is signed for: --drafter and --authority",
        )
    deed, keep, keys, ciphertext = _release(node, party, line, agreement)
    name = digest_of(deed)
    signed = by_key_file(node, signers.authority, [name])
    position = Position(
        log=correspondence(node.party, party), index=session.size(correspondence(node.party, party))
    )
    acts = [
        Act(deed=deeds.LayBefore(by=line.ours, actor=signers.drafter, deed=name)),
        Act(
            deed=deeds.Approve(by=line.ours, actor=signers.authority, document=digest_of(signed)),
            keep={Space.DOCUMENT: {digest_of(signed): encode(signed)}},
        ),
        Act(
            deed=deed,
            approvals=tuple(approvals_of(signed, [name])),
            ciphertext=ciphertext,
            keep=keep,
            requested_by=signers.drafter,
            paper=Paper(on=line.on, own=line.number),
        ),
    ]
    if line.receipt_on is not None:
        receipt = deeds.Receipt(
            by=line.theirs,
            to=node.party,
            article=Article("12"),
            agreement=agreement,
            item=position,
            stage=Stage.DOCUMENT,
            number=paper.opaque(node, party),
            copy=1,
            pages=line.pages,
            annexes=line.annexes,
            reserve=(),
        )
        number = line.receipt_number or line.their_number or UNSET
        sheet = Sheet(scan=line.raw, on=line.receipt_on, number=number)
        acts.append(attested(node, receipt, sheet, officer=signers.officer))
    enter_in(session, acts)
    item = key_of(position)
    session.tx.save(
        Space.KEY,
        {f"{item}|{node.party}": slips.wrapped(node, keys, item=item, holder=node.party)},
    )


def _release(
    node: Node, party: Party, line: Line, agreement: Digest
) -> tuple[deeds.Release, dict[Space, dict[str, bytes]], ItemKeys, Digest]:
    suite, salt = node.suite, node.suite.random(16)
    words = Particulars(
        salt=suite.random(16),
        title=line.title,
        lines=(),
        file_name="register",
        media_type="text/plain",
        demonstration=False,
    )
    core = Item(
        reference=Reference(f"{node.party}-{node.clock.now()[:4]}-{suite.random(5).hex().upper()}"),
        originator=node.party,
        providing=node.party,
        label=Label(level=line.level, releasable=(), caveats=()),
        subject=line.subject,
        form=Form.DOCUMENTARY,
        pages=line.pages,
        annexes=line.annexes,
        plaintext=salted_digest(Salted.CONTENT, line.raw, salt=salt),
        sources=(),
    )
    deed = deeds.Release(
        by=line.ours,
        to=party,
        article=Article("1"),
        agreement=agreement,
        offices=(line.theirs,),
        item=core,
        purpose=line.purpose,
        particulars=digest_of(words),
    )
    content_key, words_key = suite.generate_key(), suite.generate_key()
    content = suite.encrypt(content_key, digest_of(core).encode(), salt + line.raw)
    sealed = suite.encrypt(words_key, deed.particulars.encode(), encode(words))
    keys = ItemKeys(content=content_key, particulars=words_key, sealed=digest(sealed))
    keep = {
        Space.CONTENT: {str(digest(content)): content},
        Space.DOCUMENT: {str(digest(sealed)): sealed},
    }
    return deed, keep, keys, digest(content)


def already(node: Node, tx: Reading, read: Read) -> int:
    """Return how many lines of a register are in the book already."""
    return sum(tx.get(Number, f"{node.party}:{one.number}") is not None for one in read.lines)


def batches(read: Read) -> Iterator[int]:
    """Return where each batch begins."""
    return iter(range(0, len(read.lines), BATCH))


__all__ = [
    "Bad",
    "Done",
    "Line",
    "Map",
    "Read",
    "Signers",
    "already",
    "batches",
    "enter_batch",
    "parse_map",
    "parse_register",
]
