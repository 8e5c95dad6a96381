"""Revoking keys outside the log: a stolen key is believed no more from the moment on.

The party whose keys they are enters it, with the successor directory as its next leaf; the
counterpart, to whom the file came by hand, enters it too. From then on each signs and believes
under the successor, from the size that the file names.
"""

from collections.abc import Sequence

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.node import setup
from comity.node.chancery import Act, Entered, enter
from comity.node.links import directory_of, require_peer
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Space
from comity.node.signers import told
from comity.seal.directories import read_directory
from comity.seal.revocations import open_revocation, sign_revocation, stated
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence, owner
from comity.vocabulary.names import Office, Party, PersonId


def revoke(
    node: Node,
    to: Party,
    *,
    where: setup.Address,
    epochs: Sequence[tuple[Office, int, Instant]],
    actor: PersonId,
) -> bytes:
    """Put the newest keys of this house in force towards a counterpart, outside the log.

    Both acts are one transaction: if the process dies before it, the old directory is in force
    and the file was never made; the same call makes it then.

    Returns:
        The file for the counterpart's administrators.

    Raises:
        Refused: ``refused.link.not-enrolled``, ``refused.person.*``.
        Unavailable: ``unavailable.root-key``: the party root signs it.
    """
    log = correspondence(node.party, to)
    with node.store.reading() as tx:
        require_peer(tx, to)
        require_person(tx, actor, Role.ADMINISTRATOR)
        size = told(tx, node.party, to)
        raw = setup.make_directory(node, tx, to, where=where, epochs=epochs)
    enter(node, [_act(node, log, size, raw, actor), setup.publishing(node, to, raw)])
    return sign_revocation(node.suite, node.vault.root(), directory=raw, log=log, size=size)


def believe(node: Node, raw: bytes, *, actor: PersonId) -> tuple[Party, Entered]:
    """Take a counterpart's revocation: its former keys count no more here, from now on.

    Who brought the file does not matter: the root signed it, which two persons of this house
    compared when the counterpart was enrolled.

    Raises:
        Refused: ``refused.revoke.older``: a later directory is in force already;
            ``refused.revoke.beyond``: leaves after its size came here under the former keys;
            ``refused.link.not-enrolled``, ``refused.person.*``.
        Invalid: the file does not hold together, or another root signed it.
    """
    with node.store.reading() as tx:
        require_person(tx, actor, Role.ADMINISTRATOR)
        party = owner(stated(raw).log)  # whose root is to be asked for; not believed yet
        peer = require_peer(tx, party)
        said, directory, signed = open_revocation(node.suite, raw, root=Digest(peer.root))
        if directory.to != node.party:
            raise Refused("refused.revoke.older", f"it is meant for {directory.to}")
        if directory.version <= directory_of(tx, party, node.party).version:
            raise Refused("refused.revoke.older", "the directory in force is as new, or newer")
        held = tx.frontier(said.log).size
    if held > said.size:
        raise Refused(
            "refused.revoke.beyond",
            f"{held - said.size} leaves of {said.log} came here after {said.size}, under the "
            "former keys: ask the other side which of them are its own",
        )
    act = _act(node, said.log, said.size, signed, actor)
    return party, enter(node, [act])[0]


def _act(node: Node, log: LogName, size: int, directory: bytes, actor: PersonId) -> Act:
    name = digest(directory)
    return Act(
        deed=deeds.Revoke(
            by=node.registry,
            actor=actor,
            log=log,
            size=size,
            directory=name,
            version=read_directory(directory).version,
        ),
        keep={Space.DOCUMENT: {name: directory}},
    )
