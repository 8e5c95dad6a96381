"""Folding everything again from the logs, and holding the result against what is kept.

The journal is the one total order: its own acts are its lines, and every leaf of any other log
stands in a line with its hash and the digests of its judgements. Nothing is believed: hashes
are computed again, every act is judged again, and every column of every row is compared.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from comity.acts import deeds
from comity.acts.entries import Entry, decode_entry, entry_or_opaque
from comity.acts.kinds import Log, kind
from comity.agreement.cut import Asked
from comity.ledger.checkpoints import checkpoint_of
from comity.ledger.tree import EMPTY, leaf_hash
from comity.node import lanes
from comity.node.assess import OPAQUE, Assessment, NodeBooks, assess, effect_of
from comity.node.judging import judged_leaf, read_ahead
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.node.recovering import judged_again
from comity.register.fold import Effect, fold
from comity.register.leaves import Leaf
from comity.register.rows import TABLES, Row
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.logs import LogName, journal, owner
from comity.vocabulary.logs import author as log_author
from comity.vocabulary.names import Party

_PAGE = 512
_SIGNED = ("|own", "|cosigned", "|acked", "|held")
_NOT_JUDGED = bytes(48)


class Difference(NamedTuple):
    """One thing that is not as the logs say.

    Attributes:
        where: A log and index, or a table and key.
        what: The column, or what was compared.
        kept: What is kept.
        folded: What the logs give.
    """

    where: str
    what: str
    kept: str
    folded: str


class Rebuilt(NamedTuple):
    """What a fold from the beginning came to."""

    leaves: int
    rows: int
    differences: tuple[Difference, ...]


class Judged(Struct, frozen=True):
    """One act of a correspondence or a register ledger, judged again where it stands.

    Attributes:
        log: The log, and the index in it.
        line: The line of the journal that speaks of it: how much of the house's own affairs counts.
        assessment: As judged under the text of its time; none for what is not judged at all.
    """

    log: LogName
    index: int
    entry: Entry
    line: int
    assessment: Assessment | None


Watch = Callable[[NodeBooks, Overlay, Judged], None]
"""Is shown every act before it is folded, with the books and the rows that it was judged on."""


def rebuild(node: Node, *, witnessed: Iterable[bytes] = ()) -> Rebuilt:
    """Fold everything again and compare every column of every row with what is kept.

    And the tree of every log with each checkpoint of it that is kept: those in the database, and
    those of files outside it (``witnessed``), which who rewrites the database cannot rewrite.
    """
    with node.store.reading() as tx:
        rows = Overlay(None)
        done: dict[LogName, int] = {}
        size = tx.frontier(journal(node.party)).size
        found = list(refold(node, tx, rows, range(size), done=done))
        found += _unjournalled(tx, journal(node.party), done)
        found += _roots(tx, _signed(node, tx, witnessed))
        found += _compared(tx, rows)
        return Rebuilt(size + sum(done.values()), len(rows.changed), tuple(found))


def refold(  # noqa: PLR0913 - a stretch of the books, and what becomes of it
    node: Node,
    tx: Reading,
    rows: Overlay,
    lines: range,
    *,
    done: dict[LogName, int] | None = None,
    watch: Watch | None = None,
) -> Iterator[Difference]:
    """Judge and fold again what stretch of the journal speaks of, and say what is otherwise.

    Args:
        node: Whose books.
        tx: What is kept, read in one state.
        rows: As all the lines before came to; takes what these come to.
        lines: Which lines of the journal.
        done: Takes how far each log was gone through; unset: the stretch begins in the middle.
        watch: Is shown every act.
    """
    books = NodeBooks(node, tx)
    for line, entry in _journal(node, tx, lines):
        if isinstance(entry.deed, deeds.Leaves | deeds.Recovered):
            yield from _run(node, tx, books, rows, line, entry.deed, done, watch)
        else:
            yield from _house(node, books, rows, line, entry)


def _journal(node: Node, tx: Reading, lines: range) -> Iterator[tuple[int, Entry]]:
    log = journal(node.party)
    for start in range(lines.start, lines.stop, _PAGE):
        page = tx.leaves(log, start, min(lines.stop, start + _PAGE))
        for index, leaf in enumerate(page, start=start):
            yield index, decode_entry(leaf)


def _house(
    node: Node, books: NodeBooks, rows: Overlay, line: int, entry: Entry
) -> list[Difference]:
    log = journal(node.party)
    asked = _asked(node, node.party, node.party, log, line, entry)
    assessment = assess(books, rows, asked, journal_size=line)
    rows.put(
        fold(
            rows,
            Leaf(house=node.party, log=log, index=line, entry=entry),
            effect_of(assessment),
        )
    )
    if not assessment.lawful:
        return [Difference(f"{log}#{line}", "judgement", "lawful", "not lawful")]
    return []


def _run(  # noqa: PLR0913 - one line of the journal against what it speaks of
    node: Node,
    tx: Reading,
    books: NodeBooks,
    rows: Overlay,
    line: int,
    run: deeds.Leaves | deeds.Recovered,
    done: dict[LogName, int] | None,
    watch: Watch | None,
) -> list[Difference]:
    found: list[Difference] = []
    stop = run.first + len(run.leaves)
    if done is not None:
        before = done.get(run.log, 0)
        if run.first != before:
            where = f"{run.log}#{run.first}"
            found.append(Difference(where, "order", str(run.first), str(before)))
        done[run.log] = stop
    page = tx.leaves(run.log, run.first, stop)
    entries = [entry_or_opaque(leaf) for leaf in page]
    if rows.kept:
        read_ahead(node, rows, run.log, run.first, entries)
    for offset, (leaf, entry) in enumerate(zip(page, entries, strict=True)):
        index = run.first + offset
        where = f"{run.log}#{index}"
        if leaf_hash(leaf) != run.leaves[offset]:
            found.append(Difference(where, "leaf", "other bytes", run.leaves[offset].hex()))
        effect, assessment = _judge(node, books, rows, run, index, entry, line)
        if watch is not None and entry is not None:
            watch(books, rows, Judged(run.log, index, entry, line, assessment))
        domestic = run.domestic[offset] if isinstance(run, deeds.Leaves) else _NOT_JUDGED
        for what, kept, now in (
            ("common", run.common[offset], _raw(assessment, common=True)),
            ("domestic", domestic, _raw(assessment, common=False)),
        ):
            if kept != now:
                found.append(Difference(where, what, kept.hex(), now.hex()))
        rows.put(fold(rows, Leaf(house=node.party, log=run.log, index=index, entry=entry), effect))
    return found


def _judge(  # noqa: PLR0913 - one leaf where it stands
    node: Node,
    books: NodeBooks,
    rows: Overlay,
    run: deeds.Leaves | deeds.Recovered,
    index: int,
    entry: Entry | None,
    line: int,
) -> tuple[Effect, Assessment | None]:
    log, author = run.log, owner(run.log)
    if isinstance(run, deeds.Recovered):
        refused = {one.index: one for one in run.refused}.get(index)
        return judged_again(
            node, books, rows, log, index, entry, journal_size=line, refused=refused
        )
    if author != node.party:
        return judged_leaf(node, books, rows, author, log, index, entry, journal_size=line)
    if entry is None:
        return OPAQUE, None
    deed = entry.deed
    if kind(deed).log is Log.JOURNAL or not isinstance(deed, deeds.Outward):
        return OPAQUE, None
    acting = log_author(log)
    if node.party not in (acting, deed.to):
        return OPAQUE, None
    asked = _asked(node, acting, deed.to, log, index, entry)
    assessment = assess(books, rows, asked, journal_size=line)
    return effect_of(assessment, claimed=entry.judgement), assessment


def _asked(  # noqa: PLR0913 - one act where it stands
    node: Node, acting: Party, other: Party, log: LogName, index: int, entry: Entry
) -> Asked:
    return Asked(
        house=node.party, acting=acting, counterpart=other, log=log, index=index, entry=entry
    )


def _raw(assessment: Assessment | None, *, common: bool) -> bytes:
    digest: Digest | None = None
    if assessment is not None:
        digest = assessment.common_digest if common else assessment.domestic_digest
    return _NOT_JUDGED if digest is None else digest_to_bytes(digest)


def _unjournalled(tx: Reading, house: LogName, done: dict[LogName, int]) -> list[Difference]:
    """Every leaf of every log stands in the journal; one that does not came in by no door."""
    return [
        Difference(f"{log}#{done.get(log, 0)}", "journal", str(size), str(done.get(log, 0)))
        for log in tx.logs()
        if log != house and (size := tx.frontier(log).size) != done.get(log, 0)
    ]


def _signed(
    node: Node, tx: Reading, witnessed: Iterable[bytes]
) -> dict[LogName, dict[int, set[bytes]]]:
    """Return the roots that were signed, by log and size: one history has one at each size.

    Of a log that somebody else writes only the latest are taken: where it forked, the notes of
    both histories are kept as evidence. A lane that is closed goes on nowhere.
    """
    latest = [
        key
        for key in tx.keys(Space.LATEST)
        if key.endswith(_SIGNED) and not key.startswith("fork|")
    ]
    kept = [note for key in latest if (note := tx.load(Space.LATEST, key))]
    ever = [note for key in tx.keys(Space.NOTE) if (note := tx.load(Space.NOTE, key))]
    stated = [checkpoint_of(one) for one in (*kept, *witnessed)]
    stated += [one for one in map(checkpoint_of, ever) if log_author(one.log) == node.party]
    found: dict[LogName, dict[int, set[bytes]]] = {}
    for one in stated:
        if not lanes.is_closed(tx, one.log):
            roots = found.setdefault(one.log, {})
            roots.setdefault(one.size, set()).add(digest_to_bytes(one.root))
    return found


def _roots(tx: Reading, signed: Mapping[LogName, Mapping[int, set[bytes]]]) -> list[Difference]:
    """Hash every leaf of every log again; compare with the frontier and with what was signed."""
    found = []
    for log in tx.logs():
        frontier = EMPTY
        kept = tx.frontier(log)
        roots = signed.get(log, {})
        sizes = {one for one in roots if one <= kept.size}
        for start, end in pairwise(sorted({0, kept.size, *range(0, kept.size, _PAGE), *sizes})):
            page = tx.leaves(log, start, end)
            frontier = frontier.appended(leaf_hash(leaf) for leaf in page)
            found += [
                Difference(log, f"checkpoint at {end}", other.hex(), frontier.root.hex())
                for other in roots.get(end, set()) - {frontier.root}
            ]
        if frontier != kept:
            found.append(Difference(log, "root", kept.root.hex(), frontier.root.hex()))
    return found


def _compared(tx: Reading, rows: Overlay) -> list[Difference]:
    found: list[Difference] = []
    for table, of in TABLES.items():
        folded = {key: row for (kind_of, key), row in rows.changed.items() if kind_of is of}
        after = ""
        while page := tx.page(of, after=after, limit=_PAGE):
            for kept in page:
                found += _columns(table, kept, folded.pop(kept.key, None))
            after = page[-1].key
        found += [Difference(f"{table}/{key}", "row", "absent", "present") for key in folded]
    return found


def _columns(table: str, kept: Row, folded: Row | None) -> list[Difference]:
    if folded is None:
        return [Difference(f"{table}/{kept.key}", "row", "present", "absent")]
    if kept == folded:
        return []
    return [
        Difference(f"{table}/{kept.key}", name, repr(getattr(kept, name)), repr(value))
        for name in kept.__struct_fields__
        if getattr(kept, name) != (value := getattr(folded, name))
    ]
