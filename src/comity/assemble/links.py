"""The links of a served node: each is kept by threads of its own, so that none delays another.

A peer that is slow, silent or dead costs the thread that waits for it, for as long as the limits
of the transport say. The store has one writer, and nobody holds it while waiting for a peer.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from comity.assemble.house import House, keep_witness
from comity.node import large, outgoing, setup, showing
from comity.node.ahead import Ahead, Elsewhere, Made
from comity.node.alarms import raise_alarm
from comity.transport.bugs import note_bug
from comity.transport.client import HttpCourier
from comity.transport.limits import CONTENT
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import ComityError, Unavailable
from comity.vocabulary.names import Party

HEARTBEAT: Final = 60.0
"""Seconds between two words to a peer when there is nothing to say."""

FIRST_RETRY: Final = 1.0
"""Seconds until a peer that did not answer is tried again; doubled up to the heartbeat."""

_log: Final = logging.getLogger("comity.serve")
_MOST_ROUNDS: Final = 256
"""Pouches in a row, before the link rests a moment: a peer may always have something to say."""


def elsewhere(pool: Executor) -> Elsewhere:
    """Return what lets threads of a pool work; what none has begun when it is wanted is not late.

    Whoever wants the result does the work itself then.
    """

    def begin(work: Callable[[], Made]) -> Callable[[], Made]:
        future = pool.submit(work)
        return lambda: work() if future.cancel() else future.result()

    return begin


def is_sound(house: House) -> bool:
    """Tell whether no disk of a house has failed: what it kept, only a new process can know."""
    files = house.node.files
    return house.store.sound and (files is None or files.sound)


class _Link:
    """What the threads of one link share."""

    def __init__(self, peer: Party, ahead: Ahead) -> None:
        self.peer: Final = peer
        self.ahead: Final = ahead
        self.turn: Final = threading.Lock()
        """One exchange with a peer at a time: who asks meanwhile waits for its turn."""
        self.to_say: Final = threading.Event()
        self.to_fetch: Final = threading.Event()
        self.threads: list[threading.Thread] = []


class Links:
    """The links to all enrolled peers."""

    def __init__(
        self,
        house: House,
        courier: HttpCourier,
        *,
        stop: threading.Event,
        unsound: Callable[[], None],
    ) -> None:
        """Prepare; :meth:`keep` begins.

        Args:
            house: Whose links they are.
            courier: Carries to the peers; closing it ends what is under way.
            stop: Set when the node stops.
            unsound: Called when a disk has failed, or more is gone, and the node is to end.
        """
        self._house: Final = house
        self._courier: Final = courier
        self._stop: Final = stop
        self._unsound: Final = unsound
        self._changing: Final = threading.Lock()
        self._links: Final[dict[Party, _Link]] = {}
        self._aside: Final = ThreadPoolExecutor(2, "pouch ahead")

    def keep(self) -> None:
        """Keep the link to every enrolled peer from now on, and see whether there is news for it.

        Raises:
            Unavailable: the books cannot be read.
        """
        for link in self._all():
            with self._changing:
                if not link.threads:
                    for run in (self._talk, self._collect):
                        name = f"{run.__name__.strip('_')} {link.peer}"
                        thread = threading.Thread(target=run, args=(link,), name=name, daemon=True)
                        link.threads.append(thread)
                        thread.start()
            link.to_say.set()
            link.ahead.news()

    def heard(self, peer: Party) -> None:
        """A pouch of this peer was taken: it may want an answer, or name what is to be fetched."""
        with self._changing:
            link = self._links.get(peer)
        if link is not None:
            link.to_say.set()
            link.to_fetch.set()

    def carry(self, *, heartbeat: bool = False) -> list[dict[str, Any]]:
        """Exchange with every peer until nothing is left to say, or it does not answer."""
        links = self._all()
        if len(links) < 2:  # noqa: PLR2004 - one alone waits for nobody
            words = [self._said(one, heartbeat=heartbeat) for one in links]
        else:
            with ThreadPoolExecutor(len(links), "carry") as pool:
                words = list(pool.map(partial(self._said, heartbeat=heartbeat), links))
        return [{"peer": one.peer, "word": word} for one, word in zip(links, words, strict=True)]

    def end(self, *, within: float) -> None:
        """Wait until the threads have ended, after ``stop`` was set; at most so many seconds."""
        until = time.monotonic() + within
        with self._changing:
            links = list(self._links.values())
        for link in links:
            link.to_say.set()
            link.to_fetch.set()
        for thread in [one for link in links for one in link.threads]:
            thread.join(max(0.0, until - time.monotonic()))
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _all(self) -> list[_Link]:
        with self._house.node.store.reading() as tx:
            peers = [Party(row.key) for row in setup.peers(tx)]
        with self._changing:
            for peer in peers:
                if peer not in self._links:
                    ahead = Ahead(self._house.node, peer, elsewhere(self._aside))
                    self._links[peer] = _Link(peer, ahead)
            return [self._links[peer] for peer in peers]

    # --- pouches ---------------------------------------------------------------------------

    def _talk(self, link: _Link) -> None:
        """Say what there is to say, and a word now and then, until told to stop."""
        wait, beaten = FIRST_RETRY, -HEARTBEAT
        while True:
            # In this order: whoever ends it stops it first, and wakes it then.
            link.to_say.clear()
            if self._stop.is_set():
                return
            now = time.monotonic()
            due = now - beaten >= HEARTBEAT
            word = self._said(link, heartbeat=due)
            if word.startswith("unavailable.") or word == "busy":
                pause, wait = wait, min(2 * wait, HEARTBEAT)
            else:
                beaten = now if due else beaten
                pause, wait = HEARTBEAT - (now - beaten), FIRST_RETRY
            link.to_say.wait(pause)

    def _said(self, link: _Link, *, heartbeat: bool) -> str:
        """Exchange in this link's turn; return the last word, or the code of what went wrong."""
        try:
            with link.turn:
                return self._exchanged(link, heartbeat=heartbeat)
        except ComityError as error:
            _log.warning("link to %s: %s", link.peer, error.code)
            return self._alarmed(link.peer, error.code)
        except Exception as error:  # noqa: BLE001 - a link goes on, whatever a peer brings up
            note_bug(_log, error)
            return self._alarmed(link.peer, "unexpected")

    def _exchanged(self, link: _Link, *, heartbeat: bool) -> str:
        node, peer = self._house.node, link.peer
        for _ in range(_MOST_ROUNDS):
            if self._stop.is_set():
                break
            progress = link.ahead.exchange(self._courier, heartbeat=heartbeat)
            heartbeat = False
            with node.store.reading() as tx:
                keep_witness(self._house, tx, peer)
                if outgoing.rolled_back(tx, node.party, peer) is not None:
                    # It signs nothing more: what it would sign is a second history.
                    self._stop.set()
                    self._unsound()
                    return "unavailable.rollback"
            if not progress.more and not outgoing.has_news(node, peer):
                showing.show(node, peer, self._courier)
                return progress.word.value
        return "busy"

    def _alarmed(self, peer: Party, code: str) -> str:
        """Raise an alarm about a peer; where the books cannot be written, that is the word."""
        try:
            raise_alarm(self._house.node, peer, code)
        except ComityError as error:
            code = error.code
        self._look()
        return code

    def _look(self) -> None:
        if not is_sound(self._house):
            self._unsound()

    # --- large contents --------------------------------------------------------------------

    def _collect(self, link: _Link) -> None:
        """Fetch large contents until told to stop: a gigabyte does not hold up a pouch."""
        wait = FIRST_RETRY
        while True:
            link.to_fetch.clear()
            if self._stop.is_set():
                return
            left = self._fetched(link.peer)
            wait = min(2 * wait, HEARTBEAT) if left else FIRST_RETRY
            # What a pouch names is asked for at once; but not where it failed just now, or a
            # peer would set the pace at which it is asked for what it does not give.
            (self._stop if left else link.to_fetch).wait(wait if left else HEARTBEAT)

    def _fetched(self, peer: Party) -> bool:
        """Fetch what is wanted of a peer; tell whether something is still wanted."""
        node = self._house.node
        left = False
        try:
            with node.store.reading() as tx:
                wanted = large.wanted(tx, peer)
            for one in wanted:
                left |= not self._fetched_one(peer, one)
        except ComityError as error:
            _log.warning("contents: %s", error.code)
            return True
        return left

    def _fetched_one(self, peer: Party, name: Digest) -> bool:
        try:
            large.fetch(self._house.node, peer, name, partial(self._pieces, peer, name))
        except Unavailable as error:
            _log.info("content from %s: %s", peer, error.code)
            self._look()
            return False
        except ComityError as error:
            _log.info("content from %s: %s", peer, error.code)
            self._alarmed(peer, error.code)
            return False
        except Exception as error:  # noqa: BLE001 - a link goes on, whatever a peer brings up
            note_bug(_log, error)
            return False
        return True

    def _pieces(self, peer: Party, digest: Digest, start: int) -> Iterator[bytes]:
        for piece in self._courier.fetch(peer, f"{CONTENT}{digest}", start):
            if self._stop.is_set():
                # Not the end of the content: what came stays for the next time.
                raise Unavailable("unavailable.peer", "this node stops")
            yield piece
