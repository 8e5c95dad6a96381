"""Rows as columns: what stands in a table can be read with nothing but SQL."""

import pytest

from comity.register.rows import TABLES, Row
from comity.store.columns import COLUMNS, Columns


def test_every_table_has_columns_in_the_order_of_its_fields() -> None:
    assert COLUMNS.keys() == set(TABLES.values())
    for kind, columns in COLUMNS.items():
        assert columns.names == kind.__struct_fields__


def test_a_field_that_no_column_can_hold_is_a_bug() -> None:
    class Odd(Row, frozen=True, kw_only=True):
        weight: float

    with pytest.raises(TypeError, match="Odd"):
        Columns(Odd)


def test_a_tuple_stands_as_canonical_json() -> None:
    class Plain(Row, frozen=True, kw_only=True):
        offices: tuple[str, ...]
        urgent: bool

    columns = Columns(Plain)
    row = Plain(key="k", scope="s", offices=('JPN/"A"', "방위"), urgent=True)
    assert list(columns.write(row)) == ["k", "s", '["JPN/\\"A\\"","방위"]', True]
    assert columns.read(["k", "s", '["JPN/\\"A\\"","방위"]', 1]) == row
    assert columns.read(["k", "s", "[]", 0]) == Plain(key="k", scope="s", offices=(), urgent=False)
