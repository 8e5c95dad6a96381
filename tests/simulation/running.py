"""Seeded schedules, a chunk a test: as many as are asked for, and how a failing one is replayed.

``COMITY_SEEDS`` says how many, ``COMITY_FIRST_SEED`` from which on.
"""

import os
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar


class Runs(Protocol):
    """A world of one seed."""

    def run(self, steps: int) -> None:
        """Take steps, heal, and check everything."""
        ...


W = TypeVar("W", bound=Runs)


class Schedules:
    """The schedules of one file."""

    def __init__(self, usual: int, chunk: int) -> None:
        """Run so many where nothing else is asked for, so many a test."""
        self.first = int(os.environ.get("COMITY_FIRST_SEED", "0"))
        self.end = self.first + int(os.environ.get("COMITY_SEEDS", str(usual)))
        self.chunk = chunk

    @property
    def starts(self) -> range:
        """The first seed of every chunk."""
        return range(self.first, self.end, self.chunk)

    def is_whole(self, start: int) -> bool:
        """Tell whether a chunk has all its seeds: of one alone nothing is asked but to pass."""
        return start + self.chunk <= self.end

    def ran(self, start: int, make: Callable[[int], W], steps: int) -> Iterator[W]:
        """Give the worlds of a chunk, each after its run.

        Raises:
            AssertionError: one failed; its seed, and how it is replayed.
        """
        for seed in range(start, min(start + self.chunk, self.end)):
            try:
                world = make(seed)
                world.run(steps)
            except BaseException as error:
                raise AssertionError(
                    f"seed {seed} fails; replay: COMITY_FIRST_SEED={seed} COMITY_SEEDS=1"
                ) from error
            yield world
