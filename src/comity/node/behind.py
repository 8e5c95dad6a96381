"""Work on pieces in a thread beside the one that makes them, so that another core does it."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Final, Self

_PIECES: Final = 4
"""Pieces that may wait: a few MiB at most, whatever the length of the whole."""


class Behind:
    """Does one thing with every piece, in order, a few pieces behind who gives them.

    The library's hashing, sealing, reading and writing let other threads work meanwhile. When the
    block ends, whichever way, it was done with every piece that was taken, up to the first error:
    that is raised where the next piece is given, or at the end.
    """

    def __init__(self, do: Callable[[bytes], object]) -> None:
        """Prepare to do this with each piece; no piece is empty."""
        self._do: Final = do
        self._pieces: Final[SimpleQueue[bytes]] = SimpleQueue()
        self._room: Final = Semaphore(_PIECES)
        self._error: Exception | None = None
        self._thread: Final = Thread(target=self._run, name="behind", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def take(self, piece: bytes) -> None:
        """Take the next piece, waiting while too many are behind."""
        if piece:
            self._room.acquire()
            self._raise()
            self._pieces.put(piece)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Wait until it is done with everything that was taken."""
        self._pieces.put(b"")
        self._thread.join()
        if kind is None:
            self._raise()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while piece := self._pieces.get():
            try:
                if self._error is None:
                    self._do(piece)
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                self._error = error
            self._room.release()
