"""The relief of a custodian: both look at the copy together, and both sign."""

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Role
from comity.ledger.approvals import approvals_of
from comity.node.acting import enter_one
from comity.node.articles import article_of
from comity.node.chancery import Entered
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Space
from comity.node.signing import by_key_file
from comity.register.rows import ItemOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Office, Party, PersonId


def relieve(
    node: Node, item: ItemOf, *, copy: int, custodian: PersonId, successor: PersonId
) -> Entered:
    """Pass a copy to the post of another custodian: the one who leaves it and the one who takes it.

    Raises:
        Refused: ``refused.person.role``: one of them is no custodian here;
            ``refused.relief.same``: they are one person, or of one post.
        RefusedAct: the agreement refuses it.
    """
    with node.store.reading() as tx:
        leaves = require_person(tx, custodian, Role.CUSTODIAN)
        takes = require_person(tx, successor, Role.CUSTODIAN)
        article = article_of(node.agreement(tx, Digest(item.agreement)), "register.relieve")
    if leaves.office == takes.office:
        raise Refused("refused.relief.same", "a copy is passed to the custodian of another post")
    other = item.provider if item.receiver == node.party else item.receiver
    deed = deeds.Relieve(
        by=Office(leaves.office),
        to=Party(other),
        article=article,
        agreement=Digest(item.agreement),
        item=position_of(item.key),
        copy=copy,
        custodian=Office(takes.office),
        joint=True,
    )
    name = digest_of(deed)
    papers = [by_key_file(node, person, [name]) for person in (custodian, successor)]
    return enter_one(
        node,
        deed,
        actor=custodian,
        approvals=[one for paper in papers for one in approvals_of(paper, [name])],
        keep={Space.DOCUMENT: {digest_of(paper): encode(paper) for paper in papers}},
    )
