"""Under what a content is sealed: its core, but for the digest that only reading it gives.

So a file of any size is read once: what is hashed is what is sealed. That the content is the one
of its core rests on the digest, which whoever opens it computes again.
"""

from typing import Final

from msgspec import structs

from comity.acts.canonical import digest_of
from comity.acts.parts import Item
from comity.vocabulary.digests import Digest

UNREAD: Final = Digest("sha384:" + 96 * "0")
"""Stands in a core for the digest of a content that is not read yet; no content has it."""


def content_context(core: Item) -> bytes:
    """Return the context under which the content of a core is sealed."""
    return digest_of(structs.replace(core, plaintext=UNREAD)).encode()
