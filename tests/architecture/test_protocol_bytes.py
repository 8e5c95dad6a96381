"""``docs/protocol.md`` states worked bytes; here they are made again, with the code and apart."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import msgspec.inspect as types
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.documents import (
    ApprovalDocument,
    Particulars,
    PasskeyApproval,
    PublicProfile,
    decode_approval,
    decode_particulars,
)
from comity.acts.entries import LEAF_LIMIT, Entry, decode_entry
from comity.acts.judgements import Finding, Judgement, Outcome, Verdict, judgement_digest
from comity.acts.kinds import KINDS
from comity.acts.observations import Batch, Observation, observation_bytes
from comity.acts.parts import Approval, Item, Label, Position, Seen
from comity.agreement.text import Bundle
from comity.evidence.bundle import (
    EVIDENCE_LIMIT,
    Evidence,
    ProvenLeaf,
    ProvenLog,
    ProvenNote,
    decode_evidence,
)
from comity.exchange.answers import ANSWER_LIMIT, Answer, Word, decode_answer, identity
from comity.exchange.pouch import (
    CONTENT_INLINE,
    LEAVES_LIMIT,
    POUCH_LIMIT,
    Head,
    Outer,
    bucket,
    head_of,
    pack,
    unpack,
)
from comity.exchange.replicas import ReplicaAsk
from comity.ledger.approvals import approval_root, paths_of
from comity.ledger.checkpoints import Checkpoint, SeenRoot, parse, write
from comity.ledger.notes import KeyUse, key_hash, note_digest
from comity.ledger.proofs import verify_inclusion
from comity.ledger.tree import empty_root, leaf_hash, root_of
from comity.node.item_keys import ItemKeys
from comity.node.setup import Enrolment, decode_enrolment
from comity.node.slips import SlipBody, SlipItem
from comity.seal.cose import encode_cose
from comity.seal.directories import Directory, OfficeKey, SignedDirectory
from comity.seal.fingerprints import fingerprint_digits, key_id
from comity.seal.real import REAL
from comity.seal.revocations import Revocation, SignedRevocation
from comity.seal.salted import Salted, salted_digest
from comity.seal.signatures import signed_bytes
from comity.seal.suite import SignatureType
from comity.vocabulary import dates, digests, instants, logs, names, zones
from comity.vocabulary.digests import Digest, digest_from_bytes, digest_to_bytes
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Office,
    Party,
    Purpose,
    Reason,
    Reference,
    Subject,
)
from comity.vocabulary.phrases import phrase

PAGE = (Path(__file__).parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"<!-- worked: ([a-z-]+) -->\n```text\n(.*?)\n```\n", PAGE, re.DOTALL))

KOR, JPN = Party("KOR"), Party("JPN")
KDIA, DIH = Office("KOR/KDIA"), Office("JPN/DIH")
LOG, OTHER = LogName("comity/KOR/to/JPN"), LogName("comity/JPN/to/KOR")
NOON, LATER = Instant("2026-11-24T12:00:00.000Z"), Instant("2026-11-24T12:00:01.500Z")
SALT = bytes(range(16))
CONTENT = b"Nothing happened.\n"
PRIVATE = bytes([1]) * 32 + bytes([2]) * 32
TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - the one of the page


def word(text: str) -> Digest:
    """The page's stand-in for a document that it does not show."""
    return digest(text.encode())


def note(log: LogName, *signers: str) -> bytes:
    """A checkpoint of size 0 with stand-ins for its signatures."""
    text = write(Checkpoint(log=log, size=0, root=digest_from_bytes(empty_root()), time=NOON))
    lines = [f"— {one} {base64.b64encode(b'signature').decode()}\n" for one in signers]
    return text + b"\n" + "".join(lines).encode()


def item() -> Item:
    return Item(
        reference=Reference("KOR-2026-69B83413EB"),
        originator=KOR,
        providing=KOR,
        label=Label(level=Level("KOR:mil-2"), releasable=(JPN,), caveats=()),
        subject=Subject("dprk.missile.launch"),
        form=Form.ELECTRONIC,
        pages=1,
        annexes=0,
        plaintext=salted_digest(Salted.CONTENT, CONTENT, salt=SALT),
        sources=(),
    )


def particulars() -> Particulars:
    return Particulars(
        salt=SALT,
        title="발사 1건",
        lines=("One line.",),
        file_name="report.txt",
        media_type="text/plain",
        demonstration=True,
    )


def release() -> deeds.Release:
    return deeds.Release(
        by=KDIA,
        to=JPN,
        article=Article("8"),
        agreement=word("agreement"),
        offices=(DIH,),
        item=item(),
        purpose=Purpose("defence.missile-warning"),
        particulars=digest(encode(particulars())),
    )


def judgement() -> Judgement:
    finding = Finding(
        agreement=AgreementId("GROUND"),
        article=Article("4"),
        clause=Reason("ground"),
        verdict=Verdict.PERMITS,
        reason=phrase("ground.link.entered", act="link.directory"),
    )
    return Judgement(outcome=Outcome.LAWFUL, findings=(finding,), duties=())


def other_leaf() -> bytes:
    """The leaf of the second deed of the approved list."""
    return leaf_hash(digest_to_bytes(word("other deed")))


def entry() -> Entry:
    return Entry(
        deed=release(),
        at=LATER,
        salt=SALT,
        seen=Seen(
            size=0,
            root=digest_from_bytes(empty_root()),
            time=NOON,
            digest=note_digest(note(OTHER)),
        ),
        approvals=(Approval(document=digest(approval()), index=0, size=2, path=(other_leaf(),)),),
        ciphertext=word("ciphertext"),
        judgement=judgement_digest(judgement()),
    )


def approved_root() -> Digest:
    return approval_root([digest(encode(release())), word("other deed")])


def ed25519(type: SignatureType, message: bytes) -> str:  # noqa: A002 - the protocol's word
    """The first 64 bytes of a signature: Ed25519 is the half that is the same every time."""
    half = Ed25519PrivateKey.from_private_bytes(PRIVATE[:32]).sign(signed_bytes(type, message))
    return base64.b64encode(half).decode()


def approval() -> bytes:
    return encode(
        ApprovalDocument(
            key=key_id(REAL.signing_public(PRIVATE)),
            root=approved_root(),
            size=2,
            signature=b"signature",
        )
    )


def passkey_approval() -> bytes:
    """An assertion by an Ed25519 passkey, whose signature is the same every time."""
    private = Ed25519PrivateKey.from_private_bytes(PRIVATE[:32])
    public = encode_cose({1: 1, 3: -8, -1: 6, -2: private.public_key().public_bytes_raw()})
    challenge = base64.urlsafe_b64encode(digest_to_bytes(approved_root())).decode()
    said = (
        f'{{"type":"webauthn.get","challenge":"{challenge}",'
        '"origin":"https://desk.example","crossOrigin":false}'
    ).encode()
    device = hashlib.sha256(b"desk.example").digest() + b"\x05" + (7).to_bytes(4, "big")
    return encode(
        PasskeyApproval(
            key=key_id(public),
            root=approved_root(),
            size=2,
            client_data=said,
            authenticator=device,
            signature=private.sign(device + hashlib.sha256(said).digest()),
        )
    )


def checkpoint_text() -> bytes:
    return write(
        Checkpoint(
            log=LOG,
            size=1,
            root=digest_from_bytes(leaf_hash(encode(entry()))),
            time=LATER,
            seen=SeenRoot(0, digest_from_bytes(empty_root())),
        )
    )


def directory() -> Directory:
    return Directory(
        party=KOR,
        to=JPN,
        version=1,
        issued=NOON,
        expires=Instant("2027-02-22T12:00:00.000Z"),
        root=b"root key",
        ledger=b"ledger key",
        transport=b"transport key",
        certificate=b"certificate",
        address="registry.example:7443",
        offices=(
            OfficeKey(
                office=KDIA,
                epoch=1,
                since=NOON,
                until=Instant("2026-12-01T12:00:00.000Z"),
                public=b"office key",
            ),
        ),
        approvers=(),
    )


def signed_directory() -> bytes:
    return encode(SignedDirectory(directory=encode(directory()), signature=b"signature"))


def revocation() -> Revocation:
    return Revocation(comity=1, log=LOG, size=1, directory=digest(signed_directory()))


def enrolment() -> Enrolment:
    return Enrolment(
        party=KOR,
        to=JPN,
        root=b"root key",
        directory=signed_directory(),
        checkpoint=note(LOG, "KOR"),
        registry=KDIA,
        comity=1,
    )


def parcel() -> tuple[Any, list[bytes]]:
    return head_of(
        log=LOG,
        old=0,
        checkpoint=b"note",
        leaves=[b"leaf one", b"leaf two!"],
        documents={word("paper"): b"paper"},
        contents={},
        slips=[],
    )


def body() -> bytes:
    head, pieces = parcel()
    raw = encode(head)
    whole = len(raw).to_bytes(4, "big") + raw + b"".join(pieces)
    return whole + bytes(bucket(len(whole)) - len(whole))


def outer() -> bytes:
    return encode(Outer(peer=TOKEN, size=len(body()), version=1))


def slip() -> SlipBody:
    keys = ItemKeys(content=bytes([3]) * 32, particulars=bytes([4]) * 32, sealed=word("sealed"))
    return SlipBody(LOG, (SlipItem(0, keys),))


def answer() -> Answer:
    return Answer(
        word=Word.COSIGNED,
        log=LOG,
        size=1,
        time=LATER,
        checkpoint=b"note",
        own=b"note",
        wants=(),
        slips=(),
    )


def evidence() -> Evidence:
    leaf = ProvenLeaf(index=0, leaf=encode(entry()), path=())
    return Evidence(
        comity=1,
        subject=Position(log=LOG, index=0),
        parties=(JPN, KOR),
        logs=(
            ProvenLog(log=OTHER, checkpoint=note(OTHER, "JPN", "KOR"), leaves=()),
            ProvenLog(log=LOG, checkpoint=note(LOG, "KOR", "JPN"), leaves=(leaf,)),
        ),
        notes=(ProvenNote(note=note(OTHER, "JPN"), path=()),),
        first_directories=(b"directory of JPN", signed_directory()),
        documents=(approval(),),
    )


def journal_line() -> Entry:
    return Entry(
        deed=deeds.Leaves(
            by=KDIA,
            log=LOG,
            first=0,
            leaves=(leaf_hash(encode(entry())),),
            common=(digest_to_bytes(judgement_digest(judgement())),),
            domestic=(bytes(48),),
        ),
        at=LATER,
        salt=SALT,
    )


def cosigned() -> bytes:
    return b"cosignature/v1\ntime 2026-11-24T12:00:02.000Z\n" + checkpoint_text()


PATTERNS = {
    digests.PATTERN: "digest",
    instants.PATTERN: "instant",
    dates.PATTERN: "date",
    logs.PATTERN: "log",
    zones.PATTERN: "zone-rule",
    names.PARTY: "party",
    names.OFFICE: "office",
    names.LEVEL: "level",
    names.SUBJECT: "subject",
    names.REFERENCE: "reference",
    names.AGREEMENT: "agreement-id",
    names.ARTICLE: "article",
    names.PERSON: "person",
    names.PSEUDONYM: "pseudonym",
    names.REASON: "code",
}


def bounds(kind: str, least: int | None, most: int | None) -> str:
    """A kind of value with how long or how large it may be."""
    if least == most is None:
        return kind
    return f"{kind} {least or 0}" if least == most else f"{kind} {least or 0}..{most}"


def shape(value: types.Type, known: dict[str, types.StructType]) -> str:
    """What a field holds, in the notation of the page."""
    match value:
        case types.StrType(pattern=str(pattern)):
            return PATTERNS.get(pattern, f"/{pattern}/")
        case types.StrType(min_length=least, max_length=most):
            return bounds("text", least, most)
        case types.BytesType(min_length=least, max_length=most):
            return bounds("bytes", least, most)
        case types.IntType(ge=0, le=most) if most == 2**53 - 1:
            return "count"
        case types.IntType(ge=least, le=most):
            return f"{least}..{most}"
        case types.BoolType():
            return "boolean"
        case types.EnumType(cls=cls):
            return " | ".join(f'"{one.value}"' for one in cls)
        case types.VarTupleType(item_type=inner, min_length=least, max_length=most):
            return bounds(f"[{shape(inner, known)}]", least, most)
        case types.DictType(key_type=key, value_type=inner):
            return f"{{{shape(key, known)}: {shape(inner, known)}}}"
        case types.UnionType():
            return "deed"
        case types.StructType(cls=cls):
            known.setdefault(cls.__name__, value)
            return str(cls.__name__)
        case _:
            raise AssertionError(value)


def written(struct: types.StructType, known: dict[str, types.StructType]) -> str:
    """One document with its fields, sorted as they stand in its bytes."""
    bases = [
        base
        for base in (deeds.Outward, deeds.Inward)
        if issubclass(struct.cls, base) and struct.cls is not base
    ]
    inherited = set().union(*(base.__struct_fields__ for base in bases))
    fields = sorted(struct.fields, key=lambda one: one.encode_name)
    lines = [
        f"  {one.encode_name}{'' if one.required else '?'}: {shape(one.type, known)}"
        for one in fields
        if one.encode_name not in inherited
    ]
    name = str(struct.cls.__name__ if struct.tag is None else struct.tag)
    return "\n".join((" ".join([name, *(base.__name__.lower() for base in bases)]), *lines))


def schema(*roots: type) -> str:
    """The fields of these documents and of all that they are made of."""
    known: dict[str, types.StructType] = {}
    for root in roots:
        shape(types.type_info(root), known)
    made: dict[str, str] = {}
    while rest := [name for name in known if name not in made]:
        made.update({name: written(known[name], known) for name in rest})
    return "\n".join(made.values())


def batch() -> Batch:
    return Batch(
        observations=tuple(
            Observation(number=7 + place, at=NOON, data=data, salt=SALT)
            for place, data in enumerate((b"first", b"second", b"third"))
        )
    )


def batch_hashes() -> list[bytes]:
    return [leaf_hash(observation_bytes(one)) for one in batch().observations]


def worked() -> dict[str, str]:
    """All worked bytes of the page, made with the code."""
    public = REAL.signing_public(PRIVATE)
    made: dict[str, str | bytes] = {
        "content-digest": salted_digest(Salted.CONTENT, CONTENT, salt=SALT),
        "particulars": encode(particulars()),
        "particulars-digest": digest(encode(particulars())),
        "core": encode(item()),
        "core-digest": digest(encode(item())),
        "deed": encode(release()),
        "deed-digest": digest(encode(release())),
        "approval-root": approved_root(),
        "approval-signature": ed25519(SignatureType.APPROVAL, digest_to_bytes(approved_root())),
        "approval": approval(),
        "approval-passkey": passkey_approval(),
        "judgement": encode(judgement()),
        "judgement-digest": judgement_digest(judgement()),
        "entry": encode(entry()),
        "leaf-hash": leaf_hash(encode(entry())).hex(),
        "empty-root": empty_root().hex(),
        "three-root": root_of([b"a", b"b", b"c"]).hex(),
        "three-path": "\n".join((leaf_hash(b"a").hex(), leaf_hash(b"c").hex())),
        "key-id": key_id(public),
        "fingerprint": fingerprint_digits(public),
        "checkpoint": checkpoint_text(),
        "note-digest": note_digest(checkpoint_text()),
        "checkpoint-key-hash": key_hash(KOR, KeyUse.CHECKPOINT, public).hex(),
        "cosignature-key-hash": key_hash(JPN, KeyUse.COSIGNATURE, public).hex(),
        "checkpoint-signature": ed25519(SignatureType.CHECKPOINT, checkpoint_text()),
        "cosigned": cosigned(),
        "cosignature-signature": ed25519(SignatureType.COSIGNATURE, cosigned()),
        "directory": encode(directory()),
        "signed-directory": signed_directory(),
        "enrolment": encode(enrolment()),
        "outer": outer(),
        "outer-info": digest(outer()),
        "head": encode(parcel()[0]),
        "identity": identity(LOG, 0, 1, digest_from_bytes(leaf_hash(encode(entry())))),
        "slip-body": encode(slip()),
        "answer": encode(answer()),
        "revocation": encode(revocation()),
        "signed-revocation": encode(
            SignedRevocation(
                directory=signed_directory(),
                revocation=encode(revocation()),
                signature=b"signature",
            )
        ),
        "replica-ask": encode(ReplicaAsk(log=LOG, old=1, contents=False)),
        "evidence": encode(evidence()),
        "journal-line": encode(journal_line()),
        "batch": encode(batch()),
        "batch-root": digest_from_bytes(paths_of(batch_hashes())[0]),
        "batch-path": "\n".join(one.hex() for one in paths_of(batch_hashes())[1][2]),
        "fields-deeds": schema(deeds.Outward, deeds.Inward, *KINDS),
        "fields-entry": schema(Entry),
        "fields-documents": schema(
            ApprovalDocument,
            PasskeyApproval,
            Particulars,
            Judgement,
            PublicProfile,
            Bundle,
            SlipBody,
            Batch,
        ),
        "fields-link": schema(
            SignedDirectory,
            Directory,
            Revocation,
            SignedRevocation,
            Enrolment,
            Outer,
            Head,
            Answer,
            ReplicaAsk,
        ),
        "fields-evidence": schema(Evidence),
    }
    return {
        name: (value.decode() if isinstance(value, bytes) else value).rstrip("\n")
        for name, value in made.items()
    }


def test_the_page_has_every_worked_block_and_no_other() -> None:
    assert sorted(BLOCKS) == sorted(worked())
    assert PAGE.count("<!-- worked:") == len(BLOCKS)


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_worked_bytes_are_those_that_the_code_makes(name: str) -> None:
    assert BLOCKS[name] == worked()[name]


def test_the_digests_of_the_page_follow_from_the_page_alone() -> None:
    def named(data: bytes) -> str:
        return "sha384:" + hashlib.sha384(data).hexdigest()

    for document, stated in (
        ("particulars", "particulars-digest"),
        ("core", "core-digest"),
        ("deed", "deed-digest"),
        ("judgement", "judgement-digest"),
        ("outer", "outer-info"),
    ):
        assert named(BLOCKS[document].encode()) == BLOCKS[stated]
    assert named(BLOCKS["checkpoint"].encode() + b"\n") == BLOCKS["note-digest"]
    assert named(b"comity/v1 salted content\n" + SALT + CONTENT) == BLOCKS["content-digest"]
    leaf = hashlib.sha384(b"\x00" + BLOCKS["entry"].encode()).digest()
    assert leaf.hex() == BLOCKS["leaf-hash"]
    lines = BLOCKS["checkpoint"].split("\n")
    assert base64.b64decode(lines[2]) == leaf
    size_one = f"comity/KOR/to/JPN\n0\n1\nsha384:{leaf.hex()}"
    assert named(size_one.encode()) == BLOCKS["identity"]
    one = hashlib.sha384(b"\x00" + bytes.fromhex(BLOCKS["deed-digest"][7:])).digest()
    two = hashlib.sha384(b"\x00" + hashlib.sha384(b"other deed").digest()).digest()
    assert named(b"\x01" + one + two) == BLOCKS["approval-root"]


def test_the_documents_of_the_page_hang_together() -> None:
    deed, core, whole = (json.loads(BLOCKS[name]) for name in ("deed", "core", "entry"))
    assert deed["item"] == core
    assert core["plaintext"] == BLOCKS["content-digest"]
    assert deed["particulars"] == BLOCKS["particulars-digest"]
    assert whole["deed"] == deed
    assert whole["judgement"] == BLOCKS["judgement-digest"]
    assert json.loads(BLOCKS["approval"])["root"] == BLOCKS["approval-root"]
    assert json.loads(BLOCKS["approval"])["key"] == BLOCKS["key-id"]
    signed = json.loads(BLOCKS["signed-directory"])
    assert base64.b64decode(signed["directory"]).decode() == BLOCKS["directory"]
    enrolled = json.loads(BLOCKS["enrolment"])
    assert base64.b64decode(enrolled["directory"]).decode() == BLOCKS["signed-directory"]
    proven = json.loads(BLOCKS["evidence"])["logs"][1]["leaves"][0]
    assert base64.b64decode(proven["leaf"]).decode() == BLOCKS["entry"]


def test_the_strict_decoders_take_the_documents_of_the_page() -> None:
    for name, decode in (
        ("particulars", decode_particulars),
        ("approval", decode_approval),
        ("approval-passkey", decode_approval),
        ("entry", decode_entry),
        ("journal-line", decode_entry),
        ("enrolment", decode_enrolment),
        ("answer", decode_answer),
        ("evidence", decode_evidence),
    ):
        raw = BLOCKS[name].encode()
        assert encode(decode(raw)) == raw, name
    assert parse(BLOCKS["checkpoint"].encode() + b"\n").size == 1


def test_the_ed25519_halves_of_the_page_verify_over_the_stated_bytes() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key().public_bytes_raw()
    root = bytes.fromhex(BLOCKS["approval-root"][7:])
    for name, covered in (
        ("approval-signature", b"comity/v1 approval\n" + root),
        ("checkpoint-signature", b"comity/v1 checkpoint\n" + BLOCKS["checkpoint"].encode() + b"\n"),
        ("cosignature-signature", b"comity/v1 cosignature\n" + BLOCKS["cosigned"].encode() + b"\n"),
    ):
        half = base64.b64decode(BLOCKS[name])
        Ed25519PublicKey.from_public_bytes(key).verify(half, covered)


def test_the_path_of_the_page_leads_to_its_root() -> None:
    left, right = BLOCKS["three-path"].split("\n")
    verify_inclusion(
        leaf_hash=hashlib.sha384(b"\x00b").digest(),
        index=1,
        size=3,
        path=[bytes.fromhex(left), bytes.fromhex(right)],
        root=bytes.fromhex(BLOCKS["three-root"]),
    )


def test_a_pouch_framed_as_the_page_says_is_the_one_that_is_packed_and_opened() -> None:
    private = REAL.generate_kem()
    public = REAL.kem_public(private)
    raw_outer, raw_head = BLOCKS["outer"].encode(), BLOCKS["head"].encode()
    framed = len(raw_head).to_bytes(4, "big") + raw_head + b"leaf oneleaf two!paper"
    framed += bytes(4096 - len(framed))
    sealed = REAL.seal_to(public, info=BLOCKS["outer-info"].encode(), plaintext=framed)
    wire = len(raw_outer).to_bytes(2, "big") + raw_outer + sealed
    pouch = unpack(REAL, wire, transport=private, token=TOKEN)
    assert pouch.leaves == (b"leaf one", b"leaf two!")
    assert pouch.documents == {word("paper"): b"paper"}
    head, pieces = parcel()
    packed = pack(REAL, head, pieces=pieces, transport=public, token=TOKEN)
    assert packed[: 2 + len(raw_outer)] == wire[: 2 + len(raw_outer)]
    assert len(packed) == len(wire)


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, cells without their backquotes."""
    part = PAGE.split(f"\n{heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert rows is not None
    cells = [line.strip("|\n").split("|") for line in rows[0].splitlines()[2:]]
    return [[cell.strip().strip("`") for cell in row] for row in cells]


def test_the_table_of_kinds_is_that_of_the_code() -> None:
    stated = {row[0]: (row[1], row[2]) for row in table("### Kinds")}
    assert stated == {
        str(kind.__struct_config__.tag): (where.log.value, where.family.value)
        for kind, where in KINDS.items()
    }


def test_the_tables_of_signatures_words_and_sizes_are_those_of_the_code() -> None:
    assert {row[0] for row in table("### Types of signature")} == {
        one.value for one in SignatureType
    }
    assert {row[0] for row in table("### Answers")} == {one.value for one in Word}
    assert {row[0]: int(row[1].replace(",", "")) for row in table("### Sizes")} == {
        "leaf": LEAF_LIMIT,
        "pouch": POUCH_LIMIT,
        "leaves of a pouch": LEAVES_LIMIT,
        "content in a pouch": CONTENT_INLINE,
        "answer": ANSWER_LIMIT,
        "evidence file": EVIDENCE_LIMIT,
    }
