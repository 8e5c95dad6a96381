"""Schedules in which one house lies, over a line that fails, to one that dies at its commits."""

from collections import Counter

import pytest

from tests.simulation.lying import Lying
from tests.simulation.running import Schedules

SCHEDULES = Schedules(usual=40, chunk=20)


@pytest.mark.parametrize("first", SCHEDULES.starts)
def test_schedules(first: int) -> None:
    reached: Counter[str] = Counter()
    for world in SCHEDULES.ran(first, Lying, 60):
        reached.update(
            crashes=world.crashes, lost=world.lost, lies=world.arrived, believed=world.believed
        )
    if SCHEDULES.is_whole(first):  # a check of nothing would never fail
        assert all(reached[one] for one in ("crashes", "lost", "lies", "believed")), reached
