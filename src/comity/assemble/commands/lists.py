"""Commands over lists: a CSV of releases laid line by line, seen, and approved together."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from comity.acts.canonical import digest
from comity.assemble.commands.release import pieces_of
from comity.assemble.commands.said import Arguments, Command, content_of, office_of, size_of
from comity.assemble.house import House
from comity.formats.release_csv import COLUMNS, Line, read, rows_of
from comity.node import lists, releases
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Office, PersonId, parse_person
from comity.vocabulary.reading import whole

_TOLD: Final = 20
"""Complaints that are told at once; who mends those sees the next."""


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
    rows = rows_of(raw)
    with house.store.reading() as tx:
        done = frozenset(lists.laid(tx, name))
    rest = [number for number in range(1, len(rows) + 1) if number not in done]
    some = rest[: lists.AT_ONCE]
    looked_at = some if done else rest
    checked = _checked({one: rows[one - 1] for one in looked_at}, args, file.parent)
    by = office_of(house, drafter)
    wishes = {number: _wish(checked[number], file.parent, by) for number in some}
    if wishes:
        lists.lay(house.node, name, wishes, drafter=drafter, lines=len(rows))
    return {
        "list": name,
        "lines": len(rows),
        "laid": len(done) + len(some),
        "now": len(some),
        "left": len(rest) - len(some),
    }


def _checked(
    rows: Mapping[int, Mapping[str, str | None]], args: Arguments, folder: Path
) -> dict[int, Line]:
    """Return the rows as lines, by number; what a row leaves out is taken from the command.

    Raises:
        Refused: ``refused.list.lines``.
    """
    given = {name: str(args[name]) for name in COLUMNS if args.get(name) is not None}
    if args.get("offices"):
        given["offices"] = " ".join(args["offices"])
    found = read(rows, given, has=lambda name: (folder / name).is_file())
    if found.wrong:
        said = [
            f"line {one.line}{', ' if one.column else ''}{one.column}: {one.detail}"
            for one in found.wrong[:_TOLD]
        ]
        left = len(found.wrong) - _TOLD
        said += [f"and {left} more"] if left > 0 else []
        raise Refused("refused.list.lines", "\n".join(said))
    return found.lines


def _wish(line: Line, folder: Path, by: Office) -> releases.Wish:
    if line.text:
        return lists.wish_of(line, line.text.encode(), by=by)
    file = folder / line.file
    if size_of(str(file)) > releases.INLINE:
        wish = lists.wish_of(line, b"", by=by)
        return structs.replace(wish, pieces=partial(pieces_of, file))
    content = content_of(str(file))
    releases.require_not_empty(content)
    return lists.wish_of(line, content, by=by)


def list_show(house: House, args: Arguments) -> dict[str, Any]:
    """Show the lines of a list: what the authority is to decide over, and what became of it."""
    start, count = whole(args.get("start", 1), "--start"), whole(args.get("count", 50), "--count")
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
        start=whole(args.get("start", 1), "--start"),
        count=whole(args.get("count", 1000), "--count"),
    )
    return {"list": name, "looked_at": looked, "released": left, "next": more}


LISTS: Final[dict[str, Command]] = {
    "list.lay": release_list,
    "list.show": list_show,
    "list.approve": list_approve,
}
"""Commands over lists, by name."""
