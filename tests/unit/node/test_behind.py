"""Work beside who gives it: in order, all of it, and its first error is told."""

import pytest

from comity.node.behind import Behind


def test_all_pieces_are_done_in_order_when_the_block_ends() -> None:
    done: list[bytes] = []
    pieces = [b"%d" % number for number in range(100)]
    with Behind(done.append) as behind:
        for piece in pieces:
            behind.take(piece)
    assert done == pieces


def test_what_was_taken_is_done_where_the_block_is_left_by_an_error() -> None:
    done: list[bytes] = []
    with pytest.raises(KeyError), Behind(done.append) as behind:
        behind.take(b"a")
        behind.take(b"b")
        raise KeyError
    assert done == [b"a", b"b"]


def test_the_first_error_is_told_and_nothing_is_done_after_it() -> None:
    done: list[bytes] = []

    def do(piece: bytes) -> None:
        done.append(piece)
        if piece == b"bad":
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError), Behind(do) as behind:
        behind.take(b"bad")
        for _ in range(20):
            behind.take(b"after")
    assert done == [b"bad"]


def test_an_error_with_the_last_piece_is_told_at_the_end() -> None:
    def do(_: bytes) -> None:
        raise BrokenPipeError

    taken = []
    with pytest.raises(BrokenPipeError), Behind(do) as behind:
        behind.take(b"last")
        taken.append("taken")
    assert taken == ["taken"]
