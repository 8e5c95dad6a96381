"""The hybrid key encapsulation: both halves count, keys have one form."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.seal import envelopes
from comity.vocabulary.errors import Invalid

PRIVATE = envelopes.generate_kem()
PUBLIC = envelopes.kem_public(PRIVATE)
P384_ORDER = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    16,
)


def test_the_lengths_are_those_of_the_protocol() -> None:
    sealed = envelopes.seal_to(PUBLIC, info=b"", plaintext=b"12345")
    assert (len(PRIVATE), len(PUBLIC)) == (112, 1665)
    assert len(sealed) == 5 + envelopes.OVERHEAD


def test_a_key_with_another_half_does_not_open() -> None:
    sealed = envelopes.seal_to(PUBLIC, info=b"", plaintext=b"slip")
    other = envelopes.generate_kem()
    for mixed in (PRIVATE[:64] + other[64:], other[:64] + PRIVATE[64:]):
        with pytest.raises(Invalid, match=r"^invalid\.sealed"):
            envelopes.open_from(mixed, info=b"", sealed=sealed)


@pytest.mark.parametrize("scalar", [0, P384_ORDER, P384_ORDER + 1, 2**384 - 1])
def test_a_scalar_out_of_range_is_no_key(scalar: int) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.key"):
        envelopes.kem_public(PRIVATE[:64] + scalar.to_bytes(48, "big"))


def test_the_largest_scalar_is_a_key() -> None:
    last = PRIVATE[:64] + (P384_ORDER - 1).to_bytes(48, "big")
    assert len(envelopes.kem_public(last)) == envelopes.PUBLIC_LENGTH


def test_a_point_has_one_form() -> None:
    point = PUBLIC[1568:]
    compressed = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), point).public_bytes(
        Encoding.X962, PublicFormat.CompressedPoint
    )
    hybrid = bytes([6 + point[-1] % 2]) + point[1:]
    off_the_curve = point[:-1] + bytes([point[-1] ^ 1])
    for wrong in (compressed, hybrid, off_the_curve, b"\0", bytes(97), b"\x04" + bytes(96)):
        with pytest.raises(Invalid, match=r"^invalid\.key"):
            envelopes.seal_to(PUBLIC[:1568] + wrong, info=b"", plaintext=b"slip")


def test_an_ml_kem_key_that_is_not_reduced_is_no_key() -> None:
    with pytest.raises(Invalid, match=r"^invalid\.key"):
        envelopes.seal_to(b"\xff" * 1568 + PUBLIC[1568:], info=b"", plaintext=b"slip")
