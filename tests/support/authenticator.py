"""An authenticator in software, for tests: it makes passkeys and signs with them as devices do."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from comity.node import passkeys
from comity.node.node import Node
from comity.node.signing import Brought
from comity.node.sitting import sitting
from comity.seal.cose import encode_cose
from comity.vocabulary.names import PersonId

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(written: str) -> bytes:
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


@dataclass
class Authenticator:
    """One passkey on one device, at one origin; what it says of itself can be bent."""

    origin: str = "http://seoul.localhost:7501"
    domain: str = "seoul.localhost"
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public(self) -> bytes:
        at = self.private.public_key().public_numbers()
        return encode_cose({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32), -3: at.y.to_bytes(32)})

    @property
    def credential(self) -> bytes:
        return hashlib.sha256(self.public).digest()

    def client_data(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": text(challenge), "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _head(self, flags: int) -> bytes:
        domain = hashlib.sha256(self.domain.encode()).digest()
        return domain + bytes([flags]) + self.counter.to_bytes(4)

    def sign(self, challenge: bytes) -> Brought:
        """Answer a challenge; the counter goes on where the device has one."""
        self.counter += 1
        client, data = self.client_data("webauthn.get", challenge), self._head(self.flags)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return Brought(self.credential, client, data, signature)

    def answer(self, wish: dict[str, Any]) -> dict[str, str]:
        """Answer a wish as the console's script sends it."""
        found = self.sign(raw(wish["challenge"]))
        return {name: text(value) for name, value in found._asdict().items()}

    def create(self, wish: dict[str, Any]) -> dict[str, str]:
        """Register, as the console's script sends it: attestation ``none``."""
        named = len(self.credential).to_bytes(2) + self.credential
        data = self._head(self.flags | ATTESTED) + bytes(16) + named + self.public
        head = b"\x58" + bytes([len(data)]) if len(data) < 256 else b"\x59" + len(data).to_bytes(2)
        made = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData" + head + data
        client = self.client_data("webauthn.create", raw(wish["challenge"]))
        return {
            "credential": text(self.credential),
            "client_data": text(client),
            "attestation": text(made),
        }


def registered(node: Node, person: str, device: Authenticator | None = None) -> Authenticator:
    """Enter a person's passkey and tell the counterparts; return the device that has it."""
    made = Authenticator() if device is None else device
    with sitting(node) as session:
        passkeys.register_in(
            session,
            PersonId(person),
            public=made.public,
            relying_party=made.domain,
            credential=made.credential,
            copied=False,
        )
    passkeys.tell(node)
    return made
