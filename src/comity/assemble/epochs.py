"""Epochs of office keys: the next begins before the last ends, and an old one is destroyed.

What is sealed to an office is sealed to a key of a week. The days before its end, in which the
next one is published already, are the time in which a peer may be silent and still find a key.
"""

from itertools import groupby
from typing import Final

from comity.assemble.house import House, new_certificate
from comity.keys.generations import RENEWED
from comity.node import setup
from comity.node.assess import NodeBooks
from comity.node.clocks import BOUND
from comity.node.overlay import Overlay
from comity.node.passkeys import up_to_date
from comity.node.ports import Reading, Space
from comity.node.setup import EPOCH_SECONDS
from comity.node.signers import signer_at, told
from comity.register.rows import DirectoryOf
from comity.seal.certificates import certificate_validity
from comity.seal.directories import Directory, read_directory
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office, Party

AHEAD: Final = 2 * 86400
"""Seconds before an epoch's end at which the next one begins."""

KEPT: Final = 14 * 86400
"""Seconds after an epoch's end at which its key is destroyed (4-protocol, "Keys")."""

RENEWED_AHEAD: Final = 30 * 86400
"""Seconds before the end of a TLS certificate at which the next one takes its place."""

Epoch = tuple[Office, int, Instant]


def keep_epochs(house: House) -> tuple[Party, ...]:
    """Begin epochs that are due, publish them to every peer, destroy what has had its time.

    A peer that does not know the present keys of approvals is told of them too.

    A process that dies in here leaves a key that no directory names, or peers of which some
    know it: both are found by comparing the keys with the directories, and finished next time.

    Returns:
        The peers to whom a new directory was published.

    Raises:
        Unavailable: the disk, or the clocks of the two houses differ; what was done stands.
    """
    now = house.node.clock.now()
    for office, found in groupby(house.vault.epochs(), key=lambda one: one[0]):
        last = max(since for _, _, since in found)
        if plus_seconds(last, EPOCH_SECONDS - AHEAD) <= now:
            # It begins so much earlier that a peer whose clock is behind finds it begun.
            house.vault.new_epoch(office, since=plus_seconds(now, -BOUND))
    _renew(house, now)
    published = _publish(house, now)
    _forget(house, now)
    for office, epoch, since in house.vault.epochs():
        # A slip is wrapped under the storage key where it arrives; one that comes later still
        # does not open, and its key is asked for again, sealed to an epoch of that day.
        if plus_seconds(since, EPOCH_SECONDS + KEPT) <= now:
            house.vault.destroy_epoch(office, epoch)
    return published


def current(house: House, now: Instant) -> list[Epoch]:
    """Return the epochs that have not ended: those that a directory names."""
    return [one for one in house.vault.epochs() if now < plus_seconds(one[2], EPOCH_SECONDS)]


def _names_our_keys(house: House, own: tuple[Directory, Digest] | None) -> bool:
    """Tell whether a directory names the newest keys of this house."""
    suite, vault = house.node.suite, house.vault
    return own is not None and (own[0].ledger, own[0].transport, own[0].certificate) == (
        suite.signing_public(vault.ledger()),
        suite.kem_public(vault.transport()),
        vault.certificate().certificate_der,
    )


def _renew(house: House, now: Instant) -> None:
    """Renew certificate and transport key some weeks before the certificate ends."""
    vault = house.vault
    _, end = certificate_validity(vault.certificate().certificate_der)
    if plus_seconds(end, -RENEWED_AHEAD) <= now:
        vault.renew_transport()
        vault.replace_certificate(new_certificate(vault.party(), house.config.exchange, now))


def _forget(house: House, now: Instant) -> None:
    """Destroy keys that were replaced, once every peer has had their successors for long enough.

    What was sealed to an old transport key is on its way no longer than a peer takes to answer;
    the same time as for an office's epoch is kept all the same.
    """
    node, vault = house.node, house.vault
    if len(vault.ledgers()) + len(vault.transports()) + len(vault.certificates()) == len(RENEWED):
        return
    with node.store.reading() as tx:
        for row in setup.peers(tx):
            peer = Party(row.key)
            first = _first_with_our_keys(house, tx, peer)
            size = told(tx, node.party, peer)
            mine = signer_at(NodeBooks(node, tx), Overlay(tx), node.party, peer, size)
            if first is None or mine is None or mine.version < first.version:
                return
            if now < plus_seconds(first.issued, KEPT):
                return
    for kind in RENEWED:
        vault.destroy_earlier(kind)


def _first_with_our_keys(house: House, tx: Reading, peer: Party) -> Directory | None:
    """Return the directory that first told a peer of the newest keys, or nothing."""
    rows = tx.within(DirectoryOf, correspondence(house.node.party, peer))
    first = None
    for row in sorted(rows, key=lambda row: -row.index):
        raw = tx.load(Space.DOCUMENT, row.digest)
        one = None if raw is None else (read_directory(raw), Digest(row.digest))
        if one is None or not _names_our_keys(house, one):
            break
        first = one[0]
    return first


def _publish(house: House, now: Instant) -> tuple[Party, ...]:
    node = house.node
    epochs = current(house, now)
    named = {(office, epoch) for office, epoch, _ in epochs}
    late = []
    with node.store.reading() as tx:
        for row in setup.peers(tx):
            own = setup.own_directory(node, tx, Party(row.key))
            known = () if own is None else own[0].offices
            known_epochs = {(one.office, one.epoch) for one in known}
            if (
                not named <= known_epochs
                or not up_to_date(node, tx, row.key)
                or not _names_our_keys(house, own)
            ):
                late.append(Party(row.key))
    for peer in late:
        setup.publish_directory(node, peer, where=house.where(), epochs=epochs)
    return tuple(late)
