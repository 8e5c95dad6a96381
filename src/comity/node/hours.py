"""The fixed hours: every register ledger grows by the same number of leaves, busy or idle.

Acts enter a register ledger when they happen, and nobody outside sees it. What the counterpart
sees is a checkpoint, and one is signed at the fixed hours only, for a size that is a multiple of
256: blank leaves make up the number. So an idle hour looks like a busy one.
"""

from typing import Final

from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import Entry
from comity.acts.judgements import Outcome
from comity.ledger.checkpoints import checkpoint_of
from comity.node import alarms, clocks
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.roots import latest
from comity.node.sitting import Sitting, sitting
from comity.register.fold import Effect
from comity.register.rows import LogState, Peer
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import EPOCH, Instant, seconds_between
from comity.vocabulary.logs import LogName, register_ledger
from comity.vocabulary.names import Party

STEP: Final = 256
"""Leaves by which a register ledger grows at a fixed hour; twice as many where more were needed."""

HOUR: Final = 3600.0
"""Seconds from one fixed hour to the next: the full hours of UTC."""

_BLANK: Final = Effect(outcome=Outcome.LAWFUL)


def hour_of(at: Instant) -> Instant:
    """Return the fixed hour that struck last at an instant."""
    return Instant(f"{at[:13]}:00:00.000Z")


def until_next(at: Instant) -> float:
    """Return the seconds from an instant to the next fixed hour."""
    return HOUR - seconds_between(hour_of(at), at)


def strike(node: Node) -> tuple[Party, ...]:
    """Do for every register ledger what is due since the last fixed hour.

    A node that slept through hours does one step when it wakes, not one for each: it was asleep,
    and that is no secret. Each ledger is a sitting of its own: if the process dies between two,
    the others are due still; if it dies within one, that one is.

    Returns:
        The counterparts whose register ledgers grew.

    Raises:
        Unavailable: the disk. Where the clocks of the two houses are apart an alarm is raised,
            nothing is stamped, and the ledger stays due.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        due = [Party(row.key) for row in tx.within(Peer, "") if _due(tx, node, row.key, now)]
    grown = []
    for peer in due:
        try:
            with sitting(node, now=now) as session:
                clocks.require_agreement(session, [peer])
                if _due(session.tx, node, peer, now):
                    _step(session, register_ledger(node.party, peer))
                    grown.append(peer)
        except Unavailable as error:
            if error.code != "unavailable.clock":
                raise
            alarms.raise_alarm(node, peer, error.code)
    return tuple(grown)


def _due(tx: Reading, node: Node, peer: str, now: Instant) -> bool:
    """Tell whether an hour has struck since this ledger's last step.

    A clock that is set back over the stroke of an hour does not strike it twice; one that was
    far ahead and has been set right does not keep the ledger silent until then.
    """
    raw = tx.load(Space.LINK, _key(register_ledger(node.party, Party(peer))))
    if raw is None:
        return True
    last, hour = Instant(raw.decode()), hour_of(now)
    return hour > last or seconds_between(now, last) > HOUR + clocks.BOUND


def _step(session: Sitting, log: LogName) -> None:
    """Make up the number with blank leaves, and sign the one checkpoint of this hour."""
    before = session.tx.load(Space.LATEST, f"{log}|own")
    shown = 0 if before is None else checkpoint_of(before).size
    size = session.size(log)
    # Only the sizes that are shown count: a busier hour takes as many steps as its acts need.
    target = max(shown + STEP, -(-size // STEP) * STEP)
    state = session.rows.get(LogState, log)
    at = latest((session.now, EPOCH if state is None else state.at))
    for _ in range(target - size):
        entry = Entry(deed=deeds.Blank(by=session.node.registry), at=at, salt=session.salt())
        session.append(log, encode(entry), entry, effect=_BLANK)
    session.roots.sign(log, at=session.now)
    # Of a register ledger the latest checkpoint is the only one that is ever sent.
    session.tx.drop(Space.LATEST, [f"{log}|own|{shown:016d}"])
    session.tx.save(Space.LINK, {_key(log): hour_of(session.now).encode()})


def _key(log: LogName) -> str:
    return f"hour|{log}"
