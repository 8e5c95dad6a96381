"""Items of 1 KB in bulk: judged twice, sealed, durable and cosigned at both ends.

Two processes, SQLite synced at every commit, the real suite, mutual TLS. Counted from the
authority's decision on a list of drafts to the counterpart's verified cosignature: the drafts
opened, the approval's signature over the list, sealing under two keys per item, judgement and
entry in Seoul; pouch; unpacking, judgement, entry, re-wrapping and cosignature in Tokyo. One
thread enters the next list while another carries the one before. Laying the drafts before the
authority (drafted, judged, sealed, durable, also in lists) is a figure of its own.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import Final

from benchmarks.figures import Figure, run
from benchmarks.houses import KIM, PARK, two_nodes, wish
from comity.assemble.links import elsewhere
from comity.node import deciding, outgoing, releases
from comity.node.ahead import Ahead
from comity.node.node import Node
from comity.node.ports import Courier
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import correspondence
from tests.support.pair import JPN, KOR

BATCH: Final = 1000
_CONTENT: Final = 1000
_RUNS: Final = 5
_EXPECTED: Final = 1000
"""Items per second that the length of a run is reckoned with."""
_AHEAD: Final = 4
"""Batches that may be entered and not yet acknowledged: away, made ahead, waiting, and new."""


def lay_batch(node: Node, count: int) -> list[Digest]:
    """Lay ``count`` items before the releasing authority."""
    wishes = [wish(node.suite.random(_CONTENT)) for _ in range(count)]
    return [one.deed for one in releases.lay_list_before(node, wishes, drafter=KIM)]


def release_batch(node: Node, count: int) -> None:
    """Lay ``count`` items before the authority, approve the list with one signature."""
    deciding.approve(node, lay_batch(node, count), authority=PARK)


class Pipeline:
    """One thread approves lists, another carries them; counted is what Tokyo has cosigned."""

    def __init__(self, node: Node, courier: Courier, lists: list[list[Digest]]) -> None:
        """Release these lists of drafts, one after the other."""
        self._node = node
        self._courier = courier
        self._lists = lists
        self._room = threading.Semaphore(_AHEAD)
        self._entered = threading.Semaphore(0)
        self.error: BaseException | None = None

    def _enter(self, ahead: Ahead) -> None:
        try:
            for names in self._lists:
                self._room.acquire()
                deciding.approve(self._node, names, authority=PARK)
                self._entered.release()
                ahead.news()
        except BaseException as error:  # noqa: BLE001 - told by the other thread
            self.error = error
            for _ in self._lists:
                self._entered.release()

    def run(self) -> float:
        """Return the seconds until everything is acknowledged.

        A list that is acknowledged makes room for another at once, also where more wait to be
        carried: nobody stands still who has something to do.
        """
        ends = list(accumulate(len(names) for names in self._lists))
        with self._node.store.reading() as tx:
            before = tx.frontier(correspondence(KOR, JPN)).size
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            ahead = Ahead(self._node, JPN, elsewhere(pool))
            thread = threading.Thread(target=self._enter, args=(ahead,))
            thread.start()
            self._carry(ahead, ends, before)
            thread.join()
        took = time.monotonic() - began
        if self.error is not None:
            raise self.error
        with self._node.store.reading() as tx:
            size = tx.frontier(correspondence(KOR, JPN)).size
            acknowledged = outgoing.acknowledged(tx, KOR, JPN)
        if size != acknowledged:
            raise RuntimeError(f"{size - acknowledged} items are not cosigned")
        return took

    def _carry(self, ahead: Ahead, ends: list[int], before: int) -> None:
        """Carry what is entered, until the last list is acknowledged."""
        for _ in self._lists:
            self._entered.acquire()
            more = True
            while more and ends:
                progress = ahead.exchange(self._courier)
                more = progress.more
                while ends and progress.acknowledged - before >= ends[0]:
                    ends.pop(0)
                    self._room.release()


def measure(seconds: float) -> list[Figure]:
    """Measure five runs with lists of 100 and five with lists of 1,000."""
    found = []
    with two_nodes() as seoul:
        node = seoul.house.node
        release_batch(node, BATCH // 10)
        seoul.carry()
        for batch in (BATCH // 10, BATCH):
            lists = max(3, int(seconds / _RUNS * _EXPECTED / batch))
            items = lists * batch
            laid, released, spent = [], [], []
            for _ in range(_RUNS):
                began = time.monotonic()
                names = [lay_batch(node, batch) for _ in range(lists)]
                laid.append(items / (time.monotonic() - began))
                cpu = time.process_time()
                released.append(items / Pipeline(node, seoul.courier, names).run())
                spent.append((time.process_time() - cpu) / items * 1e6)
            row = f"1 KB items in lists of {batch:,}"
            found += [
                Figure(f"{row}, released to cosigned", "items/s", tuple(released), size=batch),
                Figure(f"{row}, processor time of Seoul", "µs/item", tuple(spent), size=batch),
                Figure(f"{row}, laid before the authority", "items/s", tuple(laid), size=batch),
            ]
    return found


if __name__ == "__main__":
    run(measure, seconds=20.0)
