"""An item that a party on paper handed over: entered with its cover, its content is the scan."""

from typing import Any

import msgspec
from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest, digest_of, encode
from comity.acts.contents import content_context
from comity.acts.documents import Particulars, fitting
from comity.acts.parts import Item, Label
from comity.agreement.text import Agreement
from comity.node import item_keys, treaty
from comity.node.articles import article_of
from comity.node.chancery import Act, Entered, enter_then
from comity.node.drawn import Draw, drawn
from comity.node.item_keys import ItemKeys
from comity.node.node import Node
from comity.node.paper import Handed, Sheet, attested, require_open
from comity.node.ports import Reading, Space
from comity.node.signing import ONE_BY_ONE, Approves, Signer, by_key_file, each
from comity.register.rows import key_of
from comity.seal.salted import Salted, salted_digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.logs import standing_in
from comity.vocabulary.names import Party, PersonId, Reference, parse_reference


def item(  # noqa: PLR0913 - an item, the paper it came with, and who signs how
    node: Node,
    absent: Party,
    handed: Handed,
    *,
    sheet: Sheet,
    officer: PersonId,
    sign: Signer = by_key_file,
) -> Entered:
    """Enter an item that a party on paper handed over.

    Raises:
        Refused: as :func:`comity.node.paper.enter`.
        RefusedAct: the agreement refuses it.
    """
    with node.store.reading() as tx:
        require_open(tx, node.party, absent)
        found = treaty.between(node, tx, absent)
        draw = drawn(node, about(tx, node.party, absent, (handed, sheet.paper)))
    if found is None:
        raise Refused("refused.treaty.none-in-force", absent)
    act, keys = handed_over(
        node,
        absent,
        handed,
        found,
        sheet=sheet,
        officer=officer,
        draw=draw,
        sign=each(sign),
    )
    return enter_then(node, [act], keep=lambda one: {Space.KEY: keys(key_of(one[0].position))})[0]


def handed_over(  # noqa: PLR0913 - an item and the paper it came with
    node: Node,
    absent: Party,
    handed: Handed,
    agreement: Agreement,
    *,
    sheet: Sheet,
    officer: PersonId,
    draw: Draw,
    sign: Approves = ONE_BY_ONE,
) -> tuple[Act, Any]:
    """Return the act that enters a handed item, and what makes its keys once it has a place."""
    suite = node.suite
    salt = draw("salt of the content", 16)
    words = fitting(
        Particulars(
            salt=draw("salt of the words", 16),
            title=handed.title,
            lines=(),
            file_name=handed.file_name,
            media_type=handed.media_type,
            demonstration=False,
        )
    )
    core = Item(
        reference=_reference(node, absent, sheet.number, draw),
        originator=absent if isinstance(handed.originator, UnsetType) else handed.originator,
        providing=absent,
        label=Label(
            level=handed.level, releasable=(), caveats=handed.caveats, regime=handed.regime
        ),
        subject=handed.subject,
        form=Form.DOCUMENTARY,
        pages=handed.pages,
        annexes=handed.annexes,
        plaintext=salted_digest(Salted.CONTENT, handed.content, salt=salt),
        sources=(),
    )
    deed = deeds.Release(
        by=handed.by,
        to=node.party,
        article=article_of(agreement, "release.release"),
        agreement=agreement.digest,
        offices=handed.offices,
        item=core,
        purpose=handed.purpose,
        particulars=digest_of(words),
    )
    content_key, words_key = suite.generate_key(), suite.generate_key()
    content = suite.encrypt(content_key, content_context(core), salt + handed.content)
    particulars = suite.encrypt(words_key, deed.particulars.encode(), encode(words))
    keys = ItemKeys(content=content_key, particulars=words_key, sealed=digest(particulars))
    act = attested(
        node,
        deed,
        sheet,
        officer=officer,
        sealed={
            Space.CONTENT: {digest(content): content},
            Space.WORDS: {digest(particulars): particulars},
        },
        ciphertext=digest(content),
        sign=sign,
    )

    def held(where: str) -> dict[str, bytes]:
        return {
            f"{where}|{office}": item_keys.wrapped(node, keys, item=where, holder=office)
            for office in handed.offices
        }

    return act, held


def about(tx: Reading, party: Party, absent: Party, what: object) -> bytes:
    """Return what a thing on paper is about: what it states, and how far the log has come.

    So the same paper handed in twice is two things, as it was entered twice.
    """
    size = tx.frontier(standing_in(party, absent)).size
    return msgspec.json.encode((absent, size, what))


def _reference(node: Node, absent: Party, number: str | UnsetType, draw: Draw) -> Reference:
    """Return the number on the paper, where it is of the form of a reference; else one of ours."""
    if isinstance(number, str):
        try:
            return parse_reference(number)
        except Invalid:
            pass
    return opaque(node, absent, draw)


def opaque(node: Node, absent: Party, draw: Draw) -> Reference:
    """Return a number for what came on paper under none that is of the form of a reference."""
    return Reference(f"{absent}-P-{node.clock.now()[:4]}-{draw('number', 4).hex().upper()}")
