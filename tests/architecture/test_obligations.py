"""The index of obligations says what is there: every row reached or open, reached rows tested."""

import csv
from pathlib import Path

import pytest

from tools.emptied import function_named
from tools.obligations import INDEX, TESTS, IndexFileError, marked_tests, read_index

SHARED = Path(__file__).parents[3] / "shared"
ROWS = read_index(INDEX.read_text(encoding="utf-8"))
REACHED = [row for row in ROWS.values() if row.reached]
MARKED = marked_tests(TESTS)


def test_every_reached_row_names_functions_that_exist():
    missing = []
    for row in REACHED:
        for name in row.functions:
            try:
                function_named(name)
            except (ImportError, LookupError) as error:
                missing.append(f"{row.id}: {error}")
    assert missing == []


def test_every_reached_row_has_a_marked_test():
    assert [row.id for row in REACHED if row.id not in MARKED] == []


def test_every_mark_names_a_row():
    assert {name: places for name, places in MARKED.items() if name not in ROWS} == {}


def test_rows_are_those_of_the_requirements():
    if not SHARED.is_dir():
        pytest.skip("no ../shared here: the requirements cannot be compared")
    with (SHARED / "design/requirements.csv").open(encoding="utf-8", newline="") as file:
        required = {row["id"]: int(row["wave"]) for row in csv.DictReader(file)}
    assert {row.id: row.wave for row in ROWS.values()} == required


@pytest.mark.parametrize(
    "fields",
    [
        'wave = 1\nstate = "open"',
        'source = "x"\nwave = 3\nstate = "open"',
        'source = "x"\nwave = 1\nstate = "nearly"',
        'source = "x"\nwave = 1\nstate = "reached"',
        'source = "x"\nwave = 1\nstate = "reached"\nfunction = []',
        'source = "x"\nwave = 1\nstate = "reached"\nfunction = "comity.acts"',
        'source = "x"\nwave = 1\nstate = "reached"\nfunction = "os:getcwd"',
        'source = "x"\nwave = 1\nstate = "open"\nfunctoin = "comity.acts:digest"',
    ],
)
def test_a_row_that_says_it_wrongly_is_refused(fields):
    with pytest.raises(IndexFileError):
        read_index(f"[X-1]\n{fields}\n")


def test_a_row_may_name_several_functions():
    fields = 'source = "x"\nwave = 2\nstate = "reached"\nfunction = ["comity.a:b", "comity.c:D.e"]'
    assert read_index(f"[X-1]\n{fields}\n")["X-1"].functions == ("comity.a:b", "comity.c:D.e")
