"""Pouches: one file, one failure of framing, the code in its field ``expect``.

A vector says what is different from a good pouch, because a seal needs a key: the bytes are
made here. ``head`` and ``outer`` change fields, the other names are explained where they act.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from comity.acts.canonical import digest
from comity.exchange.pouch import POUCH_LIMIT, Pouch, bucket, unpack
from comity.seal.real import REAL
from comity.seal.suite import Suite
from comity.vocabulary.errors import Invalid
from tests.support.fast_suite import seeded

VECTORS = sorted(Path(__file__).with_name("pouch").glob("*.json"))
TOKEN = "0123456789abcdef" * 2
PIECES = b"leaf one" + b"leaf two" + b"document" + b"content"
HEAD = {
    "checkpoint": "bm90ZQ==",
    "contents": [7],
    "documents": [8],
    "leaves": [8, 8],
    "log": "comity/KOR/to/JPN",
    "new": 2,
    "old": 0,
    "slips": [{"epoch": 1, "office": "JPN/DIH", "sealed": "c2xpcA=="}],
}


def canonical(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def head_of(change: dict[str, Any]) -> bytes:
    if "head_raw" in change:
        return bytes.fromhex(change["head_raw"])
    head = canonical({**HEAD, **change.get("head", {})})
    if "head_text" in change:  # one text for another, once
        head = head.replace(*(one.encode() for one in change["head_text"]), 1)
    return head


def body_of(change: dict[str, Any]) -> bytes:
    if "body" in change:
        return bytes.fromhex(change["body"])
    head = head_of(change)
    length = change.get("head_length", len(head) + change.get("head_length_by", 0))
    pieces = change["pieces"].encode() if "pieces" in change else PIECES
    body = length.to_bytes(4, "big") + head + pieces
    size = change.get("pad", bucket(len(body)))
    if size is not None:
        body += bytes(size - len(body))
    if "pad_last" in change:
        last = bytes.fromhex(change["pad_last"])
        body = body[: -len(last)] + last
    return body


def outer_of(change: dict[str, Any], size: int, *, after: bool = False) -> bytes:
    if "outer_raw" in change:
        return bytes(change["outer_raw"].replace("TOKEN", TOKEN).encode())
    outer = {"peer": TOKEN, "size": size, "version": 1, **change.get("outer", {})}
    if after:  # the header as it stands on the wire, when it is not the one that was sealed
        outer |= change.get("outer_after", {})
    raw = canonical(outer)
    if "outer_text" in change:
        raw = raw.replace(*(one.encode() for one in change["outer_text"]), 1)
    return raw


def wire_of(suite: Suite, change: dict[str, Any], keys: dict[str, bytes]) -> bytes:
    if "wire" in change:
        return bytes.fromhex(change["wire"])
    body = body_of(change)
    outer = outer_of(change, len(body))
    info = digest(outer).encode() + bytes.fromhex(change.get("info", ""))
    public = suite.kem_public(keys[change.get("key", "mine")])
    sealed = bytearray(suite.seal_to(public, info=info, plaintext=body))
    if "flip_sealed" in change:
        sealed[change["flip_sealed"]] ^= 1
    shown = outer_of(change, len(body), after=True)
    length = change.get("header_length", len(shown) + change.get("header_length_by", 0))
    wire = bytearray(length.to_bytes(2, "big") + shown + bytes(sealed))
    if "flip" in change:
        wire[change["flip"]] ^= 1
    if "keep_header" in change:
        del wire[2 + len(shown) :]
    del wire[change.get("keep", len(wire)) :]
    del wire[len(wire) - change.get("cut", 0) :]
    return bytes(wire) + bytes.fromhex(change.get("append", ""))


def opened(suite: Suite, change: dict[str, Any]) -> Pouch:
    keys = {"mine": suite.generate_kem(), "other": suite.generate_kem()}
    return unpack(suite, wire_of(suite, change, keys), transport=keys["mine"], token=TOKEN)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
@pytest.mark.parametrize("suite", [seeded(b"pouches"), REAL], ids=["seeded", "real"])
def test_a_pouch_is_judged_as_its_vector_says(suite: Suite, path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    try:
        opened(suite, vector["change"])
        said = "accepted"
    except Invalid as error:
        said = error.code
    assert said == vector["expect"]


def test_there_are_vectors() -> None:
    assert len(VECTORS) > 50


def test_the_good_pouch_is_cut_into_what_was_put_in() -> None:
    pouch = opened(REAL, {})
    assert pouch.leaves == (b"leaf one", b"leaf two")
    assert list(pouch.documents.values()) == [b"document"]
    assert list(pouch.contents.values()) == [b"content"]
    assert pouch.documents == {digest(b"document"): b"document"}
    assert (pouch.log, pouch.old, pouch.new) == ("comity/KOR/to/JPN", 0, 2)
    assert (pouch.checkpoint, pouch.slips[0].sealed) == (b"note", b"slip")


def test_a_pouch_beyond_the_limit_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Invalid) as refusal:
        unpack(REAL, bytes(POUCH_LIMIT + 1), transport=b"", token=TOKEN)
    assert refusal.value.code == "invalid.pouch"
