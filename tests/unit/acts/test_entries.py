"""An entry is read in two parts, and each byte of either is still asked for what it may be."""

import pytest
from msgspec import Raw, json

from comity.acts import deeds
from comity.acts.canonical import decoder, encode
from comity.acts.entries import LEAF_LIMIT, Entry, decode_deed, decode_entry
from comity.acts.parts import RefusedLeaf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Article, Office, Party, Reason

DEED = deeds.RefuseLeaves(
    by=Office("ARD/REG"),
    to=Party("BEL"),
    article=Article("1"),
    agreement=Digest("sha384:" + "0" * 96),
    log=correspondence(Party("BEL"), Party("ARD")),
    old=0,
    new=1,
    refused=(RefusedLeaf(index=0, code=Reason("leaf.opaque")),),
)
LEAF = encode(Entry(deed=DEED, at=Instant("2026-07-01T09:00:00.000Z"), salt=bytes(16)))
WHOLE = decoder(Entry, limit=LEAF_LIMIT)
"""The entry read as one document: what the two parts together must say."""


def said(read, data: bytes) -> object:
    try:
        return read(data)
    except Invalid:
        return Invalid


def test_the_parts_are_the_entry() -> None:
    assert decode_entry(LEAF) == WHOLE(LEAF)
    assert type(decode_entry(LEAF)) is Entry
    assert decode_deed(encode(DEED)) == DEED


@pytest.mark.parametrize("by", [0x01, 0x20, 0x5C, 0x80, 0xFF])
def test_any_byte_changed_is_read_as_the_whole_would_be(by: int) -> None:
    for place in range(len(LEAF)):
        data = LEAF[:place] + bytes([LEAF[place] ^ by]) + LEAF[place + 1 :]
        assert said(decode_entry, data) == said(WHOLE, data), place


@pytest.mark.parametrize(
    "put", [b" ", b"\n", b'"x":1,', b'"by":"ARD/REG",', b"\\u0041", b"\xc3", "é".encode(), b"\x00"]
)
def test_anything_put_in_is_read_as_the_whole_would_be(put: bytes) -> None:
    for place in range(len(LEAF) + 1):
        data = LEAF[:place] + put + LEAF[place:]
        assert said(decode_entry, data) == said(WHOLE, data), place


def test_a_deed_of_nothing_known_is_refused() -> None:
    for deed in (b"{}", b"null", b"[]", b'{"act":"nothing"}', b'"' + b"\xff" * 3 + b'"'):
        stamped = json.decode(LEAF, type=dict[str, Raw])
        stamped["deed"] = Raw(deed)
        with pytest.raises(Invalid):
            decode_entry(json.encode(stamped, order="sorted"))
