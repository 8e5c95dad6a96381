"""Clocks: when this node does not stamp (4-protocol, "Time").

At each exchange the two clocks are compared; the difference and the latest peer time are kept.
A clock that jumped is found before anything is stamped with it.
"""

import json
from collections.abc import Iterable
from typing import Final

from comity.node.ports import Space
from comity.node.sitting import Sitting
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import Instant, seconds_between
from comity.vocabulary.names import Party

BOUND: Final = 300.0
"""Seconds that two clocks may differ by, and that an ``at`` may lie ahead."""


def require_agreement(session: Sitting, peers: Iterable[Party]) -> None:
    """Return if this node may stamp acts towards these peers now.

    Raises:
        Unavailable: ``unavailable.clock``.
    """
    for peer in peers:
        raw = session.tx.load(Space.LINK, f"clock|{peer}")
        if raw is None:
            continue
        kept = json.loads(raw)
        if abs(kept["offset"]) > BOUND:
            raise Unavailable(
                "unavailable.clock",
                f"the clocks of this node and of {peer} differed by {int(kept['offset'])} s "
                "at the last exchange; set the clock, then exchange again",
            )
        if seconds_between(session.now, Instant(kept["latest"])) > BOUND:
            raise Unavailable(
                "unavailable.clock",
                f"this node's clock is far behind the latest time heard from {peer}",
            )


def heard(session: Sitting, peer: Party, time: Instant) -> None:
    """Keep what an exchange by network said of the peer's clock."""
    raw = session.tx.load(Space.LINK, f"clock|{peer}")
    latest = max(time, json.loads(raw)["latest"]) if raw else time
    offset = seconds_between(session.now, time)
    session.tx.save(
        Space.LINK,
        {f"clock|{peer}": json.dumps({"offset": offset, "latest": latest}).encode()},
    )


def too_far_ahead(now: Instant, at: Instant) -> bool:
    """Tell whether an ``at`` lies too far ahead of this clock to be decided on."""
    return seconds_between(now, at) > BOUND
