"""Both halves of a hybrid signature: neither can be left out, repeated or exchanged."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PublicKey

from comity.seal import envelopes, signatures
from comity.seal.real import REAL
from comity.seal.suite import SignatureType
from comity.vocabulary.errors import Invalid

MESSAGE = b"treaty text"
KIND = SignatureType.AGREEMENT
PRIVATE = REAL.generate_signing()
PUBLIC = REAL.signing_public(PRIVATE)
SIGNATURE = REAL.sign(PRIVATE, type=KIND, message=MESSAGE)
OTHER = REAL.sign(REAL.generate_signing(), type=KIND, message=MESSAGE)
ED, ML = SIGNATURE[:64], SIGNATURE[64:]


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(ED, id="ML-DSA dropped"),
        pytest.param(ML, id="Ed25519 dropped"),
        pytest.param(b"", id="both dropped"),
        pytest.param(bytes(64) + ML, id="Ed25519 emptied"),
        pytest.param(ED + bytes(4627), id="ML-DSA emptied"),
        pytest.param(ML + ED, id="swapped"),
        pytest.param(ED + ED + ML, id="Ed25519 doubled"),
        pytest.param(ED + ML + ML, id="ML-DSA doubled"),
        pytest.param(ED + (ED * 73)[:4627], id="Ed25519 in the place of ML-DSA"),
        pytest.param(ML[:64] + ML, id="ML-DSA in the place of Ed25519"),
        pytest.param(OTHER[:64] + ML, id="Ed25519 of another key"),
        pytest.param(ED + OTHER[64:], id="ML-DSA of another key"),
    ],
)
def test_a_signature_with_one_half_is_none(signature: bytes) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.signature"):
        REAL.verify(PUBLIC, type=KIND, message=MESSAGE, signature=signature)


def test_a_half_that_was_made_alone_again_counts() -> None:
    again = REAL.sign(PRIVATE, type=KIND, message=MESSAGE)
    REAL.verify(PUBLIC, type=KIND, message=MESSAGE, signature=ED + again[64:])
    REAL.verify(PUBLIC, type=KIND, message=MESSAGE, signature=again[:64] + ML)


def test_every_byte_of_a_public_key_counts() -> None:
    for at in [*range(32), *range(32, len(PUBLIC), 11), len(PUBLIC) - 1]:
        changed = PUBLIC[:at] + bytes([PUBLIC[at] ^ 1]) + PUBLIC[at + 1 :]
        with pytest.raises(Invalid, match=r"^invalid\.signature"):
            REAL.verify(changed, type=KIND, message=MESSAGE, signature=SIGNATURE)


def test_the_bytes_are_those_of_the_protocol() -> None:
    covered = b"comity/v1 agreement\ntreaty text"
    Ed25519PublicKey.from_public_bytes(PUBLIC[:32]).verify(ED, covered)
    MLDSA87PublicKey.from_public_bytes(PUBLIC[32:]).verify(ML, covered, b"agreement")
    assert (len(PUBLIC), len(SIGNATURE)) == (2624, 4691)


def test_types_cannot_run_together() -> None:
    values = [kind.value for kind in SignatureType]
    assert len(set(values)) == len(values)
    assert all(value.isascii() and value.isalpha() and value.islower() for value in values)


@pytest.mark.parametrize("change", [SIGNATURE[:-1], SIGNATURE + b"\0", b""], ids=len)
def test_a_wrong_length_is_refused_before_any_key_is_read(change: bytes) -> None:
    REAL.forget()
    with pytest.raises(Invalid, match=r"^invalid\.signature"):
        REAL.verify(PUBLIC, type=KIND, message=MESSAGE, signature=change)
    assert signatures._ed25519_public.cache_info().currsize == 0


def kept_private_keys() -> int:
    return signatures._private.cache_info().currsize + envelopes._private.cache_info().currsize


@pytest.mark.parametrize("generate", [REAL.generate_signing, REAL.generate_kem])
def test_forgotten_keys_are_not_kept(generate: Callable[[], bytes]) -> None:
    private = generate()
    if generate == REAL.generate_signing:
        REAL.sign(private, type=KIND, message=MESSAGE)
    else:
        sealed = REAL.seal_to(REAL.kem_public(private), info=b"", plaintext=b"")
        REAL.open_from(private, info=b"", sealed=sealed)
    assert kept_private_keys() > 0
    REAL.forget()
    assert kept_private_keys() == 0
    assert signatures._mldsa_public.cache_info().currsize == 0
    assert signatures._ed25519_public.cache_info().currsize == 0
    assert envelopes._public.cache_info().currsize == 0
