"""Write the vectors of directories: each differs from a right one in one thing.

Run once; ML-DSA-87 draws a number, so the files of another run would be others, equally right.
The roots' private keys are two seeds of 32 equal bytes: 1 and 2 for KOR, 3 and 4 for JPN; the
ledger key of KOR has 7 and 8. What is not right inside is signed all the same, so that nothing
else is wrong.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from comity.acts.canonical import digest
from comity.seal.cose import encode_cose
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.seal.suite import SignatureType

Fields = dict[str, Any]

ROOT = bytes([1]) * 32 + bytes([2]) * 32
ANOTHER = bytes([3]) * 32 + bytes([4]) * 32
LEDGER = bytes([7]) * 32 + bytes([8]) * 32
ED25519 = 64
DECODE, CANONICAL, PROFILE = (
    f"invalid.document.{kind}" for kind in ("decode", "canonical", "profile")
)
WRONG, REFUSED = "invalid.signature", "invalid.directory"


def base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def plain(document: object) -> bytes:
    written = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return written.encode()


def passkey() -> bytes:
    """Return the public key of a passkey whose private number is 9."""
    at = ec.derive_private_key(9, ec.SECP256R1()).public_key().public_numbers()
    return encode_cose({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32), -3: at.y.to_bytes(32)})


OFFICE: Fields = {
    "epoch": 1,
    "office": "KOR/KDIA",
    "public": base64(b"office key"),
    "since": "2026-11-24T12:00:00.000Z",
    "until": "2026-12-01T12:00:00.000Z",
}
PERSON: Fields = {
    "office": "KOR/KDIA",
    "person": "KOR~0123456789abcdef01234567",
    "public": base64(b"key of a key file"),
    "roles": ["releasing-authority"],
}
DEVICE: Fields = {
    "office": "KOR/KDIA",
    "person": "KOR~76543210fedcba9876543210",
    "public": base64(passkey()),
    "relying_party": "desk.example",
    "roles": ["registry-officer", "custodian"],
}
GOOD: Fields = {
    "address": "registry.example:7443",
    "approvers": [PERSON],
    "certificate": base64(b"certificate"),
    "expires": "2027-02-22T12:00:00.000Z",
    "issued": "2026-11-24T12:00:00.000Z",
    "ledger": base64(REAL.signing_public(LEDGER)),
    "offices": [OFFICE],
    "party": "KOR",
    "root": base64(REAL.signing_public(ROOT)),
    "to": "JPN",
    "transport": base64(b"transport key"),
    "version": 1,
}


def without(document: Fields, name: str) -> Fields:
    return {key: value for key, value in document.items() if key != name}


def inside(**other: object) -> bytes:
    """Return the bytes of a directory with other fields."""
    return plain(GOOD | other)


def signed(raw: bytes, by: bytes = ROOT, *, as_type: str = "directory") -> bytes:
    return REAL.sign(by, type=SignatureType(as_type), message=raw)


def outside(raw: bytes, signature: bytes | None = None, **other: object) -> bytes:
    """Return a signed directory; signed by the root unless another signature is given."""
    found = signed(raw) if signature is None else signature
    return plain({"directory": base64(raw), "signature": base64(found)} | other)


def flipped(blob: bytes, at: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


def right() -> Iterator[tuple[str, str, bytes]]:
    """Yield what is accepted: name, what it says, the bytes of the directory."""
    yield "right", "One office, one person with a key file", inside()
    yield "right-passkey", "A person with a passkey", inside(approvers=[PERSON, DEVICE])
    yield "right-nobody", "No offices and no persons", inside(approvers=[], offices=[])
    second = OFFICE | {"epoch": 2, "since": OFFICE["until"], "until": "2026-12-08T12:00:00.000Z"}
    yield "right-two-epochs", "Two epochs of one office", inside(offices=[OFFICE, second])
    yield "right-largest-version", "A version of 2^53 - 1", inside(version=2**53 - 1)
    yield "right-address-v6", "An address of version 6", inside(address="[2001:db8::1]:7443")
    past = inside(expires="2026-11-23T12:00:00.000Z")
    yield "right-ended", "An end that is past: nothing is provided under it", past
    other = PERSON | {"person": "KOR~ffffffffffffffffffffffff", "roles": ["registry-officer"]}
    yield "right-key-twice", "One key twice: the first counts", inside(approvers=[PERSON, other])


def forms() -> Iterator[tuple[str, str, str, bytes]]:
    """Yield directories that are not right inside, signed all the same."""
    yield "field-unknown", "A field that nobody knows", DECODE, inside(remark="none")
    for name in sorted(GOOD):
        yield f"without-{name}", f"Without its {name}", DECODE, plain(without(GOOD, name))
    yield "null", "Null for nothing", DECODE, inside(previous=None)
    yield "version-0", "Version 0", DECODE, inside(version=0)
    yield "version-2-53", "A version of 2^53", DECODE, inside(version=2**53)
    yield "version-text", "A version in quotes", DECODE, inside(version="1")
    yield "version-fraction", "A version with a fraction", DECODE, inside(version=1.5)
    point = inside().replace(b'"version":1', b'"version":1.0')
    yield "version-point", "A version written with a point", DECODE, point
    yield "issued-seconds", "No milliseconds", DECODE, inside(issued="2026-11-24T12:00:00Z")
    day = "2027-02-30T12:00:00.000Z"
    yield "expires-february-30", "An end that no calendar has", DECODE, inside(expires=day)
    yield "party-small", "The party in small letters", DECODE, inside(party="kor", offices=[])
    yield "to-office", "To an office", DECODE, inside(to="JPN/DIH")
    yield "address-path", "An address with a path", DECODE, inside(address="registry.example/x")
    yield "address-empty", "No address", DECODE, inside(address="")
    yield "address-line-feed", "A line feed after the address", DECODE, inside(address="a:1\n")
    yield "ledger-empty", "A key of no bytes", DECODE, inside(ledger="")
    yield "ledger-long", "A key of 8,193 bytes", DECODE, inside(ledger=base64(bytes(8193)))
    yield "key-padding", "Base64 without its padding", DECODE, inside(transport="YQ")
    yield "key-spare-bits", "A spare bit of base64 set", CANONICAL, inside(transport="YR==")
    yield "previous-short", "A digest cut short", DECODE, inside(previous="sha384:" + "0" * 95)
    yield "previous-algorithm", "Another digest", DECODE, inside(previous="sha256:" + "0" * 96)
    yield (
        "office-unknown-field",
        "An unknown field of an office",
        DECODE,
        inside(offices=[OFFICE | {"remark": "none"}]),
    )
    yield (
        "office-without-end",
        "An epoch without its end",
        DECODE,
        inside(offices=[without(OFFICE, "until")]),
    )
    yield (
        "office-epoch-negative",
        "An epoch below zero",
        DECODE,
        inside(offices=[OFFICE | {"epoch": -1}]),
    )
    yield (
        "person-unknown-field",
        "An unknown field of a person",
        DECODE,
        inside(approvers=[PERSON | {"remark": "none"}]),
    )
    yield (
        "person-by-name",
        "A person by name",
        DECODE,
        inside(approvers=[PERSON | {"person": "park"}]),
    )
    yield (
        "person-short",
        "A pseudonym cut short",
        DECODE,
        inside(approvers=[PERSON | {"person": "KOR~0123456789abcdef0123456"}]),
    )
    yield (
        "roles-none",
        "A person without a role",
        DECODE,
        inside(approvers=[PERSON | {"roles": []}]),
    )
    yield (
        "roles-ten",
        "Ten roles",
        DECODE,
        inside(approvers=[PERSON | {"roles": ["official"] * 10}]),
    )
    yield (
        "role-unknown",
        "A role that nobody knows",
        DECODE,
        inside(approvers=[PERSON | {"roles": ["minister"]}]),
    )
    yield (
        "domain-capitals",
        "A domain in capitals",
        DECODE,
        inside(approvers=[DEVICE | {"relying_party": "DESK.example"}]),
    )
    yield (
        "domain-address",
        "A domain with a scheme",
        DECODE,
        inside(approvers=[DEVICE | {"relying_party": "https://desk.example"}]),
    )


def other_bytes() -> Iterator[tuple[str, str, str, bytes]]:
    """Yield other bytes of the same directory, and directories with somebody else in them."""
    turned = json.dumps(dict(sorted(GOOD.items(), reverse=True)), separators=(",", ":"))
    yield "order", "The fields in another order", CANONICAL, turned.encode()
    yield "space", "A space", CANONICAL, inside().replace(b'"version":1', b'"version": 1')
    twice = inside().replace(b'"version":1', b'"version":1,"version":1')
    yield "field-twice", "A field twice", CANONICAL, twice
    yield "escape", "A letter escaped", CANONICAL, inside().replace(b'"KOR"', b'"\\u004bOR"')
    yield "line-feed", "A line feed at the end", CANONICAL, inside() + b"\n"
    yield "byte-order-mark", "A byte order mark", DECODE, b"\xef\xbb\xbf" + inside()
    yield "cut-short", "Cut short", DECODE, inside()[:-1]
    theirs = [OFFICE | {"office": "JPN/DIH"}]
    yield "office-of-another", "An office of the other party", REFUSED, inside(offices=theirs)
    alike = [OFFICE | {"office": "KOR-2/KDIA"}]
    yield "office-begins-alike", "A party that begins alike", REFUSED, inside(offices=alike)
    alike = [PERSON, DEVICE | {"office": "JPN/DIH"}]
    yield "person-of-another", "A person of another party", REFUSED, inside(approvers=alike)
    yield "offices-of-another", "The party changed, its offices not", REFUSED, inside(party="USA")


def signatures() -> Iterator[tuple[str, str, str, bytes]]:
    """Yield signed directories whose bytes are right inside, and not under this signature."""
    raw = inside()
    good = signed(raw)
    first, second = good[:ED25519], good[ED25519:]
    later = signed(inside(version=2))
    yield (
        "root-other",
        "Another root, and signed by it",
        REFUSED,
        outside(
            inside(root=base64(REAL.signing_public(ANOTHER))),
            signed(inside(root=base64(REAL.signing_public(ANOTHER))), ANOTHER),
        ),
    )
    yield "signed-by-another", "Signed by another root", WRONG, outside(raw, signed(raw, ANOTHER))
    yield "signed-by-ledger", "Signed by the ledger key", WRONG, outside(raw, signed(raw, LEDGER))
    for kind in ("checkpoint", "agreement", "revocation", "enrolment", "approval"):
        over = signed(raw, as_type=kind)
        yield f"type-{kind}", f"A signature of the type {kind}", WRONG, outside(raw, over)
    yield "ed25519-flip", "A bit of the Ed25519 half", WRONG, outside(raw, flipped(good, 3))
    yield "mldsa-flip", "A bit of the ML-DSA half", WRONG, outside(raw, flipped(good, 3000))
    yield "halves-swapped", "The halves in another order", WRONG, outside(raw, second + first)
    mixed = first + later[ED25519:]
    yield "mldsa-of-another", "The ML-DSA half of another version", WRONG, outside(raw, mixed)
    mixed = later[:ED25519] + second
    yield "ed25519-of-another", "The Ed25519 half of another version", WRONG, outside(raw, mixed)
    yield "ed25519-alone", "The Ed25519 half alone", WRONG, outside(raw, first)
    yield "one-byte-more", "A signature with one byte more", WRONG, outside(raw, good + b"\0")
    yield "changed", "A version changed after signing", WRONG, outside(inside(version=3), good)
    yield "signature-empty", "A signature of no bytes", DECODE, outside(raw, b"")
    yield "outside-unknown", "An unknown field outside", DECODE, outside(raw, good, remark="none")
    bare = plain({"directory": base64(raw)})
    yield "outside-unsigned", "Without its signature", DECODE, bare
    yield "outside-line-feed", "A line feed at the end", CANONICAL, outside(raw, good) + b"\n"
    turned = outside(raw, good)[1:-1].split(b",")
    again = b"{" + b",".join(reversed(turned)) + b"}"
    yield "outside-order", "The two fields in another order", CANONICAL, again
    inner = plain({"directory": GOOD, "signature": base64(good)})
    yield "outside-object", "The directory not as bytes", DECODE, inner


def successors() -> Iterator[tuple[str, str, str, bytes]]:
    """Yield what would take the place of the right directory."""
    before = outside(inside())
    name = str(digest(before))
    yield "", "", "", before

    def then(**other: object) -> bytes:
        return outside(inside(**{"version": 2, "previous": name, **other}))

    yield "right", "The next version", "accepted", then()
    yield "right-leap", "A version that leaves some out", "accepted", then(version=7)
    keys = {"ledger": base64(b"a new ledger key"), "transport": base64(b"a new transport key")}
    yield "right-keys", "Other keys", "accepted", then(**keys)
    yield "version-same", "The same version", REFUSED, then(version=1)
    same = outside(inside(version=2))
    yield "previous-missing", "Without the digest of the one before", REFUSED, same
    inner = str(digest(inside()))
    yield "previous-inside", "The digest of the bytes inside", REFUSED, then(previous=inner)
    again = str(digest(outside(inside())))
    yield "previous-again", "Of the same directory signed once more", REFUSED, then(previous=again)
    zero = "sha384:" + "0" * 96
    yield "previous-other", "The digest of another", REFUSED, then(previous=zero)
    yield "to-other", "Towards another party", REFUSED, then(to="USA")
    theirs = {"party": "AUS", "offices": [], "approvers": []}
    yield "party-other", "Of another party under the same root", REFUSED, then(**theirs)


def main() -> None:
    folder = Path(__file__).with_name("directories")
    folder.mkdir(exist_ok=True)
    root = str(key_id(REAL.signing_public(ROOT)))

    def write(file: str, says: str, expect: str, document: bytes, **other: str) -> None:
        found = {"says": says, "expect": expect, "document": base64(document), "root": root}
        text = json.dumps(found | other, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / f"{file}.json").write_text(text, encoding="utf-8")

    for name, says, raw in right():
        write(name, says, "accepted", outside(raw))
    for name, says, code, raw in (*forms(), *other_bytes()):
        write(name, says, code, outside(raw))
    for name, says, code, document in signatures():
        write(name, says, code, document)
    sha = "sha384:" + sha256(b"").hexdigest() + "0" * 32
    write("root-asked-other", "Another root compared", REFUSED, outside(inside()), root=sha)
    (_, _, _, before), *after = successors()
    for name, says, code, document in after:
        write(f"successor-{name}", says, code, document, before=base64(before))
    second = outside(inside(version=2, previous=str(digest(before))))
    back = outside(inside(previous=str(digest(second))))
    write("successor-goes-back", "A smaller version", REFUSED, back, before=base64(second))


if __name__ == "__main__":
    main()
