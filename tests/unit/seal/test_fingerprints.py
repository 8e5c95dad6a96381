"""The names of keys."""

import hashlib
import re

import pytest

from comity.seal.fingerprints import fingerprint_digits, key_id, parse_fingerprint
from comity.vocabulary.errors import Invalid

ROOT = bytes(range(256))


def test_a_key_id_is_a_digest_with_its_own_domain() -> None:
    assert key_id(ROOT) == "sha384:" + hashlib.sha384(b"comity/v1 key\n" + ROOT).hexdigest()


def test_a_fingerprint_has_twelve_groups_of_five_digits() -> None:
    assert re.fullmatch(r"[0-9]{5}( [0-9]{5}){11}", fingerprint_digits(ROOT))


def test_a_fingerprint_follows_its_derivation() -> None:
    raw = hashlib.sha384(b"comity/v1 fingerprint\n" + ROOT).hexdigest()
    groups = fingerprint_digits(ROOT).split()
    expected = [int(raw[at : at + 8], 16) % 100_000 for at in range(0, 96, 8)]
    assert [int(group) for group in groups] == expected


def test_other_keys_have_other_fingerprints() -> None:
    roots = [bytes([a, b]) for a in range(64) for b in range(64)]
    assert len({fingerprint_digits(root) for root in roots}) == len(roots)


@pytest.mark.parametrize("separator", ["", " ", "-", "\n", "  ", " - "])
def test_a_typed_fingerprint_reads(separator: str) -> None:
    written = fingerprint_digits(ROOT)
    assert parse_fingerprint(written.replace(" ", separator)) == written


@pytest.mark.parametrize(
    "text",
    ["", "1" * 59, "1" * 61, "1" * 59 + "a", "\u0661" * 60, "1" * 60 + ".", "1" * 55 + "\t11111"],
    ids=["empty", "short", "long", "letter", "Arabic digits", "dot", "tab"],
)
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.fingerprint"):
        parse_fingerprint(text)
