"""What a party that lost entries asks of its counterpart: leaves of a log that both hold.

The answer is a pouch (see ``pouch``): leaves ``[old, new)``, the documents that they name, and
the checkpoints that they rest on, among the documents. Its checkpoint is the latest one of that
log with both parties' signatures, whatever ``new`` is. Nothing is signed to answer it.
"""

from typing import Final

from msgspec import Struct

from comity.acts.canonical import decoder
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Index

REPLICA: Final = "/v1/replica"
"""Where it is asked for."""

REPLICA_LEAVES: Final = 1024
"""The most leaves of one answer: with each may go a checkpoint, and approvals."""

REPLICA_BYTES: Final = 24 << 20
"""Leaves, documents and contents of one answer, together, unless one leaf alone has more."""


class ReplicaAsk(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked for.

    Attributes:
        log: A correspondence between the two, or a register ledger of one towards the other.
        old: From which leaf on.
        contents: Whether sealed contents that travelled in pouches are wanted as well.
    """

    log: LogName
    old: Index
    contents: bool


decode_replica_ask = decoder(ReplicaAsk, limit=1024)
