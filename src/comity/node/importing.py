"""An existing register is entered: each line once, wherever a run was killed.

Each line (:mod:`comity.formats.register_csv`) becomes what it tells of: an item that a party on
paper handed over, entered as attested, with the own number beside its own; or an item that this
house handed over, which a releasing authority signs for as one list. What is entered is judged as
everything else is. A batch is one transaction, so a run that was killed goes on where it was: a
number that is in the book is passed over.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec import UNSET

from comity.acts import deeds
from comity.acts.canonical import digest, digest_of, encode
from comity.acts.deeds import Role, Stage
from comity.acts.documents import Particulars
from comity.acts.parts import Item, Label, Paper, Position
from comity.formats.register_csv import Line, Read
from comity.ledger.approvals import approvals_of
from comity.node import paper, receiving, series, slips, treaty
from comity.node.chancery import Act, RefusedAct, enter_in
from comity.node.node import Node
from comity.node.paper import Handed, Sheet, attested
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signing import by_key_file
from comity.node.sitting import Sitting, sitting
from comity.node.slips import ItemKeys
from comity.register.rows import Number, key_of
from comity.seal.salted import Salted, salted_digest
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import (
    Article,
    Party,
    PersonId,
    Reference,
)

BATCH: Final = 64
"""Lines of one transaction."""


class Signers(NamedTuple):
    """Who answers for what is entered.

    Attributes:
        officer: Of the registry: has the register in hand, signs what is attested.
        drafter: Laid the own releases before the authority.
        authority: Signs for the own releases, as one list a batch.
        custodian: Signs the own receipts that the register tells of.
    """

    officer: PersonId
    drafter: PersonId | None = None
    authority: PersonId | None = None
    custodian: PersonId | None = None


class Done(NamedTuple):
    """What one batch came to.

    Attributes:
        entered: Lines that were entered.
        passed: Lines whose number was in the book already.
        after: How many lines of the file are behind it.
    """

    entered: int
    passed: int
    after: int


def enter_batch(node: Node, read: Read, signers: Signers, *, first: int) -> Done:
    """Enter the next lines of a register, in one transaction: all of them or none.

    Args:
        node: This node.
        read: The register, without a bad line.
        signers: Who answers for it.
        first: How many of its lines are behind.

    Raises:
        Invalid: ``invalid.import.bad``: the register has bad lines; see the dry run.
        Refused: ``refused.import.line``: an act was refused; line, number, article.
        Unavailable: nothing of this batch was entered; run it again.
    """
    if read.bad:
        raise Invalid("invalid.import.bad", f"{len(read.bad)} bad lines; --dry-run names them")
    batch = read.lines[first : first + BATCH]
    with node.store.reading() as tx:
        paper.require_open(tx, node.party, read.party)
        found = treaty.between(node, tx, read.party)
        for person, role in (
            (signers.drafter, Role.DESK),
            (signers.authority, Role.RELEASING),
            (signers.custodian, Role.CUSTODIAN),
        ):
            if person is not None:
                require_person(tx, person, role)
    if found is None:
        raise Refused("refused.treaty.none-in-force", f"no agreement with {read.party} is in force")
    with sitting(node) as session:
        new = [
            one for one in batch if session.rows.get(Number, f"{node.party}:{one.number}") is None
        ]
        _enter(session, read.party, new, found.digest, signers)
        series.remember(session, [one.number for one in read.lines if one.incoming])
    return Done(len(new), len(batch) - len(new), min(first + BATCH, len(read.lines)))


def _enter(
    session: Sitting, party: Party, lines: Sequence[Line], agreement: Digest, signers: Signers
) -> None:
    for one in lines:
        acts = _incoming if one.incoming else _outgoing
        try:
            acts(session, party, one, agreement, signers)
        except RefusedAct as error:
            first = error.assessment.objections[0] if error.assessment.objections else None
            article = f", Article {first.article}" if first else ""
            raise Refused(
                "refused.import.line", f"line {one.line}, {one.number}: {error.code}{article}"
            ) from error


def _incoming(
    session: Sitting, party: Party, line: Line, agreement: Digest, signers: Signers
) -> None:
    """An item that the party handed over; registered, and receipted where the register says so."""
    node = session.node
    sheet = Sheet(
        scan=line.raw,
        on=line.on,
        number=line.their_number or UNSET,
        own=line.number,
    )
    handed = Handed(
        by=line.theirs,
        offices=(line.ours,),
        level=line.level,
        subject=line.subject,
        purpose=line.purpose,
        title=line.title,
        content=line.raw,
        pages=line.pages,
        annexes=line.annexes,
        file_name="register",
        media_type="text/plain",
    )
    act, keys = paper.handed_over(
        node, party, handed, agreement, sheet=sheet, officer=signers.officer
    )
    position = Position(
        log=standing_in(node.party, party), index=session.size(standing_in(node.party, party))
    )
    registry = act.attested[0].office
    number = receiving.fresh_number(node)
    acts = [
        act,
        Act(
            deed=deeds.Register(
                by=registry,
                to=party,
                article=Article("6(f)"),
                agreement=agreement,
                item=position,
                number=number,
            ),
            requested_by=signers.officer,
        ),
    ]
    if line.marked is not None:
        acts.append(
            Act(
                deed=deeds.ReMark(
                    by=registry,
                    to=party,
                    article=Article("4"),
                    agreement=agreement,
                    item=position,
                    level=line.marked,
                ),
                requested_by=signers.officer,
            )
        )
    if line.receipt_on is not None and signers.custodian is not None:
        acts.append(_own_receipt(node, party, line, agreement, position, number, signers.custodian))
    enter_in(session, acts)
    session.tx.save(Space.KEY, keys(key_of(position)))


def _own_receipt(  # noqa: PLR0913 - a receipt and its paper
    node: Node,
    party: Party,
    line: Line,
    agreement: Digest,
    position: Position,
    number: Reference,
    custodian: PersonId,
) -> Act:
    deed = deeds.Receipt(
        by=line.ours,
        to=party,
        article=Article("12"),
        agreement=agreement,
        item=position,
        stage=Stage.DOCUMENT,
        number=number,
        copy=1,
        pages=line.pages,
        annexes=line.annexes,
        reserve=(),
    )
    name = digest_of(deed)
    signed = by_key_file(node, custodian, [name])
    return Act(
        deed=deed,
        approvals=tuple(approvals_of(signed, [name])),
        keep={Space.DOCUMENT: {digest_of(signed): encode(signed)}},
        requested_by=custodian,
        paper=Paper(on=line.receipt_on or UNSET),
    )


def _outgoing(
    session: Sitting, party: Party, line: Line, agreement: Digest, signers: Signers
) -> None:
    """An item that this house handed over, with its receipt on paper where there is one."""
    node = session.node
    if signers.authority is None or signers.drafter is None:
        raise Refused(
            "refused.import.authority",
            f"line {line.line}: an own release is signed for: --drafter and --authority",
        )
    deed, keep, keys, ciphertext = _release(node, party, line, agreement)
    name = digest_of(deed)
    signed = by_key_file(node, signers.authority, [name])
    position = Position(
        log=correspondence(node.party, party), index=session.size(correspondence(node.party, party))
    )
    acts = [
        Act(deed=deeds.LayBefore(by=line.ours, actor=signers.drafter, deed=name)),
        Act(
            deed=deeds.Approve(by=line.ours, actor=signers.authority, document=digest_of(signed)),
            keep={Space.DOCUMENT: {digest_of(signed): encode(signed)}},
        ),
        Act(
            deed=deed,
            approvals=tuple(approvals_of(signed, [name])),
            ciphertext=ciphertext,
            keep=keep,
            requested_by=signers.drafter,
            paper=Paper(on=line.on, own=line.number),
        ),
    ]
    if line.receipt_on is not None:
        receipt = deeds.Receipt(
            by=line.theirs,
            to=node.party,
            article=Article("12"),
            agreement=agreement,
            item=position,
            stage=Stage.DOCUMENT,
            number=paper.opaque(node, party),
            copy=1,
            pages=line.pages,
            annexes=line.annexes,
            reserve=(),
        )
        number = line.receipt_number or line.their_number or UNSET
        sheet = Sheet(scan=line.raw, on=line.receipt_on, number=number)
        acts.append(attested(node, receipt, sheet, officer=signers.officer))
    enter_in(session, acts)
    item = key_of(position)
    session.tx.save(
        Space.KEY,
        {f"{item}|{node.party}": slips.wrapped(node, keys, item=item, holder=node.party)},
    )


def _release(
    node: Node, party: Party, line: Line, agreement: Digest
) -> tuple[deeds.Release, dict[Space, dict[str, bytes]], ItemKeys, Digest]:
    suite, salt = node.suite, node.suite.random(16)
    words = Particulars(
        salt=suite.random(16),
        title=line.title,
        lines=(),
        file_name="register",
        media_type="text/plain",
        demonstration=False,
    )
    core = Item(
        reference=Reference(f"{node.party}-{node.clock.now()[:4]}-{suite.random(5).hex().upper()}"),
        originator=node.party,
        providing=node.party,
        label=Label(level=line.level, releasable=(), caveats=()),
        subject=line.subject,
        form=Form.DOCUMENTARY,
        pages=line.pages,
        annexes=line.annexes,
        plaintext=salted_digest(Salted.CONTENT, line.raw, salt=salt),
        sources=(),
    )
    deed = deeds.Release(
        by=line.ours,
        to=party,
        article=Article("1"),
        agreement=agreement,
        offices=(line.theirs,),
        item=core,
        purpose=line.purpose,
        particulars=digest_of(words),
    )
    content_key, words_key = suite.generate_key(), suite.generate_key()
    content = suite.encrypt(content_key, digest_of(core).encode(), salt + line.raw)
    sealed = suite.encrypt(words_key, deed.particulars.encode(), encode(words))
    keys = ItemKeys(content=content_key, particulars=words_key, sealed=digest(sealed))
    keep = {
        Space.CONTENT: {str(digest(content)): content},
        Space.DOCUMENT: {str(digest(sealed)): sealed},
    }
    return deed, keep, keys, digest(content)


def already(node: Node, tx: Reading, read: Read) -> int:
    """Return how many lines of a register are in the book already."""
    return sum(tx.get(Number, f"{node.party}:{one.number}") is not None for one in read.lines)


def batches(read: Read) -> Iterator[int]:
    """Return where each batch begins."""
    return iter(range(0, len(read.lines), BATCH))


__all__ = ["BATCH", "Done", "Signers", "already", "batches", "enter_batch"]
