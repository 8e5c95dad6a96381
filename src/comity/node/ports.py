"""What a node needs of the world: a clock, a store, a courier, its keys. Nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import NamedTuple, Protocol, TypeVar

from comity.ledger.tiles import Tile, TileId
from comity.ledger.tree import Frontier
from comity.node.searching import Search, Seer
from comity.register.rows import Draft, DutyOf, ItemOf, Needs, Row, Rows
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Office, Party

R = TypeVar("R", bound=Row)


class Face(NamedTuple):
    """What a directory of this house says of itself beside its keys.

    Attributes:
        address: Where its node is reached; ``certificate``: what it shows there (DER).
        epochs: The epochs of its offices' keys that have not ended.
    """

    address: str
    certificate: bytes
    epochs: tuple[tuple[Office, int, Instant], ...]


class Clock(Protocol):
    """Where *now* comes from: asked once per use case."""

    def now(self) -> Instant:
        """Return the present instant."""
        ...

    def moved(self) -> float:
        """Return by how many seconds it was set, and did not go, since it was last believed."""
        ...

    def believe(self) -> None:
        """Take it as right: a counterpart's clock says the same."""
        ...


class Space(Enum):
    """Named spaces of bytes beside the logs and the register.

    ``DOCUMENT``, ``WORDS``, ``CONTENT``, ``ANSWER`` and ``NOTE`` are written once per key: what
    stands there is never replaced. The others hold the latest value.
    """

    __hash__ = object.__hash__
    """There is one object per space, and Enum's own hash is asked for by name in every key."""

    DOCUMENT = "document"
    """Documents by digest: bundles, directories, profiles, approvals."""
    WORDS = "words"
    """Particulars, those of items sealed, by digest: all that both parties can erase together."""
    CONTENT = "content"
    """Sealed contents by ciphertext digest."""
    ANSWER = "answer"
    """Answers to pouches by the pouch's identity."""
    NOTE = "note"
    """Signed checkpoints by the digest of their note text."""
    LATEST = "latest"
    """The latest note per log and use (``own``, ``cosigned``, ``held``, ``ahead``)."""
    KEY = "key"
    """Item keys wrapped under the storage key of their office (or of the releasing house)."""
    LINK = "link"
    """What is known of a link: clocks, claims, sizes acknowledged, alarms."""
    DRAFT = "draft"
    """Drafted deeds and what belongs to them, sealed under the storage key."""
    SESSION = "session"
    """Sign-in links, sessions and tokens by the digest of their secret; idempotency keys."""
    TITLE = "title"
    """Which items have a part of a word in their titles, sealed (:mod:`comity.node.titling`)."""


WRITE_ONCE = frozenset({Space.DOCUMENT, Space.WORDS, Space.CONTENT, Space.ANSWER, Space.NOTE})


class Reading(Rows, Protocol):
    """A consistent view of everything kept. Reads see one committed state.

    ``get`` and ``within`` (see :class:`~comity.register.rows.Rows`) read the register.
    """

    def fetch(
        self, ask: Needs
    ) -> tuple[dict[tuple[type[Row], str], Row], dict[tuple[type[Row], str], tuple[Row, ...]]]:
        """Return all rows asked for, with one query per table: by key, and by scope.

        A key without a row is left out; a scope without rows is there with none. Rows of a
        scope are in the order of their keys.
        """
        ...

    def page(
        self, kind: type[R], *, scope: str | None = None, after: str = "", limit: int = 100
    ) -> tuple[R, ...]:
        """Return up to ``limit`` rows with keys greater than ``after``, in the order of keys."""
        ...

    def search(self, search: Search) -> tuple[ItemOf, ...]:
        """Return the items that a search finds, the latest first.

        Who may know of an item is asked in the same question: nothing else is read.
        """
        ...

    def open_duties(self, seer: Seer, *, at: Instant, limit: int = 100) -> tuple[DutyOf, ...]:
        """Return the open duties about items that a seer may know of: those with an end first.

        What begins later than ``at`` is none yet.
        """
        ...

    def waiting_drafts(self) -> tuple[Draft, ...]:
        """Return the drafts that wait for a decision, the oldest first."""
        ...

    def untitled(self, limit: int) -> tuple[str, ...]:
        """Return the items whose titles are not in the index yet, the earliest first.

        An item waits from the transaction that put it; nobody has to remember it.
        """
        ...

    def title_numbers(self, items: Iterable[str]) -> dict[str, int]:
        """Return the numbers under which the titles of items stand in the index.

        An item that waits still, or is not here, is left out.
        """
        ...

    def last_title(self) -> int:
        """Return the highest number given to a title; 0 before the first."""
        ...

    def frontier(self, log: LogName) -> Frontier:
        """Return where a log stands; a log never written to is empty."""
        ...

    def logs(self) -> tuple[LogName, ...]:
        """Return the names of the logs that have leaves, in order."""
        ...

    def leaves(self, log: LogName, start: int, stop: int) -> list[bytes]:
        """Return the leaves ``[start, stop)``, exactly as appended.

        Raises:
            Unavailable: ``unavailable.leaves``: one is missing or cannot be read.
        """
        ...

    def tiles(self, log: LogName, tiles: Sequence[TileId]) -> list[bytes]:
        """Return tile rows: their hashes, as far as they are filled."""
        ...

    def load(self, space: Space, key: str) -> bytes | None:
        """Return what stands under a key of a space, or nothing."""
        ...

    def load_many(self, space: Space, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what stands under these keys; absent ones are left out."""
        ...

    def keys(self, space: Space, prefix: str = "") -> tuple[str, ...]:
        """Return the keys of a space that begin with ``prefix``, in order."""
        ...


class Transaction(Reading, Protocol):
    """One serialisable transaction: all of it is durable when it ends, or none of it."""

    def append(
        self,
        log: LogName,
        *,
        first: int,
        leaves: Sequence[bytes],
        frontier: Frontier,
        tiles: Iterable[Tile],
    ) -> None:
        """Append leaves; ``first`` must be the log's size, ``frontier`` what it becomes.

        Raises:
            Unavailable: ``unavailable.conflict``: the log has another size; nothing is kept.
        """
        ...

    def put(self, rows: Iterable[Row]) -> None:
        """Put register rows: insert, or replace the row of the same key.

        The title of a new item waits to be read into the index.
        """
        ...

    def number_titles(self, numbers: Mapping[str, int]) -> None:
        """Give the titles of items their numbers in the index; 0: it waits to be read again.

        Raises:
            Unavailable: ``unavailable.conflict``: another title has the number.
        """
        ...

    def save(self, space: Space, items: Mapping[str, bytes]) -> None:
        """Keep bytes. In a write-once space the same bytes again are nothing new.

        Raises:
            Unavailable: ``unavailable.conflict``: other bytes stand there in a write-once space.
        """
        ...

    def drop(self, space: Space, keys: Iterable[str]) -> None:
        """Forget what stands under these keys (never in ``DOCUMENT``, ``ANSWER``, ``NOTE``)."""
        ...


class Store(Protocol):
    """Where a node keeps everything.

    ``transaction()`` is exclusive for writers: a second one waits. Leaving it normally commits
    and syncs; leaving it by an exception rolls everything back. An error while syncing raises
    ``Unavailable("unavailable.disk")`` and every later transaction is refused until the store
    is opened anew: a failed sync is never retried.
    """

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin the one writing transaction."""
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """Begin to read one committed state."""
        ...

    @property
    def sound(self) -> bool:
        """Whether it can go on being used; if not, it is to be opened anew, by a new process."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Files(Protocol):
    """Sealed contents that are too large for a pouch, by the digest of their bytes."""

    @property
    def sound(self) -> bool:
        """Whether it can go on being used; if not, it is to be opened anew, by a new process."""
        ...

    def put(self, chunks: Iterable[bytes], *, expected: Digest | None = None) -> Digest:
        """Keep bytes that come in pieces; return their digest once they are durable."""
        ...

    def resume(self, digest: Digest, ask: Callable[[int], Iterable[bytes]], *, limit: int) -> None:
        """Go on with what has arrived so far; ``ask`` gives the bytes from a position on.

        It is kept under its digest only when it is whole and durable.

        Raises:
            Invalid: ``invalid.content``: another digest, or too long; it begins anew next time.
        """
        ...

    def arrived(self, digest: Digest) -> int:
        """Return how many bytes have arrived of what is not whole yet."""
        ...

    def read(self, digest: Digest, start: int = 0, length: int | None = None) -> bytes:
        """Return bytes from ``start``; fewer than asked for at the end."""
        ...

    def size(self, digest: Digest) -> int | None:
        """Return how many bytes are kept under a digest; nothing if none are."""
        ...

    def delete(self, digest: Digest) -> None:
        """Forget what is kept under a digest."""
        ...

    def digests(self) -> Iterable[Digest]:
        """Return the digests of everything that is kept whole, in no order."""
        ...


class Witness(Protocol):
    """What is remembered outside the database's reach, so that its writer cannot set it back."""

    def latest(self, what: str) -> str:
        """Return the greatest value that was kept under a name; nothing was: an empty text."""
        ...


class Vault(Protocol):
    """The private keys of one node, opened."""

    def root(self) -> bytes:
        """Return the party root's private key (offline in earnest; here for set-up)."""
        ...

    def ledger(self) -> bytes:
        """Return the newest private key that signs checkpoints and cosignatures."""
        ...

    def ledgers(self) -> Sequence[bytes]:
        """Return all of them that are still here, the newest first."""
        ...

    def transport(self) -> bytes:
        """Return the newest private key that pouches are sealed to."""
        ...

    def transports(self) -> Sequence[bytes]:
        """Return all of them that are still here, the newest first."""
        ...

    def office(self, office: Office, epoch: int) -> bytes:
        """Return the private key of an office's epoch.

        Raises:
            Unavailable: ``unavailable.office-key``: destroyed, or never here.
        """
        ...

    def storage(self, office: Office | Party) -> bytes:
        """Return the 32-byte storage key of an office, or of the house as a whole."""
        ...

    def person(self, person: str) -> bytes:
        """Return the private approval key of a person, custodied by this node as a key file.

        Raises:
            Unavailable: ``unavailable.person-key``.
        """
        ...


class Courier(Protocol):
    """Carries requests to a peer and brings the answer, or ``Unavailable``."""

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        """Send one request; return the answer's bytes.

        Raises:
            Unavailable: ``unavailable.peer``: no answer; nothing is known of what it did.
        """
        ...
