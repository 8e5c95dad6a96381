"""A plugin of the test runner: does a marked test fail once its function is emptied?

``pytest -p tools.emptied --emptied GSOMIA-6-a`` collects as usual, then, instead of running the
suite, takes every row that is asked for: its marked tests must pass as they are, and one of them
must fail once each function of the row, in turn, does nothing but return None.

Each trial is a forked child: what an emptied function leaves in caches ends with the child. The
function's code is replaced, not its name, so that tables and imports that hold it see the change.
A trial that does not end within ``LIMIT`` seconds is stopped and counts as a failure of its test.
Tests that start processes of their own do not see the change there.
"""

import importlib
import inspect
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Final

import pytest
from _pytest.runner import runtestprotocol

from tools.obligations import INDEX, Row, read_index

LIMIT: Final = 300
_PASSED: Final = 0
_FAILED: Final = 1
_SKIPPED: Final = 2
_BROKEN: Final = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the rows to try; the option may be given many times."""
    parser.addoption("--emptied", action="append", metavar="ID", required=True)


def function_named(name: str) -> FunctionType:
    """Find the plain function behind ``module:name``, through decorators and descriptors.

    Raises:
        LookupError: there is none.
    """
    module, _, path = name.partition(":")
    found: object = importlib.import_module(module)
    for part in path.split("."):
        try:
            found = inspect.getattr_static(found, part)
        except AttributeError:
            raise LookupError(f"{name}: there is no {part}") from None
    if isinstance(found, classmethod | staticmethod):
        found = found.__func__
    if isinstance(found, property):
        found = found.fget
    if callable(found):
        found = inspect.unwrap(found)
    if isinstance(found, FunctionType):
        return found
    raise LookupError(f"{name}: not a function")


def empty(function: FunctionType) -> None:
    """Let the function take anything and return None, for whoever holds it."""

    def nothing(*_: object, **__: object) -> None:
        return None

    # A method that names its class has a cell: the code must ask for as many.
    function.__code__ = nothing.__code__.replace(co_freevars=function.__code__.co_freevars)


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try every row that is asked for, in place of the suite."""
    if session.testsfailed:
        raise session.Interrupted(f"{session.testsfailed} files could not be collected")
    rows = read_index(INDEX.read_text(encoding="utf-8"))
    for name in session.config.getoption("--emptied"):
        marked = [item for item in session.items if name in _obligations(item)]
        for complaint in _complaints(rows[name], marked):
            session.testsfailed += 1
            print(f"{name}: {complaint}")
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many rows were tried."""
    tried = len(terminalreporter.config.getoption("--emptied"))
    terminalreporter.write_line(f"{tried} reached rows tried")


def _obligations(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers("obligation"):
        yield from mark.args


def _complaints(row: Row, marked: Sequence[pytest.Item]) -> Iterator[str]:
    as_they_are = _trial(marked, None)
    if as_they_are == _SKIPPED:
        yield "every marked test is skipped here, or there is none"
        return
    if as_they_are != _PASSED:
        yield "a marked test fails as it is"
        return
    for name in row.functions:
        try:
            function = function_named(name)
        except (ImportError, LookupError) as error:
            yield str(error)
            continue
        ended = _trial(marked, function)
        if ended == _BROKEN:
            yield f"{name} could not be emptied"
        elif ended in {_PASSED, _SKIPPED}:
            yield f"no marked test fails when {name} is emptied"


def _trial(items: Sequence[pytest.Item], emptied: FunctionType | None) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        status = _BROKEN
        try:
            os.setpgid(0, 0)
            signal.alarm(LIMIT)
            if emptied:
                empty(emptied)
            status = _run(items)
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(ended)


def _run(items: Sequence[pytest.Item]) -> int:
    passed = 0
    for item in items:
        reports = runtestprotocol(item, log=False, nextitem=None)
        if any(report.failed for report in reports):
            return _FAILED
        passed += all(report.passed for report in reports)
    return _PASSED if passed else _SKIPPED
