"""A store in memory, behind the same port and the same contract as the durable ones.

The simulation runs on it: a transaction collects its changes beside the kept state and lays
them over it in one step. ``on_commit`` is called before and after that step; what it raises is
a crash there. Rows and bytes are immutable, so nothing is ever copied in depth.
"""

from bisect import bisect_right, insort
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar, cast

from comity.ledger.tiles import Tile, TileId
from comity.ledger.tree import EMPTY, Frontier
from comity.node.ports import WRITE_ONCE, Reading, Space, Transaction
from comity.node.searching import Search, Seer
from comity.register.rows import TABLES, Draft, DutyOf, ItemOf, Needs, Row
from comity.store import scan
from comity.store.spaces import new_in, require_droppable, require_size
from comity.store.turns import Turn
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName

R = TypeVar("R", bound=Row)

_EVERYTHING = 1 << 62


@dataclass
class _Table:
    """The rows of one table, and their keys in order: all of them, and by scope."""

    rows: dict[str, Row] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    scopes: dict[str, list[str]] = field(default_factory=dict)

    def put(self, row: Row) -> None:
        if row.key not in self.rows:
            insort(self.order, row.key)
            insort(self.scopes.setdefault(row.scope, []), row.key)
        self.rows[row.key] = row

    def copied(self) -> "_Table":
        scopes = {scope: list(keys) for scope, keys in self.scopes.items()}
        return _Table(dict(self.rows), list(self.order), scopes)


@dataclass
class _State:
    """Everything kept."""

    leaves: dict[LogName, list[bytes]] = field(default_factory=dict)
    frontiers: dict[LogName, Frontier] = field(default_factory=dict)
    tiles: dict[tuple[LogName, int, int], bytes] = field(default_factory=dict)
    tables: dict[type[Row], _Table] = field(
        default_factory=lambda: {kind: _Table() for kind in TABLES.values()}
    )
    spaces: dict[Space, dict[str, bytes]] = field(
        default_factory=lambda: {space: {} for space in Space}
    )
    titles: dict[str, int] = field(default_factory=dict)
    readers: int = 0

    def copied(self) -> "_State":
        return _State(
            {log: list(leaves) for log, leaves in self.leaves.items()},
            dict(self.frontiers),
            dict(self.tiles),
            {kind: table.copied() for kind, table in self.tables.items()},
            {space: dict(items) for space, items in self.spaces.items()},
            dict(self.titles),
        )


class _Transaction:
    """The kept state with one transaction's changes laid over it."""

    def __init__(self, state: _State) -> None:
        self._state = state
        self._appended: dict[LogName, list[bytes]] = {}
        self._frontiers: dict[LogName, Frontier] = {}
        self._tiles: dict[tuple[LogName, int, int], bytes] = {}
        self._rows: dict[type[Row], dict[str, Row]] = {}
        self._spaces: dict[Space, dict[str, bytes | None]] = {}
        self._titles: dict[str, int] = {}

    # --- reading ---------------------------------------------------------------------------

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row, or nothing."""
        row = self._put(kind).get(key) or self._state.tables[kind].rows.get(key)
        return cast("R | None", row)

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of one scope in the order of their keys."""
        kept = self._state.tables[kind].scopes.get(scope, [])
        return self._found(kind, self._and_put(kind, kept, scope=scope))

    def fetch(
        self, ask: Needs
    ) -> tuple[dict[tuple[type[Row], str], Row], dict[tuple[type[Row], str], tuple[Row, ...]]]:
        """Return all rows asked for, by key and by scope."""
        rows: dict[tuple[type[Row], str], Row] = {}
        for kind, keys in ask.keys.items():
            put, kept = self._put(kind), self._state.tables[kind].rows
            for key in keys:
                if (row := put.get(key) or kept.get(key)) is not None:
                    rows[kind, key] = row
        scopes = {
            (kind, scope): self.within(kind, scope)
            for kind, wanted in ask.scopes.items()
            for scope in wanted
        }
        return rows, scopes

    def page(
        self, kind: type[R], *, scope: str | None = None, after: str = "", limit: int = 100
    ) -> tuple[R, ...]:
        """Return up to ``limit`` rows with keys greater than ``after``."""
        table = self._state.tables[kind]
        order = table.order if scope is None else table.scopes.get(scope, [])
        start = bisect_right(order, after)
        keys = self._and_put(kind, order[start : start + limit], scope=scope, after=after)
        return self._found(kind, keys[:limit])

    def search(self, search: Search) -> tuple[ItemOf, ...]:
        """Return the items that a search finds."""
        titles = ChainMap(self._titles, self._state.titles)
        return scan.items(self, self.page(ItemOf, limit=_EVERYTHING), search, titles)

    def open_duties(self, seer: Seer, *, at: Instant, limit: int = 100) -> tuple[DutyOf, ...]:
        """Return the open duties about what a seer may know of."""
        return scan.duties(self, self.page(DutyOf, limit=_EVERYTHING), seer, at, limit)

    def waiting_drafts(self) -> tuple[Draft, ...]:
        """Return the drafts that wait for a decision, the oldest first."""
        found = [one for one in self.page(Draft, limit=_EVERYTHING) if one.state == "waiting"]
        return tuple(sorted(found, key=lambda one: (one.at, one.key)))

    def untitled(self, limit: int) -> tuple[str, ...]:
        """Return the items whose titles are not in the index yet, the earliest first."""
        titles = ChainMap(self._titles, self._state.titles)
        waiting = [one for one in self.page(ItemOf, limit=_EVERYTHING) if titles[one.key] == 0]
        waiting.sort(key=lambda one: (one.at, one.key))
        return tuple(one.key for one in waiting[:limit])

    def title_numbers(self, items: Iterable[str]) -> dict[str, int]:
        """Return the numbers under which the titles of items stand in the index."""
        titles = ChainMap(self._titles, self._state.titles)
        return {item: titles[item] for item in items if titles.get(item)}

    def last_title(self) -> int:
        """Return the highest number given to a title; 0 before the first."""
        return max(ChainMap(self._titles, self._state.titles).values(), default=0)

    def frontier(self, log: LogName) -> Frontier:
        """Return where a log stands."""
        return self._frontiers.get(log) or self._state.frontiers.get(log, EMPTY)

    def logs(self) -> tuple[LogName, ...]:
        """Return the names of the logs that have leaves."""
        return tuple(sorted(self._state.leaves.keys() | self._appended.keys()))

    def leaves(self, log: LogName, start: int, stop: int) -> list[bytes]:
        """Return the leaves ``[start, stop)``, exactly as appended."""
        kept = self._state.leaves.get(log, [])
        put = self._appended.get(log, [])
        if start == stop:
            return []
        if not 0 <= start <= stop <= len(kept) + len(put):
            raise Unavailable("unavailable.leaves", "a leaf is missing")
        base = len(kept)
        return [*kept[start:stop], *put[max(0, start - base) : max(0, stop - base)]]

    def tiles(self, log: LogName, tiles: Sequence[TileId]) -> list[bytes]:
        """Return tile rows."""
        return [
            self._tiles.get((log, *tile)) or self._state.tiles.get((log, *tile), b"")
            for tile in tiles
        ]

    def load(self, space: Space, key: str) -> bytes | None:
        """Return what stands under a key of a space, or nothing."""
        put = self._spaces.get(space, {})
        return put[key] if key in put else self._state.spaces[space].get(key)

    def load_many(self, space: Space, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what stands under these keys; absent ones are left out."""
        found = ((key, self.load(space, key)) for key in keys)
        return {key: raw for key, raw in found if raw is not None}

    def keys(self, space: Space, prefix: str = "") -> tuple[str, ...]:
        """Return the keys of a space that begin with ``prefix``, in order."""
        put = self._spaces.get(space, {})
        names = [key for key in self._state.spaces[space] if key not in put]
        names += [key for key, raw in put.items() if raw is not None]
        return tuple(sorted(key for key in names if key.startswith(prefix)))

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
        size = self.frontier(log).size
        require_size(size, first=first, count=len(leaves), becomes=frontier.size)
        if not leaves:
            return
        self._appended.setdefault(log, []).extend(leaves)
        self._frontiers[log] = frontier
        for tile in tiles:
            self._tiles[log, tile.level, tile.number] = tile.hashes

    def put(self, rows: Iterable[Row]) -> None:
        """Put register rows."""
        for row in rows:
            self._rows.setdefault(type(row), {})[row.key] = row
            if isinstance(row, ItemOf) and row.key not in self._state.titles:
                self._titles.setdefault(row.key, 0)

    def number_titles(self, numbers: Mapping[str, int]) -> None:
        """Give the titles of items their numbers in the index; 0: it waits to be read again."""
        taken = frozenset(ChainMap(self._titles, self._state.titles).values())
        if any(number in taken for number in numbers.values() if number):
            raise Unavailable("unavailable.conflict", "another title has the number")
        self._titles.update(numbers)

    def save(self, space: Space, items: Mapping[str, bytes]) -> None:
        """Keep bytes."""
        if space in WRITE_ONCE:
            items = new_in(self.load_many(space, items), items)
        self._spaces.setdefault(space, {}).update(items)

    def drop(self, space: Space, keys: Iterable[str]) -> None:
        """Forget what stands under these keys."""
        require_droppable(space)
        self._spaces.setdefault(space, {}).update(dict.fromkeys(keys))

    # --- within this module ----------------------------------------------------------------

    def lay_over(self, state: _State) -> None:
        """Lay the changes over the kept state."""
        for log, leaves in self._appended.items():
            state.leaves.setdefault(log, []).extend(leaves)
        state.frontiers.update(self._frontiers)
        state.titles.update(self._titles)
        state.tiles.update(self._tiles)
        for kind, rows in self._rows.items():
            table = state.tables[kind]
            for row in rows.values():
                table.put(row)
        for space, items in self._spaces.items():
            kept = state.spaces[space]
            for key, raw in items.items():
                if raw is None:
                    kept.pop(key, None)
                else:
                    kept[key] = raw

    def _put(self, kind: type[Row]) -> dict[str, Row]:
        return self._rows.get(kind, {})

    def _and_put(
        self, kind: type[Row], kept: list[str], *, scope: str | None, after: str = ""
    ) -> list[str]:
        """Return kept keys and those of this transaction, in order, each once."""
        put = [
            key
            for key, row in self._put(kind).items()
            if key > after and (scope is None or row.scope == scope)
        ]
        return sorted({*kept, *put}) if put else kept

    def _found(self, kind: type[R], keys: Iterable[str]) -> tuple[R, ...]:
        put, kept = self._put(kind), self._state.tables[kind].rows
        return tuple([cast("R", put.get(key) or kept[key]) for key in keys])


class MemoryStore:
    """Everything in memory; see the port for what is guaranteed."""

    def __init__(self, on_commit: Callable[[str], None] | None = None) -> None:
        """Begin empty.

        Args:
            on_commit: Called with ``before`` and ``after``; a crash is what it raises. Raised
                before, nothing is kept; raised after, everything is.
        """
        self._state = _State()
        self._turn = Turn()
        self._guard = Lock()
        self.on_commit = on_commit or (lambda _moment: None)

    def clone(self) -> "MemoryStore":
        """Return a store that begins with what this one keeps now; neither sees the other."""
        other = MemoryStore()
        with self._guard:
            other._state = self._state.copied()
        return other

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin the one writing transaction."""
        with self._turn.held():
            changes = _Transaction(self._state)
            yield changes
            self.on_commit("before")
            with self._guard:
                # Whoever is reading keeps the state that they began with.
                if self._state.readers:
                    self._state = self._state.copied()
                changes.lay_over(self._state)
            self.on_commit("after")

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Begin to read one committed state; it waits for nobody, and nobody for it."""
        with self._guard:
            state = self._state
            state.readers += 1
        try:
            yield _Transaction(state)
        finally:
            with self._guard:
                state.readers -= 1

    @property
    def sound(self) -> bool:
        """Whether it can go on being used: always."""
        return True

    def close(self) -> None:
        """Let go of nothing: what is in memory stays with the object."""
