"""Directories: one file, one failure, the code in its field ``expect``.

The files were written once, by ``python -m tests.vectors.make_directories``, and are frozen. A
file holds the signed directory and the root that was compared; with ``before``, the directory is
to take the place of that one.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from comity.seal.directories import directory_digest, follows, open_directory
from comity.seal.real import REAL
from comity.vocabulary.digests import parse_digest
from comity.vocabulary.errors import Invalid
from tests.second_verifier import verify as second

VECTORS = sorted(Path(__file__).with_name("directories").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    vector = json.loads(path.read_text(encoding="utf-8"))
    raw = {name: b64decode(vector[name]) for name in ("document", "before") if name in vector}
    return vector | raw


def outcome(vector: dict[str, Any]) -> str:
    root = parse_digest(vector["root"])
    try:
        new = open_directory(REAL, vector["document"], root=root)
        if "before" in vector:
            old = open_directory(REAL, vector["before"], root=root)
            follows(new, old, old_digest=directory_digest(vector["before"]))
    except Invalid as error:
        return error.code
    return "accepted"


def test_there_are_vectors_of_each_outcome() -> None:
    found = [read(path)["expect"] for path in VECTORS]
    assert found.count("accepted") >= 10
    assert len(found) - found.count("accepted") >= 80
    kinds = ("document.decode", "document.canonical", "directory", "signature")
    assert {f"invalid.{kind}" for kind in kinds} < set(found)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_directory_is_judged_as_its_vector_says(path: Path) -> None:
    vector = read(path)
    assert outcome(vector) == vector["expect"]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_second_reader_judges_alike(path: Path) -> None:
    vector = read(path)
    try:
        found = second.Directory(vector["document"])
        second.require(second.key_name(found.root) == vector["root"], "another root")
        if "before" in vector:
            found.follows(second.Directory(vector["before"]))
        said = "accepted"
    except second.NotBelievedError:
        said = "refused"
    assert said == ("accepted" if vector["expect"] == "accepted" else "refused")
