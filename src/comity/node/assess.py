"""The books that a node judges with: its store, its readings, its own profile."""

import json
from collections.abc import Sequence

from comity.agreement import assess as agreement_assess
from comity.agreement.assess import OPAQUE, Assessment, Claim, effect_of
from comity.agreement.gather import Asked
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import Peer, Rows
from comity.seal.directories import Directory
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party


class NodeBooks:
    """What one transaction of a node finds by digest or by name."""

    def __init__(self, node: Node, tx: Reading) -> None:
        """Read for this node in this transaction."""
        self._node = node
        self._tx = tx

    @property
    def suite(self) -> Suite:
        """The node's suite."""
        return self._node.suite

    def document(self, digest: Digest) -> bytes | None:
        """Return a document that the node keeps."""
        return self._tx.load(Space.DOCUMENT, digest)

    def note(self, digest: Digest) -> bytes | None:
        """Return a signed checkpoint that the node keeps."""
        return self._tx.load(Space.NOTE, digest)

    def agreement(self, digest: Digest) -> Agreement | None:
        """Return an agreement that the node keeps."""
        return self._node.agreement(self._tx, digest)

    def claims(self, log: LogName) -> Sequence[Claim]:
        """Return what a log's author has claimed to have seen."""
        return claims(self._tx, log)

    def first_directory(self, author: Party, reader: Party) -> bytes | None:
        """Return the directory exchanged at enrolment."""
        if author == self._node.party:
            return self._tx.load(Space.LATEST, f"directory|{reader}")
        peer = self._tx.get(Peer, author)
        return None if peer is None else self._tx.load(Space.DOCUMENT, peer.directory)

    def profile(self, rows: Rows) -> Profile | None:
        """Return the house's own profile as these rows have it."""
        return self._node.profile(self._tx, rows)


def assess(
    node: Node, tx: Reading, rows: Rows, asked: Asked, *, journal_size: int
) -> Assessment:
    """Judge an act with this node's books."""
    return agreement_assess.assess(NodeBooks(node, tx), rows, asked, journal_size=journal_size)


def directory_at(  # noqa: PLR0913 - whose directory, towards whom, where
    node: Node, tx: Reading, rows: Rows, author: Party, reader: Party, index: int
) -> Directory | None:
    """Return the author's directory in force at a position of its correspondence."""
    return agreement_assess.directory_at(NodeBooks(node, tx), rows, author, reader, index)


def claims(tx: Reading, log: LogName) -> list[Claim]:
    """Return what the author of a log has claimed to have seen."""
    raw = tx.load(Space.LINK, f"claims|{log}")
    return [Claim(*one) for one in json.loads(raw)] if raw else []


__all__ = [
    "OPAQUE",
    "Assessment",
    "Claim",
    "NodeBooks",
    "assess",
    "claims",
    "directory_at",
    "effect_of",
]
