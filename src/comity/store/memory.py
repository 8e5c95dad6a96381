"""A store in memory, behind the same port and the same contract as the durable ones.

The simulation runs on it: a transaction collects its changes and lays them over the kept state
in one step. ``on_commit`` is called before and after that step; what it raises is a crash there.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import TypeVar, cast

from comity.ledger.tiles import Tile, TileId
from comity.ledger.tree import EMPTY, Frontier
from comity.node.ports import WRITE_ONCE, Space
from comity.register.rows import Needs, Row
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import LogName

R = TypeVar("R", bound=Row)


class _State:
    """Everything kept."""

    def __init__(self) -> None:
        self.leaves: dict[LogName, list[bytes]] = {}
        self.frontiers: dict[LogName, Frontier] = {}
        self.tiles: dict[tuple[LogName, int, int], bytes] = {}
        self.rows: dict[type[Row], dict[str, Row]] = {}
        self.order: dict[type[Row], list[str]] = {}
        self.scopes: dict[tuple[type[Row], str], dict[str, None]] = {}
        self.spaces: dict[Space, dict[str, bytes]] = {space: {} for space in Space}


class _Transaction:
    """The kept state with one transaction's changes laid over it."""

    def __init__(self, state: _State) -> None:
        self._state = state
        self.appended: dict[LogName, list[bytes]] = {}
        self.frontiers: dict[LogName, Frontier] = {}
        self.tiles_put: dict[tuple[LogName, int, int], bytes] = {}
        self.rows: dict[type[Row], dict[str, Row]] = {}
        self.spaces: dict[Space, dict[str, bytes | None]] = {}

    # --- reading ---------------------------------------------------------------------------

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row, or nothing."""
        row = self.rows.get(kind, {}).get(key) or self._state.rows.get(kind, {}).get(key)
        return cast("R | None", row)

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of one scope in the order of their keys."""
        kept = self._state.rows.get(kind, {})
        found = {key: kept[key] for key in self._state.scopes.get((kind, scope), ())}
        for key, row in self.rows.get(kind, {}).items():
            if row.scope == scope:
                found[key] = row
        return tuple(cast("R", found[key]) for key in sorted(found))

    def fetch(
        self, ask: Needs
    ) -> tuple[
        dict[tuple[type[Row], str], Row], dict[tuple[type[Row], str], tuple[Row, ...]]
    ]:
        """Return all rows asked for, by key and by scope."""
        rows: dict[tuple[type[Row], str], Row] = {}
        for kind, keys in ask.keys.items():
            for key in keys:
                if (row := self.get(kind, key)) is not None:
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
        if scope is not None or self.rows.get(kind):
            pool = self._state.rows.get(kind, {}) | self.rows.get(kind, {})
            keys = sorted(
                key
                for key, row in pool.items()
                if key > after and (scope is None or row.scope == scope)
            )
            return tuple(cast("R", pool[key]) for key in keys[:limit])
        order = self._state.order.get(kind, [])
        start = bisect_right(order, after) if after else 0
        kept = self._state.rows.get(kind, {})
        return tuple(cast("R", kept[key]) for key in order[start : start + limit])

    def frontier(self, log: LogName) -> Frontier:
        """Return where a log stands."""
        return self.frontiers.get(log) or self._state.frontiers.get(log, EMPTY)

    def logs(self) -> tuple[LogName, ...]:
        """Return the names of the logs that have leaves."""
        return tuple(sorted(self._state.leaves.keys() | self.appended.keys()))

    def leaves(self, log: LogName, start: int, stop: int) -> list[bytes]:
        """Return the leaves ``[start, stop)``, exactly as appended."""
        kept = self._state.leaves.get(log, [])
        put = self.appended.get(log, [])
        if not 0 <= start <= stop <= len(kept) + len(put):
            raise Unavailable("unavailable.leaves", "a leaf is missing")
        base = len(kept)
        return [*kept[start:stop], *put[max(0, start - base) : max(0, stop - base)]]

    def tiles(self, log: LogName, tiles: Sequence[TileId]) -> list[bytes]:
        """Return tile rows."""
        return [
            self.tiles_put.get((log, *tile)) or self._state.tiles.get((log, *tile), b"")
            for tile in tiles
        ]

    def load(self, space: Space, key: str) -> bytes | None:
        """Return what stands under a key of a space, or nothing."""
        put = self.spaces.get(space, {})
        return put[key] if key in put else self._state.spaces[space].get(key)

    def load_many(self, space: Space, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what stands under these keys; absent ones are left out."""
        found = ((key, self.load(space, key)) for key in keys)
        return {key: raw for key, raw in found if raw is not None}

    def keys(self, space: Space, prefix: str = "") -> tuple[str, ...]:
        """Return the keys of a space that begin with ``prefix``, in order."""
        names = set(self._state.spaces[space])
        for key, raw in self.spaces.get(space, {}).items():
            (names.add if raw is not None else names.discard)(key)
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
        if self.frontier(log).size != first or frontier.size != first + len(leaves):
            raise Unavailable("unavailable.conflict", "the log has another size")
        self.appended.setdefault(log, []).extend(leaves)
        self.frontiers[log] = frontier
        for tile in tiles:
            self.tiles_put[log, tile.level, tile.number] = tile.hashes

    def put(self, rows: Iterable[Row]) -> None:
        """Put register rows."""
        for row in rows:
            self.rows.setdefault(type(row), {})[row.key] = row

    def save(self, space: Space, items: Mapping[str, bytes]) -> None:
        """Keep bytes."""
        if space in WRITE_ONCE:
            for key, raw in items.items():
                if self.load(space, key) not in (None, raw):
                    raise Unavailable("unavailable.conflict", "other bytes stand there")
        self.spaces.setdefault(space, {}).update(items)

    def drop(self, space: Space, keys: Iterable[str]) -> None:
        """Forget what stands under these keys."""
        if space in WRITE_ONCE and space is not Space.CONTENT:
            raise Unavailable("unavailable.conflict", "what is written once is never dropped")
        put = self.spaces.setdefault(space, {})
        for key in keys:
            put[key] = None


def _commit(state: _State, tx: _Transaction) -> None:
    for log, leaves in tx.appended.items():
        state.leaves.setdefault(log, []).extend(leaves)
    state.frontiers.update(tx.frontiers)
    state.tiles.update(tx.tiles_put)
    for kind, rows in tx.rows.items():
        kept = state.rows.setdefault(kind, {})
        order = state.order.setdefault(kind, [])
        for key, row in rows.items():
            if key not in kept:
                insort(order, key)
            kept[key] = row
            state.scopes.setdefault((kind, row.scope), {})[key] = None
    for space, items in tx.spaces.items():
        for key, raw in items.items():
            if raw is None:
                state.spaces[space].pop(key, None)
            else:
                state.spaces[space][key] = raw


class MemoryStore:
    """Everything in memory; see the port for what is guaranteed."""

    def __init__(self, on_commit: Callable[[str], None] | None = None) -> None:
        """Begin empty.

        Args:
            on_commit: Called with ``before`` and ``after``; a crash is what it raises. Raised
                before, nothing is kept; raised after, everything is.
        """
        self._state = _State()
        self._lock = RLock()
        self.on_commit = on_commit or (lambda _moment: None)

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """Begin the one writing transaction."""
        with self._lock:
            tx = _Transaction(self._state)
            yield tx
            self.on_commit("before")
            _commit(self._state, tx)
            self.on_commit("after")

    @contextmanager
    def reading(self) -> Iterator[_Transaction]:
        """Begin to read one committed state; writers wait until it ends."""
        with self._lock:
            yield _Transaction(self._state)

    def close(self) -> None:
        """Let go of nothing: what is in memory stays with the object."""
