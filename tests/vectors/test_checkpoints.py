"""Checkpoints and cosignatures: one file, one failure, the code in its field ``expect``.

The files were written once, by ``python -m tests.vectors.make_checkpoints``, and are frozen. A
file with ``log`` asks for the checkpoint that the log's owner signed with the key ``public``; one
with ``name`` asks for the cosignature of that party. ``append`` says what follows the note: a
text, then one letter so many times, then its end.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from comity.ledger.checkpoints import verify_checkpoint, verify_cosignature, write
from comity.ledger.notes import parse_note
from comity.seal.real import REAL
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import parse_log
from comity.vocabulary.names import Party
from tests.second_verifier import verify as second

VECTORS = sorted(Path(__file__).with_name("checkpoints").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    vector = json.loads(path.read_text(encoding="utf-8"))
    more = vector.get("append", {"text": "", "repeat": "", "times": 0, "close": ""})
    after = more["text"] + more["repeat"] * more["times"] + more["close"]
    note, public = b64decode(vector["note"]), b64decode(vector["public"])
    return vector | {"note": note + after.encode(), "public": public}


def outcome(vector: dict[str, Any]) -> str:
    note, public = vector["note"], vector["public"]
    try:
        if "log" in vector:
            found = verify_checkpoint(REAL, note, public=public, log=parse_log(vector["log"]))
            assert write(found) == parse_note(note).text
        else:
            verify_cosignature(REAL, note, public=public, name=Party(vector["name"]))
    except Invalid as error:
        return error.code
    return "accepted"


def test_there_are_vectors_of_each_outcome() -> None:
    found = [read(path)["expect"] for path in VECTORS]
    assert found.count("accepted") >= 20
    assert len(found) - found.count("accepted") >= 100
    kinds = ("form", "root", "seen", "log", "unsigned", "signer", "time", "lines", "length")
    assert {f"invalid.checkpoint.{kind}" for kind in kinds} | {"invalid.signature"} < set(found)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_note_is_judged_as_its_vector_says(path: Path) -> None:
    vector = read(path)
    assert outcome(vector) == vector["expect"]


def is_of_evidence(vector: dict[str, Any]) -> bool:
    """The second reader knows the logs that evidence holds, and who cosigns those."""
    return bool(second.LOG.match(vector.get("log", "comity/KOR/to/JPN"))) and (
        vector.get("name") != "USA"
    )


OF_EVIDENCE = [path for path in VECTORS if is_of_evidence(read(path))]


@pytest.mark.parametrize("path", OF_EVIDENCE, ids=lambda path: path.stem)
def test_the_second_reader_judges_alike(path: Path) -> None:
    vector = read(path)
    try:
        note = second.Note(vector["note"])
        if "log" in vector:
            second.require(note.log == vector["log"], "another log")
            note.verify_owner(vector["public"])
        else:
            second.require(note.other == vector["name"], "not who cosigns it")
            note.verify_cosigner(vector["public"])
        said = "accepted"
    except second.NotBelievedError:
        said = "refused"
    assert said == ("accepted" if vector["expect"] == "accepted" else "refused")
