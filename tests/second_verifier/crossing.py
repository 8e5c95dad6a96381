"""One crossing with real signatures, its evidence, and ways to take the file apart and forge it.

Forging is done with the parties' own keys: what a party that lies could sign, not only what a
stranger could change.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from comity.acts.canonical import digest, encode
from comity.acts.deeds import Stage
from comity.acts.entries import Entry, decode_entry
from comity.evidence.bundle import Evidence, ProvenLeaf, ProvenLog, ProvenNote, decode_evidence
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, cosign, sign_checkpoint
from comity.ledger.notes import note_digest, with_line
from comity.ledger.tree import root_of
from comity.node import deciding, receiving, releases
from comity.node.node import Node
from comity.node.proving import evidence_for
from comity.node.signing import Signer, by_key_file
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Regime, Subject
from tests.second_verifier.verify import Entry as SecondEntry
from tests.support.naive_tree import NaiveTree
from tests.support.pair import JPN, KOR, LATER, Pair, under_the_pact

OURS, THEIRS = correspondence(KOR, JPN), correspondence(JPN, KOR)


@dataclass(frozen=True)
class Crossing:
    """Two houses between which one report has crossed and been receipted, and the proof."""

    two: Pair
    raw: bytes
    roots: dict[Party, Digest]

    @property
    def evidence(self) -> Evidence:
        return decode_evidence(self.raw)


def agreed() -> Pair:
    """Bring two houses with real keys to the point where something may be released."""
    return under_the_pact(suite=REAL)


def crossed(
    approves: Signer = by_key_file, receives: Signer = by_key_file, begun: Pair | None = None
) -> Crossing:
    """Let a report cross from Seoul to Tokyo and be receipted; real keys and signatures."""
    two = agreed() if begun is None else begun
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
        pages=4,
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"), sign=approves)
    two.carry()
    with two.tokyo.store.reading() as tx:
        reference = entered[0].entry.deed.item.reference  # type: ignore[union-attr]
        item = receiving.find_item(tx, KOR, reference)
    registry, level = PersonId("suzuki"), Level("JPN:tokutei-himitsu")
    regime = Regime("JPN:tokutei-himitsu")
    receiving.register(two.tokyo, item, officer=registry)
    receiving.designate(
        two.tokyo, item, regime=regime, level=level, until=LATER, officer=PersonId("mori")
    )
    receiving.re_mark(two.tokyo, item, level=level, regime=regime, officer=registry)
    receiving.receipt(
        two.tokyo, item, custodian=PersonId("ito"), stage=Stage.DOCUMENT, sign=receives
    )
    two.carry()
    roots = {
        node.party: key_id(node.suite.signing_public(node.vault.root())) for node, _ in two.links()
    }
    return Crossing(two, evidence_for(two.seoul, item), roots)


def without_leaf(evidence: Evidence, log: LogName, index: int) -> Evidence:
    """Leave one leaf out, and with it what nothing else in the file names."""
    logs = tuple(
        msgspec.structs.replace(
            one,
            leaves=tuple(leaf for leaf in one.leaves if one.log != log or leaf.index != index),
        )
        for one in evidence.logs
    )
    return pruned(msgspec.structs.replace(evidence, logs=logs))


def pruned(evidence: Evidence) -> Evidence:
    """Leave out the documents and notes that no entry names."""
    names: set[str] = set()
    for one in evidence.logs:
        for leaf in one.leaves:
            entry = SecondEntry(one.log, leaf.index, leaf.leaf)
            names.update(entry.names())
            if entry.seen:
                names.add(entry.seen["digest"])
    return msgspec.structs.replace(
        evidence,
        documents=tuple(raw for raw in evidence.documents if digest(raw) in names),
        notes=tuple(one for one in evidence.notes if note_digest(one.note) in names),
    )


def forged_release(
    crossing: Crossing, change: Callable[[Entry], Entry], documents: tuple[bytes, ...] = ()
) -> bytes:
    """Return evidence in which KOR entered its release otherwise, signed and cosigned by both.

    The receipt is left out: it has seen the log as it was.
    """
    return forged(crossing, crossing.evidence.subject.index, change, documents)


def forged(
    crossing: Crossing,
    index: int,
    change: Callable[[Entry], Entry],
    documents: tuple[bytes, ...] = (),
) -> bytes:
    """Return evidence with one entry of KOR's log changed, under a new checkpoint of both."""
    evidence = crossing.evidence
    receipt = next(one for one in evidence.logs if one.log == THEIRS).leaves[-1]
    evidence = without_leaf(evidence, THEIRS, receipt.index)
    log = next(one for one in evidence.logs if one.log == OURS)
    leaves = {one.index: one.leaf for one in log.leaves}
    leaves[index] = encode(change(decode_entry(leaves[index])))
    assert sorted(leaves) == list(range(len(leaves)))  # the whole log is in the file
    ordered = [leaves[at] for at in sorted(leaves)]
    note = _signed(crossing.two, ordered)
    proven = ProvenLog(
        log=OURS,
        checkpoint=note,
        leaves=tuple(
            ProvenLeaf(index=at, leaf=leaf, path=path_of(ordered, at))
            for at, leaf in enumerate(ordered)
        ),
    )
    held = {digest(raw): raw for raw in (*evidence.documents, *documents)}
    again = msgspec.structs.replace(
        evidence,
        logs=tuple(proven if one.log == OURS else one for one in evidence.logs),
        notes=tuple(_again(one, ordered) for one in evidence.notes),
        documents=tuple(held[name] for name in sorted(held)),
    )
    return encode(pruned(again))


def _again(proven: ProvenNote, leaves: list[bytes]) -> ProvenNote:
    """Prove a note of KOR's log within the forged one: the best that a liar can do."""
    stands = checkpoint_of(proven.note)
    if stands.log != OURS or not 0 < stands.size < len(leaves):
        return proven
    path = tuple(NaiveTree(leaves).proof(stands.size, len(leaves)))
    return msgspec.structs.replace(proven, path=path)


def _signed(two: Pair, leaves: list[bytes]) -> bytes:
    at = two.clock.now()
    stands = Checkpoint(
        log=OURS, size=len(leaves), root=digest_from_bytes(root_of(leaves)), time=at
    )
    private, public = _ledger(two.seoul)
    note = sign_checkpoint(REAL, private, public, stands)
    private, public = _ledger(two.tokyo)
    return with_line(note, cosign(REAL, private, public, note, name=JPN, time=at))


def _ledger(node: Node) -> tuple[bytes, bytes]:
    private = node.vault.ledger()
    return private, REAL.signing_public(private)


def path_of(leaves: list[bytes], index: int) -> tuple[bytes, ...]:
    """Return an inclusion path, made the plain way: RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return ()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return (*path_of(left, index), root_of(right))
    return (*path_of(right, index - split), root_of(left))
