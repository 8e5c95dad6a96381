"""A register kept elsewhere, as CSV: a pure mapping to lines, with every bad one named.

Each line becomes what it tells of; what cannot be taken is told with its line, its column and
what would be right. Nothing is entered here.
"""

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from comity.acts.canonical import check_text, normalised
from comity.acts.parts import WRITTEN
from comity.vocabulary.dates import Dated, parse_dated
from comity.vocabulary.errors import ComityError, Invalid
from comity.vocabulary.names import (
    Level,
    Office,
    Party,
    Purpose,
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
LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+").findall
"""Splits a text into lines that keep their ends, whatever system wrote it."""


def lines_of(raw: bytes) -> list[str]:
    """Return the lines of a table, with their ends.

    Raises:
        Invalid: ``invalid.import.file``: not UTF-8; the line is named.
    """
    try:
        return LINES(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = f"line {line} is not UTF-8: save the table as CSV in UTF-8"
        raise Invalid("invalid.import.file", said) from error


def not_csv(line: int) -> str:
    """Return what is wrong where a table stops being one, in plain words."""
    return f"line {line}: a quotation mark that is not closed, or that stands inside a field"


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
        Invalid: ``invalid.import.file``: not UTF-8, too long, or a column of the map is missing or
            there twice.
    """
    if len(raw) > LIMIT:
        raise Invalid("invalid.import.file", f"more than {LIMIT >> 20} MiB")
    reader = csv.reader(lines_of(raw), delimiter=terms.delimiter, strict=True)
    try:
        headings = [one.strip() for one in next(reader, [])]
        missing = [one for one in terms.columns.values() if one not in headings]
        if missing:
            raise Invalid("invalid.import.file", f"no column is called {', '.join(missing)}")
        twice = [one for one in terms.columns.values() if headings.count(one) > 1]
        if twice:
            said = f"more than one column is called {', '.join(twice)}"
            raise Invalid("invalid.import.file", said)
        lines, bad = _lines(reader, headings, terms, house)
    except csv.Error as error:
        raise Invalid("invalid.import.file", not_csv(reader.line_num)) from error
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


__all__ = ["FIELDS", "LIMIT", "Bad", "Line", "Map", "Read", "parse_map", "parse_register"]
