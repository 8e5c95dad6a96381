"""Tiles: the tree as rows of 256 hashes (the layout of C2SP tlog-tiles, height 8).

A tile of level L holds hashes of complete subtrees of 256**L leaves, in order; the rightmost one
of each level may hold fewer than 256. Tiles only grow: the bytes of a tile are a prefix of what
the same tile holds later. So what was read for one size serves every smaller one.
"""

# ruff: noqa: A002 -- HASH is the RFC's own word

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from hashlib import sha384
from typing import Final, NamedTuple, TypeAlias

from comity.ledger.proofs import NodeId, NodeReader
from comity.ledger.tree import MAXIMUM_SIZE, NODE, Hash, digest_length
from comity.vocabulary.errors import Invalid

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT


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


Decoded: TypeAlias = tuple[tuple[bytes, ...], ...]
"""The complete subtrees inside a tile: its own hashes, then those over 2 of them, 4, 8 …"""

TileLoader: TypeAlias = Callable[[Sequence[TileId]], Sequence[bytes]]
"""Finds the bytes of tiles, in the order in which they are asked for."""


def width_of(tile: TileId, size: int) -> int:
    """Return how many hashes a tile holds when the log has ``size`` leaves."""
    return max(0, min(WIDTH, (size >> HEIGHT * tile.level) - WIDTH * tile.number))


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
        full: list[bytes] = []
        first = start // WIDTH
        row = [*begun.get(TileId(level, first), ()), *fresh]
        for number, at in enumerate(range(0, len(row), WIDTH), first):
            hashes = row[at : at + WIDTH]
            rows.append(Tile(level, number, b"".join(hashes)))
            if len(hashes) == WIDTH:
                full.append(_decoded(hashes, hash=hash)[HEIGHT][0])
        # Each tile that is full now is one hash of the level above.
        level, start, fresh = level + 1, first, full
    return tuple(rows)


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
    tile that is read costs at most 255 hashes; from the cache it costs none. Full tiles of leaves
    are not kept: there are 255 of them to each other one, and a proof needs only one.

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
        places = [_wide(node, size) for node in nodes]
        wanted = dict.fromkeys(places)
        # Held here as well: a bounded cache may drop a tile before it is used.
        held = {tile: kept[tile] for tile in wanted if tile in kept}
        missing = [tile for tile in wanted if tile not in held]
        if missing:
            loaded = load([TileId(tile.level, tile.number) for tile in missing])
            for tile, raw in zip(missing, loaded, strict=True):
                decoded = _decoded(_cut(raw, tile.width, hash=hash), hash=hash)
                held[tile] = decoded
                if tile.level or tile.width < WIDTH:
                    kept[tile] = decoded
        return [_node_in(held[place], node) for place, node in zip(places, nodes, strict=True)]

    return read


def _wide(node: NodeId, size: int) -> Wide:
    """Name the tile in which a subtree is found: its hash there, or hashes below it."""
    if node.level < 0 or node.number < 0 or node.number + 1 > size >> node.level:
        raise Invalid("invalid.range", "the subtree is not in the log")
    level, above = divmod(node.level, HEIGHT)
    number = node.number >> (HEIGHT - above)
    return Wide(level, number, width_of(TileId(level, number), size))


def _node_in(decoded: Decoded, node: NodeId) -> bytes:
    above = node.level % HEIGHT
    return decoded[above][node.number & ((1 << (HEIGHT - above)) - 1)]


def _decoded(hashes: Sequence[bytes], *, hash: Hash) -> Decoded:
    rows = [tuple(hashes)]
    while len(below := rows[-1]) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)  # an odd one out has no parent yet
        rows.append(tuple([hash(NODE + left + right).digest() for left, right in pairs]))
    return tuple(rows)


def _cut(raw: bytes, width: int, *, hash: Hash) -> list[bytes]:
    length = digest_length(hash=hash)
    if len(raw) < width * length or len(raw) % length:
        raise Invalid("invalid.tile", "a tile is shorter than the size of its log says")
    return [raw[at : at + length] for at in range(0, width * length, length)]


def _partial(
    tile: TileId, size: int, partial: Mapping[TileId, bytes], length: int
) -> tuple[bytes, ...]:
    raw = partial.get(tile, b"")
    # Exactly: a longer row would mean that the log has more leaves than its size says.
    if len(raw) != width_of(tile, size) * length:
        raise Invalid("invalid.tile", "a partial tile has another width than the size says")
    return tuple(raw[at : at + length] for at in range(0, len(raw), length))
