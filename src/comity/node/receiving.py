"""What the receiving house does with an item: number, designation, mark, assignment, receipt."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.parts import Paper, Position
from comity.agreement.clauses.equivalence import Equivalence
from comity.node import kept, large, series, succession
from comity.node.acting import enter_one
from comity.node.articles import under
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading
from comity.node.signing import Signer, by_key_file, enter_signed
from comity.register.rows import Designation, Holding, ItemOf, Number, Rows, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Reference,
    Regime,
    Subject,
    is_within,
)


def find_item(tx: Reading, party: Party, number: str) -> ItemOf:
    """Return an item by either registry's number.

    Raises:
        Refused: ``refused.absent``: the same answer whatever the reason.
    """
    registries = (party, *kept.counterparts(tx, party))
    found = (tx.get(Number, f"{one}:{number}") for one in registries)
    row = next((one for one in found if one is not None), None)
    item = None if row is None else tx.get(ItemOf, row.scope)
    if item is None:
        raise absent()
    return item


def absent() -> Refused:
    """Return the one answer for what is not here and for what one may not know of."""
    return Refused("refused.absent", "no such item")


def _given(node: Node, item: ItemOf, act: str) -> tuple[Position, Digest, Party, Article]:
    """Return where an item stands, under which agreement it came, from whom, and the act's article.

    Raises:
        Refused: ``refused.item.not-received``.
    """
    if item.receiver != node.party:
        raise Refused("refused.item.not-received", "this item was not given to this house")
    agreement = Digest(item.agreement)
    return position_of(item.key), agreement, Party(item.provider), under(node, agreement, act)


def register(node: Node, item: ItemOf, *, officer: PersonId) -> Entered:
    """Give a received item the registry's own number beside the provider's."""
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.REGISTRY)
        held = tx.get(Holding, item.key)
    if held is not None and held.number:
        raise Refused("refused.register.again", held.number)
    position, agreement, provider, article = _given(node, item, "register.register")
    number = fresh_number(node)
    deed = deeds.Register(
        by=Office(row.office),
        to=provider,
        article=article,
        agreement=agreement,
        item=position,
        number=number,
    )
    while True:
        with node.store.reading() as tx:
            written = series.following(tx, node.party, node.clock.now()[:4])
        own = UNSET if written is None else Paper(own=written)
        try:
            return enter(node, [Act(deed=deed, requested_by=officer, paper=own)])[0]
        except Refused as error:
            # Another one was given this number in between: the next is asked for.
            if error.code != "refused.register.taken":
                raise


def fresh_number(node: Node) -> Reference:
    """Return a number of this registry that tells others nothing of how many there are."""
    return Reference(f"{node.party}-R-{node.clock.now()[:4]}-{node.suite.random(4).hex().upper()}")


def designate(  # noqa: PLR0913 - what a designation states
    node: Node,
    item: ItemOf,
    *,
    regime: Regime,
    level: Level,
    until: Instant,
    officer: PersonId,
) -> Entered:
    """Put a received item under a regime, for a term: the designating officer's decision."""
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESIGNATING)
    position, agreement, provider, article = _given(node, item, "register.designate")
    deed = deeds.Designate(
        by=Office(row.office),
        to=provider,
        article=article,
        agreement=agreement,
        item=position,
        regime=regime,
        level=level,
        until=until,
    )
    return enter_one(node, deed, actor=officer)


def re_mark(
    node: Node,
    item: ItemOf,
    *,
    level: Level,
    regime: Regime | UnsetType = UNSET,
    officer: PersonId,
) -> Entered:
    """Mark a received item with the originator's name and this party's level (Article 4).

    Where a designation puts it under a regime, that designation is cited; under a text that
    designates by category, one of another item of the category.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.REGISTRY)
        cited = designation_of(tx, item.key, at=now)
        if cited is None and isinstance(regime, str):
            cited = _of_category(node, tx, item, regime, at=now)
    position, agreement, provider, article = _given(node, item, "register.re-mark")
    deed = deeds.ReMark(
        by=Office(row.office),
        to=provider,
        article=article,
        agreement=agreement,
        item=position,
        level=level,
        regime=regime,
        designation=UNSET if cited is None else position_of(cited.key),
    )
    return enter_one(node, deed, actor=officer)


def designation_of(rows: Rows, item: str, *, at: Instant) -> Designation | None:
    """Return the designation of an item that is in force, or nothing."""
    found = [row for row in rows.within(Designation, item) if at < row.until]
    return max(found, key=lambda row: row.index, default=None)


def _of_category(
    node: Node, tx: Reading, item: ItemOf, regime: Regime, *, at: Instant
) -> Designation | None:
    """Return the designation by which items of a category are marked, where the text has them."""
    text = node.agreement(tx, Digest(item.agreement))
    table = None if text is None else text.clause("equivalence")
    if not isinstance(table, Equivalence) or table.per != "category":
        return None
    for row in tx.page(Designation, limit=100_000):
        other = tx.get(ItemOf, row.scope)
        if row.regime == regime and at < row.until and other is not None:
            alike = (other.originator, other.level) == (item.originator, item.level)
            if alike and is_within(Subject(item.subject), Subject(other.subject)):
                return row
    return None


def assign(node: Node, item: ItemOf, *, person: PersonId, officer: PersonId) -> Entered:
    """Give an item to a person of an addressed office.

    Raises:
        RefusedAct: Article 7: no need-to-know, or not cleared; rank never suffices.
    """
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.REGISTRY)
        to = require_person(tx, person)
    position, agreement, provider, article = _given(node, item, "register.assign")
    deed = deeds.Assign(
        by=Office(row.office),
        to=provider,
        article=article,
        agreement=agreement,
        item=position,
        office=Office(to.office),
        person=person,
    )
    return enter_one(node, deed, actor=officer)


def receipt(  # noqa: PLR0913 - what a receipt states
    node: Node,
    item: ItemOf,
    *,
    custodian: PersonId,
    stage: Stage = Stage.DOCUMENT,
    copy: int | None = None,
    pages: int | None = None,
    annexes: int | None = None,
    reserve: Sequence[Reserve] = (),
    sign: Signer = by_key_file,
) -> Entered:
    """Sign the receipt: the custodian of the addressed office, after counting (Article 12).

    Counts that are not given are those of the skeleton: the signer says they are right.
    """
    roles = (Role.CUSTODIAN,) if stage is Stage.DOCUMENT else (Role.REGISTRY, Role.CUSTODIAN)
    with node.store.reading() as tx:
        row = require_person(tx, custodian, *roles)
        held = tx.get(Holding, item.key)
        sent = stage is Stage.DOCUMENT and bool(item.ciphertext)
        here = not sent or large.has(node, tx, Digest(item.ciphertext))
    # What came to the wrong place is not registered: it is sent back under its sender's number.
    number = item.reference if Reserve.MISDIRECTED in reserve else held.number if held else ""
    if not number:
        raise Refused("refused.receipt.not-registered", "register the item first")
    if not here:
        # Who signs says that it was counted and is whole: of what is not here nobody can.
        raise Refused("refused.receipt.content", "the content has not arrived whole yet")
    position, agreement, provider, article = _given(node, item, "delivery.receipt")
    office = Office(row.office)
    if copy is None:
        addressed = succession.addressed_as(node, item, office)
        copy = 0 if addressed is None else item.offices.index(addressed) + 1
    deed = deeds.Receipt(
        by=office,
        to=provider,
        article=article,
        agreement=agreement,
        item=position,
        stage=stage,
        number=Reference(number),
        copy=copy,
        pages=item.pages if pages is None else pages,
        annexes=item.annexes if annexes is None else annexes,
        reserve=tuple(reserve),
    )
    return enter_signed(node, deed, person=custodian, sign=sign)
