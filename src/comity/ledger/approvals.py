"""Approvals: a person's signature over a list of deeds, which is a small tree of its own.

A list of one is the usual case and no special one: there is one kind of approval.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import UnsetType

from comity.acts.canonical import digest_of
from comity.acts.documents import (
    AnyApproval,
    ApprovalDocument,
    PasskeyApproval,
    decode_approval,
)
from comity.acts.parts import Approval
from comity.ledger.proofs import MAXIMUM_PATH
from comity.ledger.tree import MAXIMUM_SIZE, leaf_hash, node_hash, root_of
from comity.seal.directories import Approver, Directory, approver_of
from comity.seal.fingerprints import key_id
from comity.seal.passkeys import verify_assertion
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import Digest, digest_from_bytes, digest_to_bytes
from comity.vocabulary.errors import Invalid


def approval_root(deeds: Sequence[Digest]) -> Digest:
    """Return what a person signs who approves these deeds (RFC 9162, 2.1, over their digests)."""
    return digest_from_bytes(_listed(tuple(deeds))[0])


def approvals_of(paper: AnyApproval, deeds: Sequence[Digest]) -> list[Approval]:
    """Return each deed's place in an approved list, with its inclusion path."""
    document, paths = digest_of(paper), _listed(tuple(deeds))[1]
    return [
        Approval(document=document, index=index, size=len(deeds), path=tuple(path))
        for index, path in enumerate(paths)
    ]


# A list is signed, and its places are named, one after the other.
@lru_cache(maxsize=4)
def _listed(deeds: tuple[Digest, ...]) -> tuple[bytes, list[list[bytes]]]:
    return paths_of([leaf_hash(digest_to_bytes(deed)) for deed in deeds])


def paths_of(hashes: Sequence[bytes]) -> tuple[bytes, list[list[bytes]]]:
    """Return the root over leaf hashes and every leaf's inclusion path (RFC 9162, 2.1.3.1).

    All paths of a list at once share the hashes of their subtrees: one hash per node.
    """
    if not hashes:
        return root_of(()), []
    if len(hashes) == 1:
        return hashes[0], [[]]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    left, left_paths = paths_of(hashes[:split])
    right, right_paths = paths_of(hashes[split:])
    for path in left_paths:
        path.append(right)
    for path in right_paths:
        path.append(left)
    return node_hash(left, right), left_paths + right_paths


def sign_approval(suite: Suite, private: bytes, deeds: Sequence[Digest]) -> ApprovalDocument:
    """Return the document by which the holder of a key file approves these deeds."""
    root = approval_root(deeds)
    return ApprovalDocument(
        key=key_id(suite.signing_public(private)),
        root=root,
        size=len(deeds),
        signature=suite.sign(private, type=SignatureType.APPROVAL, message=digest_to_bytes(root)),
    )


def verify_approval(
    suite: Suite,
    approval: Approval,
    *,
    deed: Digest,
    document: bytes | None,
    directory: Directory,
) -> Approver:
    """Return who approved a deed, as the directory in force at its position says.

    Raises:
        Invalid: ``invalid.approval`` (the document is missing, of another size, by a key that
            the directory does not hold), ``invalid.proof``, ``invalid.signature``,
            ``invalid.passkey``.
    """
    if document is None:
        raise Invalid("invalid.approval", "the approval's document is not here")
    paper = decode_approval(document)
    if paper.size != approval.size:
        raise Invalid("invalid.approval", "the list has another size")
    approver = approver_of(directory, paper.key)
    if approver is None:
        raise Invalid("invalid.approval", "no person of the directory holds this key")
    _require_in_list(deed, approval, digest_to_bytes(paper.root))
    # One signature covers a whole list: checked once per document and key, not once per deed.
    hashable: Any = suite
    _verified(hashable, approver, paper)
    return approver


def _require_in_list(deed: Digest, approval: Approval, root: bytes) -> None:
    """Return if a deed stands at its place in the list: RFC 9162, 2.1.3.2, as a recursion.

    The paths of one list meet on their way up. Where they have met, the rest of the way is the
    same, hash for hash, and is gone once: two hashes per deed instead of one per level.

    Raises:
        Invalid: ``invalid.proof``.
    """
    index, size, path = approval.index, approval.size, approval.path
    if not 0 <= index < size <= MAXIMUM_SIZE or len(path) > MAXIMUM_PATH:
        raise Invalid("invalid.proof", "the place is outside the list")
    if _root_above(leaf_hash(digest_to_bytes(deed)), index, size - 1, path) != root:
        raise Invalid("invalid.proof", "the path leads to another root")


@lru_cache(maxsize=8192)
def _root_above(node: bytes, fn: int, sn: int, path: tuple[bytes, ...]) -> bytes:
    """Return the root that a path leads to from a node; ``fn`` and ``sn`` as in the RFC."""
    if not path:
        if sn:
            raise Invalid("invalid.proof", "the path is too short")
        return node
    if sn == 0:
        raise Invalid("invalid.proof", "the path is too long")
    sibling = path[0]
    if len(sibling) != len(node):
        # A longer value would move the border between left and right.
        raise Invalid("invalid.proof", "a hash has another length")
    if fn & 1 or fn == sn:
        above = node_hash(sibling, node)
        while not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
    else:
        above = node_hash(node, sibling)
    return _root_above(above, fn >> 1, sn >> 1, path[1:])


@lru_cache(maxsize=4096)
def _verified(suite: Any, approver: Approver, paper: AnyApproval) -> None:  # noqa: ANN401 - a Suite, which mypy does not know to be hashable
    # lru_cache keeps no exception: a bad signature is checked, and refused, every time.
    challenge = digest_to_bytes(paper.root)
    domain = approver.relying_party
    # The directory says what kind of key it is, and the document must say the same: bytes that
    # are a key of one kind never serve as one of the other.
    if isinstance(paper, PasskeyApproval) == isinstance(domain, UnsetType):
        raise Invalid("invalid.approval", "signed in another way than the directory says")
    if isinstance(paper, PasskeyApproval) and not isinstance(domain, UnsetType):
        verify_assertion(
            approver.public,
            relying_party=domain,
            challenge=challenge,
            client_data=paper.client_data,
            authenticator=paper.authenticator,
            signature=paper.signature,
        )
        return
    suite.verify(
        approver.public,
        type=SignatureType.APPROVAL,
        message=challenge,
        signature=paper.signature,
    )
