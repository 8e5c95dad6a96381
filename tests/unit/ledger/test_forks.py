"""Proofs of a fork: what is one, and what only looks like one."""

from collections.abc import Sequence
from hashlib import sha384

import msgspec
import pytest

from comity.ledger.checkpoints import Checkpoint, SeenRoot, sign_checkpoint
from comity.ledger.forks import ForkProof, find_fork, verify_fork
from comity.ledger.proofs import NodeId, NodeReader
from comity.ledger.tiles import TileId, grown, tile_reader
from comity.ledger.tree import EMPTY, leaf_hash
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party
from tests.support.fast_suite import FAST, seeded

LOG = correspondence(Party("KOR"), Party("JPN"))
OTHER_LOG = correspondence(Party("KOR"), Party("USA"))
TIME = Instant("2026-11-24T10:00:00.000Z")
LATER = Instant("2026-11-25T10:00:00.000Z")

keys = seeded(b"forks")
KEY, NEW_KEY = keys.generate_signing(), keys.generate_signing()
PUBLIC, NEW_PUBLIC = keys.signing_public(KEY), keys.signing_public(NEW_KEY)

SHARED_LEAVES = 300
ONE = [leaf_hash(b"%d" % number) for number in range(700)]
"""The history that one side was shown."""
TWO = ONE[:SHARED_LEAVES] + [leaf_hash(b"otherwise %d" % number) for number in range(400)]
"""The history that the other side was shown: it differs from leaf 300 on."""


def reader(leaves: Sequence[bytes]) -> NodeReader:
    rows = {TileId(t.level, t.number): t.hashes for t in grown(0, leaves, {})}
    return tile_reader(lambda tiles: [rows[tile] for tile in tiles], len(leaves))


def unread(nodes: Sequence[NodeId]) -> list[bytes]:
    raise AssertionError(nodes)


def root(leaves: Sequence[bytes]) -> Digest:
    return digest_from_bytes(EMPTY.appended(leaves).root)


def signed(
    leaves: Sequence[bytes], *, log: LogName = LOG, time: Instant = TIME, key: bytes = KEY
) -> bytes:
    checkpoint = Checkpoint(log, len(leaves), root(leaves), time)
    return sign_checkpoint(FAST, key, keys.signing_public(key), checkpoint)


def check(proof: ForkProof, *, log: LogName = LOG) -> None:
    verify_fork(FAST, proof, log=log, smaller_public=PUBLIC, larger_public=PUBLIC)


def refused(code: str) -> "pytest.RaisesExc[Invalid]":
    return pytest.raises(Invalid, check=lambda error: error.code == code)


def found(first: bytes, second: bytes, read: NodeReader) -> ForkProof:
    proof = find_fork(first, second, read=read)
    assert proof is not None
    return proof


@pytest.mark.parametrize("size", [1, 301, 512, 700])
def test_two_roots_at_one_size_are_a_fork(size: int) -> None:
    two = [leaf_hash(b"another")] if size == 1 else TWO[:size]
    first, second = signed(ONE[:size]), signed(two, time=LATER)
    for pair in ((first, second), (second, first)):
        proof = found(*pair, unread)
        assert proof.path == ()
        check(proof)


@pytest.mark.parametrize(("smaller", "larger"), [(301, 302), (301, 700), (512, 513), (512, 700)])
def test_a_checkpoint_that_a_larger_tree_does_not_begin_with_is_a_fork(
    smaller: int, larger: int
) -> None:
    first, second = signed(ONE[:smaller]), signed(TWO[:larger])
    # The replica's holder has the larger tree, and so can always make the proof.
    read = reader(TWO[:larger])
    for pair in ((first, second), (second, first)):
        proof = found(*pair, read)
        assert proof.path
        before, after = verify_fork(
            FAST, proof, log=LOG, smaller_public=PUBLIC, larger_public=PUBLIC
        )
        assert (before.size, before.root) == (smaller, root(ONE[:smaller]))
        assert (after.size, after.root) == (larger, root(TWO[:larger]))


@pytest.mark.parametrize(("smaller", "larger"), [(0, 0), (0, 700), (1, 700), (300, 700), (5, 5)])
def test_one_history_is_no_fork(smaller: int, larger: int) -> None:
    notes = signed(TWO[:smaller]), signed(TWO[:larger], time=LATER)
    assert find_fork(*notes, read=reader(TWO[:larger])) is None
    assert find_fork(*notes[::-1], read=reader(TWO[:larger])) is None


def test_before_they_part_two_histories_are_one() -> None:
    notes = signed(ONE[:SHARED_LEAVES]), signed(TWO)
    assert find_fork(*notes, read=reader(TWO)) is None


def test_another_time_or_another_cut_at_one_size_and_root_is_no_fork() -> None:
    checkpoint = Checkpoint(LOG, 5, root(ONE[:5]), TIME)
    cuts = [
        checkpoint,
        Checkpoint(LOG, 5, checkpoint.root, LATER),
        Checkpoint(LOG, 5, checkpoint.root, TIME, SeenRoot(1, root(TWO[:1]))),
    ]
    notes = [sign_checkpoint(FAST, KEY, PUBLIC, cut) for cut in cuts]
    for first in notes:
        for second in notes:
            assert find_fork(first, second, read=unread) is None
            with refused("invalid.fork"):
                check(proof_of(first, second, EMPTY.appended(ONE[:5]).root))


def proof_of(
    smaller: bytes, larger: bytes, other_root: bytes, path: tuple[bytes, ...] = ()
) -> ForkProof:
    return ForkProof(smaller=smaller, larger=larger, other_root=other_root, path=path)


def test_a_proof_of_consistency_that_fails_proves_nothing() -> None:
    # An honest log, and a slanderer with any roots and paths that he likes.
    smaller, larger = signed(TWO[:400]), signed(TWO)
    honest = EMPTY.appended(TWO[:400]).root
    invented = sha384(b"invented").digest()
    real = found(signed(ONE[:400]), larger, reader(TWO))
    for path in ((), (invented,), real.path, real.path[1:], (*real.path, invented)):
        with refused("invalid.proof"):
            check(proof_of(smaller, larger, invented, path))
        with refused("invalid.fork"):
            check(proof_of(smaller, larger, honest, path))


def test_the_empty_log_is_the_beginning_of_every_history() -> None:
    for other_root in (EMPTY.appended(ONE).root, sha384(b"invented").digest()):
        with refused("invalid.proof-from-empty"):
            check(proof_of(signed([]), signed(ONE), other_root))


def test_the_order_of_sizes_cannot_be_turned() -> None:
    proof = found(signed(ONE[:400]), signed(TWO), reader(TWO))
    with refused("invalid.proof"):
        check(proof_of(proof.larger, proof.smaller, proof.other_root, proof.path))


def test_both_checkpoints_are_signed_by_the_owner_of_that_log() -> None:
    proof = found(signed(ONE[:400]), signed(TWO), reader(TWO))
    forged = signed(ONE[:400], key=NEW_KEY)
    with refused("invalid.checkpoint.unsigned"):
        check(msgspec.structs.replace(proof, smaller=forged))
    with refused("invalid.checkpoint.unsigned"):
        check(msgspec.structs.replace(proof, larger=signed(TWO, key=NEW_KEY)))
    spoilt = proof.smaller.replace(b"10:00", b"11:00", 1)
    with refused("invalid.signature"):
        check(msgspec.structs.replace(proof, smaller=spoilt))
    with refused("invalid.checkpoint.log"):
        check(proof, log=OTHER_LOG)
    with refused("invalid.checkpoint.log"):
        check(msgspec.structs.replace(proof, larger=signed(TWO, log=OTHER_LOG)))


def test_a_key_may_have_changed_between_the_two() -> None:
    proof = found(signed(ONE[:400]), signed(TWO, key=NEW_KEY), reader(TWO))
    verify_fork(FAST, proof, log=LOG, smaller_public=PUBLIC, larger_public=NEW_PUBLIC)
    with refused("invalid.checkpoint.unsigned"):
        verify_fork(FAST, proof, log=LOG, smaller_public=NEW_PUBLIC, larger_public=PUBLIC)


def test_notes_of_two_logs_are_not_compared() -> None:
    with refused("invalid.checkpoint.log"):
        find_fork(signed(ONE[:5]), signed(TWO, log=OTHER_LOG), read=reader(TWO))


def test_a_tree_that_is_not_that_of_the_larger_checkpoint_is_not_used() -> None:
    with refused("invalid.fork"):
        find_fork(signed(ONE[:400]), signed(TWO), read=reader(ONE))


def test_a_proof_can_be_written_down_and_read_by_a_stranger() -> None:
    proof = found(signed(ONE[:400]), signed(TWO), reader(TWO))
    read = msgspec.json.decode(msgspec.json.encode(proof), type=ForkProof)
    assert read == proof
    check(read)
