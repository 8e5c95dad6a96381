"""A node that runs: the exchange over mutual TLS, commands at a socket, links in step."""

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from comity.assemble.commands import COMMANDS
from comity.assemble.commands.said import failure
from comity.assemble.desk import console_running
from comity.assemble.epochs import keep_epochs
from comity.assemble.house import House, keep_witness, opened, reached_at, require_not_rolled_back
from comity.exchange.replicas import REPLICA
from comity.node import departing, hours, large, outgoing, setup, showing, titling
from comity.node.alarms import raise_alarm
from comity.node.incoming import receive
from comity.node.links import directory_of
from comity.node.replicas import answer_replica
from comity.seal.certificates import certificate_fingerprint
from comity.transport.bugs import note_bug
from comity.transport.client import HttpCourier
from comity.transport.limits import CONTENT
from comity.transport.local import Request, Response, serve_socket
from comity.transport.server import Content, ExchangeServer, running
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import ComityError, Invalid, Unavailable
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.names import Party

TITLES: Final = 1.0
"""Seconds between two looks for titles that wait to be read into the index."""

_TITLES_REST: Final = 3
"""So many times as long as a batch of titles took, the next waits: other work goes first."""

HEARTBEAT: Final = 60.0
"""Seconds between two words to a peer when there is nothing to say."""

FIRST_RETRY: Final = 1.0
"""Seconds until a peer that did not answer is tried again; doubled up to the heartbeat."""

SOCKET: Final = "comity.sock"
_log: Final = logging.getLogger("comity.serve")
_MOST_ROUNDS: Final = 256


class Served:
    """A house while it is served: its exchange, its links, its commands."""

    def __init__(self, house: House) -> None:
        """Prepare; nothing listens yet."""
        self.house = house
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._wanting = threading.Event()
        self._commands = threading.Lock()
        # One exchange with the peers at a time: who asks meanwhile waits for its turn.
        self._carrying = threading.Lock()
        self.courier = HttpCourier(
            partial(reached_at, house), house.vault.certificate(), local=True
        )
        host, _, port = house.config.exchange.rpartition(":")
        self.exchange = ExchangeServer(
            self._received,
            certificate=house.vault.certificate(),
            trusted=self._trusted,
            host=host,
            port=int(port),
            handle_content=self._content,
        )

    def _trusted(self) -> list[bytes]:
        """Return the certificates of the enrolled peers."""
        node = self.house.node
        with node.store.reading() as tx:
            return [
                directory_of(tx, Party(row.key), node.party).certificate for row in setup.peers(tx)
            ]

    def _peer_of(self, fingerprint: Digest) -> Party:
        node = self.house.node
        with node.store.reading() as tx:
            for row in setup.peers(tx):
                directory = directory_of(tx, Party(row.key), node.party)
                if certificate_fingerprint(directory.certificate) == fingerprint:
                    return Party(row.key)
        raise Invalid("invalid.peer", "no enrolled peer has this certificate")

    def _received(self, fingerprint: Digest, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer a peer; it is known by its certificate before its bytes are looked at."""
        peer = self._peer_of(fingerprint)
        if path == REPLICA:
            return 200, answer_replica(self.house.node, peer, body)
        if path != "/v1/pouch":
            return 404, b""
        try:
            answer = receive(self.house.node, peer, body)
        finally:
            # Something may have been entered in answer (a refusal, a divergence): say it soon.
            # And if a disk failed, the node is to stop soon.
            self._wake.set()
            self._wanting.set()
        return 200, answer

    def _content(self, fingerprint: Digest, digest: Digest, start: int) -> Content:
        """Give a content to the counterpart that it was given to; to others it is not here."""
        node = self.house.node
        peer = self._peer_of(fingerprint)
        with node.store.reading() as tx:
            length = large.given(node, tx, peer, digest)
        assert node.files is not None  # noqa: S101 - given() asked
        return Content(length=length, pieces=large.pieces_of(node.files, digest, start))

    def fetch(self) -> bool:
        """Fetch what is wanted of every peer; tell whether something is still wanted.

        In a thread of its own: a gigabyte under way does not hold up a pouch.
        """
        node = self.house.node
        with node.store.reading() as tx:
            peers = [Party(row.key) for row in setup.peers(tx)]
            lists = [(peer, large.wanted(tx, peer)) for peer in peers]
        left = False
        for peer, wanted in lists:
            for one in wanted:
                try:
                    large.fetch(node, peer, one, partial(self._pieces, peer, one))
                except ComityError as error:
                    left = True
                    _log.info("content from %s: %s", peer, error.code)
                    if not self._stop.is_set() and not isinstance(error, Unavailable):
                        raise_alarm(node, peer, error.code)
                except Exception as error:  # noqa: BLE001 - one link must not stop the others
                    left = True
                    note_bug(_log, error)
        return left

    def _pieces(self, peer: Party, digest: Digest, start: int) -> Iterator[bytes]:
        for piece in self.courier.fetch(peer, f"{CONTENT}{digest}", start):
            if self._stop.is_set():
                # Not the end of the content: what came stays for the next time.
                raise Unavailable("unavailable.peer", "this node stops")
            yield piece

    def keep_fetching(self) -> None:
        """Fetch contents until told to stop."""
        wait = FIRST_RETRY
        while not self._stop.is_set():
            left = False
            try:
                left = self.fetch()
            except ComityError as error:
                _log.warning("contents: %s", error.code)
            wait = min(2 * wait, HEARTBEAT) if left else FIRST_RETRY
            # What a pouch names is asked for at once; but not where it failed just now, or a
            # peer would set the pace at which it is asked for what it does not give.
            (self._stop if left else self._wanting).wait(wait)
            self._wanting.clear()

    def keep_titles(self) -> None:
        """Read the titles of new items into the index until told to stop."""
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                done = titling.catch_up(self.house.node)
            except ComityError as error:
                # They wait still, and are opened where somebody searches.
                _log.warning("titles: %s", error.code)
                done = 0
            except Exception as error:  # noqa: BLE001 - searches go on without the index
                note_bug(_log, error)
                done = 0
            took = time.monotonic() - began
            self._stop.wait(_TITLES_REST * took if done else TITLES)

    def command(self, request: Request) -> Response:
        """Run one command; what comity means becomes a status and words."""
        if request.command == "stop":
            self.stop()
            return Response(0, {})
        if request.command == "exchange":
            return self._answered(lambda: {"links": self.carry(heartbeat=True)})
        run = COMMANDS.get(request.command)
        if run is None:
            return Response(64, {"error": "usage", "detail": f"no command {request.command}"})
        with self._commands:
            response = self._answered(lambda: run(self.house, request.arguments))
        if request.command in ("enrol.confirm", "peer.address"):
            self.exchange.refresh()
        self._wake.set()
        return response

    def _answered(self, run: Callable[[], dict[str, Any]]) -> Response:
        try:
            return Response(0, run())
        except ComityError as error:
            return Response(error.exit_status, failure(error))
        except (KeyError, ValueError, OSError) as error:
            said = {"error": "usage", "detail": f"{type(error).__name__}: {error}"}
            return Response(64, said)

    def carry(self, *, heartbeat: bool = False) -> list[dict[str, Any]]:
        """Exchange with every peer until nothing is left to say, or it does not answer."""
        with self._carrying:
            return self._carried(heartbeat=heartbeat)

    def _carried(self, *, heartbeat: bool) -> list[dict[str, Any]]:
        node = self.house.node
        with node.store.reading() as tx:
            peers = [Party(row.key) for row in setup.peers(tx)]
        said = []
        for peer in peers:
            try:
                word = self._carry_to(peer, heartbeat=heartbeat)
                said.append({"peer": peer, "word": word})
            except ComityError as error:
                _log.warning("link to %s: %s", peer, error.code)
                raise_alarm(node, peer, error.code)
                said.append({"peer": peer, "word": error.code})
            except Exception as error:  # noqa: BLE001 - one link must not stop the others
                note_bug(_log, error)
                raise_alarm(node, peer, "unexpected")
                said.append({"peer": peer, "word": "unexpected"})
        return said

    def _carry_to(self, peer: Party, *, heartbeat: bool) -> str:
        node = self.house.node
        for _ in range(_MOST_ROUNDS):
            progress = outgoing.exchange(node, peer, self.courier, heartbeat=heartbeat)
            heartbeat = False
            with node.store.reading() as tx:
                keep_witness(self.house, tx, peer)
                if outgoing.rolled_back(tx, node.party, peer) is not None:
                    # It signs nothing more: what it would sign is a second history.
                    self.stop()
            if not progress.more and outgoing.next_pouch(node, peer) is None:
                showing.show(node, peer, self.courier)
                return progress.word.value
        return "busy"

    def run(self) -> None:
        """Keep the links in step, and the keys in their time, until told to stop.

        Raises:
            Unavailable: ``unavailable.disk``: a disk failed, and only a new process can know
                what it kept. Nothing was acknowledged that was not durable.
        """
        heartbeat, wait = True, FIRST_RETRY
        away: Unavailable | None = None
        while not self._stop.is_set():
            self._wake.clear()
            try:
                said, until = self._step(heartbeat=heartbeat, away=away)
                away = None
            except Unavailable as error:
                # A database that is away, a full disk: nothing is decided, and peers are told
                # to try again. It goes on by itself where it stopped.
                _log.warning("the books cannot be used: %s", error.code)
                said, until, away = [], HEARTBEAT, error
            self._require_sound()
            if away or any(one["word"].startswith("unavailable.") for one in said):
                pause, wait = wait, min(2 * wait, HEARTBEAT)
            else:
                pause, wait = HEARTBEAT, FIRST_RETRY
            heartbeat = not self._wake.wait(min(pause, until))
            self._require_sound()

    def _step(
        self, *, heartbeat: bool, away: Unavailable | None
    ) -> tuple[list[dict[str, Any]], float]:
        """Do once what is due; return what the links said, and the seconds until more is due."""
        if away is not None:
            raise_alarm(self.house.node, self.house.node.party, away.code)
        self._keep_epochs()
        self._keep_hours()
        self._keep_windows()
        said = self.carry(heartbeat=heartbeat)
        # Not later than the next fixed hour: its checkpoint leaves on the stroke.
        stroke = hours.until_next(self.house.node.clock.now())
        return said, min(stroke, self._until_departure())

    def _require_sound(self) -> None:
        files = self.house.node.files
        if not self.house.store.sound or not (files is None or files.sound):
            raise Unavailable("unavailable.disk", "a disk failed; see to it, then start again")

    def _keep_epochs(self) -> None:
        try:
            with self._commands:
                keep_epochs(self.house)
        except ComityError as error:
            # Next time: the epoch before still covers, for that reason the next begins early.
            raise_alarm(self.house.node, self.house.node.party, error.code)

    def _keep_hours(self) -> None:
        try:
            with self._commands:
                hours.strike(self.house.node)
        except ComityError as error:
            # The ledgers that did not grow are due still.
            raise_alarm(self.house.node, self.house.node.party, error.code)

    def _keep_windows(self) -> None:
        try:
            with self._commands:
                departing.depart(self.house.node)
        except ComityError as error:
            # What was decided waits still, and leaves the next time.
            raise_alarm(self.house.node, self.house.node.party, error.code)

    def _until_departure(self) -> float:
        """Return the seconds until the next decided release leaves; at most a heartbeat."""
        node = self.house.node
        at = departing.next_departure(node)
        if at is None:
            return HEARTBEAT
        # At least a moment: what cannot leave (a clock that is apart) must not keep it spinning.
        return min(HEARTBEAT, max(FIRST_RETRY, seconds_between(node.clock.now(), at)))

    def stop(self, *_: object) -> None:
        """Stop soon."""
        self._stop.set()
        self._wake.set()
        self._wanting.set()


def spare_the_collector() -> None:
    """Let Python search for circles among what a node keeps for ever no more, and less often.

    A batch makes some hundred thousand values, nearly all of which cannot be part of a circle
    and go as soon as nobody holds them. Searching them again and again took an eighth of the
    processor time of a release in bulk.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def served(directory: Path, passphrase: str) -> Iterator[Served]:
    """Serve a node for the block; :meth:`Served.run` keeps its links.

    Raises:
        Unavailable: ``unavailable.locked``, ``unavailable.port``, ``unavailable.rollback``.
    """
    with ExitStack() as stack:
        house = stack.enter_context(opened(directory, passphrase))
        node = Served(house)
        stack.enter_context(running(node.exchange))
        stack.enter_context(console_running(house))
        stack.enter_context(serve_socket(directory / SOCKET, node.command))
        stack.callback(node.courier.close)
        for name, run in (("contents", node.keep_fetching), ("titles", node.keep_titles)):
            thread = threading.Thread(target=run, name=name, daemon=True)
            thread.start()
            stack.callback(thread.join, 10.0)
        stack.callback(node.stop)
        yield node


def serve(directory: Path, passphrase: str, *, ready: Callable[[Served], None]) -> None:
    """Serve a node until SIGINT or SIGTERM, or until it finds that it was put back.

    Raises:
        Unavailable: as :func:`served`; ``unavailable.rollback`` also later, from what a
            counterpart answers.
    """
    with served(directory, passphrase) as node:
        spare_the_collector()
        signal.signal(signal.SIGTERM, node.stop)
        signal.signal(signal.SIGINT, node.stop)
        ready(node)
        node.run()
        require_not_rolled_back(node.house)
