"""Proof of a fork: the owner of a log signed two histories. A stranger can check it.

The smaller checkpoint (m, R) and the larger one (n, S) are both signed, and a *valid* proof
shows that the tree of S begins, at size m, with another root Q. When both are of one size, Q
is S itself and the path is empty. That a proof from (m, R) to (n, S) fails would show nothing:
anyone can make a proof that fails.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from comity.ledger.checkpoints import Checkpoint, parse, verify_checkpoint
from comity.ledger.notes import MAXIMUM_LENGTH, parse_note
from comity.ledger.proofs import (
    MAXIMUM_PATH,
    NodeReader,
    consistency_path,
    root_at,
    verify_consistency,
)
from comity.seal.suite import Suite
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName

_HASH_LENGTH: Final = 48

_Note = Annotated[bytes, Meta(max_length=MAXIMUM_LENGTH)]
_Hash = Annotated[bytes, Meta(min_length=_HASH_LENGTH, max_length=_HASH_LENGTH)]


class ForkProof(Struct, frozen=True, forbid_unknown_fields=True):
    """Two signed checkpoints of one log that cannot both be of one history: not verified yet.

    Attributes:
        smaller: The note of (m, R); of two of one size, either.
        larger: The note of (n, S), m <= n.
        other_root: Q: the root of the first m leaves of the tree of S; not R.
        path: The proof of consistency from (m, Q) to (n, S).
    """

    smaller: _Note
    larger: _Note
    other_root: _Hash
    path: Annotated[tuple[_Hash, ...], Meta(max_length=MAXIMUM_PATH)]


def verify_fork(
    suite: Suite,
    proof: ForkProof,
    *,
    log: LogName,
    smaller_public: bytes,
    larger_public: bytes,
) -> tuple[Checkpoint, Checkpoint]:
    """Return the two checkpoints if they prove that the log's owner signed two histories.

    The keys are those that were the owner's ledger key at the two sizes; often they are one.

    Raises:
        Invalid: ``invalid.fork``: they prove nothing of the kind; ``invalid.proof``,
            ``invalid.proof-from-empty``: the path does not hold; and what
            ``verify_checkpoint`` raises.
    """
    smaller = verify_checkpoint(suite, proof.smaller, public=smaller_public, log=log)
    larger = verify_checkpoint(suite, proof.larger, public=larger_public, log=log)
    if proof.other_root == digest_to_bytes(smaller.root):
        raise Invalid("invalid.fork", "both checkpoints are of one history")
    verify_consistency(
        old=smaller.size,
        old_root=proof.other_root,
        new=larger.size,
        new_root=digest_to_bytes(larger.root),
        path=proof.path,
    )
    return smaller, larger


def find_fork(first: bytes, second: bytes, *, read: NodeReader) -> ForkProof | None:
    """Return the proof that two notes of one log are of two histories, or None if of one.

    Nothing is verified here but the arithmetic: who hands the proof on verifies it first.

    Args:
        first: A note of the log.
        second: Another one; the order does not matter.
        read: Finds the subtrees of the tree that the larger of the two is the root of: a
            replica that was checked against it. For two of one size it is not asked.

    Raises:
        Invalid: ``invalid.checkpoint.log``: the notes are of two logs; ``invalid.fork``: the
            tree that ``read`` finds is not that of the larger one; what ``parse_note`` and
            ``parse`` raise.
    """
    small, large = parse(parse_note(first).text), parse(parse_note(second).text)
    if small.log != large.log:
        raise Invalid("invalid.checkpoint.log", "two checkpoints of two logs")
    if small.size > large.size:
        small, large, first, second = large, small, second, first
    if small.size == 0 or (small.size, small.root) == (large.size, large.root):
        return None
    signed, top = digest_to_bytes(small.root), digest_to_bytes(large.root)
    if small.size == large.size:
        return ForkProof(smaller=first, larger=second, other_root=top, path=())
    if root_at(read, large.size) != top:
        raise Invalid("invalid.fork", "the tree at hand is not that of the larger checkpoint")
    other = root_at(read, small.size)
    if other == signed:
        return None
    path = consistency_path(read, small.size, large.size)
    return ForkProof(smaller=first, larger=second, other_root=other, path=path)
