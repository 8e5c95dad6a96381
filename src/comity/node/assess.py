"""The books that a node judges with: its store, its readings, its own profile."""

import json
from collections.abc import Mapping, Sequence

from comity.agreement.assess import assess
from comity.agreement.assessment import OPAQUE, Assessment, effect_of
from comity.agreement.books import Claim
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.agreement.verified import directory_at
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.node.links import OWN_ROOT
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import Peer, Rows
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party


class NodeBooks:
    """What one transaction of a node finds by digest or by name."""

    def __init__(self, node: Node, tx: Reading) -> None:
        """Read for this node in this transaction."""
        self._node = node
        self._tx = tx
        # What is kept under a digest never changes; what is absent may yet come.
        self._found: dict[tuple[Space, str], bytes] = {}
        self._claims: dict[LogName, list[Claim]] = {}
        self._roots: dict[tuple[LogName, int], Digest] = {}

    def _load(self, space: Space, key: str) -> bytes | None:
        at = (space, key)
        if at not in self._found:
            raw = self._tx.load(space, key)
            if raw is None:
                return None
            self._found[at] = raw
        return self._found[at]

    @property
    def suite(self) -> Suite:
        """The node's suite."""
        return self._node.suite

    def document(self, digest: Digest) -> bytes | None:
        """Return a document that the node keeps."""
        return self._load(Space.DOCUMENT, digest)

    def note(self, digest: Digest) -> bytes | None:
        """Return a signed checkpoint that the node keeps."""
        return self._load(Space.NOTE, digest)

    def agreement(self, digest: Digest) -> Agreement | None:
        """Return an agreement that the node keeps."""
        return self._node.agreement(self._tx, digest)

    def root(self, party: Party) -> Digest | None:
        """Return the identifier of the root that was enrolled for a party, or the house's own."""
        peer = self._tx.get(Peer, party)
        if peer is not None:
            return Digest(peer.root)
        own = self._tx.load(Space.LATEST, OWN_ROOT) if party == self._node.party else None
        return None if own is None else key_id(own)

    def lend(self, documents: Mapping[str, bytes]) -> None:
        """Let documents be found that are not kept: for a judgement at the desk."""
        self._found |= {(Space.DOCUMENT, name): raw for name, raw in documents.items()}

    def claims(self, log: LogName) -> Sequence[Claim]:
        """Return what a log's author has claimed to have seen."""
        if log not in self._claims:
            self._claims[log] = claims(self._tx, log)
        return self._claims[log]

    def forget_claims(self, log: LogName) -> None:
        """Read the claims of a log again when next asked: one was just remembered."""
        self._claims.pop(log, None)

    def first_directory(self, author: Party, reader: Party) -> bytes | None:
        """Return the directory exchanged at enrolment."""
        if author == self._node.party:
            return self._tx.load(Space.LATEST, f"directory|{reader}")
        peer = self._tx.get(Peer, author)
        return None if peer is None else self._load(Space.DOCUMENT, peer.directory)

    def profile(self, rows: Rows) -> Profile | None:
        """Return the house's own profile as these rows have it."""
        return self._node.profile(self._tx, rows)

    def tree_root(self, log: LogName, size: int) -> Digest | None:
        """Return the root of a log's first leaves, as they are kept."""
        if (log, size) not in self._roots:
            frontier = self._tx.frontier(log)
            if size > frontier.size:
                return None
            root = frontier.root
            if size < frontier.size:
                read = tile_reader(lambda tiles: self._tx.tiles(log, tiles), frontier.size)
                root = root_at(read, size)
            self._roots[log, size] = digest_from_bytes(root)
        return self._roots[log, size]


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
