"""Items of 1 KB in bulk: judged twice, sealed, durable and cosigned at both ends.

Two processes, SQLite synced at every commit, the real suite, mutual TLS. Counted from the wish
to the counterpart's verified cosignature: deed, salts, digests, the approval's signature over
the batch, sealing under two keys per item, judgement and entry in Seoul; pouch; unpacking,
judgement, entry, re-wrapping and cosignature in Tokyo. One thread makes and enters the next
batch while another carries the one before. Not counted: laying each draft before the authority
(one durable act per draft, at the desk, long before).
"""

import threading
import time
from itertools import pairwise
from typing import Final

from benchmarks.figures import Figure, run
from benchmarks.houses import KIM, PARK, two_nodes, wish
from comity.node import outgoing, releases
from comity.node.node import Node
from comity.node.ports import Courier
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import correspondence
from tests.support.pair import JPN, KOR

BATCH: Final = 1000
_CONTENT: Final = 1000
_WINDOWS: Final = 5
_AHEAD: Final = 2
"""Batches that may be entered and not yet acknowledged."""


def lay_batch(node: Node, count: int) -> list[Digest]:
    """Lay ``count`` items before the releasing authority."""
    wishes = [wish(node.suite.random(_CONTENT)) for _ in range(count)]
    return [one.deed for one in releases.lay_list_before(node, wishes, drafter=KIM)]


def release_batch(node: Node, count: int) -> None:
    """Lay ``count`` items before the authority, approve the list with one signature."""
    releases.approve(node, lay_batch(node, count), authority=PARK)


class Pipeline:
    """One thread enters batches, another carries them; counted is what Tokyo has cosigned."""

    def __init__(self, node: Node, courier: Courier, *, batch: int, until: float) -> None:
        """Run until this moment of the monotonic clock."""
        self._node = node
        self._courier = courier
        self._batch = batch
        self._until = until
        self._room = threading.Semaphore(_AHEAD)
        self._entered = threading.Semaphore(0)
        self._done = threading.Event()
        self.error: BaseException | None = None
        self.marks: list[tuple[float, int]] = []

    def _enter(self) -> None:
        try:
            while time.monotonic() < self._until:
                self._room.acquire()
                release_batch(self._node, self._batch)
                self._entered.release()
        except BaseException as error:  # noqa: BLE001 - told by the other thread
            self.error = error
        finally:
            self._done.set()
            self._entered.release()

    def run(self) -> None:
        """Carry until the time is over and everything is acknowledged."""
        with self._node.store.reading() as tx:
            acknowledged = outgoing.acknowledged(tx, KOR, JPN)
        self.marks.append((time.monotonic(), acknowledged))
        thread = threading.Thread(target=self._enter)
        thread.start()
        while True:
            self._entered.acquire()
            while True:
                progress = outgoing.exchange(self._node, JPN, self._courier)
                if progress.acknowledged > self.marks[-1][1]:
                    self.marks.append((time.monotonic(), progress.acknowledged))
                if not progress.more:
                    break
            self._room.release()
            if self._done.is_set():
                break
        thread.join()
        while outgoing.exchange(self._node, JPN, self._courier).more:
            pass
        with self._node.store.reading() as tx:
            size = tx.frontier(correspondence(KOR, JPN)).size
            acknowledged = outgoing.acknowledged(tx, KOR, JPN)
        if acknowledged > self.marks[-1][1]:
            self.marks.append((time.monotonic(), acknowledged))
        if self.error is not None:
            raise self.error
        if size != acknowledged:
            raise RuntimeError(f"{size - acknowledged} items are not cosigned")


def rates(marks: list[tuple[float, int]], windows: int) -> tuple[float, ...]:
    """Return the items per second of equal parts of a run, as acknowledged."""
    groups = max(1, (len(marks) - 1) // windows)
    ends = marks[::groups]
    return tuple(
        (later[1] - earlier[1]) / (later[0] - earlier[0]) for earlier, later in pairwise(ends)
    )


def measure(seconds: float) -> list[Figure]:
    """Measure batches of 100 and of 1,000."""
    found = []
    with two_nodes() as seoul:
        node = seoul.house.node
        release_batch(node, BATCH // 10)
        seoul.carry()
        for batch in (BATCH // 10, BATCH):
            pipe = Pipeline(node, seoul.courier, batch=batch, until=time.monotonic() + seconds)
            spent = time.process_time()
            pipe.run()
            spent = time.process_time() - spent
            (began, before), (ended, after) = pipe.marks[0], pipe.marks[-1]
            whole = (after - before) / (ended - began)
            found.append(
                Figure(
                    f"bulk of 1 KB items in batches of {batch}",
                    "items/s",
                    rates(pipe.marks, _WINDOWS),
                    f"whole run: {after - before} items in {ended - began:.1f} s = {whole:.0f}/s; "
                    f"processor time of Seoul {spent / (after - before) * 1e6:.0f} µs per item",
                )
            )
    return found


if __name__ == "__main__":
    run(measure, seconds=20.0)
