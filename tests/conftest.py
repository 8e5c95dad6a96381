"""Profiles of the property tests: the ordinary one, and a long one for ``make fuzz``."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.stores import OPENED

# The machine is shared: a slow moment is not a failure.
settings.register_profile("ordinary", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=20_000)
settings.load_profile("ordinary")


@pytest.fixture(autouse=True)
def _stores_closed() -> Iterator[None]:
    """Close what a test opened on disk: Python 3.13 tells of a database that is left open."""
    yield
    while OPENED:
        OPENED.pop().close()


LONG = ("crash", "cli", "simulation", "browser")
"""Folders whose tests take seconds each: begun first, so that no worker is left alone with one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first; within a folder nothing moves."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return LONG.index(folder) if folder in LONG else len(LONG)

    items.sort(key=rank)
