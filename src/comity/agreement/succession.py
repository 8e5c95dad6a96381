"""Offices come and go: who stands where an office stood, at an instant (Article 2)."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import UnsetType

from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office


class Dated(Protocol):
    """An office as a list of authorities names it: with its end and its successor."""

    @property
    def office(self) -> Office:
        """Which."""
        ...

    @property
    def until(self) -> Instant | UnsetType:
        """Its end, if it has one."""
        ...

    @property
    def successor(self) -> Office | UnsetType:
        """Who takes its place then."""
        ...


def standing_now(listed: Sequence[Dated], office: Office, at: Instant) -> Office | None:
    """Return who stands for an office at an instant: itself, or at its end its successor in turn.

    Nobody does where it ended without one, or where successors go in a circle.
    """
    terms = {one.office: one for one in listed}
    seen: set[Office] = set()
    now = office
    while now not in seen:
        seen.add(now)
        ended = terms.get(now)
        if ended is None or isinstance(ended.until, UnsetType) or at < ended.until:
            return now
        if isinstance(ended.successor, UnsetType):
            return None
        now = ended.successor
    return None
