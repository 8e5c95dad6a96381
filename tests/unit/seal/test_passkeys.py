"""Approvals by passkeys: comity and the second verifier take the same ones, and no other."""

import base64
import hashlib
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from comity.acts.canonical import digest, encode
from comity.acts.deeds import Role
from comity.acts.documents import PasskeyApproval
from comity.ledger.approvals import approval_root, approvals_of, sign_approval, verify_approval
from comity.seal.cose import cose_key, encode_cose
from comity.seal.directories import Approver, Directory
from comity.seal.fingerprints import key_id
from comity.seal.passkeys import verify_assertion
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, Party, Pseudonym
from tests.second_verifier import verify as second
from tests.support.fast_suite import FAST

DOMAIN = "desk.example"
CHALLENGE = bytes(range(48))

_ec = ec.generate_private_key(ec.SECP256R1())
_ed = Ed25519PrivateKey.generate()
_rsa = rsa.generate_private_key(65537, 2048)


def _ec_cose() -> bytes:
    at = _ec.public_key().public_numbers()
    return encode_cose({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32), -3: at.y.to_bytes(32)})


def _rsa_cose(number: bytes | None = None) -> bytes:
    number = _rsa.public_key().public_numbers().n.to_bytes(256) if number is None else number
    return encode_cose({1: 3, 3: -257, -1: number, -2: b"\x01\x00\x01"})


Sign = Callable[[bytes], bytes]
KEYS: dict[str, tuple[bytes, Sign]] = {
    "ES256": (_ec_cose(), lambda message: _ec.sign(message, ec.ECDSA(SHA256()))),
    "EdDSA": (
        encode_cose({1: 1, 3: -8, -1: 6, -2: _ed.public_key().public_bytes_raw()}),
        _ed.sign,
    ),
    "RS256": (_rsa_cose(), lambda message: _rsa.sign(message, padding.PKCS1v15(), SHA256())),
}


def client_data(signs: bytes = CHALLENGE, **other: object) -> bytes:
    written = base64.urlsafe_b64encode(signs).rstrip(b"=").decode()
    said = {"type": "webauthn.get", "challenge": written, "origin": f"https://{DOMAIN}"}
    return json.dumps(said | {"crossOrigin": False} | other).encode()


def device(flags: int = 0x05, domain: str = DOMAIN, more: bytes = b"") -> bytes:
    return hashlib.sha256(domain.encode()).digest() + bytes([flags]) + (7).to_bytes(4) + more


def taken(public: bytes, said: bytes, data: bytes, signature: bytes, domain: str = DOMAIN) -> bool:
    """Whether comity takes an assertion; the second verifier must say the same."""
    try:
        verify_assertion(
            public,
            relying_party=domain,
            challenge=CHALLENGE,
            client_data=said,
            authenticator=data,
            signature=signature,
        )
        first = True
    except Invalid:
        first = False
    try:
        second.verify_passkey(public, domain, CHALLENGE, said, data, signature)
        other = True
    except second.NotBelievedError:
        other = False
    assert first == other
    return first


def signed(sign: Sign, said: bytes, data: bytes) -> bytes:
    return sign(data + hashlib.sha256(said).digest())


@pytest.mark.parametrize("kind", KEYS)
def test_a_passkey_of_each_kind_is_verified_and_a_changed_byte_is_not(kind: str) -> None:
    public, sign = KEYS[kind]
    said, data = client_data(), device()
    signature = signed(sign, said, data)
    assert taken(public, said, data, signature)
    for at in range(len(signature)):
        assert not taken(public, said, data, signature[:at] + bytes([signature[at] ^ 1]))
    assert not taken(public, said, device(0x15 ^ 0x10 ^ 0x08), signature)
    for other in KEYS.keys() - {kind}:
        assert not taken(KEYS[other][0], said, data, signature)


GOOD = {
    "below the domain": client_data(origin=f"https://seoul.{DOMAIN}:8443"),
    "what a later browser adds": client_data(other_keys_can_be_added_here="as they like"),
}
BAD = {
    "a registration": client_data(type="webauthn.create"),
    "another challenge": client_data(bytes(48)),
    "a shorter challenge": client_data(CHALLENGE[:32]),
    "padded": client_data(challenge=base64.urlsafe_b64encode(CHALLENGE[:47]).decode() + "="),
    "another origin": client_data(origin="https://desk.example.org"),
    "an origin that ends alike": client_data(origin="https://evildesk.example"),
    "without TLS": client_data(origin=f"http://{DOMAIN}"),
    "an origin with a user": client_data(origin=f"https://{DOMAIN}@evil.example"),
    "an origin with a path": client_data(origin=f"https://{DOMAIN}/"),
    "an origin that is none": client_data(origin=7),
    "framed": client_data(crossOrigin=True),
    "framed by somebody": client_data(topOrigin="https://evil.example"),
    "a challenge twice": client_data()[:-1] + b', "challenge": "AAAA"}',
    "no object": b"[]",
    "no JSON": b"{",
    "nothing": b"",
    "not UTF-8": b"\xff" + client_data(),
}
DEVICES = {
    "not present": device(0x04),
    "not verified": device(0x01),
    "an attested key": device(0x45),
    "longer than its flags say": device(more=b"\xa0"),
    "extensions that are not there": device(0x85),
    "backed up, not eligible": device(0x15),
    "another domain": device(domain="evil.example"),
    "cut short": device()[:36],
    "nothing": b"",
}


@pytest.mark.parametrize("name", GOOD)
def test_what_browsers_say_is_understood(name: str) -> None:
    public, sign = KEYS["ES256"]
    assert taken(public, GOOD[name], device(), signed(sign, GOOD[name], device()))


@pytest.mark.parametrize("name", BAD)
def test_client_data_with_one_failure_is_refused_though_signed(name: str) -> None:
    public, sign = KEYS["ES256"]
    assert not taken(public, BAD[name], device(), signed(sign, BAD[name], device()))


@pytest.mark.parametrize("name", DEVICES)
def test_authenticator_data_with_one_failure_is_refused_though_signed(name: str) -> None:
    public, sign = KEYS["ES256"]
    data = DEVICES[name]
    assert not taken(public, client_data(), data, signed(sign, client_data(), data))


def test_localhost_alone_does_without_tls() -> None:
    public, sign = KEYS["EdDSA"]
    said, data = client_data(origin="http://localhost:8080"), device(domain="localhost")
    assert taken(public, said, data, signed(sign, said, data), "localhost")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        _ec_cose() + b"\0",
        _ec_cose()[:-1],
        b"\xa5\x03\x26\x01\x02" + _ec_cose()[5:],
        _ec_cose()[:-1] + bytes([_ec_cose()[-1] ^ 1]),
        encode_cose({1: 2, 3: -7, -1: 1, -2: bytes(32)}),
        b"\xa4\x01\x01\x03\x27\x20\x06\x21\x59\x00\x20" + bytes(32),
        _rsa_cose(b"\0" + bytes([255]) * 256),
        _rsa_cose(bytes([255]) * 128),
        FAST.signing_public(FAST.generate_signing()),
    ],
    # By number: keys are made anew, and a test has one name in every process that collects it.
    ids=range(10),
)
def test_a_key_in_another_form_is_none(raw: bytes) -> None:
    with pytest.raises(Invalid, match=r"invalid\.key"):
        cose_key(raw)


def directory(public: bytes, **passkey: str) -> Directory:
    at, end = Instant("2026-11-24T00:00:00.000Z"), Instant("2027-11-24T00:00:00.000Z")
    who = Approver(
        person=Pseudonym("KOR~0123456789abcdef01234567"),
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        public=public,
        **passkey,
    )
    some = b"k"
    return Directory(
        party=Party("KOR"),
        to=Party("JPN"),
        version=1,
        issued=at,
        expires=end,
        root=some,
        ledger=some,
        transport=some,
        certificate=some,
        address="a:1",
        offices=(),
        approvers=(who,),
    )


def test_one_assertion_approves_a_list_and_no_deed_beside_it() -> None:
    public, sign = KEYS["ES256"]
    names = [digest(str(number).encode()) for number in range(5)]
    root = approval_root(names)
    said, data = client_data(digest_to_bytes(root)), device()
    paper = PasskeyApproval(
        key=key_id(public),
        root=root,
        size=len(names),
        client_data=said,
        authenticator=data,
        signature=signed(sign, said, data),
    )
    held, raw = directory(public, relying_party=DOMAIN), encode(paper)
    assert b'"scheme":"passkey"' in raw
    for name, place in zip(names, approvals_of(paper, names), strict=True):
        verify_approval(FAST, place, deed=name, document=raw, directory=held)
        with pytest.raises(Invalid, match=r"invalid\.proof"):
            verify_approval(FAST, place, deed=digest(b"x"), document=raw, directory=held)
        with pytest.raises(Invalid, match=r"invalid\.passkey"):
            elsewhere = directory(public, relying_party="other.example")
            verify_approval(FAST, place, deed=name, document=raw, directory=elsewhere)
        with pytest.raises(Invalid, match=r"invalid\.approval"):
            verify_approval(FAST, place, deed=name, document=raw, directory=directory(public))


def test_a_key_file_does_not_stand_in_for_a_passkey() -> None:
    private = FAST.generate_signing()
    names = [digest(b"deed")]
    paper = sign_approval(FAST, private, names)
    place, raw = approvals_of(paper, names)[0], encode(paper)
    public = FAST.signing_public(private)
    verify_approval(FAST, place, deed=names[0], document=raw, directory=directory(public))
    with pytest.raises(Invalid, match=r"invalid\.approval"):
        verify_approval(
            FAST,
            place,
            deed=names[0],
            document=raw,
            directory=directory(public, relying_party=DOMAIN),
        )
