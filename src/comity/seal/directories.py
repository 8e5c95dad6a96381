"""Directories: which keys speak for a party towards one counterpart, signed by the party root.

TUF's rules hold: a directory has a version that only grows, the digest of the one before it,
and an end. A directory is per counterpart, because persons appear in it under pseudonyms that
differ per counterpart.
"""

from functools import lru_cache
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import decoder, digest, encode
from comity.acts.deeds import Role
from comity.acts.parts import RelyingParty
from comity.seal.fingerprints import key_id
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Office, Party, Pseudonym, party_of

KeyBytes = Annotated[bytes, Meta(min_length=1, max_length=8192)]


class OfficeKey(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is sealed to an office in one epoch (seven days)."""

    office: Office
    epoch: Index
    since: Instant
    until: Instant
    public: KeyBytes


class Approver(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, cache_hash=True):
    """A person who may sign approvals or receipts, as this counterpart knows the person.

    Attributes:
        public: The public key: of a passkey (COSE), or of a key file that the house keeps for
            the person, which is custodied.
        relying_party: The domain that the passkey belongs to; absent for a key file.
    """

    person: Pseudonym
    office: Office
    roles: Annotated[tuple[Role, ...], Meta(min_length=1, max_length=9)]
    public: KeyBytes
    relying_party: RelyingParty | UnsetType = UNSET


class Directory(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, cache_hash=True):
    """The keys of one party towards one counterpart.

    Attributes:
        previous: Digest of the signed directory before this one; absent in the first.
        root: Public key of the party root.
        ledger: Verifies checkpoints and cosignatures.
        transport: Pouches are sealed to it.
        certificate: DER of the TLS certificate of the exchange.
        address: Host and port of the exchange, as its administrator states them.
    """

    party: Party
    to: Party
    version: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    issued: Instant
    expires: Instant
    root: KeyBytes
    ledger: KeyBytes
    transport: KeyBytes
    certificate: KeyBytes
    address: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:\[\]-]{1,255}\Z")]
    offices: Annotated[tuple[OfficeKey, ...], Meta(max_length=512)]
    approvers: Annotated[tuple[Approver, ...], Meta(max_length=512)]
    previous: Digest | UnsetType = UNSET


class SignedDirectory(Struct, frozen=True, forbid_unknown_fields=True):
    """Exact bytes of a directory and the party root's signature over them."""

    directory: Annotated[bytes, Meta(max_length=1 << 22)]
    signature: KeyBytes


_decode_signed = decoder(SignedDirectory, limit=1 << 23)
_decode = decoder(Directory, limit=1 << 22)


def sign_directory(suite: Suite, root: bytes, directory: Directory) -> bytes:
    """Return the bytes of a signed directory; its digest is the digest of these bytes."""
    raw = encode(directory)
    signature = suite.sign(root, type=SignatureType.DIRECTORY, message=raw)
    return encode(SignedDirectory(directory=raw, signature=signature))


def open_directory(suite: Suite, signed: bytes, *, root: Digest) -> Directory:
    """Return the directory that a party root signed.

    Args:
        suite: The suite.
        signed: Bytes as :func:`sign_directory` made them.
        root: Identifier of the party root that was compared out of band.

    Raises:
        Invalid: ``invalid.document.*``, ``invalid.directory`` (another root, an office of
            another party), ``invalid.signature``.
    """
    outer = _decode_signed(signed)
    inner = _decode(outer.directory)
    if key_id(inner.root) != root:
        raise Invalid("invalid.directory", "signed by another root than the one compared")
    suite.verify(
        inner.root,
        type=SignatureType.DIRECTORY,
        message=outer.directory,
        signature=outer.signature,
    )
    offices = [one.office for one in inner.offices] + [one.office for one in inner.approvers]
    if any(party_of(office) != inner.party for office in offices):
        raise Invalid("invalid.directory", "it names an office of another party")
    return inner


@lru_cache(maxsize=64)
def read_directory(signed: bytes) -> Directory:
    """Return the directory of bytes that this node verified when it kept them.

    The bytes are found by their digest; :func:`open_directory` stood before they were kept.
    """
    return _decode(_decode_signed(signed).directory)


def follows(new: Directory, old: Directory, *, old_digest: Digest) -> None:
    """Return if ``new`` may take the place of ``old`` (TUF, rollback and freeze).

    Raises:
        Invalid: ``invalid.directory``.
    """
    if (new.party, new.to, new.root) != (old.party, old.to, old.root):
        raise Invalid("invalid.directory", "of another party or another root")
    if new.version <= old.version or new.previous != old_digest:
        raise Invalid("invalid.directory", "it does not follow the directory before it")


@lru_cache(maxsize=1024)
def approver_of(directory: Directory, key: Digest) -> Approver | None:
    """Return who holds an approval key, or nobody."""
    return next((one for one in directory.approvers if key_id(one.public) == key), None)


def office_key(directory: Directory, office: Office, *, at: Instant) -> OfficeKey | None:
    """Return the key of the office's latest epoch that covers ``at``, or none."""
    keys = [k for k in directory.offices if k.office == office and k.since <= at < k.until]
    return max(keys, key=lambda k: k.epoch, default=None)


def directory_digest(signed: bytes) -> Digest:
    """Return the digest under which a signed directory is kept and named."""
    return digest(signed)
