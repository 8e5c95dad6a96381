"""Evidence of a crossing that passkeys signed: both verifiers take it, and no forgery of it."""

from collections.abc import Callable, Sequence

import pytest
from msgspec import structs

from comity.acts.canonical import digest_of, encode
from comity.acts.documents import AnyApproval, PasskeyApproval, decode_approval
from comity.acts.entries import Entry
from comity.evidence.verify import verify
from comity.ledger.approvals import approval_root
from comity.node.node import Node
from comity.node.signing import by_passkey
from comity.seal.fingerprints import key_id
from comity.seal.passkeys import PRESENT
from comity.seal.real import REAL
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.names import PersonId
from tests.second_verifier.crossing import Crossing, agreed, crossed, forged_release
from tests.second_verifier.test_both_verifiers import statuses
from tests.support.authenticator import Authenticator, registered


class Signing:
    """Two devices that sign whatever they are asked."""

    def __init__(self) -> None:
        self.two = agreed()
        self.parks = registered(self.two.seoul, "park")
        tokyo = Authenticator(origin="http://tokyo.localhost:1", domain="tokyo.localhost")
        self.itos = registered(self.two.tokyo, "ito", tokyo)
        self.two.carry()

    def approves(self, node: Node, person: PersonId, names: Sequence[Digest]) -> AnyApproval:
        return self._by(self.parks, node, person, names)

    def receives(self, node: Node, person: PersonId, names: Sequence[Digest]) -> AnyApproval:
        return self._by(self.itos, node, person, names)

    def _by(
        self, device: Authenticator, node: Node, person: PersonId, names: Sequence[Digest]
    ) -> AnyApproval:
        made = device.sign(digest_to_bytes(approval_root(names)))
        return by_passkey(made)(node, person, names)


@pytest.fixture(scope="module")
def signing() -> Signing:
    return Signing()


@pytest.fixture(scope="module")
def crossing(signing: Signing) -> Crossing:
    return crossed(signing.approves, signing.receives, signing.two)


def test_both_take_it_and_it_says_how_each_signed(crossing: Crossing) -> None:
    assert statuses(crossing.raw, crossing.roots) == (0, 0)
    found = {
        one.kind: one.signed for one in verify(REAL, crossing.raw, roots=crossing.roots).statements
    }
    assert found["release.release"] == ("passkey",)
    assert found["delivery.receipt"] == ("passkey",)


def test_a_key_file_is_told_apart_from_a_passkey() -> None:
    usual = crossed()
    found = {one.kind: one.signed for one in verify(REAL, usual.raw, roots=usual.roots).statements}
    assert found["release.release"] == ("key-file",)


SCHEME = b'"scheme":"passkey"'


def again(
    signing: Signing, paper: PasskeyApproval, change: Callable[[Authenticator], None] | None = None
) -> PasskeyApproval:
    """Sign a document's root anew, by the same key, on a device that may be bent."""
    bent = Authenticator(private=signing.parks.private, counter=90)
    if change is not None:
        change(bent)
    made = bent.sign(digest_to_bytes(paper.root))
    return structs.replace(
        paper,
        client_data=made.client_data,
        authenticator=made.authenticator,
        signature=made.signature,
    )


BENT = {
    "nobody verified": lambda one: setattr(one, "flags", PRESENT),
    "another domain": lambda one: setattr(one, "domain", "tokyo.localhost"),
    "another origin": lambda one: setattr(one, "origin", "http://evil.example"),
    "another key": lambda one: setattr(one, "private", Authenticator().private),
}


@pytest.mark.parametrize("bent", [*BENT, "replayed", "nothing wrong"])
def test_a_forged_assertion_is_believed_by_neither(
    crossing: Crossing, signing: Signing, bent: str
) -> None:
    found = [decode_approval(raw) for raw in crossing.evidence.documents if SCHEME in raw]
    (paper,) = [one for one in found if one.key == key_id(signing.parks.public)]
    assert isinstance(paper, PasskeyApproval)
    if bent == "replayed":
        # An assertion of the same person over another list, told to be over this one.
        other = structs.replace(paper, root=approval_root([Digest(paper.key)]))
        new = structs.replace(again(signing, other), root=paper.root)
    else:
        new = again(signing, paper, BENT.get(bent))

    def change(entry: Entry) -> Entry:
        assert isinstance(entry.approvals, tuple)
        place = structs.replace(entry.approvals[0], document=digest_of(new))
        return structs.replace(entry, approvals=(place,))

    raw = forged_release(crossing, change, (encode(new),))
    expected = (0, 0) if bent == "nothing wrong" else (4, 4)
    assert statuses(raw, crossing.roots) == expected
