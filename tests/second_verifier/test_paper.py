"""Evidence of what a party did on paper: both verifiers take it, and none of its forgeries."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from msgspec import UNSET, structs

from comity.acts.canonical import digest, digest_of, encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Paper
from comity.evidence.bundle import Evidence, ProvenLeaf, decode_evidence
from comity.ledger.approvals import approvals_of, sign_approval
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, sign_checkpoint
from comity.ledger.tree import root_of
from comity.node.proving import evidence_for
from comity.register.rows import ItemOf
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.logs import standing_in
from comity.vocabulary.names import Office, Party
from tests.scenarios.test_paper import agreed, assured, handed, join, receipted, released
from tests.second_verifier import verify as second
from tests.second_verifier.crossing import path_of, pruned
from tests.second_verifier.test_both_verifiers import statuses
from tests.support.pair import JPN, KOR, Pair, pair

KEPT = standing_in(KOR, JPN)
FLIPS = 160


@dataclass(frozen=True)
class Alone:
    """Seoul, whose counterpart keeps paper: an item out with its receipt, and an item in."""

    two: Pair
    out: ItemOf
    back: ItemOf

    def evidence(self, item: ItemOf) -> bytes:
        return evidence_for(self.two.seoul, item)

    def roots(self, *parties: Party) -> dict[Party, Digest]:
        return {
            one: key_id(REAL.signing_public(self.two.nodes[one].vault.root())) for one in parties
        }


@pytest.fixture(scope="module")
def alone() -> Alone:
    two = pair(suite=REAL)
    agreed(two)
    assured(two)
    out = released(two)
    receipted(two, out)
    return Alone(two, out, handed(two))


def test_what_one_party_signed_is_proven_under_its_root_alone(alone: Alone) -> None:
    for item in (alone.out, alone.back):
        raw = alone.evidence(item)
        assert statuses(raw, alone.roots(KOR)) == (0, 0)
        assert statuses(raw, {}) == (3, 3)
        assert statuses(raw, {KOR: alone.roots(JPN)[JPN]}) == (4, 4)


def test_one_bit_changed_anywhere_is_refused_by_both(alone: Alone) -> None:
    raw = alone.evidence(alone.out)
    wrong = []
    for number in range(FLIPS):
        at = number * (len(raw) - 1) // (FLIPS - 1)
        changed = raw[:at] + bytes([raw[at] ^ 1 << number % 7]) + raw[at + 1 :]
        if statuses(changed, alone.roots(KOR)) != (4, 4):
            wrong.append(at)
    assert wrong == []


def _last(entry: Entry) -> bool:
    return entry.deed.__struct_config__.tag == "delivery.receipt"


def otherwise(alone: Alone, change: Callable[[Entry], Entry], *documents: bytes) -> bytes:
    """Return evidence in which Seoul wrote the receipt down otherwise, under its own key."""
    evidence: Evidence = decode_evidence(alone.evidence(alone.out))
    kept = next(one for one in evidence.logs if one.log == KEPT)
    assert [one.index for one in kept.leaves] == list(range(len(kept.leaves)))
    leaves = [one.leaf for one in kept.leaves]
    at = next(n for n, leaf in enumerate(leaves) if _last(decode_entry(leaf)))
    leaves[at] = encode(change(decode_entry(leaves[at])))
    whole, seoul = checkpoint_of(kept.checkpoint), alone.two.seoul
    root = digest_from_bytes(root_of(leaves))
    stands = Checkpoint(log=KEPT, size=len(leaves), root=root, time=whole.time)
    private = seoul.vault.ledger()
    note = sign_checkpoint(REAL, private, REAL.signing_public(private), stands)
    proven = structs.replace(
        kept,
        checkpoint=note,
        leaves=tuple(
            ProvenLeaf(index=n, leaf=leaf, path=path_of(leaves, n)) for n, leaf in enumerate(leaves)
        ),
    )
    logs = tuple(proven if one.log == KEPT else one for one in evidence.logs)
    held = {digest(raw): raw for raw in (*evidence.documents, *documents)}
    found = tuple(held[name] for name in sorted(held))
    return encode(pruned(structs.replace(evidence, logs=logs, documents=found)))


def _elsewhere(entry: Entry) -> Entry:
    (said,) = entry.attested  # type: ignore[misc]
    return structs.replace(entry, attested=(structs.replace(said, office=Office("JPN/REGISTRY")),))


FORGERIES: dict[str, Callable[[Entry], Entry]] = {
    "no day on the paper": lambda one: structs.replace(one, paper=Paper(number="情受第12号")),
    "no paper at all": lambda one: structs.replace(one, paper=UNSET),
    "no scan": lambda one: structs.replace(one, evidence=UNSET),
    "nobody has it in hand": lambda one: structs.replace(one, attested=UNSET),
    "the absent party's own word": _elsewhere,
    "nobody signed": lambda one: structs.replace(one, approvals=UNSET),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_the_keeper_may_not_write_down_is_refused_by_both(alone: Alone, what: str) -> None:
    assert statuses(otherwise(alone, lambda one: one), alone.roots(KOR)) == (0, 0)
    assert statuses(otherwise(alone, FORGERIES[what]), alone.roots(KOR)) == (4, 4)


def test_a_signature_of_somebody_else_of_the_house_is_refused_by_both(alone: Alone) -> None:
    private = alone.two.seoul.vault.person("kim")
    kept = next(one for one in decode_evidence(alone.evidence(alone.out)).logs if one.log == KEPT)
    entry = next(one for one in (decode_entry(leaf.leaf) for leaf in kept.leaves) if _last(one))
    name = digest_of(entry.deed)
    signed = sign_approval(REAL, private, [name])
    raw = otherwise(
        alone,
        lambda one: structs.replace(one, approvals=approvals_of(signed, [name])),
        encode(signed),
    )
    assert statuses(raw, alone.roots(KOR)) == (4, 4)
    assert "a person of another role" in second.judge(raw, dict(alone.roots(KOR)))[1]


def test_after_joining_both_tell_paper_from_signature_and_need_both_roots() -> None:
    two = pair(suite=REAL)
    agreed(two)
    assured(two)
    before = released(two)
    receipted(two, before)
    on_paper = handed(two)
    two.clock.turn(86400.0)
    join(two)
    again = released(two)
    two.carry()
    house = Alone(two, before, on_paper)
    for node in two.nodes.values():
        for item in (before, on_paper, again):
            raw = evidence_for(node, item)
            assert statuses(raw, house.roots(KOR, JPN)) == (0, 0)
            assert statuses(raw, house.roots(KOR)) == (3, 3)
