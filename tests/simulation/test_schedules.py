"""Three hundred seeded schedules; ``make simulate SEEDS=N`` runs more, a failing seed replays.

Everything may happen in one schedule: losses, crashes, hours, new keys, an older copy put back.
"""

from collections import Counter

import pytest

from tests.simulation.put_back import PutBack
from tests.simulation.running import Schedules

SCHEDULES = Schedules(usual=300, chunk=25)


@pytest.mark.parametrize("first", SCHEDULES.starts)
def test_schedules(first: int) -> None:
    reached: Counter[str] = Counter()
    for world in SCHEDULES.ran(first, PutBack, 60):
        reached.update(
            crashes=world.crashes,
            lost=world.lost,
            renewed=world.renewed,
            recovered=world.recovered,
            left_over=world.left_over,
            erased=world.erased,
        )
    # A check of nothing would never fail. How often a copy is put back is left to the dice: of
    # so few some have none, so that is asked of the first ones, which are always the same.
    seldom = ("recovered", "left_over") if first == 0 else ()
    wanted = ("crashes", "lost", "renewed", "erased", *seldom)
    if SCHEDULES.is_whole(first):
        assert all(reached[one] for one in wanted), reached
