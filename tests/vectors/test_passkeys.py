"""Assertions of passkeys: one file, one failure, the code in its field ``expect``.

The files were written once, by ``python -m tests.vectors.make_passkeys``, and are frozen.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from comity.seal.passkeys import verify_assertion
from comity.vocabulary.errors import Invalid
from tests.second_verifier import verify as second

VECTORS = sorted(Path(__file__).with_name("passkeys").glob("*.json"))
PARTS = ("public", "challenge", "client_data", "authenticator", "signature")


def read(path: Path) -> dict[str, Any]:
    vector = json.loads(path.read_text(encoding="utf-8"))
    return vector | {name: b64decode(vector[name]) for name in PARTS}


def outcome(vector: dict[str, Any]) -> str:
    try:
        verify_assertion(
            vector["public"],
            relying_party=vector["relying_party"],
            challenge=vector["challenge"],
            client_data=vector["client_data"],
            authenticator=vector["authenticator"],
            signature=vector["signature"],
        )
    except Invalid as error:
        return error.code
    return "accepted"


def test_there_are_vectors_of_each_outcome() -> None:
    found = [outcome(read(path)) for path in VECTORS]
    assert len(found) >= 40
    assert {"accepted", "invalid.passkey", "invalid.key", "invalid.signature"} <= set(found)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_an_assertion_is_judged_as_its_vector_says(path: Path) -> None:
    vector = read(path)
    assert outcome(vector) == vector["expect"]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_second_verifier_says_the_same(path: Path) -> None:
    vector = read(path)
    try:
        second.verify_passkey(
            vector["public"],
            vector["relying_party"],
            vector["challenge"],
            vector["client_data"],
            vector["authenticator"],
            vector["signature"],
        )
        believed = True
    except second.NotBelievedError:
        believed = False
    assert believed == (vector["expect"] == "accepted")
