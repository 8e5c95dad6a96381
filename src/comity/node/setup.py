"""How a house begins, and how a link begins: roots, directories, enrolment."""

from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct

from comity.acts import deeds
from comity.acts.canonical import decoder, digest, encode
from comity.acts.deeds import Role
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.agreement.profile import open_profile
from comity.ledger.checkpoints import verify_checkpoint
from comity.ledger.notes import note_digest, parse_note
from comity.node import kept
from comity.node.chancery import Act, Entered, enter
from comity.node.links import OWN_ROOT, directory_of
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.sitting import sitting
from comity.register.links import revoked_of
from comity.register.rows import DirectoryOf, PasskeyOf, Peer, PersonOf
from comity.seal.directories import (
    Approver,
    Directory,
    OfficeKey,
    open_directory,
    read_directory,
    sign_directory,
)
from comity.seal.fingerprints import fingerprint_digits, key_id, parse_fingerprint
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office, Party, PersonId, Pseudonym

DIRECTORY_DAYS = 90
EPOCH_SECONDS = 7 * 86400


class Enrolment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What two administrators exchange by hand: root, first directory, empty checkpoint."""

    party: Party
    to: Party
    root: Annotated[bytes, Meta(max_length=8192)]
    directory: Annotated[bytes, Meta(max_length=1 << 22)]
    checkpoint: Annotated[bytes, Meta(max_length=1 << 16)]
    registry: Office
    comity: Annotated[int, Meta(ge=1, le=1)]


decode_enrolment = decoder(Enrolment, limit=1 << 23)


def adopt_profile(node: Node, raw: bytes, *, actor: PersonId) -> Entered:
    """Adopt the house's national profile: an act of its own, in the journal.

    Raises:
        Invalid: the profile does not parse, or is another party's.
    """
    profile = open_profile(raw)
    if profile.party != node.party:
        raise Invalid("invalid.profile", f"the profile is {profile.party}'s, not {node.party}'s")
    name = digest(raw)
    act = Act(
        deed=deeds.AdoptProfile(by=node.registry, actor=actor, profile=name),
        keep={
            Space.DOCUMENT: {name: raw},
            Space.LATEST: {OWN_ROOT: node.suite.signing_public(node.vault.root())},
        },
    )
    return enter(node, [act])[0]


class Address(Struct, frozen=True, kw_only=True):
    """Where the exchange of this node is, and its TLS certificate."""

    address: str
    certificate: bytes


def make_directory(
    node: Node,
    tx: Reading,
    to: Party,
    *,
    where: Address,
    epochs: Sequence[tuple[Office, int, Instant]],
) -> bytes:
    """Make and sign the next directory towards a counterpart: keys, offices, approvers.

    Args:
        node: This node.
        tx: What it holds.
        to: The counterpart; persons appear under the pseudonyms meant for it.
        where: Address and certificate.
        epochs: Offices with the epoch and its beginning; each lasts seven days.
    """
    now = node.clock.now()
    before = own_directory(node, tx, to)
    suite, vault = node.suite, node.vault
    offices = tuple(
        OfficeKey(
            office=office,
            epoch=epoch,
            since=since,
            until=plus_seconds(since, EPOCH_SECONDS),
            public=suite.kem_public(vault.office(office, epoch)),
        )
        for office, epoch, since in epochs
    )
    return sign_directory(
        suite,
        vault.root(),
        Directory(
            party=node.party,
            to=to,
            version=1 if before is None else before[0].version + 1,
            issued=now,
            expires=plus_seconds(now, DIRECTORY_DAYS * 86400),
            root=suite.signing_public(vault.root()),
            ledger=suite.signing_public(vault.ledger()),
            transport=suite.kem_public(vault.transport()),
            certificate=where.certificate,
            address=where.address,
            offices=offices,
            approvers=approvers_of(node, tx, to),
            previous=UNSET if before is None else before[1],
        ),
    )


SIGNING: Final = frozenset({Role.RELEASING, Role.CUSTODIAN, Role.REGISTRY})
"""Roles that sign what a counterpart sees; of others it is not told that they have a passkey."""


def approvers_of(node: Node, tx: Reading, to: Party) -> tuple[Approver, ...]:
    """Return the keys by which persons sign towards a counterpart, as a directory names them.

    A person's passkeys that are not revoked, and the key file that the house keeps, if any.
    """
    found = []
    for row in tx.within(PersonOf, "persons"):
        roles = tuple(Role(role) for role in row.roles)
        keys = [(row.approval_key, row.relying_party)] if row.approval_key else []
        if SIGNING & set(roles):
            passkeys = sorted(tx.within(PasskeyOf, row.key), key=lambda one: one.index)
            keys += [(one.public, one.relying_party) for one in passkeys if not one.revoked]
        found += [
            Approver(
                person=pseudonym(node, to, PersonId(row.key)),
                office=Office(row.office),
                roles=roles,
                public=public,
                relying_party=domain or UNSET,
            )
            for public, domain in keys
        ]
    return tuple(found)


def own_directory(node: Node, tx: Reading, to: Party) -> tuple[Directory, Digest] | None:
    """Return the latest directory that this house published (or made) towards a counterpart."""
    log = correspondence(node.party, to)
    found = (*tx.within(DirectoryOf, log), *tx.within(DirectoryOf, revoked_of(log)))
    if found:
        name = Digest(max(found, key=lambda row: row.version).digest)
        raw = tx.load(Space.DOCUMENT, name)
    else:
        raw = tx.load(Space.LATEST, f"directory|{to}")
        name = Digest("") if raw is None else digest(raw)
    return None if raw is None else (read_directory(raw), name)


def pseudonym(node: Node, to: Party, person: PersonId) -> Pseudonym:
    """Return what a counterpart sees instead of a person: different for each counterpart.

    Derived from the house's storage key, so that nobody else can tell two apart or together.
    """
    secret = node.vault.storage(node.party)
    name = digest(secret + f"\npseudonym\n{to}\n{person}".encode())
    return Pseudonym(f"{node.party}~{name[7:31]}")


def publish_directory(
    node: Node,
    to: Party,
    *,
    where: Address,
    epochs: Sequence[tuple[Office, int, Instant]],
) -> Entered:
    """Enter a new directory in the correspondence; it holds for what follows it."""
    with node.store.reading() as tx:
        raw = make_directory(node, tx, to, where=where, epochs=epochs)
    return enter(node, [publishing(node, to, raw)])[0]


def own_first(node: Node, to: Party) -> Act:
    """Return the act that publishes the directory of the own enrolment file.

    Raises:
        Refused: ``refused.enrol.own-file``.
    """
    with node.store.reading() as tx:
        own = tx.load(Space.LATEST, f"directory|{to}")
    if own is None:
        raise Refused("refused.enrol.own-file", f"comity enrol export {to}")
    return publishing(node, to, own)


def publishing(node: Node, to: Party, raw: bytes) -> Act:
    """Return the act that enters a signed directory of this house in a correspondence."""
    name = digest(raw)
    return Act(
        deed=deeds.PublishDirectory(
            by=node.registry,
            to=to,
            article=LINK_ARTICLE,
            agreement=GROUND.digest,
            directory=name,
            version=read_directory(raw).version,
        ),
        keep={Space.DOCUMENT: {name: raw}},
    )


def enrolment_file(
    node: Node,
    to: Party,
    *,
    where: Address,
    epochs: Sequence[tuple[Office, int, Instant]],
) -> bytes:
    """Return the file to hand to a counterpart: the same bytes whenever asked before enrolment."""
    log = correspondence(node.party, to)
    with sitting(node) as session:
        raw = session.tx.load(Space.LATEST, f"directory|{to}")
        if raw is None:
            raw = make_directory(node, session.tx, to, where=where, epochs=epochs)
            session.tx.save(Space.LATEST, {f"directory|{to}": raw})
            session.tx.save(Space.DOCUMENT, {digest(raw): raw})
        note = session.tx.load(Space.LATEST, f"{log}|own|{0:016d}")
        if note is None:
            note = session.roots.sign(log, at=session.now)
    return encode(
        Enrolment(
            party=node.party,
            to=to,
            root=node.suite.signing_public(node.vault.root()),
            directory=raw,
            checkpoint=note,
            registry=node.registry,
            comity=1,
        )
    )


def read_enrolment(raw: bytes) -> tuple[Enrolment, str]:
    """Return an enrolment file and the fingerprint of its root, in twelve groups of digits."""
    enrolment = decode_enrolment(raw)
    return enrolment, fingerprint_digits(enrolment.root)


def enrol(
    node: Node,
    raw: bytes,
    *,
    fingerprint: str,
    compared_by: tuple[PersonId, PersonId],
    by: Office,
) -> tuple[Entered, Entered]:
    """Enrol a counterpart: its root as two persons compared it out of band.

    The comparison is entered in the journal, and the house's own directory becomes the first
    leaf of its correspondence, in the same transaction. A counterpart that kept paper joins so:
    its directory closes the log in which this house entered what it did.

    Args:
        node: This node.
        raw: The counterpart's enrolment file.
        fingerprint: What the two persons read to each other; it must be the file's own.
        compared_by: The two persons, who must differ.
        by: Their office.

    Raises:
        Refused: ``refused.enrol.fingerprint``, ``refused.enrol.two-persons``,
            ``refused.enrol.other-root`` (enrolled already with another root).
        Invalid: the file does not hold together.
    """
    enrolment, computed = read_enrolment(raw)
    if parse_fingerprint(fingerprint) != parse_fingerprint(computed):
        raise Refused("refused.enrol.fingerprint")
    if compared_by[0] == compared_by[1]:
        raise Refused("refused.enrol.two-persons", "two different persons compare a fingerprint")
    _check_enrolment(node, enrolment)
    peer = enrolment.party
    with node.store.reading() as tx:
        known = tx.get(Peer, peer)
        for person in compared_by:
            if tx.get(PersonOf, person) is None:
                raise Refused("refused.person.unknown", person)
        own = tx.load(Space.LATEST, f"directory|{peer}")
    if known is not None:
        code = "again" if known.root == key_id(enrolment.root) else "other-root"
        raise Refused(f"refused.enrol.{code}", peer)
    if own is None:
        raise Refused("refused.enrol.own-file", f"comity enrol export {peer}")
    name = digest(enrolment.directory)
    compared = Act(
        deed=deeds.EnrolRoot(
            by=by,
            actor=compared_by[0],
            party=peer,
            root=key_id(enrolment.root),
            directory=name,
            compared_by=compared_by,
        ),
        keep={
            Space.DOCUMENT: {name: enrolment.directory},
            Space.LATEST: {f"{correspondence(peer, node.party)}|held": enrolment.checkpoint},
            Space.NOTE: {note_digest(enrolment.checkpoint): enrolment.checkpoint},
        },
    )
    with node.store.reading() as tx:
        on_paper = kept.is_kept(tx, node.party, peer)
    # Towards a party that kept paper the own directory stands already; its own one is the last
    # entry of the log that stood for its missing one, in this same transaction.
    joins = kept.closing(node, enrolment.registry, enrolment.directory)
    last = joins if on_paper else publishing(node, peer, own)
    entered = enter(node, [compared, last])
    return entered[0], entered[1]


def _check_enrolment(node: Node, enrolment: Enrolment) -> None:
    directory = open_directory(node.suite, enrolment.directory, root=key_id(enrolment.root))
    if (directory.party, directory.to) != (enrolment.party, node.party):
        raise Invalid("invalid.enrolment", "the directory is not this party's towards this node")
    if directory.root != enrolment.root or enrolment.party == node.party:
        raise Invalid("invalid.enrolment", "not a counterpart's file")
    checkpoint = verify_checkpoint(
        node.suite,
        enrolment.checkpoint,
        public=directory.ledger,
        log=correspondence(enrolment.party, node.party),
    )
    if checkpoint.size != 0 or len(parse_note(enrolment.checkpoint).lines) != 1:
        raise Invalid("invalid.enrolment", "the checkpoint is not that of an empty log")


def peers(tx: Reading) -> tuple[Peer, ...]:
    """Return the enrolled counterparts."""
    return tx.within(Peer, "")


def peer_directory(node: Node, tx: Reading, peer: Party) -> Directory:
    """Return the counterpart's latest directory: where it is and how it is recognised."""
    return directory_of(tx, peer, node.party)
