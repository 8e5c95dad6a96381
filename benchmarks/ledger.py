"""The ledger at size: durable appends, proofs of inclusion, their verification, a restart.

Leaves are appended as the chancery appends them: hashed, into tiles and a frontier, in one synced
transaction a batch of a thousand. ``python -m benchmarks.ledger --seconds 5``;
``COMITY_LEAVES=100000,1000000,10000000`` says how many, growing one log from size to size. Beside
the time that passed stands the time of the processor, which other work on the machine disturbs
less.
"""

import os
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Final

from benchmarks.figures import Figure, quantile, run
from comity.ledger.proofs import inclusion_path, verify_inclusion
from comity.ledger.tiles import Decoded, Wide, grown, partial_tiles, tile_reader
from comity.ledger.tree import leaf_hash
from comity.node.ports import Reading, Store, Transaction
from comity.store.sqlite import SqliteStore
from comity.vocabulary.logs import LogName

SIZES: Final = tuple(
    int(one) for one in os.environ.get("COMITY_LEAVES", "10000,100000,1000000").split(",")
)
BATCH: Final = 1000
LENGTH: Final = 400
"""Bytes of a leaf: about those of a release."""
LOG: Final = LogName("comity/KOR/to/JPN")
SEED: Final = 20161123

Cache = dict[Wide, Decoded]
"""Tiles that are held decoded, as a node that proves often holds them."""


def leaf(number: int) -> bytes:
    """Return a leaf that no other is like."""
    return b"%020d" % number * (LENGTH // 20)


def append(tx: Transaction, start: int, stop: int) -> None:
    """Append leaves, as a sitting does at its end."""
    frontier = tx.frontier(LOG)
    leaves = [leaf(number) for number in range(start, stop)]
    hashes = [leaf_hash(one) for one in leaves]
    begun = partial_tiles(frontier.size)
    partial = dict(zip(begun, tx.tiles(LOG, begun), strict=True))
    tx.append(
        LOG,
        first=frontier.size,
        leaves=leaves,
        frontier=frontier.appended(hashes),
        tiles=grown(frontier.size, hashes, partial),
    )


def measure(seconds: float) -> list[Figure]:
    """Return the figures at each size."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        place, there = Path(folder) / "store", 0
        store = SqliteStore(place)
        for size in SIZES:
            found += _grown(store, there, size)
            there = size
            found += _proved(store, size, seconds)
            store.close()
            before = time.perf_counter()
            store = SqliteStore(place)
            with store.reading() as tx:
                _proof(tx, size, 0)
            took = time.perf_counter() - before
            found.append(
                Figure(
                    f"restart to the first proof, {size:,} leaves", "ms", (1e3 * took,), size=size
                )
            )
        store.close()
    return found


def _grown(store: Store, start: int, stop: int) -> list[Figure]:
    """Append up to a size, and tell the rate of the five parts of the way."""
    rates, work = [], []
    step = max(BATCH, (stop - start) // 5)
    for first in range(start, stop, step):
        last = min(stop, first + step)
        before, worked = time.perf_counter(), time.process_time()
        for at in range(first, last, BATCH):
            with store.transaction() as tx:
                append(tx, at, min(last, at + BATCH))
        rates.append((last - first) / (time.perf_counter() - before))
        work.append(1e6 * (time.process_time() - worked) / (last - first))
    row = f"durable appends, {stop:,} leaves"
    return [
        Figure(row, "leaves/s", tuple(rates), size=stop),
        Figure(f"{row}: processor", "µs each", tuple(work), size=stop),
    ]


def _proof(tx: Reading, size: int, index: int, cache: Cache | None = None) -> tuple[bytes, ...]:
    read = tile_reader(lambda tiles: tx.tiles(LOG, tiles), size, cache=cache)
    return inclusion_path(read, index, size)


def _proved(store: Store, size: int, seconds: float) -> list[Figure]:
    draw = Random(SEED)  # noqa: S311 - a seed
    with store.reading() as tx:
        root = tx.frontier(LOG).root

    def prove(cache: Cache | None = None) -> tuple[int, tuple[bytes, ...]]:
        index = draw.randrange(size)
        with store.reading() as tx:
            return index, _proof(tx, size, index, cache)

    proofs = [prove() for _ in range(200)]
    cache: Cache = {}
    hashes = {index: leaf_hash(leaf(index)) for index, _ in proofs}
    turn = count()

    def verify() -> None:
        index, path = proofs[next(turn) % len(proofs)]
        verify_inclusion(leaf_hash=hashes[index], index=index, size=size, path=path, root=root)

    return [
        *_timed(f"proof, nothing in memory, {size:,} leaves", prove, seconds, "ms", 1e3, size),
        *_timed(
            f"proof of inclusion, {size:,} leaves", lambda: prove(cache), seconds, "ms", 1e3, size
        ),
        *_timed(f"its verification, {size:,} leaves", verify, seconds / 4, "µs", 1e6, size),
    ]


def _timed(  # noqa: PLR0913 - a row and how it is told
    row: str, once: Callable[[], object], seconds: float, unit: str, scale: float, size: int
) -> list[Figure]:
    passed, worked = [], []
    began = time.perf_counter()
    while len(passed) < 20 or time.perf_counter() - began < seconds:  # noqa: PLR2004 - some
        before, work = time.perf_counter(), time.thread_time()
        once()
        worked.append(scale * (time.thread_time() - work))
        passed.append(scale * (time.perf_counter() - before))
    note = f"{len(passed)} times"
    return [
        Figure(f"{row}, p50", unit, (quantile(passed, 0.5),), note, size),
        Figure(f"{row}, p99", unit, (quantile(passed, 0.99),), note, size),
        Figure(f"{row}, p99 of the processor", unit, (quantile(worked, 0.99),), note, size),
    ]


if __name__ == "__main__":
    run(measure, seconds=3.0)
