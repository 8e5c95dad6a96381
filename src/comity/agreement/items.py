"""What an item is, as a deed states it or as the register knows it within a cut."""

from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.agreement import streaming
from comity.agreement.case import HandOverFact, ItemFacts
from comity.agreement.cut import Asked, Cut
from comity.agreement.lookups import item_position
from comity.agreement.notified import addressed_now
from comity.register.items import HAND_OVER
from comity.register.rows import (
    Copy,
    Designation,
    Holding,
    ItemOf,
    Line,
    ReceiptOf,
    Regrading,
    Rows,
    key_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Caveat,
    Level,
    Office,
    Party,
    Purpose,
    Regime,
    Subject,
    is_within,
)


def item_of(rows: Rows, asked: Asked, cut: Cut) -> ItemFacts | UnsetType:
    """Return the item that an act is about: as a release states it, or as the register holds it."""
    deed = asked.entry.deed
    if isinstance(deed, deeds.Release):
        label = deed.item.label
        return ItemFacts(
            originator=deed.item.originator,
            provider=asked.acting,
            receiver=deed.to,
            level=label.level,
            subject=deed.item.subject,
            form=deed.item.form,
            purpose=deed.purpose,
            offices=deed.offices,
            regime=label.regime,
            releasable=label.releasable,
            caveats=label.caveats,
            pages=deed.item.pages,
            annexes=deed.item.annexes,
            disclosed=deed.item.disclosed,
            schedule=deed.item.schedule,
        )
    if isinstance(deed, deeds.Observations):
        return streaming.observed(rows, deed, cut)
    position = item_position(deed)
    if position is None or position.log not in (*cut.mine_all, *cut.theirs_all):
        # An item of another link: the counterpart must not learn from a finding that it exists.
        return UNSET
    facts = item_facts(rows, key_of(position), cut, asked.entry.at)
    if isinstance(deed, deeds.Translate) and isinstance(facts, ItemFacts):
        return structs.replace(facts, translations=_translated(rows, key_of(position)))
    if isinstance(deed, deeds.ReMark) and isinstance(facts, ItemFacts):
        return _of_category(rows, deed, facts, cut, asked.entry.at)
    if isinstance(deed, deeds.OnwardReleased) and isinstance(facts, ItemFacts):
        return structs.replace(
            facts, receiver=deed.third_party, purpose=deed.purpose, origin_purpose=facts.purpose
        )
    return facts


def inherited(
    item: ItemFacts | UnsetType, asked: Asked, mine: bytes | None, theirs: bytes | None
) -> ItemFacts | UnsetType:
    """Return an item as addressed now: where an office has ended, to its successor (Article 2)."""
    if isinstance(item, UnsetType) or not item.provided:
        return item
    own = item.receiver == asked.acting
    raw = mine if own else theirs
    offices = addressed_now(raw, item.receiver, item.offices, asked.entry.at)
    return item if offices == item.offices else structs.replace(item, offices=offices)


def item_facts(rows: Rows, key: str, cut: Cut, at: Instant) -> ItemFacts | UnsetType:
    """Return what the register knows of an item within a cut; absent where it did not cross."""
    item = rows.get(ItemOf, key)
    if item is None or not cut.holds(item.log, item.index):
        return UNSET
    holding = rows.get(Holding, key)
    designation = _designation(rows, key, at)
    signed = sorted(
        (row for row in rows.within(ReceiptOf, key) if cut.holds(row.log, row.index)),
        key=lambda row: row.index,
    )
    return ItemFacts(
        originator=Party(item.originator),
        provider=Party(item.provider),
        receiver=Party(item.receiver),
        level=Level(_graded(rows, key, cut, at) or item.level),
        subject=Subject(item.subject),
        form=Form(item.form),
        purpose=Purpose(item.purpose),
        offices=tuple(Office(office) for office in item.offices),
        regime=Regime(item.regime) if item.regime else UNSET,
        releasable=tuple(Party(party) for party in item.releasable),
        caveats=tuple(Caveat(caveat) for caveat in item.caveats),
        provided=True,
        registered=holding is not None and bool(holding.number),
        marked=Level(holding.level) if holding is not None and holding.level else UNSET,
        marked_regime=Regime(holding.regime) if holding is not None and holding.regime else UNSET,
        designated=Regime(designation.regime) if designation else UNSET,
        designated_level=Level(designation.level) if designation else UNSET,
        received=tuple(deeds.Stage(row.stage) for row in signed if row.stage != HAND_OVER),
        misdirected=any("misdirected" in row.reserve for row in signed),
        carried=tuple(
            # By their own count: the two houses enter them in two logs.
            HandOverFact(copy=row.copy, taker=row.office)
            for row in sorted(signed, key=lambda row: (row.copy, row.number.zfill(16)))
            if row.stage == HAND_OVER
        ),
        pages=item.pages,
        annexes=item.annexes,
        agreement=Digest(item.agreement) if item.agreement else UNSET,
        copies=tuple((one.copy, one.state) for one in rows.within(Copy, key)),
    )


def _translated(rows: Rows, key: str) -> int:
    return sum(
        row.kind == "register.translate" and row.outcome == "lawful"
        for row in rows.within(Line, key)
    )


def _graded(rows: Rows, key: str, cut: Cut, at: Instant) -> str:
    """Return the level that an item has been given last, within the cut and by then."""
    found = [
        row
        for row in rows.within(Regrading, key)
        if cut.holds(row.log, row.index) and row.since <= at
    ]
    last = max(found, key=lambda row: row.index, default=None)
    return "" if last is None else last.level


def _of_category(
    rows: Rows, deed: deeds.ReMark, item: ItemFacts, cut: Cut, at: Instant
) -> ItemFacts:
    """Return an item with the designation of another one of its category, if that is cited."""
    cited = deed.designation
    row = None if isinstance(cited, UnsetType) else rows.get(Designation, key_of(cited))
    other = None if row is None else rows.get(ItemOf, row.scope)
    if row is None or other is None or row.scope == key_of(deed.item) or row.until <= at:
        return item
    level = _graded(rows, other.key, cut, at) or other.level
    alike = (other.originator, level) == (item.originator, item.level)
    if not alike or not is_within(item.subject, Subject(other.subject)):
        return item
    return structs.replace(
        item, category_regime=Regime(row.regime), category_level=Level(row.level)
    )


def _designation(rows: Rows, key: str, at: Instant) -> Designation | None:
    """Return the designation in force: the latest whose term covers the instant."""
    found = [row for row in rows.within(Designation, key) if at < row.until]
    return max(found, key=lambda row: row.index, default=None)
