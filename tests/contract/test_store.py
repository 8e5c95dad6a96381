"""What every store guarantees, asked of each of them in the same words."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.ledger.proofs import root_at
from comity.ledger.tiles import TileId, partial_tiles, tile_reader
from comity.ledger.tree import EMPTY, root_of
from comity.node.ports import WRITE_ONCE, Space, Store
from comity.register.rows import TABLES, Copy, DutyOf, ItemOf, Needs, PersonOf, Row
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import LogName
from tests.support.stores import PLACES, Open, append, plain, rows_of

LOG = LogName("comity/KOR/to/JPN")
OTHER = LogName("comity/JPN/to/KOR")
LEAVES = [b"", b"\x00", b"one", bytes(range(256)) * 40]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    with PLACES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def store(place: Open) -> Iterator[Store]:
    opened = place()
    yield opened
    opened.close()


class Stop(Exception):
    """Ends a transaction from within."""


# --- logs ------------------------------------------------------------------------------------


def test_a_log_never_written_to_is_empty(store: Store) -> None:
    with store.reading() as tx:
        assert tx.frontier(LOG) == EMPTY
        assert tx.logs() == ()
        assert tx.leaves(LOG, 0, 0) == []
        assert tx.tiles(LOG, [TileId(0, 0)]) == [b""]
        assert tx.tiles(LOG, []) == []


def test_leaves_come_back_exactly_as_appended(store: Store) -> None:
    with store.transaction() as tx:
        append(tx, LOG, *LEAVES)
        assert tx.leaves(LOG, 0, 4) == LEAVES
    with store.transaction() as tx:
        append(tx, LOG, b"five")
        assert tx.leaves(LOG, 2, 5) == [*LEAVES[2:], b"five"]
    with store.reading() as tx:
        assert tx.leaves(LOG, 0, 5) == [*LEAVES, b"five"]
        assert tx.leaves(LOG, 1, 3) == LEAVES[1:3]
        assert tx.leaves(LOG, 3, 3) == []
        assert tx.frontier(LOG).size == 5
        assert tx.frontier(LOG).root == root_of([*LEAVES, b"five"])


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (4, 5), (-1, 2), (3, 2), (9, 11)])
def test_a_leaf_that_is_not_there_is_told(store: Store, start: int, stop: int) -> None:
    with store.transaction() as tx:
        append(tx, LOG, *LEAVES)
    with store.reading() as tx, pytest.raises(Unavailable) as caught:
        tx.leaves(LOG, start, stop)
    assert caught.value.code == "unavailable.leaves"


def test_logs_stand_apart_and_are_listed_in_order(store: Store) -> None:
    with store.transaction() as tx:
        append(tx, LOG, b"a", b"b")
        append(tx, OTHER, b"c")
        append(tx, LogName("comity/KOR/journal"))
        assert tx.logs() == (OTHER, LOG)
    with store.reading() as tx:
        assert tx.logs() == (OTHER, LOG)
        assert tx.leaves(LOG, 0, 2) == [b"a", b"b"]
        assert tx.leaves(OTHER, 0, 1) == [b"c"]


@pytest.mark.parametrize("steps", [[1] * 5, [255, 1, 1], [700], [300, 300, 1]])
def test_tiles_hold_the_tree_as_it_grows(store: Store, steps: list[int]) -> None:
    leaves: list[bytes] = []
    for step in steps:
        fresh = [str(len(leaves) + at).encode() for at in range(step)]
        with store.transaction() as tx:
            append(tx, LOG, *fresh)
        leaves += fresh
    with store.reading() as tx:
        size = tx.frontier(LOG).size
        reader = tile_reader(lambda tiles: tx.tiles(LOG, tiles), size)
        for smaller in {1, size // 2, size}:
            assert root_at(reader, smaller) == root_of(leaves[:smaller])
        begun = partial_tiles(size)
        assert all(tx.tiles(LOG, begun))
        # In the order in which they are asked for, whatever the order is.
        asked = [TileId(1, 9), *reversed(begun), TileId(0, 0)]
        assert tx.tiles(LOG, asked) == [tx.tiles(LOG, [tile])[0] for tile in asked]


@pytest.mark.parametrize("first", [0, 3, 5])
def test_appending_at_another_size_is_a_conflict(store: Store, first: int) -> None:
    with store.transaction() as tx:
        append(tx, LOG, *LEAVES)
        grown = tx.frontier(LOG).appended([bytes(48)])
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        tx.save(Space.LINK, {"a": b"1"})
        tx.append(LOG, first=first, leaves=[b"x"], frontier=grown, tiles=[])
    assert caught.value.code == "unavailable.conflict"
    with store.reading() as tx:
        assert tx.frontier(LOG).size == 4
        assert tx.load(Space.LINK, "a") is None


def test_a_frontier_that_does_not_count_the_leaves_is_a_conflict(store: Store) -> None:
    frontier = EMPTY.appended([bytes(48), bytes(48)])
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        tx.append(LOG, first=0, leaves=[b"x"], frontier=frontier, tiles=[])
    assert caught.value.code == "unavailable.conflict"


# --- rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TABLES.values(), ids=TABLES)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_row_comes_back_equal(store: Store, kind: type[Row], data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_of(kind), min_size=1, max_size=5, unique_by=lambda r: r.key))
    # One store serves all examples, and the scope of a key never changes.
    with store.reading() as tx:
        rows = [row for row in rows if tx.get(kind, row.key) is None]
    with store.transaction() as tx:
        tx.put(rows)
        assert [tx.get(kind, row.key) for row in rows] == rows
    ask = Needs()
    for row in rows:
        ask.key(row.key, kind)
        ask.scope(row.scope, kind)
    with store.reading() as tx:
        found, scopes = tx.fetch(ask)
        assert found == {(kind, row.key): row for row in rows}
        for row in rows:
            kept = tx.get(kind, row.key)
            assert kept == row
            assert type(kept) is kind
            for name in row.__struct_fields__:
                assert type(getattr(kept, name)) is type(getattr(row, name)), name
            assert scopes[kind, row.scope] == tx.within(kind, row.scope)
            assert row in tx.within(kind, row.scope)


def test_what_is_not_there_is_nothing(store: Store) -> None:
    ask = Needs()
    ask.key("a", Copy, DutyOf)
    ask.scope("b", Copy)
    ask.keys[ItemOf] = set()
    ask.scopes[ItemOf] = set()
    with store.reading() as tx:
        assert tx.get(Copy, "a") is None
        assert tx.within(Copy, "b") == ()
        assert tx.fetch(ask) == ({}, {(Copy, "b"): ()})
        assert tx.fetch(Needs()) == ({}, {})
        assert tx.page(Copy) == ()
        assert tx.page(Copy, scope="b") == ()


def test_a_row_of_the_same_key_is_replaced_and_the_last_one_stands(store: Store) -> None:
    first, second, third = (plain(Copy, "k", "s", state=state) for state in "abc")
    with store.transaction() as tx:
        tx.put([first])
    with store.transaction() as tx:
        tx.put([second, third])
        assert tx.get(Copy, "k") == third
        assert tx.within(Copy, "s") == (third,)
        assert tx.page(Copy) == (third,)
    with store.reading() as tx:
        assert tx.get(Copy, "k") == third
        assert tx.within(Copy, "s") == (third,)


def test_rows_are_in_the_order_of_their_keys_by_code_point(store: Store) -> None:
    keys = ["#10", "#9", "A", "Z", "a", "z", "ä", "日", "가", "\U0001f600"]
    rows = [plain(Copy, key, "s") for key in keys]
    with store.transaction() as tx:
        tx.put(reversed(rows[::2]))
    with store.transaction() as tx:
        tx.put(rows[1::2])
        for tell in (tx.within(Copy, "s"), tx.page(Copy), tx.page(Copy, scope="s")):
            assert [row.key for row in tell] == keys
    ask = Needs()
    ask.scope("s", Copy)
    with store.reading() as tx:
        for tell in (tx.within(Copy, "s"), tx.page(Copy), tx.fetch(ask)[1][Copy, "s"]):
            assert [row.key for row in tell] == keys


def test_scopes_stand_apart(store: Store) -> None:
    rows = [plain(Copy, f"{at:02}", "even" if at % 2 == 0 else "odd") for at in range(20)]
    with store.transaction() as tx:
        tx.put(rows[:10])
    with store.transaction() as tx:
        tx.put(rows[10:])
        assert tx.within(Copy, "odd") == tuple(rows[1::2])
        assert tx.page(Copy, scope="odd", after="09", limit=3) == tuple(rows[11:17:2])
    with store.reading() as tx:
        assert tx.within(Copy, "even") == tuple(rows[::2])
        assert tx.within(Copy, "none") == ()


@pytest.mark.parametrize("scope", [None, "s"])
def test_pages_follow_one_another(store: Store, scope: str | None) -> None:
    rows = [plain(Copy, f"{at:03}", "s") for at in range(25)]
    with store.transaction() as tx:
        tx.put(rows[::3])
    with store.transaction() as tx:
        tx.put(rows)
        assert tx.page(Copy, scope=scope, after="003", limit=2) == tuple(rows[4:6])
    with store.reading() as tx:
        found: list[Row] = []
        while page := tx.page(Copy, scope=scope, after=found[-1].key if found else "", limit=10):
            found += page
        assert found == rows
        assert tx.page(Copy, scope=scope, after="0045", limit=1) == (rows[5],)


def test_tables_stand_apart(store: Store) -> None:
    rows = [plain(kind, "k", "s") for kind in TABLES.values()]
    with store.transaction() as tx:
        tx.put(rows)
    with store.reading() as tx:
        assert [tx.get(kind, "k") for kind in TABLES.values()] == rows


def test_numbers_and_bytes_at_their_ends(store: Store) -> None:
    person = plain(PersonOf, "p", "persons", index=2**53 - 1, approval_key=bytes(range(256)))
    with store.transaction() as tx:
        tx.put([person])
    with store.reading() as tx:
        assert tx.get(PersonOf, "p") == person


# --- spaces ----------------------------------------------------------------------------------


@pytest.mark.parametrize("space", Space)
def test_bytes_come_back(store: Store, space: Space) -> None:
    items = {"b": b"", "a": b"\x00\xff", "c": bytes(70_000)}
    with store.transaction() as tx:
        tx.save(space, items)
        assert tx.load(space, "c") == items["c"]
        tx.save(space, {})
    with store.transaction() as tx:
        tx.save(space, {"d": b"4"})
        assert tx.keys(space) == ("a", "b", "c", "d")
    with store.reading() as tx:
        assert {key: tx.load(space, key) for key in items} == items
        assert tx.load(space, "x") is None
        assert tx.load_many(space, ["a", "x", "c"]) == {"a": items["a"], "c": items["c"]}
        assert tx.load_many(space, []) == {}
        assert all(not tx.keys(other) for other in Space if other is not space)


@pytest.mark.parametrize("space", sorted(set(Space) - WRITE_ONCE, key=lambda one: one.value))
def test_a_space_of_latest_values_holds_the_latest(store: Store, space: Space) -> None:
    for raw in (b"1", b"2"):
        with store.transaction() as tx:
            tx.save(space, {"k": raw})
            assert tx.load(space, "k") == raw
    with store.reading() as tx:
        assert tx.load(space, "k") == b"2"


@pytest.mark.parametrize("space", sorted(WRITE_ONCE, key=lambda one: one.value))
def test_what_is_written_once_is_never_replaced(store: Store, space: Space) -> None:
    with store.transaction() as tx:
        tx.save(space, {"k": b"1"})
        tx.save(space, {"k": b"1", "l": b"2"})
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        tx.save(space, {"m": b"3", "l": b"other"})
    assert caught.value.code == "unavailable.conflict"
    with store.reading() as tx:
        assert tx.load_many(space, ["k", "l", "m"]) == {"k": b"1", "l": b"2"}


@pytest.mark.parametrize("space", Space)
def test_dropping_forgets_where_it_may(store: Store, space: Space) -> None:
    with store.transaction() as tx:
        tx.save(space, {"a": b"1", "b": b"2", "c": b"3"})
    if space in {Space.DOCUMENT, Space.ANSWER, Space.NOTE}:
        with pytest.raises(Unavailable) as caught, store.transaction() as tx:
            tx.drop(space, ["a"])
        assert caught.value.code == "unavailable.conflict"
        left = ("a", "b", "c")
    else:
        with store.transaction() as tx:
            tx.drop(space, ["a", "never-there"])
            tx.drop(space, [])
            assert tx.load(space, "a") is None
            assert tx.keys(space) == ("b", "c")
            tx.save(space, {"a": b"again"})
            tx.drop(space, ["b"])
        left = ("a", "c")
    with store.reading() as tx:
        assert tx.keys(space) == left


def test_keys_by_their_beginning(store: Store) -> None:
    names = ("alarm", "alarm|1", "alarm|10", "alarm|2", "alarm|日", "alarn", "clock|KOR", "ä|1")
    with store.transaction() as tx:
        tx.save(Space.LINK, dict.fromkeys(names[::2], b""))
    with store.transaction() as tx:
        tx.save(Space.LINK, dict.fromkeys(names[1::2], b""))
        assert tx.keys(Space.LINK, "alarm|1") == ("alarm|1", "alarm|10")
    with store.reading() as tx:
        assert tx.keys(Space.LINK) == names
        assert tx.keys(Space.LINK, "alarm|") == names[1:5]
        assert tx.keys(Space.LINK, "ä") == names[7:]
        assert tx.keys(Space.LINK, "%") == ()
        assert tx.keys(Space.LINK, "_larm") == ()


# --- transactions ----------------------------------------------------------------------------


def test_an_exception_rolls_everything_back(store: Store) -> None:
    with store.transaction() as tx:
        append(tx, LOG, b"kept")
        tx.save(Space.LATEST, {"k": b"kept"})
        tx.put([plain(Copy, "k", "s", state="kept")])
    with pytest.raises(Stop), store.transaction() as tx:
        append(tx, LOG, b"lost")
        append(tx, OTHER, b"lost")
        tx.save(Space.LATEST, {"k": b"lost", "l": b"lost"})
        tx.drop(Space.LATEST, ["k"])
        tx.put([plain(Copy, "k", "s", state="lost"), plain(Copy, "l", "s")])
        raise Stop
    with store.transaction() as tx:
        assert tx.leaves(LOG, 0, 1) == [b"kept"]
        assert tx.frontier(LOG).size == 1
        assert tx.logs() == (LOG,)
        assert tx.load(Space.LATEST, "k") == b"kept"
        assert tx.keys(Space.LATEST) == ("k",)
        assert tx.within(Copy, "s") == (plain(Copy, "k", "s", state="kept"),)
        append(tx, LOG, b"two")
        append(tx, OTHER, b"one")
    with store.reading() as tx:
        assert tx.leaves(LOG, 0, 2) == [b"kept", b"two"]
        assert tx.leaves(OTHER, 0, 1) == [b"one"]


def test_a_reading_sees_one_committed_state(store: Store) -> None:
    with store.transaction() as tx:
        append(tx, LOG, b"1")
        tx.save(Space.LATEST, {"k": b"1"})
        tx.put([plain(Copy, "a", "s")])
    with store.reading() as before:
        with store.transaction() as tx:
            append(tx, LOG, b"2")
            append(tx, OTHER, b"1")
            tx.save(Space.LATEST, {"k": b"2"})
            tx.put([plain(Copy, "b", "s"), plain(Copy, "a", "s", state="new")])
            with store.reading() as meanwhile:
                assert meanwhile.load(Space.LATEST, "k") == b"1"
        with store.reading() as after:
            assert after.load(Space.LATEST, "k") == b"2"
            assert len(after.within(Copy, "s")) == 2
        assert before.frontier(LOG).size == 1
        assert before.logs() == (LOG,)
        assert before.load(Space.LATEST, "k") == b"1"
        assert before.within(Copy, "s") == (plain(Copy, "a", "s"),)
        assert before.page(Copy) == (plain(Copy, "a", "s"),)


def test_a_second_writer_waits(store: Store) -> None:
    begun, told = threading.Event(), list[str]()

    def second() -> None:
        begun.set()
        with store.transaction() as tx:
            told.append("second")
            append(tx, LOG, b"second")

    thread = threading.Thread(target=second)
    with store.transaction() as tx:
        thread.start()
        assert begun.wait(10)
        thread.join(0.05)
        assert not told
        append(tx, LOG, b"first")
    thread.join(10)
    with store.reading() as tx:
        assert tx.leaves(LOG, 0, 2) == [b"first", b"second"]


def test_many_writers_and_readers_lose_nothing(store: Store) -> None:
    wrong = list[str]()

    def write(name: bytes) -> None:
        for at in range(10):
            with store.transaction() as tx:
                append(tx, LOG, b"%s%d" % (name, at))
                tx.save(Space.LATEST, {"size": b"%d" % tx.frontier(LOG).size})

    def read() -> None:
        for _ in range(20):
            with store.reading() as tx:
                size = tx.frontier(LOG).size
                if tx.load(Space.LATEST, "size") != (b"%d" % size if size else None):
                    wrong.append("size")
                if root_of(tx.leaves(LOG, 0, size)) != tx.frontier(LOG).root:
                    wrong.append("root")

    threads = [threading.Thread(target=write, args=(name,)) for name in (b"a", b"b", b"c")]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    with store.reading() as tx:
        leaves = tx.leaves(LOG, 0, 30)
    assert set(leaves) == {b"%s%d" % (name, at) for name in (b"a", b"b", b"c") for at in range(10)}


def test_a_transaction_inside_a_transaction_is_a_bug(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction() as tx:
        tx.save(Space.LATEST, {"k": b"1"})
        with store.transaction():
            pass
    with store.transaction() as tx:
        assert tx.load(Space.LATEST, "k") is None


def test_a_large_batch(store: Store) -> None:
    leaves = [b"%d" % at for at in range(1000)]
    rows = [plain(kind, f"{at}", f"{at % 7}") for at in range(1000) for kind in (Copy, DutyOf)]
    with store.transaction() as tx:
        append(tx, LOG, *leaves)
        tx.put(rows)
        tx.save(Space.DOCUMENT, {f"{at}": b"%d" % at for at in range(1000)})
    ask = Needs()
    for at in range(1000):
        ask.key(f"{at}", Copy, DutyOf)
        ask.scope(f"{at % 7}", Copy)
    with store.reading() as tx:
        assert tx.leaves(LOG, 0, 1000) == leaves
        found, scopes = tx.fetch(ask)
        assert len(found) == 2000
        assert sum(len(those) for those in scopes.values()) == 1000
        assert len(tx.load_many(Space.DOCUMENT, [f"{at}" for at in range(2000)])) == 1000


def test_what_was_committed_is_there_when_opened_again(place: Open) -> None:
    store = place()
    row = plain(Copy, "k", "s")
    with store.transaction() as tx:
        append(tx, LOG, *LEAVES)
        tx.put([row])
        tx.save(Space.NOTE, {"k": b"1"})
    store.close()
    store.close()
    again = place()
    with again.transaction() as tx:
        append(tx, LOG, b"five")
    with again.reading() as tx:
        assert tx.leaves(LOG, 0, 5) == [*LEAVES, b"five"]
        assert tx.get(Copy, "k") == row
        assert tx.load(Space.NOTE, "k") == b"1"
    again.close()
