"""Documents that entries name by digest: particulars, approvals, the public part of a profile.

They travel in the pouch beside the leaves and are kept under their digest, byte for byte.
"""

from enum import Enum
from functools import lru_cache
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import decoder
from comity.acts.parts import Salt
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Office, Party

Line = Annotated[str, Meta(max_length=400)]


class Particulars(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words of an item: sealed, and erasable while the proof survives.

    Attributes:
        salt: Makes the digest in the skeleton say nothing about the words.
        title: The short title, unclassified by rule, sealed all the same.
        lines: Remarks, one line of text each.
        file_name: The name the file had at home: display text only.
        media_type: As the originator states; never believed by a viewer.
        demonstration: Fictional, on public data; shown in the banner.
    """

    salt: Salt
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    lines: Annotated[tuple[Line, ...], Meta(max_length=200)]
    file_name: Annotated[str, Meta(max_length=200)]
    media_type: Annotated[str, Meta(max_length=100)]
    demonstration: bool


class ApprovalScheme(Enum):
    """How an approval was signed. Passkeys are a later member of this set."""

    KEY_FILE = "key-file"


class ApprovalDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person's signature over the root of a list of deed digests (a list of one is usual).

    Attributes:
        key: Identifier of the approval key; the directory says whose it is.
        root: Root of the tree whose leaves are the deeds' digests.
        size: How many deeds.
        signature: Over the 48 bytes of ``root``, type *approval*.
    """

    scheme: ApprovalScheme
    key: Digest
    root: Digest
    size: Index
    signature: Annotated[bytes, Meta(max_length=8192)]


class PublicOffice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An office as its party notifies it: names with their languages, dates, successor."""

    office: Office
    names: dict[Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")], Line]
    since: Instant
    until: Instant | UnsetType = UNSET
    successor: Office | UnsetType = UNSET
    designating: bool


class PublicProfile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The public part of a national profile: all that the common judgement reads of it.

    Attributes:
        zone: IANA name of the party's time zone.
        working_days: ISO numbers of working weekdays (1 is Monday).
        holidays: Dates that are none, as ``YYYY-MM-DD``.
    """

    party: Party
    zone: Annotated[str, Meta(pattern=r"^[A-Za-z]+(/[A-Za-z_]+){0,2}\Z")]
    working_days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1, max_length=7)
    ]
    holidays: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")], ...],
        Meta(max_length=400),
    ]
    offices: Annotated[tuple[PublicOffice, ...], Meta(min_length=1, max_length=256)]


decode_particulars = decoder(Particulars, limit=1 << 17)
decode_approval = lru_cache(maxsize=1024)(decoder(ApprovalDocument, limit=1 << 15))
decode_public_profile = decoder(PublicProfile, limit=1 << 19)
