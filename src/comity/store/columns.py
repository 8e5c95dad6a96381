"""How a row of the register stands in a table: one column per field, and back.

Text, whole numbers, truth values and bytes stand as they are; a tuple of text stands as
canonical JSON. Rows are read without validation: they were written here, from typed values.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Generic, TypeVar, get_type_hints

import msgspec

from comity.register.rows import TABLES, Row

R = TypeVar("R", bound=Row)

TUPLE: Final = tuple[str, ...]
"""The one kind of field that is no plain value of a database."""

KINDS: Final[tuple[object, ...]] = (str, int, bool, bytes, TUPLE)
"""Every kind of field that a row may have."""

_encode_tuple: Final = msgspec.json.Encoder(order="sorted").encode
_tuple_decoder: Final = msgspec.json.Decoder(TUPLE)


@lru_cache(4096)
def _read_tuple(text: str) -> tuple[str, ...]:
    # The same few lists of offices, caveats and roles stand in every item.
    return _tuple_decoder.decode(text)


@lru_cache(4096)
def _write_tuple(value: tuple[str, ...]) -> str:
    return _encode_tuple(value).decode()


class Columns(Generic[R]):
    """The columns of one table, in the order of its fields."""

    def __init__(self, kind: type[R]) -> None:
        """Read the fields of a row once.

        Raises:
            TypeError: a field is of a kind that no column can hold; a bug.
        """
        hints = get_type_hints(kind)
        self.names: Final[tuple[str, ...]] = kind.__struct_fields__
        self.kinds: Final[tuple[object, ...]] = tuple(hints[name] for name in self.names)
        if any(one not in KINDS for one in self.kinds):
            raise TypeError(f"{kind.__name__} has a field that no column can hold")
        self._row: Final = kind
        converted: dict[object, tuple[Callable[..., object], Callable[..., object]]] = {
            TUPLE: (_write_tuple, _read_tuple),
            bool: (bool, bool),
        }
        special = [(at, *converted[one]) for at, one in enumerate(self.kinds) if one in converted]
        self._writers: Final = [(at, write) for at, write, _ in special]
        self._readers: Final = [(at, read) for at, _, read in special]

    def write(self, row: Row) -> Sequence[object]:
        """Return what stands in the columns of a row."""
        if not self._writers:
            return msgspec.structs.astuple(row)
        values = list(msgspec.structs.astuple(row))
        for at, write in self._writers:
            values[at] = write(values[at])
        return values

    def read(self, columns: Sequence[object]) -> R:
        """Return the row that stands in these columns."""
        values = list(columns)
        for at, read in self._readers:
            values[at] = read(values[at])
        return self._row(**dict(zip(self.names, values, strict=True)))  # type: ignore[arg-type]


COLUMNS: Final[dict[type[Row], Columns[Row]]] = {kind: Columns(kind) for kind in TABLES.values()}
"""The columns of every table."""
