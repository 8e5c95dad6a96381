"""An item that went on to a third party, its evidence, and how a liar would forge its origin.

Everybody lies here: Tokyo enters what it likes, Washington cosigns it, and Seoul, where a vector
says so, writes another log and signs that. What both verifiers refuse then, they refuse of anyone.
"""

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from msgspec import structs

from comity.acts.canonical import encode
from comity.acts.deeds import Mode, Uses
from comity.agreement.text import bundle_bytes, open_bundle
from comity.evidence.bundle import ProvenLeaf, ProvenLog, decode_evidence
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, cosign, sign_checkpoint
from comity.ledger.notes import with_line
from comity.ledger.tree import root_of
from comity.node.consents import Terms
from comity.node.node import Node
from comity.node.proving import evidence_for
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party
from tests.scenarios.test_onward import approved, find, pass_on, received
from tests.second_verifier.crossing import path_of
from tests.second_verifier.verify import name_of
from tests.support.naive_tree import NaiveTree
from tests.support.pair import JPN, KOR, USA, entitle, gsomia
from tests.support.three import Three, three

Document = dict[str, Any]

# What goes on here its holder only passes on: both verifiers read the mode of the consent.
PASS_ON = Terms(uses=Uses.THIRD_PARTY, third_party=USA, mode=Mode.ONWARD_ONLY)
ORIGIN, ON = correspondence(KOR, JPN), correspondence(JPN, USA)


@dataclass(frozen=True)
class Onward:
    """Three houses, and the evidence that Washington has of what came from Seoul by Tokyo."""

    houses: Three
    raw: bytes
    roots: dict[Party, Digest]


GROUP = structs.replace(PASS_ON, third_party=Party("NATO"))


@lru_cache(maxsize=2)
def onward(groups: str = "") -> Onward:
    """Let an item go on with its originator's consent; real keys and signatures.

    With ``groups`` the text of Seoul and Tokyo says which name stands for which nations, and the
    consent is for the group.
    """
    shipped = open_bundle(gsomia())
    source = shipped.source.replace('counts = "any-other-state"', f"groups = {groups}", 1)
    grouped = bundle_bytes(source.encode(), shipped.cases.encode(), {}) if groups else gsomia()
    houses = three(suite=REAL, bundles={(KOR, JPN): grouped})
    entitle(houses.nodes[JPN], "sato", level="JPN:gokuhi", subject="dprk.missile")
    item = received(houses)
    approved(houses, item, GROUP if groups else PASS_ON)
    entered = pass_on(houses, item)
    houses.carry()
    washington = houses.nodes[USA]
    raw = evidence_for(washington, find(washington, JPN, entered))
    roots = {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in houses.nodes.items()
    }
    return Onward(houses, raw, roots)


def forged(made: Onward, change: Document) -> bytes:
    """Return the evidence as liars with all keys that a vector grants them would make it.

    Args:
        made: What happened.
        change: ``origin``: fields of Seoul's leaf that provided the item, ``grant``: of its
            grant, by dotted path, or null for leaving the leaf out of the proof; both signed by
            Seoul again. ``proof``: fields of the proof. ``entry``: fields of Tokyo's entry.
            ``flip``: a bit of a field of the proof. ``stranger``: Seoul's log is signed by
            Washington's key. ``by``: whose directory proves it. ``no_evidence``, ``no_head``.
    """
    evidence = decode_evidence(made.raw)
    log = next(one for one in evidence.logs if one.log == ON)
    leaves = {one.index: json.loads(one.leaf) for one in log.leaves}
    subject = leaves[evidence.subject.index]
    documents = {name_of(raw): raw for raw in evidence.documents}
    name = next(one for one in subject["evidence"] if b'"origin":1' in documents[one])
    proof = json.loads(documents.pop(name))
    _originated(made, proof, subject, change)
    for path, value in change.get("proof", {}).items():
        _set(proof, path, value)
    for path, at in change.get("flip", {}).items():
        *_, (place, last) = _ways(proof, path)
        raw = bytearray(base64.b64decode(place[last]))
        raw[at] ^= 1
        place[last] = base64.b64encode(raw).decode()
    again = _plain(proof)
    subject["evidence"] = [name_of(again) if one == name else one for one in subject["evidence"]]
    documents[name_of(again)] = again
    if change.get("no_evidence"):
        del documents[name_of(again)]
        subject["evidence"].remove(name_of(again))
    if change.get("no_head"):
        del subject["also"]
    for path, value in change.get("entry", {}).items():
        _set(subject, path, value)
    ordered = [_plain(leaves[at]) for at in range(len(leaves))]
    proven = ProvenLog(
        log=ON,
        checkpoint=_signed(made, ON, ordered, by=JPN, cosigner=USA),
        leaves=tuple(
            ProvenLeaf(index=at, leaf=leaf, path=path_of(ordered, at))
            for at, leaf in enumerate(ordered)
        ),
    )
    notes = []
    for one in evidence.notes:
        stands = checkpoint_of(one.note)
        path = one.path
        if stands.log == ON and 0 < stands.size < len(ordered):
            path = tuple(NaiveTree(ordered).proof(stands.size, len(ordered)))
        notes.append(type(one)(note=one.note, path=path))
    return encode(
        type(evidence)(
            comity=1,
            subject=evidence.subject,
            parties=evidence.parties,
            logs=tuple(proven if one.log == ON else one for one in evidence.logs),
            notes=tuple(notes),
            first_directories=evidence.first_directories,
            documents=tuple(documents[one] for one in sorted(documents)),
        )
    )


def _originated(made: Onward, proof: Document, subject: Document, change: Document) -> None:
    """Write Seoul's log again, prove it, and let Tokyo's entry name its head."""
    wanted = {"origin", "grant", "stranger", "by", "cosigned"} & change.keys()
    if not wanted:
        return
    with made.houses.nodes[KOR].store.reading() as tx:
        leaves = tx.leaves(ORIGIN, 0, tx.frontier(ORIGIN).size)
    places = {"origin": subject["deed"]["origin"]["index"], "grant": proof["leaves"][-1]["index"]}
    for what, index in places.items():
        if change.get(what):
            leaf = json.loads(leaves[index])
            for path, value in change[what].items():
                _set(leaf, path, value)
            leaves[index] = _plain(leaf)
    signer = USA if change.get("stranger") else KOR
    note = _signed(made, ORIGIN, leaves, by=signer, cosigner=change.get("cosigned"))
    kept = [index for what, index in places.items() if change.get(what, {}) is not None]
    proof["checkpoint"] = base64.b64encode(note).decode()
    proof["leaves"] = [
        {
            "index": at,
            "leaf": base64.b64encode(leaves[at]).decode(),
            "path": [base64.b64encode(one).decode() for one in path_of(leaves, at)],
        }
        for at in sorted(kept)
    ]
    if change.get("by"):
        evidence = decode_evidence(made.raw)
        at = evidence.parties.index(change["by"])
        proof["directory"] = base64.b64encode(evidence.first_directories[at]).decode()
    root = digest_from_bytes(root_of(leaves))
    subject["also"] = [{"log": ORIGIN, "size": len(leaves), "root": root}]


def _signed(
    made: Onward, log: LogName, leaves: list[bytes], *, by: Party, cosigner: Party | None = None
) -> bytes:
    """Return a checkpoint in the name of the log's owner, whoever's key signs it."""
    at = made.houses.clock.now()
    stands = Checkpoint(log=log, size=len(leaves), root=digest_from_bytes(root_of(leaves)), time=at)
    note = sign_checkpoint(REAL, *_keys(made.houses.nodes[by]), stands)
    if cosigner is None:
        return note
    line = cosign(REAL, *_keys(made.houses.nodes[cosigner]), note, name=cosigner, time=at)
    return with_line(note, line)


def _keys(node: Node) -> tuple[bytes, bytes]:
    private = node.vault.ledger()
    return private, REAL.signing_public(private)


def _ways(document: Any, path: str) -> list[tuple[Any, Any]]:
    """Return the places on a dotted path, each with the name of what follows."""
    found = []
    for step in path.split("."):
        name: Any = int(step) if step.lstrip("-").isdigit() else step
        found.append((document, name))
        document = document[name] if isinstance(document, list) else document.get(name)
    return found


def _set(document: Document, path: str, value: object) -> None:
    """Set a field, or with null leave it out."""
    *_, (place, last) = _ways(document, path)
    if value is None:
        del place[last]
    else:
        place[last] = value


def _plain(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
