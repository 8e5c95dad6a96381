"""Clocks: when this node does not stamp (4-protocol, "Time").

At each exchange the two clocks are compared; the difference and the latest peer time are kept.
A clock that jumped is found before anything is stamped with it: while the node runs by the time
that passed, and from one run to the next by the peer's word. What a wrong clock had stamped would
draw all that the house stamps after it into the future, and the peer would take none of it.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from comity.node.ports import Space
from comity.node.sitting import Sitting
from comity.register.rows import Peer
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import EPOCH, Instant, seconds_between
from comity.vocabulary.names import Party

BOUND: Final = 300.0
"""Seconds that two clocks may differ by, and that an ``at`` may lie ahead."""


def require_agreement(session: Sitting, peers: Iterable[Party]) -> None:
    """Return if this node may stamp acts towards these peers now; none: acts at home.

    A line of the journal that a clock far ahead had stamped would date all after it, and the
    acts towards peers with them. Before any peer is enrolled nobody can say what time it is.

    Raises:
        Unavailable: ``unavailable.clock``.
    """
    peers = tuple(peers)
    moved = session.node.clock.moved()
    if abs(moved) > BOUND and (peers or session.tx.within(Peer, "")):
        raise Unavailable(
            "unavailable.clock",
            f"this node's clock was set by {int(moved)} s; set it right, or exchange with "
            "a counterpart whose clock says the same",
        )
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


def heard(session: Sitting, peer: Party, time: Instant, *, fresh: bool = True) -> None:
    """Keep what an exchange by network said of the peer's clock.

    A time that is not ``fresh`` was signed before it was sent, perhaps long before: that it lies
    behind says nothing. A time too far ahead blocks stamping until the next word, and is not
    kept as the latest: a peer that sets its clock right is believed again.
    """
    raw = session.tx.load(Space.LINK, f"clock|{peer}")
    kept: dict[str, Any] = json.loads(raw) if raw else {"offset": 0.0, "latest": EPOCH}
    latest = kept["latest"] if too_far_ahead(session.now, time) else max(time, kept["latest"])
    offset = seconds_between(session.now, time)
    if not fresh and offset < 0:
        offset = kept["offset"]
    elif fresh and abs(offset) <= BOUND:
        session.node.clock.believe()
    session.tx.save(
        Space.LINK,
        {f"clock|{peer}": json.dumps({"offset": offset, "latest": latest}).encode()},
    )


def too_far_ahead(now: Instant, at: Instant) -> bool:
    """Tell whether an ``at`` lies too far ahead of this clock to be decided on."""
    return seconds_between(now, at) > BOUND
