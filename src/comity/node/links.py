"""Links: who is enrolled, and by which token a pouch is addressed."""

from comity.acts.canonical import digest
from comity.node.ports import Reading, Space
from comity.register.links import revoked_of
from comity.register.rows import DirectoryOf, Peer
from comity.seal.directories import Directory, read_directory
from comity.seal.fingerprints import key_id
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party

OWN_ROOT = "root"
"""Where the house's own public root stands in ``Space.LATEST``."""


def peer_of(tx: Reading, peer: Party) -> Peer | None:
    """Return an enrolled counterpart, or nothing."""
    return tx.get(Peer, peer)


def require_peer(tx: Reading, peer: Party) -> Peer:
    """Return an enrolled counterpart.

    Raises:
        Refused: ``refused.link.not-enrolled``.
    """
    row = tx.get(Peer, peer)
    if row is None:
        raise Refused("refused.link.not-enrolled", peer)
    return row


def token_of(tx: Reading, *, addressee: Party, sender: Party) -> str:
    """Return the token of the outer header: the same on both sides, and meaningless to others.

    It is derived from the two party roots, which travel in sealed pouches and by hand only.
    """
    roots = [_root(tx, addressee), _root(tx, sender)]
    return digest("\n".join(["pouch token", *roots]).encode())[7:39]


def _root(tx: Reading, party: Party) -> Digest:
    row = tx.get(Peer, party)
    if row is not None:
        return Digest(row.root)
    own = tx.load(Space.LATEST, OWN_ROOT)
    if own is None:
        raise Invalid("invalid.peer", "not enrolled")
    return key_id(own)


def directory_of(tx: Reading, party: Party, reader: Party) -> Directory:
    """Return the latest directory of a party towards a reader that this node holds.

    Raises:
        Refused: ``refused.link.not-enrolled``.
    """
    log = correspondence(party, reader)
    found = (*tx.within(DirectoryOf, log), *tx.within(DirectoryOf, revoked_of(log)))
    if found:
        digest = max(found, key=lambda row: row.version).digest
    else:
        digest = require_peer(tx, party).directory
    raw = tx.load(Space.DOCUMENT, digest)
    if raw is None:
        raise Invalid("invalid.directory", "the directory is not kept here")
    return read_directory(raw)
