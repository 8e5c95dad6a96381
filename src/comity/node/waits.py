"""A draft as its bytes are kept while it waits: sealed under the house's storage key."""

from typing import Annotated, Final

from msgspec import Meta, Raw, Struct

from comity.acts import deeds
from comity.acts.canonical import encode, reader
from comity.acts.entries import decode_deed
from comity.node import item_keys
from comity.node.node import Node
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import PersonId

SALT: Final = 16


class Waiting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A deed with what belongs to it, as it waits for its decision.

    Content and particulars are sealed already as they will leave: whoever approves opens
    nothing. The sealed content stands where an item's does, and goes with a draft that ends.

    Attributes:
        deed: What is approved.
        drafter: Who laid it before the authority, and may not be the one.
        salt: Under which the content was digested.
        keys: The keys of the item.
        ciphertext: Digest of the sealed content.
        is_file: The content is sealed into a file: it is too large for a pouch.
        particulars: The sealed particulars.
        shown: It is spoken, shown or carried, as the text says: no content is sent with it.
    """

    deed: deeds.Release | deeds.StandingDirective
    drafter: PersonId
    salt: Annotated[bytes, Meta(min_length=SALT, max_length=SALT)]
    keys: item_keys.ItemKeys
    ciphertext: Digest
    particulars: bytes
    is_file: bool = False
    shown: bool = False


class _Kept(Waiting, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What waits, with the bytes of its deed: the entry made from it holds the same bytes."""

    deed: Raw  # type: ignore[assignment]  # read on its own


_decode = reader(_Kept)


def wrapped(node: Node, waits: Waiting, name: Digest) -> bytes:
    """Return what is kept of a draft under its name."""
    storage = node.vault.storage(node.party)
    return node.suite.wrap(storage, key=encode(waits), aad=_aad(name))


def unwrapped(node: Node, raw: bytes, name: Digest) -> Waiting:
    """Return the draft that is kept under a name.

    Raises:
        Invalid: ``invalid.wrapped``: somebody wrote there who has no key of this house.
    """
    kept = _decode(node.suite.unwrap(node.vault.storage(node.party), wrapped=raw, aad=_aad(name)))
    deed = decode_deed(bytes(kept.deed))
    if not isinstance(deed, deeds.Release | deeds.StandingDirective):
        raise Invalid("invalid.document.decode", "a draft of something else")
    return Waiting(
        deed=deed,
        drafter=kept.drafter,
        salt=kept.salt,
        keys=kept.keys,
        ciphertext=kept.ciphertext,
        is_file=kept.is_file,
        particulars=kept.particulars,
        shown=kept.shown,
    )


def _aad(name: Digest) -> bytes:
    return f"draft {name}".encode()
