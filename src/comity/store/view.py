"""Everything that is asked of a database and told to it, in SQL that both databases read.

A view lives for one transaction, on a driver that turns the database's errors into ours. Values
are always bound; only names of tables and columns, which come from the schema, are written into
statements.
"""

# ruff: noqa: S608 -- every name comes from the schema, every value is bound

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from msgspec import structs

from comity.ledger.tiles import Tile, TileId
from comity.ledger.tree import EMPTY, Frontier
from comity.node.ports import WRITE_ONCE, Space
from comity.node.searching import Search, Seer
from comity.register.rows import TABLE_OF, Draft, DutyOf, ItemOf, Needs, Row
from comity.store import search as search_in_sql
from comity.store.columns import COLUMNS
from comity.store.schema import space_table
from comity.store.spaces import new_in, require_droppable, require_size
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName

R = TypeVar("R", bound=Row)

_NUMBER = "(SELECT number FROM log WHERE name = ?)"
_LEVELS = 8
"""More than a tree of 2^53 leaves has levels of tiles."""
_LAST = "\U0010ffff"
"""Comes after everything that a key goes on with: it is no character."""


class Driver(Protocol):
    """A connection inside a transaction. Marks are written ``?``.

    Every method raises ``Unavailable`` where the database says that it cannot; after that, and
    after the transaction has ended, every further call is refused.
    """

    @property
    def among(self) -> str:
        """What follows a column that is compared with many values, bound as one."""
        ...

    def many(self, values: Iterable[str | int]) -> object:
        """Return many values to be bound as one."""
        ...

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows that a query finds."""
        ...

    def tell(self, statement: str, lines: Iterable[Sequence[object]]) -> None:
        """Carry out a statement once for each line of values."""
        ...


class _Statements(NamedTuple):
    """What is said about one table of the register."""

    get: str
    within: str
    by_keys: str
    by_scopes: str
    page: str
    page_within: str
    put: str


@cache
def _said(kind: type[Row], among: str) -> _Statements:
    names = COLUMNS[kind].names
    table = f"row_{TABLE_OF[kind]}"
    columns = ", ".join(f'"{name}"' for name in names)
    select = f"SELECT {columns} FROM {table} WHERE"
    replaced = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name != "key")
    return _Statements(
        get=f'{select} "key" = ?',
        within=f'{select} "scope" = ? ORDER BY "key"',
        by_keys=f'{select} "key" {among}',
        by_scopes=f'{select} "scope" {among} ORDER BY "key"',
        page=f'{select} "key" > ? ORDER BY "key" LIMIT ?',
        page_within=f'{select} "scope" = ? AND "key" > ? ORDER BY "key" LIMIT ?',
        put=f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})"
        f' ON CONFLICT ("key") DO UPDATE SET {replaced}',
    )


@cache
def _columns(kind: type[Row], table: str) -> str:
    return ", ".join(f'{table}."{name}"' for name in COLUMNS[kind].names)


class View:
    """One transaction, or one reading: all members of the port."""

    def __init__(self, driver: Driver) -> None:
        """Speak through this driver."""
        self._driver = driver
        self._among = driver.among

    # --- reading ---------------------------------------------------------------------------

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row, or nothing."""
        found = self._rows(kind, _said(kind, self._among).get, key)
        return found[0] if found else None

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of one scope in the order of their keys."""
        return self._rows(kind, _said(kind, self._among).within, scope)

    def fetch(
        self, ask: Needs
    ) -> tuple[dict[tuple[type[Row], str], Row], dict[tuple[type[Row], str], tuple[Row, ...]]]:
        """Return all rows asked for, by key and by scope."""
        rows: dict[tuple[type[Row], str], Row] = {}
        for kind, keys in ask.keys.items():
            if keys:
                said = _said(kind, self._among).by_keys
                for row in self._rows(kind, said, self._driver.many(keys)):
                    rows[kind, row.key] = row
        scopes: dict[tuple[type[Row], str], tuple[Row, ...]] = {}
        for kind, wanted in ask.scopes.items():
            found: dict[str, list[Row]] = {scope: [] for scope in wanted}
            if wanted:
                said = _said(kind, self._among).by_scopes
                for row in self._rows(kind, said, self._driver.many(wanted)):
                    found[row.scope].append(row)
            scopes.update({(kind, scope): tuple(those) for scope, those in found.items()})
        return rows, scopes

    def page(
        self, kind: type[R], *, scope: str | None = None, after: str = "", limit: int = 100
    ) -> tuple[R, ...]:
        """Return up to ``limit`` rows with keys greater than ``after``."""
        said = _said(kind, self._among)
        if scope is None:
            return self._rows(kind, said.page, after, limit)
        return self._rows(kind, said.page_within, scope, after, limit)

    def search(self, search: Search) -> tuple[ItemOf, ...]:
        """Return the items that a search finds."""
        latest = search_in_sql.latest_own(search)
        if latest is not None:
            keys = tuple(key for (key,) in self._driver.ask(latest.statement, *latest.values))
            found = self._found(structs.replace(search, among=keys))
            # Fewer than keys: one of them may not be seen, and an older one takes its place.
            if len(found) == len(keys):
                return found
        return self._found(search)

    def _found(self, search: Search) -> tuple[ItemOf, ...]:
        said = search_in_sql.items(
            search,
            _columns(ItemOf, "i"),
            among=self._among,
            many=self._driver.many,
            few=self._few,
        )
        return self._rows(ItemOf, said.statement, *said.values)

    def open_duties(self, seer: Seer, *, at: Instant, limit: int = 100) -> tuple[DutyOf, ...]:
        """Return the open duties about what a seer may know of."""
        found: tuple[DutyOf, ...] = ()
        for dated in (True, False):
            left = limit - len(found)
            said = search_in_sql.duties(seer, _columns(DutyOf, "d"), at=at, dated=dated, limit=left)
            found += self._rows(DutyOf, said.statement, *said.values) if left else ()
        return found

    def waiting_drafts(self) -> tuple[Draft, ...]:
        """Return the drafts that wait for a decision, the oldest first."""
        columns = _columns(Draft, "d")
        said = f"SELECT {columns} FROM row_draft d WHERE d.\"state\" = 'waiting'"
        return self._rows(Draft, said + ' ORDER BY d."at", d."key"')

    def untitled(self, limit: int) -> tuple[str, ...]:
        """Return the items whose titles are not in the index yet, the earliest first."""
        said = 'SELECT item FROM title WHERE number = 0 ORDER BY "at", item LIMIT ?'
        return tuple(item for (item,) in self._driver.ask(said, limit))

    def title_numbers(self, items: Iterable[str]) -> dict[str, int]:
        """Return the numbers under which the titles of items stand in the index."""
        said = f"SELECT item, number FROM title WHERE number > 0 AND item {self._among}"
        found = self._driver.ask(said, self._driver.many(items))
        return dict(cast("list[tuple[str, int]]", found))

    def last_title(self) -> int:
        """Return the highest number given to a title; 0 before the first."""
        ((last,),) = self._driver.ask("SELECT COALESCE(MAX(number), 0) FROM title WHERE number > 0")
        return cast("int", last)

    def frontier(self, log: LogName) -> Frontier:
        """Return where a log stands."""
        found = self._driver.ask("SELECT frontier FROM log WHERE name = ?", log)
        return Frontier.from_bytes(found[0][0]) if found else EMPTY

    def logs(self) -> tuple[LogName, ...]:
        """Return the names of the logs that have leaves."""
        found = self._driver.ask("SELECT name FROM log ORDER BY name")
        return tuple(LogName(name) for (name,) in found)

    def leaves(self, log: LogName, start: int, stop: int) -> list[bytes]:
        """Return the leaves ``[start, stop)``, exactly as appended."""
        if start == stop:
            return []
        try:
            found = self._driver.ask(
                f"SELECT leaf FROM leaf WHERE log = {_NUMBER}"
                " AND position >= ? AND position < ? ORDER BY position",
                log,
                start,
                stop,
            )
        except Unavailable as error:
            if error.code != "unavailable.disk":
                raise
            raise Unavailable("unavailable.leaves", "a leaf cannot be read") from error
        # Every index is there once (the table's key), so the count says that none is missing.
        if start < 0 or len(found) != stop - start:
            raise Unavailable("unavailable.leaves", "a leaf is missing")
        return [leaf for (leaf,) in found]

    def tiles(self, log: LogName, tiles: Sequence[TileId]) -> list[bytes]:
        """Return tile rows; one that was never begun is empty."""
        if not tiles:
            return []
        places = [_place(tile.level, tile.number) for tile in tiles]
        found = self._driver.ask(
            f"SELECT place, hashes FROM tile WHERE log = {_NUMBER} AND place {self._among}",
            log,
            self._driver.many(places),
        )
        hashes: dict[int, bytes] = dict(cast("list[tuple[int, bytes]]", found))
        return [hashes.get(place, b"") for place in places]

    def load(self, space: Space, key: str) -> bytes | None:
        """Return what stands under a key of a space, or nothing."""
        found = self._driver.ask(f"SELECT bytes FROM {space_table(space)} WHERE key = ?", key)
        return found[0][0] if found else None

    def load_many(self, space: Space, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what stands under these keys; absent ones are left out."""
        wanted = list(keys)
        if not wanted:
            return {}
        said = f"SELECT key, bytes FROM {space_table(space)} WHERE key {self._among}"
        found = self._driver.ask(said, self._driver.many(wanted))
        return dict(cast("list[tuple[str, bytes]]", found))

    def keys(self, space: Space, prefix: str = "") -> tuple[str, ...]:
        """Return the keys of a space that begin with ``prefix``, in order."""
        said = f"SELECT key FROM {space_table(space)}"
        if prefix:
            said += " WHERE key >= ? AND key < ? ORDER BY key"
            found = self._driver.ask(said, prefix, prefix + _LAST)
        else:
            found = self._driver.ask(f"{said} ORDER BY key")
        return tuple(key for (key,) in found)

    # --- writing ---------------------------------------------------------------------------

    def append(
        self,
        log: LogName,
        *,
        first: int,
        leaves: Sequence[bytes],
        frontier: Frontier,
        tiles: Iterable[Tile],
    ) -> None:
        """Append leaves; ``first`` must be the log's size."""
        found = self._driver.ask("SELECT number, frontier FROM log WHERE name = ?", log)
        size = Frontier.from_bytes(found[0][1]).size if found else 0
        require_size(size, first=first, count=len(leaves), becomes=frontier.size)
        if not leaves:
            return
        number = found[0][0] if found else self._begin(log)
        self._driver.tell(
            "UPDATE log SET frontier = ? WHERE number = ?", [(frontier.to_bytes(), number)]
        )
        self._driver.tell(
            "INSERT INTO leaf (log, position, leaf) VALUES (?, ?, ?)",
            [(number, position, leaf) for position, leaf in enumerate(leaves, start=first)],
        )
        self._driver.tell(
            "INSERT INTO tile (log, place, hashes) VALUES (?, ?, ?)"
            " ON CONFLICT (log, place) DO UPDATE SET hashes = excluded.hashes",
            [(number, _place(tile.level, tile.number), tile.hashes) for tile in tiles],
        )

    def put(self, rows: Iterable[Row]) -> None:
        """Put register rows, those of one table in one go, in the order of their keys."""
        by_kind: dict[type[Row], dict[str, Row]] = {}
        for row in rows:
            by_kind.setdefault(type(row), {})[row.key] = row
        for kind, those in by_kind.items():
            write = COLUMNS[kind].write
            lines = [write(those[key]) for key in sorted(those)]
            self._driver.tell(_said(kind, self._among).put, lines)
        waiting = by_kind.get(ItemOf, {}).values()
        if waiting:
            self._driver.tell(
                "INSERT INTO title VALUES (?, ?, 0) ON CONFLICT (item) DO NOTHING",
                [(one.key, cast("ItemOf", one).at) for one in waiting],
            )

    def number_titles(self, numbers: Mapping[str, int]) -> None:
        """Give the titles of items their numbers in the index; 0: it waits to be read again."""
        self._driver.tell(
            "UPDATE title SET number = ? WHERE item = ?",
            [(number, item) for item, number in numbers.items()],
        )

    def save(self, space: Space, items: Mapping[str, bytes]) -> None:
        """Keep bytes."""
        said = f"INSERT INTO {space_table(space)} (key, bytes) VALUES (?, ?)"
        if space in WRITE_ONCE:
            items = new_in(self.load_many(space, items), items)
        else:
            said += " ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes"
        self._driver.tell(said, sorted(items.items()))

    def drop(self, space: Space, keys: Iterable[str]) -> None:
        """Forget what stands under these keys."""
        require_droppable(space)
        said = f"DELETE FROM {space_table(space)} WHERE key {self._among}"
        self._driver.tell(said, [(self._driver.many(keys),)])

    # --- within this module ----------------------------------------------------------------

    def _rows(self, kind: type[R], said: str, *values: object) -> tuple[R, ...]:
        read = COLUMNS[kind].read
        found = [read(columns) for columns in self._driver.ask(said, *values)]
        return cast("tuple[R, ...]", tuple(found))

    def _few(self, few: search_in_sql.Few) -> bool:
        """Tell whether a set is small; the counting stops where it is not."""
        said = f"SELECT COUNT(*) FROM (SELECT 1 FROM ({few.counted or few.keys}) f LIMIT ?) n"
        ((count,),) = self._driver.ask(said, *few.values, search_in_sql.FEW + 1)
        return bool(count <= search_in_sql.FEW)

    def _begin(self, log: LogName) -> int:
        """Give a log its number here: one more than the last, never from a sequence."""
        ((number,),) = self._driver.ask("SELECT COALESCE(MAX(number), 0) + 1 FROM log")
        self._driver.tell(
            "INSERT INTO log (name, number, frontier) VALUES (?, ?, ?)",
            [(log, number, EMPTY.to_bytes())],
        )
        return cast("int", number)


def _place(level: int, number: int) -> int:
    return number * _LEVELS + level
