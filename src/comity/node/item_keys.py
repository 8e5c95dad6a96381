"""The keys of an item as a holder keeps them: wrapped under the storage key of its office."""

from typing import Annotated, Final

from msgspec import Meta, Struct, structs

from comity.acts.canonical import decoder, encode
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Office, Party

KEY_BYTES: Final = 32

KeyBytes = Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]


class ItemKeys(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The keys of one item.

    Attributes:
        content: Opens the sealed content.
        particulars: Opens the sealed particulars; zeros once these are erased.
        sealed: Digest of the sealed particulars, which travel as a document.
    """

    content: KeyBytes
    particulars: KeyBytes
    sealed: Digest


decode_keys = decoder(ItemKeys, limit=4096)


def without_words(keys: ItemKeys) -> ItemKeys:
    """Return the keys of an item whose words are erased: nothing opens these any more."""
    return structs.replace(keys, particulars=bytes(KEY_BYTES))


def wrapped(node: Node, keys: ItemKeys, *, item: str, holder: Office | Party) -> bytes:
    """Wrap the keys of an item under the storage key of an office, or of the house."""
    return node.suite.wrap(node.vault.storage(holder), key=encode(keys), aad=item.encode())


def unwrapped(node: Node, raw: bytes, *, item: str, holder: Office | Party) -> ItemKeys:
    """Return the keys of an item that :func:`wrapped` wrapped for this holder."""
    return decode_keys(
        node.suite.unwrap(node.vault.storage(holder), wrapped=raw, aad=item.encode())
    )


def keys_of(node: Node, tx: Reading, item: str, holder: Office | Party) -> ItemKeys | None:
    """Return the keys that a holder has for an item, or nothing."""
    raw = tx.load(Space.KEY, f"{item}|{holder}")
    return None if raw is None else unwrapped(node, raw, item=item, holder=holder)
