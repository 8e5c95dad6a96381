"""What nothing in the project does, read from its syntax: see 7-style, "Settings to start from".

Import contracts (``lint-imports``) say which room may import which; here is what they cannot see:
single names of a module, built-in functions, and the one place that may do a thing.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/comity"

# Below `node`; a room that is not named here is let out by name, so that a new one is pure.
IMPURE = {"node", "store", "transport", "keys", "console", "assemble", "cli"}
HASHING = {"acts", "seal", "ledger"}


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def room(path: Path) -> str:
    inside = path.relative_to(PACKAGE).parts
    return inside[0] if len(inside) > 1 else ""


def names_used(tree: ast.Module) -> Iterator[str]:
    """Every imported or mentioned name, dotted, as far as one module's text tells.

    An import's own name for a thing is put back: ``from os import environ as e; e["X"]`` is
    ``os.environ``, ``import datetime as d; d.datetime.now()`` is ``datetime.datetime.now``.
    """
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                meaning[each.asname or each.name.split(".")[0]] = (
                    each.name if each.asname else each.name.split(".")[0]
                )
                yield each.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for each in node.names:
                meaning[each.asname or each.name] = f"{node.module}.{each.name}"
                yield f"{node.module}.{each.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            head, dot, rest = ast.unparse(node).partition(".")
            yield meaning.get(head, head) + dot + rest


def users(paths: list[Path], *banned: str) -> set[Path]:
    """The files that use one of the names, or something within it."""
    return {path for path in paths if among(names_in(path), banned)}


@cache
def names_in(path: Path) -> frozenset[str]:
    """What a file uses: read once for all that is asked of it."""
    return frozenset(names_used(ast.parse(path.read_text(encoding="utf-8"))))


def uses(text: str, *banned: str) -> bool:
    return among(frozenset(names_used(ast.parse(text))), banned)


def among(names: frozenset[str], banned: tuple[str, ...]) -> bool:
    return any(name == ban or name.startswith(f"{ban}.") for name in names for ban in banned)


@pytest.mark.parametrize(
    ("text", "banned"),
    [
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("import datetime as d\nd.datetime.now(d.UTC)", "datetime.datetime.now"),
        ("from os import environ as e\ne['X']", "os.environ"),
        ("import os\nos.environ.get('X')", "os.environ"),
        ("import os.path\nos.getenv('X')", "os.getenv"),
        ("from unittest import mock", "unittest.mock"),
        ("import unittest.mock", "unittest.mock"),
        ("from unittest.mock import Mock", "unittest.mock"),
        ("def f():\n    import random", "random"),
        ("from time import time\ntime()", "time.time"),
        ("open('x')", "open"),
    ],
)
def test_the_reader_of_names_sees_through_other_names(text, banned):
    assert uses(text, banned)


@pytest.mark.parametrize(
    ("text", "banned"),
    [
        ("import time\ntime.monotonic()", "time.time"),
        ("node.clock.now()", "datetime.datetime.now"),
        ("import randomness", "random"),
        ("file.open()", "open"),
    ],
)
def test_the_reader_of_names_sees_no_more_than_is_there(text, banned):
    assert not uses(text, banned)


def test_there_is_something_to_read():
    assert {"vocabulary", "acts", "seal", "ledger", "node"} <= {
        room(path) for path in sources("src")
    }


def test_one_file_asks_what_time_it_is_and_it_assembles():
    asking = users(
        sources("src"),
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.gmtime",
        "time.localtime",
    )
    assert len(asking) <= 1
    assert {room(path) for path in asking} <= {"assemble"}


def test_at_most_one_file_reads_the_environment_and_it_is_at_the_top():
    reading = users(sources("src"), "os.environ", "os.getenv", "os.environb", "os.putenv")
    assert len(reading) <= 1
    assert {room(path) for path in reading} <= {"assemble", "cli"}


def test_nothing_is_left_to_chance_that_cannot_be_replayed():
    assert users(sources("src", "tools"), "random") == set()


def test_bytes_never_choose_what_runs():
    assert (
        users(sources("src", "tools", "tests"), "pickle", "marshal", "shelve", "eval", "exec")
        == set()
    )


def test_nothing_is_mocked():
    assert users(sources("src", "tools", "tests"), "unittest.mock", "mock", "pytest_mock") == set()


def test_digests_are_made_in_acts_seal_and_ledger_alone():
    hashing = users(sources("src"), "hashlib", "hmac")
    assert {path for path in hashing if room(path) not in HASHING} == set()


def test_pure_rooms_open_no_file_and_print_nothing():
    touching = users(sources("src"), "open", "print", "input", "breakpoint", "__import__")
    assert {path for path in touching if room(path) not in IMPURE} == set()


def test_pure_rooms_keep_no_state_of_their_own():
    """No ``global``: what a pure function answers depends on nothing but what it was handed."""
    keeping = {
        path
        for path in sources("src")
        if room(path) not in IMPURE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Global | ast.Nonlocal)
    }
    assert keeping == set()
