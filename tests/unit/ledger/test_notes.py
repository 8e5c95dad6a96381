"""The frame of a signed note: its lines, and nothing else."""

from base64 import b64encode
from hashlib import sha384

import pytest

from comity.ledger.notes import (
    MAXIMUM_LENGTH,
    KeyUse,
    SignatureLine,
    key_hash,
    parse_note,
    with_line,
    write_line,
    write_note,
)
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party

TEXT = b"comity/KOR/to/JPN\n42\n"
KOR, JPN = Party("KOR"), Party("JPN")
FIRST = SignatureLine(KOR, b"hash", b"signature of KOR")
SECOND = SignatureLine(JPN, b"hash", b"signature of JPN!")
NOTE = write_note(TEXT, FIRST)
DASH = b"\xe2\x80\x94 "


def refused(code: str) -> "pytest.RaisesExc[Invalid]":
    return pytest.raises(Invalid, check=lambda error: error.code == code)


def numbered(count: int) -> list[bytes]:
    return [
        write_line(SignatureLine(Party(f"P{number}"), b"hash", b"signature"))
        for number in range(count)
    ]


def test_a_note_is_a_text_an_empty_line_and_signatures() -> None:
    encoded = b64encode(b"hashsignature of KOR")
    assert write_note(TEXT, FIRST) == TEXT + b"\n" + DASH + b"KOR " + encoded + b"\n"
    both = with_line(NOTE, write_line(SECOND))
    assert both.startswith(NOTE)
    parts = parse_note(both)
    assert (parts.text, parts.lines) == (TEXT, (FIRST, SECOND))


def test_a_key_is_told_apart_by_name_use_and_bytes() -> None:
    expected = sha384(b"KOR\n\xffcomity/v1/checkpointpublic").digest()[:4]
    assert key_hash(KOR, KeyUse.CHECKPOINT, b"public") == expected
    hashes = {
        key_hash(name, use, public)
        for name in (KOR, JPN)
        for use in KeyUse
        for public in (b"public", b"another")
    }
    assert len(hashes) == 8


def test_a_line_is_found_by_name_and_key() -> None:
    note = parse_note(NOTE)
    assert note.line_of(KOR, b"hash") == FIRST
    for name, hashed in ((JPN, b"hash"), (KOR, b"Hash")):
        with refused("invalid.checkpoint.unsigned"):
            note.line_of(name, hashed)


def test_sixteen_parties_sign_and_no_more() -> None:
    note = TEXT + b"\n" + b"\n".join(numbered(16)) + b"\n"
    assert len(parse_note(note).lines) == 16
    with refused("invalid.checkpoint.lines"):
        parse_note(TEXT + b"\n" + b"\n".join(numbered(17)) + b"\n")
    with refused("invalid.checkpoint.lines"):
        with_line(note, write_line(FIRST))


def test_a_party_signs_once() -> None:
    for again in (FIRST, SignatureLine(KOR, b"kash", b"with another key")):
        with refused("invalid.checkpoint.lines"):
            with_line(NOTE, write_line(again))


def test_one_line_is_added_and_nothing_else() -> None:
    two = b"\n".join(numbered(2))
    for line in (b"", b"\n", two, write_line(SECOND) + b"\n", b"\n" + write_line(SECOND), b"JPN"):
        with refused("invalid.checkpoint.lines"):
            with_line(NOTE, line)
    with refused("invalid.checkpoint.lines"):
        with_line(TEXT, write_line(SECOND))


ENCODED = b64encode(b"hashsignature")  # ends in one =, with two spare bits before it

BAD_LINES = {
    "no line": b"",
    "not the last line feed": DASH + b"KOR " + ENCODED,
    "carriage return": DASH + b"KOR " + ENCODED + b"\r\n",
    "hyphen": b"- KOR " + ENCODED + b"\n",
    "two hyphens": b"-- KOR " + ENCODED + b"\n",
    "en dash": b"\xe2\x80\x93 KOR " + ENCODED + b"\n",
    "two spaces": DASH + b" KOR " + ENCODED + b"\n",
    "space at the end": DASH + b"KOR " + ENCODED + b" \n",
    "small letters": DASH + b"kor " + ENCODED + b"\n",
    "no name": DASH + b" " + ENCODED + b"\n",
    "a long name": DASH + b"K" * 17 + b" " + ENCODED + b"\n",
    "a plus in the name": DASH + b"KOR+1 " + ENCODED + b"\n",
    "no signature": DASH + b"KOR\n",
    "a key hash only": DASH + b"KOR " + b64encode(b"hash") + b"\n",
    "no padding": DASH + b"KOR " + ENCODED.rstrip(b"=") + b"\n",
    "more padding": DASH + b"KOR " + ENCODED + b"=\n",
    "padding inside": DASH + b"KOR AA==" + ENCODED + b"\n",
    "URL base64": DASH + b"KOR _" + ENCODED[1:] + b"\n",
    "an empty line at the end": DASH + b"KOR " + ENCODED + b"\n\n",
    "an empty line between": b"\n".join([DASH + b"KOR " + ENCODED, b"", DASH + b"JPN " + ENCODED])
    + b"\n",
}


@pytest.mark.parametrize("lines", BAD_LINES.values(), ids=BAD_LINES)
def test_another_form_of_line_is_refused(lines: bytes) -> None:
    assert parse_note(TEXT + b"\n" + DASH + b"KOR " + ENCODED + b"\n").lines[0].name == KOR
    with refused("invalid.checkpoint.lines"):
        parse_note(TEXT + b"\n" + lines)


def test_spare_bits_of_base64_make_no_second_form() -> None:
    last = ENCODED.rstrip(b"=")[-1:]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    padding = len(ENCODED) - len(ENCODED.rstrip(b"="))
    assert padding
    accepted = []
    for at in range(64):
        other = ENCODED.rstrip(b"=")[:-1] + alphabet[at : at + 1] + b"=" * padding
        try:
            parse_note(TEXT + b"\n" + DASH + b"KOR " + other + b"\n")
        except Invalid:
            continue
        accepted.append(alphabet[at : at + 1])
    assert last in accepted
    # One in four (or sixteen) characters has no spare bit set.
    assert len(accepted) == 64 >> 2 * padding


@pytest.mark.parametrize("raw", [b"", b"\n", b"\n\n", TEXT, TEXT + b"\n", TEXT[:-1] + b"\n\n"])
def test_a_text_without_signatures_is_no_note(raw: bytes) -> None:
    with refused("invalid.checkpoint.lines"):
        parse_note(raw)


def test_a_note_has_a_bound() -> None:
    line = DASH + b"KOR " + b"AAAA" * (MAXIMUM_LENGTH // 4)
    with refused("invalid.checkpoint.length"):
        parse_note(TEXT + b"\n" + line + b"\n")
