"""Salted digests."""

import hashlib

import pytest

from comity.seal.salted import Salted, SaltedHasher, salted_digest, verify_salted
from comity.vocabulary.errors import Invalid

SALT = bytes(range(16))
DATA = b"a classified word in a title"


@pytest.mark.parametrize("of", Salted)
def test_the_bytes_are_those_of_the_protocol(of: Salted) -> None:
    covered = b"comity/v1 salted " + of.value.encode() + b"\n" + SALT + DATA
    expected = "sha384:" + hashlib.sha384(covered).hexdigest()
    assert salted_digest(of, DATA, salt=SALT) == expected
    verify_salted(of, DATA, salt=SALT, digest=salted_digest(of, DATA, salt=SALT))


def test_pieces_give_the_same_digest() -> None:
    hasher = SaltedHasher(Salted.CONTENT, salt=SALT)
    for at in range(0, len(DATA), 5):
        hasher.update(DATA[at : at + 5])
    assert hasher.digest() == salted_digest(Salted.CONTENT, DATA, salt=SALT)


def test_kind_salt_and_data_all_count() -> None:
    digest = salted_digest(Salted.CONTENT, DATA, salt=SALT)
    for of, data, salt in (
        (Salted.DOCUMENT, DATA, SALT),
        (Salted.COMMITMENT, DATA, SALT),
        (Salted.CONTENT, DATA + b"\0", SALT),
        (Salted.CONTENT, b"", SALT),
        (Salted.CONTENT, DATA, SALT[::-1]),
    ):
        with pytest.raises(Invalid, match=r"^invalid\.salted"):
            verify_salted(of, data, salt=salt, digest=digest)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_salt_has_one_length(length: int) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.salt:"):
        salted_digest(Salted.CONTENT, DATA, salt=bytes(length))
