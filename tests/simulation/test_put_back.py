"""Schedules in which houses are put back to older copies often, and renew their keys often."""

from collections.abc import Callable

import pytest

from comity.vocabulary.names import Party
from tests.simulation.put_back import PutBack
from tests.simulation.running import Schedules

SCHEDULES = Schedules(usual=60, chunk=20)


class Often(PutBack):
    """No register ledger is shown before the end, so every copy can be put back."""

    def acts(self) -> tuple[tuple[Callable[[Party], object], ...], tuple[int, ...]]:
        """Return what may happen: copies and renewals in the place of the hours."""
        return (
            (
                self.send,
                self.deliver,
                self.release,
                self.handle,
                self.weather,
                self.put_back,
                self.renew,
                self.erase,
            ),
            (6, 8, 3, 4, 1, 2, 2, 2),
        )


@pytest.mark.parametrize("first", SCHEDULES.starts)
def test_schedules(first: int) -> None:
    recovered = renewed = 0
    for world in SCHEDULES.ran(first, Often, 80):
        recovered += world.recovered
        renewed += world.renewed
    if SCHEDULES.is_whole(first):  # a check of nothing would never fail
        assert recovered
        assert renewed
