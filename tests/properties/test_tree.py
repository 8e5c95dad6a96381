"""Laws of the tree, its tiles and its proofs, for logs that hypothesis makes up."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.ledger.proofs import (
    NodeReader,
    consistency_path,
    inclusion_path,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from comity.ledger.tiles import TileId, grown, partial_tiles, tile_reader
from comity.ledger.tree import EMPTY, MAXIMUM_SIZE, Frontier, leaf_hash
from comity.vocabulary.errors import Invalid
from tests.support.naive_tree import NaiveTree

leaf_lists = st.lists(st.binary(max_size=3), min_size=1, max_size=40)
hashes = st.binary(min_size=48, max_size=48)
paths = st.lists(hashes, max_size=8)

LARGE = [leaf_hash(number.to_bytes(4, "big")) for number in range(3000)]
FRONTIERS = [EMPTY]
for one in LARGE:
    FRONTIERS.append(FRONTIERS[-1].appended([one]))
sizes = st.integers(1, len(LARGE))


def rows_of(steps: Sequence[int]) -> dict[TileId, bytes]:
    rows: dict[TileId, bytes] = {}
    size = 0
    for step in steps:
        partial = {tile: rows[tile] for tile in partial_tiles(size)}
        for level, number, raw in grown(size, LARGE[size : size + step], partial):
            rows[TileId(level, number)] = raw
        size += step
    return rows


ROWS = rows_of([len(LARGE)])


def reader(size: int) -> NodeReader:
    return tile_reader(lambda tiles: [ROWS[tile] for tile in tiles], size)


@settings(deadline=None)
@given(leaf_lists, st.data())
def test_any_leaves_have_the_root_and_proofs_of_the_definition(
    leaves: list[bytes], data: st.DataObject
) -> None:
    naive = NaiveTree(leaves)
    size = len(leaves)
    frontier = EMPTY.appended(map(leaf_hash, leaves))
    assert frontier.root == naive.root(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    verify_inclusion(
        leaf_hash=leaf_hash(leaves[index]),
        index=index,
        size=size,
        path=naive.path(index, size),
        root=frontier.root,
    )
    verify_consistency(
        old=old,
        old_root=naive.root(old),
        new=size,
        new_root=frontier.root,
        path=naive.proof(old, size),
    )


@settings(deadline=None)  # up to 3000 leaves, on machines that may be busy
@given(st.lists(st.integers(0, 700), max_size=8))
def test_however_leaves_arrive_the_tree_and_its_tiles_are_the_same(steps: list[int]) -> None:
    total = sum(steps)
    assume(total <= len(LARGE))
    frontier, size = EMPTY, 0
    for step in steps:
        frontier = frontier.appended(LARGE[size : size + step])
        size += step
    assert frontier == FRONTIERS[total] == Frontier.from_bytes(frontier.to_bytes())
    assert rows_of(steps) == rows_of([total])


@settings(deadline=None)
@given(sizes, sizes, sizes)
def test_histories_that_follow_each_other_do_so_at_every_pair(a: int, b: int, c: int) -> None:
    small, middle, large = sorted((a, b, c))
    read = reader(large)
    for old, new in ((small, middle), (middle, large), (small, large)):
        assert root_at(read, old) == FRONTIERS[old].root
        verify_consistency(
            old=old,
            old_root=FRONTIERS[old].root,
            new=new,
            new_root=FRONTIERS[new].root,
            path=consistency_path(read, old, new),
        )


@settings(deadline=None)
@given(sizes, st.data())
def test_a_leaf_is_proved_at_its_own_place_only(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    path = inclusion_path(reader(size), index, size)
    root = FRONTIERS[size].root
    verify_inclusion(leaf_hash=LARGE[index], index=index, size=size, path=path, root=root)
    if other == index:
        return
    for leaf, place in ((LARGE[other], index), (LARGE[index], other)):
        with pytest.raises(Invalid, match=r"^invalid\.proof:"):
            verify_inclusion(leaf_hash=leaf, index=place, size=size, path=path, root=root)


@given(st.integers(-2, MAXIMUM_SIZE + 2), st.integers(-2, MAXIMUM_SIZE + 2), hashes, hashes, paths)
def test_made_up_proofs_are_refused_and_nothing_else_happens(
    first: int, second: int, one: bytes, two: bytes, path: list[bytes]
) -> None:
    assume(one != two)
    with pytest.raises(Invalid, match=r"^invalid\.proof:"):
        verify_inclusion(leaf_hash=one, index=first, size=second, path=path, root=two)
    with pytest.raises(Invalid, match=r"^invalid\.proof(-from-empty)?:"):
        verify_consistency(old=first, old_root=one, new=second, new_root=two, path=path)


@given(st.binary(max_size=400))
def test_bytes_are_a_frontier_in_one_way_or_refused(raw: bytes) -> None:
    try:
        frontier = Frontier.from_bytes(raw)
    except Invalid as error:
        assert error.code == "invalid.frontier"  # noqa: PT017 -- either outcome is right
        return
    assert frontier.to_bytes() == raw
