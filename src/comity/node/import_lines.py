"""A line of a register kept elsewhere as acts: an item that came, one that left, a receipt.

Nothing is entered here: :mod:`comity.node.importing` enters what its signers are there for.
"""

from collections.abc import Callable

from msgspec import UNSET

from comity.acts import deeds
from comity.acts.canonical import digest, digest_of, encode
from comity.acts.contents import content_context
from comity.acts.deeds import Stage
from comity.acts.documents import Particulars
from comity.acts.parts import Item, Label, Paper, Position
from comity.agreement.text import Agreement
from comity.formats.register_csv import Line
from comity.node import handing
from comity.node.articles import article_of
from comity.node.chancery import Act
from comity.node.drawn import Draw, drawn
from comity.node.item_keys import ItemKeys
from comity.node.node import Node
from comity.node.paper import Handed, Sheet, attested
from comity.node.ports import Space
from comity.node.signing import Approves
from comity.seal.salted import Salted, salted_digest
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Party, PersonId, Reference

Keys = Callable[[str], dict[str, bytes]]
"""Wraps the keys of an item once it has a place."""


def received(  # noqa: PLR0913 - an item, its place and its paper
    node: Node,
    party: Party,
    line: Line,
    agreement: Agreement,
    position: Position,
    number: Reference,
    officer: PersonId,
    sign: Approves,
) -> tuple[list[Act], Keys]:
    """Return the acts by which an item that came is entered, numbered and marked."""
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
    act, keys = handing.handed_over(
        node,
        party,
        handed,
        agreement,
        sheet=sheet,
        officer=officer,
        draw=_draw(node, party, line),
        sign=sign,
    )
    registry = act.attested[0].office
    acts = [
        act,
        Act(
            deed=deeds.Register(
                by=registry,
                to=party,
                article=article_of(agreement, "register.register"),
                agreement=agreement.digest,
                item=position,
                number=number,
            ),
            requested_by=officer,
        ),
    ]
    if line.marked is not None:
        acts.append(
            Act(
                deed=deeds.ReMark(
                    by=registry,
                    to=party,
                    article=article_of(agreement, "register.re-mark"),
                    agreement=agreement.digest,
                    item=position,
                    level=line.marked,
                ),
                requested_by=officer,
            )
        )
    return acts, keys


def own_receipt(  # noqa: PLR0913 - a receipt and its paper
    node: Node,
    party: Party,
    line: Line,
    agreement: Agreement,
    position: Position,
    number: Reference,
    custodian: PersonId,
    sign: Approves,
) -> Act:
    """Return the receipt that the custodian of this house signed."""
    deed = deeds.Receipt(
        by=line.ours,
        to=party,
        article=article_of(agreement, "delivery.receipt"),
        agreement=agreement.digest,
        item=position,
        stage=Stage.DOCUMENT,
        number=number,
        copy=1,
        pages=line.pages,
        annexes=line.annexes,
        reserve=(),
    )
    signed, approval = sign(node, custodian, digest_of(deed))
    return Act(
        deed=deed,
        approvals=(approval,),
        keep={Space.DOCUMENT: {digest_of(signed): encode(signed)}},
        requested_by=custodian,
        paper=Paper(on=line.receipt_on or UNSET),
    )


def released(  # noqa: PLR0913 - an item, and who released it
    node: Node,
    party: Party,
    line: Line,
    agreement: Agreement,
    drafter: PersonId,
    authority: PersonId,
    sign: Approves,
) -> tuple[list[Act], ItemKeys]:
    """Return the acts by which an item that left was laid, approved and released."""
    deed, keep, keys, ciphertext = _release(node, party, line, agreement)
    name = digest_of(deed)
    signed, approval = sign(node, authority, name)
    acts = [
        Act(deed=deeds.LayBefore(by=line.ours, actor=drafter, deed=name)),
        Act(
            deed=deeds.Approve(by=line.ours, actor=authority, document=digest_of(signed)),
            keep={Space.DOCUMENT: {digest_of(signed): encode(signed)}},
        ),
        Act(
            deed=deed,
            approvals=(approval,),
            ciphertext=ciphertext,
            keep=keep,
            requested_by=drafter,
            paper=Paper(on=line.on, own=line.number),
        ),
    ]
    return acts, keys


def their_receipt(  # noqa: PLR0913 - a receipt and its paper
    node: Node,
    party: Party,
    line: Line,
    agreement: Agreement,
    position: Position,
    officer: PersonId,
    sign: Approves,
) -> Act:
    """Return the attested receipt of the party on paper."""
    draw = _draw(node, party, line)
    receipt = deeds.Receipt(
        by=line.theirs,
        to=node.party,
        article=article_of(agreement, "delivery.receipt"),
        agreement=agreement.digest,
        item=position,
        stage=Stage.DOCUMENT,
        number=handing.opaque(node, party, lambda use, count: draw(f"{use} of the receipt", count)),
        copy=1,
        pages=line.pages,
        annexes=line.annexes,
        reserve=(),
    )
    number = line.receipt_number or line.their_number or UNSET
    assert line.receipt_on is not None  # noqa: S101 - else there is no receipt to enter
    sheet = Sheet(scan=line.raw, on=line.receipt_on, number=number)
    return attested(node, receipt, sheet, officer=officer, sign=sign)


def _draw(node: Node, party: Party, line: Line) -> Draw:
    # A line is in the book once, by its number: what is drawn for it is used once. How it was
    # read is a part of it: the same bytes under another map are another line.
    return drawn(node, b"%s\n%s" % (party.encode(), encode(line)))


def _release(
    node: Node, party: Party, line: Line, agreement: Agreement
) -> tuple[deeds.Release, dict[Space, dict[str, bytes]], ItemKeys, Digest]:
    suite, draw = node.suite, _draw(node, party, line)
    salt = draw("salt of the content", 16)
    words = Particulars(
        salt=draw("salt of the words", 16),
        title=line.title,
        lines=(),
        file_name="register",
        media_type="text/plain",
        demonstration=False,
    )
    core = Item(
        reference=Reference(
            f"{node.party}-{node.clock.now()[:4]}-{draw('number', 5).hex().upper()}"
        ),
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
        article=article_of(agreement, "release.release"),
        agreement=agreement.digest,
        offices=(line.theirs,),
        item=core,
        purpose=line.purpose,
        particulars=digest_of(words),
    )
    content_key, words_key = suite.generate_key(), suite.generate_key()
    content = suite.encrypt(content_key, content_context(core), salt + line.raw)
    sealed = suite.encrypt(words_key, deed.particulars.encode(), encode(words))
    keys = ItemKeys(content=content_key, particulars=words_key, sealed=digest(sealed))
    keep = {
        Space.CONTENT: {str(digest(content)): content},
        Space.WORDS: {str(digest(sealed)): sealed},
    }
    return deed, keep, keys, digest(content)
