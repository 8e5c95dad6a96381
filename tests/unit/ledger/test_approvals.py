"""A deed's place in an approved list: proved as RFC 9162 says, whatever was proved before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from comity.acts.canonical import digest
from comity.acts.parts import Approval
from comity.ledger.approvals import _require_in_list, approvals_of, sign_approval
from comity.ledger.proofs import verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.errors import Invalid
from tests.support.fast_suite import FAST


def listed(size):
    names = [digest(str(number).encode()) for number in range(size)]
    paper = sign_approval(FAST, FAST.generate_signing(), names)
    return names, digest_to_bytes(paper.root), approvals_of(paper, names)


def as_the_rfc(deed, approval, root):
    """Verify by the loop of the RFC, which remembers nothing."""
    verify_inclusion(
        leaf_hash=leaf_hash(digest_to_bytes(deed)),
        index=approval.index,
        size=approval.size,
        path=approval.path,
        root=root,
    )


def holds(verify, *asked):
    try:
        verify(*asked)
    except Invalid as error:
        return error.code != "invalid.proof"
    return True


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 100])
def test_every_deed_of_a_list_is_found_in_it(size):
    names, root, approvals = listed(size)
    for name, approval in zip(names, approvals, strict=True):
        _require_in_list(name, approval, root)
        as_the_rfc(name, approval, root)


@given(st.data(), st.integers(1, 20))
@settings(max_examples=300, deadline=None)
def test_what_the_rfc_refuses_is_refused(data, size):
    names, root, approvals = listed(size)
    at = data.draw(st.integers(0, size - 1))
    path = list(approvals[at].path)
    what = data.draw(st.sampled_from(["index", "size", "drop", "add", "swap", "cut", "deed"]))
    deed, index, count = names[at], at, size
    match what:
        case "index":
            index = data.draw(st.integers(0, size))
        case "size":
            count = data.draw(st.integers(0, size + 2))
        case "drop" if path:
            del path[data.draw(st.integers(0, len(path) - 1))]
        case "add":
            path.append(bytes(48))
        case "swap" if path:
            path.reverse()
        case "cut" if path:
            path[0] = path[0][:-1]
        case _:
            deed = digest(b"another")
    approval: Approval = structs.replace(approvals[at], index=index, size=count, path=tuple(path))
    assert holds(_require_in_list, deed, approval, root) == holds(as_the_rfc, deed, approval, root)
