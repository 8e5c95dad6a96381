"""Write the vectors of passkeys: each differs from a right one in one thing, and is signed anew.

Run once; ECDSA draws a number, so the files of another run would be others, equally right.
"""

import hashlib
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from comity.seal.cose import encode_cose

CHALLENGE = hashlib.sha384(b"the root of a list of deeds").digest()
DOMAIN = "desk.example"
Sign = Callable[[bytes], bytes]


def keys() -> dict[str, tuple[bytes, Sign]]:
    on_curve, edwards = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    modulus = rsa.generate_private_key(65537, 2048)
    at, number = on_curve.public_key().public_numbers(), modulus.public_key().public_numbers().n
    x, y = at.x.to_bytes(32), at.y.to_bytes(32)
    return {
        "es256": (
            encode_cose({1: 2, 3: -7, -1: 1, -2: x, -3: y}),
            lambda message: on_curve.sign(message, ec.ECDSA(SHA256())),
        ),
        "eddsa": (
            encode_cose({1: 1, 3: -8, -1: 6, -2: edwards.public_key().public_bytes_raw()}),
            edwards.sign,
        ),
        "rs256": (
            encode_cose({1: 3, 3: -257, -1: number.to_bytes(256), -2: b"\x01\x00\x01"}),
            lambda message: modulus.sign(message, padding.PKCS1v15(), SHA256()),
        ),
    }


def said(**other: object) -> bytes:
    """Return client data as a browser writes it, with what is to be otherwise."""
    written = urlsafe_b64encode(CHALLENGE).rstrip(b"=").decode()
    usual = {"type": "webauthn.get", "challenge": written, "origin": f"https://{DOMAIN}"}
    return json.dumps(usual | {"crossOrigin": False} | other, separators=(",", ":")).encode()


def device(flags: int = 5, domain: str = DOMAIN, counter: int = 7, more: bytes = b"") -> bytes:
    """Return authenticator data."""
    return hashlib.sha256(domain.encode()).digest() + bytes([flags]) + counter.to_bytes(4) + more


CLIENT = {
    "type-create": said(type="webauthn.create"),
    "type-missing": said(type=None),
    "challenge-of-another-list": said(challenge="A" * 64),
    "challenge-cut-short": said(challenge=urlsafe_b64encode(CHALLENGE[:32]).decode().rstrip("=")),
    "challenge-plain-base64": said(challenge=b64encode(b"\xff" * 48).decode()),
    "challenge-twice": said()[:-1] + b',"challenge":"AAAA"}',
    "type-twice": said()[:-1] + b',"type":"webauthn.create"}',
    "origin-of-another": said(origin="https://evil.example"),
    "origin-ends-alike": said(origin="https://evildesk.example"),
    "origin-begins-alike": said(origin="https://desk.example.evil.example"),
    "origin-plain-http": said(origin=f"http://{DOMAIN}"),
    "origin-with-user": said(origin="https://desk.example@evil.example"),
    "origin-with-path": said(origin="https://desk.example/x"),
    "origin-in-capitals": said(origin="https://DESK.example"),
    "origin-of-an-app": said(origin="android:apk-key-hash:desk.example"),
    "origin-null": said(origin=None),
    "cross-origin": said(crossOrigin=True),
    "cross-origin-in-words": said(crossOrigin="false"),
    "top-origin": said(topOrigin="https://evil.example"),
    "client-data-list": b"[" + said() + b"]",
    "client-data-cut-short": said()[:-1],
    "client-data-empty": b"",
    "client-data-latin": said(note="x").replace(b'"x"', b'"\xff"'),
}
DEVICE = {
    "flag-nobody-present": device(4),
    "flag-nobody-verified": device(1),
    "flag-neither": device(0),
    "flag-attested": device(0x45),
    "flag-attested-with-key": device(0x45, more=bytes(40)),
    "flag-extensions-missing": device(0x85),
    "flag-backed-up-not-eligible": device(0x15),
    "bytes-after-the-end": device(more=b"\xa0"),
    "cut-short": device()[:36],
    "empty": b"",
    "domain-of-another": device(domain="evil.example"),
    "domain-above": device(domain="example"),
    "domain-below": device(domain="seoul.desk.example"),
}
RIGHT = {
    "right-below-the-domain": (said(origin="https://seoul.desk.example:8443"), device()),
    "right-member-unknown": (said(other_keys="as they like"), device()),
    "right-no-cross-origin": (said().replace(b',"crossOrigin":false', b""), device()),
    "right-counter-zero": (said(), device(counter=0)),
    "right-backed-up": (said(), device(0x1D)),
    "right-extensions": (said(), device(0x85, more=b"\xa0")),
}


def main() -> None:
    folder = Path(__file__).with_name("passkeys")
    folder.mkdir(exist_ok=True)
    known = keys()

    def write(  # noqa: PLR0913 - the parts of a vector
        name: str,
        expect: str,
        key: str = "es256",
        client: bytes | None = None,
        data: bytes | None = None,
        domain: str = DOMAIN,
        public: bytes | None = None,
        signature: bytes | None = None,
    ) -> None:
        client, data = said() if client is None else client, device() if data is None else data
        made = known[key][1](data + hashlib.sha256(client).digest())
        raw = {
            "public": known[key][0] if public is None else public,
            "challenge": CHALLENGE,
            "client_data": client,
            "authenticator": data,
            "signature": made if signature is None else signature,
        }
        found = {one: b64encode(value).decode() for one, value in raw.items()}
        found |= {"relying_party": domain, "expect": expect}
        text = json.dumps(found, indent=2, sort_keys=True) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

    for key in known:
        write(f"right-{key}", "accepted", key)
    for name, (client, data) in RIGHT.items():
        write(name, "accepted", client=client, data=data)
    for host in ("localhost", "seoul.localhost"):
        client, data = said(origin=f"http://{host}:7501"), device(domain=host)
        write(f"right-http-{host}", "accepted", client=client, data=data, domain=host)
    client = said(origin="http://seoul.localhost.evil.example")
    write("origin-localhost-inside", "invalid.passkey", client=client)
    host = "notlocalhost"
    client, data = said(origin=f"http://{host}"), device(domain=host)
    write("origin-http-notlocalhost", "invalid.passkey", client=client, data=data, domain=host)
    for name, client in CLIENT.items():
        write(name, "invalid.passkey", client=client)
    for name, data in DEVICE.items():
        write(name, "invalid.passkey", data=data)
    over = known["es256"][1](device() + hashlib.sha256(said(note="other")).digest())
    write("signature-over-other-client-data", "invalid.signature", signature=over)
    over = known["es256"][1](device(counter=8) + hashlib.sha256(said()).digest())
    write("signature-over-other-device-data", "invalid.signature", signature=over)
    write("signature-empty", "invalid.signature", signature=b"")
    write("signature-of-another-key", "invalid.signature", signature=known["eddsa"][1](b"x"))
    write("key-of-another-kind", "invalid.signature", public=known["eddsa"][0])
    es256 = known["es256"][0]
    write(
        "key-not-canonical", "invalid.key", public=es256[:1] + es256[3:5] + es256[1:3] + es256[5:]
    )
    write("key-with-more", "invalid.key", public=b"\xa6" + es256[1:] + b"\x04\x20")
    write("key-off-the-curve", "invalid.key", public=es256[:-1] + bytes([es256[-1] ^ 1]))
    write("key-empty", "invalid.key", public=b"")
    short = encode_cose({1: 3, 3: -257, -1: b"\xc1" * 128, -2: b"\x01\x00\x01"})
    write("key-rsa-1024", "invalid.key", public=short)


if __name__ == "__main__":
    main()
