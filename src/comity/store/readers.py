"""Connections for reading: one for each that reads at a time, used again afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final, Generic, Protocol, TypeVar

from comity.vocabulary.errors import Unavailable

_KEPT_FREE: Final = 4


class Connection(Protocol):
    """What can be used again as long as it is sound."""

    @property
    def sound(self) -> bool:
        """Whether it may be used again."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


C = TypeVar("C", bound=Connection)


class Readers(Generic[C]):
    """A few connections that wait to be used again; more are made when more are reading."""

    def __init__(self, connect: Callable[[], C]) -> None:
        """Make connections with this function when there is none to be used again."""
        self._connect: Final = connect
        self._guard: Final = Lock()
        self._free: list[C] = []
        self._closed: bool = False

    @contextmanager
    def one(self) -> Iterator[C]:
        """Have a connection for oneself for the length of the block.

        Raises:
            Unavailable: ``unavailable.closed``: the store is closed; and what ``connect`` raises.
        """
        with self._guard:
            if self._closed:
                raise Unavailable("unavailable.closed", "the store is closed")
            found = self._free.pop() if self._free else None
        if found is not None and not found.sound:
            # It was lost while it waited; what is asked now need not suffer for it.
            found.close()
            found = None
        connection = self._connect() if found is None else found
        try:
            yield connection
        finally:
            with self._guard:
                again = not self._closed and connection.sound and len(self._free) < _KEPT_FREE
                if again:
                    self._free.append(connection)
            if not again:
                connection.close()

    def close(self) -> None:
        """Close the free connections now, and each of the others when its reading ends."""
        with self._guard:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()
