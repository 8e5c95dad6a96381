"""A node's directory: made once, opened by a passphrase, worked in by one process at a time.

``node.toml`` says whose it is, where it listens and where its books are; ``keys/`` holds the
sealed keys, ``store/`` the database unless that is a server's, ``witness/`` what counterparts
cosigned, outside the database's reach.
"""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from comity.assemble.clock import SystemClock
from comity.assemble.stores import in_two_places, open_store, require_books
from comity.assemble.witness import FileWitness
from comity.keys.files import open_vault
from comity.keys.folder import write_file
from comity.keys.vault import FileVault
from comity.ledger.checkpoints import checkpoint_of
from comity.node import lanes, setup
from comity.node.assess import NodeBooks
from comity.node.dispatch import latest_of
from comity.node.links import directory_of
from comity.node.node import Node
from comity.node.outgoing import rolled_back
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space, Store
from comity.node.signers import signer_at, signers_since, told
from comity.seal.certificates import NodeCertificate, make_certificate
from comity.seal.real import REAL
from comity.store.blobs import BlobStore
from comity.store.second_files import SecondPlace
from comity.transport.addresses import PeerAddress, parse_address
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    correspondence,
    directive_of,
    kind_of,
    register_ledger,
)
from comity.vocabulary.names import Office, Party, PersonId
from comity.vocabulary.reading import plainly

ADMINISTRATOR: Final = PersonId("administrator")
CERTIFICATE_SECONDS: Final = 90 * 86400


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``node.toml`` says.

    Attributes:
        exchange: Host and port at which other nodes reach it.
        console: Host and port at which the console listens.
        origin: Where people's browsers see the console, if not there: as ``https://`` and a host,
            where a server before it speaks TLS. Passkeys belong to its host name.
        store: Where the books are (:mod:`comity.assemble.stores`); empty: in ``store/``.
        second: A folder on another disk, in which every transaction is kept once more
            (:mod:`comity.store.second`); empty: there is none.
    """

    party: Party
    registry: Office
    exchange: str
    console: str
    peers: dict[Party, str] = {}
    demonstration: bool = False
    origin: str = ""
    store: str = ""
    second: str = ""

    def seen_at(self) -> str:
        """Return where people's browsers see the console: scheme, host and port."""
        return self.origin or f"http://{self.console}"


@dataclass
class House:
    """An opened node with what belongs to it."""

    directory: Path
    config: Config
    node: Node
    vault: FileVault
    store: Store
    witness: FileWitness
    second: SecondPlace | None = None

    def where(self) -> setup.Address:
        """Return the address and certificate to state in directories."""
        return setup.Address(
            address=self.config.exchange,
            certificate=self.vault.certificate().certificate_der,
        )


def reached_at(house: House, peer: Party) -> PeerAddress:
    """Return where a counterpart is reached, and what certificate it must show."""
    with house.store.reading() as tx:
        directory = directory_of(tx, peer, house.node.party)
    where = house.config.peers.get(peer, directory.address)
    return parse_address(where, directory.certificate)


def shown_to(house: House, peer: Party) -> NodeCertificate:
    """Return the own certificate by which a counterpart knows this node now.

    That of the directory that it is known to hold; it believes this one and later ones.
    """
    node = house.node
    with house.store.reading() as tx:
        size = told(tx, node.party, peer)
        mine = signer_at(NodeBooks(node, tx), Overlay(tx), node.party, peer, size)
    held = house.vault.certificates()
    known = b"" if mine is None else mine.certificate
    return next((one for one in held if one.certificate_der == known), held[0])


def believed_of(house: House, peer: Party) -> list[bytes]:
    """Return the certificates by which a counterpart may show itself now, the newest last.

    That of the directory which it knows that this node holds, and later ones.
    """
    node = house.node
    with house.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{correspondence(node.party, peer)}|acked")
        seen = checkpoint_of(note).seen if note else None
        size = 0 if seen is None else seen.size
        found = signers_since(NodeBooks(node, tx), Overlay(tx), peer, node.party, size)
    return list(dict.fromkeys(one.certificate for one in found))


def new_certificate(party: Party, exchange: str, now: Instant) -> NodeCertificate:
    """Make a TLS certificate for the exchange of a party's node, with a key of its own."""
    return make_certificate(
        f"{party.lower()}.comity",
        hosts=[exchange.rpartition(":")[0]],
        not_before=plus_seconds(now, -3600),
        not_after=plus_seconds(now, CERTIFICATE_SECONDS),
    )


def write_config(directory: Path, config: Config) -> None:
    """Write ``node.toml``, whole or not at all."""
    lines = [
        f'party = "{config.party}"',
        f'registry = "{config.registry}"',
        f'exchange = "{config.exchange}"',
        f'console = "{config.console}"',
        f"demonstration = {str(config.demonstration).lower()}",
        *([f'origin = "{config.origin}"'] if config.origin else []),
        # What JSON escapes in a text, TOML reads in the same way.
        *([f"store = {json.dumps(config.store, ensure_ascii=False)}"] if config.store else []),
        *([f"second = {json.dumps(config.second, ensure_ascii=False)}"] if config.second else []),
        "",
        "[peers]",
        *(f'{party} = "{address}"' for party, address in sorted(config.peers.items())),
        "",
    ]
    write_file(directory, "node.toml", "\n".join(lines).encode())


def read_config(directory: Path) -> Config:
    """Read ``node.toml``.

    Raises:
        Refused: ``refused.node.none``: no node here.
        Invalid: ``invalid.config``, with what would be right.
    """
    file = directory / "node.toml"
    if not file.exists():
        raise Refused("refused.node.none", str(directory))
    try:
        return msgspec.convert(tomllib.loads(file.read_text()), Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        known = ", ".join(Config.__struct_fields__)
        why = plainly(error) if isinstance(error, msgspec.ValidationError) else str(error)
        raise Invalid("invalid.config", f"{file}: {why}; it has: {known}") from error


@contextmanager
def opened(
    directory: Path, passphrase: str, *, new: bool = False, put_back: bool = False
) -> Iterator[House]:
    """Open a node for the block: the lock is held, the keys are open, nothing listens.

    Args:
        directory: The node's.
        passphrase: Opens the keys.
        new: Its books begin now.
        put_back: Open it although it is an older copy: to get back what it lost.

    Raises:
        Unavailable: ``unavailable.locked``: a process works here already;
            ``unavailable.books``: its store is empty;
            ``unavailable.rollback``: see :func:`require_not_rolled_back`, or the second place
            has more; ``unavailable.second``: it does not go on from these books.
    """
    config = read_config(directory)
    store = open_store(directory, config.party, config.store)
    try:
        if not new:
            require_books(store, config.store)
        vault = open_vault(directory / "keys", REAL, passphrase)
        place = second_place(config, vault)
        store = in_two_places(store, place, vault.storage(config.party), put_back=put_back)
        witness = FileWitness(directory / "witness")
        node = Node(
            party=config.party,
            registry=config.registry,
            suite=REAL,
            store=store,
            vault=vault,
            clock=SystemClock(),
            files=BlobStore(directory / "contents"),
            witness=witness,
        )
        house = House(directory, config, node, vault, store, witness, place)
        if not put_back:
            require_not_rolled_back(house)
        yield house
    finally:
        store.close()


def second_place(config: Config, vault: FileVault) -> SecondPlace | None:
    """Return the second place that ``node.toml`` names, if it names one.

    Raises:
        Unavailable: ``unavailable.disk``, ``unavailable.second``: as it opens.
    """
    if not config.second:
        return None
    return SecondPlace(Path(config.second), vault.storage(config.party))


def require_not_rolled_back(house: House) -> None:
    """Return if no cosigned checkpoint outside the database is larger than the own tree.

    A node that was restored from an older copy signs nothing: it would sign a second history.

    Raises:
        Unavailable: ``unavailable.rollback``.
    """
    with house.store.reading() as tx:
        for note in remembered(house, tx):
            witnessed = checkpoint_of(note)
            if kind_of(witnessed.log) is LogKind.REGISTER:
                continue  # a counterpart's: no leaf of it is here
            size = tx.frontier(witnessed.log).size
            if size < witnessed.size:
                raise put_back_to(witnessed.log, size, witnessed.size)


def put_back_to(log: LogName, size: int, known: int) -> Unavailable:
    """Return the error of a node that has fewer leaves of a log than it is known to have had."""
    return Unavailable(
        "unavailable.rollback",
        f"{log} has {size} leaves here, and {known} were cosigned: this is an older copy. "
        "Restore the newest one, or see what the counterpart still has: comity recover --dry-run",
    )


def remembered(house: House, tx: Reading) -> list[bytes]:
    """Return the checkpoints that are known to have been cosigned.

    Those of the files outside the database, and those that peers answered with since and that
    this house does not know. A lane that is closed goes on nowhere, so nothing counts of it.
    """
    folder = house.directory / "witness"
    notes = [file.read_bytes() for file in sorted(folder.glob("*.note"))]
    found = [one for one in notes if not lanes.is_closed(tx, checkpoint_of(one).log)]
    for row in setup.peers(tx):
        note = rolled_back(tx, house.node.party, Party(row.key))
        found += [] if note is None else [note]
    return found


def keep_witness(house: House, tx: Reading, peer: Party) -> None:
    """Keep in files outside the database how far logs between the two were cosigned.

    The correspondences, the own lanes, and the register ledger that the counterpart showed.

    With that, which directory and profile are the latest: they are not set back unseen.

    Raises:
        Unavailable: ``unavailable.disk``: the ones before are there still.
    """
    house.witness.keep(latest_of(tx, house.node.party, peer))
    own, theirs = correspondence(house.node.party, peer), correspondence(peer, house.node.party)
    shown = register_ledger(peer, house.node.party)
    files = {
        f"{peer}.note": f"{own}|acked",
        f"{peer}.held.note": f"{theirs}|held",
        f"{peer}.register.note": f"{shown}|cosigned",
    }
    for lane in lanes.own_lanes(tx, house.node.party, peer):
        files[f"{peer}.feed.{directive_of(lane)}.note"] = f"{lane}|acked"
    for name, key in files.items():
        note = tx.load(Space.LATEST, key)
        if note is not None:
            _keep_file(house.directory / "witness", name, note)


def _keep_file(folder: Path, name: str, note: bytes) -> None:
    file = folder / name
    if file.exists() and checkpoint_of(file.read_bytes()).size >= checkpoint_of(note).size:
        return
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unavailable("unavailable.disk", f"witness: {error.strerror}") from error
    write_file(folder, name, note)
