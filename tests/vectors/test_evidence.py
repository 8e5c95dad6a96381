"""Evidence files: one failure for each vector, and both verifiers say the same of it.

A vector says what is different from a good file (:mod:`tests.second_verifier.changed`), because
no file can be frozen whose judgements a new version of the rules words otherwise. ``expect`` is
the exit status of both verifiers, ``code`` the error of the first. ``roots`` names the parties
whose roots are given for whom; without it each root is given for its party.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from comity.evidence.verify import require_confirmed
from comity.evidence.verify import verify as first
from comity.seal.real import REAL
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unconfirmed
from comity.vocabulary.names import Party
from tests.second_verifier import verify as second
from tests.second_verifier.changed import changed
from tests.second_verifier.crossing import Crossing, crossed

VECTORS = sorted(Path(__file__).with_name("evidence").glob("*.json"))
EACH = {"KOR": "KOR", "JPN": "JPN"}

crossing = lru_cache(maxsize=1)(crossed)


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def roots_of(made: Crossing, vector: dict[str, Any]) -> dict[Party, Digest]:
    given = vector.get("roots", EACH)
    return {Party(party): made.roots[Party(whose)] for party, whose in given.items()}


def outcome(raw: bytes, roots: dict[Party, Digest]) -> tuple[int, str | None]:
    try:
        require_confirmed(first(REAL, raw, roots=roots))
    except (Invalid, Unconfirmed) as error:
        return error.exit_status, error.code
    return 0, None


def test_there_are_vectors_of_each_outcome() -> None:
    found = [read(path) for path in VECTORS]
    said = [one["expect"] for one in found]
    assert (said.count(0) >= 6, said.count(3) >= 2, said.count(4) >= 80) == (True, True, True)
    codes = {one.get("code") for one in found}
    steps = ("judgement", "kind", "note", "order", "parties", "subject", "superfluous", "missing")
    assert {f"invalid.evidence.{step}" for step in steps} < codes
    assert {"invalid.proof", "invalid.signature", "invalid.directory"} < codes


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_file_is_judged_as_its_vector_says(path: Path) -> None:
    made, vector = crossing(), read(path)
    raw, roots = changed(made, vector["change"]), roots_of(made, vector)
    assert (raw == made.raw) == (not vector["change"])
    assert outcome(raw, roots) == (vector["expect"], vector.get("code"))
    assert second.judge(raw, dict(roots))[0] == vector["expect"]
