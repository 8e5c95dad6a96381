"""A fast suite behind the interface of the real one, for simulations: never in a node.

Ed25519 alone signs, X25519 alone encapsulates; contents and wrapped keys are the real ones. The
contract suite in ``tests/unit/seal/test_suite_contract.py`` runs on this and on the real one.
``seeded`` makes keys and random bytes that follow from a seed, so that a schedule replays with
the same decisions; what the library randomises itself (envelopes, the salt of contents) differs.
"""

import hashlib
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as Hpke

from comity.seal import contents, wrapping
from comity.seal.signatures import signed_bytes
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.errors import Invalid

_HPKE: Final = Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_SIGNATURE_LENGTH: Final = 64
_KEY_LENGTH: Final = 32


class _Fast:
    """Half of the real suite's strength, a tenth of its cost."""

    signing_public_length = _KEY_LENGTH
    signature_length = _SIGNATURE_LENGTH
    kem_public_length = _KEY_LENGTH

    encryptor = staticmethod(contents.encryptor)
    decryptor = staticmethod(contents.decryptor)
    encrypt = staticmethod(contents.encrypt)
    decrypt = staticmethod(contents.decrypt)
    wrap = staticmethod(wrapping.wrap)
    unwrap = staticmethod(wrapping.unwrap)

    def __init__(self, source: Callable[[int], bytes]) -> None:
        self._source: Final = source

    def generate_signing(self) -> bytes:
        return self._source(_KEY_LENGTH)

    def signing_public(self, private: bytes) -> bytes:
        return _signing_private(private).public_key().public_bytes_raw()

    def sign(
        self,
        private: bytes,
        *,
        type: SignatureType,  # noqa: A002 -- the protocol's word
        message: bytes,
    ) -> bytes:
        return _signing_private(private).sign(signed_bytes(type, message))

    def verify(
        self,
        public: bytes,
        *,
        type: SignatureType,  # noqa: A002 -- the protocol's word
        message: bytes,
        signature: bytes,
    ) -> None:
        try:
            _signing_public(public).verify(signature, signed_bytes(type, message))
        except (InvalidSignature, ValueError) as error:
            raise Invalid("invalid.signature", "not valid") from error

    def generate_kem(self) -> bytes:
        return self._source(_KEY_LENGTH)

    def kem_public(self, private: bytes) -> bytes:
        return _kem_private(private).public_key().public_bytes_raw()

    def seal_to(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        try:
            return _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info)
        except ValueError as error:
            raise Invalid("invalid.key", "not an X25519 public key") from error

    def open_from(self, private: bytes, *, info: bytes, sealed: bytes) -> bytes:
        key = _kem_private(private)
        try:
            return _HPKE.decrypt(sealed, key, info)
        except (InvalidTag, ValueError) as error:
            raise Invalid("invalid.sealed", "not sealed to this key") from error

    def generate_key(self) -> bytes:
        return self._source(contents.KEY_LENGTH)

    def random(self, count: int) -> bytes:
        return self._source(count)

    def forget(self) -> None:
        _signing_private.cache_clear()
        _signing_public.cache_clear()
        _kem_private.cache_clear()


@lru_cache(256)
def _signing_private(private: bytes) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(private)
    except ValueError as error:
        raise Invalid("invalid.key", "a private signing key has 32 bytes") from error


@lru_cache(256)
def _signing_public(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(256)
def _kem_private(private: bytes) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(private)
    except ValueError as error:
        raise Invalid("invalid.key", "a private sealing key has 32 bytes") from error


class _Seeded:
    """Bytes that follow from a seed: SHAKE-256 over the seed and a counter of calls."""

    def __init__(self, seed: bytes) -> None:
        self._seed: Final = hashlib.sha256(seed).digest()
        self._calls = 0

    def __call__(self, count: int) -> bytes:
        self._calls += 1
        return hashlib.shake_256(self._seed + self._calls.to_bytes(8, "big")).digest(count)


def seeded(seed: bytes) -> Suite:
    """Return a fast suite of which every generated key follows from the seed, call by call."""
    return _Fast(_Seeded(seed))


FAST: Final[Suite] = _Fast(secrets.token_bytes)
"""The fast suite with the randomness of the operating system."""
