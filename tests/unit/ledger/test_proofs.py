"""Proofs against the definition of the RFC, and what is refused."""

from collections.abc import Callable, Sequence

import pytest

from comity.ledger.proofs import (
    MAXIMUM_PATH,
    NodeId,
    NodeReader,
    consistency_path,
    inclusion_path,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from comity.ledger.tree import MAXIMUM_SIZE, leaf_hash, node_hash
from comity.vocabulary.errors import Invalid
from tests.support.naive_tree import NaiveTree

LEAVES = [str(number).encode() for number in range(1101)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
NAIVE = NaiveTree(LEAVES)
ALL_PAIRS = 130


def read(nodes: Sequence[NodeId]) -> list[bytes]:
    return [NAIVE.node(node.level, node.number) for node in nodes]


def unread(nodes: Sequence[NodeId]) -> list[bytes]:
    raise AssertionError(nodes)


def samples(size: int) -> list[int]:
    """Positions worth trying below ``size``: the ends, around the split, and some in between."""
    split = 1 << (size.bit_length() - 1)
    chosen = {0, 1, 2, size // 3, size // 2, split - 1, split, split + 1, size - 2, size - 1}
    return sorted(position for position in chosen if 0 <= position < size)


def test_inclusion_at_every_size() -> None:
    for size in range(1, 1101):
        root = NAIVE.root(size)
        for index in range(size) if size <= ALL_PAIRS else samples(size):
            path = inclusion_path(read, index, size)
            assert path == tuple(NAIVE.path(index, size))
            verify_inclusion(leaf_hash=HASHES[index], index=index, size=size, path=path, root=root)


def test_consistency_at_every_size() -> None:
    for new in range(1, 1101):
        root = NAIVE.root(new)
        olds = range(1, new + 1) if new <= ALL_PAIRS else [n for n in samples(new) if n] + [new]
        for old in olds:
            path = consistency_path(read, old, new)
            assert path == tuple(NAIVE.proof(old, new))
            verify_consistency(old=old, old_root=NAIVE.root(old), new=new, new_root=root, path=path)


def test_the_root_of_every_earlier_size_can_be_asked_for() -> None:
    for size in range(1101):
        assert root_at(read, size) == NAIVE.root(size)


def wrong_paths(path: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Every way to spoil a path a little."""
    stray, places = bytes(48), range(len(path))
    flipped = [bytes([value[0] ^ 1]) + value[1:] for value in path]
    paths = [
        (*path, stray),
        (stray, *path),
        path[::-1],
        *(path[:at] + path[at + 1 :] for at in places),
        *((*path[:at], flipped[at], *path[at + 1 :]) for at in places),
        *((*path[:at], path[at][:-1], *path[at + 1 :]) for at in places),
        *((*path[:at], path[at] + b"\0", *path[at + 1 :]) for at in places),
    ]
    return [wrong for wrong in paths if wrong != path]


def test_a_spoilt_inclusion_is_refused() -> None:
    for index, size in [(0, 1), (0, 2), (1, 2), (2, 3), (4, 7), (5, 8), (63, 100), (1023, 1025)]:
        root, leaf = NAIVE.root(size), HASHES[index]
        path = inclusion_path(read, index, size)
        for wrong in wrong_paths(path):
            assert_refused(leaf, index, size, wrong, root)
        for other in {index - 1, index + 1, index ^ 1, index + size, -index - 1} - {index}:
            assert_refused(leaf, other, size, path, root)
        assert_refused(leaf, index, 0, path, root)
        assert_refused(leaf, index, size, path, NAIVE.root(size + 1))
        assert_refused(HASHES[index + 1], index, size, path, root)
        assert_refused(leaf + b"\0", index, size, path, root)
        assert_refused(leaf, index, size, path, root[:-1])


def assert_refused(
    leaf: bytes, index: int, size: int, path: tuple[bytes, ...], root: bytes
) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.proof:"):
        verify_inclusion(leaf_hash=leaf, index=index, size=size, path=path, root=root)


def test_bytes_moved_across_the_border_between_two_hashes_are_refused() -> None:
    leaf, sibling = HASHES[0], HASHES[1]
    verify_inclusion(leaf_hash=leaf, index=0, size=2, path=[sibling], root=NAIVE.root(2))
    # The concatenation, and so the node, is the same; the leaf is another.
    assert_refused(leaf + sibling[:1], 0, 2, (sibling[1:],), NAIVE.root(2))


def test_a_spoilt_consistency_is_refused() -> None:
    for old, new in [(1, 2), (2, 3), (3, 4), (4, 7), (6, 8), (64, 100), (7, 1024), (1023, 1025)]:
        first, second = NAIVE.root(old), NAIVE.root(new)
        path = consistency_path(read, old, new)
        for wrong in wrong_paths(path):
            assert_inconsistent(old, first, new, second, wrong)
        assert_inconsistent(old, NAIVE.root(old + 1), new, second, path)
        assert_inconsistent(old, first, new, NAIVE.root(new + 1), path)
        assert_inconsistent(old, second, new, first, path)
        assert_inconsistent(new, second, old, first, path)
        assert_inconsistent(old, first[:-1], new, second, path)
        assert_inconsistent(-old, first, new, second, path)
        assert_inconsistent(old, first, new, second, ())


def assert_inconsistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: tuple[bytes, ...]
) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.proof:"):
        verify_consistency(old=old, old_root=old_root, new=new, new_root=new_root, path=path)


def test_a_path_too_long_is_refused_even_where_the_root_was_made_to_fit() -> None:
    stray = leaf_hash(b"stray")
    for index, size in [(0, 1), (1, 2), (4, 7), (1023, 1025)]:
        path = (*inclusion_path(read, index, size), stray)
        root = node_hash(stray, NAIVE.root(size))
        assert_refused(HASHES[index], index, size, path, root)
    for old, new in [(1, 2), (3, 4), (6, 8), (1023, 1025)]:
        path = (*consistency_path(read, old, new), stray)
        first, second = (node_hash(stray, NAIVE.root(size)) for size in (old, new))
        assert_inconsistent(old, first, new, second, path)


def test_a_path_too_short_is_refused_even_where_the_root_was_made_to_fit() -> None:
    # Each path leads to the root of the smaller size, and leaf or old root are right in it.
    for index, smaller, size in [(0, 1, 2), (3, 4, 7), (5, 8, 16), (100, 512, 1024)]:
        path = inclusion_path(read, index, smaller)
        assert_refused(HASHES[index], index, size, path, NAIVE.root(smaller))
    for old, smaller, new in [(4, 8, 16), (3, 4, 8), (7, 8, 1024), (500, 512, 1024)]:
        path = consistency_path(read, old, smaller)
        assert_inconsistent(old, NAIVE.root(old), new, NAIVE.root(smaller), path)


def test_between_equal_sizes_the_roots_are_equal_and_the_path_is_empty() -> None:
    root = NAIVE.root(5)
    verify_consistency(old=5, old_root=root, new=5, new_root=root, path=())
    assert_inconsistent(5, root, 5, root, (root,))
    assert_inconsistent(5, root, 5, NAIVE.root(6), ())


@pytest.mark.parametrize("new", [0, 1, 7])
@pytest.mark.parametrize("path", [(), (HASHES[0],)])
def test_from_the_empty_tree_no_proof_is_accepted(new: int, path: tuple[bytes, ...]) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.proof-from-empty"):
        verify_consistency(
            old=0, old_root=NAIVE.root(0), new=new, new_root=NAIVE.root(new), path=path
        )


def test_a_path_longer_than_any_tree_is_refused() -> None:
    path = (HASHES[0],) * (MAXIMUM_PATH + 1)
    assert_refused(HASHES[0], 0, MAXIMUM_SIZE, path, HASHES[0])
    assert_inconsistent(3, HASHES[0], MAXIMUM_SIZE, HASHES[0], path)
    assert_refused(HASHES[0], 0, MAXIMUM_SIZE + 1, path[:53], HASHES[0])
    assert_inconsistent(1, HASHES[0], MAXIMUM_SIZE + 1, HASHES[0], path[:53])


@pytest.mark.parametrize(
    "ask",
    [
        lambda read: inclusion_path(read, 0, 0),
        lambda read: inclusion_path(read, -1, 5),
        lambda read: inclusion_path(read, 5, 5),
        lambda read: inclusion_path(read, 0, MAXIMUM_SIZE + 1),
        lambda read: consistency_path(read, 0, 5),
        lambda read: consistency_path(read, 6, 5),
        lambda read: consistency_path(read, 1, MAXIMUM_SIZE + 1),
        lambda read: root_at(read, -1),
        lambda read: root_at(read, MAXIMUM_SIZE + 1),
    ],
)
def test_what_is_not_in_the_log_is_not_read(ask: Callable[[NodeReader], object]) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.range"):
        ask(unread)


def test_the_longest_paths_have_the_length_that_is_allowed() -> None:
    def zeros(nodes: Sequence[NodeId]) -> list[bytes]:
        return [bytes(48)] * len(nodes)

    assert len(inclusion_path(zeros, 0, MAXIMUM_SIZE)) == MAXIMUM_PATH - 1
    assert len(consistency_path(zeros, 3, MAXIMUM_SIZE)) == MAXIMUM_PATH
