"""The index of titles: which items have the parts of a word, without a word in the database.

A title is cut into bigrams of our own making, the same on every store and in every language, so
that a Korean word of two syllables is found as an English one is. For each bigram there is a
list of the titles that have it, by number, for each :data:`BLOCK` of numbers, and apart for each
division (:func:`divisions_of`): who reads for an office has nothing opened that was made of
another office's titles, so that neither what is found nor the work of finding it speaks of them
(decision 0046). In the database a
list has a keyed name and is sealed, both under keys of the house that differ from block to block:
what it is of, and which titles are in it, says nothing to somebody who reads the database only.
What shows all the same is in decision 0032.

The titles of new items wait, by the same transaction that put the item, and are read into the
index afterwards (:func:`catch_up`): a release in bulk does not pay for it, and until then they
are opened to be looked through. If the process dies between, they wait still.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from pyroaring import BitMap

from comity.acts.canonical import digest
from comity.acts.documents import decode_particulars
from comity.marking.banner import search_fold
from comity.node import item_keys
from comity.node.node import Node
from comity.node.ports import Reading, Space, Transaction
from comity.node.searching import Seer
from comity.register.rows import ErasureOf, ItemOf, Needs
from comity.seal.macs import mac
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.names import Office, Party

BLOCK: Final = 1 << 18
"""Titles whose lists are kept together: the larger, the fewer lists a search opens."""

BATCH: Final = 512
"""Titles that are read into the index in one transaction."""

_NAME_BYTES: Final = 15
_PAGE: Final = 2000
_TITLE: Final = "t"
_PUBLIC: Final = "p"

_PROVIDED: Final = "out"
_RECEIVED: Final = "in"
"""No office is called like that: an office's name has a stroke in it."""


class Where(NamedTuple):
    """In which parts of the index a person's words are looked up: what that person may find.

    Attributes:
        read: Divisions of which every title may be read.
        seen: Divisions of which reference and subject may be known.
        own: Numbers of titles that may be read besides; the index is not asked about them, for
            its lists are made of others' titles too.
    """

    read: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    own: BitMap = BitMap()


class Found(NamedTuple):
    """Numbers of titles, the highest first, whose items can have all words.

    Attributes:
        read: In the title, or in the reference and the subject.
        seen: In reference and subject alone: for those who may know of an item and not read it.
    """

    read: BitMap
    seen: BitMap


def parts_of(text: str) -> frozenset[str]:
    """Return what a text is found by: pairs of letters within a word, and Asian letters alone."""
    return frozenset[str]().union(*map(_parts, search_fold(text).split()))


@lru_cache(8192)
def _parts(word: str) -> frozenset[str]:
    # The same few thousand words stand in most titles.
    pairs = map("".join, pairwise(word))
    return frozenset((*pairs, *(letter for letter in word if not letter.isascii())))


def parts_of_word(word: str) -> frozenset[str]:
    """Return the parts that every text has in which a word stands, as folded for searches."""
    if len(word) > 1:
        return frozenset(map("".join, pairwise(word)))
    return parts_of(word)


def public_text(item: ItemOf) -> str:
    """Return the text of an item that whoever may know of it may search."""
    return f"{item.subject} {item.reference}"


def divisions_of(item: ItemOf, house: Party) -> tuple[str, ...]:
    """Return the divisions of the index in which an item's title stands: who reads it by office.

    What this house provided is one; of what it received each office that was addressed is one.
    """
    return (_PROVIDED,) if item.receiver != house else item.offices


def where_of(seer: Seer, reader: Seer) -> Where:
    """Return where the words of somebody are looked up who sees so much and reads so much.

    A person's own items are not among them: the caller adds their numbers.
    """
    read = (_PROVIDED,) * reader.provided + (reader.office,) * bool(reader.office)
    if seer == reader:
        return Where(read)
    provided = (_PROVIDED,) * (seer.everything or seer.provided)
    return Where(read, provided + (_RECEIVED,) * (seer.everything or seer.received))


class _Lists:
    """The lists of one block: their names and their seals."""

    def __init__(self, node: Node, block: int) -> None:
        secret = node.vault.storage(node.party)
        self._suite = node.suite
        self._block = block
        self._names = mac(secret, use="titles: names", message=b"%d" % block)
        self._seal = mac(secret, use="titles: lists", message=b"%d" % block)

    def name(self, kind: str, division: str, part: str) -> str:
        # No part has a space in it, nor has the name of an office: no two are written alike.
        message = f"{kind} {division} {part}".encode()
        code = mac(self._names, use="name", message=message)[:_NAME_BYTES]
        # The lists of a block stand together in the database.
        return f"{self._block:06x}.{code.hex()}"

    def sealed(self, name: str, numbers: BitMap) -> bytes:
        return self._suite.wrap(self._seal, key=numbers.serialize(), aad=name.encode())

    def opened(self, name: str, raw: bytes) -> BitMap | None:
        """Return a list; nothing where it was damaged: whoever did that hides no title by it."""
        try:
            return BitMap.deserialize(
                self._suite.unwrap(self._seal, wrapped=raw, aad=name.encode())
            )
        except Invalid:
            return None


def found(
    node: Node, tx: Reading, words: Sequence[str], where: Where, *, below: int | None = None
) -> Iterator[Found]:
    """Give the titles that can have all words, block by block, the highest numbers first.

    That a title has all parts of a word does not say that it has the word: it is opened and
    looked at. A title that has the word is always among them. No list is opened but those of the
    divisions: what is read of the store is the same whatever stands in other titles.

    Args:
        node: This node.
        tx: What it keeps.
        words: As :func:`~comity.marking.banner.search_fold` folds them; one at least has parts.
        where: What the person may find.
        below: Only numbers lower than this.
    """
    top = tx.last_title() + 1 if below is None else below
    for block in range((top - 1) // BLOCK, -1, -1):
        one = _found_in(node, tx, words, block, where)
        every = BitMap(range(block * BLOCK, min(top, (block + 1) * BLOCK)))
        yield Found((one.read | where.own) & every, one.seen & every)


def _found_in(node: Node, tx: Reading, words: Sequence[str], block: int, where: Where) -> Found:
    """Return the titles of one block that can have all words, as far as the index says."""
    parts = [sorted(parts) for word in words if (parts := parts_of_word(word))]
    lists = _Lists(node, block)
    asked = [(_TITLE, one) for one in where.read]
    asked += [(_PUBLIC, one) for one in {*where.read, *where.seen}]
    names = {
        (kind, division, part): lists.name(kind, division, part)
        for kind, division in asked
        for part in {part for each in parts for part in each}
    }
    kept = tx.load_many(Space.TITLE, names.values())
    every = BitMap(range(BLOCK))
    opened = {at: _of(lists, name, kept.get(name), every) for at, name in names.items()}

    def having(division: str, *kinds: str) -> BitMap:
        # Every word in one kind of list or another, each with all of its parts in one.
        ways = ([_common(opened, kind, division, each) for kind in kinds] for each in parts)
        return BitMap.intersection(every, *(BitMap.union(*each) for each in ways))

    read = BitMap.union(BitMap(), *(having(one, _TITLE, _PUBLIC) for one in where.read))
    seen = BitMap.union(BitMap(), *(having(one, _PUBLIC) for one in where.seen))
    return Found(_shifted(read, block), _shifted(seen, block))


def _of(lists: _Lists, name: str, raw: bytes | None, every: BitMap) -> BitMap:
    if raw is None:
        return BitMap()
    opened = lists.opened(name, raw)
    return every if opened is None else opened


def _common(
    opened: Mapping[tuple[str, str, str], BitMap], kind: str, division: str, parts: Sequence[str]
) -> BitMap:
    lists = [opened[kind, division, part] for part in parts]
    return BitMap.intersection(*lists) if all(lists) else BitMap()


def _shifted(numbers: BitMap, block: int) -> BitMap:
    return numbers.shift(block * BLOCK) if block and numbers else numbers


def catch_up(node: Node, *, most: int = BATCH) -> int:
    """Read the titles that wait into the index, up to so many; return how many there were.

    Opened and sealed outside the one writing transaction, which only keeps what was made: if
    somebody else has done the same meanwhile, nothing is kept, and the titles wait.
    """
    with node.store.reading() as tx:
        waiting = tx.untitled(most)
        last = tx.last_title()
        rows = _rows(tx, waiting)
        numbers = {item: last + at for at, item in enumerate(waiting, start=1)}
        lists = _written(node, tx, rows, numbers)
        erasures = _erasures(tx, waiting)
    if not waiting:
        return 0
    with node.store.transaction() as tx:
        if tx.last_title() != last or tx.title_numbers(waiting):
            return 0
        if _erasures(tx, waiting) != erasures:
            return 0  # words that were read a moment ago have gone: they are not read in
        tx.save(Space.TITLE, lists)
        tx.number_titles(numbers)
    return len(waiting)


def begin_anew(node: Node) -> int:
    """Empty the index: every title waits again; return how many there are.

    In one transaction, so that nobody reads a title in between into lists that are dropped.
    Until they are read in again titles are opened where somebody searches.
    """
    count, after = 0, ""
    with node.store.transaction() as tx:
        while page := tx.page(ItemOf, after=after, limit=_PAGE):
            tx.number_titles({one.key: 0 for one in page})
            count, after = count + len(page), page[-1].key
        tx.drop(Space.TITLE, tx.keys(Space.TITLE))
    return count


def _erasures(tx: Reading, items: Iterable[str]) -> int:
    """Return how many words of some items were asked to go, by either party."""
    ask = Needs()
    for item in items:
        ask.scope(item, ErasureOf)
    return sum(map(len, tx.fetch(ask)[1].values()))


def _rows(tx: Reading, items: Iterable[str]) -> dict[str, ItemOf]:
    ask = Needs()
    for item in items:
        ask.key(item, ItemOf)
    rows, _ = tx.fetch(ask)
    return {row.key: row for row in rows.values() if isinstance(row, ItemOf)}


def _written(
    node: Node, tx: Reading, rows: Mapping[str, ItemOf], numbers: Mapping[str, int]
) -> dict[str, bytes]:
    """Return the lists with these titles in them, sealed."""
    titles = titles_of(node, tx, rows.values())
    blocks: dict[int, dict[tuple[str, str, str], list[int]]] = {}
    for item, number in numbers.items():
        block, place = divmod(number, BLOCK)
        words = blocks.setdefault(block, {})
        for at in _places_of(rows[item], titles.get(item, ""), node.party):
            words.setdefault(at, []).append(place)
    made: dict[str, bytes] = {}
    for block, words in blocks.items():
        kept, parts = _Lists(node, block), _by_part(words)
        names = {part: kept.name(*part) for part in parts}
        before = tx.load_many(Space.TITLE, names.values())
        for part, places in parts.items():
            name = names[part]
            old = kept.opened(name, before[name]) if name in before else BitMap()
            # A list that was damaged stays as it is: every title of its block is looked at.
            if old is not None:
                made[name] = kept.sealed(name, old | BitMap(places))
    return made


def _places_of(item: ItemOf, title: str, house: Party) -> Iterator[tuple[str, str, str]]:
    """Give kind, division and word of every list that an item stands in by a word's parts."""
    divisions = frozenset(divisions_of(item, house))
    public = divisions | {_RECEIVED} if item.receiver == house else divisions
    for kind, text, places in (
        (_TITLE, title, divisions),
        (_PUBLIC, public_text(item), public),
    ):
        for word in search_fold(text).split():
            yield from ((kind, division, word) for division in places)


def _by_part(
    words: Mapping[tuple[str, str, str], Sequence[int]],
) -> dict[tuple[str, str, str], list[int]]:
    """Return the places of titles by the parts of their words; a place may come twice."""
    parts: dict[tuple[str, str, str], list[int]] = {}
    for (kind, division, word), places in words.items():
        for part in _parts(word):
            parts.setdefault((kind, division, part), []).extend(places)
    return parts


def titles_of(node: Node, tx: Reading, items: Iterable[ItemOf]) -> dict[str, str]:
    """Return the titles of those items that this house can open; their keys are read at once.

    Who may read them is the caller's question.
    """
    holders: dict[str, tuple[ItemOf, Office | Party]] = {}
    for item in items:
        offices = (node.party,) if item.provider == node.party else tuple(map(Office, item.offices))
        holders.update({f"{item.key}|{one}": (item, one) for one in offices})
    opened: dict[str, tuple[ItemOf, item_keys.ItemKeys]] = {}
    for at, raw in tx.load_many(Space.KEY, holders).items():
        item, holder = holders[at]
        try:
            opened[item.key] = (item, item_keys.unwrapped(node, raw, item=item.key, holder=holder))
        except (Invalid, Unavailable):
            # A key that does not open its title is told to who opens the item.
            continue
    papers = tx.load_many(Space.WORDS, {keys.sealed for _, keys in opened.values()})
    found = {}
    for item, keys in opened.values():
        if keys.sealed in papers:
            found[item.key] = title_in(node, item, keys, papers[keys.sealed])
    return found


def title_in(node: Node, item: ItemOf, keys: item_keys.ItemKeys, sealed: bytes) -> str:
    """Return the title in an item's sealed particulars; nothing where they do not hold."""
    words = words_in(node, item, keys, sealed)
    return "" if words is None else decode_particulars(words).title


def words_in(node: Node, item: ItemOf, keys: item_keys.ItemKeys, sealed: bytes) -> bytes | None:
    """Return an item's particulars, opened; nothing where they do not hold."""
    try:
        words = node.suite.decrypt(keys.particulars, item.particulars.encode(), sealed)
        decode_particulars(words)
    except Invalid:
        return None
    return words if digest(words) == item.particulars else None


def forget(node: Node, tx: Transaction, item: ItemOf, titles: Iterable[str]) -> None:
    """Take an item out of the lists that its title put it in; its number stays its own."""
    number = tx.title_numbers([item.key]).get(item.key)
    if number is None:
        return  # it waits to be read, and will be found without a title
    block, place = divmod(number, BLOCK)
    kept = _Lists(node, block)
    names = [
        kept.name(_TITLE, division, part)
        for division in divisions_of(item, node.party)
        for part in sorted({part for title in titles for part in parts_of(title)})
    ]
    made = {}
    for name, raw in tx.load_many(Space.TITLE, names).items():
        old = kept.opened(name, raw)
        # A list that was damaged stays as it is, as in catching up.
        if old is not None:
            made[name] = kept.sealed(name, old - BitMap([place]))
    tx.save(Space.TITLE, made)
