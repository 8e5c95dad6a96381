"""The ledger at size: durable appends, proofs of inclusion and their verification, scrub, restart.

Leaves are appended as the chancery appends them: hashed, into tiles and a frontier, in one synced
transaction a batch of a thousand. ``python -m benchmarks.ledger --seconds 5``;
``COMITY_LEAVES=100000,1000000,10000000`` says how many, growing one log from size to size. Beside
the time that passed stands the time of the processor, which other work on the machine disturbs
less. Another ledger, ``pymerkle`` on SQLite with SHA-384, takes the same leaves in turn, up to
:data:`PEER_MOST`: it keeps the hashes of leaves and no tree, so it appends with less and proves
with more.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Final

from benchmarks.apart import Apart
from benchmarks.figures import Figure, quantiles, run
from comity.ledger.proofs import inclusion_path, verify_inclusion
from comity.ledger.tiles import Decoded, Wide, grown, partial_tiles, tile_reader
from comity.ledger.tree import EMPTY, leaf_hash
from comity.node.ports import Reading, Store, Transaction
from comity.store.sqlite import SqliteStore
from comity.vocabulary.logs import LogName

SIZES: Final = tuple(
    int(one) for one in os.environ.get("COMITY_LEAVES", "10000,100000,1000000").split(",")
)
BATCH: Final = 1000
LENGTH: Final = 400
"""Bytes of a leaf: about those of a release."""
_RUNS: Final = 5
PEER_MOST: Final = 1_000_000
_PAGE: Final = 1000
_SINGLY: Final = 300
"""Leaves that are appended one by one, a commit each."""
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
    with tempfile.TemporaryDirectory(prefix="comity-ledger-") as folder:
        place, there = Path(folder) / "store", 0
        store = SqliteStore(place)
        peer = Apart("ledger_apart.py", str(Path(folder) / "peer.sqlite3"))
        try:
            for size in SIZES:
                found += _grown(store, peer if size <= PEER_MOST else None, there, size)
                there = size
                found += _proved(store, size, seconds)
                found += _scrubbed(store, size)
                if size <= PEER_MOST:
                    found += _proved_by(peer, size, seconds)
                store.close()
                before = time.perf_counter()
                store = SqliteStore(place)
                with store.reading() as tx:
                    _proof(tx, size, 0)
                took = 1e3 * (time.perf_counter() - before)
                found.append(
                    Figure(f"restart to the first proof{_of(size)}", "ms", (took,), "", size)
                )
        finally:
            peer.close()
            store.close()
    return found


def _of(size: int) -> str:
    return f", {size:,} leaves"


def _grown(store: Store, peer: Apart | None, start: int, stop: int) -> list[Figure]:
    """Append up to a size, and tell the rate of the five parts of the way; the peer in turn."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    alone = stop - _SINGLY
    step = max(BATCH, (alone - start) // _RUNS + 1)
    for first in range(start, alone, step):
        last = min(alone, first + step)
        ours.append(_appended(store, first, last, BATCH))
        if peer is not None:
            theirs.append(_appended_by(peer, first, last, BATCH))
    single = _appended(store, alone, stop, 1)
    rows = [("durable appends", ours), ("durable appends, one by one", [single])]
    if peer is not None:
        other = _appended_by(peer, alone, stop, 1)
        rows += [("pymerkle: appends", theirs), ("pymerkle: appends, one by one", [other])]
    return [
        figure
        for row, found in rows
        for figure in (
            Figure(f"{row}{_of(stop)}", "leaves/s", tuple(1 / each for each, _ in found), "", stop),
            Figure(
                f"{row}, processor{_of(stop)}", "µs each",
                tuple(1e6 * work for _, work in found), "", stop,
            ),
        )
    ]  # fmt: skip


def _appended(store: Store, start: int, stop: int, batch: int) -> tuple[float, float]:
    """Append leaves; return the seconds of each, passed and of the processor."""
    passed, worked = time.perf_counter(), time.process_time()
    for at in range(start, stop, batch):
        with store.transaction() as tx:
            append(tx, at, min(stop, at + batch))
    count = stop - start
    return (time.perf_counter() - passed) / count, (time.process_time() - worked) / count


def _appended_by(peer: Apart, start: int, stop: int, batch: int) -> tuple[float, float]:
    took = peer.ask({"start": start, "stop": stop, "batch": batch, "length": LENGTH})
    return took["passed"] / (stop - start), took["worked"] / (stop - start)


def _proved_by(peer: Apart, size: int, seconds: float) -> list[Figure]:
    took = peer.ask({"seconds": seconds, "seed": SEED})
    return [
        *_told("pymerkle: proof", took["prove"], took["prove worked"], "ms", 1e3, size),
        *_told("pymerkle: its verification", took["verify"], None, "µs", 1e6, size),
    ]


def _scrubbed(store: Store, size: int) -> list[Figure]:
    """Hash every leaf again and compare with what is kept, as ``comity rebuild --check`` does."""
    passed, worked = [], []
    for _ in range(_RUNS if size <= PEER_MOST else 1):
        before, work = time.perf_counter(), time.process_time()
        frontier = EMPTY
        with store.reading() as tx:
            for at in range(0, size, _PAGE):
                page = tx.leaves(LOG, at, min(size, at + _PAGE))
                frontier = frontier.appended(leaf_hash(one) for one in page)
            if frontier != tx.frontier(LOG):
                raise RuntimeError("the leaves are not those of the root")
        worked.append(time.process_time() - work)
        passed.append(time.perf_counter() - before)
    row = f"scrub{_of(size)}"
    return [
        Figure(row, "s", tuple(passed), "every leaf hashed again", size),
        Figure(f"{row}, of the processor", "s", tuple(worked), "", size),
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
        *_timed("proof, nothing in memory", prove, seconds, "ms", 1e3, size),
        *_timed("proof of inclusion", lambda: prove(cache), seconds, "ms", 1e3, size),
        *_timed("its verification", verify, seconds / 4, "µs", 1e6, size),
    ]


def _timed(  # noqa: PLR0913 - a row and how it is told
    row: str, once: Callable[[], object], seconds: float, unit: str, scale: float, size: int
) -> list[Figure]:
    passed, worked = [], []
    began = time.perf_counter()
    while len(passed) < 20 or time.perf_counter() - began < seconds:  # noqa: PLR2004 - some
        before, work = time.perf_counter(), time.thread_time()
        once()
        worked.append(time.thread_time() - work)
        passed.append(time.perf_counter() - before)
    return _told(row, passed, worked, unit, scale, size)


def _told(  # noqa: PLR0913 - a row and how it is told
    row: str,
    passed: Sequence[float],
    worked: Sequence[float] | None,
    unit: str,
    scale: float,
    size: int,
) -> list[Figure]:
    """Return p50 and p99: medians of the five parts of the times, in their order."""
    figures = []
    for what, times, part in (
        ("p50", passed, 0.5),
        ("p99", passed, 0.99),
        ("p99 of the processor", worked, 0.99),
    ):
        if times is not None:
            values = tuple(scale * one for one in quantiles(times, part))
            note = f"{len(times)} times"
            figures.append(Figure(f"{row}{_of(size)}, {what}", unit, values, note, size))
    return figures


if __name__ == "__main__":
    run(measure, seconds=3.0)
