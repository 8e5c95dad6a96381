"""Titles: the unclassified name of an item, for those who may read it.

A title is unclassified by rule, and sealed all the same. To see it is not to open the item, and
is not entered as a reading; whoever may see the number alone is shown none.
"""

from comity.node import item_keys, reading
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.titling import title_in
from comity.register.rows import ItemOf, PersonOf
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Office, Party, PersonId


def title_of(node: Node, tx: Reading, item: ItemOf, *, person: PersonId) -> str:
    """Return an item's title; nothing where the person may not read it, or it is not here.

    A key or words that do not hold are left to the opening of the item, which says what is wrong.
    """
    row = tx.get(PersonOf, person)
    if row is None:
        return ""
    holder: Office | Party = node.party if item.provider == node.party else Office(row.office)
    try:
        reading.authorise(tx, person, reading.Deal.READ, item, house=node.party)
        keys = item_keys.keys_of(node, tx, item.key, holder)
        sealed = None if keys is None else tx.load(Space.WORDS, keys.sealed)
        if keys is None or sealed is None:
            return ""
        return title_in(node, item, keys, sealed)
    except (Refused, Invalid):
        return ""
