"""Three hundred seeded schedules; ``make simulate SEEDS=N`` runs more, a failing seed replays."""

import os

import pytest

from tests.simulation.world import World

COUNT = int(os.environ.get("COMITY_SEEDS", "300"))
FIRST = int(os.environ.get("COMITY_FIRST_SEED", "0"))
CHUNK = 25


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, CHUNK))
def test_schedules(first: int) -> None:
    for seed in range(first, min(first + CHUNK, FIRST + COUNT)):
        try:
            World(seed).run(60)
        except BaseException as error:
            raise AssertionError(
                f"seed {seed} fails; replay: COMITY_FIRST_SEED={seed} COMITY_SEEDS=1"
            ) from error
