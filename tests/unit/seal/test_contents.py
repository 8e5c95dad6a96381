"""A sealed content is whole or nothing: cut, swapped, repeated, lengthened, changed."""

import pytest

from comity.seal import contents
from comity.vocabulary.errors import Invalid

KEY = contents.generate_key()
CONTEXT = b"core digest"
HEADER = 56
SEALED_CHUNK = contents.CHUNK + 16
PLAINTEXT = bytes(range(256)) * 200
SEALED = contents.encrypt(KEY, CONTEXT, PLAINTEXT)
HEAD, ONE, TWO, THREE, LAST = (
    SEALED[:HEADER],
    SEALED[HEADER : HEADER + SEALED_CHUNK],
    SEALED[HEADER + SEALED_CHUNK : HEADER + 2 * SEALED_CHUNK],
    SEALED[HEADER + 2 * SEALED_CHUNK : HEADER + 3 * SEALED_CHUNK],
    SEALED[HEADER + 3 * SEALED_CHUNK :],
)
OTHER = contents.encrypt(KEY, CONTEXT, PLAINTEXT)


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(HEAD[:-1], id="header cut"),
        pytest.param(HEAD, id="header alone"),
        pytest.param(HEAD + ONE, id="cut after the first chunk"),
        pytest.param(HEAD + ONE + TWO, id="cut after the second chunk"),
        pytest.param(HEAD + ONE + TWO + THREE, id="last chunk gone"),
        pytest.param(SEALED[:-1], id="last byte gone"),
        pytest.param(HEAD + TWO + ONE + THREE + LAST, id="swapped"),
        pytest.param(HEAD + ONE + ONE + TWO + THREE + LAST, id="repeated"),
        pytest.param(HEAD + ONE + THREE + LAST, id="left out"),
        pytest.param(HEAD + LAST, id="last chunk only"),
        pytest.param(SEALED + b"\0", id="byte appended"),
        pytest.param(SEALED + LAST, id="last chunk twice"),
        pytest.param(SEALED + SEALED, id="all of it twice"),
        pytest.param(OTHER[:HEADER] + SEALED[HEADER:], id="header of another sealing"),
        pytest.param(HEAD + ONE + OTHER[HEADER + SEALED_CHUNK :], id="chunks of another sealing"),
    ],
)
def test_a_content_that_is_not_whole_is_refused(sealed: bytes) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.content"):
        contents.decrypt(KEY, CONTEXT, sealed)


def test_the_parts_are_what_they_are_called() -> None:
    assert contents.decrypt(KEY, CONTEXT, HEAD + ONE + TWO + THREE + LAST) == PLAINTEXT
    assert len(LAST) == len(PLAINTEXT) % contents.CHUNK + 16


def test_every_byte_counts() -> None:
    sealed = contents.encrypt(KEY, CONTEXT, b"a short content")
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 0x80]) + sealed[at + 1 :]
        with pytest.raises(Invalid, match=r"^invalid\.content"):
            contents.decrypt(KEY, CONTEXT, changed)


def test_a_cut_content_fails_at_its_end_and_not_before() -> None:
    stream = contents.decryptor(KEY, CONTEXT)
    assert PLAINTEXT.startswith(stream.update(HEAD + ONE + TWO))
    with pytest.raises(Invalid, match=r"^invalid\.content"):
        stream.finalize()


def test_sealing_again_gives_other_bytes() -> None:
    assert SEALED != OTHER
    assert SEALED[:24] != OTHER[:24]
    assert SEALED[24:HEADER] != OTHER[24:HEADER]
