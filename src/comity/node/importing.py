"""An existing register is entered: each line once, wherever a run was killed.

Each line (:mod:`comity.formats.register_csv`) becomes what it tells of: an item that a party on
paper handed over, entered as attested, with the own number beside its own; or an item that this
house handed over, which a releasing authority signs for as one list. What is entered is judged as
everything else is. A batch is one transaction, so a run that was killed goes on where it was: a
number that is in the book is passed over.

The persons who sign may come one after the other: what the one who is here does not sign for is
left, and a receipt that the register tells of is entered when its signer comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.acts.documents import ApprovalDocument
from comity.acts.entries import decode_entry
from comity.acts.parts import Approval, Paper, Position
from comity.agreement.text import Agreement
from comity.formats.register_csv import Bad, Line, Map, Read
from comity.node import import_lines as lines
from comity.node import item_keys, paper, receiving, series, treaty
from comity.node.chancery import Act, RefusedAct, enter_in
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signing import ONE_BY_ONE, Approves, Signed
from comity.node.sitting import Sitting, sitting
from comity.register.rows import (
    ApprovalOf,
    Holding,
    ItemOf,
    Number,
    ReceiptOf,
    Rows,
    key_of,
    position_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import (
    Party,
    PersonId,
    Reference,
)

BATCH: Final = 64
"""Lines of one transaction."""

_NOTHING: Final = digest(b"")
_UNSIGNED: Final = Signed(
    ApprovalDocument(key=_NOTHING, root=_NOTHING, size=1, signature=b""),
    Approval(document=_NOTHING, index=0, size=1, path=()),
)
"""In the place of a signature, in acts that are made to see what is to be signed."""


class Signers(NamedTuple):
    """Who answers for what is entered.

    Attributes:
        officer: Of the registry: has the register in hand, signs what is attested.
        drafter: Laid the own releases before the authority.
        authority: Signs for the own releases, as one list a batch.
        custodian: Signs the own receipts that the register tells of.
        sign: How they do.
        in_order: A receipt is signed when what it is for is in the book, not with it: its place
            is part of what is signed.
    """

    officer: PersonId | None = None
    drafter: PersonId | None = None
    authority: PersonId | None = None
    custodian: PersonId | None = None
    sign: Approves = ONE_BY_ONE
    in_order: bool = False


class Done(NamedTuple):
    """What one batch came to.

    Attributes:
        entered: Lines that were entered.
        passed: Lines whose number was in the book already.
        after: How many lines of the file are behind it.
        left: Lines of which something is not signed for by who is here.
    """

    entered: int
    passed: int
    after: int
    left: int = 0


def enter_batch(
    node: Node, read: Read, signers: Signers, *, first: int, partly: bool = False
) -> Done:
    """Enter the next lines of a register, in one transaction: all of them or none.

    Args:
        node: This node.
        read: The register, without a bad line.
        signers: Who answers for it.
        first: How many of its lines are behind.
        partly: What none of the signers signs for is left; else it refuses the batch.

    Raises:
        Invalid: ``invalid.import.bad``: the register has bad lines; see the dry run.
        Refused: ``refused.import.line``: an act was refused; line, number, article;
            ``refused.import.number``: a number stands for another item in the book;
            ``refused.release.second-person``: who laid the own releases would release them.
        Unavailable: nothing of this batch was entered; run it again.
    """
    if read.bad:
        raise Invalid("invalid.import.bad", f"{len(read.bad)} bad lines; --dry-run names them")
    if signers.authority is not None and signers.authority == signers.drafter:
        raise Refused("refused.release.second-person", "a release is decided by a second person")
    batch = read.lines[first : first + BATCH]
    with node.store.reading() as tx:
        paper.require_open(tx, node.party, read.party)
        found = _in_force(node, tx, read.party)
        for one in batch:
            if _stands_for_another(node, tx, read.party, one):
                raise Refused("refused.import.number", f"line {one.line}, {one.number}")
        for person, role in (
            (signers.drafter, (Role.DESK, Role.REGISTRY)),
            (signers.authority, (Role.RELEASING,)),
            (signers.custodian, (Role.CUSTODIAN,)),
        ):
            if person is not None:
                require_person(tx, person, *role)
    with sitting(node) as session:
        wanted = {one.line: missing(session.rows, node.party, one) for one in batch}
        done = {line: signed_for(signers, parts) for line, parts in wanted.items()}
        if not partly:
            _require_signers(batch, done, wanted)
        _enter(session, read.party, batch, done, found, signers)
        series.remember(session, [one.number for one in read.lines if one.incoming])
    return Done(
        entered=sum(bool(parts) for parts in done.values()),
        passed=sum(not parts for parts in wanted.values()),
        after=min(first + BATCH, len(read.lines)),
        left=sum(done[line] != parts for line, parts in wanted.items()),
    )


class Part(Enum):
    """What of a line is entered, each signed by another person."""

    RECEIVED = "received"
    RELEASED = "released"
    OWN_RECEIPT = "own-receipt"
    THEIR_RECEIPT = "their-receipt"


def missing(rows: Rows, house: Party, line: Line) -> frozenset[Part]:
    """Return what a line tells of that is not in the book yet."""
    number = rows.get(Number, f"{house}:{line.number}")
    parts = {Part.RECEIVED if line.incoming else Part.RELEASED} if number is None else set()
    if line.receipt_on is not None and not (
        number is not None and rows.within(ReceiptOf, number.scope)
    ):
        parts.add(Part.OWN_RECEIPT if line.incoming else Part.THEIR_RECEIPT)
    return frozenset(parts)


def signed_for(signers: Signers, parts: frozenset[Part]) -> frozenset[Part]:
    """Return what of a line these persons sign for; no receipt without what it is for."""
    signed = {
        Part.RECEIVED: signers.officer is not None,
        Part.RELEASED: signers.authority is not None and signers.drafter is not None,
        Part.OWN_RECEIPT: signers.custodian is not None,
        Part.THEIR_RECEIPT: signers.officer is not None,
    }
    found = frozenset(one for one in parts if signed[one])
    items = parts & {Part.RECEIVED, Part.RELEASED}
    if signers.in_order and items:
        return found & items
    return found if items <= found else frozenset()


def to_sign(
    node: Node, tx: Reading, read: Read, signers: Signers, lines_of: Sequence[Line]
) -> list[Digest]:
    """Return the deeds that these persons sign of some lines, in the order of their entering.

    They are made as they will be made when they are entered, and thrown away.
    """
    names: list[Digest] = []

    def collect(node: Node, person: PersonId, name: Digest) -> Signed:
        del node, person
        names.append(name)
        return _UNSIGNED

    found = _in_force(node, tx, read.party)
    asked = signers._replace(sign=collect, in_order=True)
    book = Overlay(tx)
    for one in lines_of:
        parts = signed_for(asked, missing(book, node.party, one))
        if parts:
            # Where an item will stand is no part of what is signed for it.
            acts = _incoming if one.incoming else _outgoing
            acts(node, book, 0, read.party, one, parts, found, asked)
    return names


def _in_force(node: Node, tx: Reading, party: Party) -> Agreement:
    found = treaty.between(node, tx, party)
    if found is None:
        raise Refused("refused.treaty.none-in-force", party)
    return found


def _require_signers(
    lines: Sequence[Line],
    done: Mapping[int, frozenset[Part]],
    wanted: Mapping[int, frozenset[Part]],
) -> None:
    """Refuse a batch in which an own release is signed for by nobody.

    A receipt of this house is its custodian's to sign, now or later: its duty stays open.
    """
    for one in lines:
        if Part.RELEASED in wanted[one.line] - done[one.line]:
            raise Refused(
                "refused.import.authority",
                f"line {one.line}: an own release is signed for: --drafter and --authority",
            )


def _enter(  # noqa: PLR0913 - what is entered, and who answers for it
    session: Sitting,
    party: Party,
    lines_of: Sequence[Line],
    parts: Mapping[int, frozenset[Part]],
    agreement: Agreement,
    signers: Signers,
) -> None:
    for one in lines_of:
        if not parts[one.line]:
            continue
        acts_of = _incoming if one.incoming else _outgoing
        log = standing_in(session.node.party, party)
        log = log if one.incoming else correspondence(session.node.party, party)
        position = Position(log=log, index=session.size(log))
        try:
            acts, keys = acts_of(
                session.node,
                session.rows,
                position.index,
                party,
                one,
                parts[one.line],
                agreement,
                signers,
            )
            enter_in(session, [act for act in acts if not _is_known(session, act)])
            session.tx.save(Space.KEY, keys(key_of(position)))
        except RefusedAct as error:
            first = error.assessment.objections[0] if error.assessment.objections else None
            article = f", Article {first.article}" if first else ""
            raise Refused(
                "refused.import.line", f"line {one.line}, {one.number}: {error.code}{article}"
            ) from error


def _is_known(session: Sitting, act: Act) -> bool:
    """Tell whether an approval stands in the journal: one signature covers many lines."""
    deed = act.deed
    return (
        isinstance(deed, deeds.Approve) and session.rows.get(ApprovalOf, deed.document) is not None
    )


def _in_book(node: Node, rows: Rows, line: Line) -> str:
    """Return the key of the item that a number of the book stands for."""
    row = rows.get(Number, f"{node.party}:{line.number}")
    assert row is not None  # noqa: S101 - else the item itself would be entered
    return row.scope


def _incoming(  # noqa: PLR0913 - what is entered, and who answers for it
    node: Node,
    rows: Rows,
    index: int,
    party: Party,
    line: Line,
    parts: frozenset[Part],
    agreement: Agreement,
    signers: Signers,
) -> tuple[list[Act], lines.Keys]:
    """An item that the party handed over; registered, and receipted where the register says so."""
    acts: list[Act] = []
    keys: lines.Keys = _no_keys
    if Part.RECEIVED in parts and signers.officer is not None:
        position = Position(log=standing_in(node.party, party), index=index)
        number = receiving.fresh_number(node)
        acts, keys = lines.received(
            node, party, line, agreement, position, number, signers.officer, signers.sign
        )
    else:
        position = position_of(_in_book(node, rows, line))
        held = rows.get(Holding, key_of(position))
        number = Reference("" if held is None else held.number)
    if Part.OWN_RECEIPT in parts and signers.custodian is not None:
        acts.append(
            lines.own_receipt(
                node, party, line, agreement, position, number, signers.custodian, signers.sign
            )
        )
    return acts, keys


def _outgoing(  # noqa: PLR0913 - what is entered, and who answers for it
    node: Node,
    rows: Rows,
    index: int,
    party: Party,
    line: Line,
    parts: frozenset[Part],
    agreement: Agreement,
    signers: Signers,
) -> tuple[list[Act], lines.Keys]:
    """An item that this house handed over, with its receipt on paper where there is one."""
    acts: list[Act] = []
    keys: lines.Keys = _no_keys
    if Part.RELEASED in parts and signers.authority is not None and signers.drafter is not None:
        position = Position(log=correspondence(node.party, party), index=index)
        acts, made = lines.released(
            node, party, line, agreement, signers.drafter, signers.authority, signers.sign
        )

        def keys(item: str) -> dict[str, bytes]:
            wrapped = item_keys.wrapped(node, made, item=item, holder=node.party)
            return {f"{item}|{node.party}": wrapped}

    else:
        position = position_of(_in_book(node, rows, line))
    if Part.THEIR_RECEIPT in parts and signers.officer is not None:
        acts.append(
            lines.their_receipt(
                node, party, line, agreement, position, signers.officer, signers.sign
            )
        )
    return acts, keys


def _no_keys(_item: str) -> dict[str, bytes]:
    return {}


def already(node: Node, tx: Reading, read: Read) -> int:
    """Return how many lines of a register are in the book already."""
    return sum(tx.get(Number, f"{node.party}:{one.number}") is not None for one in read.lines)


def taken(node: Node, tx: Reading, read: Read, terms: Map) -> tuple[Bad, ...]:
    """Return the lines whose number stands for another item in the book than they tell of."""
    column = terms.columns.get("number", "number")
    right = "another number: in the book this one stands for another item"
    return tuple(
        Bad(one.line, column, one.number, right)
        for one in read.lines
        if _stands_for_another(node, tx, read.party, one)
    )


def _stands_for_another(node: Node, tx: Reading, party: Party, line: Line) -> bool:
    """Tell whether a number is in the book, and not for what was entered from such a line.

    It came from the same party or went to it, with so many pages, on that day: a book that counts
    anew each year, or another correspondence's, has the same numbers for other items.
    """
    number = tx.get(Number, f"{node.party}:{line.number}")
    if number is None:
        return False
    there = position_of(number.scope)
    log = (standing_in if line.incoming else correspondence)(node.party, party)
    item = tx.get(ItemOf, number.scope)
    if item is None or there.log != log:
        return True
    (leaf,) = tx.leaves(log, there.index, there.index + 1)
    paper_of = decode_entry(leaf).paper
    on = paper_of.on if isinstance(paper_of, Paper) else None
    return (item.pages, item.annexes, on) != (line.pages, line.annexes, line.on)


def batches(read: Read) -> Iterator[int]:
    """Return where each batch begins."""
    return iter(range(0, len(read.lines), BATCH))


__all__ = ["BATCH", "Done", "Signers", "already", "batches", "enter_batch", "taken"]
