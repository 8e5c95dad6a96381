"""Canonical JSON: one file, one failure, the code in its field ``expect``; both readers agree."""

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from comity.acts.canonical import LIMIT, check_any
from comity.vocabulary.errors import Invalid
from tests.second_verifier import verify as second

FOLDER = Path(__file__).with_name("canonical")
VECTORS = sorted(FOLDER.glob("*.json"))

NEWER_UNICODE = "unassigned-unicode-15"
"""The second reader has no table of its own: it knows what its Python knows."""


def read(path: Path) -> tuple[dict[str, Any], bytes]:
    vector = json.loads(path.read_text(encoding="utf-8"))
    if "hex" in vector:
        return vector, bytes.fromhex(vector["hex"])
    if "repeat" in vector:
        repeat = vector["repeat"]
        document = repeat["open"] * repeat["times"] + repeat["close"] * repeat["times"]
        return vector, document.encode()
    return vector, vector["document"].encode()


def test_there_are_vectors() -> None:
    assert len(VECTORS) > 80


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_document_is_judged_as_its_vector_says(path: Path) -> None:
    vector, document = read(path)
    try:
        check_any(document, limit=vector.get("limit", LIMIT))
        said = "accepted"
    except Invalid as error:
        said = error.code
    assert said == vector["expect"]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_second_reader_judges_alike(path: Path) -> None:
    vector, document = read(path)
    if "limit" in vector or path.stem == NEWER_UNICODE:
        pytest.skip("a limit of ours, or a table that the second reader does not carry")
    try:
        value = second.read_canonical(document)
    except second.NotBelievedError:
        assert vector["expect"] != "accepted"
    else:
        assert vector["expect"] == "accepted"
        assert rfc8785.dumps(value) == document
