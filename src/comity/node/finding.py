"""Finding items by the words of their titles, for one person: in the index, then in the title.

Words are looked for in the titles of items that the person may read, and in the reference and
subject of those that the person may know of. Who may is part of each question to the store, so
that no title is opened, and none found, that may not be read. The index is divided by office
(decision 0046): what is opened of it, what is looked up and where an answer ends speak of no
other title either. Of a person's own items every title is opened, and the index is not asked.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from msgspec import structs
from pyroaring import BitMap

from comity.marking.banner import search_fold
from comity.node import titling
from comity.node.node import Node
from comity.node.ports import Reading
from comity.node.reading import reader_of
from comity.node.searching import Search, Seer, place_of
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Invalid

LOOKED: Final = 2000
"""So many items are looked at for one answer; the next goes on from there."""

_NUMBERS: Final = 20_000
"""So many numbers of the index are looked up for one answer; the next goes on from there."""

_OPENING: Final = _NUMBERS // LOOKED - 1
_FIRST: Final = 64
_PAGE: Final = 200
_INDEX: Final = "index"
_AAD: Final = b"place in the index of titles"

Place = tuple[str, str]


class Hit(NamedTuple):
    """An item, and its title as far as this person may know it."""

    item: ItemOf
    title: str


class Answer(NamedTuple):
    """What was found, and what the next answer begins after; nothing: there is no more."""

    found: list[Hit]
    after: Place | None


@dataclass
class _Asked:
    """One question: what is asked, and where."""

    node: Node
    tx: Reading
    words: Sequence[str]

    @property
    def indexed(self) -> bool:
        """Whether the index can say anything about the words."""
        return any(titling.parts_of_word(word) for word in self.words)

    def hits(self, items: Sequence[ItemOf], seer: Seer) -> dict[str, Hit]:
        """Look at items that a seer may know of: do all words stand in what may be read of them?

        Titles are opened for those that may be read, all of them at once.
        """
        keys = tuple(one.key for one in items)
        ask = Search(seer=reader_of(seer), among=keys, limit=len(keys))
        titles = titling.titles_of(self.node, self.tx, self.tx.search(ask)) if keys else {}
        found = {}
        for item in items:
            title = titles.get(item.key, "")
            text = search_fold(f"{title} {titling.public_text(item)}") if self.words else ""
            if all(word in text for word in self.words):
                found[item.key] = Hit(item, title)
        return found


def find(node: Node, tx: Reading, search: Search, words: Sequence[str]) -> Answer:
    """Return items that a search finds and that have all words, the latest first.

    Args:
        node: This node.
        tx: What it keeps.
        search: Who asks, and what else they are like; ``limit`` is how many are shown.
            ``before`` is the place that an earlier answer ended with.
        words: As :func:`~comity.marking.banner.search_fold` folds them.
    """
    asked = _Asked(node, tx, words)
    if not asked.indexed or search.among is not None or _is_own(search.seer):
        return _walked(asked, search)
    below = _number(node, search.before)
    found: list[Hit] = []
    if below is None:
        answer = _walked(asked, structs.replace(search, untitled=True))
        if answer.after is not None:
            return answer
        found = answer.found
    return _looked_up(asked, structs.replace(search, before=None), found, below)


def _is_own(seer: Seer) -> bool:
    """Tell whether somebody sees what is a person's own alone: a few, and found at once."""
    return not (seer.everything or seer.provided or seer.received or seer.office)


def _walked(asked: _Asked, search: Search) -> Answer:
    """Look at one item after the other, in the order of their time."""
    found: list[Hit] = []
    last: Place | None = None
    looked = 0
    for page in _pages(asked.tx, search, words=bool(asked.words)):
        hits = asked.hits(page, search.seer)
        for item in page:
            if len(found) == search.limit or (asked.words and looked == LOOKED):
                # One more than is shown: so there is a next answer, from the last looked at.
                return Answer(found, last)
            looked, last = looked + 1, place_of(item)
            if item.key in hits:
                found.append(hits[item.key])
    return Answer(found, None)


def _pages(tx: Reading, search: Search, *, words: bool) -> Iterator[tuple[ItemOf, ...]]:
    # One more than is shown says whether there is more.
    size = _PAGE if words else min(search.limit + 1, 5 * _PAGE)
    search = structs.replace(search, limit=size)
    while page := tx.search(search):
        yield page
        if len(page) < size:
            return
        search = structs.replace(search, before=place_of(page[-1]))


def _looked_up(asked: _Asked, search: Search, found: list[Hit], below: int | None) -> Answer:
    """Look at what the index gives, from the highest number below one downwards."""
    reader = reader_of(search.seer)
    where = titling.where_of(search.seer, reader)
    where = where._replace(own=_own_numbers(asked, search, reader, where))
    left = _NUMBERS
    for block in titling.found(asked.node, asked.tx, asked.words, where, below=below):
        numbers = block.read | block.seen
        size = _FIRST
        while numbers:
            chunk = numbers[-size:]
            numbers -= chunk
            # Of one's own every title is opened: that is more work than to look up a number.
            left -= len(chunk) + _OPENING * len(chunk & where.own)
            size = min(2 * size, 8 * _FIRST)
            permitted = _permitted(asked.tx, search, reader, block, chunk)
            hits = asked.hits([item for _, item in permitted], search.seer)
            for number, item in permitted:
                if len(found) == search.limit:
                    return Answer(found, _place(asked.node, number + 1))
                if item.key in hits:
                    found.append(hits[item.key])
            if left <= 0 and (numbers or chunk[0] >= titling.BLOCK):
                return Answer(found, _place(asked.node, chunk[0]))
    return Answer(found, None)


def _own_numbers(asked: _Asked, search: Search, reader: Seer, where: titling.Where) -> BitMap:
    """Return the numbers of a person's own items that stand in no division that is looked up."""
    own = structs.replace(reader, provided=False, office="")
    search = structs.replace(search, seer=own, before=None)
    items = [
        one.key
        for page in _pages(asked.tx, search, words=True)
        for one in page
        if not set(where.read).intersection(titling.divisions_of(one, asked.node.party))
    ]
    return BitMap(asked.tx.title_numbers(items).values())


def _permitted(
    tx: Reading, search: Search, reader: Seer, block: titling.Found, chunk: BitMap
) -> list[tuple[int, ItemOf]]:
    """Return those of some items that the person may find by their words, by number.

    Who may know of more than may be read finds the former by reference and subject alone.
    """
    ways = [(reader, chunk & block.read)]
    if reader != search.seer:
        ways.append((search.seer, chunk & block.seen))
    items: dict[str, ItemOf] = {}
    for seer, numbers in ways:
        if numbers:
            asked = structs.replace(search, seer=seer, titles=tuple(numbers), limit=len(numbers))
            items.update((one.key, one) for one in tx.search(asked))
    by_number = ((number, items[key]) for key, number in tx.title_numbers(items).items())
    return sorted(by_number, key=lambda one: one[0], reverse=True)


def _place(node: Node, number: int) -> Place:
    """Return the place before a number of the index, closed: a number says how many there are."""
    secret = node.vault.storage(node.party)
    closed = node.suite.wrap(secret, key=number.to_bytes(8), aad=_AAD)
    return _INDEX, urlsafe_b64encode(closed).decode()


def _number(node: Node, place: Place | None) -> int | None:
    """Return the number that a place is before; nothing where it is none of the index.

    Raises:
        Invalid: ``invalid.wrapped``: no answer ended with it.
    """
    if place is None or place[0] != _INDEX:
        return None
    try:
        closed = urlsafe_b64decode(place[1])
    except (Error, ValueError):
        raise Invalid("invalid.wrapped", "no answer ended with this place") from None
    return int.from_bytes(
        node.suite.unwrap(node.vault.storage(node.party), wrapped=closed, aad=_AAD)
    )
