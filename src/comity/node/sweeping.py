"""Files that nothing names any more: forgotten, after they were seen so many times and so long.

A content that is too large for a pouch is sealed into a file before the transaction that speaks
of it (:mod:`comity.node.large`). If the process dies in between, or before the file of a draft
that was declined is deleted, the file stays and nobody can open it: its key was in the draft.

A file is named by an item of the register, by a draft that waits, by what was given, and by what
is being fetched. One that none of these names is noted, and deleted only when it was still
unnamed at :data:`LOOKS` looks *and* :data:`SECONDS` after the first: looks are an hour of running
apart whatever the clock says, so a clock that jumps deletes nothing that is being laid, and the
long time leaves room for entries that are recovered from a counterpart.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, json

from comity.acts.canonical import encode
from comity.node import releases
from comity.node.node import Node
from comity.node.ports import Files, Reading, Space
from comity.register.rows import ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, seconds_between

LOOKS: Final = 48
"""So many looks find a file unnamed before it is deleted; the node looks once an hour."""

SECONDS: Final = 30 * 86400
"""And so long after the first of them, by this house's clock."""

_STRAY: Final = "stray|"
_NAMED: Final = "file|"
_PAGE: Final = 2000


class _Noted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Since when a file was seen unnamed, and how often."""

    since: Instant
    looks: int


def sweep(node: Node) -> tuple[Digest, ...]:
    """Look once for files that nothing names; delete those that are long known, and return them.

    If the process dies after a file is deleted and before its note goes, the next look drops the
    note of a file that is not there. What a committed act names is never deleted: a file's name
    is fresh with every sealing, and one whose act commits during this look is new to it.
    """
    files, now = node.files, node.clock.now()
    if files is None:
        return ()
    here = frozenset(files.digests())
    with node.store.reading() as tx:
        noted = _noted(tx)
        known = _known(tx)
        strays = _unnamed(node, tx, here - known)
        items = here - known - strays
    old = frozenset(
        name for name in strays if (one := noted.get(name)) is not None and _is_long(one, now)
    )
    _delete(files, old)
    keep = {name: _seen_again(noted.get(name), now) for name in strays - old}
    with node.store.transaction() as tx:
        tx.save(Space.LINK, {f"{_STRAY}{name}": encode(one) for name, one in keep.items()})
        # An act is never unlaid: what an item names need not be looked for again.
        tx.save(Space.LINK, {f"{_NAMED}{name}": b"item" for name in _of_items(node, tx, items)})
        gone = [name for name in noted if name not in keep]
        tx.drop(Space.LINK, [f"{_STRAY}{name}" for name in gone])
    return tuple(sorted(old))


def _is_long(one: _Noted, now: Instant) -> bool:
    return one.looks >= LOOKS and seconds_between(one.since, now) >= SECONDS


def _seen_again(before: _Noted | None, now: Instant) -> _Noted:
    if before is None:
        return _Noted(since=now, looks=1)
    return _Noted(since=min(before.since, now), looks=before.looks + 1)


def _delete(files: Files, names: Iterable[Digest]) -> None:
    for name in names:
        files.delete(name)


def _noted(tx: Reading) -> dict[Digest, _Noted]:
    found = tx.load_many(Space.LINK, tx.keys(Space.LINK, _STRAY))
    return {
        Digest(key.removeprefix(_STRAY)): json.decode(raw, type=_Noted)
        for key, raw in found.items()
    }


def _known(tx: Reading) -> frozenset[Digest]:
    """Return the files of which it is noted what names them."""
    return frozenset(
        Digest(key.rpartition("|")[2])
        for prefix in (_NAMED, "given|", "fetch|")
        for key in tx.keys(Space.LINK, prefix)
    )


def _unnamed(node: Node, tx: Reading, names: frozenset[Digest]) -> frozenset[Digest]:
    """Return those of some files that neither a draft nor an item names."""
    left = set(names)
    for found in (_drafted(node, tx), (one.ciphertext for one in _items(tx))):
        for name in found:
            if not left:
                break
            left.discard(Digest(name))
    return frozenset(left)


def _of_items(node: Node, tx: Reading, names: frozenset[Digest]) -> frozenset[Digest]:
    # What a draft alone names may be taken back: it is looked for each time.
    return names - frozenset(_drafted(node, tx)) if names else names


def _drafted(node: Node, tx: Reading) -> Iterator[Digest]:
    for row in releases.waiting(tx):
        (kept,) = releases.waiting_drafts(node, tx, [Digest(row.key)])
        if kept.is_file:
            yield kept.ciphertext


def _items(tx: Reading) -> Iterator[ItemOf]:
    after = ""
    while page := tx.page(ItemOf, after=after, limit=_PAGE):
        yield from page
        after = page[-1].key
