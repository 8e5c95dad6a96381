"""A list of releases as CSV: a pure mapping to lines, with everything that is wrong named.

One line is one release. What a line leaves out may be given for all lines. Nothing is judged and
nothing is laid here.
"""

import csv
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from msgspec import Struct

from comity.formats.register_csv import lines_of, not_csv
from comity.vocabulary.errors import ComityError, Invalid, Refused
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
)

MOST: Final = 1_000_000
"""The most lines of a list."""

COLUMNS: Final = (
    "file",
    "text",
    "to",
    "offices",
    "level",
    "subject",
    "purpose",
    "title",
    "pages",
    "annexes",
    "remarks",
)
"""What a line may tell: its content is a file by its name, or a text that stands in the line."""

_ELSE: Final = {"pages": "1", "annexes": "0", "remarks": ""}


class Line(Struct, frozen=True, kw_only=True):
    """One line of a list.

    Attributes:
        file: The name of the file that holds the content; empty where ``text`` does.
    """

    file: str
    text: str
    to: Party
    offices: tuple[Office, ...]
    level: Level
    subject: Subject
    purpose: Purpose
    title: str
    pages: int
    annexes: int
    remarks: tuple[str, ...]


class Wrong(NamedTuple):
    """What is wrong with a line.

    Attributes:
        line: Its number in the file, the heading being 1.
        column: The column; empty: the line as a whole.
        code: ``list.missing``, ``list.unreadable``, ``list.no-file``, ``list.fields``.
        detail: More of it, for programs and the command line.
    """

    line: int
    column: str
    code: str
    detail: str


class Read(NamedTuple):
    """The lines that could be read, by number, and what is wrong with the others."""

    lines: dict[int, Line]
    wrong: list[Wrong]


def rows_of(raw: bytes) -> list[dict[str, str | None]]:
    """Return the rows of a list, by column.

    Raises:
        Refused: ``refused.list.lines``: no CSV in UTF-8, an unknown column, none for a content,
            or a number of lines that no list has.
    """
    try:
        reader = csv.DictReader(lines_of(raw), strict=True)
    except Invalid as error:
        raise Refused("refused.list.lines", error.detail) from error
    try:
        names = list(reader.fieldnames or ())
        rows = [dict(row) for row in reader]
    except csv.Error as error:
        raise Refused("refused.list.lines", not_csv(reader.reader.line_num)) from error
    unknown = [one for one in names if one not in COLUMNS]
    if unknown or not {"file", "text"} & set(names):
        known = ", ".join(COLUMNS)
        said = (
            f"there is no column {unknown[0]}; the columns are: {known}"
            if unknown
            else "a column file, or text, is missing"
        )
        raise Refused("refused.list.lines", f"line 1: {said}")
    if not 1 <= len(rows) <= MOST:
        raise Refused("refused.list.lines", f"a list has 1 to {MOST} lines below its heading")
    return rows


def read(
    rows: Mapping[int, Mapping[str, str | None]],
    given: Mapping[str, str],
    *,
    has: Callable[[str], bool],
) -> Read:
    """Return rows, by number from 1, as lines.

    Args:
        rows: As :func:`rows_of` returned them; all of them, or some.
        given: What holds for each line that leaves it out, by column.
        has: Tells whether there is a file of a name.
    """
    found = Read({}, [])
    given = _ELSE | {name: text for name, text in given.items() if name not in ("file", "text")}
    for number, row in rows.items():
        values = _values(number + 1, row, given, has, found.wrong)
        if values is not None:
            found.lines[number] = Line(**values)
    return found


def _values(
    line: int,
    row: Mapping[str, str | None],
    given: Mapping[str, str],
    has: Callable[[str], bool],
    wrong: list[Wrong],
) -> dict[str, Any] | None:
    before = len(wrong)
    texts = {name: (row.get(name) or "").strip() or given.get(name, "") for name in COLUMNS}
    values: dict[str, Any] = {"file": texts["file"], "text": texts["text"]}
    if bool(texts["file"]) == bool(texts["text"]):
        said = (
            "a line has a file or a text, and not both"
            if texts["text"]
            else "a line has a file or a text"
        )
        wrong.append(Wrong(line, "file", "list.missing", said))
    elif texts["file"] and not has(texts["file"]):
        wrong.append(
            Wrong(
                line, "file", "list.no-file", f"there is no file {texts['file']} beside the table"
            )
        )
    for name, parse in _READ.items():
        if not texts[name] and name != "remarks":
            wrong.append(Wrong(line, name, "list.missing", _NOTHING))
            continue
        try:
            values[name] = parse(texts[name])
        except ComityError as error:
            wrong.append(Wrong(line, name, "list.unreadable", error.detail))
    if None in row:  # what has no column stands under None
        wrong.append(Wrong(line, "", "list.fields", "more fields than the first line has columns"))
    return values if len(wrong) == before else None


_NOTHING: Final = "nothing stands there, and no option of the command gives it"


def _offices(text: str) -> tuple[Office, ...]:
    found = tuple(parse_office(one) for one in text.replace(";", " ").split())
    if not found:
        raise Refused("refused.list.lines", "no office")
    return found


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:  # noqa: PLR2004 - a million
        raise Invalid("invalid.number", "no whole number")
    return int(text)


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "to": parse_party,
    "offices": _offices,
    "level": parse_level,
    "subject": parse_subject,
    "purpose": parse_purpose,
    "title": str,
    "pages": _whole,
    "annexes": _whole,
    "remarks": lambda text: tuple(text.split("|")) if text else (),
}
