"""Key files: a passphrase opens the master key, the master key opens every other file.

``master`` holds 32 random bytes under the passphrase; changing the passphrase writes that one
file, and opening costs one derivation whatever the number of keys. Every other file is wrapped
under the master key with its own name bound to it, so that two files cannot be exchanged. What
is lost with the passphrase is lost: there is no second way in.

The directory is for one process (the node holds its lock) and one user. All keys are in memory
once opened. A removed file is gone from the directory, not from backups or from the cells of a
flash disk: a destroyed epoch counts as gone when those are, too.
"""

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from typing import Annotated, Final

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, encode
from comity.keys.folder import check_folder, read_files, remove_file, sync_folder, write_file
from comity.keys.generations import RENEWED, generations, next_name
from comity.seal.certificates import NodeCertificate
from comity.seal.passphrase import Cost, open_with_passphrase, seal_with_passphrase
from comity.seal.suite import Suite
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Office,
    Party,
    PersonId,
    parse_office,
    parse_party,
    parse_person,
    party_of,
)

_MASTER: Final = "master"
_DESTROYED: Final = ".destroyed"
_FIRST_EPOCH: Final = 1

# ``KOR/KDIA`` is written ``KOR.KDIA``. Capitals and small letters never meet in one place of a
# name, so a file system that does not tell them apart does no harm.
_file_name = re.compile(
    r"(house|root|(ledger|transport|tls)(\.([2-9]|[1-9][0-9]{1,5}))?|person\.[a-z0-9-]+|storage(\.[A-Z0-9-]+){1,2}"
    r"|office\.[A-Z0-9-]+\.[A-Z0-9-]+\.[1-9][0-9]{0,14}(\.destroyed)?)\Z"
).match


class _Epoch(Struct, frozen=True, forbid_unknown_fields=True):
    private: Annotated[bytes, Meta(min_length=1, max_length=8192)]
    since: Instant


_decode_epoch: Final = decoder(_Epoch)
_decode_certificate: Final = decoder(NodeCertificate)


def create(  # noqa: PLR0913 - everything that a house begins with, by name
    directory: Path,
    suite: Suite,
    passphrase: str,
    *,
    party: Party,
    offices: Iterable[Office],
    certificate: NodeCertificate,
    since: Instant,
    cost: Cost | None = None,
) -> "FileVault":
    """Make all keys of a new node and open them; the directory is there whole, or not at all.

    Args:
        directory: Where; absent or empty.
        suite: Makes the keys.
        passphrase: Will open them.
        party: Whose node.
        offices: Each gets a storage key and its first epoch.
        certificate: TLS certificate and key of the exchange.
        since: When the first epochs begin.
        cost: How dear one guess of the passphrase is; ``best_cost()`` if not told.

    Raises:
        Refused: ``refused.keys.exist``: the directory holds something; nothing was touched.
            ``refused.passphrase``: it is empty. ``refused.keys.office``: another party's.
        Unavailable: ``unavailable.disk``.
    """
    master = suite.random(32)
    sealed = seal_with_passphrase(passphrase, master, cost=cost)
    secrets = {
        "house": party.encode(),
        "root": suite.generate_signing(),
        "ledger": suite.generate_signing(),
        "transport": suite.generate_kem(),
        "tls": encode(certificate),
        _storage_name(party): suite.generate_key(),
    }
    for office in offices:
        secrets |= _office_secrets(suite, party, office, since)
    try:
        if directory.exists() and any(directory.iterdir()):
            raise _exist(directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
        # Mode 0700. Without its name no node uses it, so a crash in here leaves no half keys.
        made = Path(mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    except OSError as error:
        raise Unavailable("unavailable.disk", f"{directory}: {error.strerror}") from error
    try:
        for name, secret in secrets.items():
            write_file(made, name, suite.wrap(master, key=secret, aad=_aad(name)))
        write_file(made, _MASTER, sealed)
        # Onto a directory that somebody filled meanwhile the rename fails, and nothing is lost.
        made.rename(directory)
        sync_folder(directory.parent)
    except OSError as error:
        raise _exist(directory) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return FileVault(directory, suite, master, secrets)


def open_vault(directory: Path, suite: Suite, passphrase: str) -> "FileVault":
    """Open all keys of a node.

    An epoch whose destruction was under way when the process died is destroyed here.

    Raises:
        Invalid: ``invalid.passphrase``: another passphrase, or ``master`` was changed.
            ``invalid.sealed-secret``: ``master`` is no such file. ``invalid.keys``: a file was
            changed, renamed, is from elsewhere or missing.
        Refused: ``refused.keys.none``, ``refused.keys.mode``, ``refused.keys.size``,
            ``refused.passphrase``.
        Unavailable: ``unavailable.disk``.
    """
    files = _files(directory)
    master = open_with_passphrase(passphrase, files.pop(_MASTER))
    for name in files:
        if _file_name(name) is None:
            raise Invalid("invalid.keys", f"{name} is not a key file")
    destroyed = frozenset(name for name in files if name.endswith(_DESTROYED))
    for mark in destroyed:
        # The mark stood before the key went: whoever finds both finishes the work.
        del files[mark]
        if files.pop(mark.removesuffix(_DESTROYED), None) is not None:
            remove_file(directory, mark.removesuffix(_DESTROYED))
    secrets = {name: _unwrap(suite, master, name, raw) for name, raw in files.items()}
    return FileVault(directory, suite, master, secrets, destroyed=destroyed)


def change_passphrase(directory: Path, old: str, new: str, *, cost: Cost | None = None) -> None:
    """Seal the master key under another passphrase; the other files stay as they are.

    Whoever has a copy of the old ``master`` still opens it with the old passphrase.

    Raises:
        Invalid: ``invalid.passphrase``, ``invalid.sealed-secret``.
        Refused: ``refused.keys.none``, ``refused.keys.mode``, ``refused.passphrase``.
        Unavailable: ``unavailable.disk``: one of the two passphrases holds.
    """
    master = open_with_passphrase(old, _files(directory)[_MASTER])
    write_file(directory, _MASTER, seal_with_passphrase(new, master, cost=cost))


class FileVault:
    """The opened keys of one node (the port ``Vault``), kept in a directory of key files."""

    def __init__(
        self,
        directory: Path,
        suite: Suite,
        master: bytes,
        secrets: Mapping[str, bytes],
        *,
        destroyed: Iterable[str] = (),
    ) -> None:
        """Take opened secrets by the names of their files; see :func:`open_vault`.

        Raises:
            Invalid: ``invalid.keys``: a key that every node needs is missing.
        """
        for kind in RENEWED:
            if not generations(secrets, kind):
                raise Invalid("invalid.keys", f"{kind} is missing")
        if "house" not in secrets:
            raise Invalid("invalid.keys", "house is missing")
        self._directory: Final = directory
        self._suite: Final = suite
        self._master: Final = master
        self._secrets: Final = dict(secrets)
        self._destroyed: Final = set(destroyed)
        self._changing: Final = Lock()

    def __repr__(self) -> str:
        """Name the house; the keys must not get into a log by accident."""
        return f"FileVault({self.party()})"

    def party(self) -> Party:
        """Return whose keys these are."""
        return parse_party(self._secrets["house"].decode())

    def root(self) -> bytes:
        """Return the party root's private key.

        Raises:
            Unavailable: ``unavailable.root-key``: it is kept elsewhere.
        """
        if "root" not in self._secrets:
            raise Unavailable("unavailable.root-key", "the party root is not kept here")
        return self._secrets["root"]

    def ledger(self) -> bytes:
        """Return the newest private key that signs checkpoints and cosignatures."""
        return self.ledgers()[0]

    def ledgers(self) -> Sequence[bytes]:
        """Return all ledger keys that are still here, the newest first."""
        return self._all("ledger")

    def transport(self) -> bytes:
        """Return the newest private key that pouches are sealed to."""
        return self.transports()[0]

    def transports(self) -> Sequence[bytes]:
        """Return all transport keys that are still here, the newest first."""
        return self._all("transport")

    def certificate(self) -> NodeCertificate:
        """Return the newest TLS certificate of the exchange with its key."""
        return self.certificates()[0]

    def certificates(self) -> Sequence[NodeCertificate]:
        """Return all TLS certificates that are still here, the newest first."""
        return [_decode_certificate(raw) for raw in self._all("tls")]

    def _all(self, kind: str) -> list[bytes]:
        secrets = self._secrets.copy()
        return [secrets[name] for name in generations(secrets, kind)]

    def renew_ledger(self) -> None:
        """Make a new ledger key; the ones before stay until they are destroyed.

        Raises:
            Unavailable: ``unavailable.disk``: no key was made.
        """
        self._renew("ledger", self._suite.generate_signing())

    def renew_transport(self) -> None:
        """Make a new transport key; likewise."""
        self._renew("transport", self._suite.generate_kem())

    def replace_certificate(self, certificate: NodeCertificate) -> None:
        """Put a renewed TLS certificate in use; likewise."""
        self._renew("tls", encode(certificate))

    def _renew(self, kind: str, secret: bytes) -> None:
        with self._changing:
            self._keep(next_name(self._secrets, kind), secret)

    def destroy_earlier(self, kind: str) -> None:
        """Destroy all keys of a kind but the newest; what only they open stays closed.

        Raises:
            Unavailable: ``unavailable.disk``: call again.
        """
        with self._changing:
            for name in generations(self._secrets, kind)[1:]:
                remove_file(self._directory, name)
                self._secrets.pop(name, None)
            self._suite.forget()

    def office(self, office: Office, epoch: int) -> bytes:
        """Return the private key of an office's epoch.

        Raises:
            Unavailable: ``unavailable.office-key``: destroyed, or never here.
        """
        raw = self._secrets.get(_office_name(office, epoch))
        if raw is None:
            raise Unavailable("unavailable.office-key", f"no key of {office} for epoch {epoch}")
        return _decode_epoch(raw).private

    def storage(self, office: Office | Party) -> bytes:
        """Return the 32-byte storage key of an office, or of the house as a whole.

        Raises:
            Unavailable: ``unavailable.storage-key``: no such office here.
        """
        raw = self._secrets.get(_storage_name(office))
        if raw is None:
            raise Unavailable("unavailable.storage-key", f"no storage key of {office}")
        return raw

    def person(self, person: str) -> bytes:
        """Return the private approval key of a person, custodied as a key file.

        Raises:
            Unavailable: ``unavailable.person-key``.
        """
        raw = self._secrets.get(f"person.{person}")
        if raw is None:
            raise Unavailable("unavailable.person-key", f"no approval key of {person}")
        return raw

    def add_person(self, person: PersonId) -> bytes:
        """Make the approval key of a person and return its public half.

        For a person who has one it is that one: what a crash interrupted can be done again.

        Raises:
            Unavailable: ``unavailable.disk``: no key was made.
        """
        name = f"person.{parse_person(person)}"
        with self._changing:
            if name not in self._secrets:
                self._keep(name, self._suite.generate_signing())
            return self._suite.signing_public(self._secrets[name])

    def remove_person(self, person: PersonId) -> None:
        """Destroy the approval key of a person; a later one is another key.

        Raises:
            Unavailable: ``unavailable.disk``.
        """
        name = f"person.{parse_person(person)}"
        with self._changing:
            remove_file(self._directory, name)
            self._secrets.pop(name, None)
            self._suite.forget()

    def add_office(self, office: Office, *, since: Instant) -> None:
        """Give an office its storage key and its first epoch; one that has them keeps them.

        Raises:
            Refused: ``refused.keys.office``: another party's.
            Unavailable: ``unavailable.disk``: what is missing is made by the next call.
        """
        with self._changing:
            for name, secret in _office_secrets(self._suite, self.party(), office, since).items():
                if name not in self._secrets and name + _DESTROYED not in self._destroyed:
                    self._keep(name, secret)

    def epochs(self) -> tuple[tuple[Office, int, Instant], ...]:
        """Return every epoch whose key is here, with its beginning, in order."""
        return tuple(
            sorted(
                (*_office_and_epoch(name), _decode_epoch(raw).since)
                for name, raw in self._secrets.copy().items()
                if name.startswith("office.")
            )
        )

    def new_epoch(self, office: Office, *, since: Instant) -> int:
        """Begin the next epoch of an office; the number of a destroyed one never comes again.

        Raises:
            Refused: ``refused.keys.office``: not an office with keys here.
            Unavailable: ``unavailable.disk``: no epoch began.
        """
        with self._changing:
            names = [
                name.removesuffix(_DESTROYED)
                for name in (*self._secrets, *self._destroyed)
                if name.startswith("office.")
            ]
            known = [epoch for one, epoch in map(_office_and_epoch, names) if one == office]
            if not known:
                raise Refused("refused.keys.office", f"{office} has no keys here")
            epoch = max(known) + 1
            made = _Epoch(private=self._suite.generate_kem(), since=since)
            self._keep(_office_name(office, epoch), encode(made))
            return epoch

    def destroy_epoch(self, office: Office, epoch: int) -> None:
        """Destroy the key of an epoch, durably: what was sealed to it stays sealed.

        A process that dies in here has destroyed it or not; where the mark is written, the next
        opening finishes. An epoch that is destroyed already is nothing to do.

        Raises:
            Unavailable: ``unavailable.office-key``: it was never here. ``unavailable.disk``:
                not known to be destroyed; call again.
        """
        name = _office_name(office, epoch)
        with self._changing:
            if name not in self._secrets and name + _DESTROYED not in self._destroyed:
                raise Unavailable("unavailable.office-key", f"no key of {office}, epoch {epoch}")
            write_file(self._directory, name + _DESTROYED, b"")
            self._destroyed.add(name + _DESTROYED)
            remove_file(self._directory, name)
            self._secrets.pop(name, None)
            self._suite.forget()

    def _keep(self, name: str, secret: bytes) -> None:
        # Durable first: a key that was used and then lost with the process would be worse than
        # one that was never made.
        wrapped = self._suite.wrap(self._master, key=secret, aad=_aad(name))
        write_file(self._directory, name, wrapped)
        self._secrets[name] = secret


def _files(directory: Path) -> dict[str, bytes]:
    check_folder(directory)
    files = read_files(directory)
    if _MASTER not in files:
        raise Refused("refused.keys.none", str(directory))
    return files


def _unwrap(suite: Suite, master: bytes, name: str, raw: bytes) -> bytes:
    try:
        secret = suite.unwrap(master, wrapped=raw, aad=_aad(name))
    except Invalid as error:
        raise Invalid("invalid.keys", f"{name} was changed, or is from elsewhere") from error
    return secret


def _aad(name: str) -> bytes:
    return b"comity/v1 key file\n" + name.encode("ascii")


def _storage_name(holder: Office | Party) -> str:
    return f"storage.{holder.replace('/', '.')}"


def _office_name(office: Office, epoch: int) -> str:
    return f"office.{office.replace('/', '.')}.{epoch}"


def _office_and_epoch(name: str) -> tuple[Office, int]:
    _, party, unit, epoch = name.split(".")
    return parse_office(f"{party}/{unit}"), int(epoch)


def _office_secrets(suite: Suite, party: Party, office: Office, since: Instant) -> dict[str, bytes]:
    if party_of(parse_office(office)) != party:
        raise Refused("refused.keys.office", f"{office} is not an office of {party}")
    return {
        _storage_name(office): suite.generate_key(),
        _office_name(office, _FIRST_EPOCH): encode(
            _Epoch(private=suite.generate_kem(), since=since)
        ),
    }


def _exist(directory: Path) -> Refused:
    return Refused("refused.keys.exist", str(directory))
