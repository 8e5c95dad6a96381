"""Every kind of store at an empty place, to be opened and opened again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from comity.ledger.tiles import grown, partial_tiles
from comity.ledger.tree import leaf_hash
from comity.node.ports import Store, Transaction
from comity.register.rows import Row
from comity.store.columns import COLUMNS, TUPLE
from comity.store.memory import MemoryStore
from comity.store.sqlite import SqliteStore
from comity.vocabulary.logs import LogName

Open = Callable[[], Store]
"""Opens the store of one place; what was kept there is there again."""


@contextmanager
def memory(_directory: Path) -> Iterator[Open]:
    store = MemoryStore()
    yield lambda: store


@contextmanager
def sqlite(directory: Path) -> Iterator[Open]:
    yield lambda: SqliteStore(directory / "node")


PLACES = {"memory": memory, "sqlite": sqlite}


def append(tx: Transaction, log: LogName, *leaves: bytes) -> None:
    """Append leaves as the node does it: with the frontier and the tiles that they make."""
    start = tx.frontier(log)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    begun = partial_tiles(start.size)
    partial = dict(zip(begun, tx.tiles(log, begun), strict=True))
    tx.append(
        log,
        first=start.size,
        leaves=leaves,
        frontier=start.appended(hashes),
        tiles=grown(start.size, hashes, partial),
    )


_letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
_text = st.text(_letters, max_size=20)
_VALUES: dict[object, st.SearchStrategy[Any]] = {
    str: _text,
    int: st.integers(-1, 2**53 - 1),
    bool: st.booleans(),
    bytes: st.binary(max_size=80),
    TUPLE: st.lists(_text, max_size=4).map(tuple),
}


def rows_of(kind: type[Row]) -> st.SearchStrategy[Row]:
    """Any row of one kind."""
    columns = COLUMNS[kind]
    fields = {name: _VALUES[of] for name, of in zip(columns.names, columns.kinds, strict=True)}
    fields["key"] = st.text(_letters, min_size=1, max_size=12)
    fields["scope"] = st.sampled_from(["", "a", "ä", "comity/KOR/to/JPN"])
    return st.builds(kind, **fields)


def plain(kind: type[Row], key: str, scope: str, **fields: object) -> Row:
    """Return a row with this key and scope, and nothing much in its other fields."""
    nothing: dict[object, object] = {str: "", int: 0, bool: False, bytes: b"", TUPLE: ()}
    columns = COLUMNS[kind]
    values = {name: nothing[of] for name, of in zip(columns.names, columns.kinds, strict=True)}
    return kind(**{**values, "key": key, "scope": scope, **fields})
