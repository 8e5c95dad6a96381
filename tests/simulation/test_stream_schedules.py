"""Seeded schedules with a stream: loss, doubling, crashes at every commit, and a withdrawal."""

import os

import pytest

from tests.simulation.streaming import StreamWorld
from tests.support.pair import JPN

SEEDS = int(os.environ.get("COMITY_SEEDS", "24"))
FIRST = int(os.environ.get("COMITY_FIRST_SEED", "0"))
STEPS = 120


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_a_stream_under_a_schedule(seed: int) -> None:
    StreamWorld(seed).run(STEPS)


def test_the_schedules_do_what_they_are_for() -> None:
    given = ended = crashes = late = 0
    for seed in range(8):
        world = StreamWorld(seed)
        world.run(STEPS)
        given, ended = given + len(world.given), ended + world.ended
        crashes += world.crashes
        late += sum(view.lane.late for view in world.views(JPN) if view.lane)
    assert given > 100
    assert ended > 5
    assert crashes > 0
    assert late > 0
