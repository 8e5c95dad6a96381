"""Successors: an office that has ended left what it held, and what it owes, to another."""

from comity.agreement.succession import standing_now
from comity.node.node import Node
from comity.register.rows import ItemOf
from comity.vocabulary.names import Office


def addressed_as(node: Node, item: ItemOf, office: Office) -> Office | None:
    """Return the addressed office of an item that an office of this house is, or stands for now.

    Nothing where it is none of them: an act is valid at its date, by whom the house's own list
    of authorities names then (Korea-Japan 2016, Article 2).
    """
    if office in item.offices:
        return office
    with node.store.reading() as tx:
        profile = node.profile(tx, tx)
    if profile is None:
        return None
    now = node.clock.now()
    before = (Office(one) for one in item.offices)
    return next((one for one in before if standing_now(profile.offices, one, now) == office), None)
