"""Wycheproof (C2SP/wycheproof, testvectors_v1) against what the room ``seal`` uses.

Each file runs against our own function where we have one that exposes the primitive
(``_ed25519_verify``, ``_mldsa_verify``, ``_mlkem_public``, ``_p384_public``, ``aead_open``). HPKE
exposes neither its decapsulation, its ECDH nor its HKDF, so these three run against the library's
primitive with exactly the parameters that our HPKE suite names; the docstring of each test says
so. Every vector of every file is judged, and the number is counted.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM1024PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_public_key

from comity.seal.envelopes import _mlkem_public, _p384_public, kem_public
from comity.seal.signatures import _ed25519_verify, _mldsa_public, _mldsa_verify, signing_public
from comity.seal.signatures import _private as _signing_private
from comity.seal.wrapping import aead_open, aead_seal
from comity.vocabulary.errors import Invalid

Vector = dict[str, Any]

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def vectors(name: str) -> list[tuple[Vector, Vector]]:
    """Return every (group, test) of a file: skip without ``../shared``, fail without the file."""
    if not SHARED.exists():
        pytest.skip("other people's vectors are not here: no ../shared beside the checkout")
    document = json.loads((SHARED / "vectors" / "wycheproof" / name).read_text("utf-8"))
    pairs = [(group, test) for group in document["testGroups"] for test in group["tests"]]
    assert len(pairs) == document["numberOfTests"] > 0
    return pairs


def believed(check: Callable[..., object], *given: object, **named: object) -> bool:
    """Whether a check returns; only ``Invalid`` counts as a refusal, anything else is a failure."""
    try:
        check(*given, **named)
    except Invalid:
        return False
    return True


def raw(vector: Vector, field: str) -> bytes:
    return bytes.fromhex(vector.get(field, ""))


def test_ed25519() -> None:
    """Against our own verification."""
    for group, test in vectors("ed25519_test.json"):
        public = bytes.fromhex(group["publicKey"]["pk"])
        message, signature = raw(test, "msg"), raw(test, "sig")
        verdict = believed(_ed25519_verify, public, message, signature)
        assert verdict == (test["result"] == "valid"), (test["tcId"], test["comment"])


def test_mldsa_87_verify() -> None:
    """Against our own verification."""
    for group, test in vectors("mldsa_87_verify_test.json"):
        public, context = raw(group, "publicKey"), raw(test, "ctx")
        message, signature = raw(test, "msg"), raw(test, "sig")
        verdict = believed(_mldsa_verify, public, message, context, signature)
        assert verdict == (test["result"] == "valid"), (test["tcId"], test["comment"])


def test_mldsa_87_sign_from_seed() -> None:
    """Against our own key derivation and verification.

    Our signing is randomised, so the vector's signature is not made again: the seed gives the
    vector's public key, the vector's signature verifies, and so does one that we make. Where a
    vector has no message but only mu (FIPS 204, "external mu"), which we do not expose, the
    library's parsed key verifies it.
    """
    for group, test in vectors("mldsa_87_sign_seed_test.json"):
        seed, signature, context = raw(group, "privateSeed"), raw(test, "sig"), raw(test, "ctx")
        if test["result"] == "invalid":
            assert not believed(_sign_as_we_do, seed, b"", context), test["tcId"]
            continue
        public = signing_public(bytes(32) + seed)[32:]
        assert public == raw(group, "publicKey"), test["tcId"]
        if "msg" in test:
            message = raw(test, "msg")
            _mldsa_verify(public, message, context, signature)
            _mldsa_verify(public, message, context, _sign_as_we_do(seed, message, context))
        else:
            _mldsa_public(public).verify_mu(signature, raw(test, "mu"))


def _sign_as_we_do(seed: bytes, message: bytes, context: bytes) -> bytes:
    """Sign with our parsed key; the library's own refusal of a context is a refusal."""
    _, key = _signing_private(bytes(32) + seed)
    try:
        return key.sign(message, context)
    except ValueError as error:
        raise Invalid("invalid.signature") from error


def test_mlkem_1024_decapsulation() -> None:
    """Our key derivation, and the library's ML-KEM-1024, on which its HPKE stands."""
    scalar = (1).to_bytes(48, "big")
    for _, test in vectors("mlkem_1024_test.json"):
        seed, ciphertext = raw(test, "seed"), raw(test, "c")
        if len(seed) != 64:
            assert test["result"] == "invalid"
            assert not believed(kem_public, seed + scalar), test["tcId"]
            continue
        assert kem_public(seed + scalar)[:1568] == raw(test, "ek"), test["tcId"]
        key = MLKEM1024PrivateKey.from_seed_bytes(seed)
        if test["result"] == "valid":
            assert key.decapsulate(ciphertext) == raw(test, "K"), test["tcId"]
        else:
            with pytest.raises(ValueError, match="ciphertext"):
                key.decapsulate(ciphertext)


def test_mlkem_1024_public_keys() -> None:
    """Against our own parser of public keys: those of valid vectors read, the others do not.

    Encapsulation is randomised, so a vector's ciphertext is not made again.
    """
    for _, test in vectors("mlkem_1024_encaps_test.json"):
        public = raw(test, "ek")
        verdict = believed(_mlkem_public, public)
        assert verdict == (test["result"] == "valid"), (test["tcId"], test["flags"])


def test_ecdh_p384() -> None:
    """The library's ECDH on P-384, on which its HPKE stands, and our own parser of points.

    The vectors wrap their points in DER, which we never read: the library does. A valid vector
    also goes through our parser, as the bare point at its end.
    """
    for _, test in vectors("ecdh_secp384r1_test.json"):
        private = ec.derive_private_key(int(test["private"], 16), ec.SECP384R1())
        try:
            public = load_der_public_key(raw(test, "public"))
            assert isinstance(public, ec.EllipticCurvePublicKey), test["tcId"]
            shared = private.exchange(ec.ECDH(), public)
        except (ValueError, UnsupportedAlgorithm):
            assert test["result"] != "valid", (test["tcId"], test["comment"])
            continue
        assert test["result"] != "invalid", (test["tcId"], test["comment"])
        assert shared == raw(test, "shared"), (test["tcId"], test["comment"])
        if test["result"] == "valid":
            point = _p384_public(raw(test, "public")[-97:])
            assert private.exchange(ec.ECDH(), point) == shared, test["tcId"]


def test_p384_points_of_invalid_curve_attacks() -> None:
    """Against our own parser: no point off the curve is read."""
    points = [
        raw(test, "public")[-97:]
        for _, test in vectors("ecdh_secp384r1_test.json")
        if "InvalidCurveAttack" in test["flags"]
    ]
    assert points
    for point in points:
        assert not believed(_p384_public, point), point.hex()


def test_aes_256_gcm() -> None:
    """Against our own sealing and opening: keys of 256, nonces of 96, tags of 128 bits only."""
    for group, test in vectors("aes_gcm_test.json"):
        key, nonce, aad = raw(test, "key"), raw(test, "iv"), raw(test, "aad")
        plaintext, sealed = raw(test, "msg"), raw(test, "ct") + raw(test, "tag")
        ours = (group["keySize"], group["ivSize"], group["tagSize"]) == (256, 96, 128)
        verdict = believed(aead_open, key, nonce=nonce, sealed=sealed, aad=aad)
        assert verdict == (ours and test["result"] == "valid"), (test["tcId"], test["flags"])
        if verdict:
            assert aead_open(key, nonce=nonce, sealed=sealed, aad=aad) == plaintext
            assert aead_seal(key, nonce=nonce, plaintext=plaintext, aad=aad) == sealed


def test_hkdf_sha_384() -> None:
    """The library's HKDF with SHA-384, on which its HPKE stands in our suite."""
    for _, test in vectors("hkdf_sha384_test.json"):
        salt, info, secret = raw(test, "salt"), raw(test, "info"), raw(test, "ikm")
        if test["result"] == "invalid":
            with pytest.raises(ValueError, match="large"):
                HKDF(hashes.SHA384(), test["size"], salt, info)
            continue
        derived = HKDF(hashes.SHA384(), test["size"], salt, info).derive(secret)
        assert derived == raw(test, "okm"), test["tcId"]
