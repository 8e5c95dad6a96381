"""The Merkle tree of RFC 9162, section 2.1.1, by its frontier.

HASH is SHA-384 in every log of ours; it is a parameter so that other people's vectors run. A
leaf and an inner node are hashed with different first bytes, so neither passes for the other.
"""

# ruff: noqa: A002 -- HASH is the RFC's own word

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha384
from typing import Final, Protocol, Self, TypeAlias

from comity.vocabulary.errors import Invalid

MAXIMUM_SIZE: Final = 2**53 - 1
"""The largest size of a log: it stands as an integer in canonical JSON."""

_SIZE_LENGTH: Final = 8
_LEAF: Final = b"\x00"
NODE: Final = b"\x01"
"""What is hashed before the two halves of an inner node."""


class Hashed(Protocol):
    """What a hash function of ``hashlib`` returns."""

    def digest(self) -> bytes:
        """Return the raw digest."""
        ...


Hash: TypeAlias = Callable[[bytes], Hashed]


def leaf_hash(leaf: bytes, *, hash: Hash = sha384) -> bytes:
    """Return HASH(0x00 || leaf)."""
    return hash(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes, *, hash: Hash = sha384) -> bytes:
    """Return HASH(0x01 || left || right)."""
    return hash(NODE + left + right).digest()


def halved(row: Sequence[bytes], *, hash: Hash = sha384) -> list[bytes]:
    """Return the inner nodes over each two of a row; an odd one at the end has none yet."""
    pairs = zip(row[::2], row[1::2], strict=False)
    return [hash(NODE + left + right).digest() for left, right in pairs]


def empty_root(*, hash: Hash = sha384) -> bytes:
    """Return the root of the tree without leaves: HASH of nothing."""
    return hash(b"").digest()


@lru_cache(8)
def digest_length(*, hash: Hash = sha384) -> int:
    """Return how many bytes a digest of this function has."""
    return len(empty_root(hash=hash))


@dataclass(frozen=True, slots=True)
class Frontier:
    """All of a tree that is needed to append to it: its complete subtrees, the largest first.

    Attributes:
        size: How many leaves the tree has.
        hashes: One hash for each bit that is set in ``size``, the highest bit first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def appended(self, leaf_hashes: Iterable[bytes], *, hash: Hash = sha384) -> "Frontier":
        """Return the frontier after these leaves, given by their hashes, at the end.

        One leaf costs one hash on average. The hashes come from ``leaf_hash``; their length
        is checked, because a longer one would move the border between left and right.

        Raises:
            Invalid: ``invalid.leaf-hash``; ``invalid.size``: the log is full.
        """
        length = digest_length(hash=hash)
        row, below = list(leaf_hashes), list(self.hashes)
        if any(len(leaf) != length for leaf in row):
            raise Invalid("invalid.leaf-hash", "not as long as a digest")
        size, at = self.size + len(row), self.size
        if size > MAXIMUM_SIZE:
            raise Invalid("invalid.size", "a log has at most 2^53 - 1 leaves")
        alone: list[bytes] = []
        # Level by level: where a bit of the old size is set, a subtree of that height waits for
        # a neighbour on its right; what has none after that waits in turn.
        while row:
            if at & 1:
                row.insert(0, below.pop())
            if len(row) & 1:
                alone.append(row.pop())
            row, at = halved(row, hash=hash), at >> 1
        return Frontier(size, (*below, *reversed(alone)))

    @property
    def root(self) -> bytes:
        """The root with SHA-384."""
        return self.root_with(sha384)

    def root_with(self, hash: Hash) -> bytes:
        """Return the root with this hash function; at size 0, HASH of nothing."""
        if not self.hashes:
            return empty_root(hash=hash)
        return fold(self.hashes, hash=hash)

    def to_bytes(self) -> bytes:
        """Write the size as 8 bytes, big-endian, and the hashes after it."""
        return self.size.to_bytes(_SIZE_LENGTH, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, raw: bytes, *, hash: Hash = sha384) -> Self:
        """Read what ``to_bytes`` wrote; each frontier has exactly one written form.

        Raises:
            Invalid: ``invalid.frontier``.
        """
        length = digest_length(hash=hash)
        size = int.from_bytes(raw[:_SIZE_LENGTH], "big")
        expected = _SIZE_LENGTH + size.bit_count() * length
        if len(raw) != expected or size > MAXIMUM_SIZE:
            raise Invalid("invalid.frontier", "not a size and one hash for each of its set bits")
        return cls(
            size, tuple(raw[at : at + length] for at in range(_SIZE_LENGTH, expected, length))
        )


EMPTY: Final = Frontier()
"""The frontier of a log without leaves."""


def root_of(leaves: Iterable[bytes], *, hash: Hash = sha384) -> bytes:
    """Return the root over these leaves (the leaves themselves, not their hashes)."""
    hashes = (leaf_hash(leaf, hash=hash) for leaf in leaves)
    return EMPTY.appended(hashes, hash=hash).root_with(hash)


def fold(subtrees: tuple[bytes, ...], *, hash: Hash = sha384) -> bytes:
    """Join complete subtrees, the largest first and at least one, into the hash over all of them.

    From the right: RFC 9162 splits at the largest power of two that is smaller than the size.
    """
    root = subtrees[-1]
    for subtree in reversed(subtrees[:-1]):
        root = hash(NODE + subtree + root).digest()
    return root
