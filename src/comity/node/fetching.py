"""Asking a counterpart for what it holds of a log, page by page."""

from collections.abc import Callable
from typing import Final, NamedTuple

from comity.acts.canonical import encode
from comity.exchange.pouch import Pouch, opened
from comity.exchange.replicas import REPLICA, ReplicaAsk
from comity.ledger.checkpoints import checkpoint_of
from comity.node.links import token_of
from comity.node.node import Node
from comity.node.ports import Courier
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party

_DOCUMENTS_SPARE: Final = 512 << 20
_DOCUMENTS_EACH: Final = 64 << 10
"""Bytes of documents that may come with a log: so many in any case, and so many for each leaf."""

Signed = Callable[[LogName, bytes], None]
"""Raises ``Invalid`` unless this house signed or cosigned a checkpoint of a log."""

Progress = Callable[[LogName, int, int], None]
"""Is told of which log how many leaves have come, of how many."""


class Fetched(NamedTuple):
    """What came of one log, as it came: nothing in it is believed yet."""

    note: bytes
    leaves: list[bytes]
    documents: dict[Digest, bytes]


class Asking:
    """Asks one peer for pages of logs."""

    def __init__(self, node: Node, peer: Party, courier: Courier, progress: Progress) -> None:
        """Ask for this node; ``progress`` is told how far it is."""
        self._node, self._peer, self._courier = node, peer, courier
        self._progress = progress
        with node.store.reading() as tx:
            self._token = token_of(tx, addressee=node.party, sender=peer)

    def page(self, log: LogName, old: int, *, contents: bool) -> Pouch:
        """Return one page of a log from a leaf on, as it came."""
        ask = encode(ReplicaAsk(log=log, old=old, contents=contents))
        wire = self._courier.send(self._peer, REPLICA, ask)
        node = self._node
        pouch = opened(node.suite, wire, transports=node.vault.transports(), token=self._token)
        if pouch.log != log or pouch.old > old:
            raise Invalid("invalid.recover.leaves", "an answer to another question")
        return pouch

    def all_of(self, log: LogName, first: int, signed: Signed) -> Fetched:
        """Return everything of a log from a leaf on, up to one checkpoint that ``signed`` lets by.

        It ends, whatever the peer says: how many leaves there are is what this house signed
        itself, each page brings some of them, and the documents are bounded.

        Raises:
            Invalid: what ``signed`` raises; ``invalid.recover.leaves``: a page is not what was
                asked for; ``….too-few``: it brings nothing; ``….documents``: there are too many.
        """
        leaves: list[bytes] = []
        documents: dict[Digest, bytes] = {}
        note: bytes | None = None
        while True:
            asked = first + len(leaves)
            pouch = self.page(log, asked, contents=False)
            if note is None and pouch.checkpoint:
                signed(log, pouch.checkpoint)
            note = pouch.checkpoint if note is None else note
            if pouch.checkpoint != note or (pouch.leaves and pouch.old != asked):
                raise Invalid("invalid.recover.leaves", "an answer to another question")
            size = checkpoint_of(note).size if note else 0
            leaves += pouch.leaves
            documents |= pouch.documents
            most = _DOCUMENTS_SPARE + _DOCUMENTS_EACH * len(leaves)
            if sum(map(len, documents.values())) > most:
                raise Invalid("invalid.recover.documents", f"more of {log} than its leaves name")
            self._progress(log, len(leaves), max(0, size - first))
            if first + len(leaves) >= size:
                return Fetched(note, leaves, documents)
            if not pouch.leaves:
                raise Invalid("invalid.recover.too-few", f"{log} ends before its checkpoint")
