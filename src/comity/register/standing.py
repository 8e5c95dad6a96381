"""Standing directives and the account of their streams, folded from the originator's logs."""

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.judgements import Duty
from comity.register import items
from comity.register.leaves import Leaf, rests_on
from comity.register.rows import (
    DirectiveTurn,
    ItemOf,
    LaneGap,
    LaneOf,
    Needs,
    Row,
    Rows,
    StandingOf,
    key_of,
)
from comity.vocabulary.logs import LogName, author, correspondence, feed


def needs(ask: Needs, deed: deeds.Observations, lane: LogName) -> None:
    """Say what the fold of a micro-batch asks."""
    key = key_of(deed.item)
    ask.key(lane, LaneOf)
    ask.key(key, StandingOf, ItemOf)
    ask.scope(key, DirectiveTurn)


def directed(
    rows: Rows, leaf: Leaf, deed: deeds.StandingDirective, duties: tuple[Duty, ...]
) -> list[Row]:
    """The stream is one item of the register; beside it stand its bounds."""
    reference = deed.item.reference
    return [
        *items.released(rows, leaf, deed, duties),
        StandingOf(
            key=leaf.key,
            scope=leaf.log,
            log=leaf.log,
            index=leaf.index,
            reference=reference,
            lane=feed(author(leaf.log), deed.to, reference),
            since=deed.since,
            until=deed.until,
            most=deed.most,
        ),
    ]


def turned(rows: Rows, leaf: Leaf, deed: deeds.Turn, duties: tuple[Duty, ...]) -> list[Row]:
    """From this position of its author's log on it has effect no more, or again."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    return [
        DirectiveTurn(
            key=leaf.key,
            scope=key_of(deed.item),
            log=leaf.log,
            index=leaf.index,
            act=kind_of(deed),
            at=leaf.entry.at,
            by=deed.by,
        )
    ]


def observed(
    rows: Rows, leaf: Leaf, deed: deeds.Observations, duties: tuple[Duty, ...]
) -> list[Row]:
    """A micro-batch counts; numbers between it and the one before were not given."""
    del duties
    entry = leaf.entry
    assert entry is not None  # noqa: S101 - as in turned()
    directive = key_of(deed.item)
    before = rows.get(LaneOf, leaf.log)
    start = 0 if before is None else before.next
    left_out = deed.first - start
    head = head_of(leaf)
    put: list[Row] = [
        LaneOf(
            key=leaf.log,
            scope=directive,
            head=head,
            next=deed.first + deed.count,
            given=deed.count + (0 if before is None else before.given),
            batches=1 + (0 if before is None else before.batches),
            left_out=left_out + (0 if before is None else before.left_out),
            late=(0 if before is None else before.late)
            + (deed.count if _ended_after(rows, directive, head) else 0),
            at=entry.at,
        )
    ]
    if left_out:
        put.append(
            LaneGap(key=leaf.key, scope=leaf.log, first=start, until=deed.first, at=entry.at)
        )
    return put


def head_of(leaf: Leaf) -> int:
    """Return how much of its author's correspondence a leaf of a lane rests on."""
    entry = leaf.entry
    if entry is None or not isinstance(entry.deed, deeds.Outward):
        return 0
    return rests_on(entry, correspondence(author(leaf.log), entry.deed.to))


def _ended_after(rows: Rows, directive: str, head: int) -> bool:
    """Tell whether this house knows already that the directive has ended after that head."""
    return any(
        one.index >= head and one.act != "directive.resume"
        for one in rows.within(DirectiveTurn, directive)
    )
