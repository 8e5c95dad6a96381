"""Entries: one file, one failure, the code in its field ``expect``."""

import json
from pathlib import Path

import pytest

from comity.acts.canonical import encode
from comity.acts.entries import LEAF_LIMIT, decode_entry
from comity.vocabulary.errors import Invalid

VECTORS = sorted(Path(__file__).with_name("entry").glob("*.json"))


def outcome(document: bytes) -> str:
    try:
        entry = decode_entry(document)
    except Invalid as error:
        return error.code
    assert encode(entry) == document
    return "accepted"


def test_there_are_vectors() -> None:
    assert len(VECTORS) > 70


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_an_entry_is_judged_as_its_vector_says(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    assert outcome(vector["document"].encode()) == vector["expect"]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_refusal_quotes_nothing_of_the_entry(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    if vector["expect"] == "accepted":
        pytest.skip("this one is accepted")
    with pytest.raises(Invalid) as refusal:
        decode_entry(vector["document"].encode())
    for word in ("KDIA", "69B83413EB", "missile", "telepathic", "passwd", "raining"):
        assert word not in str(refusal.value)


def test_a_leaf_may_be_as_long_as_its_limit_and_no_longer() -> None:
    assert outcome(bytes(LEAF_LIMIT)) == "invalid.document.decode"
    assert outcome(bytes(LEAF_LIMIT + 1)) == "invalid.document.size"
