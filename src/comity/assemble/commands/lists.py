"""Commands over lists: a CSV of releases laid line by line, seen, and approved together."""

import csv
import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from comity.acts.canonical import digest
from comity.assemble.commands.release import pieces_of
from comity.assemble.commands.said import Arguments, Command, content_of, office_of, size_of
from comity.assemble.house import House
from comity.node import lists, releases
from comity.vocabulary.errors import ComityError, Refused
from comity.vocabulary.names import (
    Office,
    PersonId,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_purpose,
    parse_subject,
)

_MOST: Final = 1_000_000
_TOLD: Final = 20
"""Complaints that are told at once; who mends those sees the next."""

_COLUMNS: Final = (
    "file",
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


def release_list(house: House, args: Arguments) -> dict[str, Any]:
    """Lay the next lines of a CSV before the releasing authority; see :mod:`comity.node.lists`.

    Before the first of them the whole list is looked at: one wrong line, and nothing is laid.
    After that only the lines that are laid now are, or a long list would be looked at for ever.

    Raises:
        Refused: ``refused.list.lines``: names each wrong line, its column and what is wrong.
    """
    drafter = parse_person(args["as"])
    file = Path(args["file"])
    raw = content_of(args["file"])
    name = digest(raw)
    rows = _rows(raw)
    with house.store.reading() as tx:
        done = frozenset(lists.laid(tx, name))
    rest = [number for number in range(1, len(rows) + 1) if number not in done]
    some = rest[: lists.AT_ONCE]
    looked_at = some if done else rest
    checked = _checked({one: rows[one - 1] for one in looked_at}, args, file.parent)
    by = office_of(house, drafter)
    wishes = {number: _wish(checked[number], file.parent, by) for number in some}
    if wishes:
        lists.lay(house.node, name, wishes, drafter=drafter)
    return {
        "list": name,
        "lines": len(rows),
        "laid": len(done) + len(some),
        "now": len(some),
        "left": len(rest) - len(some),
    }


def _rows(raw: bytes) -> list[dict[str, str]]:
    try:
        text = raw.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = list(reader.fieldnames or ())
        rows = [dict(row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("refused.list.lines", f"no CSV in UTF-8: {error}") from error
    unknown = [one for one in names if one not in _COLUMNS]
    if unknown or "file" not in names:
        known = ", ".join(_COLUMNS)
        said = f"column {unknown[0]}: not one of {known}" if unknown else "column file is missing"
        raise Refused("refused.list.lines", f"line 1, {said}")
    if not 1 <= len(rows) <= _MOST:
        raise Refused("refused.list.lines", f"a list has 1 to {_MOST} lines below its heading")
    return rows


def _offices(text: str) -> tuple[Office, ...]:
    return tuple(parse_office(one) for one in text.replace(";", " ").split())


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:  # noqa: PLR2004 - a million pages
        raise Refused("refused.list.lines", "no whole number")
    return int(text)


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "to": parse_party,
    "offices": _offices,
    "level": parse_level,
    "subject": parse_subject,
    "purpose": parse_purpose,
    "pages": _whole,
    "annexes": _whole,
    "title": str,
    "remarks": lambda text: tuple(text.split("|")) if text else (),
    "file": str,
}
_ELSE: Final = {"pages": "1", "annexes": "0", "remarks": ""}


def _checked(
    rows: Mapping[int, Mapping[str, str]], args: Arguments, folder: Path
) -> dict[int, dict[str, Any]]:
    """Return the rows as values, by number; what a row leaves out is taken from the command.

    Raises:
        Refused: ``refused.list.lines``.
    """
    given = _ELSE | {name: str(args[name]) for name in _COLUMNS if args.get(name) is not None}
    if args.get("offices"):
        given["offices"] = " ".join(args["offices"])
    wrong: list[str] = []
    found: dict[int, dict[str, Any]] = {}
    del given["file"]
    for number, row in rows.items():
        where = f"line {number + 1}"  # the heading is the first
        values: dict[str, Any] = {}
        for name in _COLUMNS:
            text = (row.get(name) or "").strip() or given.get(name)
            try:
                if not text and name != "remarks":
                    raise Refused("refused.list.lines", "nothing there, and no option gives it")
                values[name] = _READ[name](text or "")
                if name == "offices" and not values[name]:
                    raise Refused("refused.list.lines", "no office")
                if name == "file" and not (folder / values[name]).is_file():
                    raise Refused("refused.list.lines", f"{text}: no such file")
            except ComityError as error:
                wrong.append(f"{where}, {name}: {error.detail}")
        if None in row:
            wrong.append(f"{where}: more fields than columns")
        found[number] = values
    if wrong:
        more = f"; and {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
        raise Refused("refused.list.lines", "; ".join(wrong[:_TOLD]) + more)
    return found


def _wish(values: Mapping[str, Any], folder: Path, by: Office) -> releases.Wish:
    file = folder / values["file"]
    inline = size_of(str(file)) <= releases.INLINE
    content = content_of(str(file)) if inline else b""
    if inline:
        releases.require_not_empty(content)
    return releases.Wish(
        to=values["to"],
        offices=values["offices"],
        by=by,
        level=values["level"],
        subject=values["subject"],
        purpose=values["purpose"],
        content=content,
        pieces=None if inline else partial(pieces_of, file),
        title=values["title"],
        lines=values["remarks"],
        file_name=file.name,
        pages=values["pages"],
        annexes=values["annexes"],
    )


def list_show(house: House, args: Arguments) -> dict[str, Any]:
    """Show the lines of a list: what the authority is to decide over, and what became of it."""
    start, count = int(args.get("start", 1)), int(args.get("count", 50))
    with house.store.reading() as tx:
        name = lists.find(tx, args["list"])
        lists.require_reader(tx, name, parse_person(args["as"]))
        numbers = lists.laid(tx, name)
        states = [line.state for line in lists.lines(tx, name, numbers)]
        after = [number for number in numbers if number >= start]
        return {
            "list": name,
            "lines": lists.shown(house.node, tx, lists.lines(tx, name, after[:count])),
            "counts": {one: states.count(one) for one in sorted(set(states))},
            "next": next(iter(after[count:]), 0),
        }


def list_approve(house: House, args: Arguments) -> dict[str, Any]:
    """Approve the next lines of a list with one signature."""
    person: PersonId = parse_person(args["as"])
    with house.store.reading() as tx:
        name = lists.find(tx, args["list"])
    looked, left, more = lists.approve(
        house.node,
        name,
        authority=person,
        start=int(args.get("start", 1)),
        count=int(args.get("count", 1000)),
    )
    return {"list": name, "looked_at": looked, "released": left, "next": more}


LISTS: Final[dict[str, Command]] = {
    "list.lay": release_list,
    "list.show": list_show,
    "list.approve": list_approve,
}
"""Commands over lists, by name."""
