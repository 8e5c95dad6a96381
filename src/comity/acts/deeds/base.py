"""What every deed has: the office that acts; towards a counterpart, or in the house."""

from functools import lru_cache

from msgspec import UNSET, Struct, UnsetType

from comity.acts.canonical import digest_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Article, Office, Party, PersonId


class Deed(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    cache_hash=True,
    gc=False,
):
    """What every deed has: the office that acts."""

    by: Office


class Outward(Deed, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """A deed that concerns one counterpart.

    Attributes:
        to: The counterpart.
        agreement: Digest of the agreement's bundle, or of the ground rules for instruments and
            link acts. Absent only in a draft for which no agreement exists: never entered.
        article: The article it is done under.
        not_after: The approval lapses then.
    """

    to: Party
    article: Article
    agreement: Digest | UnsetType = UNSET
    not_after: Instant | UnsetType = UNSET


class Inward(Deed, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """A deed that stays in the house; ``actor`` did it."""

    actor: PersonId


@lru_cache(maxsize=4096)
def deed_digest(deed: Deed) -> Digest:
    """Return the digest of a deed, by which an approval and a draft name it.

    One act asks for it half a dozen times; equal deeds have equal bytes.
    """
    return digest_of(deed)
