"""A leaf where it stands, as the folds read it."""

from msgspec import Struct, UnsetType

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
    """

    house: Party
    log: LogName
    index: int
    entry: Entry | None

    @property
    def key(self) -> str:
        """The leaf's position as a key."""
        return key_at(self.log, self.index)
