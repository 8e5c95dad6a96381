"""How the commands speak to a node that is running: a Unix socket that only its owner can open.

A message is four bytes of length, most significant first, and JSON. One connection carries one
request and its answer. The file's mode keeps others out (0600, set before anybody is listened
to); the kernel is asked who connects as well.
"""

import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from comity.transport.bugs import note_bug
from comity.vocabulary.errors import Unavailable

LIMIT: Final = 16 << 20
"""The longest message, in bytes."""

_AT_ONCE: Final = 16
_HEAD: Final = struct.Struct(">I")
_CREDENTIALS: Final = struct.Struct("3i")
_BUG: Final = 70
_PATIENCE: Final = 10.0
_log: Final = logging.getLogger("comity.transport")

T = TypeVar("T")


class Request(Struct, frozen=True, forbid_unknown_fields=True):
    """A command with its arguments, as JSON values."""

    command: str
    arguments: dict[str, Any]


class Response(Struct, frozen=True, forbid_unknown_fields=True):
    """What the command would have ended with: exit status and output, a JSON value."""

    status: int
    output: Any


_encode: Final = msgspec.json.encode


class LocalServer:
    """A listening socket and its thread; see :func:`serve_socket`."""

    def __init__(self, path: Path, handle: Callable[[Request], Response]) -> None:
        """Listen."""
        self._path: Final = path
        self._handle: Final = handle
        self._free: Final = threading.BoundedSemaphore(_AT_ONCE)
        self._socket: Final = _listening(path)
        self._thread: Final = threading.Thread(target=self._serve, name="commands", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more and remove the socket; commands under way end by themselves."""
        with suppress(OSError):
            # Wakes the thread that waits in accept(); closing alone would not.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._free.acquire()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with connection:
                _check_caller(connection)
                connection.settimeout(_PATIENCE)
                request = _decoded(_receive(connection), Request)
                connection.settimeout(None)
                response = self._handled(request)
                connection.settimeout(_PATIENCE)
                _send(connection, response)
        except (OSError, Unavailable) as error:
            _log.info("a command was not answered: %s", type(error).__name__)
        finally:
            self._free.release()

    def _handled(self, request: Request) -> Response:
        try:
            return self._handle(request)
        except Exception as error:  # noqa: BLE001 - answered and noted, never lost
            # What comity means, the function has put into a response; this is a bug.
            note_bug(_log, error)
            return Response(_BUG, {"error": type(error).__name__})


@contextmanager
def serve_socket(path: Path, handle: Callable[[Request], Response]) -> Iterator[LocalServer]:
    """Answer commands at a socket while the block lasts; each runs in a thread of its own.

    Whoever calls holds the lock of the node's directory: a socket that is there already is what
    a crash left, and is replaced.

    Args:
        path: Where; its directory exists.
        handle: Runs one command. It turns what comity means into a response by itself.

    Raises:
        Unavailable: ``unavailable.socket``: it cannot be made there.
    """
    server = LocalServer(path, handle)
    try:
        yield server
    finally:
        server.close()


def call(path: Path, request: Request, *, seconds: float | None = None) -> Response:
    """Ask a running node to do something, and wait for the end.

    Args:
        path: Its socket.
        request: What to do.
        seconds: How long to wait; without end if not told.

    Raises:
        Unavailable: ``unavailable.node``: no node listens there; nothing was done.
            ``unavailable.node-answer``: it was asked, and did not answer; nothing is known.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            with _short(path) as name:
                connection.connect(name)
        except OSError as error:
            raise Unavailable("unavailable.node", "no node is running here") from error
        try:
            connection.settimeout(seconds)
            _send(connection, request)
            return _decoded(_receive(connection), Response)
        except OSError as error:
            raise _no_answer() from error


def _listening(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            path.unlink()
        with _short(path) as name:
            made.bind(name)
        # Until listen() nobody can connect, so nobody came in before this mode.
        path.chmod(0o600)
        made.listen(_AT_ONCE)
    except OSError as error:
        made.close()
        raise Unavailable("unavailable.socket", f"{path}: {error.strerror}") from error
    return made


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """Name a socket by way of its opened directory: names of sockets end at 107 bytes."""
    handle = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{path.name}"
    finally:
        os.close(handle)


def _check_caller(connection: socket.socket) -> None:
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    if user not in {os.geteuid(), 0}:
        raise Unavailable("unavailable.socket", "another user's command")


def _send(connection: socket.socket, message: Struct) -> None:
    raw = _encode(message)
    if len(raw) > LIMIT:
        raise Unavailable("unavailable.node-answer", "the message is too long")
    connection.sendall(_HEAD.pack(len(raw)) + raw)


def _receive(connection: socket.socket) -> bytes:
    (length,) = _HEAD.unpack(_exactly(connection, _HEAD.size))
    if length > LIMIT:
        raise Unavailable("unavailable.node-answer", "the message is too long")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    parts: list[bytes] = []
    while length:
        part = connection.recv(min(length, 1 << 16))
        if not part:
            raise _no_answer()
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _decoded(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unavailable("unavailable.node-answer", "the message does not read") from error


def _no_answer() -> Unavailable:
    return Unavailable("unavailable.node-answer", "the node ended, or did not answer in time")
