"""An authenticator in software: for the demonstration and for tests.

It makes a passkey and signs with it, byte for byte as a device does (W3C Web Authentication
Level 3, sections 6.1 and 6.5). It asks no person and keeps its key in memory only: whoever runs
it signs. A house whose people sign in earnest gives them devices; nothing else here uses it.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from comity.seal.cose import encode_bytes, encode_cose
from comity.seal.passkeys import ATTESTED, PRESENT, VERIFIED, Answer


@dataclass
class Authenticator:
    """One passkey on one device, at one origin; what it says of itself can be bent.

    Attributes:
        origin: Where the browser beside it is.
        domain: The relying party that the passkey belongs to.
        counter: How often it has signed.
        flags: What it says of the person: present, verified.
    """

    origin: str
    domain: str
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public(self) -> bytes:
        """The public key, as COSE."""
        at = self.private.public_key().public_numbers()
        x, y = at.x.to_bytes(32, "big"), at.y.to_bytes(32, "big")
        return encode_cose({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    @property
    def credential(self) -> bytes:
        """By what this device calls the key."""
        return hashlib.sha256(self.public).digest()

    def client_data(self, kind: str, challenge: bytes) -> bytes:
        """Return what the browser says of a ceremony (``clientDataJSON``)."""
        said = {"type": kind, "challenge": text(challenge), "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def sign(self, challenge: bytes) -> Answer:
        """Answer a challenge; the counter goes on."""
        self.counter += 1
        client, data = self.client_data("webauthn.get", challenge), self._head(self.flags)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return Answer(self.credential, client, data, signature)

    def answer(self, wish: Mapping[str, Any]) -> dict[str, str]:
        """Answer a wish as the console's script sends it."""
        found = self.sign(raw(wish["challenge"]))
        return {name: text(value) for name, value in found._asdict().items()}

    def create(self, wish: Mapping[str, Any]) -> dict[str, str]:
        """Register, as the console's script sends it: attestation ``none``."""
        named = len(self.credential).to_bytes(2, "big") + self.credential
        data = self._head(self.flags | ATTESTED) + bytes(16) + named + self.public
        # A map of three: "fmt": "none", "attStmt": {}, "authData": the bytes.
        made = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData" + encode_bytes(data)
        client = self.client_data("webauthn.create", raw(wish["challenge"]))
        return {
            "credential": text(self.credential),
            "client_data": text(client),
            "attestation": text(made),
        }

    def _head(self, flags: int) -> bytes:
        domain = hashlib.sha256(self.domain.encode()).digest()
        return domain + bytes([flags]) + self.counter.to_bytes(4, "big")


def text(value: bytes) -> str:
    """Return bytes in base64url without padding, as browsers write them."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def raw(written: str) -> bytes:
    """Return what is written in base64url without padding."""
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))
