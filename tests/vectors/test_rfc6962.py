"""Other people's proofs (transparency-dev/merkle, SHA-256), right and wrong: 98 + 98.

``wantErr`` alone decides what is expected, without exception. Proofs from size 0 are all refused
there, and here with their own code.
"""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from comity.ledger.proofs import verify_consistency, verify_inclusion
from comity.vocabulary.errors import Invalid

Vector = dict[str, Any]

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
EACH = 98


def vectors(kind: str) -> list[tuple[str, Vector]]:
    """Every vector with its place: skip without ``../shared``, fail without the files."""
    if not SHARED.exists():
        pytest.skip("other people's vectors are not here: no ../shared beside the checkout")
    folder = SHARED / "vectors" / "rfc6962" / kind
    found = sorted(folder.rglob("*.json"))
    assert len(found) == EACH
    return [(str(path.relative_to(folder)), json.loads(path.read_text("utf-8"))) for path in found]


def refusal(vector: Vector, kind: str) -> str | None:
    """The code with which a proof is refused, or None if it is believed."""
    path = [b64decode(value) for value in vector["proof"] or ()]
    try:
        if kind == "inclusion":
            verify_inclusion(
                leaf_hash=b64decode(vector["leafHash"]),
                index=vector["leafIdx"],
                size=vector["treeSize"],
                path=path,
                root=b64decode(vector["root"]),
                hash=sha256,
            )
        else:
            verify_consistency(
                old=vector["size1"],
                old_root=b64decode(vector["root1"]),
                new=vector["size2"],
                new_root=b64decode(vector["root2"]),
                path=path,
                hash=sha256,
            )
    except Invalid as error:
        return error.code
    return None


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_every_proof_is_judged_as_its_authors_say(kind: str) -> None:
    outcomes = [(name, vector["wantErr"], refusal(vector, kind)) for name, vector in vectors(kind)]
    assert [name for name, wrong, code in outcomes if wrong != (code is not None)] == []
    assert {wrong for _, wrong, _ in outcomes} == {True, False}


def test_from_size_zero_nothing_is_accepted_and_the_code_says_so() -> None:
    from_zero = [vector for _, vector in vectors("consistency") if vector["size1"] == 0]
    assert len(from_zero) >= 3
    assert all(vector["wantErr"] for vector in from_zero)
    assert {refusal(vector, "consistency") for vector in from_zero} == {"invalid.proof-from-empty"}
