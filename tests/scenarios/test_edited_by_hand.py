"""Who writes into the database by hand is found out: any column, any row, any byte of a leaf."""

import random
from base64 import b64encode

import pytest
from msgspec import structs

from comity.acts.deeds import Stage
from comity.ledger.checkpoints import checkpoint_of
from comity.node import receiving, replay
from comity.node.node import Node
from comity.node.ports import Space
from comity.register.rows import TABLES, Row
from comity.store.memory import MemoryStore
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, PersonId
from tests.scenarios.test_crossing import provide
from tests.support.pair import (
    JPN,
    KOR,
    Pair,
    entitle,
    under_the_pact,
)
from tests.support.stores import plain


@pytest.fixture
def crossed() -> Pair:
    """A report has crossed, and is held, marked, assigned and receipted for in Tokyo."""
    two = under_the_pact()
    item = provide(two)
    officer = PersonId("suzuki")
    receiving.register(two.tokyo, item, officer=officer)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=officer)
    entitle(two.tokyo, "abe", level="JPN:tokutei-himitsu", subject="dprk.missile")
    receiving.assign(two.tokyo, item, person=PersonId("abe"), officer=officer)
    receiving.receipt(two.tokyo, item, custodian=PersonId("ito"), stage=Stage.DOCUMENT)
    two.carry()
    assert not found(two.tokyo)
    return two


def found(node: Node) -> set[tuple[str, str]]:
    return {(one.where, one.what) for one in replay.rebuild(node).differences}


def seen(node: Node) -> bool:
    """Tell whether a change is told: as a difference, or as bytes that cannot be believed."""
    try:
        return bool(found(node))
    except Invalid:
        return True


def test_a_history_that_is_not_the_one_that_was_signed(crossed: Pair) -> None:
    """Leaves, tree and rows agree with each other, and not with a checkpoint that is kept."""
    node, log = crossed.seoul, correspondence(KOR, JPN)
    with node.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{log}|acked")
    assert note is not None
    size = checkpoint_of(note).size
    text = note.decode().split("\n")
    text[2] = b64encode(bytes(48)).decode()
    otherwise = "\n".join(text).encode()
    told = {(log, f"checkpoint at {size}")}
    assert not replay.rebuild(node, witnessed=[note]).differences
    outside = replay.rebuild(node, witnessed=[otherwise]).differences
    assert {(one.where, one.what) for one in outside} == told
    with node.store.transaction() as tx:
        tx.save(Space.LATEST, {f"{log}|acked": otherwise})
    assert found(node) == told


def another(value: object) -> object:
    """Return another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case bytes():
            return value + b"x"
        case tuple():
            return (*value, "x")
    raise AssertionError(value)


def test_each_column_of_each_table(crossed: Pair) -> None:
    node = crossed.tokyo
    with node.store.reading() as tx:
        first = {name: tx.page(kind, limit=1) for name, kind in TABLES.items()}
    rows: dict[str, Row] = {name: page[0] for name, page in first.items() if page}
    assert len(rows) > len(TABLES) // 4, "there is something to edit"
    for column in sorted({name for row in rows.values() for name in row.__struct_fields__}):
        if column == "key":
            continue
        edited = {
            name: structs.replace(row, **{column: another(getattr(row, column))})
            for name, row in rows.items()
            if column in row.__struct_fields__
        }
        with node.store.transaction() as tx:
            tx.put(edited.values())
        expected = {(f"{name}/{row.key}", column) for name, row in edited.items()}
        assert expected <= found(node), column
        with node.store.transaction() as tx:
            tx.put(rows[name] for name in edited)
    assert not found(node)


def test_a_row_put_into_any_table(crossed: Pair) -> None:
    node = crossed.tokyo
    with node.store.transaction() as tx:
        tx.put(plain(kind, "by-hand", "") for kind in TABLES.values())
    assert {(f"{name}/by-hand", "row") for name in TABLES} <= found(node)


def test_one_byte_of_any_leaf(crossed: Pair) -> None:
    """A disk that rots, or a hand: told as a difference, or as bytes that cannot be believed."""
    node, dice = crossed.tokyo, random.Random(7)
    assert isinstance(node.store, MemoryStore)
    with node.store.reading() as tx:
        places = [(log, at) for log in tx.logs() for at in range(tx.frontier(log).size)]
    for log, at in dice.sample(places, min(60, len(places))):
        leaves = node.store._state.leaves[log]
        kept = leaves[at]
        where = dice.randrange(len(kept))
        leaves[at] = bytes(
            (*kept[:where], kept[where] ^ 1 << dice.randrange(8), *kept[where + 1 :])
        )
        assert seen(node), f"{log}#{at} byte {where} was changed and nobody saw it"
        leaves[at] = kept
    assert not found(node)
