"""How a person signs: by a passkey, or by a key file that the house keeps for the person.

A use case makes its deeds, and then asks a :data:`Signer` for the document over their digests.
What a person is to sign is found out by running the same use case with a signer that only says
what it was asked for: nothing can be signed that is not what is entered afterwards.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, NoReturn

from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import AnyDeed
from comity.acts.documents import AnyApproval, PasskeyApproval
from comity.acts.parts import Approval
from comity.ledger.approvals import approval_root, approvals_of, sign_approval
from comity.node import passkeys
from comity.node.acting import enter_one
from comity.node.chancery import Entered
from comity.node.node import Node
from comity.node.ports import Space
from comity.register.rows import PersonOf
from comity.seal.passkeys import Answer, verify_assertion
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import PersonId

Signer = Callable[[Node, PersonId, Sequence[Digest]], AnyApproval]
"""Returns the document by which a person approves the deeds of these digests."""


class Signed(NamedTuple):
    """A person's approval of one deed: the document, and the deed's place in its list."""

    document: AnyApproval
    approval: Approval


Approves = Callable[[Node, PersonId, Digest], Signed]
"""Returns a person's approval of one deed of several that are made one after the other."""


def each(sign: Signer) -> Approves:
    """Return what has each deed signed by itself."""

    def approve(node: Node, person: PersonId, name: Digest) -> Signed:
        document = sign(node, person, [name])
        return Signed(document, approvals_of(document, [name])[0])

    return approve


def listed(document: AnyApproval, names: Sequence[Digest]) -> Approves:
    """Return what finds each deed in a list that was signed as one.

    Raises (when it is asked):
        Refused: ``refused.list.changed``: the deed is not in the list that was signed.
    """
    known = dict(zip(names, approvals_of(document, names), strict=True))

    def approve(node: Node, person: PersonId, name: Digest) -> Signed:
        del node, person
        if name not in known:
            raise Refused("refused.list.changed", "something changed since the list was signed")
        return Signed(document, known[name])

    return approve


class ToSignError(Exception):
    """Not an error: what a person is to sign, said by :func:`only_ask`."""

    def __init__(self, names: Sequence[Digest]) -> None:
        """Keep the digests of the deeds."""
        super().__init__("to be signed")
        self.names = tuple(names)


def only_ask(node: Node, person: PersonId, names: Sequence[Digest]) -> NoReturn:
    """Sign nothing: say what is to be signed, by an exception, before anything is entered."""
    del node, person
    raise ToSignError(names)


def by_key_file(node: Node, person: PersonId, names: Sequence[Digest]) -> AnyApproval:
    """Sign with the key file that the house keeps for a person: custodied.

    Raises:
        Refused: ``refused.passkey.wanted``: the person registered a passkey, which took the
            place of the key file.
        Unavailable: ``unavailable.person-key``: there is no key file.
    """
    with node.store.reading() as tx:
        row = tx.get(PersonOf, person)
        if row is not None and not row.approval_key and passkeys.passkeys_of(tx, person):
            raise Refused(
                "refused.passkey.wanted", f"{person} signs with a passkey, at the console"
            )
    return sign_approval(node.suite, node.vault.person(person), names)


ONE_BY_ONE: Final = each(by_key_file)
"""Each deed by itself, with the key file that the house keeps for the person."""


def by_passkey(brought: Answer) -> Signer:
    """Return what signs with what a browser brought, after looking at all of it.

    The peer looks again, from the directory; this house looks first, so that nothing is entered
    that it will not believe.

    Raises (when it signs):
        Refused: ``refused.passkey.unknown``: revoked, another person's, or none;
            ``refused.passkey.counter``.
        Invalid: ``invalid.passkey``, ``invalid.signature``: signed over another list, elsewhere,
            or by nobody present and verified.
    """

    def sign(node: Node, person: PersonId, names: Sequence[Digest]) -> AnyApproval:
        with node.store.reading() as tx:
            row = passkeys.by_credential(tx, brought.credential)
        if row.scope != person:
            raise passkeys.unknown()
        root = approval_root(names)
        said = verify_assertion(
            row.public,
            relying_party=row.relying_party,
            challenge=digest_to_bytes(root),
            client_data=brought.client_data,
            authenticator=brought.authenticator,
            signature=brought.signature,
        )
        passkeys.use(node, row, said)
        return PasskeyApproval(
            key=Digest(row.key),
            root=root,
            size=len(names),
            client_data=brought.client_data,
            authenticator=brought.authenticator,
            signature=brought.signature,
        )

    return sign


def enter_signed(node: Node, deed: AnyDeed, *, person: PersonId, sign: Signer) -> Entered:
    """Enter one deed with the signature of the person who does it, and the paper of that.

    Raises:
        RefusedAct: the judgement refuses it; the refusal is kept in the journal.
    """
    name = digest_of(deed)
    paper = sign(node, person, [name])
    return enter_one(
        node,
        deed,
        actor=person,
        approvals=approvals_of(paper, [name]),
        keep={Space.DOCUMENT: {digest_of(paper): encode(paper)}},
    )
