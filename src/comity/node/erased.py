"""What is done when both parties have erased the words of an entry: they go, and all made of them.

It is done in the transaction that appends the second of the two acts, whoever's it is: the bytes,
the key that opened them, and what the index of titles was made of. If the process dies before
the commit, the act is not here and the words are; if it dies after, neither is. The entry stays:
nothing that is judged, proved or hashed reads the words. A draft to pass the item on has the same
words in it, and ends with them: it is laid anew without.
"""

from typing import Final

from comity.acts.documents import decode_particulars
from comity.acts.parts import Position
from comity.node import titling
from comity.node.item_keys import ItemKeys, unwrapped, without_words, wrapped
from comity.node.node import Node
from comity.node.ports import Space, Transaction
from comity.node.waits import unwrapped as unwrapped_draft
from comity.node.window import key_of_leaving
from comity.register.links import erased
from comity.register.rows import ItemOf, RequestOf, Rows, key_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.names import Office, Party

_REQUESTS: Final = 100_000


def erase(node: Node, tx: Transaction, rows: Rows, entry: str) -> None:
    """Let the words of an entry go from everything that this node keeps of them."""
    item = rows.get(ItemOf, entry)
    if item is not None:
        _of_item(node, tx, item)
    request = rows.get(RequestOf, entry)
    if request is not None and not _of_another(tx, rows, request):
        tx.drop(Space.WORDS, [request.particulars])


def _of_another(tx: Transaction, rows: Rows, request: RequestOf) -> bool:
    """Tell whether what a request names as its words are those of another entry, which stay.

    Who only names a digest has not shown that it is of its own words: by a request that names
    the sealed words of an item, or those of another request, nothing but itself is erased.
    """
    raw = tx.load(Space.WORDS, request.particulars)
    try:
        decode_particulars(raw or b"")
    except Invalid:
        return True
    return any(
        one.particulars == request.particulars and erased(rows, one.key) is None
        for one in tx.page(RequestOf, limit=_REQUESTS)
    )


def drafts_with(node: Node, tx: Transaction, entry: str) -> list[Digest]:
    """Return the drafts that wait and would pass on an item with the words that it had."""
    names = [Digest(row.key) for row in tx.waiting_drafts()]
    found = []
    for key, raw in tx.load_many(Space.DRAFT, names).items():
        name = Digest(key)
        try:
            origin = unwrapped_draft(node, raw, name).deed.origin
        except Invalid:
            continue  # it is no draft of this house, and will never be opened
        if isinstance(origin, Position) and key_of(origin) == entry:
            found.append(name)
    return sorted(found)


def forget_draft(node: Node, tx: Transaction, name: Digest) -> None:
    """Let a draft go with its sealed content, its approvals, and the window that it is in."""
    raw = tx.load(Space.DRAFT, name)
    waits = None if raw is None else unwrapped_draft(node, raw, name)
    gave = tx.keys(Space.DRAFT, prefix=f"{name}|")
    tx.drop(Space.DRAFT, [name, key_of_leaving(name), *gave])
    if waits is not None and not waits.is_file and not waits.shown:
        tx.drop(Space.CONTENT, [waits.ciphertext])


def _of_item(node: Node, tx: Transaction, item: ItemOf) -> None:
    offices = [Office(one) for one in item.offices]
    those: tuple[Office | Party, ...] = (node.party, *offices)
    holders = {f"{item.key}|{one}": one for one in those}
    bare: dict[str, bytes] = {}
    titles: set[str] = set()
    sealed: set[str] = set()
    for at, raw in tx.load_many(Space.KEY, holders).items():
        holder = holders[at]
        try:
            keys = unwrapped(node, raw, item=item.key, holder=holder)
        except (Invalid, Unavailable):
            continue  # what cannot be unwrapped opens nothing
        bare[at] = wrapped(node, without_words(keys), item=item.key, holder=holder)
        title = _opened(node, tx, item, keys)
        if title is not None:
            titles.add(title)
            sealed.add(keys.sealed)
    titling.forget(node, tx, item, titles)
    tx.drop(Space.WORDS, sorted(sealed))
    tx.save(Space.KEY, bare)


def _opened(node: Node, tx: Transaction, item: ItemOf, keys: ItemKeys) -> str | None:
    """Return the title in the words of this very item; nothing where they are not its own.

    A slip is not signed: what it names is let go only where it is what the leaf commits to, and
    never the words of another entry.
    """
    raw = tx.load(Space.WORDS, keys.sealed)
    if raw is None:
        return None
    words = titling.words_in(node, item, keys, raw)
    return None if words is None else decode_particulars(words).title
