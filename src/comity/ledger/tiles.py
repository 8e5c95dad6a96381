"""Tiles: the tree as rows of 256 hashes (cut as C2SP tlog-tiles cuts it, height 8).

A tile of level L holds hashes of complete subtrees of 256**L leaves, in order; the rightmost one
of each level may hold fewer than 256. Behind every sixteen of them stands the hash over those
sixteen: it costs a sixteenth more bytes, and a path out of a tile costs 30 hashes instead of 255.
Tiles only grow: the bytes of a tile are a prefix of what the same tile holds later. So what was
read for one size serves every smaller one.
"""

# ruff: noqa: A002 -- HASH is the RFC's own word

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from hashlib import sha384
from typing import Final, NamedTuple, TypeAlias

from comity.ledger.proofs import NodeId, NodeReader
from comity.ledger.tree import MAXIMUM_SIZE, Hash, digest_length, halved
from comity.vocabulary.errors import Invalid

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
_HALF: Final = HEIGHT // 2
RUN: Final = 1 << _HALF
"""So many hashes stand together, the hash over them behind them."""


class TileId(NamedTuple):
    """Which tile: its level, 0 for leaves, and its place in the level."""

    level: int
    number: int


class Tile(NamedTuple):
    """One row: where it goes and all of its bytes; an older row in its place is a prefix of it."""

    level: int
    number: int
    hashes: bytes


class Wide(NamedTuple):
    """A tile at one width: what a cache of decoded tiles is found by."""

    level: int
    number: int
    width: int


TileLoader: TypeAlias = Callable[[Sequence[TileId]], Sequence[bytes]]
"""Finds the bytes of tiles, in the order in which they are asked for."""


def width_of(tile: TileId, size: int) -> int:
    """Return how many hashes a tile holds when the log has ``size`` leaves."""
    return max(0, min(WIDTH, (size >> HEIGHT * tile.level) - WIDTH * tile.number))


def row_length(width: int) -> int:
    """Return how many hashes stand in the row of a tile of this width."""
    return width + width // RUN


class Decoded:
    """A tile, and the complete subtrees inside it, which are hashed when first asked for."""

    __slots__ = ("_hash", "_length", "_raw", "_runs", "_upper", "_width")

    def __init__(self, raw: bytes, width: int, *, hash: Hash = sha384) -> None:
        """Read a tile of this width; ``raw`` may go on with what it holds later.

        Raises:
            Invalid: ``invalid.tile``: it is shorter, or not made of digests.
        """
        length = digest_length(hash=hash)
        if len(raw) < row_length(width) * length or len(raw) % length:
            raise Invalid("invalid.tile", "a tile is shorter than the size of its log says")
        self._raw, self._width, self._length, self._hash = raw, width, length, hash
        self._runs: dict[int, _Levels] = {}
        self._upper: _Levels | None = None

    def node(self, level: int, number: int) -> bytes:
        """Return the hash over the ``2**level`` hashes from ``number * 2**level`` on."""
        if level < _HALF:
            run = number >> (_HALF - level)
            return self._run(run)[level][number - (run << (_HALF - level))]
        if self._upper is None:
            over = [self._at(row_length(RUN * (at + 1)) - 1) for at in range(self._width // RUN)]
            self._upper = _levels(over, hash=self._hash)
        return self._upper[level - _HALF][number]

    def _run(self, run: int) -> "_Levels":
        found = self._runs.get(run)
        if found is None:
            first, count = row_length(RUN * run), min(RUN, self._width - RUN * run)
            hashes = [self._at(first + at) for at in range(count)]
            found = self._runs[run] = _levels(hashes, hash=self._hash)
        return found

    def _at(self, place: int) -> bytes:
        return self._raw[place * self._length : (place + 1) * self._length]


def partial_tiles(size: int) -> tuple[TileId, ...]:
    """Return the tiles that a log of ``size`` leaves has begun and not filled, lowest first.

    These and no others are read before leaves are appended.
    """
    levels = range((size.bit_length() + HEIGHT - 1) // HEIGHT)
    widths = [(level, size >> HEIGHT * level) for level in levels]
    return tuple(TileId(level, width // WIDTH) for level, width in widths if width % WIDTH)


def grown(
    old: int,
    leaf_hashes: Sequence[bytes],
    partial: Mapping[TileId, bytes],
    *,
    hash: Hash = sha384,
) -> tuple[Tile, ...]:
    """Return the rows to write when these leaves are appended to a log of ``old`` leaves.

    Args:
        old: Size of the log before.
        leaf_hashes: Hashes of the new leaves.
        partial: The bytes of every tile of ``partial_tiles(old)``.
        hash: HASH.

    Raises:
        Invalid: ``invalid.tile``: a partial tile is missing or has another width.
            ``invalid.leaf-hash``; ``invalid.size``: the log is full.
    """
    length = digest_length(hash=hash)
    if any(len(leaf) != length for leaf in leaf_hashes):
        raise Invalid("invalid.leaf-hash", "not as long as a digest")
    if not 0 <= old <= old + len(leaf_hashes) <= MAXIMUM_SIZE:
        raise Invalid("invalid.size", "a log has at most 2^53 - 1 leaves")
    begun = {tile: _partial(tile, old, partial, length) for tile in partial_tiles(old)}
    rows: list[Tile] = []
    level, start, fresh = 0, old, list(leaf_hashes)
    while fresh:
        first = start // WIDTH
        laid, fresh = _laid(begun.get(TileId(level, first), b""), fresh, length, hash=hash)
        full = row_length(WIDTH) * length
        rows += [
            Tile(level, number, laid[at : at + full])
            for number, at in enumerate(range(0, len(laid), full), first)
        ]
        # Each tile that is full now is one hash of the level above.
        level, start = level + 1, first
    return tuple(rows)


def _laid(
    begun: bytes, fresh: Sequence[bytes], length: int, *, hash: Hash
) -> tuple[bytes, list[bytes]]:
    """Return a level from its begun tile on, and the hashes over those tiles that are full."""
    step = (RUN + 1) * length
    whole = len(begun) - len(begun) % step
    over = [begun[at - length : at] for at in range(step, whole + 1, step)]
    row = [begun[at : at + length] for at in range(whole, len(begun), length)]
    row += fresh
    runs = len(row) - len(row) % RUN
    pieces = [begun[:whole]]
    above = _over(row[:runs], _HALF, hash=hash)
    for at, one in zip(range(0, runs, RUN), above, strict=True):
        pieces += row[at : at + RUN]
        pieces.append(one)
    pieces += row[runs:]
    over += above
    return b"".join(pieces), _over(over[: len(over) - len(over) % RUN], _HALF, hash=hash)


def tile_reader(
    load: TileLoader,
    size: int,
    *,
    cache: MutableMapping[Wide, Decoded] | None = None,
    hash: Hash = sha384,
) -> NodeReader:
    """Return a reader of every complete subtree of a log of ``size`` leaves.

    One call asks ``load`` at most once, for the tiles that are not in ``cache``. A proof needs
    at most two tiles of each level: that of its leaf (or of the old size), and the rightmost. A
    path out of a tile that is read costs at most 30 hashes; what was hashed once is kept with the
    tile in the cache. Full tiles of leaves are not kept: there are 255 of them to each other one,
    and a proof needs only one.

    Args:
        load: Finds tiles; it may return more of a tile than ``size`` covers.
        size: Size of the log; subtrees beyond it are not found.
        cache: Where decoded tiles are kept, for one log and one hash; its owner bounds it. Of
            10 million leaves it holds some 160 tiles, 7 MB.
        hash: HASH.

    The reader raises:
        Invalid: ``invalid.range``: the subtree is not in the log. ``invalid.tile``: a tile is
            shorter than the size says.
    """
    kept = {} if cache is None else cache

    def read(nodes: Sequence[NodeId]) -> Sequence[bytes]:
        places: list[tuple[int, int]] = []
        wanted: dict[tuple[int, int], Wide] = {}
        for level, number in nodes:
            if level < 0 or number < 0 or number + 1 > size >> level:
                raise Invalid("invalid.range", "the subtree is not in the log")
            # In which tile it is found: its hash there, or hashes below it.
            place = level // HEIGHT, number >> (HEIGHT - level % HEIGHT)
            places.append(place)
            if place not in wanted:
                wanted[place] = Wide(*place, width_of(TileId(*place), size))
        # Held here as well: a bounded cache may drop a tile before it is used.
        held = {place: kept[tile] for place, tile in wanted.items() if tile in kept}
        missing = [(place, tile) for place, tile in wanted.items() if place not in held]
        if missing:
            loaded = load([TileId(*place) for place, _ in missing])
            for (place, tile), raw in zip(missing, loaded, strict=True):
                held[place] = decoded = Decoded(raw, tile.width, hash=hash)
                if tile.level or tile.width < WIDTH:
                    kept[tile] = decoded
        return [_node_in(held[place], node) for place, node in zip(places, nodes, strict=True)]

    return read


def _node_in(decoded: Decoded, node: NodeId) -> bytes:
    above = node.level % HEIGHT
    return decoded.node(above, node.number & ((1 << (HEIGHT - above)) - 1))


_Levels: TypeAlias = tuple[list[bytes], ...]
"""Hashes, then those over 2 of them, 4, 8 …"""


def _levels(hashes: list[bytes], *, hash: Hash) -> _Levels:
    levels = [hashes]
    while len(levels[-1]) > 1:
        levels.append(halved(levels[-1], hash=hash))
    return tuple(levels)


def _over(hashes: list[bytes], height: int, *, hash: Hash) -> list[bytes]:
    """Return the hashes over each ``2**height`` of these."""
    for _ in range(height):
        hashes = halved(hashes, hash=hash)
    return hashes


def _partial(tile: TileId, size: int, partial: Mapping[TileId, bytes], length: int) -> bytes:
    raw = partial.get(tile, b"")
    # Exactly: a longer row would mean that the log has more leaves than its size says.
    if len(raw) != row_length(width_of(tile, size)) * length:
        raise Invalid("invalid.tile", "a partial tile has another width than the size says")
    return raw
