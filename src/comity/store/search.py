"""Searches in SQL that both databases read. Values are always bound.

A search goes through items in the order of their time, and stops when it has enough. That is
fast where many items fit. Where few can fit (one's own items, a number, a rare subject, a rare
level, open duties) the few are collected first: a count that stops at a bound says which way to
go, so that no search walks through a register of millions for a handful of lines.
"""

# ruff: noqa: S608 -- every name comes from the schema, every value is bound

from collections.abc import Callable
from typing import Final, NamedTuple

from comity.node.searching import Search, Seer
from comity.vocabulary.instants import Instant

FEW: Final = 1000
"""So many are collected and put in order; of more than that some are soon met on the way."""


_OPEN: Final = 'SELECT "scope" AS "k" FROM row_duty WHERE "discharged" = \'\''


class Few(NamedTuple):
    """A set of keys of items that a search may be narrowed to.

    Attributes:
        keys: A query for them, each once.
        values: What is bound in it.
        counted: A query whose lines are counted to tell whether they are few; empty: ``keys``.
        order: What is found is in this order; empty: in that of its time.
    """

    keys: str
    values: tuple[object, ...]
    counted: str = ""
    order: str = ""


class Said(NamedTuple):
    """A statement and its values."""

    statement: str
    values: tuple[object, ...]


def items(
    search: Search,
    columns: str,
    *,
    among: str,
    many: Callable[..., object],
    few: Callable[[Few], bool],
) -> Said:
    """Return the statement that finds items.

    Args:
        search: What is asked.
        columns: The columns of an item, as ``i``.
        among: What follows a column that is compared with many values.
        many: Binds many values as one.
        few: Tells whether a set is small; it asks the database, and stops at a bound.
    """
    where, values = _seen(search.seer)
    for condition, given in _like(search, among, many):
        where.append(condition)
        values += given
    narrow = _narrowest(search, among, many, few)
    tables = "row_item i"
    order = 'i."at" DESC, i."key" DESC'
    if narrow is not None:
        tables = f"({narrow.keys}) m CROSS JOIN row_item i"
        where.insert(0, 'i."key" = m."k"')
        values = [*narrow.values, *values]
        order = narrow.order or order
    conditions = " AND ".join(where) or "1 = 1"
    return Said(
        f"SELECT {columns} FROM {tables} WHERE {conditions} ORDER BY {order} LIMIT ?",
        (*values, search.limit),
    )


def duties(seer: Seer, columns: str, *, at: Instant, dated: bool, limit: int) -> Said:
    """Return the statement that finds open duties about what a seer may know of, by their end."""
    where, values = _seen(seer)
    tables = "row_duty d CROSS JOIN row_item i"
    own = _own(seer)
    if own is not None:
        tables = f"({own.keys}) m CROSS JOIN row_item i CROSS JOIN row_duty d"
        where.insert(0, 'i."key" = m."k"')
        values = [*own.values, *values]
    due = "<> ''" if dated else "= ''"
    where += ['d."scope" = i."key"', "d.\"discharged\" = ''", f'd."due" {due}', 'd."since" <= ?']
    return Said(
        f"SELECT {columns} FROM {tables} WHERE {' AND '.join(where)}"
        ' ORDER BY d."due", d."key" LIMIT ?',
        (*values, at, limit),
    )


def _seen(seer: Seer) -> tuple[list[str], list[object]]:
    """Return the condition that an item is one that the seer may know of."""
    if seer.everything:
        return [], []
    ways: list[str] = []
    values: list[object] = []
    if seer.provided:
        ways.append('i."receiver" <> ?')
        values.append(seer.house)
    else:
        ways.append(
            '(i."receiver" <> ? AND i."key" IN'
            ' (SELECT "entered" FROM row_draft WHERE "drafter" = ?))'
        )
        values += [seer.house, seer.person]
    if seer.received:
        ways.append('i."receiver" = ?')
        values.append(seer.house)
    else:
        ways.append(
            '(i."receiver" = ? AND i."key" IN'
            ' (SELECT "scope" FROM row_assignment WHERE "person" = ?))'
        )
        values += [seer.house, seer.person]
        if seer.office:
            ways.append('(i."receiver" = ? AND i."offices" LIKE ? ESCAPE \'!\')')
            values += [seer.house, f'%"{_literal(seer.office)}"%']
    return [f"({' OR '.join(ways)})"], values


def _literal(text: str) -> str:
    """Return text as a pattern that means itself."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _own(seer: Seer) -> Few | None:
    """Return all that a seer can possibly know of, where that is only what is a person's own."""
    if seer.everything or seer.provided or seer.received or seer.office:
        return None
    return Few(
        'SELECT "scope" AS "k" FROM row_assignment WHERE "person" = ?'
        ' UNION SELECT "entered" AS "k" FROM row_draft WHERE "drafter" = ?',
        (seer.person, seer.person),
    )


def latest_own(search: Search) -> Said | None:
    """Return the statement for the latest keys of what is a seer's own, if nothing else is asked.

    The time of each stands in the short rows of ``title`` too: of thousands the latest are found
    there, and only those are read. Whether the seer may know of them is asked after.
    """
    own = _own(search.seer)
    if own is None or search != Search(seer=search.seer, before=search.before, limit=search.limit):
        return None
    where, values = 't.item = m."k"', list(own.values)
    if search.before is not None:
        where += ' AND (t."at", t.item) < (?, ?)'
        values += search.before
    return Said(
        f"SELECT t.item FROM ({own.keys}) m CROSS JOIN title t WHERE {where}"
        ' ORDER BY t."at" DESC, t.item DESC LIMIT ?',
        (*values, search.limit),
    )


def _like(
    search: Search, among: str, many: Callable[..., object]
) -> list[tuple[str, list[object]]]:
    """Return the conditions of a search beside who sees."""
    found: list[tuple[str, list[object]]] = []
    house = search.seer.house
    if search.direction == "in":
        found.append(('i."receiver" = ?', [house]))
    elif search.direction == "out":
        found.append(('i."receiver" <> ?', [house]))
    if search.other:
        found.append(('(i."receiver" = ? OR i."provider" = ?)', [search.other, search.other]))
    if len(search.levels) == 1:
        found.append(('i."level" = ?', list(search.levels)))
    elif search.levels:
        found.append((f"(i.\"level\" || '') {among}", [many(search.levels)]))
    if search.subject:
        # Put together with nothing, a column is compared and not looked up: an index that gives
        # half of all items costs more than to go through them in their order.
        column = "(i.\"subject\" || '')"
        like = f"({column} = ? OR ({column} >= ? AND {column} < ?))"
        found.append((like, _below(search.subject)))
    if search.open:
        found.append(
            (
                (
                    'EXISTS (SELECT 1 FROM row_duty d WHERE d."scope" = i."key"'
                    " AND d.\"discharged\" = '')"
                ),
                [],
            )
        )
    if search.before is not None and search.titles is None:
        found.append(('(i."at", i."key") < (?, ?)', list(search.before)))
    return found


def _below(subject: str) -> list[object]:
    # After a full stop comes a stroke: between the two is everything below a subject.
    return [subject, f"{subject}.", f"{subject}/"]


def _of_subject(search: Search, among: str, many: Callable[..., object]) -> Few:
    """Return the items of a subject and of those below it; of the levels wanted, if any are."""
    exact, first, last = _below(search.subject)
    level = f' AND "level" {among}' if search.levels else ""
    levels = (many(search.levels),) if search.levels else ()
    return Few(
        f'SELECT "key" AS "k" FROM row_item WHERE "subject" = ?{level}'
        ' UNION ALL SELECT "key" AS "k" FROM row_item'
        f' WHERE "subject" >= ? AND "subject" < ?{level}',
        (exact, *levels, first, last, *levels),
    )


def _narrowest(
    search: Search,
    among: str,
    many: Callable[..., object],
    few: Callable[[Few], bool],
) -> Few | None:
    """Return a small set that holds all that can be found, or nothing where there is none."""
    if search.titles is not None:
        # By the index of numbers, which is only of those that are above nothing.
        keys = 'SELECT item AS "k", number AS "n" FROM title WHERE number > 0 AND number '
        return Few(keys + among, (many(search.titles),), order='m."n" DESC')
    if search.untitled:
        # In the order of the index of those that wait: of many, only the last are read.
        keys = 'SELECT item AS "k", "at" AS "t" FROM title WHERE number = 0'
        return Few(keys, (), order='m."t" DESC, m."k" DESC')
    if search.among is not None:
        return Few(f'SELECT "key" AS "k" FROM row_item WHERE "key" {among}', (many(search.among),))
    own = _own(search.seer)
    if own is not None:
        return own
    ways = []
    if search.subject:
        ways.append(_of_subject(search, among, many))
    if len(search.levels) > 1:
        # Of one level alone the index gives the items in their order.
        ways.append(
            Few(
                f'SELECT "key" AS "k" FROM row_item WHERE "level" {among}',
                (many(search.levels),),
            )
        )
    if search.open:
        ways.append(
            # A union takes each once, and lets the index of what is open be read alone.
            Few(f"{_OPEN} UNION SELECT '' AS \"k\"", (), _OPEN)
        )
    return next((one for one in ways if few(one)), None)
