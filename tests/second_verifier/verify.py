"""A second verifier of evidence files, written from the protocol and apart from comity.

It needs the standard library and ``cryptography`` alone and imports nothing of comity:

    python tests/second_verifier/verify.py FILE --root KOR=sha384:… --root JPN=sha384:…

Exit statuses: 0 proven under the roots given; 3 consistent, but a root was not given, so that
anybody could have made the file; 4 not to be believed; 64 called wrongly.

It checks bytes, digests, trees, signatures, directories, cuts and times; and of what was passed
on, that its originator's own log holds the item as it is and a grant for this item and this party,
by its own name or by that of a group that the text of the grant says it is one of.
Of a party on paper nothing is signed by it: what it did stands in a log that the other one owns and
signs, each act with the paper's day, its scan's digest and an officer of the owner's registry.
It reads nothing of the agreement but these groups, and judges no clause: a file whose acts are
signed, cosigned, approved and in order, but unlawful under the text, is consistent here and
refused by ``comity verify``.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

PROVEN, UNCONFIRMED, REFUSED, MISUSED = 0, 3, 4, 64

BIGGEST = 2**53 - 1
DEEPEST = 32
LONGEST_NOTE, MOST_LINES = 131_072, 16
PASSKEY_DATA, PASSKEY_EC = 37, 77
ED25519_KEY, ED25519_SIGNATURE = 32, 64
MLDSA_KEY, MLDSA_SIGNATURE = 2592, 4627
DIGEST = re.compile(r"sha384:[0-9a-f]{96}\Z")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")
LOG = re.compile(r"comity/([A-Z][A-Z0-9-]{1,15})/(to|for)/([A-Z][A-Z0-9-]{1,15})\Z")
DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}( [0-9]{2}:[0-9]{2})?)?)?\Z")
NOTE_LINE = re.compile(r"— ([A-Z][A-Z0-9-]{1,15}) ([A-Za-z0-9+/]+={0,2})\Z")
SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
PARTY = re.compile(r"[A-Z][A-Z0-9-]{1,15}\Z")
OFFICE = re.compile(r"[A-Z][A-Z0-9-]{1,15}/[A-Z][A-Z0-9-]{0,23}\Z")
PSEUDONYM = re.compile(r"[A-Z][A-Z0-9-]{1,15}~[0-9a-f]{24}\Z")
ADDRESS = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}\Z")
DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9][a-z0-9-]{0,62}){0,7}\Z")
ROLES = {
    *("desk-officer", "releasing-authority", "registry-officer", "custodian", "official"),
    *("designating-officer", "security-officer", "signatory", "administrator"),
}
ARTICLE = re.compile(r"[0-9]{1,3}[a-z]?(\([0-9a-z]{1,3}\)){0,3}\Z")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,4}\Z")
TERMS = re.compile(r"^```toml terms *\n(.*?)^``` *$", re.MULTILINE | re.DOTALL)
PAPER = re.compile(r"\S(.{0,58}\S)?\Z")
LONGEST_KEY, MOST_KEYS, SALT = 8192, 512, 16
MOST = {"also": 64, "approvals": 8, "attested": 64, "evidence": 64}

ENTRY_FIELDS = {
    "deed": True,
    "at": True,
    "salt": True,
    "judgement": False,
    "seen": False,
    "also": False,
    "approvals": False,
    "attested": False,
    "evidence": False,
    "ciphertext": False,
    "paper": False,
}

Document = dict[str, Any]


class NotBelievedError(Exception):
    """The file does not prove what it says."""


def refuse(why: str) -> NoReturn:
    raise NotBelievedError(why)


def require(condition: object, why: str) -> None:
    if not condition:
        refuse(why)


# --- bytes: RFC 8785, and the profile on every value ------------------------------------------


def read_canonical(raw: bytes) -> Any:
    """Return the value of canonical JSON bytes; there are no others with the same value."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=lambda _: refuse("a float"),
            parse_constant=lambda _: refuse("not a number"),
        )
    except (ValueError, RecursionError) as error:
        raise NotBelievedError("not JSON") from error
    _profile(value, 0)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    require(again.encode("utf-8") == raw, "not the canonical form of its content")
    return value


def _object(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    require(len(found) == len(pairs), "a field stands twice")
    return found


def _profile(value: Any, depth: int) -> None:
    require(depth <= DEEPEST, "nested too deeply")
    if isinstance(value, str) and value.isascii():
        require(value.isprintable(), "a control character")
    elif isinstance(value, str):
        require(unicodedata.is_normalized("NFC", value), "text not in form C")
        barred = {"Cc", "Cf", "Cn", "Co", "Cs"}
        require(not barred & {unicodedata.category(one) for one in value}, "a barred character")
    elif isinstance(value, dict):
        for key, inner in value.items():
            require(key.isascii() and key.isprintable(), "a key that is not ASCII")
            _profile(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _profile(inner, depth + 1)
    elif not isinstance(value, bool):
        require(isinstance(value, int) and abs(value) <= BIGGEST, "a null, or too large a number")


def struct(value: Any, *required: str, optional: Iterable[str] = ()) -> Document:
    """Return an object that has the fields of its form and no others."""
    require(isinstance(value, dict), "not an object")
    require(set(required) <= set(value), "a field is missing")
    require(set(value) <= {*required, *optional}, "a field that nobody knows")
    return dict(value)


def number(value: Any) -> int:
    require(isinstance(value, int) and not isinstance(value, bool) and value >= 0, "not a count")
    return int(value)


def digest(value: Any) -> str:
    require(isinstance(value, str) and DIGEST.match(value), "not a digest")
    return str(value)


def instant(value: Any) -> str:
    require(isinstance(value, str) and INSTANT.match(value), "not an instant")
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise NotBelievedError("no such time") from error
    return str(value)


def array(value: Any) -> list[Any]:
    require(isinstance(value, list), "not an array")
    return list(value)


def word(value: Any, form: re.Pattern[str]) -> str:
    require(isinstance(value, str) and form.match(value), "not a name of its kind")
    return str(value)


def unbase64(value: Any) -> bytes:
    """Return the bytes of padded standard base64: one written form for each."""
    require(isinstance(value, str), "not base64")
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotBelievedError("not base64") from error
    require(base64.b64encode(raw).decode() == value, "another form of the same bytes")
    return raw


# --- digests, trees, signatures -----------------------------------------------------------------


def sha384(data: bytes) -> bytes:
    return hashlib.sha384(data).digest()


def name_of(data: bytes) -> str:
    """Return the digest under which a document is named."""
    return "sha384:" + sha384(data).hex()


def raw_of(name: str) -> bytes:
    return bytes.fromhex(name.removeprefix("sha384:"))


def key_name(public: bytes) -> str:
    return name_of(b"comity/v1 key\n" + public)


def leaf_hash(leaf: bytes) -> bytes:
    return sha384(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha384(b"\x01" + left + right)


def root_from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a path leads to: RFC 9162, 2.1.3.1 read backwards, by recursion."""
    require(0 <= index < size, "a place outside the tree")
    if size == 1:
        require(not path, "the path is too long")
        return leaf
    require(path, "the path is too short")
    left = 1 << ((size - 1).bit_length() - 1)
    if index < left:
        return node_hash(root_from_path(leaf, index, left, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(leaf, index - left, size - left, path[:-1]))


def roots_from_proof(
    old: int, new: int, path: list[bytes], root: bytes, *, whole: bool
) -> tuple[bytes, bytes]:
    """Return the two roots that a path leads to: RFC 9162, 2.1.4.1 read backwards, by recursion."""
    if old == new:
        require(len(path) == (0 if whole else 1), "the path has another length")
        return (root, root) if whole else (path[0], path[0])
    require(path, "the path is too short")
    left = 1 << ((new - 1).bit_length() - 1)
    rest, last = path[:-1], path[-1]
    if old <= left:
        first, second = roots_from_proof(old, left, rest, root, whole=whole)
        return first, node_hash(second, last)
    first, second = roots_from_proof(old - left, new - left, rest, root, whole=False)
    return node_hash(last, first), node_hash(last, second)


def root_of(hashes: list[bytes]) -> bytes:
    """Return the root over leaf hashes: RFC 9162, 2.1.1, as it stands there."""
    if not hashes:
        return sha384(b"")
    if len(hashes) == 1:
        return hashes[0]
    left = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(root_of(hashes[:left]), root_of(hashes[left:]))


def verify_signature(public: bytes, kind: str, message: bytes, signature: bytes) -> None:
    """Both halves or nothing: Ed25519, then ML-DSA-87 with the type as its context."""
    require(len(public) == ED25519_KEY + MLDSA_KEY, "not a key of two halves")
    require(len(signature) == ED25519_SIGNATURE + MLDSA_SIGNATURE, "not a signature of two halves")
    covered = b"comity/v1 " + kind.encode() + b"\n" + message
    try:
        first = Ed25519PublicKey.from_public_bytes(public[:ED25519_KEY])
        first.verify(signature[:ED25519_SIGNATURE], covered)
        second = MLDSA87PublicKey.from_public_bytes(public[ED25519_KEY:])
        second.verify(signature[ED25519_SIGNATURE:], covered, kind.encode())
    except (InvalidSignature, ValueError) as error:
        raise NotBelievedError(f"a signature that does not verify: {kind}") from error


def either(keys: list[bytes], verify: Callable[[bytes], None]) -> None:
    """Return if one of the keys verifies."""
    for key in keys[:-1]:
        try:
            return verify(key)
        except NotBelievedError:
            continue
    return verify(keys[-1])


# --- notes ----------------------------------------------------------------------------------------


class Note:
    """A signed note: the text of a checkpoint, and the lines below the empty line."""

    def __init__(self, raw: bytes) -> None:
        try:
            text, gap, tail = raw.decode("utf-8").partition("\n\n")
        except UnicodeDecodeError as error:
            raise NotBelievedError("a note that is no text") from error
        require(gap and tail.endswith("\n"), "a note without signature lines")
        require(len(raw) <= LONGEST_NOTE, "longer than any note")
        require(tail.count("\n") <= MOST_LINES, "more lines than a note has")
        self.text = (text + "\n").encode()
        self.lines: dict[str, bytes] = {}
        for line in tail[:-1].split("\n"):
            found = NOTE_LINE.match(line)
            if found is None:
                refuse("not a signature line")
            require(found[1] not in self.lines, "a party signs twice")
            self.lines[found[1]] = unbase64(found[2])
        self._read(text.split("\n"))

    def _read(self, lines: list[str]) -> None:
        require(self.text.isascii() and len(lines) in {4, 5}, "not the text of a checkpoint")
        log, size, root, time, *seen = lines
        found = LOG.match(log)
        if found is None or found[1] == found[3]:
            refuse("not a correspondence")
        self.log, self.owner, self.other = log, found[1], found[3]
        self.attested = found[2] == "for"
        self.size, self.root = _place(size, root)
        require(time.startswith("time "), "no time")
        self.time = instant(time.removeprefix("time "))
        self.seen_size = 0
        require(not (seen and self.attested), "nobody on paper has seen a log")
        for line in seen:
            parts = line.split(" ")
            require(len(parts) == 3 and parts[0] == "seen", "not a seen line")
            self.seen_size = _place(parts[1], parts[2])[0]

    def line(self, party: str, use: str, public: bytes) -> bytes:
        """Return a party's line without the four bytes that tell its keys apart."""
        require(party in self.lines, f"{party} has not signed")
        covered = party.encode() + b"\n\xffcomity/v1/" + use.encode() + public
        line = self.lines[party]
        require(line[:4] == sha384(covered)[:4], f"{party} signed with another key")
        return line[4:]

    def verify_owner(self, public: bytes) -> None:
        signature = self.line(self.owner, "checkpoint", public)
        verify_signature(public, "checkpoint", self.text, signature)

    def verify_cosigner(self, public: bytes) -> None:
        line = self.line(self.other, "cosignature", public)
        require(len(line) > 8, "a cosignature without its time")
        try:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                milliseconds=int.from_bytes(line[:8], "big")
            )
        except OverflowError as error:
            raise NotBelievedError("later than the calendar goes") from error
        time = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = f"cosignature/v1\ntime {time}\n".encode() + self.text
        verify_signature(public, "cosignature", message, line[8:])


def _place(size: str, root: str) -> tuple[int, bytes]:
    require(SIZE.fullmatch(size) and int(size) <= BIGGEST, "not a size")
    raw = unbase64(root)
    require(len(raw) == 48, "not a root")
    require(int(size) or raw == sha384(b""), "an empty log with the root of something")
    return int(size), raw


# --- passkeys -------------------------------------------------------------------------------


def verify_passkey(  # noqa: PLR0913 - the six parts of an assertion
    public: bytes, domain: str, challenge: bytes, said: bytes, device: bytes, signature: bytes
) -> None:
    """An assertion by a present and verified person, at the domain, over the challenge."""

    def gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len({name for name, _ in pairs}) == len(pairs), "a name twice")
        return dict(pairs)

    try:
        client = json.loads(said.decode(), object_pairs_hook=gather)
    except (ValueError, RecursionError):
        refuse("client data that is no JSON")
    require(isinstance(client, dict) and client.get("type") == "webauthn.get", "no assertion")
    wanted = base64.b64encode(challenge, b"-_").decode().rstrip("=")
    require(client.get("challenge") == wanted, "another challenge")
    require(client.get("crossOrigin") in (None, False) and "topOrigin" not in client, "framed")
    secure = "https?" if domain.rsplit(".", maxsplit=1)[-1] == "localhost" else "https"
    origin = rf"{secure}://([a-z0-9-]+\.)*{re.escape(domain)}(:[0-9]{{1,5}})?"
    require(re.fullmatch(origin, str(client.get("origin"))) is not None, "another origin")
    require(len(device) >= PASSKEY_DATA, "cut short")
    require(device[:32] == hashlib.sha256(domain.encode()).digest(), "another domain")
    flags = device[32]
    require(flags & 0x45 == 0x05, "nobody present and verified")
    require((len(device) > PASSKEY_DATA) == bool(flags & 0x80), "another length")
    require(flags & 0x18 != 0x10, "backed up, not eligible")
    check_passkey(public, device + hashlib.sha256(said).digest(), signature)


def check_passkey(public: bytes, message: bytes, signature: bytes) -> None:
    """By the exact prefixes that the three forms of a key have: no reader of CBOR is needed."""
    try:
        if (
            public[:10] == bytes.fromhex("a5010203262001215820")
            and public[42:45] == b"\x22\x58\x20"
        ):
            require(len(public) == PASSKEY_EC, "another length")
            point = b"\x04" + public[10:42] + public[45:]
            curve = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            curve.verify(signature, message, ec.ECDSA(SHA256()))
        elif public[:10] == bytes.fromhex("a4010103272006215820"):
            Ed25519PublicKey.from_public_bytes(public[10:]).verify(signature, message)
        elif public[:9] == bytes.fromhex("a401030339010020" + "59"):
            size = int.from_bytes(public[9:11], "big")
            number, rest = public[11 : 11 + size], public[11 + size :]
            require(rest == bytes.fromhex("2143010001") and number[:1] != b"\0", "exponent")
            modulus = int.from_bytes(number, "big")
            require(2048 <= modulus.bit_length() <= 4096, "modulus")
            numbers = rsa.RSAPublicNumbers(65537, modulus)
            numbers.public_key().verify(signature, message, padding.PKCS1v15(), SHA256())
        else:
            refuse("a key of another kind")
    except (InvalidSignature, ValueError):
        refuse("a signature that does not verify")


# --- directories ----------------------------------------------------------------------------


class Directory:
    """The keys of one party towards another, signed by the party's root."""

    def __init__(self, raw: bytes) -> None:
        self.name = name_of(raw)
        outer = struct(read_canonical(raw), "directory", "signature")
        inner = unbase64(outer["directory"])
        found = struct(
            read_canonical(inner),
            *("party", "to", "version", "issued", "expires", "root", "ledger", "transport"),
            *("certificate", "address", "offices", "approvers"),
            optional=("previous",),
        )
        self.party, self.to = word(found["party"], PARTY), word(found["to"], PARTY)
        self.version = number(found["version"])
        require(self.version > 0, "versions begin with 1")
        self.previous = digest(found["previous"]) if "previous" in found else ""
        word(found["address"], ADDRESS)
        for field in ("issued", "expires"):
            instant(found[field])
        for field in ("transport", "certificate"):
            _key(found[field])
        self.root, self.ledger = _key(found["root"]), _key(found["ledger"])
        verify_signature(self.root, "directory", inner, unbase64(outer["signature"]))
        self.persons: dict[str, tuple[bytes, str]] = {}
        self.registrars: set[str] = set()
        people, offices = array(found["approvers"]), array(found["offices"])
        require(len(people) <= MOST_KEYS and len(offices) <= MOST_KEYS, "too many keys")
        for one in people:
            self._person(one)
        for one in offices:
            self._office(one)

    def follows(self, before: "Directory") -> None:
        """Return if this one may take the place of the one before it."""
        same = (before.party, before.to, before.root)
        require((self.party, self.to, self.root) == same, "of another party or another root")
        require(self.version > before.version, "a directory that goes back")
        require(self.previous == before.name, "a directory that follows another")

    def _person(self, value: Any) -> None:
        one = struct(value, "person", "office", "roles", "public", optional=("relying_party",))
        word(one["person"], PSEUDONYM)
        self._own(one["office"])
        roles = array(one["roles"])
        require(1 <= len(roles) <= len(ROLES) and ROLES.issuperset(roles), "roles of nobody")
        domain = word(one["relying_party"], DOMAIN) if "relying_party" in one else ""
        public = _key(one["public"])
        if key_name(public) in self.persons:
            return  # a key that stands twice is that of the first
        self.persons[key_name(public)] = (public, domain)
        if "registry-officer" in roles:
            self.registrars.add(key_name(public))

    def _office(self, value: Any) -> None:
        one = struct(value, "office", "epoch", "since", "until", "public")
        self._own(one["office"])
        number(one["epoch"])
        _key(one["public"])
        for field in ("since", "until"):
            instant(one[field])

    def _own(self, office: Any) -> None:
        owner = word(office, OFFICE).partition("/")[0]
        require(owner == self.party, "an office of another party")


def _key(value: Any) -> bytes:
    raw = unbase64(value)
    require(1 <= len(raw) <= LONGEST_KEY, "a key of no bytes, or of too many")
    return raw


# --- deeds ----------------------------------------------------------------------------------

DEEDS = """
link.directory: directory digest; version count
link.refuse: log log; new count; old count; refused [RefusedLeaf] 1..65536
link.diverge: claimed digest; computed digest; leaf Position
link.erase-particulars: leaf Position
treaty.propose: id agreement-id; text digest; version code
treaty.sign: signature bytes 0..8192; text digest
treaty.notify-requirements-met: text digest
treaty.notify-authority: profile digest
treaty.negotiate: on date; pact agreement-id; step opened|resumed|shelved
treaty.announce: document? digest; on date; pact agreement-id
treaty.initial: on date; text digest
treaty.postpone-signature: on date; text digest
treaty.give-notice: channel diplomatic|written; document? digest; on date; text digest
treaty.acknowledge-notice: notice Position; on date; text digest
treaty.suspend-notice: notice Position; on date; text digest
treaty.resume-notice: notice Position; on date; text digest
treaty.withdraw-notice: notice Position; on date; text digest
treaty.amend: new digest; on date; text digest
treaty.law-change: document? digest; on date; text digest
treaty.ask-law: text digest
treaty.state-law: about Position; document digest; text digest
treaty.revalidate: about Position; holds boolean; text digest
release.release: item Item; offices [office] 1..64; origin? Position; particulars digest;
  purpose subject
release.standing-directive: item Item; most 1..999999999; offices [office] 1..64; origin?
  Position; particulars digest; purpose subject; since instant; until instant
directive.suspend: item Position
directive.resume: item Position
directive.withdraw: item Position
release.onward-released: consents [Position] 0..4; item Position; purpose subject; release
  digest; third_party party
delivery.receipt: annexes count; copy count; item Position; number reference; pages count;
  reserve [short|damaged|unreadable|misdirected] 0..4; stage package|document
delivery.hand-over: certified? boolean; copy count; courier?
  diplomatic|cleared-employee|contractor; covered boolean; item Position; planned? boolean;
  sealed boolean; signed boolean; step count; taker? office
people.assure: cleared boolean; controls? [code] 0..32; level level; needed boolean; offices
  [office] 1..64; protected boolean; until instant
consent.ask: contractor? reference; item Position; level? level; mode? own-use|pass-on-only;
  purpose? subject; third_party? party; times 1..1000000; until instant; uses
  third-party|purpose|contractor|lowering|extract|reproduction|destruction|disclosure
consent.grant: ask? Position; contractor? reference; item Position; level? level; mode?
  own-use|pass-on-only; purpose? subject; third_party? party; times 1..1000000; until instant;
  uses third-party|purpose|contractor|lowering|extract|reproduction|destruction|disclosure
consent.refuse: ask Position; item Position
consent.withdraw: consent Position; item Position
consent.acknowledge-withdrawal: consent Position; item Position
request.request: due instant; offices [office] 1..64; particulars digest; purpose subject;
  subject subject
request.answer: extent full|part; releases [Position] 1..64; request Position
request.decline: request Position
request.withdraw: request Position
register.acknowledge-regrading: altered [count] 0..1024; item Position; unreached [count]
  0..1024
custody.ask: extract boolean
delivery.certificate: copies [count] 0..1024; emergency boolean; item Position; method
  burn|pulp|shred|erase|crush; witnesses count
release.recall: item Position
register.regrade: approval? Position; item Position; level level
delivery.return: copy count; item Position
custody.state: about? Position; copies count; offices [office] 0..256
incident.close: about Position; item Position
incident.results: about Position; item Position; particulars? digest; stated
  [facts|extent|measures] 0..3
incident.investigate: about Position; item Position; joint boolean
incident.report: copies [count] 0..1024; discovered instant; item Position; particulars? digest;
  suspected boolean
visit.done: about Position; disclosed count; findings? count; items? [Position] 0..1024; level
  level; report? digest
visit.decline: about Position
visit.approve: about Position; checked? boolean; level level
visit.request: begins instant; emergency boolean; ends instant; facility office; level level;
  particulars? digest; recurring boolean; survey boolean; visitors count
visit.follow-up: about Position; report? digest
visit.open-inspection: about Position; facility office; until instant
contractor.approve: about Position; contractor code; until instant
contractor.decline: about Position
contractor.propose: contractor code; level level
dispute.consult: about Position; particulars? digest
dispute.raise: leaf? Position; particulars? digest
dispute.settle: about Position; particulars? digest
logistics.request: category code; particulars? digest
logistics.settle: about Position; how cash|in-kind|replacement; value count
logistics.transfer: about Position; category code; currency code; value count
expenses.note: about Position; bears party; currency code; value count
exercise.begin: ends instant; exercise reference
exercise.end: about Position
RefusedLeaf: article? article; code code; index count
Position: index count; log log
Item: annexes count; disclosed? Disclosed; form
  oral|visual|electronic|magnetic|documentary|equipment|technology; label Label; originator
  party; pages count; plaintext digest; providing party; reference reference; schedule?
  Schedule; sources [digest] 0..256; subject subject
Label: caveats [level] 0..64; level level; regime? level; releasable [party] 0..64
Disclosed: at instant; attendees count; cleared boolean; level_said boolean; needed boolean
Schedule: event? code; level level; on? instant
"""
"""Fields of the deeds that a correspondence holds, and of what stands in them, by the protocol."""


def _forms() -> dict[str, dict[str, str]]:
    """Return the form of each field by its name, with a question mark where it may be absent."""
    found = {}
    for row in DEEDS.strip().replace("\n  ", " ").split("\n"):
        kind, _, fields = row.partition(": ")
        found[kind] = dict(one.split(" ", 1) for one in fields.split("; "))
    return found


FORMS = _forms()
LIST = re.compile(r"\[(.+)\] ([0-9]+)\.\.([0-9]+)\Z")
SPAN = re.compile(r"(?:bytes )?([0-9]+)\.\.([0-9]+)\Z")
_CODES = r"[a-z0-9]+(-[a-z0-9]+)*"
WORDS = {
    "party": PARTY,
    "office": OFFICE,
    "article": ARTICLE,
    "code": CODE,
    "level": re.compile(rf"[A-Z][A-Z0-9-]{{1,15}}:{_CODES}\Z"),
    "subject": re.compile(rf"{_CODES}(\.{_CODES}){{0,5}}\Z"),
    "reference": re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}\Z"),
    "agreement-id": re.compile(r"[A-Z0-9][A-Z0-9.-]{1,39}\Z"),
    "date": DAY,
    "log": re.compile(r"comity/[A-Z0-9-]+/(journal|(to|for|register)/[A-Z0-9-]+)[A-Za-z0-9/-]*\Z"),
}
READ: dict[str, Callable[[Any], object]] = {"digest": digest, "instant": instant, "count": number}


def read_deed(deed: Document) -> None:
    """Read the fields of a deed: those of its kind, each of its form, and no others."""
    own = FORMS.get(str(deed.get("kind")), {})
    require(own and str(deed["kind"]).islower(), "a kind that no correspondence holds")
    common = {"kind", "by", "to", "article", "agreement", "not_after"}
    beside = {name: value for name, value in deed.items() if name in common - {"kind"}}
    _fields(beside, {"by": "office", "to": "party", "article": "article", "agreement?": "digest",
                     "not_after?": "instant"})  # fmt: skip
    _fields({name: value for name, value in deed.items() if name not in common}, own)


def _fields(value: Any, forms: dict[str, str]) -> None:
    needed = [name for name in forms if not name.endswith("?")]
    found = struct(value, *needed, optional=[name.rstrip("?") for name in forms])
    for name, form in forms.items():
        if name.rstrip("?") in found:
            _read(found[name.rstrip("?")], form)


def _read(value: Any, form: str) -> None:
    several, span = LIST.match(form), SPAN.match(form)
    if several is not None:
        require(int(several[2]) <= len(array(value)) <= int(several[3]), "too many or too few")
        for one in value:
            _read(one, several[1])
    elif span is not None:
        size = len(unbase64(value)) if form.startswith("bytes ") else number(value)
        require(int(span[1]) <= size <= int(span[2]), "beyond its bounds")
    elif form in FORMS:
        _fields(value, FORMS[form])
    elif form in READ:
        READ[form](value)
    elif form in WORDS:
        word(value, WORDS[form])
    elif form == "boolean":
        require(isinstance(value, bool), "neither true nor false")
    else:
        require(isinstance(value, str) and value in form.split("|"), "a word that is none of it")


# --- the file -------------------------------------------------------------------------------------


class Entry:
    """One leaf of the file, decoded."""

    def __init__(self, log: str, index: int, leaf: bytes) -> None:
        self.log, self.index, self.hash = log, index, leaf_hash(leaf)
        self.attested = "/for/" in log
        must = [name for name, needed in ENTRY_FIELDS.items() if needed]
        self.fields = struct(read_canonical(leaf), *must, optional=ENTRY_FIELDS)
        self.deed: Document = self.fields["deed"]
        struct(self.deed, "kind", "by", "to", "article", "agreement", optional=self.deed)
        self.kind, self.at = str(self.deed["kind"]), instant(self.fields["at"])
        self.seen: Document | None = None
        if "seen" in self.fields:
            self.seen = struct(self.fields["seen"], "size", "root", "time", "digest")

    def read_all(self) -> None:
        """Read each field of the entry and its deed, whether or not anything rests on it."""
        read_deed(self.deed)
        if self.seen is not None:
            number(self.seen["size"]), instant(self.seen["time"])
            digest(self.seen["root"]), digest(self.seen["digest"])
        require(len(unbase64(self.fields["salt"])) == SALT, "another length of salt")
        for name in ("judgement", "ciphertext"):
            if name in self.fields:
                digest(self.fields[name])
        lists = {name: array(self.fields.get(name, [])) for name in MOST}
        require(all(len(lists[name]) <= most for name, most in MOST.items()), "too many of them")
        for one in lists["evidence"]:
            digest(one)
        for one in lists["also"]:
            head = struct(one, "log", "size", "root")
            number(head["size"]), digest(head["root"])
        for one in lists["attested"]:
            words = struct(one, "article", "clause", "reason", "office")
            word(words["article"], ARTICLE), word(words["office"], OFFICE)
            word(words["clause"], CODE), word(words["reason"], CODE)
        for one in self.approvals():
            digest(one["document"]), number(one["index"]), number(one["size"])
            path = [unbase64(each) for each in array(one["path"])]
            require(all(len(each) == 48 for each in path) and len(path) <= 53, "not a path")
        paper = struct(self.fields.get("paper", {}), optional=("on", "number", "own"))
        if "on" in paper:
            word(paper["on"], DAY)
        for name in {"number", "own"} & paper.keys():
            word(paper[name], PAPER)

    @property
    def seen_size(self) -> int:
        return number(self.seen["size"]) if self.seen else 0

    def head(self, log: str) -> int:
        """Return how much of a log the entry rests on, as it says itself."""
        heads = [struct(one, "log", "size", "root") for one in array(self.fields.get("also", []))]
        return max((number(one["size"]) for one in heads if one["log"] == log), default=0)

    def approvals(self) -> Iterator[Document]:
        for one in array(self.fields.get("approvals", [])):
            yield struct(one, "document", "index", "size", "path")

    def names(self) -> Iterator[str]:
        """Name every document that the entry rests on."""
        for one in self.approvals():
            yield digest(one["document"])
        if self.kind == "link.directory":
            yield digest(self.deed["directory"])
        elif self.kind == "treaty.notify-authority":
            yield digest(self.deed["profile"])
        elif self.kind.startswith("treaty."):
            # Instruments that are about a text; those about a pact as such are never proven.
            yield digest(self.deed["text"])
            if "new" in self.deed:
                yield digest(self.deed["new"])
        elif not self.kind.startswith("link."):
            yield digest(self.deed["agreement"])
        if self.kind == "release.release" and not self.attested:
            # The scans of what was done on paper do not travel; proofs of origin do.
            for one in array(self.fields.get("evidence", [])):
                yield digest(one)


class File:
    """An evidence file on its way from bytes to what it proves."""

    def __init__(self, raw: bytes, roots: dict[str, str]) -> None:
        self.roots, self.unconfirmed = roots, False
        whole = struct(
            read_canonical(raw),
            *("comity", "subject", "parties", "logs", "notes", "first_directories", "documents"),
        )
        require(number(whole["comity"]) == 1, "a version that nobody knows")
        self.subject = struct(whole["subject"], "log", "index")
        self.parties = [str(one) for one in array(whole["parties"])]
        require(self.parties == sorted(set(self.parties)), "the parties are not in order")
        require(len(self.parties) == 2, "not two parties")
        self.documents = _by_name(whole["documents"], name_of)
        proven = [struct(one, "note", "path") for one in array(whole["notes"])]
        raws = _by_name([one["note"] for one in proven], _note_name)
        self.notes = {name: Note(raw) for name, raw in raws.items()}
        paths = [[unbase64(each) for each in array(one["path"])] for one in proven]
        require(all(len(each) == 48 for path in paths for each in path), "not a path")
        self.paths = dict(zip(raws, paths, strict=True))
        self.directories = self._first(array(whole["first_directories"]))
        self.checkpoints: dict[str, Note] = {}
        self.entries: dict[str, list[Entry]] = {}
        for one in array(whole["logs"]):
            self._log(struct(one, "log", "checkpoint", "leaves"))
        pairs = [tuple(self.parties), tuple(reversed(self.parties))]
        signing = [pair for pair in pairs if self.directories[pair[0]]]
        logs = {f"comity/{one}/to/{two}" for one, two in signing}
        kept = {log for log in self.checkpoints if "/for/" in log}
        require(len(kept) <= 1, "each kept a log for the other")
        require(len(signing) == 2 or len(kept) == 1, "one party, and no log for the other")
        require(list(self.checkpoints) == sorted(logs | kept), "not the two logs, in order")

    def _first(self, raws: list[Any]) -> dict[str, list[tuple[int, Directory]]]:
        require(len(raws) == 2, "not one directory of each party")
        found = {}
        require(any(raws), "a file that nobody signed")
        for party, raw in zip(self.parties, raws, strict=True):
            if not raw:
                found[party] = []  # on paper: it has no key
                continue
            directory = Directory(unbase64(raw))
            other = next(one for one in self.parties if one != party)
            require((directory.party, directory.to) == (party, other), "somebody else's directory")
            found[party] = [(0, directory)]
        return found

    def _log(self, log: Document) -> None:
        note = Note(unbase64(log["checkpoint"]))
        require(log["log"] == note.log and note.log not in self.checkpoints, "not one of each log")
        require({note.owner, note.other} == set(self.parties), "a log of somebody else")
        require(bool(self.directories[note.owner]), "a log of a party without keys")
        signing = [one for one in (note.owner, note.other) if self.directories[one]]
        require(list(note.lines) == signing, "not the lines of owner and other, in this order")
        self.checkpoints[note.log], self.entries[note.log] = note, []
        last = -1
        for one in array(log["leaves"]):
            struct(one, "index", "leaf", "path")
            index, leaf = number(one["index"]), unbase64(one["leaf"])
            require(index > last, "leaves out of order")
            last = index
            path = [unbase64(each) for each in array(one["path"])]
            require(all(len(each) == 48 for each in path) and len(path) <= 53, "not a path")
            root = root_from_path(leaf_hash(leaf), index, note.size, path)
            require(root == note.root, "a leaf that is not in its log")
            entry = Entry(note.log, index, leaf)
            entry.read_all()
            self.entries[note.log].append(entry)
            if entry.kind == "link.directory" and not note.attested:
                self._directory(note.owner, entry)

    def _directory(self, party: str, entry: Entry) -> None:
        directory = Directory(self._document(entry.deed["directory"]))
        known = self.directories[party]
        before = known[-1][1]
        require(directory.version == number(entry.deed["version"]), "another version")
        if directory.name != before.name:
            # The first leaf repeats the directory of the enrolment; later ones follow.
            directory.follows(before)
        known.append((entry.index, directory))

    def _document(self, name: Any) -> bytes:
        require(digest(name) in self.documents, "a document is not in the file")
        return self.documents[name]

    def directory_at(self, party: str, index: int) -> Directory:
        """Return the directory in force at a place: of those before it, the last."""
        first, *later = self.directories[party]
        return [first, *(one for one in later if one[0] < index)][-1][1]

    def verify(self) -> None:
        for note in self.checkpoints.values():
            self._owner(note)
            self._cosigner(note)
        for name, note in self.notes.items():
            self._note(note, self.paths[name])
        for log, entries in self.entries.items():
            self._in_order(log, entries)
        self._signed_texts()
        self._nothing_more()
        require(any(self._is_subject(one) for one in self._all()), "the subject is not here")

    def _all(self) -> Iterator[Entry]:
        for entries in self.entries.values():
            yield from entries

    def _is_subject(self, entry: Entry) -> bool:
        place = (self.subject["log"], self.subject["index"])
        return (entry.log, entry.index) == place and entry.kind == "release.release"

    def _owner(self, note: Note) -> None:
        """The key of the note's size; the one before where the last leaf is the directory."""
        if note.attested:
            # Its sizes are not those of the log in which the owner's directories stand.
            return either(
                [one.ledger for _, one in self.directories[note.owner]], note.verify_owner
            )
        keys = [self.directory_at(note.owner, note.size).ledger]
        if any(index == note.size - 1 for index, _ in self.directories[note.owner][1:]):
            keys.append(self.directory_at(note.owner, note.size - 1).ledger)
        return either(keys, note.verify_owner)

    def _cosigner(self, note: Note) -> None:
        """The key in force at what the note has seen of the cosigner's log, or a later one."""
        if not self.directories[note.other]:
            return None  # who keeps paper cosigns nothing
        keys = [self.directory_at(note.other, note.seen_size).ledger]
        later = self.directories[note.other][1:]
        keys += [one.ledger for index, one in later if index >= note.seen_size]
        return either(keys, note.verify_cosigner)

    def _note(self, note: Note, path: list[bytes]) -> None:
        require(note.log in self.checkpoints and set(note.lines) == {note.owner}, "another's note")
        self._owner(note)
        proven = self.checkpoints[note.log]
        require(note.size <= proven.size, "a note beyond the log")
        if note.size == 0:
            require(not path, "nothing is to be proven from size 0")
            return
        roots = roots_from_proof(note.size, proven.size, path, note.root, whole=True)
        require(roots == (note.root, proven.root), "a fork")

    def _in_order(self, log: str, entries: list[Entry]) -> None:
        """Time and cut never go back, and each cut is the note that it names."""
        if self.checkpoints[log].attested:
            return self._on_paper(log, entries)
        owner, other = self.checkpoints[log].owner, self.checkpoints[log].other
        at, seen = "", 0
        for one in entries:
            require(str(one.deed["by"]).startswith(owner + "/"), "an office of another party")
            require(one.deed["to"] == other, "addressed to somebody else")
            require(one.at >= at and one.seen_size >= seen, "time or cut went back")
            require("judgement" in one.fields, "an entry without its judgement")
            self._approved(one, owner)
            if one.kind == "release.release" and "origin" in one.deed:
                self._passed_on(one)
            at, before, seen = one.at, seen, one.seen_size
            if one.seen is None:
                require(before == 0, "it saw the other's log before, and attests no more")
                self._towards_paper(one, f"comity/{owner}/for/{other}")
                continue
            note = self.notes.get(digest(one.seen["digest"]))
            if note is None:
                refuse("a cut without its note")
            stated = (number(one.seen["size"]), raw_of(digest(one.seen["root"])), one.seen["time"])
            require((note.size, note.root, note.time) == stated, "a cut that its note denies")
            require(note.log == f"comity/{other}/to/{owner}", "the cut of another log")
            require(one.at >= note.time, "before the time that it has seen")
            if one.kind == "release.release":
                # Nothing is provided before the counterpart's directory has been seen.
                known = [(each.kind, each.index) for each in self.entries[note.log]]
                held = any(kind == "link.directory" and at < note.size for kind, at in known)
                require(held, "provided to a party whose directory was not seen")
        return None

    def _towards_paper(self, entry: Entry, kept: str) -> None:
        """An act without a cut rests on the log of a party that keeps paper, and has not joined."""
        head = entry.head(kept)
        known = self.entries.get(kept, [])
        require(0 < head <= (self.checkpoints[kept].size if known else 0), "without its cut")
        joined = [one for one in known if one.kind == "link.directory" and one.index < head]
        require(not joined, "without its cut, to a party that has joined")

    def _on_paper(self, log: str, entries: list[Entry]) -> None:
        """What a party did on paper: the keeper's word, with the paper, signed by its registry."""
        keeper, absent = self.checkpoints[log].owner, self.checkpoints[log].other
        own = f"comity/{keeper}/to/{absent}"
        at, told = "", 0
        for one in entries:
            require(str(one.deed["by"]).startswith(absent + "/"), "an office of another party")
            require(one.deed["to"] == keeper, "addressed to somebody else")
            require(one.seen is None, "who keeps paper has seen nothing")
            require(one.at >= at and one.head(own) >= told, "time or cut went back")
            require(one.head(own) <= self.checkpoints[own].size, "a cut beyond the log")
            require("judgement" in one.fields, "an entry without its judgement")
            at, told = one.at, one.head(own)
            seen = [each.index for each in self.entries[own] if each.seen is not None]
            require(not seen or told <= min(seen), "attested of a party whose log was seen")
            if one.kind == "link.directory":
                require(one is entries[-1], "something after the party joined")
                self._joins(one, absent, keeper)
            else:
                self._in_hand(one, keeper, told)

    def _joins(self, entry: Entry, absent: str, keeper: str) -> None:
        directory = Directory(self._document(entry.deed["directory"]))
        first = self.directories[absent]
        require(bool(first) and directory.root == first[0][1].root, "joined under another root")
        require((directory.party, directory.to) == (absent, keeper), "not its directory")
        require(directory.version == number(entry.deed["version"]), "another version")

    def _in_hand(self, entry: Entry, keeper: str, told: int) -> None:
        """The day on the paper, its scan, the registry's word, and the officer who had it."""
        paper = struct(entry.fields.get("paper"), "on", optional=("number", "own"))
        require(DAY.match(str(paper["on"])), "a paper without its day")
        scans = [digest(one) for one in array(entry.fields.get("evidence", []))]
        require(bool(scans) != ("ciphertext" in entry.fields), "a paper that nobody scanned")
        words = [
            struct(one, "article", "clause", "reason", "office")
            for one in array(entry.fields.get("attested", []))
        ]
        said = [str(one["office"]) for one in words if one["clause"] == "paper"]
        require(any(one.startswith(keeper + "/") for one in said), "nobody has it in hand")
        directory = self.directory_at(keeper, told)
        deed = name_of(_canonical(entry.deed))
        whys = [
            self._approval(one, deed, directory, among=directory.registrars)
            for one in entry.approvals()
        ]
        require("" in whys, f"no officer of the registry signed: {whys}")

    def _passed_on(self, entry: Entry) -> None:
        """One of the entry's documents proves where the item comes from, and that it may go on."""
        whys = [self._origin(one, entry) for one in array(entry.fields.get("evidence", []))]
        require("" in whys, f"no proof of origin: {whys}")

    def _origin(self, name: Any, entry: Entry) -> str:
        try:
            proof = struct(
                read_canonical(self._document(name)),
                *("origin", "log", "directory", "checkpoint", "leaves"),
            )
            require(number(proof["origin"]) == 1, "a version that nobody knows")
            place = struct(entry.deed["origin"], "log", "index")
            require(proof["log"] == place["log"], "of another log")
            note, directory = Note(unbase64(proof["checkpoint"])), self._originator(proof)
            require((note.log, note.owner) == (proof["log"], directory.party), "another's log")
            note.verify_owner(directory.ledger)
            require(list(note.lines) == [note.owner], "other lines than its owner's")
            head = {"log": note.log, "size": note.size, "root": "sha384:" + note.root.hex()}
            require(head in array(entry.fields.get("also", [])), "a head that is not named")
            leaves = array(proof["leaves"])
            require(1 <= len(leaves) <= 8, "no leaf, or too many")
            found = dict(_in_tree(one, note) for one in leaves)
            self._as_received(found, entry, directory.party)
        except NotBelievedError as error:
            return str(error)
        return ""

    def _originator(self, proof: Document) -> Directory:
        """The originator's directory, under the root that was given, or unconfirmed its own."""
        directory = Directory(unbase64(proof["directory"]))
        given = self.roots.get(directory.party)
        require(given in (None, key_name(directory.root)), f"another root of {directory.party}")
        self.unconfirmed |= given is None
        return directory

    def _as_received(self, found: dict[int, Entry], entry: Entry, originator: str) -> None:
        place, deed = entry.deed["origin"], entry.deed
        first = found.get(number(place["index"]))
        if first is None or first.kind != "release.release":
            refuse("the leaf that provided the item is not proven")
        require(first.deed["item"]["originator"] == originator, "the log of another party")
        same = ("originator", "label", "subject", "form", "pages", "annexes", "plaintext")
        for field in same:
            require(deed["item"][field] == first.deed["item"][field], f"another {field}")
        require(first.deed["agreement"] in self.documents, "under a text that is not here")
        meant = names_in(self.documents[first.deed["agreement"]], deed["to"])
        granted = [
            one
            for one in found.values()
            if one.kind == "consent.grant"
            and (one.deed["item"], one.deed["uses"]) == (place, "third-party")
            and one.deed.get("third_party") in meant
            and entry.at < instant(one.deed["until"])
            and one.deed.get("mode", "own-use") in {"own-use", "pass-on-only"}
        ]
        require(granted, "its originator did not consent to this")

    def _approved(self, entry: Entry, owner: str) -> None:
        """A release, and a receipt for a document, are signed by a person of the directory."""
        needed = entry.kind == "release.release" or (
            entry.kind == "delivery.receipt" and entry.deed["stage"] == "document"
        )
        if not needed:
            return
        deed = name_of(_canonical(entry.deed))
        directory = self.directory_at(owner, entry.index)
        whys = [self._approval(one, deed, directory) for one in entry.approvals()]
        require("" in whys, f"nobody approved: {whys}")

    def _approval(
        self,
        approval: Document,
        deed: str,
        directory: Directory,
        *,
        among: set[str] | None = None,
    ) -> str:
        try:
            paper = struct(
                read_canonical(self._document(approval["document"])),
                *("scheme", "key", "root", "size", "signature"),
                optional=("client_data", "authenticator"),
            )
            require(number(paper["size"]) == number(approval["size"]), "another list")
            require(paper["key"] in directory.persons, "nobody holds this key")
            require(among is None or paper["key"] in among, "a person of another role")
            path = [unbase64(one) for one in array(approval["path"])]
            place = (number(approval["index"]), number(approval["size"]))
            root = root_from_path(leaf_hash(raw_of(deed)), *place, path)
            require(root == raw_of(digest(paper["root"])), "not in the list that was signed")
            public, domain = directory.persons[paper["key"]]
            scheme = "passkey" if domain else "key-file"
            parts = {"client_data", "authenticator"} & paper.keys()
            require(paper["scheme"] == scheme and len(parts) == (2 if domain else 0), "scheme")
            if domain:
                said, device = unbase64(paper["client_data"]), unbase64(paper["authenticator"])
                verify_passkey(public, domain, root, said, device, unbase64(paper["signature"]))
            else:
                verify_signature(public, "approval", root, unbase64(paper["signature"]))
        except NotBelievedError as error:
            return str(error)
        return ""

    def _signed_texts(self) -> None:
        """Signatures on texts hold; what was provided is under a text that both signed."""
        signed: dict[str, set[str]] = {}
        for one in self._all():
            if one.kind == "treaty.sign":
                owner = self.checkpoints[one.log].owner
                if one.attested:
                    # The signature is on the paper; the keeper says that it has it.
                    require(one.deed["signature"] == "", "a signature of a party without keys")
                    self._document(one.deed["text"])
                    other = self.checkpoints[one.log].other
                    signed.setdefault(one.deed["text"], set()).add(other)
                    continue
                directory = self.directory_at(owner, one.index)
                text, signature = self._document(one.deed["text"]), unbase64(one.deed["signature"])
                verify_signature(directory.ledger, "agreement", text, signature)
                signed.setdefault(one.deed["text"], set()).add(owner)
        for one in self._all():
            if one.kind in {"release.release", "delivery.receipt"}:
                both = signed.get(one.deed["agreement"], set())
                require(both == set(self.parties), "under a text that not both have signed")

    def _nothing_more(self) -> None:
        """Everything in the file is named by an entry, and everything named is in the file."""
        names = {name for one in self._all() for name in one.names()}
        require(names == set(self.documents), "documents and entries do not match")
        cuts = {one.seen["digest"] for one in self._all() if one.seen}
        require(cuts == set(self.notes), "notes and entries do not match")
        ground = {
            one.deed["agreement"] for one in self._all() if one.kind.startswith(("link.", "treaty"))
        }
        require(len(ground) == 1 and not ground & names, "instruments under another text")


def _in_tree(value: Any, note: Note) -> tuple[int, Entry]:
    """Return a leaf of a proof of origin, which a path leads to the root of its log."""
    one = struct(value, "index", "leaf", "path")
    index, leaf = number(one["index"]), unbase64(one["leaf"])
    path = [unbase64(each) for each in array(one["path"])]
    require(all(len(each) == 48 for each in path) and len(path) <= 53, "not a path")
    root = root_from_path(leaf_hash(leaf), index, note.size, path)
    require(root == note.root, "a leaf that is not in its log")
    entry = Entry(note.log, index, leaf)
    entry.read_all()
    return index, entry


def names_in(text: bytes, party: str) -> set[str]:
    """Return by which names a party is meant under a text: its own, and those of its groups.

    They are terms of the clause on third parties: which name stands for which nations.
    """
    source = unbase64(read_canonical(text)["agreement"]).decode("utf-8")
    clauses = [
        one
        for terms in TERMS.findall(source)
        for one in array(tomllib.loads(terms).get("clause", []))
        if one.get("type") == "third-party"
    ]
    groups = dict(clauses[0].get("groups", {})) if clauses else {}
    return {party, *(group for group, nations in groups.items() if party in array(nations))}


def _canonical(value: Document) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def _note_name(raw: bytes) -> str:
    return name_of(raw.partition(b"\n\n")[0] + b"\n")


def _by_name(values: Any, name: Callable[[bytes], str]) -> dict[str, bytes]:
    raws = [unbase64(one) for one in array(values)]
    names = [name(raw) for raw in raws]
    require(names == sorted(set(names)), "documents and notes stand in order, once each")
    return dict(zip(names, raws, strict=True))


def judge(raw: bytes, roots: dict[str, str]) -> tuple[int, str]:
    """Return the exit status for a file, and one line of words."""
    try:
        file = File(raw, roots)
        file.verify()
        signing = [one for one in file.parties if file.directories[one]]
        found = {one: key_name(file.directories[one][0][1].root) for one in signing}
        for party in signing:
            require(roots.get(party, found[party]) == found[party], f"another root of {party}")
    except NotBelievedError as error:
        return REFUSED, f"not believed: {error}"
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return REFUSED, f"not believed: not the form of evidence ({type(error).__name__})"
    if set(signing) <= set(roots) and not file.unconfirmed:
        return PROVEN, "proven (no clause was judged)"
    return UNCONFIRMED, "consistent, roots not confirmed"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Verify an evidence file, a second time.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--root", action="append", default=[], metavar="PARTY=DIGEST")
    parsed = parser.parse_args(arguments)
    roots = dict(one.partition("=")[::2] for one in parsed.root)
    if not all(DIGEST.match(one) for one in roots.values()):
        sys.stderr.write("a root is given as KOR=sha384:…\n")
        return MISUSED
    try:
        raw = parsed.file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"{error.strerror}\n")
        return REFUSED
    status, words = judge(raw, roots)
    sys.stdout.write(words + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
