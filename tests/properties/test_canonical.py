"""Canonical bytes of our documents: those of RFC 8785, read back as what was written.

The documents are drawn from the structs' own types, so a kind that is added is drawn as well.
"""

from enum import Enum

import msgspec
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from comity.acts.canonical import check_any, decoder, digest, digest_of, encode
from comity.acts.deeds import AnyDeed
from comity.acts.documents import ApprovalDocument, Particulars, PasskeyApproval, PublicProfile
from comity.acts.entries import Entry
from comity.acts.judgements import Judgement
from comity.acts.unicode14 import is_permitted
from comity.seal.directories import Directory, SignedDirectory
from comity.vocabulary.digests import PATTERN as DIGEST
from comity.vocabulary.digests import digest_from_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import PATTERN as LOG
from comity.vocabulary.logs import correspondence, feed, journal, register_ledger, standing_in
from comity.vocabulary.names import Party, Reference
from tests.second_verifier import verify as second

LONGEST = 3
LETTERS = st.characters(
    exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs"), include_characters='"\\/가ａ特'
).filter(lambda one: is_permitted(one) and second.unicodedata.normalize("NFC", one) == one)

LOGS = st.sampled_from(
    [
        correspondence(Party("KOR"), Party("JPN")),
        feed(Party("KOR"), Party("JPN"), Reference("DIR-1")),
        journal(Party("KOR")),
        register_ledger(Party("JPN"), Party("KOR")),
        standing_in(Party("KOR"), Party("JPN")),
    ]
)

DIGESTS = st.binary(min_size=48, max_size=48).map(digest_from_bytes)


def drawn_from(found: inspect.Type) -> st.SearchStrategy[object]:  # noqa: C901, PLR0911, PLR0912 - a case per type
    """Draw values of a type as msgspec sees it."""
    match found:
        case inspect.Metadata(type=inner):
            return drawn_from(inner)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=least, le=most):
            return st.integers(least, most)
        case inspect.StrType(pattern=pattern) if pattern == LOG:
            return LOGS
        case inspect.StrType(pattern=pattern) if pattern == DIGEST:
            return DIGESTS
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(
                pattern, alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)
            )
        case inspect.StrType(min_length=least, max_length=most):
            return texts(least or 0, min(most or 8, 8))
        case inspect.BytesType(min_length=least, max_length=most):
            least = least or 0
            return st.binary(min_size=least, max_size=min(most or 64, max(least, 64)))
        case inspect.EnumType(cls=cls):
            return st.sampled_from(list[Enum](cls))
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            least = least or 0
            most = min(most or LONGEST, max(least, LONGEST))
            return st.lists(drawn_from(item), min_size=least, max_size=most).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            keys = drawn_from(key).filter(lambda one: str(one).isascii())  # the profile
            return st.dictionaries(keys, drawn_from(value), max_size=LONGEST)
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.UnionType(types=types):
            return st.one_of([drawn_from(each) for each in types])
        case inspect.StructType(cls=cls, fields=fields):
            must = {one.name: drawn_from(one.type) for one in fields if one.required}
            may = {one.name: drawn_from(one.type) for one in fields if not one.required}
            drawn = st.fixed_dictionaries(must, optional=may)
            return drawn.map(lambda values: cls(**values))
        case _:
            raise AssertionError(f"no way to draw {found}")


def texts(least: int, most: int) -> st.SearchStrategy[object]:
    drawn = st.text(LETTERS, min_size=least, max_size=most)
    return drawn.filter(lambda text: second.unicodedata.is_normalized("NFC", text))


KINDS = (
    Entry,
    Judgement,
    ApprovalDocument,
    PasskeyApproval,
    Particulars,
    PublicProfile,
    Directory,
    SignedDirectory,
    *AnyDeed.__args__,
)
DOCUMENTS = {kind: drawn_from(inspect.type_info(kind)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_our_bytes_are_those_of_rfc_8785_and_read_back_the_same(
    kind: type[msgspec.Struct], data: st.DataObject
) -> None:
    document = data.draw(DOCUMENTS[kind])
    raw = encode(document)
    assert raw == rfc8785.dumps(msgspec.to_builtins(document))
    assert decoder(kind)(raw) == document
    assert digest_of(document) == digest(raw)
    assert rfc8785.dumps(second.read_canonical(raw)) == raw


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENTS[Entry], data=st.data())
def test_an_entry_with_one_byte_changed_is_another_entry_or_none(
    document: Entry, data: st.DataObject
) -> None:
    raw = encode(document)
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != raw[at]))
    changed = raw[:at] + bytes([byte]) + raw[at + 1 :]
    try:
        other = decoder(Entry)(changed)
    except Invalid:
        return
    assert other != document
    assert encode(other) == changed


@given(raw=st.binary(max_size=64) | st.text(max_size=32).map(str.encode))
def test_whatever_comes_is_canonical_or_refused_with_a_code(raw: bytes) -> None:
    try:
        check_any(raw)
        said = "accepted"
    except Invalid as error:
        said = error.code
    if said == "accepted":
        assert rfc8785.dumps(msgspec.json.decode(raw)) == raw
    assert said == "accepted" or said.startswith("invalid.document.")
