"""A successor directory that comes outside the log, because a key must not be believed any more.

The party root signs which directory takes the place of the others, and from which size of the
correspondence on the next checkpoint is signed under it.
"""

from typing import Annotated

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, digest, encode
from comity.seal.directories import Directory, open_directory
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Index


class Revocation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the party root says.

    Attributes:
        log: The correspondence of the party whose keys are revoked.
        size: From this size on the next checkpoint is signed under the successor.
        directory: Digest of the signed successor directory.
    """

    comity: Annotated[int, Meta(ge=1, le=1)]
    log: LogName
    size: Index
    directory: Digest


class SignedRevocation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is handed over: the successor directory, the words, the root's signature on them."""

    directory: Annotated[bytes, Meta(max_length=1 << 22)]
    revocation: Annotated[bytes, Meta(max_length=4096)]
    signature: Annotated[bytes, Meta(min_length=1, max_length=8192)]


_decode_signed = decoder(SignedRevocation, limit=1 << 23)
_decode = decoder(Revocation, limit=4096)


def sign_revocation(
    suite: Suite, root: bytes, *, directory: bytes, log: LogName, size: int
) -> bytes:
    """Return the file that revokes all keys of a log's owner but those of this directory."""
    said = encode(Revocation(comity=1, log=log, size=size, directory=digest(directory)))
    signature = suite.sign(root, type=SignatureType.REVOCATION, message=said)
    return encode(SignedRevocation(directory=directory, revocation=said, signature=signature))


def stated(raw: bytes) -> Revocation:
    """Return what a file says, before anything of it is believed.

    Raises:
        Invalid: ``invalid.document.*``.
    """
    return _decode(_decode_signed(raw).revocation)


def open_revocation(
    suite: Suite, raw: bytes, *, root: Digest
) -> tuple[Revocation, Directory, bytes]:
    """Return what a party root revoked, the successor directory, and that one's signed bytes.

    Raises:
        Invalid: ``invalid.document.*``; ``invalid.revocation``: the directory is another one, or
            of other parties than the log; ``invalid.directory``, ``invalid.signature``.
    """
    outer = _decode_signed(raw)
    said = _decode(outer.revocation)
    directory = open_directory(suite, outer.directory, root=root)
    suite.verify(
        directory.root,
        type=SignatureType.REVOCATION,
        message=outer.revocation,
        signature=outer.signature,
    )
    if digest(outer.directory) != said.directory:
        raise Invalid("invalid.revocation", "it names another directory")
    if correspondence(directory.party, directory.to) != said.log:
        raise Invalid("invalid.revocation", "its log is not that of the directory's parties")
    return said, directory, outer.directory
