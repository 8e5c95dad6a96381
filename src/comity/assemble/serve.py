"""A node that runs: the exchange over mutual TLS, commands at a socket, links in step."""

import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from comity.assemble.chores import Chores
from comity.assemble.commands import COMMANDS
from comity.assemble.commands.said import failure, of_file
from comity.assemble.epochs import current
from comity.assemble.house import (
    House,
    believed_of,
    opened,
    reached_at,
    require_not_rolled_back,
    shown_to,
)
from comity.assemble.lanes import Lanes
from comity.assemble.links import FIRST_RETRY, HEARTBEAT, Links, is_sound
from comity.exchange.replicas import REPLICA
from comity.node import flowing, hours, large, setup
from comity.node.alarms import raise_alarm
from comity.node.incoming import receive
from comity.node.links import directory_of
from comity.node.ports import Face
from comity.node.replicas import answer_replica
from comity.seal.certificates import certificate_fingerprint
from comity.transport.client import HttpCourier
from comity.transport.local import Request, Response, serve_socket
from comity.transport.server import Content, ExchangeServer, running
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import ComityError, Invalid, Unavailable
from comity.vocabulary.logs import LogName, journal
from comity.vocabulary.names import Party

_LAST_WORDS: Final = 2.0
"""Seconds that the links have to end by themselves when the node stops, and once more after."""

_TOGETHER: Final = 0.05
"""Seconds that a source waits at most while its link is busy: what comes in then is one leaf."""

SOCKET: Final = "comity.sock"
_log: Final = logging.getLogger("comity.serve")
_CHANGE_TRUST: Final = frozenset(
    {"enrol.confirm", "peer.address", "keys.renew", "keys.revoke", "keys.believe"}
)


class Served:
    """A house while it is served: its exchange, its links, its commands."""

    def __init__(self, house: House) -> None:
        """Prepare; nothing listens yet."""
        self.house = house
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._commands = threading.Lock()
        self._journal = 0
        self._peers: dict[Digest, Party] = {}
        self._versions: dict[Party, int] = {}
        self.courier = HttpCourier(partial(reached_at, house), partial(shown_to, house), local=True)
        # A stream has connections of its own: it waits for no pouch.
        self.lanes = Lanes(
            house.node,
            HttpCourier(partial(reached_at, house), partial(shown_to, house), local=True),
            behind=self._wake.set,
        )
        self.lanes_wait = True
        """Whether the lanes have still to be looked at, once the books can be read."""
        self.links = Links(house, self.courier, stop=self._stop, unsound=self._wake.set)
        host, _, port = house.config.exchange.rpartition(":")
        self.chores = Chores(house, self._commands, refresh=self._refresh, stop=self._stop)
        self.exchange = ExchangeServer(
            self._received,
            certificates=house.vault.certificates,
            trusted=self._trusted,
            host=host,
            port=int(port),
            handle_content=self._content,
        )

    def _trusted(self) -> list[bytes]:
        """Return the certificates of the enrolled peers, and remember whose they are."""
        node = self.house.node
        with node.store.reading() as tx:
            peers = [Party(row.key) for row in setup.peers(tx)]
            self._versions = {one: directory_of(tx, one, node.party).version for one in peers}
        found = [(one, der) for one in peers for der in believed_of(self.house, one)]
        self._peers = {certificate_fingerprint(der): one for one, der in found}
        return [der for _, der in found]

    def _refresh(self) -> None:
        self.exchange.refresh()

    def _peer_of(self, fingerprint: Digest) -> Party:
        peer = self._peers.get(fingerprint)
        if peer is None:
            raise Invalid("invalid.peer", "no enrolled peer has this certificate")
        return peer

    def _heed_directory(self, peer: Party) -> None:
        """Believe a certificate that a pouch has just brought, before its owner shows it."""
        node = self.house.node
        with node.store.reading() as tx:
            version = directory_of(tx, peer, node.party).version
        if version != self._versions.get(peer):
            self.exchange.refresh()

    def _received(self, fingerprint: Digest, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer a peer; it is known by its certificate before its bytes are looked at."""
        peer = self._peer_of(fingerprint)
        if path == REPLICA:
            return 200, answer_replica(self.house.node, peer, body)
        if path != "/v1/pouch":
            return 404, b""
        answer = b""
        try:
            answer = receive(self.house.node, peer, body)
        finally:
            if not flowing.is_plain(answer):
                # Something may have been entered in answer (a refusal, a divergence): say it soon.
                self.links.heard(peer)
            if not is_sound(self.house):
                self._wake.set()
        if not flowing.is_plain(answer):
            self._heed_directory(peer)
        return 200, answer

    def _content(self, fingerprint: Digest, digest: Digest, start: int) -> Content:
        """Give a content to the counterpart that it was given to; to others it is not here."""
        node = self.house.node
        peer = self._peer_of(fingerprint)
        with node.store.reading() as tx:
            length = large.given(node, tx, peer, digest)
        assert node.files is not None  # noqa: S101 - given() asked
        return Content(length=length, pieces=large.pieces_of(node.files, digest, start))

    def command(self, request: Request) -> Response:
        """Run one command; what comity means becomes a status and words."""
        if request.command == "stop":
            self.stop()
            return Response(0, {"process": os.getpid()})
        if request.command == "exchange":
            return self._answered(lambda: {"links": self.carry(heartbeat=True)})
        run = COMMANDS.get(request.command)
        if run is None:
            return Response(64, {"error": "usage", "detail": f"no command {request.command}"})
        with self._commands:
            response = self._answered(lambda: run(self.house, request.arguments))
        if request.command == "feed.give":
            # Hundreds a second: the links are woken where the lane waits for them, not each time.
            self._flow(response)
            return response
        if request.command in _CHANGE_TRUST:
            self.exchange.refresh()
        self._wake.set()
        return response

    def _flow(self, response: Response) -> None:
        """Carry what was given; of a command that was refused, what it gave before that."""
        if lane := response.output.get("lane"):
            self.lanes.flow(LogName(lane), within=_TOGETHER)
        else:
            self.resume_lanes()

    def resume_lanes(self) -> None:
        """Carry every lane of which something waits; where the books are away, when they are back.

        A node that has begun to answer does not end because its database goes at that moment.
        """
        self.lanes_wait = True
        with suppress(Unavailable):
            self.lanes.resume()
            self.lanes_wait = False

    def acted(self) -> None:
        """Carry what was entered at the console now, as after a command: not at the next beat.

        Whoever asks for nothing that is entered wakes nobody, however often.
        """
        node = self.house.node
        with suppress(ComityError), node.store.reading() as tx:
            size = tx.frontier(journal(node.party)).size
            if size != self._journal:
                self._journal = size
                self._wake.set()

    def _answered(self, run: Callable[[], dict[str, Any]]) -> Response:
        try:
            return Response(0, run())
        except ComityError as error:
            return Response(error.exit_status, failure(error))
        except OSError as error:
            meant = of_file(error)
            return Response(meant.exit_status, failure(meant))
        except (KeyError, ValueError) as error:
            said = {"error": "usage", "detail": _usage(error)}
            return Response(64, said)

    def carry(self, *, heartbeat: bool = False) -> list[dict[str, Any]]:
        """Exchange with every peer until nothing is left to say, or it does not answer."""
        return self.links.carry(heartbeat=heartbeat)

    def run(self) -> None:
        """Keep the links in step, and the keys in their time, until told to stop.

        Raises:
            Unavailable: ``unavailable.disk``: a disk failed, and only a new process can know
                what it kept. Nothing was acknowledged that was not durable.
        """
        wait = FIRST_RETRY
        away: Unavailable | None = None
        while True:
            # In this order: whoever stops it sets that first, and wakes it then.
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                until = self._step(away=away)
                away, wait = None, FIRST_RETRY
            except Unavailable as error:
                # A database that is away, a full disk: nothing is decided, and peers are told
                # to try again. It goes on by itself where it stopped.
                _log.warning("the books cannot be used: %s", error.code)
                until, away = wait, error
                wait = min(2 * wait, HEARTBEAT)
            self._require_sound()
            self._wake.wait(until)
            self._require_sound()

    def _step(self, *, away: Unavailable | None) -> float:
        """Do once what is due; return the seconds until more is due."""
        if away is not None:
            raise_alarm(self.house.node, self.house.node.party, away.code)
        self.chores.keep()
        self.links.keep()
        if self.lanes_wait:
            self.lanes.resume()
            self.lanes_wait = False
        # Not later than the next fixed hour: its checkpoint leaves on the stroke.
        stroke = hours.until_next(self.house.node.clock.now())
        return min(stroke, self.chores.until_departure())

    def _require_sound(self) -> None:
        if not is_sound(self.house):
            raise Unavailable("unavailable.disk", "a disk failed; see to it, then start again")

    def stop(self, *_: object) -> None:
        """Stop soon.

        As the handler of a signal it runs in the middle of whatever the main thread does, which
        may be holding the lock of one of these events: another thread waits for that.
        """
        threading.Thread(target=self._end, name="stop", daemon=True).start()

    def _end(self) -> None:
        self._stop.set()
        self._wake.set()


def _usage(error: Exception) -> str:
    """Return what is wrong with an argument, in words."""
    if isinstance(error, KeyError):
        return f"it needs --{error.args[0]}"
    return str(error)


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
def served(directory: Path, passphrase: str, *, listening: bool = True) -> Iterator[Served]:
    """Serve a node for the block; :meth:`Served.run` keeps its links.

    Args:
        directory: The node's directory.
        passphrase: What opens its keys.
        listening: Whether peers and browsers are answered meanwhile. A command that finds no
            node running needs neither, and is over sooner; other commands it answers.

    Raises:
        Unavailable: ``unavailable.locked``, ``unavailable.port``, ``unavailable.rollback``.
    """
    with ExitStack() as stack:
        house = stack.enter_context(opened(directory, passphrase))
        node = Served(house)
        house.node.face = partial(_face, house)
        if listening:
            # Here, because a command alone does not pay for it.
            from comity.assemble.desk import console_running  # noqa: PLC0415

            stack.enter_context(running(node.exchange))
            stack.enter_context(console_running(house, acted=node.acted))
        stack.enter_context(serve_socket(directory / SOCKET, node.command))
        # What is under way has a moment to end; then the connections are closed under it, which
        # is as if the process had died there: the same is said again the next time.
        stack.callback(node.links.end, within=_LAST_WORDS)
        stack.callback(node.courier.close)
        stack.callback(node.lanes.stop)
        node.resume_lanes()
        stack.callback(node.links.end, within=_LAST_WORDS)
        if listening:
            thread = threading.Thread(target=node.chores.keep_titles, name="titles", daemon=True)
            thread.start()
            stack.callback(thread.join, 10.0)
        stack.callback(node.stop)
        yield node


def _face(house: House) -> Face:
    where = house.where()
    epochs = current(house, house.node.clock.now())
    return Face(where.address, where.certificate, tuple(epochs))


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
