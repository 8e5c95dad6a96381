"""Tiles: what is written, what is read, and at what cost."""

from collections.abc import Mapping, Sequence

import pytest

from comity.ledger.proofs import NodeId, consistency_path, inclusion_path, root_at
from comity.ledger.tiles import (
    RUN,
    WIDTH,
    Decoded,
    TileId,
    Wide,
    grown,
    partial_tiles,
    row_length,
    tile_reader,
    width_of,
)
from comity.ledger.tree import EMPTY, MAXIMUM_SIZE, leaf_hash
from comity.vocabulary.errors import Invalid
from tests.support.naive_tree import NaiveTree

TWO_LEVELS = WIDTH * WIDTH + 3 * WIDTH + 5
LEAVES = [str(number).encode() for number in range(TWO_LEVELS)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


class Rows:
    """A store of tiles in memory that counts what is read."""

    def __init__(self, rows: Mapping[TileId, bytes] | None = None) -> None:
        self.rows = dict(rows or {})
        self.size = 0
        self.asked: list[tuple[TileId, ...]] = []

    def append(self, hashes: Sequence[bytes]) -> None:
        partial = {tile: self.rows[tile] for tile in partial_tiles(self.size)}
        for level, number, raw in grown(self.size, hashes, partial):
            before = self.rows.get(TileId(level, number), b"")
            assert raw.startswith(before)
            assert len(raw) > len(before)
            self.rows[TileId(level, number)] = raw
        self.size += len(hashes)

    def load(self, tiles: Sequence[TileId]) -> list[bytes]:
        self.asked.append(tuple(tiles))
        return [self.rows[tile] for tile in tiles]


@pytest.fixture(scope="module")
def whole() -> Rows:
    rows = Rows()
    rows.append(HASHES)
    return rows


def copy(rows: Rows) -> Rows:
    other = Rows(rows.rows)
    other.size = rows.size
    return other


def test_the_rows_are_those_of_the_layout(whole: Rows) -> None:
    naive = NaiveTree(LEAVES)
    widths = {tile: len(raw) // 48 for tile, raw in whole.rows.items()}
    expected = {TileId(0, number): WIDTH for number in range(WIDTH + 3)}
    expected |= {TileId(0, WIDTH + 3): 5, TileId(1, 0): WIDTH, TileId(1, 1): 3, TileId(2, 0): 1}
    assert widths == {tile: row_length(width) for tile, width in expected.items()}
    assert all(width_of(tile, TWO_LEVELS) == width for tile, width in expected.items())
    runs = range(3 * WIDTH, 4 * WIDTH, RUN)
    assert whole.rows[TileId(0, 3)] == b"".join(
        b"".join(HASHES[at : at + RUN]) + naive.node(4, at // RUN) for at in runs
    )
    assert whole.rows[TileId(1, 1)] == b"".join(naive.node(8, WIDTH + n) for n in range(3))
    assert whole.rows[TileId(2, 0)] == naive.node(16, 0)


def test_the_rows_do_not_depend_on_how_leaves_came(whole: Rows) -> None:
    rows = Rows()
    for step in (1, 1, 253, 1, 1, 255, 256, 257, 600, 40_000, TWO_LEVELS):
        rows.append(HASHES[rows.size : rows.size + step])
    assert rows.size == TWO_LEVELS
    assert rows.rows == whole.rows


def test_only_begun_tiles_are_read_before_appending(whole: Rows) -> None:
    assert partial_tiles(0) == ()
    assert partial_tiles(255) == (TileId(0, 0),)
    assert partial_tiles(256) == (TileId(1, 0),)
    assert partial_tiles(257) == (TileId(0, 1), TileId(1, 0))
    assert partial_tiles(WIDTH * WIDTH) == (TileId(2, 0),)
    assert partial_tiles(TWO_LEVELS) == (TileId(0, WIDTH + 3), TileId(1, 1), TileId(2, 0))
    assert grown(TWO_LEVELS, [], {t: whole.rows[t] for t in partial_tiles(TWO_LEVELS)}) == ()


def test_a_begun_tile_that_is_missing_or_of_another_width_is_refused() -> None:
    right = b"".join(HASHES[:5])
    assert len(grown(5, HASHES[5:6], {TileId(0, 0): right})) == 1
    for wrong in (
        {},
        {TileId(0, 0): right[:-48]},
        {TileId(0, 0): right + HASHES[5]},
        {TileId(0, 0): right[:-1]},
        {TileId(0, 1): right},
    ):
        with pytest.raises(Invalid, match=r"^invalid\.tile"):
            grown(5, HASHES[5:6], wrong)


def test_a_begun_tile_is_checked_even_where_it_is_not_extended() -> None:
    row = b"".join(HASHES[:2])
    with pytest.raises(Invalid, match=r"^invalid\.tile"):
        grown(WIDTH + 2, HASHES[:1], {TileId(0, 1): row})


def test_a_log_that_would_be_too_large_is_refused() -> None:
    with pytest.raises(Invalid, match=r"^invalid\.size"):
        grown(MAXIMUM_SIZE, HASHES[:1], {})
    with pytest.raises(Invalid, match=r"^invalid\.size"):
        grown(-1, HASHES[:1], {})
    with pytest.raises(Invalid, match=r"^invalid\.leaf-hash"):
        grown(0, [HASHES[0], HASHES[1][:-1]], {})


SIZES = [1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 65_792, TWO_LEVELS]


@pytest.mark.parametrize("size", SIZES)
def test_proofs_from_tiles_are_those_of_the_definition(whole: Rows, size: int) -> None:
    naive = NaiveTree(LEAVES)
    # The rows are those of the largest size: a reader of a smaller one does not see beyond it.
    read = tile_reader(whole.load, size)
    assert root_at(read, size) == naive.root(size) == EMPTY.appended(HASHES[:size]).root
    for index in {0, 1, size // 2, size - 1} & set(range(size)):
        assert inclusion_path(read, index, size) == tuple(naive.path(index, size))
    for old in {1, 2, 255, 256, 257, size // 2, size - 1, size} & set(range(1, size + 1)):
        assert consistency_path(read, old, size) == tuple(naive.proof(old, size))


def test_every_complete_subtree_is_found_and_no_other(whole: Rows) -> None:
    naive = NaiveTree(LEAVES)
    read = tile_reader(whole.load, 777)
    for level in range(11):
        count = 777 >> level
        nodes = [NodeId(level, number) for number in range(count)]
        assert read(nodes) == [naive.node(level, number) for number in range(count)]
        with pytest.raises(Invalid, match=r"^invalid\.range"):
            read([NodeId(level, count)])
    for node in (NodeId(-1, 0), NodeId(0, -1), NodeId(60, 0)):
        with pytest.raises(Invalid, match=r"^invalid\.range"):
            read([node])


def test_a_proof_reads_its_tiles_at_once_and_upper_ones_once(whole: Rows) -> None:
    rows = copy(whole)
    cache: dict[Wide, Decoded] = {}
    read = tile_reader(rows.load, TWO_LEVELS, cache=cache)
    first = inclusion_path(read, 1000, TWO_LEVELS)
    # The leaf's own tile of each level, and those at the right edge that its path ends in.
    assert len(rows.asked) == 1
    assert len(rows.asked[0]) == len(set(rows.asked[0])) <= 5
    assert first == tuple(NaiveTree(LEAVES).path(1000, TWO_LEVELS))
    # The second time only the full tile of leaves, which is not kept, is read.
    assert inclusion_path(read, 1000, TWO_LEVELS) == first
    assert rows.asked[1:] == [(TileId(0, 1000 // WIDTH),)]
    assert all(tile.level or tile.width < WIDTH for tile in cache)
    # What was decoded at one width is not taken for the tile at another.
    smaller = tile_reader(rows.load, TWO_LEVELS - 1, cache=cache)
    expected = tuple(NaiveTree(LEAVES).path(TWO_LEVELS - 2, TWO_LEVELS - 1))
    assert inclusion_path(smaller, TWO_LEVELS - 2, TWO_LEVELS - 1) == expected


class Forgetful(dict[Wide, Decoded]):
    """The smallest bounded cache: it keeps the last tile only."""

    def __setitem__(self, key: Wide, value: Decoded) -> None:
        """Forget all, then keep this one."""
        self.clear()
        super().__setitem__(key, value)


def test_a_cache_may_forget_at_any_time(whole: Rows) -> None:
    read = tile_reader(whole.load, TWO_LEVELS, cache=Forgetful())
    for index in (0, 70_000 % TWO_LEVELS, 1000, TWO_LEVELS - 1):
        expected = tuple(NaiveTree(LEAVES).path(index, TWO_LEVELS))
        assert inclusion_path(read, index, TWO_LEVELS) == expected


def test_a_tile_that_is_shorter_than_the_size_says_is_refused(whole: Rows) -> None:
    for cut in (0, 1, 47, 48, 5 * 48 - 1):
        rows = copy(whole)
        tile = TileId(0, WIDTH + 3)
        rows.rows[tile] = rows.rows[tile][:cut]
        with pytest.raises(Invalid, match=r"^invalid\.tile"):
            inclusion_path(tile_reader(rows.load, TWO_LEVELS), TWO_LEVELS - 1, TWO_LEVELS)


def test_a_loader_that_returns_too_few_tiles_is_a_bug(whole: Rows) -> None:
    read = tile_reader(lambda tiles: whole.load(tiles)[:-1], TWO_LEVELS)
    with pytest.raises(ValueError, match="shorter"):
        inclusion_path(read, 0, TWO_LEVELS)
