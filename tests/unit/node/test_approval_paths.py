from comity.acts.canonical import digest
from comity.ledger.approvals import approvals_of, sign_approval
from comity.ledger.proofs import verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.vocabulary.digests import digest_to_bytes
from tests.support.fast_suite import FAST


def test_every_path_of_every_list_leads_to_the_root_that_was_signed() -> None:
    key = FAST.generate_signing()
    for size in range(1, 70):
        names = [digest(bytes([size, index])) for index in range(size)]
        paper = sign_approval(FAST, key, names)
        approvals = approvals_of(paper, names)
        assert [one.index for one in approvals] == list(range(size))
        for name, one in zip(names, approvals, strict=True):
            verify_inclusion(
                leaf_hash=leaf_hash(digest_to_bytes(name)),
                index=one.index,
                size=one.size,
                path=one.path,
                root=digest_to_bytes(paper.root),
            )
