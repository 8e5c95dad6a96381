"""Secrets under a passphrase."""

import base64

import pytest

from comity.seal import passphrase as module
from comity.seal.passphrase import (
    Argon2id,
    Cost,
    Scrypt,
    open_with_passphrase,
    seal_with_passphrase,
)
from comity.vocabulary.errors import Invalid, Refused

PHRASE = "correct horse"
SECRET = b"sixty-four bytes of seeds"
CHEAP = Argon2id(memory=8 * 1024, passes=1, lanes=1)
SEALED = seal_with_passphrase(PHRASE, SECRET, cost=CHEAP)
HEADER, _, REST = SEALED.partition(b"\n")


@pytest.mark.parametrize("cost", [None, CHEAP, Scrypt(log2_n=13)], ids=["best", "argon", "scrypt"])
@pytest.mark.parametrize("secret", [b"", SECRET], ids=len)
def test_a_secret_comes_back(cost: Cost | None, secret: bytes) -> None:
    sealed = seal_with_passphrase(PHRASE, secret, cost=cost)
    assert open_with_passphrase(PHRASE, sealed) == secret


def test_the_header_says_how() -> None:
    salt = HEADER.partition(b'"salt":"')[2].partition(b'"')[0]
    expected = (
        b'{"cost":{"kdf":"argon2id","lanes":1,"memory":8192,"passes":1},'
        b'"form":"comity-passphrase","salt":"' + salt + b'","version":1}'
    )
    assert expected == HEADER
    assert len(base64.b64decode(salt)) == 16


def test_two_sealings_have_two_salts() -> None:
    again = seal_with_passphrase(PHRASE, SECRET, cost=CHEAP)
    assert again.partition(b"\n")[0] != HEADER


@pytest.mark.parametrize("other", ["correct horse ", "Correct horse", "x"])
def test_another_passphrase_is_refused(other: str) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.passphrase"):
        open_with_passphrase(other, SEALED)


def test_a_phrase_typed_in_two_ways_is_one_phrase() -> None:
    sealed = seal_with_passphrase("\uac00\uc744 \u3067\u3059", SECRET, cost=CHEAP)
    assert (
        open_with_passphrase("\u1100\u1161\u110b\u1173\u11af \u3066\u3099\u3059", sealed) == SECRET
    )


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match=r"^refused\.passphrase"):
        seal_with_passphrase("", SECRET, cost=CHEAP)
    with pytest.raises(Refused, match=r"^refused\.passphrase"):
        open_with_passphrase("", SEALED)


def test_every_byte_after_the_header_counts() -> None:
    for at in range(len(REST)):
        changed = REST[:at] + bytes([REST[at] ^ 1]) + REST[at + 1 :]
        with pytest.raises(Invalid, match=r"^invalid\.passphrase"):
            open_with_passphrase(PHRASE, HEADER + b"\n" + changed)


def test_the_header_is_bound() -> None:
    cheaper = HEADER.replace(b'"passes":1', b'"passes":2')
    with pytest.raises(Invalid, match=r"^invalid\.passphrase"):
        open_with_passphrase(PHRASE, cheaper + b"\n" + REST)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"8192", b"8191"),
        (b"8192", b"1048577"),
        (b"8192", b"8192.0"),
        (b'"passes":1', b'"passes":0'),
        (b'"passes":1', b'"passes":17'),
        (b'"lanes":1', b'"lanes":9'),
        (b'"lanes":1', b'"lanes":-1'),
        (b"argon2id", b"argon2d"),
        (b'"version":1', b'"version":2'),
        (b'"version":1', b'"version":1,"version":1'),
        (b'"version":1', b'"version":1,"x":1'),
        (b'"version":1', b'"version": 1'),
        (b"comity-passphrase", b"comity-pass\\u0070hrase"),
        (b"comity-passphrase", b"other"),
        (b'"salt":"', b'"salt":"AAAA'),
        (b"}", b"} "),
        (b"{", b"\xff{"),
    ],
)
def test_a_header_out_of_form_or_bounds_is_refused_before_any_guess(old: bytes, new: bytes) -> None:
    changed = HEADER.replace(old, new)
    assert changed != HEADER
    with pytest.raises(Invalid, match=r"^invalid\.sealed-secret"):
        open_with_passphrase(PHRASE, changed + b"\n" + REST)


@pytest.mark.parametrize("log2_n", [12, 21])
def test_a_cost_out_of_bounds_is_not_written(log2_n: int) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.sealed-secret"):
        seal_with_passphrase(PHRASE, SECRET, cost=Scrypt(log2_n=log2_n))


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"\n",
        HEADER,
        b"{}\n",
        b'{"cost":{"x":' + b"[" * 100_000 + b"\n",
        HEADER + b"\n" + bytes(module.LIMIT + 512),
    ],
    ids=["empty", "line", "header alone", "no fields", "deep", "long"],
)
def test_what_is_no_sealed_secret_is_refused(sealed: bytes) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.sealed-secret"):
        open_with_passphrase(PHRASE, sealed)


def test_a_header_without_ciphertext_is_refused() -> None:
    with pytest.raises(Invalid, match=r"^invalid\.passphrase"):
        open_with_passphrase(PHRASE, HEADER + b"\n")


def test_the_longest_secret_is_a_mebibyte() -> None:
    longest = bytes(module.LIMIT)
    sealed = seal_with_passphrase(PHRASE, longest, cost=CHEAP)
    assert open_with_passphrase(PHRASE, sealed) == longest
    with pytest.raises(Invalid, match=r"^invalid\.sealed-secret"):
        seal_with_passphrase(PHRASE, longest + b"\0", cost=CHEAP)
