"""Documents that entries name by digest: particulars, approvals, the public part of a profile.

They travel in the pouch beside the leaves and are kept under their digest, byte for byte.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, cast

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import decoder, encode
from comity.acts.parts import Salt
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Office, Party
from comity.vocabulary.zones import PATTERN as RULE

Line = Annotated[str, Meta(max_length=400)]


FileName = Annotated[str, Meta(max_length=200)]
MediaType = Annotated[str, Meta(max_length=100)]


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
    file_name: FileName
    media_type: MediaType
    demonstration: bool


class ApprovalDocument(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="scheme",
    tag="key-file",
):
    """A person's signature, by a key file that the house keeps for the person, over a list.

    Attributes:
        key: Identifier of the approval key; the directory says whose it is.
        root: Root of the tree whose leaves are the deeds' digests (a list of one is usual).
        size: How many deeds.
        signature: Over the 48 bytes of ``root``, type *approval*.
    """

    key: Digest
    root: Digest
    size: Index
    signature: Annotated[bytes, Meta(max_length=8192)]


class PasskeyApproval(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="scheme", tag="passkey"
):
    """A person's assertion by a passkey, whose challenge is the root of the list.

    Attributes:
        key: Identifier of the passkey's public key; the directory says whose it is.
        root: Root of the tree whose leaves are the deeds' digests: the challenge, its 48 bytes.
        size: How many deeds.
        client_data: ``clientDataJSON``, the bytes that the browser made.
        authenticator: ``authenticatorData``.
        signature: Over ``authenticator`` and the SHA-256 of ``client_data``.
    """

    key: Digest
    root: Digest
    size: Index
    client_data: Annotated[bytes, Meta(max_length=2048)]
    authenticator: Annotated[bytes, Meta(max_length=1024)]
    signature: Annotated[bytes, Meta(max_length=1024)]


AnyApproval = ApprovalDocument | PasskeyApproval
"""The ways in which a person may sign."""


def kind_of_approval(paper: AnyApproval) -> str:
    """Return how a person signed: ``passkey``, or ``key-file``, which is custodied."""
    return "passkey" if isinstance(paper, PasskeyApproval) else "key-file"


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
        rule: When its clocks are turned, where they are (RFC 9636, 3.3.1).
        working_days: ISO numbers of working weekdays (1 is Monday).
        holidays: Dates that are none, as ``YYYY-MM-DD``.
    """

    party: Party
    zone: Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\Z")]
    rule: Annotated[str, Meta(pattern=RULE, max_length=100)] | UnsetType = UNSET
    working_days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1, max_length=7)
    ]
    holidays: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")], ...],
        Meta(max_length=400),
    ]
    offices: Annotated[tuple[PublicOffice, ...], Meta(min_length=1, max_length=256)]


decode_particulars = decoder(Particulars, limit=1 << 17)


def fitting(words: Particulars) -> Particulars:
    """Return words that every house will be able to read: what is written is not checked by itself.

    Raises:
        Invalid: ``invalid.words``: a title that is empty or has more than 200 characters, more
            than 200 lines of remarks or one of more than 400 characters, a file name of more than
            200, a media type of more than 100.
    """
    try:
        decode_particulars(encode(words))
    except Invalid as error:
        raise Invalid("invalid.words", error.detail) from None
    return words


_approval: Callable[[bytes], AnyApproval] = decoder(
    cast("type[AnyApproval]", AnyApproval), limit=1 << 15
)
decode_approval = lru_cache(maxsize=1024)(_approval)
decode_public_profile = decoder(PublicProfile, limit=1 << 19)
