"""Texts of agreements: one small difference from a good one, and what is complained of.

The good text, its cases and its translation stand once in the folder. ``change`` names, by file,
words that stand there once and what stands for them. ``expect`` is the complaint's code, with the
``file``, the ``line`` and, where the complaint has one, the ``article``; ``others`` counts the
complaints that follow from the same slip, where there are any.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from comity.agreement.cases import run_cases
from comity.agreement.check import check
from comity.agreement.complaints import Complaint, InvalidAgreement
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.errors import Invalid

FOLDER = Path(__file__).with_name("agreement")
VECTORS = sorted(FOLDER.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def bundle(change: dict[str, list[str]]) -> bytes:
    names = ("agreement.md", "cases.toml", "agreement.fr.md")
    files = {name: (FOLDER / name).read_text(encoding="utf-8") for name in names}
    for name, (old, new) in change.items():
        assert files[name].count(old) == 1
        files[name] = files[name].replace(old, new)
    text, cases, french = (files[name].encode() for name in names)
    return bundle_bytes(text, cases, {"fr": french})


def complaints(change: dict[str, list[str]]) -> list[Complaint]:
    try:
        return list(check(open_bundle(bundle(change))))
    except InvalidAgreement as error:
        return list(error.complaints)


def test_there_are_vectors_of_each_kind() -> None:
    codes = Counter(read(path)["expect"] for path in VECTORS)
    assert codes["accepted"] >= 6
    assert codes.total() - codes["accepted"] >= 70
    assert len(codes) >= 30


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_text_is_complained_of_as_its_vector_says(path: Path) -> None:
    vector = read(path)
    found = complaints(vector["change"])
    if vector["expect"] == "accepted":
        assert found == []
        assert all(one.passed for one in run_cases(open_bundle(bundle(vector["change"]))))
        return
    wanted = (vector["expect"], vector["file"], vector["line"], vector.get("article", ""))
    said = [(one.code, one.file, one.line, one.article) for one in found]
    assert wanted in said
    assert len(found) == 1 + vector.get("others", 0)
    assert all(one.said and one.instead for one in found)


def test_a_text_that_does_not_parse_is_no_agreement() -> None:
    """What only the second reading complains of could still be opened; what does not read, not."""
    unread = {"head", "toml", "terms", "article", "heading", "fence", "character", "translation"}
    for path in VECTORS:
        vector = read(path)
        if vector["expect"] in unread:
            with pytest.raises(Invalid) as refusal:
                open_bundle(bundle(vector["change"]))
            assert refusal.value.code == f"invalid.agreement.{vector['expect']}"
