"""The opened keys of one node, each kept in a file of its own."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Annotated, Final

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, encode
from comity.keys.folder import remove_file, write_file
from comity.keys.generations import RENEWED, generations, next_name
from comity.keys.names import DESTROYED, bound, office_and_epoch, office_name, storage_name
from comity.seal.certificates import NodeCertificate
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

_FIRST_EPOCH: Final = 1


class _Epoch(Struct, frozen=True, forbid_unknown_fields=True):
    private: Annotated[bytes, Meta(min_length=1, max_length=8192)]
    since: Instant


_decode_epoch: Final = decoder(_Epoch)
_decode_certificate: Final = decoder(NodeCertificate)


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
        raw = self._secrets.get(office_name(office, epoch))
        if raw is None:
            raise Unavailable("unavailable.office-key", f"no key of {office} for epoch {epoch}")
        return _decode_epoch(raw).private

    def storage(self, office: Office | Party) -> bytes:
        """Return the 32-byte storage key of an office, or of the house as a whole.

        Raises:
            Unavailable: ``unavailable.storage-key``: no such office here.
        """
        raw = self._secrets.get(storage_name(office))
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
            for name, secret in office_secrets(self._suite, self.party(), office, since).items():
                if name not in self._secrets and name + DESTROYED not in self._destroyed:
                    self._keep(name, secret)

    def epochs(self) -> tuple[tuple[Office, int, Instant], ...]:
        """Return every epoch whose key is here, with its beginning, in order."""
        return tuple(
            sorted(
                (*office_and_epoch(name), _decode_epoch(raw).since)
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
                name.removesuffix(DESTROYED)
                for name in (*self._secrets, *self._destroyed)
                if name.startswith("office.")
            ]
            known = [epoch for one, epoch in map(office_and_epoch, names) if one == office]
            if not known:
                raise Refused("refused.keys.office", f"{office} has no keys here")
            epoch = max(known) + 1
            made = _Epoch(private=self._suite.generate_kem(), since=since)
            self._keep(office_name(office, epoch), encode(made))
            return epoch

    def destroy_epoch(self, office: Office, epoch: int) -> None:
        """Destroy the key of an epoch, durably: what was sealed to it stays sealed.

        A process that dies in here has destroyed it or not; where the mark is written, the next
        opening finishes. An epoch that is destroyed already is nothing to do.

        Raises:
            Unavailable: ``unavailable.office-key``: it was never here. ``unavailable.disk``:
                not known to be destroyed; call again.
        """
        name = office_name(office, epoch)
        with self._changing:
            if name not in self._secrets and name + DESTROYED not in self._destroyed:
                raise Unavailable("unavailable.office-key", f"no key of {office}, epoch {epoch}")
            write_file(self._directory, name + DESTROYED, b"")
            self._destroyed.add(name + DESTROYED)
            remove_file(self._directory, name)
            self._secrets.pop(name, None)
            self._suite.forget()

    def _keep(self, name: str, secret: bytes) -> None:
        # Durable first: a key that was used and then lost with the process would be worse than
        # one that was never made.
        wrapped = self._suite.wrap(self._master, key=secret, aad=bound(name))
        write_file(self._directory, name, wrapped)
        self._secrets[name] = secret


def office_secrets(suite: Suite, party: Party, office: Office, since: Instant) -> dict[str, bytes]:
    """Return what an office begins with: its storage key and its first epoch.

    Raises:
        Refused: ``refused.keys.office``: another party's.
    """
    if party_of(parse_office(office)) != party:
        raise Refused("refused.keys.office", f"{office} is not an office of {party}")
    return {
        storage_name(office): suite.generate_key(),
        office_name(office, _FIRST_EPOCH): encode(
            _Epoch(private=suite.generate_kem(), since=since)
        ),
    }
