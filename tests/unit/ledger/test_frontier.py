"""The frontier: appending, its root, its bytes."""

from hashlib import sha256, sha384

import pytest

from comity.ledger.tree import (
    EMPTY,
    MAXIMUM_SIZE,
    Frontier,
    empty_root,
    leaf_hash,
    node_hash,
    root_of,
)
from comity.vocabulary.errors import Invalid
from tests.support.naive_tree import NaiveTree

LEAVES = [str(number).encode() for number in range(1101)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def test_the_root_is_that_of_the_definition_at_every_size() -> None:
    naive, frontier = NaiveTree(LEAVES), EMPTY
    for size in range(1101):
        assert (frontier.size, frontier.root) == (size, naive.root(size))
        assert len(frontier.hashes) == size.bit_count()
        frontier = frontier.appended(HASHES[size : size + 1])


def test_appending_at_once_and_in_parts_is_the_same() -> None:
    whole = EMPTY.appended(HASHES)
    for cut in (0, 1, 2, 255, 256, 257, 511, 1024, 1100, 1101):
        assert EMPTY.appended(HASHES[:cut]).appended(HASHES[cut:]) == whole
    assert root_of(LEAVES) == whole.root
    assert whole.appended([]) == whole


def test_leaf_node_and_nothing_are_hashed_apart() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert leaf_hash(b"") == sha384(b"\x00").digest()
    assert node_hash(left, right) == sha384(b"\x01" + left + right).digest()
    # An inner node's content as a leaf: the classic second preimage.
    assert leaf_hash(left + right) != node_hash(left, right)
    assert root_of([left + right]) != root_of([b"left", b"right"])
    assert EMPTY.root == empty_root() == sha384(b"").digest()
    assert empty_root(hash=sha256) == sha256(b"").digest()


def test_the_hash_is_a_parameter_all_the_way() -> None:
    expected = sha256(b"\x01" + sha256(b"\x00a").digest() + sha256(b"\x00b").digest()).digest()
    assert root_of([b"a", b"b"], hash=sha256) == expected


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 700, 1023])
def test_bytes_lead_back_to_the_frontier(size: int) -> None:
    frontier = EMPTY.appended(HASHES[:size])
    raw = frontier.to_bytes()
    assert len(raw) == 8 + 48 * size.bit_count()
    assert Frontier.from_bytes(raw) == frontier


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(7),
        bytes(9),
        bytes(8) + bytes(48),
        b"\0\0\0\0\0\0\0\1",
        b"\0\0\0\0\0\0\0\1" + bytes(47),
        b"\0\0\0\0\0\0\0\1" + bytes(49),
        b"\0\0\0\0\0\0\0\3" + bytes(48),
        (MAXIMUM_SIZE + 1).to_bytes(8, "big") + bytes(48),
        b"\xff" * (8 + 48 * 64),
    ],
)
def test_bytes_that_are_no_frontier_are_refused(raw: bytes) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.frontier"):
        Frontier.from_bytes(raw)


@pytest.mark.parametrize("length", [0, 47, 49, 96])
def test_a_leaf_hash_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.leaf-hash"):
        EMPTY.appended([HASHES[0], bytes(length)])


def test_a_log_can_be_full() -> None:
    full = Frontier(MAXIMUM_SIZE, tuple(bytes(48) for _ in range(53)))
    assert Frontier.from_bytes(full.to_bytes()) == full
    with pytest.raises(Invalid, match=r"^invalid\.size"):
        full.appended(HASHES[:1])
