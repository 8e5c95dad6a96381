"""A leaf where it stands, as the folds read it."""

from msgspec import Struct, UnsetType
from msgspec.structs import force_setattr

from comity.acts.entries import Entry
from comity.register.rows import key_at
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party


def rests_on(entry: Entry, log: LogName) -> int:
    """Return how many leaves of another log an entry says that it rests on."""
    also = () if isinstance(entry.also, UnsetType) else entry.also
    return max((one.size for one in also if one.log == log), default=0)


class Leaf(Struct, frozen=True, kw_only=True):
    """One leaf where it stands, read by one house.

    Attributes:
        house: Whose book is folded.
        entry: What the leaf holds; ``None`` where it does not decode.
        key: The leaf's position as a key; it follows from the two before it.
    """

    house: Party
    log: LogName
    index: int
    entry: Entry | None
    key: str = ""

    def __post_init__(self) -> None:
        """Write the key once: a fold asks for it a dozen times."""
        force_setattr(self, "key", key_at(self.log, self.index))
