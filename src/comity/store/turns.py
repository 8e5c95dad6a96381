"""One writer at a time within a process: the next waits its turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident


class Turn:
    """Whose turn it is to write."""

    def __init__(self) -> None:
        """Nobody's turn yet."""
        self._lock = Lock()
        self._holder: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn and hold it for the length of the block.

        A thread that begins a second transaction inside its first would wait for itself for
        ever, or lose what the first has written: that is a bug, and it is told at once.

        Raises:
            RuntimeError: this thread holds the turn already.
        """
        # Only this thread can have put its own number here, so the comparison is no race.
        if self._holder == get_ident():
            raise RuntimeError("a transaction inside a transaction")
        with self._lock:
            self._holder = get_ident()
            try:
                yield
            finally:
                self._holder = None
