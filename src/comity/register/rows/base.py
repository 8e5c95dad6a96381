"""What every row has, what may be asked of rows, and how a position is written as a key."""

from functools import lru_cache
from typing import Final, Protocol, TypeVar

from msgspec import Struct

from comity.acts.parts import Position
from comity.vocabulary.instants import EPOCH
from comity.vocabulary.logs import LogName


class Row(Struct, frozen=True, kw_only=True, cache_hash=True, gc=False):
    """One line of one table. The scope of a key never changes."""

    key: str
    scope: str


R = TypeVar("R", bound=Row)

WITHDRAWN: Final = EPOCH
"""The end of what was withdrawn before its end: before everything, so that it never holds."""


class Rows(Protocol):
    """What a fold and a gathering may ask of the register: by key, or a whole scope."""

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row, or nothing."""
        ...

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of one scope in the order of their keys."""
        ...


class Needs:
    """What a batch will ask, so that it can be fetched with one query per table."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self.keys: dict[type[Row], set[str]] = {}
        self.scopes: dict[type[Row], set[str]] = {}
        self._said: set[object] = set()

    def first(self, what: object) -> bool:
        """Tell whether this is asked the first time: what a batch shares is said once."""
        if what in self._said:
            return False
        self._said.add(what)
        return True

    def key(self, key: str, *kinds: type[Row]) -> None:
        """Ask for the rows of these kinds under one key."""
        for kind in kinds:
            self.keys.setdefault(kind, set()).add(key)

    def scope(self, scope: str, *kinds: type[Row]) -> None:
        """Ask for all rows of these kinds in one scope."""
        for kind in kinds:
            self.scopes.setdefault(kind, set()).add(scope)


def key_of(position: Position) -> str:
    """Write a position as a key: ``comity/KOR/to/JPN#7``."""
    return f"{position.log}#{position.index}"


@lru_cache(maxsize=64)
def key_at(log: LogName, index: int) -> str:
    """Write a log and an index as a key."""
    return f"{log}#{index}"


def position_of(key: str) -> Position:
    """Read a key that :func:`key_of` wrote."""
    log, _, index = key.rpartition("#")
    return Position(log=LogName(log), index=int(index))
