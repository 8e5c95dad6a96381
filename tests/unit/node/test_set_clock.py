"""A clock that was set while the node runs dates no line of the journal."""

from dataclasses import dataclass

import pytest

from comity.node import setup
from comity.register.rows import Peer
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import journal
from tests.support.pair import ADMIN, KOR, Pair, TurnedClock, enrol, pair, text_of

YEAR = 365 * 86400.0


@dataclass
class SetClock(TurnedClock):
    """A clock that tells by how much it was set."""

    by: float = 0.0

    def moved(self) -> float:
        """Return by how many seconds it was set."""
        return self.by

    def believe(self) -> None:
        """Take it as right."""
        self.by = 0.0

    def set(self, seconds: float) -> None:
        """Set it forward."""
        self.turn(seconds)
        self.by += seconds


def lines(two: Pair) -> int:
    with two.seoul.store.reading() as tx:
        return tx.frontier(journal(KOR)).size


def at_home(two: Pair) -> None:
    setup.adopt_profile(two.seoul, text_of("profile-KOR.md"), actor=ADMIN)


def test_an_act_at_home_waits_until_the_clock_is_right() -> None:
    two = pair()
    enrol(two)
    two.carry()
    clock = SetClock(two.clock.now())
    two.seoul.clock = clock
    before = lines(two)
    clock.set(YEAR)
    with pytest.raises(Unavailable) as error:
        at_home(two)
    assert error.value.code == "unavailable.clock"
    assert lines(two) == before
    clock.set(-YEAR)
    at_home(two)
    assert lines(two) == before + 1
    clock.set(299.0)
    at_home(two)


def test_before_anybody_is_enrolled_nobody_can_say_what_time_it_is() -> None:
    two = pair()
    clock = SetClock(two.clock.now())
    two.seoul.clock = clock
    clock.set(YEAR)
    with two.seoul.store.reading() as tx:
        assert not tx.within(Peer, "")
    at_home(two)
