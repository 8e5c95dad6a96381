"""Contents beside the pouch: sealed into a file, given to one counterpart, fetched by range.

Bytes pass through memory in pieces, whatever the size. The leaf commits to the ciphertext; what
is fetched counts when its digest is that of the leaf, and not before.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from comity.acts.contents import content_context
from comity.acts.parts import Item
from comity.exchange.pouch import CONTENT_INLINE
from comity.node.behind import Behind
from comity.node.node import Node
from comity.node.ports import Files, Reading, Space
from comity.node.sitting import Sitting, sitting
from comity.seal.contents import sealed_length
from comity.seal.salted import Salted, SaltedHasher
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.names import Party

LARGEST: Final = 16 << 30
"""The most bytes of a sealed content: what a counterpart can make this house's disk hold."""

_SALT: Final = 16
_PIECE: Final = 1 << 20

Pieces = Callable[[], Iterable[bytes]]
"""Gives the bytes of a file from its beginning."""


def require_size(node: Node, length: int) -> None:
    """Return if a content of so many bytes can be carried, in the pouch or beside it.

    Raises:
        Refused: ``refused.release.too-large``.
    """
    most = CONTENT_INLINE if node.files is None else LARGEST
    if sealed_length(_SALT + length) > most:
        raise Refused(
            "refused.release.too-large", f"a content of more than {most >> 20} MiB is not carried"
        )


class Sealed(NamedTuple):
    """Digests of a content that was sealed into a file."""

    plaintext: Digest
    ciphertext: Digest


def seal(node: Node, item: Item, pieces: Pieces, *, salt: bytes, key: bytes) -> Sealed:
    """Seal a content into a file, reading it once: what is hashed is what is sealed.

    Raises:
        Refused: ``refused.release.too-large``; nothing was kept.
        Unavailable: ``unavailable.disk``.
    """
    files = _files(node)
    hasher = SaltedHasher(Salted.CONTENT, salt=salt)
    stream = node.suite.encryptor(key, content_context(item))

    def sealed() -> Iterator[bytes]:
        length = 0
        yield stream.update(salt)
        with Behind(hasher.update) as hashing:
            for piece in pieces():
                length += len(piece)
                require_size(node, length)
                hashing.take(piece)
                yield stream.update(piece)
        yield stream.finalize()

    ciphertext = files.put(sealed())
    return Sealed(hasher.digest(), ciphertext)


def open_into(
    node: Node, item: Item, ciphertext: Digest, *, key: bytes, into: Callable[[bytes], object]
) -> int:
    """Open a content from its file, piece by piece; return its length.

    What was given to ``into`` counts only when this returns: the caller keeps it apart until then.

    Raises:
        Invalid: ``invalid.content``, ``invalid.salted``.
        Unavailable: ``unavailable.content``.
    """
    stream = node.suite.decryptor(key, content_context(item))
    plain = _opened(stream.update, stream.finalize, pieces_of(_files(node), ciphertext))
    begun = b""
    for piece in plain:
        begun += piece
        if len(begun) >= _SALT:
            break
    hasher = SaltedHasher(Salted.CONTENT, salt=begun[:_SALT])
    length = 0
    with Behind(hasher.update) as hashing:
        for piece in _chain(begun[_SALT:], plain):
            hashing.take(piece)
            into(piece)
            length += len(piece)
    if hasher.digest() != item.plaintext:
        raise Invalid("invalid.salted", "not the bytes that the digest was made of")
    return length


def _opened(
    update: Callable[[bytes], bytes], finalize: Callable[[], bytes], pieces: Iterable[bytes]
) -> Iterator[bytes]:
    for piece in pieces:
        yield update(piece)
    yield finalize()


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def pieces_of(files: Files, digest: Digest, start: int = 0) -> Iterator[bytes]:
    """Give the bytes of a kept content from a position on."""
    while piece := files.read(digest, start, _PIECE):
        start += len(piece)
        yield piece


def _files(node: Node) -> Files:
    if node.files is None:
        raise Unavailable("unavailable.content", "this node keeps no files")
    return node.files


def given_key(peer: Party, ciphertext: Digest) -> str:
    """Return where it stands that a content was given to a counterpart."""
    return f"given|{peer}|{ciphertext}"


def given(node: Node, tx: Reading, peer: Party, ciphertext: Digest) -> int:
    """Return the length of a content that was given to this counterpart.

    Raises:
        Unavailable: ``unavailable.content``: not given to it, or not here: the same answer.
    """
    length = None
    if node.files is not None and tx.load(Space.LINK, given_key(peer, ciphertext)) is not None:
        length = node.files.size(ciphertext)
    if length is None:
        raise Unavailable("unavailable.content", "no such content")
    return length


def has(node: Node, tx: Reading, ciphertext: Digest) -> bool:
    """Tell whether a content is here, whole."""
    return not absent(node, tx, [ciphertext])


def absent(node: Node, tx: Reading, ciphertexts: Iterable[Digest]) -> tuple[Digest, ...]:
    """Return which contents are not here, each once: one query for all, a look at files for few."""
    names = dict.fromkeys(ciphertexts)
    rows = tx.load_many(Space.CONTENT, names)
    files = node.files
    return tuple(
        name for name in names if name not in rows and (files is None or files.size(name) is None)
    )


def want(session: Sitting, peer: Party, ciphertexts: Iterable[Digest]) -> None:
    """Note which contents that lawful leaves name are to be fetched."""
    missing = absent(session.node, session.tx, ciphertexts)
    if missing:
        session.tx.save(Space.LINK, {f"fetch|{peer}|{name}": b"wanted" for name in missing})


def wanted(tx: Reading, peer: Party) -> tuple[Digest, ...]:
    """Return the contents that are still to be fetched from a counterpart."""
    prefix = f"fetch|{peer}|"
    return tuple(Digest(key.removeprefix(prefix)) for key in tx.keys(Space.LINK, prefix))


def fetch(
    node: Node, peer: Party, ciphertext: Digest, ask: Callable[[int], Iterable[bytes]]
) -> None:
    """Fetch a content, from where it was interrupted, and note it as here.

    If the process dies after the file has its name and before the note, the next fetch finds it.

    Raises:
        Invalid: ``invalid.content``: what came is not what the leaf names; it begins anew.
        Unavailable: the peer, or the disk; what came is good for resuming.
    """
    files = _files(node)
    if files.size(ciphertext) is None:
        files.resume(ciphertext, ask, limit=LARGEST)
    with sitting(node) as session:
        session.tx.drop(Space.LINK, [f"fetch|{peer}|{ciphertext}"])
