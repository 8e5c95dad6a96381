"""Challenges that a passkey answers: made without keeping anything, and good once.

A challenge says when it was made and what it is for, under a key of the house. So whoever is not
signed in may ask for as many as they like and fills no disk; what is kept is that one was used.
An approval is signed over the root of its deeds instead (docs/protocol.md): 48 bytes, where these
are 56, so that neither is ever taken for the other.
"""

from typing import Final

from comity.acts.canonical import digest
from comity.console import sessions
from comity.node.node import Node
from comity.node.ports import Transaction
from comity.seal.macs import is_mac, mac
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import PersonId

SECONDS: Final = 5 * 60
"""How long a challenge waits for its answer."""

_KEPT: Final = 86400
"""Seconds for which a used one is remembered: a clock that is set back brings none back."""

_RANDOM, _TIME = 16, 8
_USE: Final = "console challenge: "


def make(node: Node, use: str) -> bytes:
    """Return a challenge for one use: ``sign-in``, or another with what it is bound to."""
    said = node.suite.random(_RANDOM) + _stamp(node.clock.now())
    return said + mac(_secret(node), use=_USE + use, message=said)


def spend(node: Node, tx: Transaction, challenge: bytes, *, use: str, person: PersonId) -> None:
    """Use a challenge up, in the transaction of what it allows.

    Raises:
        Refused: ``refused.passkey.challenge``: not this house's, for another use, too old, of a
            later time than it is, or used before; the same answer for each.
    """
    said, code = challenge[: _RANDOM + _TIME], challenge[_RANDOM + _TIME :]
    genuine = is_mac(code, _secret(node), use=_USE + use, message=said)
    now, key = node.clock.now(), digest(challenge)
    at = said[_RANDOM:]
    timely = _stamp(plus_seconds(now, -SECONDS)) < at <= _stamp(plus_seconds(now, 1))
    if not genuine or not timely or sessions.is_kept(tx, key):
        raise Refused("refused.passkey.challenge", "ask for a new challenge")
    sessions.keep(
        tx, key, sessions.Kept(kind="spent", person=person, until=plus_seconds(now, _KEPT))
    )


def _stamp(at: Instant) -> bytes:
    """Return an instant as eight bytes in the order of time: its digits without their marks."""
    return int("".join(one for one in at if one.isdecimal())).to_bytes(_TIME, "big")


def _secret(node: Node) -> bytes:
    return node.vault.storage(node.party)
