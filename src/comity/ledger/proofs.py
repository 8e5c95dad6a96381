"""Proofs of inclusion and of consistency (RFC 9162, sections 2.1.3 and 2.1.4).

The two ``verify`` functions believe nothing that they are given: they return, or they raise.
The two ``path`` functions make proofs out of complete subtrees that the caller can read.
"""

# ruff: noqa: A002 -- HASH is the RFC's own word

from collections.abc import Callable, Sequence
from hashlib import sha384
from typing import Final, NamedTuple, TypeAlias

from comity.ledger.tree import (
    MAXIMUM_SIZE,
    NODE,
    Hash,
    digest_length,
    empty_root,
    fold,
)
from comity.vocabulary.errors import Invalid

MAXIMUM_PATH: Final = 54
"""The longest path in the largest log: a consistency proof has one hash more than its height."""


class NodeId(NamedTuple):
    """A complete subtree: the leaves from ``number * 2**level``, ``2**level`` of them."""

    level: int
    number: int


NodeReader: TypeAlias = Callable[[Sequence[NodeId]], Sequence[bytes]]
"""Finds the hashes of complete subtrees, in the order in which they are asked for."""


def verify_inclusion(  # noqa: PLR0913 -- the parts of one proof, by keyword
    *,
    leaf_hash: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    root: bytes,
    hash: Hash = sha384,
) -> None:
    """Return if the leaf is number ``index`` of the tree of ``size`` leaves with this root.

    The steps are those of RFC 9162, 2.1.3.2.

    Raises:
        Invalid: ``invalid.proof``: the index is outside the tree, a hash has another length,
            the path is too long or too short, or it leads to another root.
    """
    _require_digests((leaf_hash, root, *path), hash=hash)
    # 1. The index must be inside the tree.
    if not 0 <= index < size <= MAXIMUM_SIZE:
        raise _invalid("the index is outside the tree")
    # 2. and 3.
    fn, sn = index, size - 1
    r = leaf_hash
    # 4. Each value of the path in turn.
    for p in path:
        if sn == 0:  # 4a.
            raise _invalid("the path is too long")
        if fn & 1 or fn == sn:  # 4b.
            r = hash(NODE + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hash(NODE + r + p).digest()
        fn, sn = fn >> 1, sn >> 1  # 4c.
    # 5. The path is used up, and it leads to the root.
    if sn != 0:
        raise _invalid("the path is too short")
    if r != root:
        raise _invalid("the path leads to another root")


def verify_consistency(  # noqa: PLR0913 -- the parts of one proof, by keyword
    *,
    old: int,
    old_root: bytes,
    new: int,
    new_root: bytes,
    path: Sequence[bytes],
    hash: Hash = sha384,
) -> None:
    """Return if the tree of ``new`` leaves begins with the tree of ``old`` leaves.

    The steps are those of RFC 9162, 2.1.4.2. Every tree begins with the empty one: there is
    nothing to prove from size 0, so a proof from there is refused, whatever it says, and the
    caller treats that size by itself.

    Raises:
        Invalid: ``invalid.proof-from-empty``: ``old`` is 0. ``invalid.proof``: the sizes are
            not in order, a hash has another length, the path is too long or too short, or it
            leads to other roots.
    """
    if old == 0:
        raise Invalid("invalid.proof-from-empty", "from size 0 no proof is needed or accepted")
    if not 0 < old <= new <= MAXIMUM_SIZE:
        raise _invalid("the old size is not between 1 and the new one")
    if old == new:
        # 2.1.4.1: the proof between equal sizes is empty, and the roots are one.
        if path or old_root != new_root:
            raise _invalid("equal sizes have equal roots and an empty path")
        return
    # From here on values are hashed together. (Above they are only compared: other people's
    # vectors have roots there that are no digests.)
    _require_digests((old_root, new_root, *path), hash=hash)
    # 1. Between different sizes an empty path proves nothing.
    if not path:
        raise _invalid("the path is empty")
    # 2. Of a power of two the old root is itself the first subtree.
    values = path if old & (old - 1) else (old_root, *path)
    # 3. to 6., and 7.: the path leads to both roots.
    if _both_roots(old - 1, new - 1, values, hash=hash) != (old_root, new_root):
        raise _invalid("the path leads to other roots")


def _both_roots(fn: int, sn: int, values: Sequence[bytes], *, hash: Hash) -> tuple[bytes, bytes]:
    """Return the old and the new root that a path of consistency leads to (steps 4 to 7)."""
    # 4.
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    # 5. Both roots grow from the first value.
    fr = sr = values[0]
    # 6. Each later value in turn.
    for c in values[1:]:
        if sn == 0:  # 6a.
            raise _invalid("the path is too long")
        if fn & 1 or fn == sn:  # 6b.
            fr = hash(NODE + c + fr).digest()
            sr = hash(NODE + c + sr).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hash(NODE + sr + c).digest()
        fn, sn = fn >> 1, sn >> 1  # 6c.
    # 7. The path is used up.
    if sn != 0:
        raise _invalid("the path is too short")
    return fr, sr


def inclusion_path(
    read: NodeReader, index: int, size: int, *, hash: Hash = sha384
) -> tuple[bytes, ...]:
    """Return the path from leaf ``index`` to the root of the first ``size`` leaves (2.1.3.1).

    Raises:
        Invalid: ``invalid.range``: there is no such leaf; and what ``read`` raises.
    """
    if not 0 <= index < size <= MAXIMUM_SIZE:
        raise Invalid("invalid.range", "the index is outside the tree")
    siblings: list[tuple[int, int]] = []
    first, last = 0, size
    while last - first > 1:
        split = first + _split(last - first)
        if index < split:
            siblings.append((split, last))
            last = split
        else:
            siblings.append((first, split))
            first = split
    return _hashes_over(read, siblings[::-1], hash=hash)


def consistency_path(
    read: NodeReader, old: int, new: int, *, hash: Hash = sha384
) -> tuple[bytes, ...]:
    """Return the path that proves that the first ``new`` leaves begin with ``old`` (2.1.4.1).

    Between equal sizes it is empty.

    Raises:
        Invalid: ``invalid.range``: not 0 < ``old`` <= ``new``; and what ``read`` raises.
    """
    if not 0 < old <= new <= MAXIMUM_SIZE:
        raise Invalid("invalid.range", "the old size is not between 1 and the new one")
    ranges: list[tuple[int, int]] = []
    first, last = 0, new
    while last != old:
        split = first + _split(last - first)
        if old <= split:
            ranges.append((split, last))
            last = split
        else:
            ranges.append((first, split))
            first = split
    if first:
        # The old tree ends with a subtree that the verifier cannot know: its hash comes first.
        ranges.append((first, last))
    return _hashes_over(read, ranges[::-1], hash=hash)


def root_at(read: NodeReader, size: int, *, hash: Hash = sha384) -> bytes:
    """Return the root that the tree had when it was this large.

    Raises:
        Invalid: ``invalid.range``: the size is negative or too large; and what ``read`` raises.
    """
    if not 0 <= size <= MAXIMUM_SIZE:
        raise Invalid("invalid.range", "there is no such size")
    if size == 0:
        return empty_root(hash=hash)
    return _hashes_over(read, [(0, size)], hash=hash)[0]


def complete_subtrees(first: int, last: int) -> tuple[NodeId, ...]:
    """Cut the leaves ``[first, last)`` into complete subtrees, the largest first.

    ``first`` is a multiple of the largest of them, as it is for every range of a proof.
    """
    nodes: list[NodeId] = []
    while first < last:
        level = (last - first).bit_length() - 1
        nodes.append(NodeId(level, first >> level))
        first += 1 << level
    return tuple(nodes)


def _hashes_over(
    read: NodeReader, ranges: Sequence[tuple[int, int]], *, hash: Hash
) -> tuple[bytes, ...]:
    """Read all subtrees of all ranges at once, then join those of each range."""
    parts = [complete_subtrees(first, last) for first, last in ranges]
    found = tuple(read([node for nodes in parts for node in nodes]))
    hashes: list[bytes] = []
    at = 0
    for nodes in parts:
        hashes.append(fold(found[at : at + len(nodes)], hash=hash))
        at += len(nodes)
    return tuple(hashes)


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _require_digests(values: Sequence[bytes], *, hash: Hash) -> None:
    # A shorter or longer value would move the border between left and right inside a node.
    length = digest_length(hash=hash)
    if len(values) > MAXIMUM_PATH + 2 or any(len(value) != length for value in values):
        raise _invalid("a hash has another length, or the path has more than any tree's")


def _invalid(detail: str) -> Invalid:
    return Invalid("invalid.proof", detail)
