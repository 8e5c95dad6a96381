"""Both verifiers say the same of a passed-on item's origin; one failure for each vector."""

import json
from pathlib import Path

import pytest

from tests.second_verifier.onward import forged, onward
from tests.second_verifier.test_both_verifiers import statuses
from tests.support.pair import JPN, KOR, USA

VECTORS = sorted((Path(__file__).parents[1] / "vectors" / "origin").glob("*.json"))
FLIPS = 160


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_an_origin_is_judged_as_its_vector_says(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    made = onward(vector.get("groups", ""))
    expected = vector["expect"]
    raw = forged(made, vector["change"])
    assert statuses(raw, made.roots) == (expected, expected)


def test_there_are_vectors_of_both_kinds() -> None:
    said = [json.loads(path.read_text(encoding="utf-8"))["expect"] for path in VECTORS]
    assert said.count(0) > 2
    assert said.count(4) > 25


def test_it_is_proven_under_three_roots_and_no_fewer() -> None:
    made = onward()
    roots = made.roots
    assert statuses(made.raw, roots) == (0, 0)
    for left_out in (KOR, JPN, USA):
        less = {party: root for party, root in roots.items() if party != left_out}
        assert statuses(made.raw, less) == (3, 3), left_out
        assert statuses(made.raw, {**roots, left_out: roots[JPN if left_out != JPN else KOR]}) == (
            4,
            4,
        )


def test_one_bit_changed_anywhere_is_refused_by_both() -> None:
    made = onward()
    raw, wrong = made.raw, []
    for number in range(FLIPS):
        at = number * (len(raw) - 1) // (FLIPS - 1)
        changed = raw[:at] + bytes([raw[at] ^ 1 << number % 7]) + raw[at + 1 :]
        if statuses(changed, made.roots) != (4, 4):
            wrong.append(at)
    assert wrong == []
